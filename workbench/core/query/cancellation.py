"""The ladder: stops one query, rung by rung, and writes its receipt.

A coroutine, so that waiting for a person costs no thread: `Ladder.climb()` runs on the
window's event loop (qasync) or the command line's (asyncio). Every call that may block
goes through `blocking`, which runs it on a control thread, never behind queries.
`force()` belongs to the loop's thread.

What it never does: say "stopped" of a statement whose end nobody saw.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from workbench.core.adapter.contract import Canceller, Rung, RungName, StopReply
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.query.attendance import Attendance
from workbench.core.query.conclusion import Conclusion, milliseconds
from workbench.core.query.events import (
    ReceiptWritten,
    RunEnded,
    RungClimbed,
    RungExpired,
    StopEvent,
)
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import CancelReceipt, StopOutcome, StopReason
from workbench.core.query.registry import Registry, StopAnswer
from workbench.core.query.verification import Blocking, Verifier

log = logging.getLogger(__name__)

# A stop that arrives in the instants between "armed" and the engine's own start is lost
# (both DuckDB and SQLite clear their flag as a statement begins): it is sent again.
RESEND_S = (0.02, 0.05, 0.1, 0.2, 0.4)

# After letting go of a session: time for its call to return on its own, so that the run
# itself can say how it ended. Most do within milliseconds.
LET_GO_S = 0.1

# While a query still waits for its session there is no engine to stop, only the waiting.
_CONNECTING = (
    Rung(RungName.INTERRUPT, "Give up connecting"),
    Rung(RungName.ABANDON, "Stop waiting", "the attempt is left to end by itself", asks=True),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """`deadline_s` for each rung; `auto`: climb without asking (no one is there to ask)."""

    deadline_s: float = 2.0
    auto: bool = False


class Ladder:
    """One stop of one query. Make it on the loop's thread and await `climb()` once."""

    def __init__(
        self,
        handle: QueryHandle,
        reason: StopReason,
        *,
        registry: Registry,
        conclusion: Conclusion,
        attendance: "Attendance[Ladder]",
        blocking: Blocking,
        emit: Callable[[StopEvent | RunEnded], None],
        policy: Policy,
    ) -> None:
        self._handle = handle
        self._reason = reason
        self._registry = registry
        self._conclusion = conclusion
        self._attendance = attendance
        self._clock = conclusion.clock
        self._blocking = blocking
        self._emit = emit
        self._deadline_s = policy.deadline_s
        self._auto = asyncio.Event()
        if policy.auto:
            self._auto.set()
        self._ended = asyncio.Event()
        self._forced = asyncio.Event()
        self._over = asyncio.Event()
        self._asked_at = conclusion.clock.monotonic()
        self._acknowledged_at: float | None = None
        self._rung: Rung | None = None
        self._denied = ""
        self._failed = ""
        self._forced_end = False  # the run did not end by itself

    @property
    def query(self) -> str:
        """The id of the query it stops."""
        return self._handle.id

    @property
    def next_rung(self) -> Rung | None:
        """What `force` would do now."""
        return self._above(self._rung)

    def force(self) -> None:
        """Somebody agreed to the next rung: take it without waiting any longer."""
        self._forced.set()

    async def climb(self) -> CancelReceipt | None:
        """Stop the query; ends when it has ended (or was let go) and the receipt is written.

        None when another ladder is at it already. With an `auto` policy that one is told to
        ask nobody any more, and this waits until it is done.
        """
        first = self._attendance.join(self)
        if first is not self:
            if self._auto.is_set():
                first._auto.set()
                await _first_of(first._over, timeout_s=4 * self._deadline_s)
            return None
        try:
            return await self._stop()
        finally:
            self._attendance.leave(self)
            self._over.set()

    async def _stop(self) -> CancelReceipt:
        handle = self._handle
        answer = self._registry.request_stop(handle.id, self._reason)
        handle.flag_stop(self._reason, self._asked_at)
        self._watch_end()
        if answer is StopAnswer.NEVER_STARTED:
            end = self._conclusion.end("It had not started.")
            self._emit(end)
        elif answer is StopAnswer.GONE:
            # Its last state was published; the end itself may be an instant away.
            await _first_of(self._ended, timeout_s=self._deadline_s)
        else:
            await self._climb_rungs()
        return await self._write_receipt()

    def _watch_end(self) -> None:
        loop = asyncio.get_running_loop()

        def ended() -> None:
            try:
                loop.call_soon_threadsafe(self._ended.set)
            except RuntimeError:
                log.debug("%s ended after the loop was closed", self.query)

        self._handle.when_ended(ended)

    async def _climb_rungs(self) -> None:
        rung: Rung | None = self._rungs()[0]
        while rung is not None and not self._ended.is_set():
            self._rung = rung
            if rung.name is not RungName.INTERRUPT:
                log.warning("%s: %s", self.query, rung.title)
            self._emit(RungClimbed(self.query, rung, self._deadline_s, self._above(rung)))
            if rung.name is RungName.ABANDON:
                await self._abandon()
                return
            await self._take(rung)
            if self._ended.is_set():
                return
            # Asked for anew: the session, and with it the ladder, may have come meanwhile.
            after = self._above(rung)
            agreed = self._forced.is_set() or self._auto.is_set()
            if not agreed and (after is None or after.asks):
                detail = self._denied or self._failed
                self._emit(RungExpired(self.query, rung, after, detail))
                await _first_of(self._ended, self._forced, self._auto)
            # Cleared only here: a word that came before the first rung counts for the next.
            self._forced.clear()
            rung = after

    async def _take(self, rung: Rung) -> None:
        """Send `rung`, again and again until the run ends, it expires, or it is forced.

        It is sent once in any case, and given a moment: a milder way that works is better.
        """
        deadline = self._clock.monotonic() + self._deadline_s
        pauses = iter(RESEND_S)
        while not self._ended.is_set():
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return
            hurried = self._forced.is_set()
            canceller = self._canceller()
            if canceller is not None and not await self._send(canceller, rung, left):
                return
            pause = min(next(pauses, RESEND_S[-1]), max(0.0, deadline - self._clock.monotonic()))
            watched = (self._ended,) if hurried else (self._ended, self._forced)
            await _first_of(*watched, timeout_s=pause)
            if self._forced.is_set():
                return

    async def _send(self, canceller: Canceller, rung: Rung, left_s: float) -> bool:
        """One call of the engine's stop. False when sending again is of no use."""
        sending = self._blocking(lambda: self._deliver(canceller, rung))
        answered = asyncio.Event()
        sending.add_done_callback(lambda _: answered.set())
        if self._forced.is_set():
            await _first_of(answered, self._ended, timeout_s=RESEND_S[0])
        else:
            await _first_of(answered, self._ended, self._forced, timeout_s=left_s)
        if not sending.done():
            sending.cancel()  # gives up waiting; the call itself ends when it ends
            self._failed = "the stop itself was not answered"
            log.warning("%s: %s: %s", self.query, rung.name, self._failed)
            return False
        try:
            reply = sending.result()
        except EngineError as error:
            if error.kind is ErrorKind.DENIED:
                self._denied = str(error)
            else:
                self._failed = str(error)
            log.warning("%s: %s refused: %s", self.query, rung.name, error)
            return False
        self._denied = self._failed = ""
        if reply is not StopReply.FINISHED_FIRST and self._acknowledged_at is None:
            self._acknowledged_at = self._clock.monotonic()
        return True

    def _deliver(self, canceller: Canceller, rung: Rung) -> StopReply:
        """On a control thread: the engine's answer counts before the run can end."""
        with self._handle.delivering:
            reply = canceller.stop(rung.name, self.query)
            if reply is StopReply.ACCEPTED:
                self._registry.accept_stop(self.query)
            if rung.name is RungName.TERMINATE and reply is not StopReply.FINISHED_FIRST:
                self._handle.session_let_go = True
            return reply

    async def _abandon(self) -> None:
        """Let go of the session and end the query by force, unless it ended meanwhile."""
        handle = self._handle
        session, pool = handle.session, handle.pool
        if session is not None:
            handle.session_let_go = True
            await self._blocking(lambda: pool.discard(session, replace=False))
            await _first_of(self._ended, timeout_s=RESEND_S[0])
            if not self._ended.is_set():  # as above: it may have been lost
                await self._blocking(session.connection.abandon)
                await _first_of(self._ended, timeout_s=LET_GO_S)
        if self._registry.force(handle.id):
            self._forced_end = True
            self._emit(await self._blocking(self._conclusion.forced_end))
        else:
            await _first_of(self._ended, timeout_s=self._deadline_s)
        if session is not None:
            # Not waited for: a server that does not answer must not keep the receipt.
            self._blocking(pool.replenish)

    async def _write_receipt(self) -> CancelReceipt:
        handle = self._handle
        verdict = await Verifier(handle, self._blocking, self._clock, self._deadline_s).judge(
            denied=bool(self._denied), rung=self._rung, forced=self._forced_end
        )
        now = self._clock.monotonic()
        start = handle.started_at if handle.started_at is not None else handle.created_at
        acknowledged = self._acknowledged_at
        if acknowledged is None and verdict.outcome is StopOutcome.STOPPED:
            acknowledged = now  # the flag between two batches was enough
        receipt = CancelReceipt(
            self._reason,
            self._rung.name if self._rung else None,
            verdict.outcome,
            requested_ms=milliseconds(start, self._asked_at),
            acknowledged_ms=None
            if acknowledged is None
            else milliseconds(self._asked_at, acknowledged),
            verified_ms=milliseconds(self._asked_at, now) if verdict.verified else None,
            verified=verdict.verified,
            session=verdict.session,
            note=handle.end.note if handle.end else "",
            detail=self._denied or self._failed,
            timeout_s=handle.timeout_s,
        )
        conclusion = self._conclusion
        await self._blocking(lambda: conclusion.keep(receipt))
        self._emit(ReceiptWritten(handle.id, receipt))
        return receipt

    def _canceller(self) -> Canceller | None:
        session = self._handle.session
        return None if session is None else session.connection.canceller()

    def _rungs(self) -> tuple[Rung, ...]:
        canceller = self._canceller()
        return _CONNECTING if canceller is None else canceller.rungs

    def _above(self, rung: Rung | None) -> Rung | None:
        rungs = self._rungs()
        names = [r.name for r in rungs]
        if rung is None or rung.name not in names:
            return rungs[0]
        return next(iter(rungs[names.index(rung.name) + 1 :]), None)


async def _first_of(*events: asyncio.Event, timeout_s: float | None = None) -> None:
    """Wait until one of `events` is set, or `timeout_s` passed."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
