"""Time, passed in wherever a decision depends on it.

`monotonic` (seconds) measures; `wall` (seconds since the epoch, UTC) dates. Pure modules
(`query/state.py`, `query/watchdog.py`) take a number instead and read no clock at all.
Any thread may call.
"""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What a part that measures time asks for; tests hand in a clock they can move."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        ...

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...


class SystemClock:
    """The machine's clocks."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()


@dataclass(slots=True)
class ManualClock:
    """A clock that moves when told: for tests of timeouts and deadlines."""

    now: float = 0.0
    epoch: float = 1_700_000_000.0

    def monotonic(self) -> float:
        """Seconds since the clock was made, as moved by `advance`."""
        return self.now

    def wall(self) -> float:
        """`epoch` plus what `advance` added."""
        return self.epoch + self.now

    def advance(self, seconds: float) -> None:
        """Move both clocks on by `seconds`."""
        self.now += seconds
