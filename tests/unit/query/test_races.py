"""The two races that decide whether a stop can be trusted, on real engines.

A late stop must never hit the next statement of its session; and a stop that meets the end
must agree with it about who was first.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.harness import Bench, end_of, values
from tests.injectors import injecting
from workbench.core.adapter.contract import EngineSpec
from workbench.core.query.cancellation import Policy
from workbench.core.query.events import RunEnded, RunEvent
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import CancelReceipt, StopOutcome, StopReason
from workbench.core.query.state import State

pytestmark = [pytest.mark.soak, pytest.mark.serial]


class Stopper:
    """One event loop on a thread of its own, on which ladders climb, as in the window."""

    def __init__(self, desk: Bench) -> None:
        self._desk = desk
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def stop(self, handle: QueryHandle, after_s: float) -> Callable[[], CancelReceipt]:
        """Climb a ladder, `after_s` from now; gives the wait for its receipt."""

        async def climb() -> CancelReceipt | None:
            spin(after_s)
            policy = Policy(20.0)
            return await self._desk.ladder(handle, StopReason.USER, policy, lambda _: None).climb()

        future = asyncio.run_coroutine_threadsafe(climb(), self._loop)

        def receipt() -> CancelReceipt:
            written = future.result(60)
            assert written is not None
            return written

        return receipt

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def spin(seconds: float) -> None:
    """Let `seconds` pass to the microsecond: a sleep is coarser than the moments tried."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        time.sleep(0)


@pytest.fixture
def stopper(desk: Bench) -> Iterator[Stopper]:
    made = Stopper(desk)
    yield made
    made.close()


def run(desk: Bench, handle: QueryHandle) -> RunEnded | None:
    """Run to the end; None when it never started."""
    events: list[RunEvent] = list(desk.queries.run(handle))
    return end_of(events) if events else handle.end


def test_a_late_stop_never_hits_the_next_statement(
    desk: Bench, spec: EngineSpec, stopper: Stopper, rounds: Callable[[int], int]
) -> None:
    """The stop of run N fires around its end, while run N + 1 starts on the same session.

    A delay is injected between the ladder's decision and the engine's stop: the way to a
    server takes time as well.
    """
    dice = random.Random(2)
    pool = desk.pool(injecting(spec, lambda _: spin(dice.random() * 2 * typical_s)))
    desk.run(pool, "CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1), (2), (3)")
    text = "SELECT sum(a.x * b.x * c.x) AS x FROM t AS a, t AS b, t AS c"
    began = time.perf_counter()
    for _ in range(20):
        run(desk, desk.queries.script(pool, text, tab="tab"))
    typical_s = (time.perf_counter() - began) / 20
    session = pool.session_of("tab")
    ends = dict.fromkeys(State, 0)
    for number in range(rounds(400)):
        first = desk.queries.script(pool, text, tab="tab")
        receipt = stopper.stop(first, dice.uniform(0.2, 1.8) * typical_s)
        end = run(desk, first)
        # No waiting for the receipt: the next statements begin while the stop is on its way.
        for _ in range(3):
            following = run(desk, desk.queries.script(pool, text, tab="tab"))
            assert following is not None
            assert (following.state, following.error) == (State.SUCCESS, None), f"round {number}"
            assert following.rows == 1
        assert end is not None
        assert agree(end, receipt()), f"round {number}: {end} {first.receipt}"
        ends[end.state] += 1
    assert pool.session_of("tab") is session
    assert ends[State.SUCCESS], "no stop came late"
    assert ends[State.FAILED] == 0


def test_the_end_and_the_receipt_always_agree(
    desk: Bench,
    pool: SessionPool,
    spec: EngineSpec,
    stopper: Stopper,
    rounds: Callable[[int], int],
) -> None:
    """Stop against finish of a trivial statement: published or stopped, never both."""
    dice = random.Random(3)
    outcomes = dict.fromkeys(StopOutcome, 0)
    for number in range(rounds(1_000)):
        handle = desk.queries.script(pool, "SELECT 1", tab="tab")
        receipt = stopper.stop(handle, dice.random() * 0.001)
        end = run(desk, handle)
        written = receipt()
        # Stopped before its start, the run says nothing: the ladder has told the end.
        end = end or handle.end
        assert end is not None
        assert agree(end, written), f"round {number}: {end} {written}"
        assert end.rows == 1 or end.state is State.CANCELLED
        outcomes[written.outcome] += 1
    assert values(desk.run(pool, "SELECT 42")) == [42]
    assert outcomes[StopOutcome.STOPPED], f"the race was not run: {outcomes}"
    assert outcomes[StopOutcome.FINISHED_FIRST], f"the race was not run: {outcomes}"


def agree(end: RunEnded, receipt: CancelReceipt) -> bool:
    if receipt.verified is not True:
        return False
    return (end.state, receipt.outcome) in {
        (State.SUCCESS, StopOutcome.FINISHED_FIRST),
        (State.CANCELLED, StopOutcome.STOPPED),
    }
