"""Runs a handle on the caller's thread and yields what happens, batch by batch.

The order of four things makes a stop exact: *arm* the canceller, *then* look at the stop
flag, run, *disarm*. A stop raises the flag before it calls the canceller, so it either
finds the attempt armed or the flag is seen here; none falls between two statements.

Never starts a thread, never holds a whole result, never decides that a query was stopped
by an exception's class alone: it takes our flag *and* the engine's word.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from workbench.core.adapter.contract import Cursor, Statement, Transaction
from workbench.core.clock import Clock
from workbench.core.errors import EngineError, ErrorKind, UserError
from workbench.core.query import events as ev
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import LendStopped, Session
from workbench.core.query.recorder import Recorder
from workbench.core.query.registry import Registry
from workbench.core.query.state import State


class _Stopped(Exception):  # noqa: N818 - a way out of the loops, not an error
    """The run ends here because a stop took effect."""


@dataclass(slots=True)
class _Tally:
    """What the run has brought so far."""

    rows: int = 0
    statements: int = 0
    results: int = 0
    first_row_at: float | None = None
    failed_at: int = 0
    note: str = ""


class Runner:
    """One run of one handle. Make it, iterate `run()` once, on the worker's thread."""

    def __init__(
        self, handle: QueryHandle, registry: Registry, recorder: Recorder, clock: Clock
    ) -> None:
        self._handle = handle
        self._registry = registry
        self._recorder = recorder
        self._clock = clock
        self._tally = _Tally()

    def run(self) -> Generator[ev.RunEvent]:
        """Run to the end. Blocks throughout; nothing is yielded if a stop came before.

        Errors of the database or the user end the run as FAILED inside RunEnded; anything
        else is a bug: the query is marked FAILED and the exception goes on.
        """
        handle = self._handle
        if not self._registry.start(handle.id):
            return
        handle.started_at = self._clock.monotonic()
        handle.split()
        wall = self._clock.wall()
        self._recorder.begun(handle, wall)
        yield ev.RunStarted(handle.id, len(handle.statements), wall)
        error: EngineError | UserError | None = None
        stopped = False
        try:
            yield from self._on_session()
        except (_Stopped, LendStopped):
            stopped = True
        except (EngineError, UserError) as caught:
            error = caught
            stopped = _is_stop(caught, handle)
        except BaseException:
            # A bug, or the reader of our events went away (GeneratorExit).
            self._conclude(State.FAILED, EngineError("the run was broken off", code="BROKEN_OFF"))
            raise
        end = self._end(stopped, error)
        if end is not None:
            yield end

    def _on_session(self) -> Iterator[ev.RunEvent]:
        handle = self._handle
        session = handle.pool.lend(handle.tab, handle.gate)
        handle.session = session
        try:
            _set_mode(session, handle)
            if handle.work is not None:
                self._work(session)
            else:
                for index, statement in enumerate(handle.statements):
                    yield from self._statement(session, index, statement)
            if handle.kind.changes_transaction:
                yield ev.TransactionChanged(handle.id, session.reread())
        except (_Stopped, EngineError, UserError) as caught:
            lost = isinstance(caught, EngineError) and caught.kind is ErrorKind.CONNECTION_LOST
            if lost or handle.session_let_go:
                handle.pool.discard(session)
                raise
            if isinstance(caught, _Stopped) or _is_stop(caught, handle):
                self._tally.note = _settle(session, handle)
            else:
                self._tally.note = _note_failure(session)
            yield ev.TransactionChanged(handle.id, session.stake)
            raise
        finally:
            handle.pool.give_back(session)

    def _work(self, session: Session) -> None:
        handle = self._handle
        assert handle.work is not None
        canceller = session.connection.canceller()
        canceller.arm(handle.id)
        try:
            self._look_at_flag()
            handle.outcome = handle.work(session.connection)
        finally:
            canceller.disarm(handle.id)

    def _statement(
        self, session: Session, index: int, statement: Statement
    ) -> Iterator[ev.RunEvent]:
        handle = self._handle
        self._tally.failed_at = statement.offset
        self._look_at_flag()
        yield ev.StatementStarted(handle.id, index, statement.offset, len(statement.text))
        began, rows_before = self._clock.monotonic(), self._tally.rows
        canceller = session.connection.canceller()
        cursor: Cursor | None = None
        canceller.arm(handle.id)
        try:
            self._look_at_flag()
            cursor = session.connection.execute(statement)
            yield from self._results(cursor, index)
        finally:
            # Close before disarming: a stop that comes while a half-read result is let go
            # still means this attempt, and must not wait for the next statement.
            try:
                if cursor is not None:
                    cursor.close()
            finally:
                canceller.disarm(handle.id)
        self._tally.statements += 1
        yield ev.StatementFinished(
            handle.id,
            index,
            cursor.command,
            cursor.affected,
            self._tally.rows - rows_before,
            (self._clock.monotonic() - began) * 1000,
        )
        yield ev.TransactionChanged(handle.id, session.note_statement(cursor))

    def _results(self, cursor: Cursor, index: int) -> Iterator[ev.RunEvent]:
        handle, tally = self._handle, self._tally
        while True:
            for message in cursor.messages():
                yield ev.MessageArrived(handle.id, message)
            columns = cursor.columns
            if columns is not None:
                result, rows = tally.results, 0
                tally.results += 1
                yield ev.ResultOpened(handle.id, result, index, columns)
                for batch in cursor.batches():
                    self._look_at_flag()
                    if tally.first_row_at is None and batch.num_rows:
                        tally.first_row_at = self._clock.monotonic()
                    rows += batch.num_rows
                    tally.rows += batch.num_rows
                    yield ev.BatchArrived(handle.id, result, batch)
                yield ev.ResultFinished(handle.id, result, rows)
            if not cursor.next_result():
                break
        for message in cursor.messages():
            yield ev.MessageArrived(handle.id, message)

    def _look_at_flag(self) -> None:
        if self._handle.stop_requested:
            raise _Stopped

    def _end(self, stopped: bool, error: EngineError | UserError | None) -> ev.RunEnded | None:
        """The final state, decided by the registry. None when it was forced before."""
        registry, handle = self._registry, self._handle
        if stopped and registry.confirm(handle.id):
            return self._conclude(State.CANCELLED, None, moved=True)
        if error is not None:
            return self._conclude(State.FAILED, error)
        if registry.publish(handle.id):
            return self._conclude(State.SUCCESS, None, moved=True)
        # A stop was accepted by the server, yet the statement returned: it is no success
        # (a killed SLEEP returns a value), and its rows are dropped.
        if registry.confirm(handle.id):
            return self._conclude(State.CANCELLED, None, moved=True)
        return None

    def _conclude(
        self, state: State, error: EngineError | UserError | None, *, moved: bool = False
    ) -> ev.RunEnded | None:
        handle, tally = self._handle, self._tally
        if not moved and not self._registry.fail(handle.id):
            return None
        now = self._clock.monotonic()
        started = handle.started_at if handle.started_at is not None else now
        position = error.position if isinstance(error, EngineError) else None
        end = ev.RunEnded(
            handle.id,
            state,
            rows=tally.rows,
            statements=tally.statements,
            elapsed_ms=(now - started) * 1000,
            first_row_ms=None
            if tally.first_row_at is None
            else (tally.first_row_at - started) * 1000,
            error=error,
            error_offset=None if position is None else tally.failed_at + position,
            reason=handle.stop_reason if state is State.CANCELLED else None,
            note=tally.note,
        )
        self._recorder.ended(handle, end)
        handle.finish(end)
        return end


def _is_stop(error: Exception, handle: QueryHandle) -> bool:
    if not isinstance(error, EngineError) or not handle.stop_requested:
        return False
    if error.kind is ErrorKind.CONNECTION_LOST:
        return handle.session_let_go
    return error.kind is ErrorKind.STOPPED


def _set_mode(session: Session, handle: QueryHandle) -> None:
    if session.autocommit != handle.autocommit:
        session.connection.set_autocommit(handle.autocommit)
        session.autocommit = handle.autocommit


def _settle(session: Session, handle: QueryHandle) -> str:
    """Bring the transaction to where the user wanted it after a stop; say what happened."""
    before = session.stake
    now = session.connection.transaction
    held = _held(before)
    if now is Transaction.NONE:
        session.reread()
        if before.transaction is Transaction.NONE:
            return ""
        return f"The database undid the whole transaction{held}."
    if now is Transaction.ACTIVE and not handle.rollback_after_stop:
        session.reread()
        return f"The transaction is still open{held}."
    session.connection.rollback()
    session.reread()
    if now is Transaction.FAILED and not handle.rollback_after_stop:
        return f"The stop aborted the transaction; it was rolled back{held}."
    return f"The transaction was rolled back{held}."


def _note_failure(session: Session) -> str:
    stake = session.reread()
    if stake.transaction is Transaction.FAILED:
        return "The transaction is aborted: roll back to go on."
    if stake.transaction is Transaction.ACTIVE:
        return f"The transaction is still open{_held(stake)}."
    return ""


def _held(stake: ev.Stake) -> str:
    if not stake.statements:
        return ""
    plural = "" if stake.statements == 1 else "s"
    rows = "1 row" if stake.affected == 1 else f"{stake.affected:,} rows"
    return f" ({stake.statements} statement{plural}, {rows} changed)"
