"""The sentences people read about an end and about a stop: here and nowhere else.

Pure. The texts in quotes in docs/using.md are exact: scripts and people look for them.
"""

from collections.abc import Sequence

from workbench.core.adapter.contract import RungName, Verification
from workbench.core.errors import EngineError
from workbench.core.query.events import RunEnded, Stake
from workbench.core.query.receipt import CancelReceipt, SessionFate, StopOutcome, StopReason
from workbench.core.query.state import State

_DONE = {
    RungName.INTERRUPT: "interrupted",
    RungName.TERMINATE: "session ended",
    RungName.ABANDON: "session let go",
}
_STOPPED_BY = {
    StopReason.USER: "Query cancelled by user",
    StopReason.CANCEL_ALL: "Query cancelled by Cancel all",
    StopReason.SHUTDOWN: "Query cancelled because Workbench closed",
}


def duration(ms: float) -> str:
    """A duration as people say it: "0.9 ms", "43 ms", "2.1 s", "3 min 07 s"."""
    if ms < 9.95:
        return f"{ms:.1f} ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    seconds = round(ms / 1000)
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def rows(count: int) -> str:
    """A count of rows: "1 row", "120,000 rows"."""
    return "1 row" if count == 1 else f"{count:,} rows"


def stopped_by(reason: StopReason | None, timeout_s: float | None) -> str:
    """Who or what stopped it: "Query cancelled by user", "Cancelled by timeout (30 s)"."""
    if reason is StopReason.TIMEOUT:
        return f"Cancelled by timeout ({timeout_s:g} s)" if timeout_s else "Cancelled by timeout"
    return _STOPPED_BY[reason or StopReason.USER]


def state_text(state: State, reason: StopReason | None = None) -> str:
    """The state as the status line names it: "RUNNING", "CANCELLED (timeout)"."""
    if state is State.CANCELLED and reason is StopReason.TIMEOUT:
        return f"{state.value} (timeout)"
    return state.value


def end_text(end: RunEnded, timeout_s: float | None = None) -> str:
    """One line on how a run ended, with what it means for the transaction."""
    if end.state is State.SUCCESS:
        text = f"Done in {duration(end.elapsed_ms)}: {_statements(end.statements)}"
        text += f", {rows(end.rows)}" if end.rows else ""
    elif end.state is State.CANCELLED:
        text = stopped_by(end.reason, timeout_s)
    else:
        text = error_text(end)
    return f"{text}. {end.note}" if end.note else text


def error_text(end: RunEnded) -> str:
    """The error with the engine's own code, or "" without one."""
    if end.error is None:
        return ""
    if isinstance(end.error, EngineError) and end.error.code:
        return f"{end.error.message} [{end.error.code}]"
    return end.error.message


def receipt_text(receipt: CancelReceipt, verification: Verification) -> str:
    """The receipt in one line: what was done, how long it took, whether it was seen gone."""
    match receipt.outcome:
        case StopOutcome.FINISHED_FIRST:
            text = "Query had already finished"
        case StopOutcome.DENIED:
            text = f"Cannot cancel: {receipt.detail}"
        case StopOutcome.FAILED:
            text = "The connection was lost during the stop; what the server did is unknown"
        case StopOutcome.UNCONFIRMED:
            text = _unconfirmed(receipt)
        case StopOutcome.STOPPED:
            text = _stopped(receipt, verification)
    if receipt.session is SessionFate.REPLACED:
        text += "; session replaced"
    return text


def receipts_text(receipts: Sequence[CancelReceipt]) -> str:
    """What Cancel all came to: "Cancel all: 8 stopped, 1 had already finished"."""
    words = {
        StopOutcome.STOPPED: "stopped",
        StopOutcome.FINISHED_FIRST: "had already finished",
        StopOutcome.DENIED: "denied",
        StopOutcome.UNCONFIRMED: "unconfirmed",
        StopOutcome.FAILED: "failed",
    }
    counts = {outcome: sum(r.outcome is outcome for r in receipts) for outcome in words}
    said = [f"{count} {words[outcome]}" for outcome, count in counts.items() if count]
    return f"Cancel all: {', '.join(said) or 'nothing was running'}"


def stake_text(stake: Stake) -> str:
    """A transaction: "TX open, 3 statements", "TX failed: roll back", "" for none."""
    if stake.transaction.value == "none":
        return ""
    if stake.transaction.value == "failed":
        return "TX failed: roll back"
    return f"TX open, {_statements(stake.statements)}"


def _stopped(receipt: CancelReceipt, verification: Verification) -> str:
    if receipt.rung is None:
        return "stopped before it started"
    done = _DONE[receipt.rung]
    took = duration(receipt.acknowledged_ms or 0.0)
    # Embedded, the engine's call has returned: there is no server to look at.
    gone = "seen gone on the server" if verification is Verification.SERVER else "seen gone"
    return f"{done} in {took}, {gone} after {duration(receipt.verified_ms or 0.0)}"


def _unconfirmed(receipt: CancelReceipt) -> str:
    if receipt.verified is False:
        return "unconfirmed: let go, but it is still running"
    return "unconfirmed: let go without having seen it end"


def _statements(count: int) -> str:
    return "1 statement" if count == 1 else f"{count:,} statements"
