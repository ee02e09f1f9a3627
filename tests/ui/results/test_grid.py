"""The real grid: scrolling, growing, and what it draws."""

import pyarrow as pa
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.results.conftest import COLUMNS, Paints, filled, rows
from tests.ui.results.driving import (
    CONTROL,
    Key,
    Show,
    cell,
    click,
    colours_in,
    drawn,
    press,
)
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.painting import HEADER_HEIGHT
from workbench.ui.panels.results.selection import Block
from workbench.ui.theme import theme, tokens


def test_the_grid_has_its_names(show: Show) -> None:
    grid = show(filled(10))
    assert grid.objectName() == "resultGrid"
    assert grid.accessibleName() == "Result"


def test_the_scroll_bar_counts_rows(show: Show) -> None:
    grid = show(filled(5000))
    bar = grid.verticalScrollBar()
    whole = (grid.viewport().height() - HEADER_HEIGHT) // 26
    assert (bar.minimum(), bar.maximum(), bar.pageStep()) == (0, 5000 - whole, whole)
    bar.setValue(1234)
    assert grid.view().top == 1234


def test_the_last_row_is_wholly_in_sight_at_the_end(show: Show) -> None:
    grid = show(filled(5000))
    press(grid, Key.Key_End, held=CONTROL)
    view = grid.view()
    assert HEADER_HEIGHT + (5000 - view.top) * 26 <= view.height
    assert view.last == 5000


class Endless(ResultSet):
    """Claims more rows than a scroll bar can count; every slice is the same few rows."""

    SIZE = 30_000_000_000

    @property
    def rows(self):  # type: ignore[no-untyped-def]
        known = super().rows
        return type(known)(self.SIZE, final=True)

    def slice(self, start: int, count: int) -> list[pa.RecordBatch]:
        return [rows(start, min(count, self.SIZE - start))]


def test_more_rows_than_a_scroll_bar_can_count(show: Show) -> None:
    grid = show(Endless(COLUMNS))
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert grid.view().last == Endless.SIZE
    press(grid, Key.Key_End, held=CONTROL)
    press(grid, Key.Key_Up)
    assert grid.selection.row == Endless.SIZE - 2
    grid.scroll_to(12_345_678_901)
    assert grid.view().top == 12_345_678_901
    press(grid, Key.Key_Up)
    assert grid.accessibleDescription() == "note, row 29999999998: NULL"


def test_four_hundred_columns_are_all_reached(show: Show) -> None:
    batch = pa.record_batch({f"column {i}": [i] * 300 for i in range(400)})
    results = ResultSet([ResultColumn(f"column {i}", "int", numeric=True) for i in range(400)])
    results.append(batch)
    grid = show(results)
    press(grid, Key.Key_End)
    view, layout = grid.view(), grid.columns_layout
    assert grid.selection.column == 399
    assert layout.total - view.left <= view.width - view.gutter
    assert 399 in layout.visible(view.left, view.width - view.gutter)
    assert len(layout.visible(view.left, view.width - view.gutter)) < 20
    press(grid, Key.Key_Home)
    assert grid.view().left == 0


def test_a_grid_without_rows_or_columns_can_be_painted_and_driven(show: Show) -> None:
    for columns in ((), COLUMNS):
        results = ResultSet(columns)
        results.finish()
        grid = show(results)
        press(grid, Key.Key_End, Key.Key_Down, Key.Key_PageDown, Key.Key_Return)
        press(grid, Key.Key_C, Key.Key_A, held=CONTROL)
        click(grid, QPoint(200, 200))
        assert not drawn(grid).isNull()
        assert grid.block() is None


def test_rows_that_arrive_are_seen_when_the_owner_says_so(show: Show) -> None:
    results = ResultSet(COLUMNS)
    grid = show(results)
    results.append(rows(0, 300))
    assert grid.rows == 0
    grid.grow()
    assert grid.rows == 300
    results.append(rows(300, 300))
    grid.grow()
    assert grid.verticalScrollBar().maximum() > 500


def test_a_page_that_was_half_full_shows_its_new_rows(show: Show) -> None:
    results = ResultSet(COLUMNS)
    results.append(rows(0, 3))
    grid = show(results)
    drawn(grid)
    results.append(rows(3, 500))
    grid.grow()
    press(grid, Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Down)
    assert grid.accessibleDescription() == "n, row 5: 4"


def test_growing_below_what_is_in_sight_repaints_nothing(app: QApplication, show: Show) -> None:
    results = ResultSet(COLUMNS)
    results.append(rows(0, 1100))
    grid = show(results)
    app.processEvents()
    paints = Paints(grid.viewport())
    for start in range(1100, 5000, 100):
        results.append(rows(start, 100))
        grid.grow()
        app.processEvents()
    assert grid.rows == 5000
    assert paints.count == 0


def test_everything_selected_stays_everything_while_rows_arrive(qtbot: QtBot, show: Show) -> None:
    results = ResultSet(COLUMNS)
    results.append(rows(0, 10))
    grid = show(results)
    press(grid, Key.Key_A, held=CONTROL)
    results.append(rows(10, 10))
    with qtbot.waitSignal(grid.selection_changed):
        grid.grow()
    assert grid.block() == Block(0, 0, 19, 2)


def test_all_that_is_in_sight_is_one_paint_event(app: QApplication, show: Show) -> None:
    grid = show(filled(1000))
    app.processEvents()
    paints = Paints(grid.viewport())
    grid.verticalScrollBar().setValue(500)
    app.processEvents()
    assert paints.count == 1


def test_a_cell_of_a_megabyte_and_a_line_of_100000_wide_are_drawn_cut(show: Show) -> None:
    results = ResultSet([ResultColumn("t", "varchar"), ResultColumn("w", "varchar")])
    results.append(pa.record_batch({"t": ["x" * 1_000_000] * 256, "w": ["\u4e2d" * 100_000] * 256}))
    grid = show(results, width=400)
    before = pa.total_allocated_bytes()
    assert not drawn(grid).isNull()
    assert pa.total_allocated_bytes() - before < 1_000_000
    assert grid.columns_layout.width(0) <= 360


def test_text_from_right_to_left_stays_in_its_cell(show: Show) -> None:
    results = ResultSet([ResultColumn("t", "varchar"), ResultColumn("e", "varchar")])
    hebrew = "\u05e9\u05dc\u05d5\u05dd " * 40
    results.append(pa.record_batch({"t": [hebrew], "e": [""]}))
    results.finish()
    grid = show(results)
    grid.set_column_width(0, 120)
    grid.set_column_width(1, 200)
    grid.select(0, 1, extend=False)
    image = drawn(grid)
    view = grid.view()
    empty = colours_in(image, view.gutter + 124, HEADER_HEIGHT + 3, 190, 20)
    assert empty == {tokens.current().selection}
    filled_cell = colours_in(image, view.gutter + 10, HEADER_HEIGHT + 3, 100, 20)
    assert len(filled_cell) > 3, "the text itself is there"


def test_null_is_drawn_unlike_the_text_null(show: Show) -> None:
    results = ResultSet([ResultColumn("t", "varchar")])
    results.append(pa.record_batch({"t": ["", "NULL", None]}))
    grid = show(results)
    image = drawn(grid)
    left = grid.view().gutter + 10

    def ink(row: int) -> set[str]:
        return colours_in(image, left, HEADER_HEIGHT + row * 26 + 3, 32, 20)

    assert tokens.current().text in ink(1)
    assert tokens.current().null in ink(2)
    assert tokens.current().text not in ink(2)


def test_numbers_end_at_the_right_edge_of_their_column(show: Show) -> None:
    grid = show(filled(20))
    grid.set_column_width(0, 200)
    image = drawn(grid)
    left, y = grid.view().gutter, HEADER_HEIGHT + 26 * 3 + 3
    assert colours_in(image, left + 4, y, 150, 20) == {tokens.current().stripe}
    assert len(colours_in(image, left + 175, y, 20, 20)) > 1


def test_a_change_of_theme_repaints_in_the_new_colours(app: QApplication, show: Show) -> None:
    grid = show(filled(3))
    theme.apply(app, "dark")
    image = drawn(grid)
    assert image.pixelColor(image.width() - 3, image.height() - 3).name() == tokens.DARK.panel


def test_the_current_cell_is_framed_and_the_frame_pales_without_focus(
    qtbot: QtBot, show: Show
) -> None:
    grid = show(filled(20))
    click(grid, cell(grid, 2, 1))
    view, layout = grid.view(), grid.columns_layout
    corner = (view.gutter + layout.left(1), HEADER_HEIGHT + 2 * 26)
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    assert drawn(grid).pixelColor(*corner).name() == tokens.current().accent
    grid.clearFocus()
    assert drawn(grid).pixelColor(*corner).name() == tokens.current().control_line


def test_compact_rows_show_more_of_them(show: Show) -> None:
    grid = show(filled(1000))
    usual = grid.view().last
    grid.set_compact(True)
    assert grid.view().row_height == 22
    assert grid.view().last > usual
