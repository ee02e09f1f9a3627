"""The table of live queries: one line each, updated in place, with a Stop button per line.

GUI thread only. The cells live in a C++ item model, so that painting takes no Python call
and a busy worker thread can't hold the paint up. Never decides what a stop does: it says
which query was meant.
"""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolButton, QWidget

from workbench.ui.panels.activity.entries import (
    ActivityRow,
    elapsed_text,
    rows_text,
    state_icon,
    state_word,
    statement_text,
)
from workbench.ui.theme import fonts, icons, theme, tokens

STATE, TITLE, CONNECTION, ELAPSED, ROWS, STATEMENT, STOP = range(7)
HEADERS = ("State", "Tab", "Connection", "Elapsed", "Rows", "Statement", "")
_WIDTHS = {STATE: 132, TITLE: 150, CONNECTION: 150, ELAPSED: 88, ROWS: 112, STOP: 116}
_NUMBERS = (ELAPSED, ROWS)
_MUTED = (CONNECTION,)
ROW_HEIGHT = 28

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ActivityTable(QTableView):
    """The lines.

    Signals: `stop_requested(query)`, `tab_requested(tab)`, `menu_wanted(query, place)` with
    the place on the screen.
    """

    stop_requested = Signal(str)
    tab_requested = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activityTable")
        self._model = QStandardItemModel(0, len(HEADERS), self)
        self._shown: list[ActivityRow] = []
        self._code = fonts.code(12)
        self.setModel(self._model)
        self.setAccessibleName("Live queries")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        # Cells begin where their header does.
        self.setStyleSheet("QTableView::item { padding: 0 5px; border: 0; }")
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._lay_out_headers()
        self.doubleClicked.connect(self._on_double_clicked)
        self.customContextMenuRequested.connect(self._on_menu_requested)
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
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(STATEMENT, QHeaderView.ResizeMode.Stretch)
        columns.setSectionResizeMode(STOP, QHeaderView.ResizeMode.Fixed)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    def show_rows(self, rows: tuple[ActivityRow, ...]) -> None:
        """Show exactly `rows`, in their order, touching only the cells that changed."""
        chosen = self.current_query()
        wanted = {row.id for row in rows}
        for place in reversed(range(len(self._shown))):
            if self._shown[place].id not in wanted:
                self._model.removeRow(place)
                del self._shown[place]
        for place, row in enumerate(rows):
            self._put(place, row)
        if chosen and chosen not in wanted:
            # Qt would choose the neighbour: the next Delete key would stop a query that
            # nobody meant.
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()

    def current_query(self) -> str:
        """The id of the chosen line's query, "" without one."""
        row = self.row_at(self.currentIndex())
        return row.id if row else ""

    def row_of(self, query: str) -> ActivityRow | None:
        """What is shown of `query`."""
        return next((row for row in self._shown if row.id == query), None)

    def row_at(self, index: QModelIndex) -> ActivityRow | None:
        """What is shown in the line of `index`."""
        return self._shown[index.row()] if 0 <= index.row() < len(self._shown) else None

    def stop_button(self, query: str) -> QToolButton | None:
        """The Stop button of `query`'s line."""
        for place, row in enumerate(self._shown):
            if row.id == query:
                button = self.indexWidget(self._model.index(place, STOP))
                return button if isinstance(button, QToolButton) else None
        return None

    def _put(self, place: int, row: ActivityRow) -> None:
        if place < len(self._shown) and self._shown[place].id == row.id:
            if self._shown[place] != row:
                self._update(place, self._shown[place], row)
            return
        before = next((at for at, old in enumerate(self._shown) if old.id == row.id), None)
        if before is not None:
            self._model.removeRow(before)
            del self._shown[before]
        items = [QStandardItem() for _ in HEADERS]
        for column, item in enumerate(items):
            item.setTextAlignment(_RIGHT if column in _NUMBERS else _LEFT)
            if column in _MUTED:
                item.setForeground(QBrush(QColor(tokens.current().muted)))
            if column == STATEMENT:
                item.setFont(self._code)
        self._model.insertRow(place, items)
        self._shown.insert(place, row)
        self.setIndexWidget(self._model.index(place, STOP), self._new_button(row.id))
        self._update(place, None, row)

    def _update(self, place: int, old: ActivityRow | None, row: ActivityRow) -> None:
        self._shown[place] = row
        for column, text_of in _TEXTS.items():
            text = text_of(row)
            if old is None or text_of(old) != text:
                self._model.item(place, column).setText(text)
        if old is None or old.state is not row.state:
            self._model.item(place, STATE).setIcon(icons.icon(*state_icon(row.state)))
        button = self.indexWidget(self._model.index(place, STOP))
        if isinstance(button, QToolButton) and (old is None or _stop(old) != _stop(row)):
            button.setText(row.stop_word)
            button.setAccessibleName(row.stop_name)
            button.setEnabled(row.stoppable)

    def _new_button(self, query: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("stopRowButton")
        button.setIcon(icons.icon("close", "danger"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The line has the focus, and its keys; a button that vanishes must not take it along.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip("Stop this at the database (Delete)")
        button.clicked.connect(lambda: self.stop_requested.emit(query))
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Enter stop the chosen line's query."""
        keys = (Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        row = self.row_at(self.currentIndex())
        if event.key() in keys and row is not None:
            # A key held down must not climb the ladder by itself.
            if row.stoppable and not event.isAutoRepeat():
                self.stop_requested.emit(row.id)
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        row = self.row_at(index)
        if row is not None and row.tab:
            self.tab_requested.emit(row.tab)

    def _on_menu_requested(self, place: QPoint) -> None:
        row = self.row_at(self.indexAt(place))
        if row is not None:
            self.menu_wanted.emit(row.id, self.viewport().mapToGlobal(place))

    def _on_theme_changed(self) -> None:
        muted = QBrush(QColor(tokens.current().muted))
        for place in range(self._model.rowCount()):
            for column in _MUTED:
                self._model.item(place, column).setForeground(muted)


def _stop(row: ActivityRow) -> tuple[str, str, bool]:
    return row.stop_word, row.stop_name, row.stoppable


_TEXTS: dict[int, Callable[[ActivityRow], str]] = {
    STATE: lambda row: state_word(row.state),
    TITLE: lambda row: row.title,
    CONNECTION: lambda row: row.connection,
    ELAPSED: lambda row: elapsed_text(row.elapsed_ms),
    ROWS: lambda row: rows_text(row.rows),
    STATEMENT: statement_text,
}
