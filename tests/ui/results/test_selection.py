"""Where keys lead, and what is selected: arithmetic without a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.panels.results.layout import NARROWEST, ColumnLayout
from workbench.ui.panels.results.selection import Block, Selection, Span, Step, stepped

SIZE = (100, 5)


@pytest.mark.parametrize(
    ("step", "goal"),
    [
        (Step.LEFT, (50, 1)),
        (Step.RIGHT, (50, 3)),
        (Step.UP, (49, 2)),
        (Step.DOWN, (51, 2)),
        (Step.PAGE_UP, (40, 2)),
        (Step.PAGE_DOWN, (60, 2)),
        (Step.ROW_START, (50, 0)),
        (Step.ROW_END, (50, 4)),
        (Step.TOP, (0, 0)),
        (Step.BOTTOM, (99, 4)),
        (Step.COLUMN_START, (0, 2)),
        (Step.COLUMN_END, (99, 2)),
    ],
)
def test_a_step_leads_where_its_key_says(step: Step, goal: tuple[int, int]) -> None:
    assert stepped(50, 2, step, SIZE, 10) == goal


@given(
    st.integers(0, 9),
    st.integers(0, 4),
    st.sampled_from(Step),
    st.tuples(st.integers(0, 10), st.integers(0, 5)),
)
def test_no_step_leaves_the_grid(row: int, column: int, step: Step, size: tuple[int, int]) -> None:
    to_row, to_column = stepped(row, column, step, size, 7)
    assert 0 <= to_row <= max(size[0] - 1, 0)
    assert 0 <= to_column <= max(size[1] - 1, 0)


def test_extending_keeps_the_anchor_in_any_direction() -> None:
    start = Selection().at(5, 2, extend=False)
    assert start.at(7, 1, extend=True).block(*SIZE) == Block(5, 1, 7, 2)
    assert start.at(3, 4, extend=True).block(*SIZE) == Block(3, 2, 5, 4)


def test_whole_columns_and_everything_follow_a_growing_result() -> None:
    columns = Selection().at(0, 1, extend=False, span=Span.COLUMNS)
    assert columns.block(10, 5) == Block(0, 1, 9, 1)
    assert columns.block(1000, 5) == Block(0, 1, 999, 1)
    everything = Selection().at(0, 0, extend=False, span=Span.ALL)
    assert everything.block(1000, 5) == Block(0, 0, 999, 4)


def test_an_empty_grid_has_no_selection() -> None:
    assert Selection().block(0, 5) is None
    assert Selection().block(5, 0) is None


@given(st.lists(st.integers(36, 400), min_size=1, max_size=60), st.integers(0, 5000))
def test_every_pixel_belongs_to_the_column_that_holds_it(widths: list[int], x: int) -> None:
    layout = ColumnLayout(widths)
    column = layout.at(x)
    if column is None:
        assert x >= sum(widths)
    else:
        assert layout.left(column) <= x < layout.left(column) + layout.width(column)


@given(
    st.lists(st.integers(36, 400), min_size=1, max_size=60),
    st.integers(0, 5000),
    st.integers(1, 2000),
)
def test_the_visible_columns_are_those_that_show_a_pixel(
    widths: list[int], left: int, width: int
) -> None:
    layout = ColumnLayout(widths)
    expected = [
        i
        for i in range(layout.count)
        if layout.left(i) < left + width and layout.left(i) + layout.width(i) > left
    ]
    assert list(layout.visible(left, width)) == expected


def test_a_column_cannot_be_made_to_vanish() -> None:
    layout = ColumnLayout([100, 100])
    layout.set_width(0, -50)
    assert layout.width(0) == NARROWEST
    assert layout.left(1) == NARROWEST


def test_an_edge_is_found_from_both_sides() -> None:
    layout = ColumnLayout([100, 50])
    assert [layout.edge_near(x, 4) for x in (95, 96, 100, 104, 105)] == [None, 0, 0, 0, None]
    assert layout.edge_near(152, 4) == 1
    assert layout.edge_near(400, 4) is None
