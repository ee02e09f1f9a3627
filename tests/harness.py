"""Runs queries on real engines, and stops them, without a window: for tests.

`Bench` is a small front end: a run gets a thread of its own, a ladder an event loop, and
what may block a control pool, as in the window. Nothing here stands in for a database; faults
around a real one are in `injectors.py`.
"""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import (
    EngineSpec,
)
from workbench.core.adapter.target import Target, parse_target
from workbench.core.clock import Clock
from workbench.core.query.cancellation import Ladder, Policy
from workbench.core.query.events import BatchArrived, RunEnded, RunEvent, StopEvent
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.queries import Queries
from workbench.core.query.receipt import CancelReceipt, StopReason
from workbench.core.query.recorder import NoRecorder, Recorder
from workbench.core.query.registry import Registry
from workbench.core.query.watchdog import Limits

T = TypeVar("T")
E = TypeVar("E")

# How long a test waits for an effect before it fails; a busy machine may need seconds.
PATIENCE_S = 30.0

_instances = itertools.count()


@dataclass(frozen=True)
class Snippets:
    """What a test says to an engine. `{table}` is a table with one INTEGER column `x`."""

    busy: str  # runs for hours before its first row
    rows: str  # brings rows for hours
    write: str  # writes to the table t for hours
    many: str  # brings exactly {count} rows


_COUNTER = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
SNIPPETS = {
    "duckdb": Snippets(
        busy="SELECT count(*) FROM range(100000000) a, range(100000000) b "
        "WHERE (a.range * b.range) % 7 = 3",
        rows="SELECT range AS x FROM range(100000000000)",
        write="INSERT INTO t SELECT a.range % 100 FROM range(100000000) a, range(100000000) b "
        "WHERE (a.range * b.range) % 1000003 = 3",
        many="SELECT range AS x FROM range({count})",
    ),
    "sqlite": Snippets(
        busy=f"{_COUNTER} SELECT count(*) FROM c",
        rows=f"{_COUNTER} SELECT x FROM c",
        write=f"INSERT INTO t {_COUNTER} SELECT x FROM c",
        many=f"{_COUNTER} SELECT x FROM c LIMIT {{count}}",
    ),
}


def embedded() -> list[EngineSpec]:
    """The engines that run in this process and that tests know how to keep busy."""
    found = [s for s in discovery.engines() if s.capabilities.in_process and s.dialect in SNIPPETS]
    assert found, "no engine found"
    return found


def snippets(spec: EngineSpec) -> Snippets:
    return SNIPPETS[spec.dialect]


def memory(spec: EngineSpec) -> Target:
    """An empty database in memory that nobody else has."""
    target = parse_target(f"{spec.schemes[0]}:///:memory:", spec)
    return replace(target, instance=f"test-{next(_instances)}")


@dataclass
class Stop:
    """How a stop went: its receipt, and all that the ladder said."""

    receipt: CancelReceipt | None
    said: list[StopEvent | RunEnded]

    @property
    def written(self) -> CancelReceipt:
        assert self.receipt is not None, "no receipt was written"
        return self.receipt


class Running:
    """A run on a thread of its own. `events` grows as they come."""

    def __init__(self, queries: Queries, handle: QueryHandle) -> None:
        self.handle = handle
        self.events: list[RunEvent] = []
        self.error: BaseException | None = None
        self._queries = queries
        self._more = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"run {handle.id}", daemon=True)
        self._thread.start()

    def until(self, kind: type[E], count: int = 1) -> E:
        """Wait for the `count`-th event of `kind`."""

        def found() -> list[E]:
            return [event for event in self.events if isinstance(event, kind)]

        with self._more:
            seen = self._more.wait_for(
                lambda: len(found()) >= count or not self._thread.is_alive(), PATIENCE_S
            )
        assert seen, f"no {kind.__name__} came"
        assert len(found()) >= count, f"it ended without {kind.__name__}: {self.events[-3:]}"
        return found()[count - 1]

    def join(self) -> list[RunEvent]:
        """Wait for the thread's end; gives all events."""
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the run did not end"
        if self.error is not None:
            raise self.error
        return self.events

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            for event in self._queries.run(self.handle):
                # Rows are dropped: the runaway ones would fill the memory.
                if isinstance(event, BatchArrived) and len(self.events) > 100:
                    continue
                with self._more:
                    self.events.append(event)
                    self._more.notify_all()
        except BaseException as error:
            self.error = error
        finally:
            with self._more:
                self._more.notify_all()


@dataclass
class Bench:
    """A registry, queries and sessions on real engines."""

    clock: Clock | None = None
    recorder: Recorder = field(default_factory=NoRecorder)
    limits: Limits | None = None

    def __post_init__(self) -> None:
        self.registry = Registry(self.clock)
        self.queries = Queries(self.registry, self.recorder, clock=self.clock, limits=self.limits)
        self.control = ThreadPoolExecutor(8, thread_name_prefix="control")
        self._pools: list[SessionPool] = []

    def pool(
        self,
        spec: EngineSpec,
        *,
        target: Target | None = None,
        minimum: int = 0,
        maximum: int = 16,
        connect_timeout_s: float = 15.0,
    ) -> SessionPool:
        made = SessionPool(
            "test",
            spec,
            target or memory(spec),
            minimum=minimum,
            maximum=maximum,
            connect_timeout_s=connect_timeout_s,
        )
        self._pools.append(made)
        return made

    def run(
        self,
        pool: SessionPool,
        text: str,
        *,
        autocommit: bool = True,
        parameters: dict[str, object] | None = None,
    ) -> list[RunEvent]:
        """Run `text` in the tab "tab" on this thread, to its end."""
        handle = self.queries.script(
            pool, text, tab="tab", autocommit=autocommit, parameters=parameters
        )
        return list(self.queries.run(handle))

    def start(
        self,
        pool: SessionPool,
        text: str,
        *,
        tab: str = "tab",
        timeout_s: float | None = None,
        autocommit: bool = True,
    ) -> Running:
        """Run `text` on a thread of its own."""
        handle = self.queries.script(
            pool, text, tab=tab, timeout_s=timeout_s, autocommit=autocommit
        )
        return Running(self.queries, handle)

    def stop(
        self,
        handle: QueryHandle,
        reason: StopReason = StopReason.USER,
        *,
        deadline_s: float = 20.0,
        auto: bool = False,
        on: Callable[[Ladder, StopEvent | RunEnded], None] = lambda _ladder, _event: None,
    ) -> Stop:
        """Climb a ladder to its end on a loop of this thread's own."""
        said: list[StopEvent | RunEnded] = []

        async def climb() -> CancelReceipt | None:
            def emit(event: StopEvent | RunEnded) -> None:
                said.append(event)
                on(ladder, event)

            ladder = self.ladder(handle, reason, Policy(deadline_s, auto=auto), emit)
            return await ladder.climb()

        return Stop(asyncio.run(climb()), said)

    def ladder(
        self,
        handle: QueryHandle,
        reason: StopReason,
        policy: Policy,
        emit: Callable[[StopEvent | RunEnded], None],
    ) -> Ladder:
        """A ladder for the loop that runs now."""
        loop = asyncio.get_running_loop()

        def blocking(call: Callable[[], T]) -> "asyncio.Future[T]":
            return loop.run_in_executor(self.control, call)

        return self.queries.ladder(handle, reason, blocking=blocking, emit=emit, policy=policy)

    def stop_beside(self, handle: QueryHandle) -> Callable[[], Stop]:
        """Begin a stop on another thread and wait for its flag; gives the wait for its end."""
        done: list[Stop] = []
        thread = threading.Thread(target=lambda: done.append(self.stop(handle)), daemon=True)
        thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while not handle.stop_requested:
            assert time.monotonic() < deadline, "the stop was not asked for"
            time.sleep(0.000_1)

        def wait() -> Stop:
            thread.join(PATIENCE_S)
            assert done, "the stop did not end"
            return done[0]

        return wait

    def close(self) -> None:
        for pool in self._pools:
            pool.close()
        self.control.shutdown()


@contextmanager
def bench(
    *,
    clock: Clock | None = None,
    recorder: Recorder | None = None,
    limits: Limits | None = None,
) -> Iterator[Bench]:
    """A bench that is closed at the end, and has no query left then."""
    made = Bench(clock, recorder or NoRecorder(), limits)
    try:
        yield made
        assert made.registry.live() == ()
        assert made.queries.live() == ()
    finally:
        made.close()


def end_of(events: list[RunEvent]) -> RunEnded:
    """The one RunEnded, which is the last event."""
    ends = [event for event in events if isinstance(event, RunEnded)]
    assert len(ends) == 1, f"{len(ends)} ends"
    assert events[-1] is ends[0]
    return ends[0]


def values(events: list[RunEvent]) -> list[object]:
    """The first column of all rows that came."""
    return [
        value
        for event in events
        if isinstance(event, BatchArrived)
        for value in event.batch.column(0).to_pylist()
    ]
