"""One query: what was asked, where, and how to wait for its end.

Made by `queries.py`, registered before anything else happens to it. Any thread may read it
and wait for it; only the runner and whoever stops it write to it. It never blocks, except
in `wait` and `split`, and decides nothing: which end counts is the registry's to say.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.core.adapter.contract import Connection, Statement
from workbench.core.query.events import RunEnded, Stake
from workbench.core.query.gate import ConnectGate
from workbench.core.query.receipt import CancelReceipt, StopReason
from workbench.core.query.registry import Kind
from workbench.core.sql.split import piece_at, split

if TYPE_CHECKING:
    from workbench.core.query.pool import Session, SessionPool


@dataclass(slots=True)
class Tally:
    """What a run has brought so far. Only its worker writes; any thread may read.

    `failed_at` is where the running statement begins in the tab's script.
    """

    rows: int = 0
    statements: int = 0
    results: int = 0
    first_row_at: float | None = None
    failed_at: int = 0
    note: str = ""


@dataclass(eq=False, slots=True)
class QueryHandle:
    """A query from the moment it is asked for until its receipt is written.

    `work` is None for a script; else a function of the session's connection (a catalog
    load, a commit) that runs in place of statements, and `outcome` keeps what it returned.
    `offset` places `text` in the tab's script; `caret` (in `text`) picks one of its
    statements, None means all. `rollback_after_stop` is the user's choice
    in the transaction dialog. `delivering` is held while a stop is handed to the engine and
    its answer entered: the runner passes through it before it says how a statement ended.
    """

    id: str
    text: str
    pool: "SessionPool"
    tab: str
    kind: Kind = Kind.QUERY
    offset: int = 0
    caret: int | None = None
    statements: tuple[Statement, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    autocommit: bool = True
    timeout_s: float | None = None
    work: Callable[[Connection], object] | None = None
    outcome: object = None
    created_at: float = 0.0
    started_at: float | None = None
    rollback_after_stop: bool = True
    session_let_go: bool = False  # we ended the session ourselves: its loss is the stop
    session: "Session | None" = None
    end: RunEnded | None = None
    receipt: CancelReceipt | None = None
    gate: ConnectGate = field(default_factory=lambda: ConnectGate(15.0))
    stop_reason: StopReason | None = None
    stop_requested_at: float | None = None
    tally: Tally = field(default_factory=Tally)
    delivering: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _on_end: list[Callable[[], None]] = field(default_factory=list)

    @property
    def stop_requested(self) -> bool:
        """Has a stop been asked for? The fetch loop reads this between batches."""
        return self._stop.is_set()

    @property
    def ended(self) -> bool:
        """Has the run ended (the receipt may still be on its way)?"""
        return self._ended.is_set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the run has ended; False when `timeout_s` passed first. Blocks."""
        return self._ended.wait(timeout_s)

    def split(self) -> None:
        """Take the text apart into statements. A 5 MB script takes a second: on a worker.

        With a `caret` only the statement there is meant, and becomes the text.
        """
        if self.work is not None:
            return
        pieces = self._pieces()
        if self.caret is not None and pieces:
            self.text, self.offset = pieces[0].text, self.offset + pieces[0].offset
            pieces = (Statement(self.text),)
        self.statements = tuple(
            Statement(p.text, p.offset + self.offset, self.parameters) for p in pieces
        )

    def _pieces(self) -> tuple[Statement, ...]:
        spec = self.pool.spec
        if spec.split is None and self.caret is None:
            return tuple(Statement(p.text, p.start) for p in split(self.text, spec.dialect))
        if spec.split is None:
            piece = piece_at(self.text, self.caret or 0, spec.dialect)
            return () if piece is None else (Statement(piece.text, piece.start),)
        pieces = spec.split(self.text)
        if self.caret is None:
            return pieces
        before = [piece for piece in pieces if piece.offset <= self.caret]
        return tuple(before[-1:] or pieces[:1])

    def flag_stop(self, reason: StopReason, now: float) -> None:
        """Raise the flag between batches and wake a connection attempt. For the ladder."""
        if not self._stop.is_set():
            self.stop_reason, self.stop_requested_at = reason, now
        self._stop.set()
        self.gate.stop()

    def when_ended(self, call: Callable[[], None]) -> None:
        """Call `call` once, on the thread on which the run ends; at once if it has.

        `call` must neither block nor raise.
        """
        with self._lock:
            if not self._ended.is_set():
                self._on_end.append(call)
                return
        call()

    def finish(self, end: RunEnded) -> None:
        """Record the end and wake all who wait. For whoever won the final move."""
        with self._lock:
            self.end = end
            self._ended.set()
            calls, self._on_end = self._on_end, []
        for call in calls:
            call()

    @property
    def stake(self) -> Stake:
        """What a stop would put at risk now. Any thread; no I/O."""
        session = self.session
        return session.stake if session else Stake()

    @property
    def stop_keeps_transaction(self) -> bool:
        """Would an open transaction survive a stop now? Any thread; no I/O."""
        session = self.session
        return session is not None and session.connection.stop_keeps_transaction
