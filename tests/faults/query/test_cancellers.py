"""Stops that are slow, denied, never answered, or break the connection."""

import asyncio
import threading
from typing import cast

from tests.harness import PATIENCE_S, Bench, Running, end_of, snippets, values
from tests.injectors import (
    SQLITE,
    Held,
    InjectedCanceller,
    InjectedConnection,
    denied,
    force_when_expired,
    injected,
    injecting,
)
from workbench.core.adapter.contract import (
    Connection,
    Cursor,
    EngineSpec,
    Rung,
    RungName,
    Statement,
    StopReply,
)
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.query.cancellation import Ladder
from workbench.core.query.events import (
    RunEnded,
    RungClimbed,
    RungExpired,
    StatementStarted,
    StopEvent,
)
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import SessionFate, StopOutcome
from workbench.core.query.state import State

INTERRUPT = Rung(RungName.INTERRUPT, "Interrupt")
TERMINATE = Rung(RungName.TERMINATE, "End the session", asks=False)
ABANDON = Rung(RungName.ABANDON, "Abandon", asks=True)


def test_a_denied_stop_says_so_and_keeps_the_result(desk: Bench, held: Held) -> None:
    spec = injecting(injected(SQLITE, held.inject), denied)
    pool = desk.pool(spec)
    running = desk.start(pool, "SELECT hold()")
    assert held.inside.wait(PATIENCE_S)

    def let_go(_: Ladder, event: StopEvent | RunEnded) -> None:
        if isinstance(event, RungExpired):
            held.let_go.set()

    receipt = desk.stop(running.handle, on=let_go).written
    events = running.join()
    # The flag between two batches still ends a reading statement; that is then a stop.
    ended = end_of(events).state
    assert receipt.detail == "insufficient privilege (needs CONNECTION ADMIN)"
    assert receipt.outcome is (
        StopOutcome.STOPPED if ended is State.CANCELLED else StopOutcome.DENIED
    )


def test_a_denied_stop_of_a_write_leaves_the_write(desk: Bench, held: Held) -> None:
    spec = injecting(injected(SQLITE, held.inject), denied)
    pool = desk.pool(spec)
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    running = desk.start(pool, "INSERT INTO t VALUES (hold())")
    assert held.inside.wait(PATIENCE_S)

    def let_go(_: Ladder, event: StopEvent | RunEnded) -> None:
        if isinstance(event, RungExpired):
            held.let_go.set()

    receipt = desk.stop(running.handle, on=let_go).written
    assert end_of(running.join()).state is State.SUCCESS
    assert receipt.outcome is StopOutcome.DENIED
    assert receipt.verified is None
    assert values(desk.run(pool, "SELECT x FROM t")) == [1]


def test_a_denied_stop_can_still_be_abandoned(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(injecting(spec, denied))
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    receipt = desk.stop(running.handle, on=force_when_expired).written
    running.join()
    assert receipt.rung is RungName.ABANDON
    assert receipt.session is SessionFate.REPLACED
    # Letting go interrupts once more; if its end was seen, that is what the receipt says.
    assert receipt.verified is (receipt.outcome is StopOutcome.STOPPED)


def test_a_stop_that_fails_is_told_and_can_be_forced(desk: Bench, spec: EngineSpec) -> None:
    def unreachable(_: RungName) -> None:
        raise EngineError("the server does not answer", kind=ErrorKind.CONNECT_FAILED)

    pool = desk.pool(injecting(spec, unreachable))
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    receipt = desk.stop(running.handle, on=force_when_expired).written
    running.join()
    assert receipt.detail == "the server does not answer"


def test_a_stop_that_is_never_answered_does_not_hold_the_ladder(
    desk: Bench, spec: EngineSpec
) -> None:
    answer = threading.Event()

    def unanswered(_: RungName) -> None:
        assert answer.wait(PATIENCE_S)

    pool = desk.pool(injecting(spec, unanswered))
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    stop = desk.stop(running.handle, deadline_s=0.2, on=force_when_expired)
    answer.set()
    running.join()
    assert stop.written.rung is RungName.ABANDON
    assert stop.written.detail == "the stop itself was not answered"
    assert values(desk.run(pool, "SELECT 42")) == [42]


def test_force_does_not_wait_for_a_stop_that_is_not_answered(desk: Bench, spec: EngineSpec) -> None:
    answer, asked = threading.Event(), threading.Event()

    def unanswered(_: RungName) -> None:
        asked.set()
        assert answer.wait(PATIENCE_S)

    pool = desk.pool(injecting(spec, unanswered))
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    climbed: list[RungName] = []

    def force(ladder: Ladder, event: StopEvent | RunEnded) -> None:
        if isinstance(event, RungClimbed):
            climbed.append(event.rung.name)
            if event.rung.name is RungName.INTERRUPT:
                # As soon as the stop is under way, a person presses Force stop.
                loop = asyncio.get_running_loop()
                threading.Thread(target=press, args=(ladder, loop)).start()

    def press(ladder: Ladder, loop: asyncio.AbstractEventLoop) -> None:
        assert asked.wait(PATIENCE_S)
        loop.call_soon_threadsafe(ladder.force)

    stop = desk.stop(running.handle, deadline_s=PATIENCE_S, on=force)
    answer.set()
    running.join()
    assert climbed == [RungName.INTERRUPT, RungName.ABANDON]
    assert stop.written.rung is RungName.ABANDON


def test_a_slow_stop_that_comes_after_the_end_hits_nothing(desk: Bench, spec: EngineSpec) -> None:
    """The engine's stop is called when the statement is over, and the next one runs."""
    answer, asked = threading.Event(), threading.Event()

    def slow(_: RungName) -> None:
        asked.set()
        assert answer.wait(PATIENCE_S)

    pool = desk.pool(injecting(spec, slow))
    text = snippets(spec).many.format(count=20_000)
    handle = desk.queries.script(pool, text, tab="tab")
    run = desk.queries.run(handle)
    while not isinstance(next(run), StatementStarted):
        pass
    stopped = desk.stop_beside(handle)
    assert asked.wait(PATIENCE_S)
    threading.Timer(0.05, answer.set).start()
    end = end_of(list(run))
    assert end.state is State.CANCELLED
    assert stopped().written.outcome is StopOutcome.STOPPED
    assert values(desk.run(pool, "SELECT 42")) == [42]


def test_a_rung_that_asks_nobody_is_climbed_without_a_word(desk: Bench, spec: EngineSpec) -> None:
    taken: list[RungName] = []

    def first_fails(rung: RungName) -> None:
        taken.append(rung)
        if rung is RungName.INTERRUPT:
            denied(rung)

    pool = desk.pool(injecting(spec, first_fails, rungs=(INTERRUPT, TERMINATE, ABANDON)))
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    stop = desk.stop(running.handle)
    running.join()
    assert taken[:2] == [RungName.INTERRUPT, RungName.TERMINATE]
    assert not any(isinstance(event, RungExpired) for event in stop.said)
    assert stop.written.rung is RungName.TERMINATE
    assert stop.written.outcome is StopOutcome.STOPPED
    assert stop.written.session is SessionFate.REPLACED


def breaking(connection: Connection) -> Connection:
    """A fault injector: a statement that is interrupted takes its connection with it."""
    execute = connection.execute

    def execute_and_break(statement: Statement) -> Cursor:
        try:
            return execute(statement)
        except EngineError as error:
            if error.kind is ErrorKind.STOPPED:
                error.kind = ErrorKind.CONNECTION_LOST
            raise

    connection.execute = execute_and_break  # type: ignore[method-assign]
    return connection


def start_write(desk: Bench, spec: EngineSpec, real: EngineSpec) -> tuple[SessionPool, Running]:
    pool = desk.pool(spec)
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    running = desk.start(pool, snippets(real).write)
    running.until(StatementStarted)
    return pool, running


def test_a_session_that_the_stop_ended_is_replaced_and_the_run_cancelled(
    desk: Bench, spec: EngineSpec
) -> None:
    """A terminated session breaks the connection: that is the stop, not a failure."""
    rungs = (TERMINATE, ABANDON)
    pool, running = start_write(desk, injecting(injected(spec, breaking), rungs=rungs), spec)
    receipt = desk.stop(running.handle).written
    assert end_of(running.join()).state is State.CANCELLED
    assert receipt.outcome is StopOutcome.STOPPED
    assert receipt.session is SessionFate.REPLACED
    assert values(desk.run(pool, "SELECT 42")) == [42]


def test_a_connection_lost_by_itself_during_a_stop_is_a_failure(
    desk: Bench, spec: EngineSpec
) -> None:
    _, running = start_write(desk, injected(spec, breaking), spec)
    receipt = desk.stop(running.handle).written
    assert end_of(running.join()).state is State.FAILED
    assert (receipt.outcome, receipt.verified) == (StopOutcome.FAILED, None)
    assert receipt.session is SessionFate.REPLACED


def test_a_normal_end_after_an_accepted_stop_is_cancelled(desk: Bench, held: Held) -> None:
    """As a killed SLEEP does: the server confirmed the kill, and a value came back."""

    class Deaf(InjectedCanceller):
        """Accepts a stop and sends none; its answer comes when the statement has ended."""

        def disarm(self, attempt: str) -> None:
            super().disarm(attempt)
            ended.set()

        def stop(self, rung: RungName, attempt: str) -> StopReply:
            held.let_go.set()
            assert ended.wait(PATIENCE_S)
            return StopReply.ACCEPTED

    ended = threading.Event()

    def inject(connection: Connection) -> Connection:
        canceller = Deaf(connection.canceller(), lambda _: None)
        return cast(Connection, InjectedConnection(held.inject(connection), canceller))

    pool = desk.pool(injected(SQLITE, inject))
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    for _ in range(20):
        held.inside.clear()
        held.let_go.clear()
        ended.clear()
        running = desk.start(pool, "INSERT INTO t VALUES (hold())")
        assert held.inside.wait(PATIENCE_S)
        receipt = desk.stop(running.handle).written
        assert end_of(running.join()).state is State.CANCELLED
        assert receipt.outcome is StopOutcome.STOPPED
