"""The history panel: what ran, how it ended, how a stop went.

GUI thread only. It asks by `search_wanted(text, generation)` and shows what `show_runs`
brings for the newest generation; it reads no file and knows no store.
"""

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.core.history.model import Run
from workbench.ui.panels.history.details import RunDetails
from workbench.ui.panels.history.notes import ErrorCard
from workbench.ui.panels.history.runs import RunStatus
from workbench.ui.panels.history.table import HistoryTable
from workbench.ui.widgets.empty_state import EmptyState

DEBOUNCE_MS = 200
MIN_HEIGHT = 168  # pixels: the search line, a header and three lines
_LOW = 320  # pixels; table and details below each other would show two lines each
FILTERS: tuple[tuple[str, RunStatus | None], ...] = (
    ("All runs", None),
    ("Succeeded", RunStatus.SUCCESS),
    ("Failed", RunStatus.FAILED),
    ("Cancelled", RunStatus.CANCELLED),
    ("Interrupted by a crash", RunStatus.INTERRUPTED),
)


class HistoryPanel(QWidget):
    """Search, table, and the chosen run in full.

    Signals: `search_wanted(text, generation)`: answer with `show_runs` or `show_error` and the
    same generation; an older one is dropped. `status_filter` says which status is wanted; the
    panel drops others by itself, so an answer may hold them.
    `open_requested(sql, connection)`: put it into a new tab.
    """

    search_wanted = Signal(str, int)
    open_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyPanel")
        self.setAccessibleName("History")
        self.setMinimumHeight(MIN_HEIGHT)
        self._generation = 0
        self.search = QLineEdit(self)
        self.search.setObjectName("historySearch")
        self.search.setAccessibleName("Search the history")
        self.search.setPlaceholderText("Search SQL, connection or error")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(420)
        self.status = QComboBox(self)
        self.status.setObjectName("historyStatusFilter")
        self.status.setAccessibleName("Which runs to show")
        for text, status in FILTERS:
            self.status.addItem(text, status)
        self.count = QLabel(self)
        self.count.setObjectName("historyCount")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setProperty("rank", "muted")
        self.table = HistoryTable(self)
        self.details = RunDetails(self)
        self.note = EmptyState("Reading the history…", parent=self)
        self.note.setObjectName("historyNote")
        self.error = ErrorCard(self)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(DEBOUNCE_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.search, 1)
        head.addWidget(self.status)
        head.addWidget(self.count)
        head.addStretch(1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self._body = QWidget(self)
        self._pages = QStackedLayout(self._body)
        self._pages.addWidget(self.note)
        self._pages.addWidget(self.error)
        self._pages.addWidget(split)
        self._split = split
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 4, 0, 0)
        lines.setSpacing(6)
        lines.addLayout(head)
        lines.addWidget(self._body, 1)
        self.setFocusProxy(self.search)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._waiting.start)
        self.search.returnPressed.connect(self.refresh)
        self.search.installEventFilter(self)
        self.status.currentIndexChanged.connect(self.refresh)
        self.error.retry_wanted.connect(self.refresh)
        self._waiting.timeout.connect(self.refresh)
        self.table.run_chosen.connect(self.details.show_run)
        self.table.open_requested.connect(self._on_open_requested)

    @property
    def generation(self) -> int:
        """The newest question's number."""
        return self._generation

    @property
    def status_filter(self) -> RunStatus | None:
        """The one status to show, None for all."""
        return FILTERS[self.status.currentIndex()][1]

    def refresh(self) -> None:
        """Ask again for what is searched for now; the shown runs stay until the answer."""
        self._waiting.stop()
        self._generation += 1
        self.search_wanted.emit(self.search.text().strip(), self._generation)

    def show_runs(self, generation: int, runs: tuple[Run, ...], *, more: bool = False) -> None:
        """Show the answer to question `generation`; an answer to an older one is dropped.

        `more`: there are older runs that fit, too.
        """
        if generation != self._generation:
            return
        wanted = self.status_filter
        fitting = runs if wanted is None else tuple(r for r in runs if r.status == wanted)
        self.table.show_rows(fitting, time.time())
        self.count.setText(_count_text(len(fitting), more=more))
        if fitting:
            self._pages.setCurrentWidget(self._split)
            return
        self._say_empty(more=more)
        self._pages.setCurrentWidget(self.note)

    def show_error(self, generation: int, title: str, message: str) -> None:
        """The history could not be read: say why, and offer to try again."""
        if generation != self._generation:
            return
        self.table.show_rows((), time.time())
        self.count.setText("")
        self.error.show_error(title, message)
        self._pages.setCurrentWidget(self.error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low panel has its details at the right of the table, a high one below it."""
        super().resizeEvent(event)
        low = self.height() < _LOW
        wanted = Qt.Orientation.Horizontal if low else Qt.Orientation.Vertical
        if self._split.orientation() != wanted:
            self._split.setOrientation(wanted)
            self._split.setSizes([700, 300])
            self.details.set_narrow(low)
            self.table.set_narrow(low)

    def _say_empty(self, *, more: bool) -> None:
        text, (word, status) = self.search.text().strip(), FILTERS[self.status.currentIndex()]
        if not text and status is None:
            self.note.set_text(
                "Nothing has run yet.",
                "Every statement you run shows here, with how it ended and how a stop went.",
            )
            return
        among = "" if status is None else f" among “{word}”"
        what = f"Nothing matches “{text}”{among}." if text else f"No run{among}."
        older = "Only the newest runs were looked at: search to reach older ones."
        self.note.set_text(what, older if more else "Search for something else, or show all runs.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc clears the search line, Down goes from it to the table."""
        if watched == self.search and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                # Also as ShortcutOverride: the window's Esc stops a query, this one clears.
                if pressed:
                    self.search.clear()
                    self.refresh()
                event.accept()
                return True
            if pressed and event.key() == Qt.Key.Key_Down:
                self.table.choose_first()
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _on_open_requested(self, run: Run) -> None:
        self.open_requested.emit(run.sql, run.connection)


def _count_text(count: int, *, more: bool) -> str:
    if not count:
        return ""
    text = "1 run" if count == 1 else f"{count:,} runs"
    return f"{text} among the newest" if more else text
