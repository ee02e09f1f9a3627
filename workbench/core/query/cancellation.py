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
from workbench.core.clock import Clock
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.query.events import (
    ReceiptWritten,
    RunEnded,
    RungClimbed,
    RungExpired,
    StopEvent,
)
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import CancelReceipt, StopOutcome, StopReason
from workbench.core.query.recorder import Recorder
from workbench.core.query.registry import Registry, StopAnswer
from workbench.core.query.state import State
from workbench.core.query.verification import Blocking, Verifier

log = logging.getLogger(__name__)

# A stop that arrives in the instants between "armed" and the engine's own start is lost
# (both DuckDB and SQLite clear their flag as a statement begins): it is sent again.
RESEND_S = (0.02, 0.05, 0.1, 0.2, 0.4)

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
        recorder: Recorder,
        clock: Clock,
        blocking: Blocking,
        emit: Callable[[StopEvent | RunEnded], None],
        policy: Policy,
    ) -> None:
        self._handle = handle
        self._reason = reason
        self._registry = registry
        self._recorder = recorder
        self._clock = clock
        self._blocking = blocking
        self._emit = emit
        self._policy = policy
        self._ended = asyncio.Event()
        self._forced = asyncio.Event()
        self._asked_at = clock.monotonic()
        self._acknowledged_at: float | None = None
        self._rung: Rung | None = None
        self._denied = ""
        self._failed = ""

    @property
    def next_rung(self) -> Rung | None:
        """What `force` would do now."""
        return self._above(self._rung)

    def force(self) -> None:
        """Somebody agreed to the next rung: take it without waiting any longer."""
        self._forced.set()

    async def climb(self) -> CancelReceipt | None:
        """Stop the query; ends when it has ended (or was let go) and the receipt is written.

        None when another ladder is at it already, or the query was unknown.
        """
        handle = self._handle
        answer = self._registry.request_stop(handle.id, self._reason)
        if answer is StopAnswer.ALREADY:
            return None
        if answer is StopAnswer.NEVER_STARTED:
            handle.flag_stop(self._reason, self._asked_at)
            return await self._never_started()
        if answer is StopAnswer.STOPPING:
            handle.flag_stop(self._reason, self._asked_at)
            self._watch_end()
            await self._climb_rungs()
        elif not handle.ended:
            # Its last state was published an instant ago; the end is being written.
            self._watch_end()
            await self._either(self._ended, self._ended, self._policy.deadline_s)
        return await self._write_receipt()

    def _watch_end(self) -> None:
        loop = asyncio.get_running_loop()

        def ended() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._ended.set)

        self._handle.when_ended(ended)

    async def _climb_rungs(self) -> None:
        rung = self._first()
        while rung is not None and not self._ended.is_set():
            self._rung = rung
            after = self._above(rung)
            self._forced.clear()
            if rung.name is not RungName.INTERRUPT:
                log.warning("%s: %s", self._handle.id, rung.title)
            self._emit(RungClimbed(self._handle.id, rung, self._policy.deadline_s, after))
            if rung.name is RungName.ABANDON:
                await self._abandon()
                return
            await self._take(rung)
            if self._ended.is_set():
                return
            if not self._forced.is_set() and not self._policy.auto:
                self._emit(RungExpired(self._handle.id, rung, after))
                await self._either(self._ended, self._forced)
            rung = after

    async def _take(self, rung: Rung) -> None:
        """Send `rung`, again and again until the run ends, it expires, or it is forced."""
        deadline = self._clock.monotonic() + self._policy.deadline_s
        pauses = iter(RESEND_S)
        while not self._ended.is_set() and not self._forced.is_set():
            left = deadline - self._clock.monotonic()
            if left <= 0:
                return
            canceller = self._canceller()
            if canceller is not None and not await self._send(rung, left):
                return
            pause = next(pauses, RESEND_S[-1])
            left = deadline - self._clock.monotonic()
            await self._either(self._ended, self._forced, timeout_s=max(0.0, min(pause, left)))

    async def _send(self, rung: Rung, left_s: float) -> bool:
        """One call of the engine's stop. False when sending again is of no use."""
        canceller, attempt = self._canceller(), self._handle.id
        assert canceller is not None
        try:
            reply = await asyncio.wait_for(
                self._blocking(lambda: canceller.stop(rung.name, attempt)), left_s
            )
        except TimeoutError:
            self._failed = f"the stop itself was not answered within {left_s:.1f} s"
            return False
        except EngineError as error:
            if error.kind is ErrorKind.DENIED:
                self._denied = str(error)
            else:
                self._failed = str(error)
            log.warning("%s: %s refused: %s", attempt, rung.name, error)
            return False
        self._denied = self._failed = ""
        if reply is not StopReply.FINISHED_FIRST and self._acknowledged_at is None:
            self._acknowledged_at = self._clock.monotonic()
        if rung.name is RungName.TERMINATE and reply is not StopReply.FINISHED_FIRST:
            self._handle.session_let_go = True
        if reply is StopReply.ACCEPTED:
            self._registry.accept_stop(attempt)
        return True

    async def _abandon(self) -> None:
        """Let go of the session and end the query by force, unless it ended meanwhile."""
        handle = self._handle
        session = handle.session
        if session is not None:
            pool = handle.pool
            await self._blocking(lambda: pool.discard(session))
        if self._registry.force(handle.id):
            await self._conclude_forced("Nobody saw it end; it may still be running.")
        else:
            await self._either(self._ended, self._ended, self._policy.deadline_s)

    async def _never_started(self) -> CancelReceipt:
        await self._conclude_forced("It had not started.", recorded=False)
        receipt = CancelReceipt(
            self._reason,
            None,
            StopOutcome.STOPPED,
            requested_ms=_ms(self._handle.created_at, self._asked_at),
            acknowledged_ms=0.0,
            verified_ms=0.0,
            verified=True,
            note="It had not started.",
            timeout_s=self._handle.timeout_s,
        )
        return await self._keep(receipt, recorded=False)

    async def _conclude_forced(self, note: str, *, recorded: bool = True) -> None:
        handle, now = self._handle, self._clock.monotonic()
        since = handle.created_at if handle.started_at is None else handle.started_at
        end = RunEnded(
            handle.id,
            State.CANCELLED,
            rows=0,
            statements=0,
            elapsed_ms=_ms(since, now),
            reason=self._reason,
            note=note,
        )
        if recorded:
            recorder = self._recorder
            await self._blocking(lambda: recorder.ended(handle, end))
        handle.finish(end)
        self._emit(end)

    async def _write_receipt(self) -> CancelReceipt:
        handle = self._handle
        verdict = await Verifier(
            handle, self._blocking, self._clock, self._policy.deadline_s
        ).judge(denied=bool(self._denied), rung=self._rung)
        now = self._clock.monotonic()
        start = handle.started_at if handle.started_at is not None else handle.created_at
        acknowledged = self._acknowledged_at
        if acknowledged is None and verdict.outcome is StopOutcome.STOPPED:
            acknowledged = now  # the flag between two batches was enough
        receipt = CancelReceipt(
            self._reason,
            self._rung.name if self._rung else None,
            verdict.outcome,
            requested_ms=_ms(start, self._asked_at),
            acknowledged_ms=None if acknowledged is None else _ms(self._asked_at, acknowledged),
            verified_ms=_ms(self._asked_at, now) if verdict.verified else None,
            verified=verdict.verified,
            session=verdict.session,
            note=handle.end.note if handle.end else "",
            detail=self._denied or self._failed,
            timeout_s=handle.timeout_s,
        )
        return await self._keep(receipt)

    async def _keep(self, receipt: CancelReceipt, *, recorded: bool = True) -> CancelReceipt:
        handle = self._handle
        handle.receipt = receipt
        log.info(
            "receipt %s %s rung=%s acknowledged_ms=%s verified=%s",
            handle.id,
            receipt.outcome,
            receipt.rung,
            receipt.acknowledged_ms,
            receipt.verified,
        )
        if recorded:
            recorder = self._recorder
            await self._blocking(lambda: recorder.stopped(handle, receipt))
        self._emit(ReceiptWritten(handle.id, receipt))
        return receipt

    def _canceller(self) -> Canceller | None:
        session = self._handle.session
        return None if session is None else session.connection.canceller()

    def _rungs(self) -> tuple[Rung, ...]:
        canceller = self._canceller()
        return _CONNECTING if canceller is None else canceller.rungs

    def _first(self) -> Rung | None:
        return self._rungs()[0]

    def _above(self, rung: Rung | None) -> Rung | None:
        rungs = self._rungs()
        names = [r.name for r in rungs]
        if rung is None or rung.name not in names:
            return rungs[0]
        return next(iter(rungs[names.index(rung.name) + 1 :]), None)

    async def _either(
        self, one: asyncio.Event, other: asyncio.Event, timeout_s: float | None = None
    ) -> None:
        """Wait until one of the two is set, or `timeout_s` passed."""
        waits = [asyncio.ensure_future(e.wait()) for e in (one, other)]
        try:
            await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _ms(since: float, until: float) -> float:
    return max(0.0, (until - since) * 1000)
