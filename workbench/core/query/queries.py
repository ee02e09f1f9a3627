"""The front door to queries: make one, run it, stop it. What both front ends call.

`script` and `work` register and may be called on any thread; `run` blocks and belongs on a
worker; `ladder` belongs on the event loop's thread. No engine is named, no thread started.
"""

import logging
import secrets
import sys
import threading
from collections.abc import Callable, Generator, Mapping

from workbench.core.adapter.contract import Connection
from workbench.core.clock import Clock, SystemClock
from workbench.core.query.cancellation import Ladder, Policy
from workbench.core.query.events import RunEnded, RunEvent, StopEvent
from workbench.core.query.handle import ConnectGate, QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import StopReason
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
        self._ladders: dict[str, Ladder] = {}
        registry.subscribe(self._on_change)

    def script(
        self,
        pool: SessionPool,
        text: str,
        *,
        tab: str,
        offset: int = 0,
        parameters: Mapping[str, object] | None = None,
        autocommit: bool = True,
        timeout_s: float | None = None,
    ) -> QueryHandle:
        """A query of all statements of `text`, registered as QUEUED. Never blocks.

        `offset` is where `text` begins in the tab's script (for error positions);
        `parameters` bind in every statement; `timeout_s` None or 0 means never.
        """
        return self._register(
            QueryHandle(
                _new_id(),
                text,
                pool,
                tab,
                offset=offset,
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

        `emit` is called there. A query that has a ladder already gets a second one whose
        `climb()` returns None at once.
        """
        ladder = Ladder(
            handle,
            reason,
            registry=self.registry,
            recorder=self._recorder_of(handle),
            clock=self._clock,
            blocking=blocking,
            emit=emit,
            policy=policy,
        )
        with self._lock:
            self._ladders.setdefault(handle.id, ladder)
        return ladder

    def ladder_of(self, query: str) -> Ladder | None:
        """The ladder that is at work on `query`."""
        return self._ladders.get(query)

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
            frozenset(self._ladders),
        )
        return self._watchdog.due(self._clock.monotonic(), sight, self._limits)

    def carry_out(self, action: Action) -> RunEnded | None:
        """Do what the watchdog asked; the end that it forced, if it did. Blocks."""
        handle = self.handle_of(action.query)
        if handle is None or action.act is Act.TIME_OUT:
            return None
        if action.act is Act.ALERT:
            log.warning("%s has run for over %g s", handle.id, self._limits.long_run_s)
            return None
        return self._force(handle, action.act)

    def _force(self, handle: QueryHandle, act: Act) -> RunEnded | None:
        self.registry.request_stop(handle.id, StopReason.SHUTDOWN)
        if handle.session is not None:
            handle.pool.discard(handle.session)
        if not self.registry.force(handle.id):
            return None
        note = (
            "Its worker is gone; the session was replaced."
            if act is Act.DROP
            else "Nobody saw it end; it may still be running."
        )
        start = handle.created_at if handle.started_at is None else handle.started_at
        end = RunEnded(
            handle.id,
            State.CANCELLED,
            rows=0,
            statements=0,
            elapsed_ms=(self._clock.monotonic() - start) * 1000,
            reason=handle.stop_reason,
            note=note,
        )
        self._recorder_of(handle).ended(handle, end)
        handle.finish(end)
        return end

    def _register(self, handle: QueryHandle) -> QueryHandle:
        handle.created_at = self._clock.monotonic()
        handle.gate = ConnectGate(handle.pool.connect_timeout_s)
        with self._lock:
            self._handles[handle.id] = handle
        self.registry.register(
            Entry(
                handle.id,
                handle.kind,
                handle.tab,
                handle.pool.name,
                preview(handle.text),
                handle.created_at,
                timeout_s=handle.timeout_s,
            )
        )
        return handle

    def _recorder_of(self, handle: QueryHandle) -> Recorder:
        return self._recorder if handle.kind is Kind.QUERY else NoRecorder()

    def _on_change(self, entry: Entry) -> None:
        if not entry.state.final:
            return
        with self._lock:
            self._handles.pop(entry.id, None)
            self._ladders.pop(entry.id, None)
        self._watchdog.forget(entry.id)


def _new_id() -> str:
    return secrets.token_hex(6)
