"""The way out of a connection attempt: what a connecting engine looks at, and who wakes it.

The contract's `ConnectAttempt`. Any thread may call. It is over when the session is there:
what the engine left with `on_stop` is dropped, for it would hit whatever runs on that
session then (an `interrupt` knows no attempt).
"""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class ConnectGate:
    """One attempt to get a session. `timeout_s` is for the whole of it."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._lock = threading.RLock()
        self._stopped = False
        self._aborts: list[Callable[[], None]] = []

    @property
    def stopped(self) -> bool:
        """Has somebody asked to give up?"""
        return self._stopped

    def on_stop(self, abort: Callable[[], None]) -> None:
        """Call `abort` when a stop comes; at once if it came already. It must not block."""
        with self._lock:
            if self._stopped:
                _call(abort)
            else:
                self._aborts.append(abort)

    def stop(self) -> None:
        """Give up: wake whatever `connect` waits in. Twice is once."""
        with self._lock:
            self._stopped = True
            aborts, self._aborts = self._aborts, []
            for abort in aborts:
                _call(abort)

    def over(self) -> bool:
        """The attempt is over: no stop reaches it from now on. False if one came before.

        Waits out a stop that is being sent.
        """
        with self._lock:
            self._aborts = []
            return not self._stopped


def _call(abort: Callable[[], None]) -> None:
    try:
        abort()
    # A driver may raise anything of its own when the attempt fails in this very moment;
    # that it is to give up is known from `stopped` all the same.
    except Exception:
        log.debug("waking a connection attempt failed", exc_info=True)
