"""The words for a past run: its status, its times, how it was stopped.

Pure functions over the history's `Run`; any thread. Reads no clock: what depends on today's
date is given it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.core.history.model import Run, Stopped
from workbench.core.query.receipt_text import duration


class RunStatus(StrEnum):
    """How a run ended, as the history keeps it."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    INTERRUPTED = "INTERRUPTED"  # a crash of Workbench cut it off
    RUNNING = "RUNNING"


@dataclass(frozen=True, slots=True)
class _Look:
    word: str
    icon: str
    token: str


_LOOKS = {
    RunStatus.SUCCESS: _Look("Success", "check-circle-outline", "ok"),
    RunStatus.FAILED: _Look("Failed", "alert-circle-outline", "danger"),
    RunStatus.CANCELLED: _Look("Cancelled", "close-circle-outline", "warning"),
    RunStatus.INTERRUPTED: _Look("Interrupted by a crash", "lightning-bolt-outline", "danger"),
    RunStatus.RUNNING: _Look("Running", "play-circle-outline", "accent"),
}
_REASONS = {
    "user": "by user",
    "timeout": "by timeout",
    "cancel_all": "by Cancel all",
    "shutdown": "when Workbench closed",
}
_RUNGS = {
    "interrupt": "statement interrupted",
    "terminate": "session ended",
    "abandon": "let go",
}


def status_word(run: Run) -> str:
    """The status for people: "Success"."""
    look = _look(run)
    return look.word if look else run.status


def status_icon(run: Run) -> tuple[str, str]:
    """Icon and colour token of the status."""
    look = _look(run)
    return (look.icon, look.token) if look else ("help-circle-outline", "muted")


def _look(run: Run) -> _Look | None:
    # A newer Workbench may have written a status that this one does not know.
    return next((look for status, look in _LOOKS.items() if status == run.status), None)


def when_text(wall: float, now: float) -> str:
    """When it started, local time: the time if it was today, else the date with it."""
    then, today = (datetime.fromtimestamp(each).astimezone() for each in (wall, now))
    form = "%H:%M:%S" if then.date() == today.date() else "%Y-%m-%d %H:%M"
    return then.strftime(form)


def duration_text(ms: float | None) -> str:
    """A time as people say it, "" where nobody measured it."""
    return "" if ms is None else duration(ms)


def rows_text(run: Run) -> str:
    """How many rows arrived, thousands set apart; "" where nobody counted to the end."""
    return "" if run.elapsed_ms is None else f"{run.rows:,}"


def stop_text(stop: Stopped | None) -> str:
    """How it was stopped: "by user, stopped in 2 ms, verified"; "" if nobody asked."""
    if stop is None:
        return ""
    by = _REASONS.get(stop.reason, stop.reason)
    took = duration_text(stop.verified_ms if stop.verified else stop.acknowledged_ms)
    if stop.outcome == "stopped":
        parts = [by, f"stopped in {took}" if took else "stopped"]
        parts.append("verified" if stop.verified else "not verified")
    elif stop.outcome == "finished_first":
        parts = [by, "had already finished"]
    elif stop.outcome == "denied":
        parts = [by, "stop refused"]
    elif stop.outcome == "failed":
        parts = [by, "stop failed"]
    else:
        parts = [by, "unconfirmed"]
    if stop.session == "replaced":
        parts.append("session replaced")
    return ", ".join(parts)


def ended_text(run: Run) -> str:
    """How it ended, in one line: how it was stopped, or the error with its code."""
    stop = stop_text(run.stop)
    error = one_line(" ".join(part for part in (run.error_code, run.error_message) if part))
    return ". ".join(part for part in (error, stop) if part)


def one_line(text: str, most: int = 200) -> str:
    """The first `most` characters of `text`, white space joined, ended by "…" if cut."""
    head = " ".join(text[: most * 4].split())
    return head if len(head) <= most else head[: most - 1] + "…"


def receipt_lines(run: Run) -> list[str]:
    """What there is to say of the run, one fact a line, without its SQL."""
    started = datetime.fromtimestamp(run.started_at).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    on = f"{run.connection} ({run.engine})" if run.engine else run.connection
    facts = [
        ("Status", status_word(run)),
        ("Started", started.strip()),
        ("Connection", on),
        ("Duration", duration_text(run.elapsed_ms)),
        ("Rows", rows_text(run)),
    ]
    if run.statements > 1:
        facts.append(("Statements", f"{run.statements:,}"))
    if run.status == RunStatus.INTERRUPTED:
        facts.append(("Note", "Workbench ended while it ran; how it ended is not known."))
    facts += _stop_facts(run.stop)
    if run.error_message or run.error_code:
        facts.append(("Error", " ".join(p for p in (run.error_code, run.error_message) if p)))
    return [f"{name + ':':<12} {text}" for name, text in facts if text]


def _stop_facts(stop: Stopped | None) -> list[tuple[str, str]]:
    if stop is None:
        return []
    facts = [("Stop", stop_text(stop))]
    if stop.rung:
        facts.append(("Rung", f"{stop.rung} ({_RUNGS.get(stop.rung, stop.rung)})"))
    took = [
        f"{word} after {duration_text(ms)}"
        for word, ms in (("acknowledged", stop.acknowledged_ms), ("verified", stop.verified_ms))
        if ms is not None
    ]
    if took:
        facts.append(("Receipt", ", ".join(took)))
    return facts
