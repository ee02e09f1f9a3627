"""What to do about queries that go wrong: decided here, carried out elsewhere.

`tick` is pure: it reads no clock, sleeps never, does no I/O. `Watchdog` is one per process,
whatever is constructed twice: it remembers what it has handed out, so that two windows (or
a window built twice) never act twice on one query. It ticks on the window's timer or the
command line's loop; any thread may call.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from workbench.core.query.registry import Entry, Kind
from workbench.core.query.state import State


class Act(StrEnum):
    """What is to be done to a query."""

    TIME_OUT = "time_out"  # stop it: its time is over
    FORCE = "force"  # it is CANCELLING, nobody attends to it, and its deadline is over
    DROP = "drop"  # its worker is gone: the entry is stale
    ALERT = "alert"  # it runs for long: say so, once


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do, once."""

    act: Act
    query: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds after which the watchdog acts."""

    overdue_s: float = 10.0
    long_run_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What the watchdog is shown: `threads` are alive, `attended` queries have a ladder."""

    entries: tuple[Entry, ...]
    threads: frozenset[int]
    attended: frozenset[str] = frozenset()


def tick(now: float, sight: Sight, limits: Limits) -> tuple[Action, ...]:
    """All that is due at `now` (monotonic seconds), whether handed out before or not."""
    return tuple(
        Action(act, entry.id) for entry in sight.entries for act in _due(now, entry, sight, limits)
    )


def _due(now: float, entry: Entry, sight: Sight, limits: Limits) -> Iterable[Act]:
    if entry.kind is Kind.CLEANUP:
        # Clean-up may rightly outlive every limit; stopping it would leave the mess.
        return
    if entry.thread is not None and entry.thread not in sight.threads:
        yield Act.DROP
        return
    if entry.state is State.CANCELLING:
        asked = entry.stop_at if entry.stop_at is not None else now
        if entry.id not in sight.attended and now - asked >= limits.overdue_s:
            yield Act.FORCE
        return
    if entry.started_at is None:
        return
    running = now - entry.started_at
    if entry.timeout_s and running >= entry.timeout_s:
        yield Act.TIME_OUT
    elif running >= limits.long_run_s:
        yield Act.ALERT


class Watchdog:
    """The process's one watchdog: constructing it again gives the same."""

    _one: "Watchdog | None" = None
    _making = threading.Lock()
    _lock: threading.Lock
    _handed_out: set[Action]

    def __new__(cls) -> Self:
        """The one there is, or the first."""
        with cls._making:
            if cls._one is None:
                made = super().__new__(cls)
                made._lock = threading.Lock()
                made._handed_out = set()
                cls._one = made
            one = cls._one
            assert isinstance(one, cls)
            return one

    def due(self, now: float, sight: Sight, limits: Limits) -> tuple[Action, ...]:
        """What is due at `now` and was not handed out before."""
        actions = tick(now, sight, limits)
        with self._lock:
            fresh = tuple(action for action in actions if action not in self._handed_out)
            self._handed_out.update(fresh)
        return fresh

    def forget(self, query: str) -> None:
        """The query has ended: nothing is remembered of it."""
        with self._lock:
            self._handed_out = {a for a in self._handed_out if a.query != query}
