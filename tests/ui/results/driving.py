"""Hands and eyes for tests of the grid: keys, clicks, and what was drawn."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from tests.ui.results.conftest import COLUMNS, rows
from workbench.core.results.resultset import ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.painting import HEADER_HEIGHT

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
