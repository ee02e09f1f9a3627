"""How a grid looks: one routine that draws header, row numbers and cells of what is in view.

GUI thread only. Draws what it is handed and what the page cache has; asks no model and no
connection. One Python call paints everything: a QTableView makes some 4,480 calls for the
same, and each may wait for another thread's turn at the interpreter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter

from workbench.core.results.resultset import ResultColumn
from workbench.ui.panels.results.layout import NARROWEST, WIDEST_AT_FIRST, ColumnLayout
from workbench.ui.panels.results.pages import PAGE_ROWS, PageCache
from workbench.ui.panels.results.selection import Block
from workbench.ui.theme import fonts, tokens

HEADER_HEIGHT = 44
PADDING = 10
_SAMPLE_ROWS = 100
_NULL = "NULL"


@dataclass(frozen=True, slots=True)
class View:
    """What is in sight: the size in pixels, and where in the result it is."""

    width: int
    height: int
    top: int  # first row in sight
    left: int  # pixels of columns scrolled away
    rows: int
    row_height: int
    gutter: int  # width of the row numbers

    @property
    def last(self) -> int:
        """One past the last row in sight, whole or not."""
        room = max(0, self.height - HEADER_HEIGHT)
        return min(self.rows, self.top + -(-room // self.row_height))


@dataclass(frozen=True, slots=True)
class Marks:
    """What is selected and where the current cell is."""

    block: Block | None
    row: int
    column: int
    focused: bool


class _Colours(NamedTuple):
    panel: QColor
    stripe: QColor
    line: QColor
    text: QColor
    muted: QColor
    null: QColor
    selection: QColor
    selection_muted: QColor
    accent: QColor
    control_line: QColor


class GridPainter:
    """Fonts and measures of a grid, and the routine that draws it."""

    def __init__(self, columns: Sequence[ResultColumn]) -> None:
        self._columns = columns
        self.cell_font = fonts.code()
        self._null_font = QFont(self.cell_font)
        self._null_font.setItalic(True)
        self._name_font = fonts.ui()
        self._name_font.setWeight(QFont.Weight.DemiBold)
        self._type_font = fonts.ui(11)
        self._number_font = fonts.code(11)
        self._cell_metrics = QFontMetrics(self.cell_font)
        self._name_metrics = QFontMetrics(self._name_font)
        self._type_metrics = QFontMetrics(self._type_font)
        self._character = QFontMetricsF(self.cell_font).horizontalAdvance("0")  # not a whole number

    def gutter_width(self, rows: int) -> int:
        """Room for the number of the last of `rows` rows."""
        digits = QFontMetrics(self._number_font).horizontalAdvance("0" * max(3, len(str(rows))))
        return digits + 2 * PADDING

    def fitting_width(self, column: int, texts: Sequence[str | None], widest: int) -> int:
        """The width that shows name, type and all `texts`, up to `widest`."""
        shown = self._columns[column]
        longest = max((_NULL if text is None else text for text in texts), key=len, default="")
        need = max(
            self._name_metrics.horizontalAdvance(_short(shown.name)),
            self._type_metrics.horizontalAdvance(_short(shown.type)),
            self._cell_metrics.horizontalAdvance(longest),
        )
        return min(max(need + 2 * PADDING + 2, NARROWEST), widest)

    def first_widths(self, pages: PageCache) -> list[int]:
        """A width for each column from the first rows."""
        indexes = range(len(self._columns))
        samples = [texts[:_SAMPLE_ROWS] for texts in pages.texts(0, indexes)]
        return [self.fitting_width(i, samples[i], WIDEST_AT_FIRST) for i in indexes]

    def paint(
        self, painter: QPainter, view: View, layout: ColumnLayout, pages: PageCache, marks: Marks
    ) -> None:
        """Draw everything in sight."""
        theme = tokens.current()
        colours = _Colours(*(QColor(getattr(theme, name)) for name in _Colours._fields))
        columns = layout.visible(view.left, max(0, view.width - view.gutter))
        painter.fillRect(0, 0, view.width, view.height, colours.panel)
        painter.save()
        painter.setClipRect(view.gutter, 0, view.width - view.gutter, view.height)
        painter.translate(view.gutter - view.left, 0)
        self._grounds(painter, view, layout, marks, colours)
        self._cells(painter, view, layout, columns, pages, colours)
        self._current(painter, view, layout, marks, colours)
        self._header(painter, layout, columns, marks, colours, view)
        painter.restore()
        self._gutter(painter, view, marks, colours)
        painter.fillRect(0, HEADER_HEIGHT - 1, view.width, 1, colours.line)
        painter.fillRect(view.gutter - 1, 0, 1, view.height, colours.line)

    def say_empty(self, painter: QPainter, box: QRect) -> None:
        """Under the header of a result without rows."""
        painter.setFont(self._type_font)
        painter.setPen(QColor(tokens.current().muted))
        below = box.adjusted(0, HEADER_HEIGHT + 24, 0, 0)
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, int(align), "No rows")

    def _grounds(
        self, painter: QPainter, view: View, layout: ColumnLayout, marks: Marks, c: _Colours
    ) -> None:
        height = view.row_height
        width = max(layout.total, view.left + view.width)
        for row in range(view.top + (view.top + 1) % 2, view.last, 2):
            y = HEADER_HEIGHT + (row - view.top) * height
            painter.fillRect(0, y, width, height, c.stripe)
        block = marks.block
        if block is None:
            return
        top, bottom = max(block.top, view.top), min(block.bottom + 1, view.last)
        if top < bottom:
            left = layout.left(block.left)
            right = layout.left(block.right) + layout.width(block.right)
            y = HEADER_HEIGHT + (top - view.top) * height
            painter.fillRect(left, y, right - left, (bottom - top) * height, c.selection)

    def _cells(
        self,
        painter: QPainter,
        view: View,
        layout: ColumnLayout,
        columns: range,
        pages: PageCache,
        c: _Colours,
    ) -> None:
        metrics = self._cell_metrics
        base = HEADER_HEIGHT + (view.row_height + metrics.ascent() - metrics.descent()) // 2
        nulls: list[tuple[int, int]] = []
        painter.setPen(c.text)
        painter.setFont(self.cell_font)
        row = view.top
        while row < view.last:
            page, place = divmod(row, PAGE_ROWS)
            stop = min(view.last, (page + 1) * PAGE_ROWS)
            y = base + (row - view.top) * view.row_height
            for column, texts in zip(columns, pages.texts(page, columns), strict=True):
                shown = texts[place : place + stop - row]
                self._column(painter, layout, column, shown, (y, view.row_height), nulls)
            row = stop
        painter.setPen(c.null)
        painter.setFont(self._null_font)
        for x, y in nulls:
            painter.drawText(x, y, _NULL)

    def _column(
        self,
        painter: QPainter,
        layout: ColumnLayout,
        column: int,
        texts: Sequence[str | None],
        lines: tuple[int, int],
        nulls: list[tuple[int, int]],
    ) -> None:
        """Draw one column's `texts` from baseline `lines[0]` on, `lines[1]` apart."""
        y, step = lines
        left = layout.left(column) + PADDING
        room = layout.width(column) - 2 * PADDING
        most = int(room / self._character)
        numeric = self._columns[column].numeric
        advance = self._cell_metrics.horizontalAdvance
        draw = painter.drawText
        for text in texts:
            if text is None:
                shift = max(0, room - advance(_NULL)) if numeric else 0
                nulls.append((left + shift, y))
            elif text.isascii():
                # One width for all: no need to measure.
                if len(text) > most:
                    text = text[: max(0, most - 1)] + "\u2026"  # noqa: PLW2901
                shift = int(room - len(text) * self._character) if numeric else 0
                draw(left + shift, y, text)
            elif text:
                fits = self._cell_metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                draw(left + (room - advance(fits) if numeric else 0), y, fits)
            y += step

    def _current(
        self, painter: QPainter, view: View, layout: ColumnLayout, marks: Marks, c: _Colours
    ) -> None:
        if marks.block is None or not view.top <= marks.row < view.last:
            return
        y = HEADER_HEIGHT + (marks.row - view.top) * view.row_height
        box = QRect(layout.left(marks.column), y, layout.width(marks.column), view.row_height)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(c.accent if marks.focused else c.control_line)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        if marks.focused:
            painter.drawRect(box.adjusted(1, 1, -2, -2))

    def _header(
        self,
        painter: QPainter,
        layout: ColumnLayout,
        columns: range,
        marks: Marks,
        c: _Colours,
        view: View,
    ) -> None:
        painter.fillRect(view.left, 0, view.width, HEADER_HEIGHT, c.panel)
        right = int(Qt.AlignmentFlag.AlignRight)
        left = int(Qt.AlignmentFlag.AlignLeft)
        block = marks.block
        for index in columns:
            column = self._columns[index]
            x, width = layout.left(index), layout.width(index)
            chosen = block is not None and block.left <= index <= block.right
            if chosen:
                painter.fillRect(x, 0, width, HEADER_HEIGHT, c.selection)
            painter.fillRect(x + width - 1, 12, 1, HEADER_HEIGHT - 24, c.line)
            room = width - 2 * PADDING
            align = int(Qt.AlignmentFlag.AlignVCenter) | (right if column.numeric else left)
            elide = Qt.TextElideMode.ElideRight
            painter.setFont(self._name_font)
            painter.setPen(c.text)
            name = self._name_metrics.elidedText(_short(column.name), elide, room)
            painter.drawText(x + PADDING, 5, room, 18, align, name)
            painter.setFont(self._type_font)
            painter.setPen(c.selection_muted if chosen else c.muted)
            kind = self._type_metrics.elidedText(_short(column.type), elide, room)
            painter.drawText(x + PADDING, 22, room, 16, align, kind)

    def _gutter(self, painter: QPainter, view: View, marks: Marks, c: _Colours) -> None:
        painter.fillRect(0, 0, view.gutter, view.height, c.panel)
        painter.setFont(self._number_font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        block, height = marks.block, view.row_height
        for row in range(view.top, view.last):
            y = HEADER_HEIGHT + (row - view.top) * height
            chosen = block is not None and block.top <= row <= block.bottom
            if chosen:
                painter.fillRect(0, y, view.gutter, height, c.selection)
            painter.setPen(c.selection_muted if chosen else c.muted)
            painter.drawText(0, y, view.gutter - PADDING, height, int(right), str(row + 1))


def _short(text: str) -> str:
    """A name as the header can show it: one line, and not a megabyte of it."""
    return " ".join(text[:200].split())
