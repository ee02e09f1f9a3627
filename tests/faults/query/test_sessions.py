"""Stops while waiting for a session, and sessions that do not recover from one."""

import threading
from dataclasses import replace
from typing import cast

import pytest

from tests.harness import PATIENCE_S, Bench, end_of, snippets, values
from tests.injectors import (
    SQLITE,
    Held,
    force_when_expired,
    injected,
    injecting,
)
from workbench.core.adapter.contract import (
    Connection,
    Cursor,
    EngineSpec,
    RungName,
    Statement,
)
from workbench.core.errors import EngineError
from workbench.core.query.events import (
    BatchArrived,
    RunEnded,
    StatementStarted,
)
from workbench.core.query.receipt import SessionFate, StopOutcome
from workbench.core.query.state import State


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
    end = running.handle.end
    assert end is not None
    assert end.state is State.CANCELLED
    if listens:
        assert receipt.rung is RungName.INTERRUPT
        assert (receipt.outcome, receipt.verified) == (StopOutcome.STOPPED, True)
    else:  # the attempt was left to itself: nobody saw it end, and nobody says so
        assert receipt.rung is RungName.ABANDON
        assert (receipt.outcome, receipt.verified) == (StopOutcome.UNCONFIRMED, None)
        assert receipt.verified_ms is None
        assert end.note == "Nobody saw the attempt to connect end; no statement had begun."
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
