"""A result on screen: batches, a grid that is shown, and what it drew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.panel import ResultPanel
from workbench.ui.theme import theme


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the light theme on; applying it takes a while, so only if needed."""
    if theme.changes.name != "light":
        theme.apply(qapp, "light")
    yield qapp
    if theme.changes.name != "light":
        theme.apply(qapp, "light")


def rows(start: int, count: int) -> pa.RecordBatch:
    """Rows whose values tell their place: n, its text, and NULL in every third note."""
    numbers = range(start, start + count)
    return pa.record_batch(
        {
            "n": pa.array(numbers, pa.int64()),
            "name": pa.array([f"row {n}" for n in numbers]),
            "note": pa.array([None if n % 3 == 0 else f"note {n}" for n in numbers]),
        }
    )


COLUMNS = (
    ResultColumn("n", "bigint", numeric=True),
    ResultColumn("name", "varchar"),
    ResultColumn("note", "varchar"),
)


def filled(count: int, batch: int = 1000) -> ResultSet:
    """A finished result of `count` rows."""
    results = ResultSet(COLUMNS)
    for start in range(0, count, batch):
        results.append(rows(start, min(batch, count - start)))
    results.finish()
    return results


@pytest.fixture
def show(app: QApplication, qtbot: QtBot) -> Callable[..., ResultGrid]:
    """Show a grid over a result, 800 x 486 pixels: sixteen whole rows."""

    def make(results: ResultSet, width: int = 800, height: int = 486) -> ResultGrid:
        grid = ResultGrid(results)
        qtbot.addWidget(grid)
        grid.resize(width, height)
        grid.show()
        qtbot.waitExposed(grid)
        grid.setFocus()
        return grid

    return make


class Paints(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count and let pass."""
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def pump(app: QApplication) -> Callable[[], None]:
    """Let Qt do what it put off, deleting included."""

    def run() -> None:
        app.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app.processEvents()

    return run


@pytest.fixture
def panel(app: QApplication, qtbot: QtBot, tmp_path: Path) -> ResultPanel:
    made = ResultPanel(budget=MemoryBudget(), spill_dir=tmp_path)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    qtbot.waitExposed(made)
    return made
