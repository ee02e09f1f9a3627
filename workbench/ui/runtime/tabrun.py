"""A tab's runs: one attempt at a time, and what its Run button means. GUI thread only.

The button belongs to the *attempt*: what an older attempt still has to say never touches
the view of a newer one. A stop pressed within a second of the last is ignored.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.core.adapter.contract import Connection, Rung, Transaction
from workbench.core.query.events import (
    ReceiptWritten,
    RunEnded,
    RungClimbed,
    RungExpired,
    RunStarted,
    Stake,
    TransactionChanged,
)
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import Kind
from workbench.core.query.state import State
from workbench.ui.runtime.runs import Runs

TICK_MS = 100
PROGRESS_MS = 200
STORM_S = 1.0


class ButtonMode(Enum):
    """What the Run button is now."""

    RUN = "run"
    CANCEL = "cancel"
    FORCE = "force"


@dataclass(frozen=True, slots=True)
class Button:
    """The Run button: its mode, and the next rung when it is *Force stop*."""

    mode: ButtonMode = ButtonMode.RUN
    rung: Rung | None = None


class TabRun(QObject):
    """Runs one tab's statements on the tab's session.

    Signals: `button_changed(Button)`; `state_changed(State | None)`, None when idle again;
    `event_arrived(object)`, every event of the current attempt (RowsOpened instead of
    ResultOpened); `ticked(float, object)`, elapsed ms and the fraction done or None;
    `transaction_changed(Stake)`; `connection_changed()`.
    """

    button_changed = Signal(object)
    state_changed = Signal(object)
    event_arrived = Signal(object)
    ticked = Signal(float, object)
    transaction_changed = Signal(object)
    connection_changed = Signal()

    def __init__(self, runs: Runs, tab: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.tab = tab
        self.pool: SessionPool | None = None
        self.autocommit = runs.workbench.settings.autocommit
        self.timeout_s = runs.workbench.settings.query_timeout_s
        self.handle: QueryHandle | None = None
        self.button = Button()
        self.stake = Stake()
        self.last_end: RunEnded | None = None
        self._pressed_at = float("-inf")
        self._fraction: float | None = None
        self._asking_progress = False
        self._closed = False
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._progress_timer = QTimer(self, interval=PROGRESS_MS)
        self._progress_timer.timeout.connect(self._on_progress_due)

    @property
    def closed(self) -> bool:
        """Was its tab closed?"""
        return self._closed

    @property
    def running(self) -> bool:
        """Is an attempt under way?"""
        return self.handle is not None

    @property
    def waiting(self) -> bool:
        """Does the attempt under way still wait for its turn, on no session yet?"""
        handle = self.handle
        return handle is not None and handle.started_at is None and handle.session is None

    @property
    def at_stake(self) -> str:
        """What would end with the tab's session, as a verb phrase; "" for nothing."""
        if self.running:
            return "is running a query"
        open_ = self.stake.transaction is not Transaction.NONE
        return "has an open transaction" if open_ else ""

    def connect_to(self, pool: SessionPool | None) -> None:
        """Use another connection from the next run on; the old session is let go."""
        if pool is self.pool:
            return
        old, self.pool = self.pool, pool
        if old is not None:
            self._runs.workers.file_work(lambda: old.release(self.tab))
        self._set_stake(Stake())
        self.connection_changed.emit()

    def run(
        self,
        text: str,
        *,
        offset: int = 0,
        caret: int | None = None,
        parameters: Mapping[str, object] | None = None,
        before: Callable[[], None] | None = None,
    ) -> QueryHandle | None:
        """Run `text`, or its statement at `caret`.

        None while an attempt is under way or without a connection.
        """
        if self.running or self.pool is None:
            return None
        handle = self._runs.workbench.queries.script(
            self.pool,
            text,
            tab=self.tab,
            offset=offset,
            caret=caret,
            parameters=parameters,
            autocommit=self.autocommit,
            timeout_s=self.timeout_s,
        )
        return self._begin(handle, before)

    def commit(self) -> QueryHandle | None:
        """Commit the tab's transaction."""
        return self._transaction("COMMIT", _commit)

    def rollback(self) -> QueryHandle | None:
        """Roll the tab's transaction back."""
        return self._transaction("ROLLBACK", _rollback)

    def press_stop(self) -> bool:
        """May a stop be asked for now? False within a second of the last press."""
        now = time.monotonic()
        if not self.running or now - self._pressed_at < STORM_S:
            return False
        self._pressed_at = now
        return True

    def stop(self, reason: StopReason = StopReason.USER, *, rollback: bool = True) -> None:
        """Stop the attempt; `rollback`: what becomes of an open transaction afterwards."""
        handle = self.handle
        if handle is not None:
            handle.rollback_after_stop = rollback
            self._show_state(State.CANCELLING)
            self._show_button(Button(ButtonMode.FORCE, self._next_rung(handle)))
            self._runs.stop(handle, reason)

    async def at_rest(self) -> None:
        """Wait until the attempt's end was told here; at once when there is none."""
        if self.handle is None or self._closed:
            return
        rest = asyncio.Event()

        def on_state_changed(state: State) -> None:
            if state.final:
                rest.set()

        self.state_changed.connect(on_state_changed)
        await rest.wait()
        self.state_changed.disconnect(on_state_changed)

    def force(self) -> None:
        """Take the next rung of the stop that is under way."""
        if self.handle is not None:
            self._runs.force(self.handle)

    def close(self) -> None:
        """The tab goes: let its session go, which rolls back what is open."""
        self._closed = True
        self._timer.stop()
        self._progress_timer.stop()
        pool = self.pool
        if pool is not None:
            self._runs.workers.file_work(lambda: pool.release(self.tab))

    def _transaction(self, title: str, call: Callable[[Connection], None]) -> QueryHandle | None:
        if self.running or self.pool is None or self.stake.transaction is Transaction.NONE:
            return None
        return self._begin(
            self._runs.workbench.queries.work(
                self.pool,
                title,
                call,
                tab=self.tab,
                kind=Kind.TRANSACTION,
                autocommit=self.autocommit,
            ),
            None,
        )

    def _begin(self, handle: QueryHandle, before: Callable[[], None] | None) -> QueryHandle:
        self.handle = handle
        self.last_end = None
        self._pressed_at = float("-inf")
        self._fraction = None
        self._show_state(State.QUEUED)
        self._show_button(Button(ButtonMode.CANCEL))
        self._timer.start()
        if handle.pool.spec.capabilities.progress:
            self._progress_timer.start()
        self._runs.start(handle, lambda event: self._on_event(handle, event), before=before)
        return handle

    def _on_event(self, handle: QueryHandle, event: object) -> None:
        older = self.handle is not None and handle is not self.handle
        if self._closed or older:
            return  # an older attempt's receipt: the newer one owns the view
        match event:
            case RunStarted():
                if not handle.stop_requested:
                    self._show_state(State.RUNNING)
            case TransactionChanged(stake=stake):
                self._set_stake(stake)
            case RungClimbed() | RungExpired():
                self._show_state(State.CANCELLING)
                self._show_button(Button(ButtonMode.FORCE, event.next))
            case RunEnded():
                self._end(event)
            case ReceiptWritten():
                session = handle.session
                if session is not None and session.discarded:
                    self._set_stake(Stake())
        self.event_arrived.emit(event)

    def _end(self, end: RunEnded) -> None:
        self.handle = None
        self.last_end = end
        self._timer.stop()
        self._progress_timer.stop()
        self.ticked.emit(end.elapsed_ms, None)
        self._show_button(Button())
        self._show_state(end.state)

    def _set_stake(self, stake: Stake) -> None:
        if stake != self.stake:
            self.stake = stake
            self.transaction_changed.emit(stake)

    def _show_button(self, button: Button) -> None:
        if button != self.button:
            self.button = button
            self.button_changed.emit(button)

    def _show_state(self, state: State) -> None:
        self.state_changed.emit(state)

    def _next_rung(self, handle: QueryHandle) -> Rung | None:
        """The rung after the first, as far as it can be told before the ladder speaks."""
        session = handle.session
        rungs = session.connection.canceller().rungs if session is not None else ()
        return rungs[1] if len(rungs) > 1 else None

    def _on_tick(self) -> None:
        handle = self.handle
        if handle is not None and handle.started_at is not None:
            elapsed = time.monotonic() - handle.started_at
            self.ticked.emit(elapsed * 1000, self._fraction)

    def _on_progress_due(self) -> None:
        handle = self.handle
        if handle is None or handle.session is None or self._asking_progress:
            return
        self._asking_progress = True
        self._runs.spawn(self._ask_progress(handle))

    async def _ask_progress(self, handle: QueryHandle) -> None:
        session = handle.session
        try:
            if session is not None:
                fraction = await self._runs.workers.control(session.connection.progress)
                if handle is self.handle:
                    self._fraction = fraction
        finally:
            self._asking_progress = False


def _commit(connection: Connection) -> None:
    connection.commit()


def _rollback(connection: Connection) -> None:
    connection.rollback()
