"""The words of the history panel."""

import pytest

from workbench.core.history.model import INTERRUPTED, Run, Stopped
from workbench.ui.panels.history.runs import (
    RunStatus,
    duration_text,
    receipt_lines,
    rows_text,
    status_icon,
    status_word,
    stop_text,
    when_text,
)

NOON = 1_700_000_000.0


def run(status: str = "SUCCESS", stop: Stopped | None = None, error: str = "") -> Run:
    code = "PARSER" if error else ""
    return Run("r", "duckdb", "demo", "SELECT 1", NOON, status, 5, 1, 12.0, 1.0, code, error, stop)


def stopped(outcome: str, **changes: object) -> Stopped:
    facts: dict[str, object] = {
        "id": "r",
        "reason": "user",
        "rung": "interrupt",
        "outcome": outcome,
        "requested_ms": 2_000.0,
        "acknowledged_ms": 0.4,
        "verified_ms": 2.1,
        "verified": True,
        "session": "alive",
    }
    return Stopped(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (None, ""),
        (0.42, "0.4 ms"),
        (12.3, "12 ms"),
        (999.4, "999 ms"),
        (999.6, "1.0 s"),
        (4_210, "4.2 s"),
        (59_960, "1 min 00 s"),
        (65_000, "1 min 05 s"),
        (3_720_000, "1 h 02 min"),
    ],
)
def test_a_duration_reads_as_people_say_it(ms: float | None, text: str) -> None:
    assert duration_text(ms) == text


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        (None, ""),
        (stopped("stopped"), "by user, stopped in 2.1 ms, verified"),
        (
            stopped("stopped", reason="timeout", verified=None, verified_ms=None),
            "by timeout, stopped in 0.4 ms, not verified",
        ),
        (stopped("finished_first", reason="cancel_all"), "by Cancel all, had already finished"),
        (
            stopped("unconfirmed", reason="shutdown", verified=None, session="replaced"),
            "when Workbench closed, unconfirmed, session replaced",
        ),
        (stopped("denied"), "by user, stop refused"),
        (stopped("failed"), "by user, stop failed"),
    ],
)
def test_how_it_was_stopped_is_told_in_one_line(stop: Stopped | None, text: str) -> None:
    assert stop_text(stop) == text


def test_a_run_of_today_shows_the_time_and_an_older_one_its_date() -> None:
    assert when_text(NOON, NOON + 60).count(":") == 2
    assert when_text(NOON, NOON + 3 * 86_400).startswith("2023-11-1")


def test_every_status_of_the_history_has_its_word() -> None:
    assert RunStatus.INTERRUPTED.value == INTERRUPTED
    words = [status_word(run(status)) for status in RunStatus]
    assert words == ["Success", "Failed", "Cancelled", "Interrupted by a crash", "Running"]


def test_a_status_from_a_newer_workbench_is_shown_as_it_is() -> None:
    assert status_word(run("PAUSED")) == "PAUSED"
    assert all(status_icon(run("PAUSED")))


def test_rows_are_not_counted_for_a_run_without_an_end() -> None:
    unfinished = Run(
        "r", "duckdb", "demo", "SELECT 1", NOON, INTERRUPTED, 0, 0, None, None, "", "", None
    )
    assert rows_text(unfinished) == ""
    assert rows_text(run()) == "5"


def test_the_facts_hold_error_code_and_receipt() -> None:
    text = "\n".join(receipt_lines(run("FAILED", stopped("stopped"), "syntax error")))
    assert "Error:       PARSER syntax error" in text
    assert "Receipt:     acknowledged after 0.4 ms, verified after 2.1 ms" in text
    assert "Connection:  demo (duckdb)" in text


def test_a_crash_is_explained() -> None:
    assert any("how it ended is not known" in line for line in receipt_lines(run(INTERRUPTED)))
