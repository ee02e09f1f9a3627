"""Painting the grid costs less than Qt's own table showing the same cells in the same run.

A ratio, so that a slow or busy machine changes both sides; the rows printed with `-s` are
for the record.
"""

import time
from collections.abc import Callable
from statistics import median

import pyarrow as pa
import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QTableView
from pytestqt.qtbot import QtBot

from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.pages import PAGE_ROWS, PageCache
from workbench.ui.theme import theme

COLUMNS = 20
ROWS = 100_000
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


def result() -> ResultSet:
    results = ResultSet([ResultColumn(f"c{i}", "bigint", i % 2 == 0) for i in range(COLUMNS)])
    for start in range(0, ROWS, 10_000):
        numbers = range(start, start + 10_000)
        even, odd = pa.array(numbers), pa.array([f"text {n}" for n in numbers])
        columns = [even if i % 2 == 0 else odd for i in range(COLUMNS)]
        results.append(pa.record_batch(columns, names=[f"c{i}" for i in range(COLUMNS)]))
    results.finish()
    return results


class Model(QAbstractTableModel):
    """The same texts from the same cache, as a table view wants them."""

    def __init__(self, results: ResultSet) -> None:
        super().__init__()
        self._pages = PageCache(results)
        self._made: dict[int, list[list[str | None]]] = {}

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else ROWS

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = 0) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() % 2 == 0:
            return Qt.AlignmentFlag.AlignRight
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        page, place = divmod(index.row(), PAGE_ROWS)
        if page not in self._made:
            self._made[page] = self._pages.texts(page, range(COLUMNS))
        return self._made[page][index.column()][place]


def paint_ms(view: QAbstractScrollArea, top: Callable[[int], None]) -> float:
    """Median milliseconds to paint what is in sight after scrolling to another place."""
    took = []
    for round_ in range(30):
        top(round_ * 1000)
        start = time.perf_counter()
        view.viewport().grab()
        took.append((time.perf_counter() - start) * 1000)
    return median(took[5:])


@pytest.mark.serial
def test_painting_the_grid_is_faster_than_a_table_view_of_the_same(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, "light")
    results = result()
    grid, table = ResultGrid(results), QTableView()
    model = Model(results)
    table.setModel(model)
    for view in (grid, table):
        qtbot.addWidget(view)
        view.resize(1400, 900)
        view.show()
        qtbot.waitExposed(view)
    for column in range(COLUMNS):
        table.setColumnWidth(column, grid.columns_layout.width(column))
    ours = paint_ms(grid, grid.scroll_to)
    theirs = paint_ms(table, table.verticalScrollBar().setValue)
    print(f"\ngrid {ours:.1f} ms, table view {theirs:.1f} ms, ratio {theirs / ours:.1f}")
    assert theirs / ours > 1.5
