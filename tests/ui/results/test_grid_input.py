"""The real grid under keyboard and mouse: selecting, resizing, copying, listening."""

import pyarrow as pa
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.results.conftest import filled
from tests.ui.results.driving import (
    CONTROL,
    LEFT,
    NONE,
    SHIFT,
    Key,
    Show,
    cell,
    click,
    clipboard,
    edge,
    press,
    shared_batches,
)
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.painting import HEADER_HEIGHT
from workbench.ui.panels.results.selection import Block, Span
from workbench.ui.panels.results.viewer import ValueViewer


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
