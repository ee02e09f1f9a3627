"""The activity panel: every live query of the program, and a way to stop each.

GUI thread only. Shows what `show_entries` is given and asks for stops by signal; it keeps
no clock (its owner gives new rows as time goes by) and touches no query.
"""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from workbench.ui.panels.activity.entries import ActivityRow
from workbench.ui.panels.activity.table import ActivityTable
from workbench.ui.theme import icons
from workbench.ui.widgets.empty_state import EmptyState

EMPTY_TITLE = "Nothing is running."
MIN_HEIGHT = 116  # pixels: a header and three lines
EMPTY_HINT = "Every query, schema refresh and connection attempt shows here while it runs."


class ActivityPanel(QWidget):
    """The live queries of all tabs.

    Signals: `stop_requested(query id)`, `tab_requested(tab id)`.
    """

    stop_requested = Signal(str)
    tab_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activityPanel")
        self.setAccessibleName("Activity")
        self.setMinimumHeight(MIN_HEIGHT)
        self.table = ActivityTable(self)
        self.table.stop_requested.connect(self.stop_requested)
        self.table.tab_requested.connect(self.tab_requested)
        self.table.menu_wanted.connect(self._on_menu_wanted)
        self.empty = EmptyState(EMPTY_TITLE, EMPTY_HINT, parent=self)
        self.empty.setObjectName("activityEmpty")
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        self.setFocusProxy(self.table)

    def show_entries(self, rows: tuple[ActivityRow, ...]) -> None:
        """Show exactly `rows`; the chosen line and the scroll position stay where they are."""
        self.table.show_rows(rows)
        self._pages.setCurrentWidget(self.table if rows else self.empty)

    def _on_menu_wanted(self, query: str, place: QPoint) -> None:
        row = self.table.row_of(query)
        if row is None:
            return
        menu = QMenu(self)
        menu.setObjectName("activityMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stop = menu.addAction(icons.icon("close", "danger"), row.stop_word)
        stop.setEnabled(row.stoppable)
        stop.triggered.connect(lambda: self.stop_requested.emit(query))
        go = menu.addAction("Go to its tab")
        go.setEnabled(bool(row.tab))
        go.triggered.connect(lambda: self.tab_requested.emit(row.tab))
        copy = menu.addAction("Copy statement")
        copy.setEnabled(bool(row.statement))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(row.statement))
        menu.popup(place)
