"""Five hundred runs that succeed, fail, are stopped and time out: nothing is left of them."""

import gc
import os
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.harness import Bench, Running, bench, embedded, end_of, snippets
from workbench.core.adapter.contract import EngineSpec
from workbench.core.adapter.target import Target, parse_target
from workbench.core.history.store import HistoryStore
from workbench.core.query.events import BatchArrived, StatementStarted
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import StopReason
from workbench.core.query.recorder import HistoryRecorder
from workbench.core.query.state import State
from workbench.core.query.watchdog import Act, Watchdog

# What a process may keep of 500 runs: allocators give memory back in their own time.
RSS_TOLERANCE = 48 << 20

WAYS = ("success", "failure", "stop in execute", "stop in fetch", "stop before", "timeout")
ENDS = {"success": State.SUCCESS, "failure": State.FAILED}


def cycle(desk: Bench, pool: SessionPool, spec: EngineSpec, way: str, tab: str) -> State:
    """One run in one of the ways; gives how it ended."""
    if way == "stop before":
        handle = desk.queries.script(pool, "SELECT 1", tab=tab)
        desk.stop(handle)
        assert list(desk.queries.run(handle)) == []
        assert handle.end is not None
        return handle.end.state
    text = {
        "success": snippets(spec).many.format(count=5_000),
        "failure": "SELECT nope",
        "stop in fetch": snippets(spec).rows,
    }.get(way, snippets(spec).busy)
    running = desk.start(pool, text, tab=tab, timeout_s=0.001 if way == "timeout" else None)
    if way == "stop in fetch":
        running.until(BatchArrived)
    elif way not in ENDS:
        running.until(StatementStarted)
    if way == "timeout":
        wait_until_due(desk, running)
        desk.stop(running.handle, StopReason.TIMEOUT)
    elif way not in ENDS:
        desk.stop(running.handle)
    return end_of(running.join()).state


def wait_until_due(desk: Bench, running: Running) -> None:
    while running.alive:
        if any(action.act is Act.TIME_OUT for action in desk.queries.due()):
            return
    raise AssertionError("it ended by itself")


def counts() -> dict[str, int]:
    gc.collect()
    return {
        "threads": threading.active_count(),
        "threads of any kind": psutil.Process().num_threads(),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        "remembered by the watchdog": len(Watchdog()._handed_out),
    }


@pytest.mark.soak
@pytest.mark.serial
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
def test_five_hundred_runs_leave_nothing(
    tmp_path: Path, rounds: Callable[[int], int], no_leaked_threads: None
) -> None:
    store = HistoryStore(tmp_path / "history.db")
    with bench(recorder=HistoryRecorder(store, lambda error: pytest.fail(str(error)))) as desk:
        pools = [desk.pool(spec, target=file_of(spec, tmp_path)) for spec in embedded()]

        def turn(number: int) -> None:
            pool = pools[number % len(pools)]
            way = WAYS[number // len(pools) % len(WAYS)]
            tab = f"tab {number % 5}"
            ended = cycle(desk, pool, pool.spec, way, tab)
            assert ended is ENDS.get(way, State.CANCELLED), way
            if number % 7 == 0:
                pool.release(tab)

        def at_rest() -> dict[str, int]:
            for pool in pools:
                for tab in range(5):
                    pool.release(f"tab {tab}")
                assert len(pool) == 0
            return counts()

        for number in range(10 * len(pools) * len(WAYS)):
            turn(number)
        every_control_thread(desk)
        before, rss = at_rest(), psutil.Process().memory_info().rss
        for number in range(rounds(500)):
            turn(number)
        after = at_rest()
        grown = psutil.Process().memory_info().rss - rss
        assert after == before
        assert desk.registry.live() == ()
        assert desk.queries.live() == ()
        assert grown < RSS_TOLERANCE, f"{grown >> 20} MB more"
    store.close()


def every_control_thread(desk: Bench) -> None:
    """Let the control pool start all the threads it may have, so that they can be counted."""
    size = desk.control._max_workers
    all_there = threading.Barrier(size)
    for future in [desk.control.submit(all_there.wait) for _ in range(size)]:
        future.result(30)


def file_of(spec: EngineSpec, folder: Path) -> Target:
    url = f"{spec.schemes[0]}:///{folder}/{spec.name}{spec.file_suffixes[0]}?create=1"
    return parse_target(url, spec)
