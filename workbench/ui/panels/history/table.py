"""The table of past runs, newest first as given.

GUI thread only. The cells live in a C++ item model, so that painting takes no Python call
and a busy worker thread can't hold the paint up.
"""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from workbench.core.history.model import Run
from workbench.ui.panels.history.runs import (
    duration_text,
    ended_text,
    one_line,
    rows_text,
    status_icon,
    status_word,
    when_text,
)
from workbench.ui.theme import fonts, icons, theme, tokens

WHEN, STATUS, DURATION, ROWS, CONNECTION, ENDED, SQL = range(7)
HEADERS = ("When", "Status", "Duration", "Rows", "Connection", "How it ended", "SQL")
_WIDTHS = (132, 190, 88, 100, 140, 264, 100)
_NARROW_WIDTHS = (132, 132, 80, 92, 112, 264, 100)
_NUMBERS = (DURATION, ROWS)
_MUTED = (WHEN, CONNECTION)
ROW_HEIGHT = 26

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HistoryTable(QTableView):
    """The runs.

    Signals: `run_chosen(row or None)` when another line becomes current,
    `open_requested(row)` on double click or Enter.
    """

    run_chosen = Signal(object)
    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyTable")
        self._model = QStandardItemModel(0, len(HEADERS), self)
        self._shown: tuple[Run, ...] = ()
        self._code = fonts.code(12)
        self.setModel(self._model)
        self.setAccessibleName("Past runs")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        # Cells begin where their header does.
        self.setStyleSheet("QTableView::item { padding: 0 5px; border: 0; }")
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._lay_out_headers()
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.repaint_on_change(self, self._on_theme_changed)

    def _lay_out_headers(self) -> None:
        for column, text in enumerate(HEADERS):
            item = QStandardItem(text)
            item.setTextAlignment(_RIGHT if column in _NUMBERS else _LEFT)
            self._model.setHorizontalHeaderItem(column, item)
        rows = self.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(48)
        columns.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)

    def set_narrow(self, narrow: bool) -> None:
        """With the details beside it, which tell how a run ended, that column goes."""
        self.setColumnHidden(ENDED, narrow)
        for column, width in enumerate(_NARROW_WIDTHS if narrow else _WIDTHS):
            self.setColumnWidth(column, width)

    def show_rows(self, rows: tuple[Run, ...], now: float) -> None:
        """Show `rows`; the chosen run stays chosen if it is among them. `now`: epoch seconds."""
        chosen = self.current_run()
        self._shown = ()  # nobody is told of lines that are on their way out
        lines = self._model.rowCount()
        self._model.setRowCount(len(rows))
        for place, row in enumerate(rows):
            if place >= lines:
                self._add_line(place)
            for column, text in enumerate(_texts(row, now)):
                if self._model.item(place, column).text() != text:
                    self._model.item(place, column).setText(text)
            self._model.item(place, STATUS).setIcon(icons.icon(*status_icon(row)))
        self._shown = rows
        self._choose(chosen.id if chosen else "")

    def _add_line(self, place: int) -> None:
        muted = QBrush(QColor(tokens.current().muted))
        for column in range(len(HEADERS)):
            item = QStandardItem()
            item.setTextAlignment(_RIGHT if column in _NUMBERS else _LEFT)
            if column in _MUTED:
                item.setForeground(muted)
            if column == SQL:
                item.setFont(self._code)
            self._model.setItem(place, column, item)

    def _choose(self, run: str) -> None:
        place = next((at for at, row in enumerate(self._shown) if row.id == run), -1)
        if place < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif place != self.currentIndex().row():
            self.setCurrentIndex(self._model.index(place, 0))
        self.run_chosen.emit(self.current_run())

    def current_run(self) -> Run | None:
        """The chosen run."""
        place = self.currentIndex().row()
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def choose_first(self) -> None:
        """Choose the first line, if none is chosen."""
        if self._shown and self.current_run() is None:
            self.setCurrentIndex(self._model.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen run, the copy keys copy its SQL."""
        run = self.current_run()
        if run is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_requested.emit(run)
        elif run is not None and event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(run.sql)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if self._shown:
            self.run_chosen.emit(self.current_run())

    def _on_double_clicked(self, _index: QModelIndex) -> None:
        run = self.current_run()
        if run is not None:
            self.open_requested.emit(run)

    def _on_theme_changed(self) -> None:
        muted = QBrush(QColor(tokens.current().muted))
        for place in range(self._model.rowCount()):
            for column in _MUTED:
                self._model.item(place, column).setForeground(muted)


def _texts(row: Run, now: float) -> tuple[str, ...]:
    return (
        when_text(row.started_at, now),
        status_word(row),
        duration_text(row.elapsed_ms),
        rows_text(row),
        row.connection,
        ended_text(row),
        one_line(row.sql),
    )
