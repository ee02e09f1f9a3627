"""What is drawn over the text: current line, brackets, search hits, the error's squiggle.

GUI thread. Positions are a document's (UTF-16 units). Cursors hold the places, so that
they move with the text. Only hits near the view become selections: Qt walks through all of
them for each line it paints.
"""

from bisect import bisect_left

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from workbench.ui.panels.editor import brackets
from workbench.ui.theme import theme, tokens

Hit = tuple[int, int]  # start, end


class Decorations(QObject):
    """The extra selections of one editor, and the two marks that the gutter shows as well.

    Signals: `marks_changed()` when the error or the statement bar moved.
    """

    marks_changed = Signal()

    def __init__(self, editor: QPlainTextEdit, state_before: brackets.StateBefore) -> None:
        super().__init__(editor)
        self._editor = editor
        self._state_before = state_before
        self._error: QTextCursor | None = None
        self._statement: QTextCursor | None = None
        self._hits: list[Hit] = []
        self._current_hit: Hit | None = None
        editor.cursorPositionChanged.connect(self.refresh)
        editor.selectionChanged.connect(self.refresh)
        editor.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changes.theme_changed.connect(self.refresh)

    @property
    def error_block(self) -> int:
        """The number of the line with the error; -1 without one."""
        return self._error.block().blockNumber() if self._error is not None else -1

    @property
    def error_range(self) -> Hit | None:
        """Start and end of the squiggle."""
        if self._error is None:
            return None
        return self._error.selectionStart(), self._error.selectionEnd()

    @property
    def statement_blocks(self) -> range:
        """The numbers of the lines of the statement that would run; empty without one."""
        if self._statement is None:
            return range(0)
        document = self._editor.document()
        first = document.findBlock(self._statement.selectionStart()).blockNumber()
        last = document.findBlock(self._statement.selectionEnd()).blockNumber()
        return range(first, last + 1)

    def set_error(self, place: Hit | None) -> None:
        """Mark an error at `place`, or none."""
        self._error = self._cursor(place)
        self.refresh()
        self.marks_changed.emit()

    def set_statement(self, place: Hit | None) -> None:
        """Mark the statement that would run, or none."""
        if place == (0, 0):
            place = None
        self._statement = self._cursor(place)
        self.marks_changed.emit()

    def set_hits(self, hits: list[Hit], current: Hit | None) -> None:
        """Mark the search's hits, sorted by start, and the one that is current."""
        self._hits, self._current_hit = hits, current
        self.refresh()

    def refresh(self) -> None:
        """Make the selections anew for the caret, the view and the theme of now."""
        shown = self._current_line()
        shown += self._visible_hits()
        shown += self._brackets()
        shown += self._squiggle()
        self._editor.setExtraSelections(shown)

    def _on_scrolled(self) -> None:
        if self._hits:
            self.refresh()

    def _current_line(self) -> list[QTextEdit.ExtraSelection]:
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            return []
        cursor.clearSelection()
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.current().current_line))
        look.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return [_selection(cursor, look)]

    def _visible_hits(self) -> list[QTextEdit.ExtraSelection]:
        if not self._hits:
            return []
        start, end = self._view()
        t = tokens.current()
        look = QTextCharFormat()
        look.setBackground(QColor(t.match))
        look.setForeground(QColor(t.text))
        first = max(0, bisect_left(self._hits, (start, start)) - 1)
        shown = []
        for hit in self._hits[first : first + 500]:
            if hit[0] > end:
                break
            cursor = self._cursor(hit)
            if cursor is not None and hit != self._current_hit:
                shown.append(_selection(cursor, look))
        current = self._cursor(self._current_hit)
        if current is not None:
            strong = QTextCharFormat()
            strong.setBackground(QColor(t.match_current))
            strong.setForeground(QColor(t.text))
            shown.append(_selection(current, strong))
        return shown

    def _brackets(self) -> list[QTextEdit.ExtraSelection]:
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            return []
        found = brackets.match(cursor.block(), cursor.position(), self._state_before)
        if found is None:
            return []
        t = tokens.current()
        look = QTextCharFormat()
        start, partner = found
        if partner is None:
            look.setForeground(QColor(t.danger))
            look.setFontUnderline(True)
        else:
            look.setBackground(QColor(t.match))
        places = [start] if partner is None else [start, partner]
        made = [self._cursor((at, at + 1)) for at in places]
        return [_selection(cursor, look) for cursor in made if cursor is not None]

    def _squiggle(self) -> list[QTextEdit.ExtraSelection]:
        if self._error is None:
            return []
        t = tokens.current()
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(t.danger))
        look.setBackground(QColor(t.error_ground))
        look.setForeground(QColor(t.text))
        return [_selection(self._error, look)]

    def _view(self) -> Hit:
        first: QTextBlock = self._editor.firstVisibleBlock()
        lines = self._editor.viewport().height() // max(1, self._editor.fontMetrics().lineSpacing())
        document = self._editor.document()
        last = document.findBlockByNumber(first.blockNumber() + lines + 1)
        if not last.isValid():
            last = document.lastBlock()
        return first.position(), last.position() + last.length()

    def _cursor(self, place: Hit | None) -> QTextCursor | None:
        if place is None:
            return None
        end = self._editor.document().characterCount() - 1
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(min(place[0], end))
        cursor.setPosition(min(place[1], end), QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _selection(cursor: QTextCursor, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor
    made.format = look
    return made
