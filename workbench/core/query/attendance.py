"""Who is at work on stopping which query: at most one ladder each.

`join` and `leave` belong to the event loop's thread, the rest may be called on any. It
starts nothing and stops nothing.
"""

import threading
from typing import Generic, Protocol, TypeVar


class Attending(Protocol):
    """What stops one query."""

    @property
    def query(self) -> str:
        """The id of the query it stops."""
        ...


A = TypeVar("A", bound=Attending)


class Attendance(Generic[A]):
    """The ladders at work, by query."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work: dict[str, A] = {}

    def join(self, ladder: A) -> A:
        """Put `ladder` in charge of its query, unless one is; gives the one that is."""
        with self._lock:
            return self._at_work.setdefault(ladder.query, ladder)

    def leave(self, ladder: A) -> None:
        """It is done: the next one may take over."""
        with self._lock:
            if self._at_work.get(ladder.query) is ladder:
                del self._at_work[ladder.query]

    def of(self, query: str) -> A | None:
        """The ladder in charge of `query`, or None."""
        return self._at_work.get(query)

    def queries(self) -> frozenset[str]:
        """The queries that somebody stops right now."""
        with self._lock:
            return frozenset(self._at_work)
