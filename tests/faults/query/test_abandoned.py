"""Statements that do not stop, and stops that nobody attends to."""

import asyncio
import sqlite3
import threading

import pytest

from tests.harness import PATIENCE_S, Bench, end_of, snippets, values
from tests.injectors import (
    SQLITE,
    Held,
    force_when_expired,
    hold,
    injected,
    injecting,
)
from workbench.core.adapter.contract import (
    Connection,
    EngineSpec,
    RungName,
)
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
from workbench.core.query.receipt import CancelReceipt, SessionFate, StopOutcome, StopReason
from workbench.core.query.state import State
from workbench.core.query.watchdog import Act, Action


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
    assert end.note == "Nobody saw it end; it may still be running, and hold its locks."
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


def test_an_abandoned_write_that_succeeds_after_all_is_not_told(desk: Bench, held: Held) -> None:
    """Injected: letting go of the session is not noticed by the call that runs on it."""

    def inject(connection: Connection) -> Connection:
        held.inject(connection)
        connection.abandon = lambda: None  # type: ignore[method-assign]
        return connection

    pool = desk.pool(injected(SQLITE, inject))
    desk.run(pool, "CREATE TABLE t (x INTEGER)")
    running = desk.start(pool, "INSERT INTO t VALUES (hold()); SELECT 1")
    assert held.inside.wait(PATIENCE_S)
    desk.registry.request_stop(running.handle.id, StopReason.USER)
    told = len(running.events)
    forced = desk.queries.carry_out(Action(Act.FORCE, running.handle.id))
    held.let_go.set()
    assert running.join()[told:] == []
    assert running.handle.end is forced


def test_a_session_closes_while_its_statement_is_abandoned(desk: Bench, held: Held) -> None:
    """Closing the tab, or the connection, does not wait for what does not stop."""
    pool, running = hold(desk, held)
    pool.release("tab")
    pool.close()
    assert running.alive
    held.let_go.set()
    assert end_of(running.join()).state is State.FAILED


@pytest.mark.parametrize("when", ["before", "at"])
def test_a_word_that_comes_early_counts_for_the_next_rung(
    when: str, desk: Bench, held: Held
) -> None:
    """Two Ctrl-C at once: the second came before the first rung, or as it was climbed."""
    _, running = hold(desk, held)
    climbed: list[RungName] = []

    async def stop() -> CancelReceipt | None:
        def hear(event: StopEvent | RunEnded) -> None:
            if isinstance(event, RungClimbed):
                climbed.append(event.rung.name)
                if when == "at":
                    ladder.force()

        ladder = desk.ladder(running.handle, StopReason.USER, Policy(60.0), hear)
        if when == "before":
            ladder.force()
        return await ladder.climb()

    receipt = asyncio.run(stop())
    assert receipt is not None
    assert receipt.outcome is StopOutcome.UNCONFIRMED
    assert climbed == [RungName.INTERRUPT, RungName.ABANDON]
    held.let_go.set()
    running.join()


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


def test_a_milder_stop_that_works_is_not_skipped(desk: Bench, spec: EngineSpec) -> None:
    """Forced too early, the interrupt is sent all the same and given a moment."""
    pool = desk.pool(spec)
    running = desk.start(pool, snippets(spec).rows)
    running.until(BatchArrived)

    async def stop() -> CancelReceipt | None:
        ladder = desk.ladder(running.handle, StopReason.USER, Policy(60.0), lambda _: None)
        ladder.force()
        return await ladder.climb()

    receipt = asyncio.run(stop())
    running.join()
    assert receipt is not None
    assert receipt.outcome is StopOutcome.STOPPED


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
