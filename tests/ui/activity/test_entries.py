"""The words of the activity panel."""

import pytest

from workbench.core.query.registry import Kind
from workbench.core.query.state import State
from workbench.ui.panels.activity.entries import (
    ActivityRow,
    elapsed_text,
    kind_word,
    one_line,
    state_icon,
    state_word,
    statement_text,
)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "00:00.0"),
        (-5, "00:00.0"),
        (4_290, "00:04.2"),
        (60_000, "01:00.0"),
        (3_723_400, "1:02:03.4"),
    ],
)
def test_elapsed_time_reads_as_a_clock(ms: float, text: str) -> None:
    assert elapsed_text(ms) == text


def test_every_state_and_kind_has_its_words() -> None:
    assert all(state_word(state) and all(state_icon(state)) for state in State)
    assert all(kind_word(kind) for kind in Kind)


def test_a_long_statement_is_cut_to_one_line() -> None:
    assert one_line("SELECT\n  1", 50) == "SELECT 1"
    cut = one_line("x" * 1_000_000, 50)
    assert len(cut) == 50
    assert cut.endswith("…")


def test_work_that_is_no_query_says_what_it_is() -> None:
    row = ActivityRow("q", "t", "Schema", "demo", State.RUNNING, 1, kind=Kind.CATALOG)
    assert statement_text(row) == "Schema refresh"
    assert row.stop_name == "Stop schema refresh in Schema"
