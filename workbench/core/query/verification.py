"""After a stop: was the statement seen gone? Decides a receipt's outcome, and nothing else.

Runs on the ladder's loop; asks the engine through `blocking`, within a deadline. What could
not be seen is never called stopped.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from workbench.core.adapter.contract import Canceller, Rung, RungName, Verification
from workbench.core.clock import Clock
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import SessionFate, StopOutcome
from workbench.core.query.state import State

log = logging.getLogger(__name__)

T = TypeVar("T")

# A server may list a statement for an instant after it has ended: look again after so long.
LOOK_EVERY_S = 0.05


class Blocking(Protocol):
    """Runs a call that blocks on a control thread; the coroutine awaits its result."""

    def __call__(self, call: Callable[[], T], /) -> "asyncio.Future[T]":
        """Run `call` elsewhere; raises what it raises."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt says of the outcome, of having seen it, and of the session."""

    outcome: StopOutcome
    verified: bool | None
    session: SessionFate


class Verifier:
    """Judges one stop, after its query's end."""

    def __init__(
        self, handle: QueryHandle, blocking: Blocking, clock: Clock, deadline_s: float
    ) -> None:
        self._handle = handle
        self._blocking = blocking
        self._clock = clock
        self._deadline_s = deadline_s

    async def judge(self, *, denied: bool, rung: Rung | None, forced: bool) -> Verdict:
        """The outcome; looks at the engine where the run's own end does not tell.

        `forced`: the end was written by the ladder, while the run was somewhere.
        """
        session = self._handle.session
        replaced = session is not None and session.discarded
        fate = SessionFate.REPLACED if replaced else SessionFate.ALIVE
        end = self._handle.end
        if end is None:
            return Verdict(StopOutcome.UNCONFIRMED, None, fate)
        if end.state is not State.CANCELLED:
            if isinstance(end.error, EngineError) and end.error.kind is ErrorKind.CONNECTION_LOST:
                return Verdict(StopOutcome.FAILED, None, fate)
            if denied:
                return Verdict(StopOutcome.DENIED, None, fate)
            return Verdict(StopOutcome.FINISHED_FIRST, True, fate)
        # We let go of an abandoned one and wait for it no longer; seen gone is seen gone.
        let_go = rung is not None and rung.name is RungName.ABANDON
        if forced and session is None:
            return Verdict(StopOutcome.UNCONFIRMED, None, fate)  # it is connecting still
        verified = await self._look(once=let_go)
        outcome = StopOutcome.STOPPED if verified else StopOutcome.UNCONFIRMED
        return Verdict(outcome, verified, fate)

    async def _look(self, *, once: bool) -> bool | None:
        """Ask the engine until the statement is gone or the deadline passes."""
        session = self._handle.session
        if session is None:
            return True  # it never reached an engine: there is nothing that could run on
        if self._handle.pool.spec.capabilities.verification is Verification.NEVER:
            return None
        canceller = session.connection.canceller()
        deadline = self._clock.monotonic() + self._deadline_s
        while True:
            running = await self._ask(canceller, max(0.01, deadline - self._clock.monotonic()))
            if running is None:
                return None
            if not running:
                return True
            if once or self._clock.monotonic() >= deadline:
                return False
            await asyncio.sleep(LOOK_EVERY_S)

    async def _ask(self, canceller: Canceller, left_s: float) -> bool | None:
        attempt = self._handle.id
        try:
            return await asyncio.wait_for(
                self._blocking(lambda: canceller.still_running(attempt)), left_s
            )
        except (TimeoutError, EngineError) as error:
            log.warning("%s: could not look whether it is gone: %s", attempt, error)
            return None
