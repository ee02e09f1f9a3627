"""The sentences about ends and stops, exactly: people and scripts look for them."""

import pytest

from workbench.core.adapter.contract import RungName, Transaction, Verification
from workbench.core.errors import EngineError, UserError
from workbench.core.query import receipt_text as say
from workbench.core.query.events import RunEnded, Stake
from workbench.core.query.receipt import CancelReceipt, SessionFate, StopOutcome, StopReason
from workbench.core.query.state import State


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0.0, "0.0 ms"),
        (0.94, "0.9 ms"),
        (43.4, "43 ms"),
        (999.4, "999 ms"),
        (999.6, "1.0 s"),
        (2_140, "2.1 s"),
        (59_940, "59.9 s"),
        (59_960, "1 min 00 s"),
        (187_000, "3 min 07 s"),
        (3_660_000, "1 h 01 min"),
    ],
)
def test_durations_read_as_people_say_them(ms: float, text: str) -> None:
    assert say.duration(ms) == text


@pytest.mark.parametrize(
    ("reason", "timeout_s", "text"),
    [
        (StopReason.USER, None, "Query cancelled by user"),
        (StopReason.CANCEL_ALL, None, "Query cancelled by Cancel all"),
        (StopReason.SHUTDOWN, None, "Query cancelled because Workbench closed"),
        (StopReason.TIMEOUT, 30.0, "Cancelled by timeout (30 s)"),
        (StopReason.TIMEOUT, 0.5, "Cancelled by timeout (0.5 s)"),
    ],
)
def test_an_end_says_who_stopped_it(reason: StopReason, timeout_s: float | None, text: str) -> None:
    end = RunEnded("q", State.CANCELLED, 0, 0, 1.0, reason=reason)
    assert say.end_text(end, timeout_s) == text


def test_a_timeout_shows_in_the_state() -> None:
    assert say.state_text(State.CANCELLED, StopReason.TIMEOUT) == "CANCELLED (timeout)"
    assert say.state_text(State.CANCELLED, StopReason.USER) == "CANCELLED"


def test_a_success_says_what_came() -> None:
    end = RunEnded("q", State.SUCCESS, 120_000, 2, 43.0)
    assert say.end_text(end) == "Done in 43 ms: 2 statements, 120,000 rows"


def test_a_failure_shows_the_engines_own_code_and_what_it_means() -> None:
    end = RunEnded("q", State.FAILED, 0, 0, 1.0, error=EngineError("no", code="57014"), note="N.")
    assert say.end_text(end) == "no [57014]. N."
    own = RunEnded("q", State.FAILED, 0, 0, 1.0, error=UserError("Title", "message"))
    assert say.end_text(own) == "message"


def receipt(outcome: StopOutcome, **more: object) -> CancelReceipt:
    return CancelReceipt(StopReason.USER, RungName.INTERRUPT, outcome, 5.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (
            receipt(StopOutcome.STOPPED, acknowledged_ms=0.9, verified_ms=12.0, verified=True),
            "interrupted in 0.9 ms, seen gone after 12 ms",
        ),
        (receipt(StopOutcome.FINISHED_FIRST, verified=True), "Query had already finished"),
        (
            receipt(StopOutcome.DENIED, detail="insufficient privilege (needs SUPER)"),
            "Cannot cancel: insufficient privilege (needs SUPER)",
        ),
        (
            receipt(StopOutcome.UNCONFIRMED, verified=False, session=SessionFate.REPLACED),
            "unconfirmed: let go, but it is still running; session replaced",
        ),
        (
            receipt(StopOutcome.UNCONFIRMED),
            "unconfirmed: let go without having seen it end",
        ),
        (
            receipt(StopOutcome.FAILED, session=SessionFate.REPLACED),
            "The connection was lost during the stop; what the server did is unknown; "
            "session replaced",
        ),
    ],
)
def test_a_receipt_reads_in_one_line(written: CancelReceipt, text: str) -> None:
    assert say.receipt_text(written, Verification.RETURNED) == text


def test_a_server_is_named_where_one_was_asked() -> None:
    written = receipt(StopOutcome.STOPPED, acknowledged_ms=3.0, verified_ms=8.0, verified=True)
    assert "seen gone on the server after 8.0 ms" in say.receipt_text(written, Verification.SERVER)


def test_a_query_that_never_started_says_so() -> None:
    written = CancelReceipt(StopReason.USER, None, StopOutcome.STOPPED, 0.0, verified=True)
    assert say.receipt_text(written, Verification.SERVER) == "stopped before it started"


def test_only_a_confirmed_stop_is_called_a_stop() -> None:
    for outcome in set(StopOutcome) - {StopOutcome.STOPPED}:
        text = say.receipt_text(receipt(outcome), Verification.SERVER).lower()
        assert "interrupted" not in text
        assert "cancelled" not in text


def test_a_transaction_in_the_status_line() -> None:
    assert say.stake_text(Stake()) == ""
    assert say.stake_text(Stake(Transaction.ACTIVE, 1)) == "TX open, 1 statement"
    assert say.stake_text(Stake(Transaction.FAILED, 3)) == "TX failed: roll back"
