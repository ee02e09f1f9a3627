"""The real grid: scrolling, keys, mouse, copying, and what it costs to paint."""

from collections.abc import Callable

import pyarrow as pa
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.results.conftest import COLUMNS, Paints, filled, rows
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.painting import HEADER_HEIGHT
from workbench.ui.panels.results.selection import Block, Span
from workbench.ui.panels.results.viewer import ValueViewer
from workbench.ui.theme import theme, tokens

Show = Callable[..., ResultGrid]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(
    grid: ResultGrid,
    *keys: Qt.Key,
    held: Qt.KeyboardModifier = NONE,
) -> None:
    for key in keys:
        QTest.keyClick(grid, key, held)


def cell(grid: ResultGrid, row: int, column: int) -> QPoint:
    """The middle of a cell in the viewport."""
    view, layout = grid.view(), grid.columns_layout
    x = view.gutter - view.left + layout.left(column) + layout.width(column) // 2
    return QPoint(x, HEADER_HEIGHT + (row - view.top) * view.row_height + view.row_height // 2)


def edge(grid: ResultGrid, column: int) -> QPoint:
    """A point on the right edge of a column's header."""
    view, layout = grid.view(), grid.columns_layout
    return QPoint(view.gutter - view.left + layout.left(column) + layout.width(column), 20)


def click(
    grid: ResultGrid,
    point: QPoint,
    held: Qt.KeyboardModifier = NONE,
) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, held, point)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def drawn(grid: ResultGrid) -> QImage:
    return grid.viewport().grab().toImage()


def colours_in(image: QImage, left: int, top: int, width: int, height: int) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(left, left + width)
        for y in range(top, top + height)
    }


def test_the_grid_has_its_names(show: Show) -> None:
    grid = show(filled(10))
    assert grid.objectName() == "resultGrid"
    assert grid.accessibleName() == "Result"


# --- scrolling -----------------------------------------------------------------------


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


def shared_batches(rows_wanted: int) -> ResultSet:
    """Many rows in little memory: the same batch again and again."""
    results = ResultSet(COLUMNS)
    batch = rows(0, 16_384)
    while results.rows.known < rows_wanted:
        results.append(batch)
    results.finish()
    return results


def test_ten_million_rows_scroll_to_the_end(show: Show) -> None:
    grid = show(shared_batches(10_000_000))
    press(grid, Key.Key_End, held=CONTROL)
    assert grid.selection.row == grid.rows - 1 >= 9_999_999
    assert grid.accessibleDescription() == f"note, row {grid.rows}: NULL"


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


# --- keyboard ------------------------------------------------------------------------


def test_arrows_move_the_current_cell_and_shift_extends(show: Show) -> None:
    grid = show(filled(100))
    press(grid, Key.Key_Down, Key.Key_Down, Key.Key_Right)
    assert grid.block() == Block(2, 1, 2, 1)
    press(grid, Key.Key_Down, Key.Key_Right, held=SHIFT)
    assert grid.block() == Block(2, 1, 3, 2)
    press(grid, Key.Key_Left)
    assert grid.block() == Block(3, 1, 3, 1)


def test_a_page_moves_by_what_is_in_sight(show: Show) -> None:
    grid = show(filled(1000))
    whole = (grid.viewport().height() - HEADER_HEIGHT) // 26
    press(grid, Key.Key_PageDown)
    assert grid.selection.row == whole - 1
    press(grid, Key.Key_PageDown, Key.Key_PageUp, Key.Key_PageUp)
    assert grid.selection.row == 0


def test_control_home_and_end_go_to_the_corners(show: Show) -> None:
    grid = show(filled(1000))
    press(grid, Key.Key_End, held=CONTROL | SHIFT)
    assert grid.block() == Block(0, 0, 999, 2)
    press(grid, Key.Key_Home, held=CONTROL)
    assert grid.block() == Block(0, 0, 0, 0)


def test_control_a_selects_everything(qtbot: QtBot, show: Show) -> None:
    grid = show(filled(1000))
    with qtbot.waitSignal(grid.selection_changed):
        press(grid, Key.Key_A, held=CONTROL)
    assert grid.block() == Block(0, 0, 999, 2)


def test_space_selects_the_row_or_the_column(show: Show) -> None:
    grid = show(filled(50))
    press(grid, Key.Key_Down, Key.Key_Right)
    press(grid, Key.Key_Space, held=SHIFT)
    assert grid.block() == Block(1, 0, 1, 2)
    press(grid, Key.Key_Down, held=SHIFT)
    assert grid.block() == Block(1, 0, 2, 2)
    press(grid, Key.Key_Right)
    press(grid, Key.Key_Space, held=CONTROL)
    assert grid.block() == Block(0, 2, 49, 2)


class Window(QWidget):
    """Writes down the keys that its children did not take."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


def test_keys_that_are_not_the_grids_go_on_to_the_window(app: QApplication, qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    grid = ResultGrid(filled(5), window)
    press(grid, Key.Key_Escape, Key.Key_F5, Key.Key_Q)
    press(grid, Key.Key_Left, held=Qt.KeyboardModifier.AltModifier)
    press(grid, Key.Key_Down, Key.Key_Home)
    keys = [key for key in window.keys if key != Key.Key_Alt]
    assert keys == [Key.Key_Escape, Key.Key_F5, Key.Key_Q, Key.Key_Left]


# --- mouse ---------------------------------------------------------------------------


def test_a_click_chooses_a_cell_and_shift_click_a_block(show: Show) -> None:
    grid = show(filled(100))
    click(grid, cell(grid, 3, 1))
    assert grid.block() == Block(3, 1, 3, 1)
    click(grid, cell(grid, 6, 2), SHIFT)
    assert grid.block() == Block(3, 1, 6, 2)


def test_dragging_selects_a_block_also_past_the_edge(show: Show) -> None:
    grid = show(filled(100))
    port = grid.viewport()
    QTest.mousePress(port, LEFT, NONE, cell(grid, 2, 0))
    QTest.mouseMove(port, cell(grid, 5, 1))
    assert grid.block() == Block(2, 0, 5, 1)
    below = QPoint(cell(grid, 5, 1).x(), port.height() + 60)
    QTest.mouseMove(port, below)
    QTest.mouseRelease(port, LEFT, NONE, below)
    assert grid.selection.row > 16
    assert grid.view().top > 0


def test_a_header_selects_its_column_and_a_number_its_row(show: Show) -> None:
    grid = show(filled(100))
    click(grid, QPoint(cell(grid, 0, 1).x(), 10))
    assert grid.block() == Block(0, 1, 99, 1)
    click(grid, QPoint(5, cell(grid, 4, 0).y()))
    assert grid.block() == Block(4, 0, 4, 2)
    click(grid, QPoint(5, 5))
    assert grid.block() == Block(0, 0, 99, 2)


def test_a_click_beside_the_cells_changes_nothing(show: Show) -> None:
    grid = show(filled(3))
    click(grid, cell(grid, 1, 1))
    click(grid, QPoint(grid.viewport().width() - 3, cell(grid, 1, 1).y()))
    click(grid, QPoint(cell(grid, 1, 1).x(), grid.viewport().height() - 3))
    assert grid.block() == Block(1, 1, 1, 1)


def test_dragging_an_edge_resizes_the_column(show: Show) -> None:
    grid = show(filled(100))
    before = grid.columns_layout.width(1)
    port, at = grid.viewport(), edge(grid, 1)
    QTest.mousePress(port, LEFT, NONE, at)
    QTest.mouseMove(port, at + QPoint(75, 0))
    QTest.mouseRelease(port, LEFT, NONE, at + QPoint(75, 0))
    assert grid.columns_layout.width(1) == before + 75
    assert grid.block() == Block(0, 0, 0, 0), "resizing selects nothing"


def test_double_clicking_an_edge_fits_the_column_to_what_is_in_sight(show: Show) -> None:
    results = ResultSet([ResultColumn("a", "varchar")])
    results.append(pa.record_batch({"a": ["short"] * 500 + ["w" * 100] + ["short"] * 500}))
    results.finish()
    grid = show(results)
    first = grid.columns_layout.width(0)
    grid.scroll_to(495)
    port = grid.viewport()
    QTest.mouseDClick(port, LEFT, NONE, edge(grid, 0))
    assert grid.columns_layout.width(0) > 5 * first
    grid.scroll_to(0)
    QTest.mouseDClick(port, LEFT, NONE, edge(grid, 0))
    assert grid.columns_layout.width(0) == first


# --- copying and viewing -------------------------------------------------------------


def test_copy_puts_the_block_on_the_clipboard(show: Show) -> None:
    grid = show(filled(100))
    grid.select(2, 0, extend=False)
    grid.select(3, 2, extend=True)
    press(grid, Key.Key_C, held=CONTROL)
    assert clipboard() == "2\trow 2\tnote 2\n3\trow 3\t"
    press(grid, Key.Key_C, held=CONTROL | SHIFT)
    assert clipboard() == "n\tname\tnote\n2\trow 2\tnote 2\n3\trow 3\t"


def test_copying_too_much_is_refused_with_the_reason(qtbot: QtBot, show: Show) -> None:
    grid = show(shared_batches(1_000_000))
    QGuiApplication.clipboard().setText("before")
    press(grid, Key.Key_A, held=CONTROL)
    with qtbot.waitSignal(grid.copy_refused) as refused:
        press(grid, Key.Key_C, held=CONTROL)
    assert "export" in refused.args[0]
    assert clipboard() == "before"


def test_the_whole_value_opens_in_a_window_of_its_own(qtbot: QtBot, show: Show) -> None:
    results = ResultSet([ResultColumn("t", "varchar"), ResultColumn("b", "blob")])
    long = "line\n" * 1000
    results.append(pa.record_batch({"t": [long, "<b>bold</b>"], "b": [b"\x00AB", None]}))
    grid = show(results)
    press(grid, Key.Key_Return)
    viewer = grid.findChild(ValueViewer)
    assert viewer is not None
    qtbot.addWidget(viewer)
    assert not viewer.isModal()
    assert viewer.text.isReadOnly()
    assert viewer.text.toPlainText() == long
    press(grid, Key.Key_Right, Key.Key_Return)
    assert "00 41 42" in viewer.text.toPlainText()
    assert "3 bytes" in viewer.about.text()
    press(grid, Key.Key_Down, Key.Key_Return)
    assert viewer.text.toPlainText() == "NULL"
    press(grid, Key.Key_Left, Key.Key_Return)
    assert viewer.text.toPlainText() == "<b>bold</b>"


def test_a_value_past_the_viewers_limit_says_so(qtbot: QtBot, show: Show) -> None:
    results = ResultSet([ResultColumn("t", "varchar")])
    results.append(pa.record_batch({"t": ["word " * 200_000]}))
    grid = show(results)
    press(grid, Key.Key_F2)
    viewer = grid.findChild(ValueViewer)
    assert viewer is not None
    qtbot.addWidget(viewer)
    assert "first 100,000 characters" in viewer.about.text()
    assert len(viewer.text.toPlainText()) == 100_000


def test_the_menu_offers_copying_and_viewing(show: Show) -> None:
    grid = show(filled(10))
    texts = [action.text().split("\t")[0] for action in grid.commands.menu().actions()]
    assert texts == ["Copy", "Copy with headers", "View value"]


# --- growing -------------------------------------------------------------------------


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


# --- painting ------------------------------------------------------------------------


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


# --- for those who listen ------------------------------------------------------------


def test_the_current_cell_is_described_in_words(show: Show) -> None:
    grid = show(filled(10))
    press(grid, Key.Key_Right, Key.Key_Down)
    assert grid.accessibleDescription() == "name, row 2: row 1"
    press(grid, Key.Key_Right, held=SHIFT)
    assert grid.accessibleDescription() == "note, row 2: note 1; 2 cells selected"


def test_whole_columns_are_described_too(show: Show) -> None:
    grid = show(filled(10))
    grid.select(0, 0, extend=False, span=Span.COLUMNS)
    assert grid.accessibleDescription().endswith("10 cells selected")
