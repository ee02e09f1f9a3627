"""How many bytes of results the process may keep in RAM, shared by all result sets.

A counter and nothing more: it never frees anything itself. The writer of a result set takes
bytes as batches arrive and, when that puts the whole over the limit, spills its own oldest
batches and gives their bytes back. Any thread may call.
"""

import threading

DEFAULT_LIMIT = 256 * 1024 * 1024


class MemoryBudget:
    """Bytes in use against a limit. `limit` is in bytes."""

    __slots__ = ("_lock", "_used", "limit")

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._used = 0

    @property
    def used(self) -> int:
        """Bytes taken and not given back."""
        return self._used

    @property
    def exceeded(self) -> bool:
        """Is more taken than the limit allows?"""
        return self._used > self.limit

    def take(self, size: int) -> None:
        """Count `size` more bytes. Never refuses: the taker looks at `exceeded` and spills."""
        with self._lock:
            self._used += size

    def give_back(self, size: int) -> None:
        """Count `size` fewer bytes."""
        with self._lock:
            self._used -= size
