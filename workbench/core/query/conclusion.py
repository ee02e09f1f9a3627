"""Ends a query from outside its run, and keeps the receipt of a stop.

For whoever won the final move in the registry without being the run: the ladder that
stopped a query before it started or let go of it, and the watchdog. Blocks on the history's
file, except `end`; any thread.
"""

import logging

from workbench.core.clock import Clock
from workbench.core.errors import EngineError, UserError
from workbench.core.query.events import RunEnded
from workbench.core.query.handle import QueryHandle
from workbench.core.query.receipt import CancelReceipt
from workbench.core.query.recorder import Recorder
from workbench.core.query.state import State

log = logging.getLogger(__name__)

_LET_GO = "Nobody saw it end; it may still be running, and hold its locks."
_LET_GO_CONNECTING = "Nobody saw the attempt to connect end; no statement had begun."


class Conclusion:
    """The end and the receipt of one query."""

    def __init__(self, handle: QueryHandle, recorder: Recorder, clock: Clock) -> None:
        self._handle = handle
        self._recorder = recorder
        self.clock = clock

    def end(self, note: str, error: EngineError | UserError | None = None) -> RunEnded:
        """End it as CANCELLED, or as FAILED with `error`, and wake all who wait."""
        handle, now = self._handle, self.clock.monotonic()
        tally = handle.tally
        started = handle.created_at if handle.started_at is None else handle.started_at
        first_row = tally.first_row_at
        end = RunEnded(
            handle.id,
            State.CANCELLED if error is None else State.FAILED,
            rows=tally.rows,
            statements=tally.statements,
            elapsed_ms=milliseconds(started, now),
            first_row_ms=None if first_row is None else milliseconds(started, first_row),
            error=error,
            reason=handle.stop_reason if error is None else None,
            note=note,
        )
        handle.finish(end)
        return end

    def forced_end(self) -> RunEnded:
        """The recorded end of a query that was let go. Blocks."""
        return self.recorded_end(_LET_GO if self._handle.session else _LET_GO_CONNECTING)

    def recorded_end(self, note: str, error: EngineError | UserError | None = None) -> RunEnded:
        """As `end`, entered in the history as well. Blocks."""
        end = self.end(note, error)
        self._recorder.ended(self._handle, end)
        return end

    def keep(self, receipt: CancelReceipt) -> None:
        """The receipt is final: the handle has it, and the history. Blocks."""
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
        self._recorder.stopped(handle, receipt)


def milliseconds(since: float, until: float) -> float:
    """The time from `since` to `until` (seconds), never below zero."""
    return max(0.0, (until - since) * 1000)
