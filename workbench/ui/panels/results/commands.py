"""What can be done with the selected cells: copy them, look at one in full.

GUI thread only. Works on the grid it was made for; starts no query.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from workbench.core.results.copy import MOST_CELLS, copy_text, too_large
from workbench.ui.panels.results.surface import GridSurface
from workbench.ui.panels.results.viewer import ValueViewer


class GridCommands(QObject):
    """Copy and view. Signals: `copy_refused(str)`, why the selection was not copied."""

    copy_refused = Signal(str)

    def __init__(self, grid: GridSurface, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = grid
        self._window = parent
        self._viewer: ValueViewer | None = None

    def copy(self, *, header: bool = False) -> None:
        """Put the selection on the clipboard, tab-separated; refuse what would take seconds."""
        block = self._grid.block()
        if block is None:
            return
        results = self._grid.results
        wanted = range(block.left, block.right + 1)
        small = block.cells <= MOST_CELLS
        batches = results.slice(block.top, block.height) if small else []
        if not small or too_large(batches, wanted):
            self.copy_refused.emit(
                f"Not copied: {block.cells:,} cells are too much for the clipboard "
                f"(200,000 cells, 16 MB). Select less, or export the result."
            )
            return
        QGuiApplication.clipboard().setText(
            copy_text(batches, results.columns, wanted, header=header)
        )

    def copy_with_headers(self) -> None:
        """Copy, with the columns' names on top."""
        self.copy(header=True)

    def view_value(self) -> None:
        """Show all of the current cell in a window of its own."""
        here = self._grid.selection
        parts = self._grid.results.slice(here.row, 1)
        if not parts:
            return
        if self._viewer is None:
            self._viewer = ValueViewer(self._window)
        column = self._grid.results.columns[here.column]
        self._viewer.show_value(parts[0], column, here.column, here.row)

    def menu(self) -> QMenu:
        """The context menu; it goes when it is closed."""
        menu = QMenu(self._window)
        menu.setObjectName("gridMenu")
        for text, keys, act in (
            ("Copy", "Ctrl+C", self.copy),
            ("Copy with headers", "Ctrl+Shift+C", self.copy_with_headers),
            ("View value", "Enter", self.view_value),
        ):
            action = menu.addAction(f"{text}\t{keys}")
            action.setEnabled(self._grid.block() is not None)
            action.triggered.connect(act)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu
