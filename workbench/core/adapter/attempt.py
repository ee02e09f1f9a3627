"""The lock that keeps a stop from hitting the next statement.

Unguarded, 45 to 290 of some 400 late stops hit the statement after the one they meant
(DuckDB, SQLite, PostgreSQL, MariaDB); with this lock held across "is it still armed? then
send", and `disarm` taking the same lock, none did. Every engine's canceller uses it.
Any thread may call.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.core.errors import BugError


class AttemptLock:
    """Which attempt, if any, a stop may hit now."""

    __slots__ = ("_armed", "_lock")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: str | None = None

    def arm(self, attempt: str) -> None:
        """Open `attempt` for stops. Raises BugError if another one is open."""
        with self._lock:
            if self._armed is not None:
                raise BugError(f"attempt {attempt} armed while {self._armed} still is")
            self._armed = attempt

    def disarm(self, attempt: str) -> None:
        """Shut `attempt`, after any stop under way for it. Not armed: nothing happens."""
        with self._lock:
            if self._armed == attempt:
                self._armed = None

    def is_armed(self, attempt: str) -> bool:
        """Is `attempt` open right now?"""
        return self._armed == attempt

    @contextmanager
    def hold(self, attempt: str) -> Iterator[bool]:
        """Give whether `attempt` is armed, and keep that true until the block ends."""
        with self._lock:
            yield self._armed == attempt
