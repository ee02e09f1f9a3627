"""Stops that are slow, denied or never answered, and statements that do not stop.

The sessions are real. A Python function that waits for an Event inside a statement is a real
"the engine does not stop": SQLite's interrupt is not looked at until it returns. What is
`injected` is a fault around a real canceller.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest

from tests.harness import (
    PATIENCE_S,
    Bench,
    InjectedCanceller,
    InjectedConnection,
    Running,
    bench,
    embedded,
    end_of,
    injected,
    snippets,
    values,
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
from workbench.core.query.cancellation import Ladder, Policy
from workbench.core.query.events import (
    BatchArrived,
    ReceiptWritten,
    RunEnded,
    RungClimbed,
    RungExpired,
    StatementStarted,
    StopEvent,
)
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import CancelReceipt, SessionFate, StopOutcome, StopReason
from workbench.core.query.state import State
from workbench.core.query.watchdog import Act, Action

ENGINES = embedded()
SQLITE = next(spec for spec in ENGINES if spec.dialect == "sqlite")
INTERRUPT = Rung(RungName.INTERRUPT, "Interrupt")
TERMINATE = Rung(RungName.TERMINATE, "End the session", asks=False)
ABANDON = Rung(RungName.ABANDON, "Abandon", asks=True)


@pytest.fixture(params=ENGINES, ids=lambda spec: str(spec.name))
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    found: EngineSpec = request.param
    return found


@pytest.fixture
def desk(no_leaked_threads: None) -> Iterator[Bench]:
    with bench() as made:
        yield made


class Held:
    """The SQL function hold(): returns when `let_go` is set, whatever anybody interrupts."""

    def __init__(self) -> None:
        self.inside = threading.Event()
        self.let_go = threading.Event()
        self.connections: list[sqlite3.Connection] = []

    def __call__(self) -> int:
        self.inside.set()
        assert self.let_go.wait(PATIENCE_S)
        return 1

    def inject(self, connection: Connection) -> Connection:
        raw = cast(sqlite3.Connection, connection._con)  # type: ignore[attr-defined]
        raw.create_function("hold", 0, self)
        self.connections.append(raw)
        return connection


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.let_go.set()


def hold(desk: Bench, held: Held, text: str = "SELECT hold()") -> tuple[SessionPool, Running]:
    """A run that nothing ends but `held.let_go`."""
    pool = desk.pool(injected(SQLITE, held.inject))
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    running = desk.start(pool, text)
    assert held.inside.wait(PATIENCE_S)
    return pool, running


def force_when_expired(ladder: Ladder, event: StopEvent | RunEnded) -> None:
    """What a person does who agrees to each next rung."""
    if isinstance(event, RungExpired):
        ladder.force()


# --- a statement that does not stop ------------------------------------------------------


def test_an_abandoned_statement_gets_an_unconfirmed_receipt(desk: Bench, held: Held) -> None:
    _, running = hold(desk, held)
    stop = desk.stop(running.handle, deadline_s=0.2, on=force_when_expired)
    receipt, end = stop.written, running.handle.end
    assert receipt.outcome is StopOutcome.UNCONFIRMED
    assert receipt.rung is RungName.ABANDON
    assert receipt.verified is False
    assert receipt.verified_ms is None
    assert receipt.session is SessionFate.REPLACED
    assert end is not None
    assert (end.state, end.reason) == (State.CANCELLED, StopReason.USER)
    assert end.note == "Nobody saw it end; it may still be running."
    assert [type(event) for event in stop.said] == [
        RungClimbed,
        RungExpired,
        RungClimbed,
        RunEnded,
        ReceiptWritten,
    ]
    held.let_go.set()
    running.join()


def test_after_abandoning_the_tab_goes_on_with_a_new_session(desk: Bench, held: Held) -> None:
    pool, running = hold(desk, held)
    old = pool.session_of("tab")
    desk.stop(running.handle, deadline_s=0.1, on=force_when_expired)
    assert running.alive, "the statement still runs"
    assert values(desk.run(pool, "SELECT 42")) == [42]
    assert pool.session_of("tab") is not old
    held.let_go.set()
    running.join()


def test_when_the_abandoned_call_returns_nothing_changes(desk: Bench, held: Held) -> None:
    script = "SELECT hold(); INSERT INTO t VALUES (1); SELECT 5"
    _, running = hold(desk, held, script)
    desk.stop(running.handle, deadline_s=0.1, on=force_when_expired)
    end, receipt = running.handle.end, running.handle.receipt
    changes: list[object] = []
    desk.registry.subscribe(changes.append)
    told = len(running.events)
    held.let_go.set()
    events = running.join()
    assert (running.handle.end, running.handle.receipt) == (end, receipt)
    assert events[told:] == []
    assert changes == []
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        held.connections[0].execute("SELECT 1")


def test_a_session_closes_while_its_statement_is_abandoned(desk: Bench, held: Held) -> None:
    """Closing the tab, or the connection, does not wait for what does not stop."""
    pool, running = hold(desk, held)
    pool.release("tab")
    pool.close()
    assert running.alive
    held.let_go.set()
    assert end_of(running.join()).state is State.FAILED


def test_a_stop_that_works_late_needs_no_force(desk: Bench, held: Held) -> None:
    """The rung expired, nobody agreed to the next one, and the statement ended after all."""
    pool, running = hold(desk, held)

    def let_go(_: Ladder, event: StopEvent | RunEnded) -> None:
        if isinstance(event, RungExpired):
            held.let_go.set()

    receipt = desk.stop(running.handle, deadline_s=0.1, on=let_go).written
    assert receipt.outcome is StopOutcome.STOPPED
    assert receipt.rung is RungName.INTERRUPT
    assert receipt.session is SessionFate.ALIVE
    assert end_of(running.join()).state is State.CANCELLED
    assert values(desk.run(pool, "SELECT 42")) == [42]


def test_without_anybody_to_ask_the_ladder_climbs_to_its_end(desk: Bench, held: Held) -> None:
    _, running = hold(desk, held)
    stop = desk.stop(running.handle, StopReason.SHUTDOWN, deadline_s=0.1, auto=True)
    assert stop.written.outcome is StopOutcome.UNCONFIRMED
    assert not any(isinstance(event, RungExpired) for event in stop.said)
    held.let_go.set()
    running.join()


def test_a_shutdown_does_not_wait_for_an_answer_to_somebodys_stop(desk: Bench, held: Held) -> None:
    """The user's ladder waits for a word; the shutdown's makes it go on without one."""
    _, running = hold(desk, held)
    handle = running.handle

    async def both() -> tuple[CancelReceipt | None, CancelReceipt | None]:
        expired = asyncio.Event()

        def hear(event: StopEvent | RunEnded) -> None:
            if isinstance(event, RungExpired):
                expired.set()

        users = desk.ladder(handle, StopReason.USER, Policy(0.1), hear)
        climbing = asyncio.create_task(users.climb())
        await expired.wait()
        shutdown = desk.ladder(handle, StopReason.SHUTDOWN, Policy(0.1, auto=True), hear)
        second = await shutdown.climb()
        assert climbing.done() or handle.receipt is not None
        return await climbing, second

    receipt, second = asyncio.run(both())
    assert second is None
    assert receipt is not None
    assert (receipt.outcome, receipt.reason) == (StopOutcome.UNCONFIRMED, StopReason.USER)
    held.let_go.set()
    running.join()


def test_the_watchdog_forces_a_stop_that_nobody_attends_to(desk: Bench, held: Held) -> None:
    pool, running = hold(desk, held)
    desk.registry.request_stop(running.handle.id, StopReason.USER)
    end = desk.queries.carry_out(Action(Act.FORCE, running.handle.id))
    assert end is not None
    assert (end.state, end.reason) == (State.CANCELLED, StopReason.USER)
    receipt = running.handle.receipt
    assert receipt is not None
    assert (receipt.outcome, receipt.session) == (StopOutcome.UNCONFIRMED, SessionFate.REPLACED)
    assert values(desk.run(pool, "SELECT 42")) == [42]
    assert desk.queries.carry_out(Action(Act.FORCE, running.handle.id)) is None
    held.let_go.set()
    running.join()


def test_the_watchdog_forces_nothing_that_nobody_stopped(desk: Bench, held: Held) -> None:
    _, running = hold(desk, held)
    assert desk.queries.carry_out(Action(Act.FORCE, running.handle.id)) is None
    held.let_go.set()
    assert end_of(running.join()).state is State.SUCCESS


def test_a_query_whose_thread_is_gone_is_dropped_as_failed(desk: Bench) -> None:
    pool = desk.pool(SQLITE)
    handle = desk.queries.script(pool, snippets(SQLITE).rows, tab="tab")
    run = desk.queries.run(handle)

    def read_a_little() -> None:
        while not isinstance(next(run), BatchArrived):
            pass

    thread = threading.Thread(target=read_a_little)
    thread.start()
    thread.join()
    assert desk.queries.due() == (Action(Act.DROP, handle.id),)
    end = desk.queries.carry_out(Action(Act.DROP, handle.id))
    assert end is not None
    assert end.state is State.FAILED
    assert handle.session is not None
    assert handle.session.discarded
    run.close()


def test_a_later_ladder_takes_over_from_one_that_broke(desk: Bench, spec: EngineSpec) -> None:
    broken = threading.Event()

    def breaks(_: RungName) -> None:
        if not broken.is_set():
            broken.set()
            raise ZeroDivisionError("a bug in an engine's canceller")

    pool = desk.pool(injecting(spec, breaks))
    running = desk.start(pool, snippets(spec).busy)
    running.until(StatementStarted)
    with pytest.raises(ZeroDivisionError):
        desk.stop(running.handle)
    assert desk.queries.ladder_of(running.handle.id) is None
    assert desk.stop(running.handle).written.outcome is StopOutcome.STOPPED
    running.join()


# --- cancellers with faults ----------------------------------------------------------------


def injecting(
    spec: EngineSpec,
    before_stop: Callable[[RungName], None] = lambda _: None,
    *,
    rungs: tuple[Rung, ...] | None = None,
    reply: Callable[[RungName, StopReply], StopReply] | None = None,
) -> EngineSpec:
    """`spec` with a fault injector around each session's canceller."""

    def inject(connection: Connection) -> Connection:
        canceller = InjectedCanceller(connection.canceller(), before_stop, rungs, reply)
        return cast(Connection, InjectedConnection(connection, canceller))

    return injected(spec, inject)


def denied(_: RungName) -> None:
    raise EngineError("insufficient privilege (needs CONNECTION ADMIN)", kind=ErrorKind.DENIED)


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

    def swallow(rung: RungName) -> None:
        held.let_go.set()

    def accepted(_: RungName, reply: StopReply) -> StopReply:
        return StopReply.ACCEPTED

    class Deaf(InjectedCanceller):
        """Accepts a stop and sends none, so that the statement ends normally."""

        def stop(self, rung: RungName, attempt: str) -> StopReply:
            held.let_go.set()
            return StopReply.ACCEPTED

    def inject(connection: Connection) -> Connection:
        canceller = Deaf(connection.canceller(), swallow, None, accepted)
        return cast(Connection, InjectedConnection(held.inject(connection), canceller))

    pool = desk.pool(injected(SQLITE, inject))
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    for _ in range(20):
        held.inside.clear()
        held.let_go.clear()
        running = desk.start(pool, "INSERT INTO t VALUES (hold())")
        assert held.inside.wait(PATIENCE_S)
        receipt = desk.stop(running.handle).written
        assert end_of(running.join()).state is State.CANCELLED
        assert receipt.outcome is StopOutcome.STOPPED


# --- waiting for a session -----------------------------------------------------------------


def test_a_stop_ends_the_wait_for_a_session(desk: Bench, spec: EngineSpec) -> None:
    pool = desk.pool(spec, maximum=1)
    busy = desk.start(pool, snippets(spec).busy, tab="one")
    busy.until(StatementStarted)
    waiting = desk.start(pool, "SELECT 1", tab="two")
    waiting.until(object)
    receipt = desk.stop(waiting.handle).written
    end = end_of(waiting.join())
    assert end.state is State.CANCELLED
    assert (receipt.outcome, receipt.verified) == (StopOutcome.STOPPED, True)
    assert receipt.session is SessionFate.ALIVE
    desk.stop(busy.handle)
    busy.join()


@pytest.mark.parametrize("listens", [True, False], ids=["listens", "deaf"])
def test_a_stop_while_connecting(listens: bool, desk: Bench, spec: EngineSpec) -> None:
    connecting, go_on = threading.Event(), threading.Event()
    connect = spec.connect

    def slow(target: object, attempt: object) -> Connection:
        connecting.set()
        if listens:
            attempt.on_stop(go_on.set)  # type: ignore[attr-defined]
        assert go_on.wait(PATIENCE_S)
        return connect(target, attempt)  # type: ignore[arg-type]

    pool = desk.pool(replace(spec, connect=slow))
    running = desk.start(pool, "SELECT 1")
    assert connecting.wait(PATIENCE_S)
    receipt = desk.stop(running.handle, deadline_s=0.2, on=force_when_expired).written
    go_on.set()
    events = running.join()
    assert running.handle.end is not None
    assert running.handle.end.state is State.CANCELLED
    assert receipt.rung is (RungName.INTERRUPT if listens else RungName.ABANDON)
    assert (receipt.outcome, receipt.verified) == (StopOutcome.STOPPED, True)
    assert len(pool) == 0
    assert isinstance(events[-1], RunEnded) == listens
    assert values(desk.run(pool, "SELECT 42")) == [42]


def test_a_ladder_finds_the_rungs_of_a_session_that_came_meanwhile(desk: Bench, held: Held) -> None:
    """The stop began while connecting; what is left to do is then the session's own."""
    connecting, go_on = threading.Event(), threading.Event()
    taken: list[RungName] = []
    base = injecting(injected(SQLITE, held.inject), taken.append)
    connect = base.connect

    def slow(target: object, attempt: object) -> Connection:
        connecting.set()
        assert go_on.wait(PATIENCE_S)
        return connect(target, attempt)  # type: ignore[arg-type]

    pool = desk.pool(replace(base, connect=slow))
    running = desk.start(pool, "SELECT hold()")
    assert connecting.wait(PATIENCE_S)
    stopped = desk.stop_beside(running.handle)
    go_on.set()
    assert stopped().written.outcome is StopOutcome.STOPPED
    assert end_of(running.join()).state is State.CANCELLED


# --- a session that does not recover ---------------------------------------------------------


def test_a_session_that_cannot_roll_back_is_replaced(desk: Bench, spec: EngineSpec) -> None:
    def breaks(connection: Connection) -> Connection:
        def rollback() -> None:
            raise EngineError("the rollback failed")

        connection.rollback = rollback  # type: ignore[method-assign]
        return connection

    pool = desk.pool(injected(spec, breaks))
    desk.run(pool, "CREATE TABLE t (x INTEGER); BEGIN; INSERT INTO t VALUES (1)")
    old = pool.session_of("tab")
    running = desk.start(pool, snippets(spec).rows)
    running.until(BatchArrived)
    receipt = desk.stop(running.handle).written
    end = end_of(running.join())
    assert end.state is State.CANCELLED
    assert "did not recover (the rollback failed)" in end.note
    assert receipt.session is SessionFate.REPLACED
    assert pool.session_of("tab") is not old


def test_an_error_on_closing_a_cursor_does_not_hide_the_stop(desk: Bench, spec: EngineSpec) -> None:
    class BadlyClosing:
        """A fault injector around a real cursor: it closes, and then complains."""

        def __init__(self, real: Cursor) -> None:
            self._real = real

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

        def close(self) -> None:
            self._real.close()
            raise EngineError("closing failed")

    def breaks(connection: Connection) -> Connection:
        execute = connection.execute

        def execute_badly(statement: Statement) -> Cursor:
            return cast(Cursor, BadlyClosing(execute(statement)))

        connection.execute = execute_badly  # type: ignore[method-assign]
        return connection

    pool = desk.pool(injected(spec, breaks))
    running = desk.start(pool, snippets(spec).rows)
    running.until(BatchArrived)
    assert desk.stop(running.handle).written.outcome is StopOutcome.STOPPED
    assert end_of(running.join()).state is State.CANCELLED
