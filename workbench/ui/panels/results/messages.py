"""The log of a tab: what ran, what the server said, what went wrong, and when.

GUI thread only. Plain text, at most 10,000 lines (the oldest go first). An error line
leads to its place in the script by click or Enter.
"""

from collections import deque
from datetime import datetime
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.ui.theme import fonts, theme, tokens

MOST_LINES = 10_000
_LONGEST_LINE = 2_000  # characters; a longer one makes the layout slow
_LONGEST_MESSAGE_LINES = 1_000
_COLOURS = {"error": "danger", "warning": "warning", "ok": "ok"}


class MessageLog(QPlainTextEdit):
    """Messages with time and level. Signals: `line_activated(int)`, an offset in the script."""

    line_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageLog")
        self.setAccessibleName("Messages")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST_LINES)
        self.setFont(fonts.code())
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)
        # One entry per line of the document, dropped at the same end at the same time.
        self._lines: deque[tuple[str, int | None]] = deque(maxlen=MOST_LINES)
        theme.repaint_on_change(self, self._recolour)

    def add(self, text: str, level: str, offset: int | None = None) -> None:
        """Append `text` with the time of day; `level` is info, ok, warning or error."""
        now = datetime.now().astimezone()
        stamp = f"{now:%H:%M:%S}  {level.upper():<8}"
        lines = text.splitlines() or [""]
        if len(lines) > _LONGEST_MESSAGE_LINES:
            more = len(lines) - _LONGEST_MESSAGE_LINES
            lines = [*lines[:_LONGEST_MESSAGE_LINES], f"({more:,} more lines)"]
        bar = self.verticalScrollBar()
        follow = bar.value() == bar.maximum()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for number, line in enumerate(lines):
            cursor.movePosition(QTextCursor.MoveOperation.End)
            head = stamp if number == 0 else " " * len(stamp)
            if self._lines:
                cursor.insertBlock()
            cursor.insertText(head + _one_line(line), _format(level))
            self._lines.append((level, offset))
        cursor.endEditBlock()
        if follow:
            bar.setValue(bar.maximum())

    def clear_log(self) -> None:
        """Forget all messages."""
        self._lines.clear()
        self.clear()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a line that has a place in the script leads there."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._activate(self.cursorForPosition(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer shows which lines can be clicked."""
        super().mouseMoveEvent(event)
        line = self.cursorForPosition(event.position().toPoint()).blockNumber()
        leads = self._offset(line) is not None
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what a click does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._activate(self.textCursor())
            return
        super().keyPressEvent(event)

    def _activate(self, cursor: QTextCursor) -> None:
        offset = self._offset(cursor.blockNumber())
        if offset is not None:
            self.line_activated.emit(offset)

    def _offset(self, line: int) -> int | None:
        if not 0 <= line < len(self._lines):
            return None
        level, offset = self._lines[line]
        return offset if level == "error" else None

    def _recolour(self) -> None:
        # Runs of lines of one level at once: ten thousand single steps take 0.3 s.
        formats = {level: _format(level) for level, _offset in set(self._lines)}
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        number = 0
        for level, run in groupby(self._lines, key=lambda line: line[0]):
            first = self.document().findBlockByNumber(number)
            number += sum(1 for _line in run)
            last = self.document().findBlockByNumber(number - 1)
            cursor.setPosition(first.position())
            end = last.position() + last.length() - 1
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(formats[level])
        cursor.endEditBlock()


def _format(level: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(getattr(tokens.current(), _COLOURS.get(level, "text"))))
    return made


def _one_line(line: str) -> str:
    shown = line.replace("\0", "\u2400")
    return shown if len(shown) <= _LONGEST_LINE else shown[:_LONGEST_LINE] + "\u2026"
