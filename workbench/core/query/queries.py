"""The front door to queries: make one, run it, stop it. What both front ends call.

`script` and `work` register and may be called on any thread; `run` blocks and belongs on a
worker; `ladder` belongs on the event loop's thread. No engine is named, no thread started.
"""

import logging
import secrets
import sys
import threading
from collections.abc import Callable, Generator, Mapping

from workbench.core.adapter.contract import Connection, RungName
from workbench.core.clock import Clock, SystemClock
from workbench.core.errors import UserError
from workbench.core.query.attendance import Attendance
from workbench.core.query.cancellation import Ladder, Policy
from workbench.core.query.conclusion import Conclusion, milliseconds
from workbench.core.query.events import RunEnded, RunEvent, StopEvent
from workbench.core.query.gate import ConnectGate
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import CancelReceipt, SessionFate, StopOutcome, StopReason
from workbench.core.query.recorder import NoRecorder, Recorder
from workbench.core.query.registry import Entry, Kind, Registry, preview
from workbench.core.query.runner import Runner
from workbench.core.query.state import State
from workbench.core.query.verification import Blocking
from workbench.core.query.watchdog import Act, Action, Limits, Sight, Watchdog

log = logging.getLogger(__name__)


class Queries:
    """All queries of one Workbench."""

    def __init__(
        self,
        registry: Registry,
        recorder: Recorder,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.registry = registry
        self._recorder = recorder
        self._clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._watchdog = Watchdog()
        self._lock = threading.Lock()
        self._handles: dict[str, QueryHandle] = {}
        self._attendance: Attendance[Ladder] = Attendance()
        registry.subscribe(self._on_change)

    def script(
        self,
        pool: SessionPool,
        text: str,
        *,
        tab: str,
        offset: int = 0,
        caret: int | None = None,
        parameters: Mapping[str, object] | None = None,
        autocommit: bool = True,
        timeout_s: float | None = None,
    ) -> QueryHandle:
        """A query of all statements of `text`, registered as QUEUED. Never blocks.

        `offset` is where `text` begins in the tab's script (for error positions); with
        `caret`, an offset in `text`, only the statement there is run, found by the worker;
        `parameters` bind in every statement; `timeout_s` None or 0 means never.
        """
        return self._register(
            QueryHandle(
                _new_id(),
                text,
                pool,
                tab,
                offset=offset,
                caret=caret,
                parameters=dict(parameters or {}),
                autocommit=autocommit,
                timeout_s=timeout_s or None,
            )
        )

    def work(
        self,
        pool: SessionPool,
        title: str,
        call: Callable[[Connection], object],
        *,
        tab: str,
        kind: Kind,
        autocommit: bool = True,
        timeout_s: float | None = None,
    ) -> QueryHandle:
        """A registered query that runs `call` on a session; its result is `outcome`.

        For what is no script but runs on a database all the same: a catalog load, a commit.
        """
        return self._register(
            QueryHandle(
                _new_id(),
                title,
                pool,
                tab,
                kind=kind,
                work=call,
                autocommit=autocommit,
                timeout_s=timeout_s or None,
            )
        )

    def run(self, handle: QueryHandle) -> Generator[RunEvent]:
        """Run it on this thread, yielding events; the last is RunEnded. Blocks.

        Yields nothing more once the query was stopped before its start or ended by force
        (then the ladder told of the end).
        """
        return Runner(handle, self.registry, self._recorder_of(handle), self._clock).run()

    def refuse(self, handle: QueryHandle, error: UserError) -> RunEnded | None:
        """End a registered query that will not be run, as FAILED; None if it has ended.

        For a worker that fails before `run`. Any thread; never blocks.
        """
        if not self.registry.fail(handle.id):
            return None
        return self._conclusion_of(handle).end("", error)

    def ladder(
        self,
        handle: QueryHandle,
        reason: StopReason,
        *,
        blocking: Blocking,
        emit: Callable[[StopEvent | RunEnded], None],
        policy: Policy,
    ) -> Ladder:
        """The ladder that stops `handle`; await its `climb()`. Event loop's thread.

        `emit` is called there. Where another ladder is at work on the query, `climb()`
        leaves it to that one and returns None.
        """
        return Ladder(
            handle,
            reason,
            registry=self.registry,
            conclusion=self._conclusion_of(handle),
            attendance=self._attendance,
            blocking=blocking,
            emit=emit,
            policy=policy,
        )

    def ladder_of(self, query: str) -> Ladder | None:
        """The ladder that is at work on `query`, from its first step to its receipt."""
        return self._attendance.of(query)

    def handle_of(self, query: str) -> QueryHandle | None:
        """The live query's handle."""
        return self._handles.get(query)

    def live(self) -> tuple[QueryHandle, ...]:
        """The handles of all live queries, oldest first."""
        with self._lock:
            return tuple(self._handles.values())

    def due(self) -> tuple[Action, ...]:
        """What the watchdog wants done now. Never blocks; any thread.

        The caller starts a ladder for TIME_OUT, and runs `carry_out` on a control thread
        for the others.
        """
        sight = Sight(
            self.registry.live(),
            frozenset(sys._current_frames()),
            self._attendance.queries(),
        )
        actions = self._watchdog.due(self._clock.monotonic(), sight, self._limits)
        ended = {action.query for action in actions if self.registry.get(action.query) is None}
        for query in ended:
            self._watchdog.forget(query)
        return tuple(action for action in actions if action.query not in ended)

    def carry_out(self, action: Action) -> RunEnded | None:
        """Do what the watchdog asked; the end that it forced, if it did. Blocks."""
        handle = self.handle_of(action.query)
        if handle is None or action.act is Act.TIME_OUT:
            return None
        if action.act is Act.ALERT:
            log.warning("%s has run for over %g s", handle.id, self._limits.long_run_s)
            return None
        return self._drop(handle) if action.act is Act.DROP else self._force(handle)

    def _force(self, handle: QueryHandle) -> RunEnded | None:
        """End a stop that nobody attends to; its receipt says unconfirmed."""
        entry = self.registry.get(handle.id)
        if entry is None or entry.state is not State.CANCELLING:
            return None
        reason = entry.reason or StopReason.USER
        asked = self._clock.monotonic() if entry.stop_at is None else entry.stop_at
        handle.flag_stop(reason, asked)
        session = handle.session
        if session is not None:
            handle.pool.discard(session, replace=False)
        if not self.registry.force(handle.id):
            return None
        conclusion = self._conclusion_of(handle)
        end = conclusion.forced_end()
        start = handle.created_at if handle.started_at is None else handle.started_at
        conclusion.keep(
            CancelReceipt(
                reason,
                RungName.ABANDON,
                StopOutcome.UNCONFIRMED,
                requested_ms=milliseconds(start, asked),
                session=SessionFate.ALIVE if session is None else SessionFate.REPLACED,
                note=end.note,
                timeout_s=handle.timeout_s,
            )
        )
        handle.pool.replenish()
        return end

    def _drop(self, handle: QueryHandle) -> RunEnded | None:
        """End a query whose worker's thread is gone: nobody will."""
        if not self.registry.fail(handle.id):
            return None
        log.warning("%s: its worker is gone", handle.id)
        session = handle.session
        if session is not None:
            handle.pool.discard(session)
            handle.pool.give_back(session)
        return self._conclusion_of(handle).recorded_end(
            "The session was replaced." if session else "",
            UserError(
                "Workbench failed",
                "The thread that ran the query is gone; what it had changed before may stand.",
            ),
        )

    def _register(self, handle: QueryHandle) -> QueryHandle:
        handle.created_at = self._clock.monotonic()
        handle.gate = ConnectGate(handle.pool.connect_timeout_s)
        with self._lock:
            self._handles[handle.id] = handle
        entry = Entry(
            handle.id,
            handle.kind,
            handle.tab,
            handle.pool.name,
            preview(_shown(handle)),
            handle.created_at,
            timeout_s=handle.timeout_s,
        )
        if not self.registry.register(entry):
            # Somebody saw the handle and stopped it before it was entered.
            self._conclusion_of(handle).end("It had not started.")
        return handle

    def _conclusion_of(self, handle: QueryHandle) -> Conclusion:
        return Conclusion(handle, self._recorder_of(handle), self._clock)

    def _recorder_of(self, handle: QueryHandle) -> Recorder:
        return self._recorder if handle.kind is Kind.QUERY else NoRecorder()

    def _on_change(self, entry: Entry) -> None:
        if not entry.state.final:
            return
        with self._lock:
            self._handles.pop(entry.id, None)
        self._watchdog.forget(entry.id)


def _shown(handle: QueryHandle) -> str:
    """What of its text names it: where a statement is yet to be found, the caret's line."""
    if handle.caret is None:
        return handle.text
    return handle.text[handle.text.rfind("\n", 0, handle.caret) + 1 :]


def _new_id() -> str:
    return secrets.token_hex(6)
