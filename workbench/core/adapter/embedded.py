"""What engines that run inside this process share: stopping them, and letting them go.

An embedded engine has no server to ask: "it has ended" is its call having returned. The
canceller may be used from any thread; the gate belongs to the session, whose thread enters
it for each driver call, while `abandon` may come from any other.

Nothing here can end a statement that does not listen to its interrupt: only the process's
own end would, and that is not ours to give.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, TypeVar

from workbench.core.adapter import held
from workbench.core.adapter.attempt import AttemptLock
from workbench.core.adapter.contract import Canceller, Rung, RungName, StopReply, Transaction
from workbench.core.adapter.names import first_word
from workbench.core.errors import EngineError, ErrorKind

T = TypeVar("T")

ABANDON = Rung(
    RungName.ABANDON,
    "Abandon the session",
    "the statement runs on inside Workbench, and keeps its locks, until it ends by itself; "
    "its session, with the transaction and temporary tables, is thrown away",
    asks=True,
)


class EmbeddedCanceller:
    """Stops one embedded session. Any thread, except `arm`, `disarm` and `wait_for_stop`.

    `interrupt` is the driver's own call: cheap, harmless on an idle session, and repeatable.
    """

    def __init__(
        self, title: str, price: str, interrupt: Callable[[], None], abandon: Callable[[], None]
    ) -> None:
        self._rungs = (Rung(RungName.INTERRUPT, title, price), ABANDON)
        self._attempt = AttemptLock()
        self._interrupt = interrupt
        self._abandon = abandon
        self._stop_came = threading.Event()
        self._applied = False

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """Interrupt, then abandon."""
        return self._rungs

    def arm(self, attempt: str) -> None:
        """Open `attempt` for stops. Session's thread."""
        self._stop_came.clear()
        self._applied = False
        self._attempt.arm(attempt)

    def disarm(self, attempt: str) -> None:
        """Shut it; waits out a stop that is being sent. Session's thread."""
        self._attempt.disarm(attempt)
        self._stop_came.clear()

    def stop(self, rung: RungName, attempt: str) -> StopReply:
        """Interrupt, or abandon, what `attempt` runs, if it is still armed."""
        with self._attempt.hold(attempt) as armed:
            if not armed:
                return StopReply.FINISHED_FIRST
            self._stop_came.set()
            if rung is RungName.ABANDON:
                self._abandon()
            elif not self._applied:
                self._interrupt()
            return StopReply.SENT

    def applied(self) -> None:
        """The statement's change stands, only its rows are still to be read (RETURNING).

        An interrupt would now make it look stopped, so none is sent any more; returns when
        none is under way. Session's thread.
        """
        with self._attempt.hold(""):
            self._applied = True

    def still_running(self, attempt: str) -> bool | None:
        """True until the engine's call has returned and the worker has disarmed."""
        return self._attempt.is_armed(attempt)

    def wait_for_stop(self, seconds: float) -> bool:
        """Wait until a stop for the armed attempt comes; False when none did. Blocks."""
        return self._stop_came.wait(seconds)


class SessionGate:
    """Keeps `close` away from a driver call that is under way on another thread.

    A context manager around each driver call. After `abandon` the next entry raises
    EngineError(kind=CONNECTION_LOST), and a call that was under way closes the session when
    it returns. `close` is the driver's and runs once, on the session's thread.
    """

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close
        self._lock = threading.Lock()
        self._depth = 0
        self._abandoned = False
        self._closed = False
        self._when_closed: Callable[[], None] | None = None

    def __enter__(self) -> None:
        with self._lock:
            if self._abandoned or self._closed:
                raise EngineError(
                    "This session was closed.", code="CLOSED", kind=ErrorKind.CONNECTION_LOST
                )
            self._depth += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._depth -= 1
            orphaned = self._abandoned and self._depth == 0
        if orphaned:
            self.close()

    def abandon(self) -> None:
        """Let the session go without touching the driver. Any thread; never blocks."""
        with self._lock:
            self._abandoned = True

    def close(self) -> None:
        """Close the session if it is open. Session's thread. Blocks."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        try:
            self._close()
        finally:
            if self._when_closed is not None:
                self._when_closed()

    def when_closed(self, call: Callable[[], None]) -> None:
        """Call `call` after the driver's close, on its thread. Before the session is used."""
        self._when_closed = call


class OpenCursor(Protocol):
    """What a session must know of the cursor it gave out last."""

    @property
    def is_open(self) -> bool:
        """Does a half-read result hold the connection?"""
        ...

    def close(self) -> None:
        """Let go of the result."""
        ...


@dataclass(frozen=True, slots=True)
class Driver:
    """What a session needs of its driver: who it is, two calls, and what its errors mean.

    `translate` makes an EngineError of one of `errors`, raised by a statement's text.
    """

    server: str
    interrupt: Callable[[], None]
    close: Callable[[], None]
    errors: tuple[type[Exception], ...]
    translate: Callable[[Exception, str], EngineError]


class EmbeddedSession:
    """The part of a Connection that is alike for engines in this process.

    The engine's class adds `execute`, `children` and the two hooks below. Session's thread,
    except `canceller`, `progress`, `stop_keeps_transaction` and `abandon`.
    """

    def __init__(self, driver: Driver, title: str, price: str) -> None:
        self._driver = driver
        self._gate = SessionGate(driver.close)
        self._stops = EmbeddedCanceller(title, price, self._interrupt, self.abandon)
        self._autocommit = True
        self._cursor: OpenCursor | None = None
        self._state = Transaction.NONE
        self._stale = False

    def hold(self, release: Callable[[], None]) -> None:
        """It holds its file from now on: `release` is called once it is closed."""
        self._gate.when_closed(release)

    def _read_state(self) -> Transaction:
        """Ask the database for the transaction's state."""
        raise NotImplementedError

    def _control(self, sql: str) -> None:
        """Run BEGIN, COMMIT or ROLLBACK."""
        raise NotImplementedError

    @property
    def server(self) -> str:
        """The library's version: embedded, it is the server's."""
        return self._driver.server

    @property
    def transaction(self) -> Transaction:
        """Asked of the database, unless nothing ran since the last time or a result is open."""
        if self._stale and not (self._cursor is not None and self._cursor.is_open):
            with self._gate:
                self._state = self._read_state()
            self._stale = False
        return self._state

    @property
    def stop_keeps_transaction(self) -> bool:
        """Would a transaction survive a stop of what runs? Any thread."""
        return False

    def progress(self) -> float | None:
        """How much of the statement is done, where the engine knows it. Any thread."""
        return None

    def set_autocommit(self, on: bool) -> None:
        """Off: the next statement outside a transaction begins one."""
        self._autocommit = on

    def commit(self) -> None:
        """Commit. Raises EngineError, after rolling back, where the work is lost already."""
        self._close_cursor()
        state = self.transaction
        self._stale = True
        if state is Transaction.FAILED:
            self._control("ROLLBACK")
            raise work_lost()
        if state is Transaction.ACTIVE:
            self._control("COMMIT")

    def rollback(self) -> None:
        """Roll back; without a transaction do nothing."""
        self._close_cursor()
        if self.transaction is not Transaction.NONE:
            self._stale = True
            self._control("ROLLBACK")

    def canceller(self) -> Canceller:
        """The session's canceller, always the same. Any thread."""
        return self._stops

    def close(self) -> None:
        """Close the session; what it left open is rolled back. Twice is once."""
        self._close_cursor()
        self._gate.close()

    def abandon(self) -> None:
        """Interrupt once more and let go; the session closes when its call returns."""
        self._gate.abandon()
        self._interrupt()

    def _prepare(self, belongs_in_one: bool) -> None:
        """Make ready for a statement: with autocommit off it may need a transaction."""
        if not self._autocommit and belongs_in_one and self.transaction is Transaction.NONE:
            self._control("BEGIN")
        self._stale = True

    def _refuse_lost_commit(self, text: str) -> None:
        """For a typed COMMIT, where the engine would drop the work without a word."""
        if first_word(text) in ("COMMIT", "END") and self.transaction is Transaction.FAILED:
            self._stale = True
            self._control("ROLLBACK")
            raise work_lost()

    @contextmanager
    def _translated(self, text: str) -> Iterator[None]:
        """Hold the gate, and raise what the driver raises as an EngineError about `text`."""
        _check_encodable(text)
        with self._gate:
            try:
                yield
            except self._driver.errors as error:
                raise self._driver.translate(error, text) from error

    def _patiently(
        self, run: Callable[[], T], is_locked: Callable[[Exception], bool], seconds: float
    ) -> T:
        """Run what fails at once on a lock, again and again until `seconds` are over.

        A stop ends the wait: a driver's own wait for a lock often cannot be interrupted.
        """
        deadline, pause = time.monotonic() + seconds, 0.001
        while True:
            try:
                return run()
            except self._driver.errors as error:
                if not is_locked(error) or time.monotonic() >= deadline:
                    raise
            if self._stops.wait_for_stop(pause):
                message = "Interrupted while waiting for a lock."
                raise EngineError(message, code="INTERRUPT", kind=ErrorKind.STOPPED)
            pause = min(pause * 2, 0.05)

    def _interrupt(self) -> None:
        try:
            self._driver.interrupt()
        except self._driver.errors:
            return  # closed meanwhile: nothing runs there any more

    def _close_cursor(self) -> None:
        """Let go of the last result: an open one is in the way of whatever comes next."""
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None


S = TypeVar("S", bound=EmbeddedSession)


def holding(path: Path | None, magic: tuple[int, bytes], connect: Callable[[], S]) -> S:
    """The session of `connect`, with its file (None: memory) held while it lives. Blocks."""
    if path is None:
        return connect()
    release = held.hold(path, magic)
    try:
        session = connect()
    except BaseException:
        release()
        raise
    session.hold(release)
    return session


def work_lost() -> EngineError:
    """For a commit that finds its transaction aborted, once that is rolled back."""
    return EngineError(
        "Nothing was committed: the database had aborted the transaction, and its work is lost.",
        code="TRANSACTION",
        hint="It is rolled back; run its statements again.",
    )


def _check_encodable(text: str) -> None:
    """Raise EngineError if `text` cannot be UTF-8: a driver would say a TypeError."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise EngineError(
            "The statement holds half of a surrogate pair, which is no character.",
            code="ENCODING",
            position=error.start,
        ) from error
