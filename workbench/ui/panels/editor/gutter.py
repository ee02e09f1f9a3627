"""The strip left of the text: line numbers, the error's dot, the bar of the statement.

GUI thread. One paint routine over the visible lines; it reads positions and tokens, and
calls nothing that blocks.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QTextBlock
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.ui.panels.editor.decorations import Decorations
from workbench.ui.theme import tokens

_DOT = 6
_BAR = 3


class Gutter(QWidget):
    """Belongs to an editor, which places it and tells it to follow the scrolling."""

    def __init__(
        self,
        editor: QPlainTextEdit,
        marks: Decorations,
        visible: Callable[[], list[tuple[QTextBlock, QRect]]],
        select: Callable[[QTextBlock], None],
    ) -> None:
        """`visible` lists the lines in view with their place; `select` selects one."""
        super().__init__(editor)
        self._editor = editor
        self._marks = marks
        self._visible = visible
        self._select = select
        self.setAccessibleName("Line numbers")
        marks.marks_changed.connect(self.update)

    def wanted_width(self) -> int:
        """Pixels for the largest line number, the dot and the bar."""
        digits = max(2, len(str(self._editor.blockCount())))
        return int(self.fontMetrics().horizontalAdvance("9") * digits) + _DOT + _BAR + 16

    def sizeHint(self) -> QSize:
        """The wanted width; the editor decides the height."""
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines in view."""
        t = tokens.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._editor.font())
        current = self._editor.textCursor().blockNumber()
        error, statement = self._marks.error_block, self._marks.statement_blocks
        right = self.width() - _BAR - 7
        for block, place in self._visible():
            number = block.blockNumber()
            if number in statement:
                bar = QRect(self.width() - _BAR - 1, place.top(), _BAR, place.height())
                faint = QColor(t.accent)
                faint.setAlpha(120)
                painter.fillRect(bar, faint)
            if number == error:
                self._paint_dot(painter, place, QColor(t.danger))
            colour = t.danger if number == error else t.text if number == current else t.muted
            painter.setPen(QColor(colour))
            row = QRect(0, place.top(), right, self._editor.fontMetrics().lineSpacing())
            painter.drawText(row, Qt.AlignmentFlag.AlignRight, str(number + 1))

    def _paint_dot(self, painter: QPainter, place: QRect, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        height = self._editor.fontMetrics().lineSpacing()
        painter.drawEllipse(QRect(4, place.top() + (height - _DOT) // 2, _DOT, _DOT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a number selects its line."""
        if event.button() == Qt.MouseButton.LeftButton:
            at = self._editor.cursorForPosition(QPoint(0, int(event.position().y())))
            self._select(at.block())
