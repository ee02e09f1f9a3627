"""The grid of a result: any number of rows, one paint routine, keyboard and mouse.

GUI thread only. Reads a `ResultSet` (RAM or a memory map) page by page and never waits for
the database. It scrolls in rows, not in pixels, so ten billion rows are no problem. `grow` is
called by its owner while rows arrive; the grid starts no timer of its own.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from workbench.core.results.resultset import ResultSet
from workbench.ui.panels.results.commands import GridCommands
from workbench.ui.panels.results.keys import press_key
from workbench.ui.panels.results.layout import WIDEST, ColumnLayout
from workbench.ui.panels.results.mouse import GridMouse, Part, hit
from workbench.ui.panels.results.pages import PAGE_ROWS, PageCache
from workbench.ui.panels.results.painting import HEADER_HEIGHT, GridPainter, Marks, View
from workbench.ui.panels.results.selection import Block, Selection, Span
from workbench.ui.theme import theme

ROW_HEIGHT = 26
COMPACT_ROW_HEIGHT = 22
_BAR_MOST = 2**31 - 1


class ResultGrid(QAbstractScrollArea):
    """Shows one result.

    Signals: `selection_changed()`; `copy_refused(str)`, why the selection was not copied.
    """

    selection_changed = Signal()
    copy_refused = Signal(str)

    def __init__(self, results: ResultSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultGrid")
        self.setAccessibleName("Result")
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.results = results
        self.columns_layout = ColumnLayout([])
        self.selection = Selection()
        self._pages = PageCache(results)
        self._painter = GridPainter(results.columns)
        self._mouse = GridMouse(self)
        self.commands = GridCommands(self, self)
        self.commands.copy_refused.connect(self.copy_refused)
        self._rows = 0
        self._top = 0
        self._scale = 1
        self._final = False
        self._measured = False
        self._row_height = ROW_HEIGHT
        theme.repaint_on_change(self.viewport())
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        if not results.rows.known:
            self.columns_layout = ColumnLayout(self._painter.first_widths(self._pages))
        self.grow()

    @property
    def rows(self) -> int:
        """Rows shown: those that had arrived at the last `grow`."""
        return self._rows

    def grow(self) -> None:
        """See what has arrived since. The owner calls it ten times a second at most."""
        known = self.results.rows
        if (known.known, known.final) == (self._rows, self._final):
            return
        before = self.view()
        in_sight = before.last >= self._rows
        whole = self.selection.span in (Span.COLUMNS, Span.ALL)
        self._rows, self._final = known.known, known.final
        if not self._measured and self._rows:
            self._measured = True
            self.columns_layout = ColumnLayout(self._painter.first_widths(self._pages))
        self._fit_bars()
        # Rows that come below what is in sight change nothing but the scroll bar.
        if in_sight or whole or self.view().gutter != before.gutter:
            self.viewport().update()
        if whole:
            self.selection_changed.emit()

    def view(self) -> View:
        """What is in sight now."""
        port = self.viewport()
        left = self.horizontalScrollBar().value()
        gutter = self._painter.gutter_width(self._rows)
        top, step = self._top, self._row_height
        return View(port.width(), port.height(), top, left, self._rows, step, gutter)

    def set_compact(self, compact: bool) -> None:
        """Rows of 22 px instead of 26."""
        self._row_height = COMPACT_ROW_HEIGHT if compact else ROW_HEIGHT
        self._fit_bars()
        self.viewport().update()

    def block(self) -> Block | None:
        """The selected cells, None in an empty grid."""
        return self.selection.block(self._rows, len(self.results.columns))

    def select(self, row: int, column: int, *, extend: bool, span: Span = Span.CELLS) -> None:
        """Make a cell current, alone or as the end of a block, and bring it into sight."""
        self.selection = self.selection.at(row, column, extend=extend, span=span)
        if span is not Span.ALL:
            self._bring_into_sight(rows=span != Span.COLUMNS, columns=span != Span.ROWS)
        self.viewport().update()
        self._announce()
        self.selection_changed.emit()

    def set_column_width(self, column: int, width: int) -> None:
        """Give a column a width in pixels."""
        self.columns_layout.set_width(column, width)
        self._fit_bars()
        self.viewport().update()

    def fit_column(self, column: int) -> None:
        """Make a column as wide as what it shows in the rows in sight needs."""
        view = self.view()
        texts = []
        for page in range(view.top // PAGE_ROWS, max(view.last - 1, 0) // PAGE_ROWS + 1):
            texts += self._pages.texts(page, [column])[0]
        self.set_column_width(column, self._painter.fitting_width(column, texts, WIDEST))

    def scroll_to(self, row: int) -> None:
        """Make `row` the first in sight, as far as the end allows."""
        self._place(row)
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all that is in sight."""
        here = self.selection
        marks = Marks(self.block(), here.row, here.column, self.hasFocus())
        with QPainter(self.viewport()) as painter:
            self._painter.paint(painter, self.view(), self.columns_layout, self._pages, marks)
            if self._final and not self._rows:
                self._painter.say_empty(painter, self.viewport().rect())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Fit the scroll bars to the new size."""
        self._fit_bars()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Everything is drawn anew: no pixels are moved."""
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Copy and select all are the grid's while it has the focus, whatever the window's are."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
            if any(event.matches(each) for each in own):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, extend, select, copy; what is not the grid's goes on to the window."""
        if not press_key(self, self.commands, event):
            event.ignore()  # the base class would scroll by pixels

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a cell, a row, a column or an edge."""
        if event.button() == Qt.MouseButton.LeftButton:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._mouse.press(event.position().toPoint(), extend=shift)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; else show what could be."""
        point = event.position().toPoint()
        if self._mouse.busy:
            self._mouse.move(point)
            return
        edge = hit(self.view(), self.columns_layout, point).part is Part.EDGE
        shape = Qt.CursorShape.SplitHCursor if edge else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._mouse.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On an edge: fit the column. On a cell: its whole value."""
        found = hit(self.view(), self.columns_layout, event.position().toPoint())
        if found.part is Part.EDGE:
            self.fit_column(found.column)
        elif found.part is Part.CELL:
            self.commands.view_value()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy and view, for the cell under the pointer or, by keyboard, the current one."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            found = hit(self.view(), self.columns_layout, event.pos())
            block = self.block()
            if found.part is Part.CELL and not (block and block.holds(found.row, found.column)):
                self.select(found.row, found.column, extend=False)
        self.commands.menu().popup(event.globalPos())

    def _fit_bars(self) -> None:
        view = self.view()
        room = max(0, view.height - HEADER_HEIGHT)
        whole = max(1, room // self._row_height)
        across = max(0, view.width - view.gutter)
        bar = self.horizontalScrollBar()
        bar.setRange(0, max(0, self.columns_layout.total - across))
        bar.setPageStep(across)
        bar.setSingleStep(40)
        # Beyond 2^31 rows a step of the bar is several rows; the top row stays exact.
        bar = self.verticalScrollBar()
        self._scale = max(1, -(-self._rows // _BAR_MOST))
        bar.blockSignals(True)
        bar.setRange(0, max(0, self._rows - whole) // self._scale)
        bar.setPageStep(max(1, whole // self._scale))
        bar.blockSignals(False)
        self._place(self._top)

    def _place(self, row: int) -> None:
        whole = max(1, (self.viewport().height() - HEADER_HEIGHT) // self._row_height)
        self._top = min(max(row, 0), max(0, self._rows - whole))
        bar = self.verticalScrollBar()
        bar.blockSignals(True)
        bar.setValue(self._top // self._scale)
        bar.blockSignals(False)

    def _on_scrolled(self, value: int) -> None:
        last = self.verticalScrollBar().maximum()
        self._top = value * self._scale if value < last or self._scale == 1 else self._rows
        self.scroll_to(self._top)

    def _bring_into_sight(self, *, rows: bool, columns: bool) -> None:
        here, view = self.selection, self.view()
        whole = max(1, (view.height - HEADER_HEIGHT) // self._row_height)
        if rows and not self._top <= here.row < self._top + whole:
            self.scroll_to(here.row if here.row < self._top else here.row - whole + 1)
        if columns and here.column < self.columns_layout.count:
            left = self.columns_layout.left(here.column)
            right = left + self.columns_layout.width(here.column)
            across = max(0, view.width - view.gutter)
            bar = self.horizontalScrollBar()
            if left < bar.value() or right - left > across:
                bar.setValue(left)
            elif right > bar.value() + across:
                bar.setValue(right - across)

    def _announce(self) -> None:
        """Tell assistive technology which cell is current and what it holds."""
        here = self.selection
        if here.row >= self._rows:
            return
        text = self._pages.text(here.row, here.column)
        block = self.block()
        spoken = f"{self.results.columns[here.column].name}, row {here.row + 1}: "
        spoken += "NULL" if text is None else text
        if block is not None and block.cells > 1:
            spoken += f"; {block.cells:,} cells selected"
        self.setAccessibleDescription(spoken)
        if QAccessible.isActive():
            changed = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(changed)
