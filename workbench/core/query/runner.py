"""Runs a handle on the caller's thread and yields what happens, batch by batch.

The order of four things makes a stop exact: *arm* the canceller, *then* look at the stop
flag, run, *disarm*. A stop raises the flag before it calls the canceller, so it either
finds the attempt armed or the flag is seen here; none falls between two statements.

Never starts a thread, never holds a whole result, never decides that a query was stopped
by an exception's class alone: it takes our flag *and* the engine's word.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

from workbench.core.adapter.contract import Cursor, Statement
from workbench.core.clock import Clock
from workbench.core.errors import EngineError, ErrorKind, UserError
from workbench.core.query import events as ev
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import LendStopped, Session
from workbench.core.query.recorder import Recorder
from workbench.core.query.registry import Registry
from workbench.core.query.settlement import note_failure, settle_stop
from workbench.core.query.state import State

log = logging.getLogger(__name__)

T = TypeVar("T")


# Half of the rows that a change returns do not mean that half of it was done: it may stand
# as a whole by now. Whether a stop still undoes it only the engine can say, so our own flag
# does not end it (INSERT ... RETURNING in SQLite and DuckDB: all rows stood).
_CHANGING = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"})


class _Stopped(Exception):  # noqa: N818 - a way out of the loops, not an error
    """The run ends here because a stop took effect."""


class Runner:
    """One run of one handle. Make it, iterate `run()` once, on the worker's thread."""

    def __init__(
        self, handle: QueryHandle, registry: Registry, recorder: Recorder, clock: Clock
    ) -> None:
        self._handle = handle
        self._registry = registry
        self._recorder = recorder
        self._clock = clock

    def run(self) -> Generator[ev.RunEvent]:
        """Run to the end. Blocks throughout; nothing is yielded if a stop came before.

        Errors of the database or the user end the run as FAILED inside RunEnded; anything
        else is a bug: the query is marked FAILED and the exception goes on.
        """
        handle = self._handle
        if not self._registry.start(handle.id):
            return
        handle.started_at = self._clock.monotonic()
        error: EngineError | UserError | None = None
        stopped = False
        try:
            handle.split()
            wall = self._clock.wall()
            self._recorder.begun(handle, wall)
            yield ev.RunStarted(handle.id, len(handle.statements), wall)
            yield from self._on_session()
        except (_Stopped, LendStopped):
            stopped = True
        except (EngineError, UserError) as caught:
            error = caught
            stopped = _is_stop(caught, handle)
        except GeneratorExit:
            # The reader went away half-way: the statement was ended with its cursor.
            self._end(handle.stop_requested, _not_wanted())
            raise
        except BaseException:
            self._end(False, _bug())
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
            if session.discarded:
                raise  # let go meanwhile: nobody listens, and it is not ours to touch
            lost = isinstance(caught, EngineError) and caught.kind is ErrorKind.CONNECTION_LOST
            if lost or handle.session_let_go:
                handle.pool.discard(session)
                raise
            stopped = isinstance(caught, _Stopped) or _is_stop(caught, handle)
            self._settle(session, stopped=stopped)
            yield ev.TransactionChanged(handle.id, session.stake)
            raise
        except BaseException:
            # The reader went away, or a bug: what is open stays open, and is known.
            self._settle(session, stopped=False)
            raise
        finally:
            handle.pool.give_back(session)

    def _settle(self, session: Session, *, stopped: bool) -> None:
        """After a statement that did not end well: the transaction, and a note on it."""
        try:
            note = (settle_stop if stopped else note_failure)(session, self._handle)
        except EngineError as trouble:
            # A session that cannot tell its transaction's state cannot be trusted with one.
            log.warning("%s: the session did not recover: %s", self._handle.id, trouble)
            session.stake = ev.Stake()
            self._handle.pool.discard(session)
            note = (
                f"The session did not recover ({trouble.message}) and was replaced; what its "
                "transaction held is undone."
            )
        self._handle.tally.note = note

    def _work(self, session: Session) -> None:
        handle = self._handle
        assert handle.work is not None
        with self._armed(session):
            handle.outcome = handle.work(session.connection)

    def _statement(
        self, session: Session, index: int, statement: Statement
    ) -> Iterator[ev.RunEvent]:
        handle, tally = self._handle, self._handle.tally
        tally.failed_at = statement.offset
        self._look_at_flag()
        yield ev.StatementStarted(handle.id, index, statement.offset, len(statement.text))
        began, rows_before = self._clock.monotonic(), tally.rows
        # Closed before disarming: a stop that comes while a half-read result is let go
        # still means this attempt, and must not wait for the next statement.
        with self._armed(session):
            cursor = session.connection.execute(statement)
            with _closing(cursor.close):
                yield from self._results(cursor, index)
        if handle.ended:
            raise _Stopped  # ended by force while the engine worked on: say nothing more
        stake = session.note_statement(cursor)
        tally.statements += 1
        yield ev.StatementFinished(
            handle.id,
            index,
            cursor.command,
            cursor.affected,
            tally.rows - rows_before,
            (self._clock.monotonic() - began) * 1000,
        )
        yield ev.TransactionChanged(handle.id, stake)

    @contextmanager
    def _armed(self, session: Session) -> Iterator[None]:
        """Open the attempt for stops. Raises _Stopped if one came before."""
        handle = self._handle
        canceller = session.connection.canceller()
        canceller.arm(handle.id)
        try:
            self._look_at_flag()
            yield
        finally:
            canceller.disarm(handle.id)
            # A stop that the engine answered just before has its answer entered by now, so
            # that what follows knows of it.
            with handle.delivering:
                pass

    def _results(self, cursor: Cursor, index: int) -> Iterator[ev.RunEvent]:
        handle, tally = self._handle, self._handle.tally
        while True:
            if handle.ended:
                raise _Stopped  # by force
            for message in cursor.messages():
                yield ev.MessageArrived(handle.id, message)
            columns = cursor.columns
            if columns is not None:
                result, rows = tally.results, 0
                tally.results += 1
                yield ev.ResultOpened(handle.id, result, index, columns)
                changes = cursor.command.partition(" ")[0] in _CHANGING
                with _finishing(cursor.batches()) as batches:
                    for batch in batches:
                        if not changes or handle.ended:
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
        registry, query = self._registry, self._handle.id
        if stopped and registry.confirm(query):
            return self._conclude(State.CANCELLED, None)
        if stopped or error is not None:
            return self._conclude(State.FAILED, error) if registry.fail(query) else None
        if registry.publish(query):
            return self._conclude(State.SUCCESS, None)
        # A stop was accepted by the server, yet the statement returned: it is no success
        # (a killed SLEEP returns a value), and its rows are dropped.
        return self._conclude(State.CANCELLED, None) if registry.confirm(query) else None

    def _conclude(self, state: State, error: EngineError | UserError | None) -> ev.RunEnded:
        handle, tally = self._handle, self._handle.tally
        started = handle.created_at if handle.started_at is None else handle.started_at
        first = tally.first_row_at
        position = error.position if isinstance(error, EngineError) else None
        end = ev.RunEnded(
            handle.id,
            state,
            rows=tally.rows,
            statements=tally.statements,
            elapsed_ms=(self._clock.monotonic() - started) * 1000,
            first_row_ms=None if first is None else (first - started) * 1000,
            error=error,
            error_offset=None if position is None else tally.failed_at + position,
            reason=handle.stop_reason if state is State.CANCELLED else None,
            note=tally.note,
        )
        # First the end, then the history: a slow disk does not make a stop any slower.
        handle.finish(end)
        self._recorder.ended(handle, end)
        return end


@contextmanager
def _closing(close: Callable[[], None]) -> Iterator[None]:
    """Call `close` at the end; what went wrong before counts, not that closing failed."""
    try:
        yield
    except BaseException:
        try:
            close()
        except EngineError as error:
            log.warning("closing a cursor: %s", error)
        raise
    close()


@contextmanager
def _finishing(batches: Iterator[T]) -> Iterator[Iterator[T]]:
    """End a half-read generator here: left to the collector, it ends on any thread."""
    with _closing(batches.close if isinstance(batches, Generator) else lambda: None):
        yield batches


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


def _not_wanted() -> UserError:
    return UserError(
        "Run broken off",
        "Nobody read its results any more, so the statement was ended; what it had changed "
        "before may stand.",
    )


def _bug() -> UserError:
    return UserError(
        "Workbench failed",
        "A fault in Workbench broke the run off; what the statement had changed before may "
        "stand. The log has the details.",
    )
