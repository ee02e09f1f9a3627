"""Every live query of the process, without exception.

An entry is made before anything else happens to a query and goes when it has ended. Each
change of state is one compare-and-set under the registry's lock, so a query is published
or accepted for stopping, never both. Any thread may call; nothing here blocks, and no
listener is ever called while the lock is held.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.core.clock import Clock, SystemClock
from workbench.core.errors import BugError
from workbench.core.query.receipt import StopReason
from workbench.core.query.state import IllegalMove, Move, State, transition

log = logging.getLogger(__name__)

PREVIEW_CHARS = 80
# Stops that named a query nobody had registered: so many are remembered, since one of them
# may be about to be registered (ids are never used again, so the others do no harm).
EARLY_STOPS = 256


class Kind(StrEnum):
    """What a live entry is doing."""

    QUERY = "query"
    CATALOG = "catalog"
    TRANSACTION = "transaction"  # a commit or rollback by button
    CONNECT = "connect"
    CLEANUP = "cleanup"  # exempt from the clean-up of stale entries

    @property
    def changes_transaction(self) -> bool:
        """May it change its session's transaction?"""
        return self in (Kind.QUERY, Kind.TRANSACTION)


@dataclass(frozen=True, slots=True)
class Entry:
    """One live query. At most 1 KB with all it holds (tests/unit/query measures it).

    `queued_at` and `started_at` are monotonic seconds; `started_at` is None until a worker
    has it. `accepted`: a stop has won, and a normal end will not be published.
    """

    id: str
    kind: Kind
    tab: str
    connection: str
    preview: str
    queued_at: float
    state: State = State.QUEUED
    started_at: float | None = None
    thread: int | None = None
    reason: StopReason | None = None
    stop_at: float | None = None
    timeout_s: float | None = None
    accepted: bool = False


class StopAnswer(StrEnum):
    """What `request_stop` found."""

    NEVER_STARTED = "never_started"  # it was queued: it is CANCELLED and will not run
    STOPPING = "stopping"  # this call made it CANCELLING
    ALREADY = "already"  # it is CANCELLING since an earlier call
    GONE = "gone"  # it had ended, or was not registered yet: then it will never start


def preview(text: str) -> str:
    """The first PREVIEW_CHARS characters of `text` on one line."""
    head = " ".join(text[: PREVIEW_CHARS * 4].split())
    return head if len(head) <= PREVIEW_CHARS else head[: PREVIEW_CHARS - 1] + "…"


Listener = Callable[[Entry], None]


class Registry:
    """The live queries, by id."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._live: dict[str, Entry] = {}
        self._listeners: list[Listener] = []
        self._early: deque[tuple[str, StopReason]] = deque(maxlen=EARLY_STOPS)

    def register(self, entry: Entry) -> bool:
        """Enter a queued query. False when a stop for it came before: it is CANCELLED.

        Raises BugError if its id is live already.
        """
        with self._lock:
            if entry.id in self._live:
                raise BugError(f"query {entry.id} registered twice")
            reason = next((why for query, why in self._early if query == entry.id), None)
            if reason is None:
                self._live[entry.id] = entry
            else:
                stopped = transition(entry.state, Move.STOP)
                now = self._clock.monotonic()
                entry = replace(entry, state=stopped, reason=reason, stop_at=now)
        log.info("register %s %s tab=%s %s", entry.id, entry.kind, entry.tab, entry.connection)
        if entry.state.final:
            log.info("end %s %s", entry.id, entry.state)
        self._tell(entry)
        return not entry.state.final

    def start(self, query: str) -> bool:
        """A worker takes it: True, or False when a stop came first (or it is gone)."""
        now, thread = self._clock.monotonic(), threading.get_ident()
        return self._move(query, Move.START, started_at=now, thread=thread) is not None

    def request_stop(self, query: str, reason: StopReason) -> StopAnswer:
        """Ask for a stop. A queued query ends here and leaves the registry."""
        with self._lock:
            entry = self._live.get(query)
            if entry is None:
                self._early.append((query, reason))
                return StopAnswer.GONE
            if entry.state is State.CANCELLING:
                return StopAnswer.ALREADY
            never_started = entry.state is State.QUEUED
            entry = replace(
                entry,
                state=transition(entry.state, Move.STOP),
                reason=reason,
                stop_at=self._clock.monotonic(),
            )
            self._put(entry)
        log.info("stop %s reason=%s", query, reason)
        if never_started:
            log.info("end %s %s", query, entry.state)
        self._tell(entry)
        return StopAnswer.NEVER_STARTED if never_started else StopAnswer.STOPPING

    def accept_stop(self, query: str) -> bool:
        """The publication point, from the stop's side: from here on no normal end counts.

        True if `query` is CANCELLING (now accepted), False when its end was published first.
        """
        with self._lock:
            entry = self._live.get(query)
            if entry is None or entry.state is not State.CANCELLING:
                return False
            self._live[query] = replace(entry, accepted=True)
            return True

    def publish(self, query: str) -> bool:
        """The publication point, from the run's side: SUCCESS, unless a stop was accepted."""
        return self._move(query, Move.FINISH) is not None

    def fail(self, query: str) -> bool:
        """It ended with an error of its own. False if it had ended already."""
        return self._move(query, Move.FAIL) is not None

    def confirm(self, query: str) -> bool:
        """It ended by the stop. False if it had ended already, or no stop was asked for."""
        return self._move(query, Move.CONFIRM) is not None

    def force(self, query: str) -> bool:
        """Nobody waits any longer: CANCELLED, unconfirmed. False if it had ended."""
        forced = self._move(query, Move.FORCE) is not None
        if forced:
            log.warning("forced %s to CANCELLED: nobody saw it end", query)
        return forced

    def get(self, query: str) -> Entry | None:
        """The live entry, or None."""
        return self._live.get(query)

    def live(self) -> tuple[Entry, ...]:
        """All live entries, oldest first."""
        with self._lock:
            return tuple(self._live.values())

    def __len__(self) -> int:
        return len(self._live)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(entry)` after each change, on the thread that made it.

        A final entry is one that has just left. Two threads may tell of one query in either
        order; `live()` is what counts. Gives the function that ends it; twice is once.
        """
        with self._lock:
            self._listeners = [*self._listeners, listener]

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = [each for each in self._listeners if each is not listener]

        return unsubscribe

    def _move(
        self,
        query: str,
        move: Move,
        *,
        started_at: float | None = None,
        thread: int | None = None,
    ) -> Entry | None:
        with self._lock:
            entry = self._live.get(query)
            if entry is None or (move is Move.FINISH and entry.accepted):
                return None
            try:
                state = transition(entry.state, move)
            except IllegalMove:
                return None
            entry = replace(
                entry,
                state=state,
                started_at=entry.started_at if started_at is None else started_at,
                thread=entry.thread if thread is None else thread,
            )
            self._put(entry)
        if state.final:
            log.info("end %s %s", query, state)
        self._tell(entry)
        return entry

    def _put(self, entry: Entry) -> None:
        if entry.state.final:
            del self._live[entry.id]
        else:
            self._live[entry.id] = entry

    def _tell(self, entry: Entry) -> None:
        for listener in self._listeners:
            try:
                listener(entry)
            # Whoever watches must not break the query: its state has moved already, and
            # whatever the listener raised, the run's end is still to be told.
            except Exception:
                log.exception("a listener failed at %s %s", entry.id, entry.state)
