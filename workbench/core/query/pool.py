"""The sessions of one connection: lent to a tab, given back, or discarded.

A tab keeps its session between statements (its transaction and temporary tables live
there), so a session belongs to its *owner* until the owner is released. A session whose
stop was not verified is discarded: closed, removed, replaced below the minimum, and the
next waiter woken; giving a discarded session back is a no-op.

Workers call `lend`, which blocks; any thread may call the rest. No driver call is ever
made while the pool's lock is held.
"""

import logging
import threading
from dataclasses import dataclass, field

from workbench.core.adapter.contract import (
    ConnectAttempt,
    Connection,
    Cursor,
    EngineSpec,
    Transaction,
)
from workbench.core.adapter.target import Target
from workbench.core.errors import EngineError, UserError, WorkbenchError
from workbench.core.query.events import Stake
from workbench.core.query.gate import ConnectGate

log = logging.getLogger(__name__)


class LendStopped(WorkbenchError):  # noqa: N818 - an answer, not an error to show
    """A stop came while the query waited for a session."""


@dataclass(eq=False, slots=True)
class Session:
    """One session of the database, and what an open transaction in it holds."""

    connection: Connection
    owner: str
    stake: Stake = field(default_factory=Stake)
    autocommit: bool = True
    lent: bool = True
    discarded: bool = False

    def note_statement(self, cursor: Cursor) -> Stake:
        """Read the transaction's state after a statement and count what it holds.

        The statement that opened the transaction (BEGIN: no columns, no count) is not at
        stake itself and is not counted.
        """
        state, old = self.connection.transaction, self.stake
        if state is Transaction.NONE:
            self.stake = Stake()
            return self.stake
        bare = cursor.columns is None and cursor.affected is None
        opened = old.transaction is Transaction.NONE and self.autocommit and bare
        self.stake = Stake(
            state,
            old.statements + (0 if opened else 1),
            old.affected + (cursor.affected or 0),
        )
        return self.stake

    def reread(self) -> Stake:
        """Read the transaction's state without counting a statement."""
        state = self.connection.transaction
        if state is Transaction.NONE:
            self.stake = Stake()
        else:
            self.stake = Stake(state, self.stake.statements, self.stake.affected)
        return self.stake


class SessionPool:
    """All sessions to one target. `name` is what people call the connection."""

    def __init__(
        self,
        name: str,
        spec: EngineSpec,
        target: Target,
        *,
        minimum: int = 0,
        maximum: int = 16,
        connect_timeout_s: float = 15.0,
    ) -> None:
        self.name = name
        self.spec = spec
        self.target = target
        self.minimum = minimum
        self.maximum = maximum
        self.connect_timeout_s = connect_timeout_s
        self._changed = threading.Condition()
        self._sessions: list[Session] = []
        self._opening = 0
        self._closed = False

    def lend(self, owner: str, gate: ConnectGate | None = None) -> Session:
        """The owner's session, a free one, or a new one. Blocks.

        Raises LendStopped when `gate` is stopped before there is one, UserError when none
        came free in time or the pool is closed, and what `connect` raises.
        """
        gate = gate or ConnectGate(self.connect_timeout_s)
        gate.on_stop(self._wake)
        with self._changed:
            found = self._wait_for_place(owner, gate)
            if found is None:
                self._opening += 1
        if found is not None:
            # A stop that came meanwhile is the run's to see: it may have to roll back here.
            gate.over()
            return found
        try:
            connection = self._connect(gate)
        except BaseException as error:
            with self._changed:
                self._opening -= 1
                self._changed.notify_all()
            if gate.stopped and isinstance(error, (EngineError, UserError)):
                raise LendStopped("stopped while connecting") from error
            raise
        session = Session(connection, owner)
        wanted = gate.over()
        with self._changed:
            self._opening -= 1
            kept = wanted and not self._closed
            if kept:
                self._sessions.append(session)
            else:
                self._changed.notify_all()
        if kept:
            return session
        self._close_quietly(session)
        if wanted:
            raise self._closed_error()
        raise LendStopped("stopped while connecting")

    def give_back(self, session: Session) -> None:
        """The worker is done with it; it stays its owner's. Discarded: only closes it."""
        if session.discarded:
            self._close_quietly(session)
            return
        with self._changed:
            session.lent = False
            self._changed.notify_all()

    def discard(self, session: Session, *, replace: bool = True) -> None:
        """Remove a session that cannot be trusted, let it go, and `replenish`.

        Twice is once. A lent session may have a call running: it is abandoned, which never
        blocks, and closed when it is given back; another one is closed here. Blocks as long
        as a replacement takes to connect, and not at all without `replace`.
        """
        with self._changed:
            if session.discarded:
                return
            session.discarded = True
            in_use = session.lent
            if session in self._sessions:
                self._sessions.remove(session)
            self._changed.notify_all()
        log.warning("session of %s discarded", self.name)
        session.connection.abandon()
        if not in_use:
            self._close_quietly(session)
        if replace:
            self.replenish()

    def replenish(self) -> None:
        """Open sessions nobody owns yet until there are `minimum`. Blocks.

        Gives up when one cannot be opened: the next `lend` meets the same error, and shows
        it to whoever runs a query.
        """
        while self._reserve_place():
            if not self._open_spare():
                return

    def release(self, owner: str) -> None:
        """The owner is gone: close its sessions (open transactions roll back). Blocks."""
        with self._changed:
            gone = [s for s in self._sessions if s.owner == owner]
            for session in gone:
                self._sessions.remove(session)
                session.discarded = True
            self._changed.notify_all()
        for session in gone:
            if session.lent:
                session.connection.abandon()
            else:
                self._close_quietly(session)

    def close(self) -> None:
        """Close every session; those with a call running are abandoned. Blocks."""
        with self._changed:
            self._closed = True
            owners = {session.owner for session in self._sessions}
            self._changed.notify_all()
        for owner in owners:
            self.release(owner)

    def session_of(self, owner: str) -> Session | None:
        """The owner's session, or None. Any thread; no I/O."""
        with self._changed:
            return next((s for s in self._sessions if s.owner == owner), None)

    def __len__(self) -> int:
        return len(self._sessions)

    def _wait_for_place(self, owner: str, gate: ConnectGate) -> Session | None:
        """A session to lend, or None when there is room to open one. Lock held."""
        free: list[Session] = []

        def ready() -> bool:
            mine = [s for s in self._sessions if s.owner == owner]
            candidates = mine or [s for s in self._sessions if not s.owner]
            free[:] = [s for s in candidates if not s.lent]
            if free or gate.stopped or self._closed:
                return True
            return not mine and len(self._sessions) + self._opening < self.maximum

        in_time = self._changed.wait_for(ready, gate.timeout_s)
        if self._closed:
            raise self._closed_error()
        if gate.stopped and not free:
            raise LendStopped("stopped while waiting for a session")
        if not in_time:
            own = any(s.owner == owner for s in self._sessions)
            busy = "The session of this tab" if own else f"All {self.maximum} sessions"
            raise UserError(
                "No session free",
                f"{busy} of {self.name} did not come free in {gate.timeout_s:g} s; nothing was "
                "run. Stop what runs there, or close a tab, and run again.",
            )
        if not free:
            return None
        free[0].lent, free[0].owner = True, owner
        return free[0]

    def _connect(self, gate: ConnectAttempt) -> Connection:
        return self.spec.connect(self.target, gate)

    def _reserve_place(self) -> bool:
        """Is there a session short of the minimum? Its place counts from now on."""
        with self._changed:
            open_or_opening = len(self._sessions) + self._opening
            if self._closed or open_or_opening >= min(self.minimum, self.maximum):
                return False
            self._opening += 1
            return True

    def _open_spare(self) -> bool:
        """Open a session into a place that is counted already."""
        session = None
        try:
            session = Session(self._connect(ConnectGate(self.connect_timeout_s)), "", lent=False)
        except (EngineError, UserError) as error:
            log.warning("%s could not be replenished: %s", self.name, error)
        finally:
            with self._changed:
                self._opening -= 1
                kept = session is not None and not self._closed
                if session is not None and kept:
                    self._sessions.append(session)
                self._changed.notify_all()
        if session is not None and not kept:
            self._close_quietly(session)
        return kept

    def _closed_error(self) -> UserError:
        return UserError(
            "Connection closed", f"{self.name} was closed; nothing was run. Connect again."
        )

    def _close_quietly(self, session: Session) -> None:
        try:
            session.connection.close()
        except EngineError as error:
            # It is leaving anyway; its end is logged, not shown.
            log.warning("closing a session of %s: %s", self.name, error)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
