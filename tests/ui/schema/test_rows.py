"""How rows change from one load to the next, and how they read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.adapter.contract import Node, NodeKind
from workbench.ui.panels.schema.rows import Row, RowKind, moves, sentence, short_count

NAMES = st.lists(st.sampled_from("abcdefghij"), unique=True)


def row(name: str) -> Row:
    return Row(RowKind.NODE, (name,), name, Node(NodeKind.TABLE, (name,)))


@given(NAMES.map(sorted), NAMES.map(sorted))
def test_the_moves_lead_from_the_old_rows_to_the_new_ones(old: list[str], new: list[str]) -> None:
    steps = moves(map(row, old), map(row, new))
    assert steps is not None
    rows = list(old)
    for first, last in steps.removed:
        del rows[first : last + 1]
    for first, last in steps.inserted:
        rows[first:first] = new[first : last + 1]
    assert rows == new


@given(NAMES)
def test_rows_in_another_order_have_no_moves(names: list[str]) -> None:
    turned = list(reversed(names))
    assert (moves(map(row, names), map(row, turned)) is None) == (names != turned)


def test_a_table_that_became_a_view_is_another_row() -> None:
    view = Row(RowKind.NODE, ("a",), "a", Node(NodeKind.VIEW, ("a",)))
    steps = moves([row("a")], [view])
    assert steps is not None
    assert (steps.removed, steps.inserted) == (((0, 0),), ((0, 0),))


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1 k"),
        (1800, "1.8 k"),
        (9949, "9.9 k"),
        (9950, "10 k"),
        (50_000, "50 k"),
        (999_499, "999 k"),
        (999_500, "1 M"),
        (1_200_000, "1.2 M"),
        (18_000_000, "18 M"),
        (3_000_000_000, "3 G"),
        (45_000_000_000_000, "45,000 G"),
    ],
)
def test_estimates_are_short(rows: int, text: str) -> None:
    assert short_count(rows) == text


def test_a_column_reads_as_a_sentence() -> None:
    node = Node(NodeKind.COLUMN, ("t", "id"), "BIGINT", key="primary", nullable=False, leaf=True)
    assert sentence(Row(RowKind.NODE, node.path, "id", node)) == (
        "id, column, BIGINT, primary key, not null"
    )
