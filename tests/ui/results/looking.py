"""Eyes for tests of the result panel: what stands in it now."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from workbench.core.adapter.contract import Column
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.panel import ResultPanel

COLUMNS = (
    Column("n", "bigint", numeric=True),
    Column("name", "varchar"),
    Column("note", "varchar"),
)
LEFT = Qt.MouseButton.LeftButton


def label(panel: QWidget, name: str) -> QLabel:
    found = panel.findChild(QLabel, name)
    assert found is not None, name
    return found


def tabs_in_sight(panel: ResultPanel) -> list[str]:
    return [panel.tabs.tabText(i) for i in range(panel.tabs.count()) if panel.tabs.isTabVisible(i)]


def front(panel: ResultPanel) -> str:
    return panel.tabs.tabText(panel.tabs.currentIndex())


def front_grid(panel: ResultPanel) -> ResultGrid:
    page = panel.tabs.currentWidget()
    grid = page.findChild(ResultGrid)
    assert grid is not None
    return grid
