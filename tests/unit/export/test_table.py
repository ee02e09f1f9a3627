"""Aligned text and Markdown."""

import pytest

from tests.unit.export.written import batch, text_of
from workbench.core.results.export import Format
from workbench.core.results.export_table import FIRST_ROWS, fitted, width


def lines(*batches: object) -> list[str]:
    return text_of(Format.TABLE, list(batches)).splitlines()  # type: ignore[arg-type]


def test_numbers_stand_to_the_right_and_text_to_the_left() -> None:
    assert lines(batch(id=[1, 200], name=["a", "bcd"])) == [
        " id | name",
        "----+-----",
        "  1 | a",
        "200 | bcd",
    ]


def test_null_is_no_text() -> None:
    assert lines(batch(a=[None, "NULL", ""]))[2:] == ["<NULL>", "NULL", ""]


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    assert (width("日本"), width("e\u0301"), width("abc")) == (4, 1, 3)
    assert lines(batch(a=["日本", "abcd"], b=["x", "y"]))[2:] == ["日本 | x", "abcd | y"]


def test_line_breaks_and_escapes_cannot_break_the_table_or_drive_the_terminal() -> None:
    (line,) = lines(batch(a=["x\ny\x1b[31m"]))[2:]
    assert "\x1b" not in line
    assert line.startswith("x")


def test_what_is_wider_later_is_cut_and_stays_in_line() -> None:
    first = batch(a=["short"] * FIRST_ROWS, b=["y"] * FIRST_ROWS)
    later = batch(a=["much longer than anything seen before", "é" * 40], b=["y", "y"])
    table = lines(first, later)
    assert len({line.index("|") for line in table if "|" in line}) == 1
    assert "…" in table[-1]
    assert "…" in table[-2]


@pytest.mark.parametrize("late", [10**18, -(2**63)])
def test_no_number_is_ever_cut(late: int) -> None:
    table = lines(batch(n=[1] * FIRST_ROWS), batch(n=[late]))
    assert table[-1].strip() == str(late)


def test_no_rows_leave_the_head() -> None:
    assert lines(batch(a=[1]).slice(0, 0)) == ["a", "-"]


def test_results_are_parted_by_a_blank_line() -> None:
    assert text_of(Format.TABLE, [batch(a=[1])], [batch(b=[2])]) == "a\n-\n1\n\nb\n-\n2\n"


@pytest.mark.parametrize("text", ["", "a", "abc", "日本語", "e\u0301e\u0301e\u0301", "日a"])
@pytest.mark.parametrize("wide", [1, 2, 3, 5])
def test_fitted_text_takes_exactly_its_width(text: str, wide: int) -> None:
    assert width(fitted(text, wide)) == wide
    assert width(fitted(text, wide, right=True)) == wide


def test_markdown_escapes_what_would_be_markup() -> None:
    text = text_of(Format.MARKDOWN, [batch(n=[1, 2], t=["a|b\n*c* <i>", None])])
    assert text.splitlines() == [
        "| n | t |",
        "| ---: | --- |",
        "| 1 | a\\|b<br>\\*c\\* &lt;i> |",
        "| 2 | *NULL* |",
    ]
