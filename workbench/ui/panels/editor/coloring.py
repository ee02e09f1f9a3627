"""SQL colours in the editor, at a price that doesn't grow with the script.

GUI thread. A script up to `WHOLE_LIMIT` characters is coloured whole and exactly by a
QSyntaxHighlighter, line by line as it changes. A larger one is coloured only where it is
seen, after the scrolling or typing, from a state found by looking back `LOOK_BACK` lines:
a comment that was opened further up may be missed, and the editor says so in its corner.
Never reads files, never blocks for longer than a screenful takes (a few milliseconds).
"""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextLayout,
)
from PySide6.QtWidgets import QPlainTextEdit

from workbench.ui.panels.editor import lexer
from workbench.ui.panels.editor.offsets import to_utf16
from workbench.ui.theme import theme, tokens

WHOLE_LIMIT = 200_000  # characters; about 0.1 s to colour on a slow machine
LOOK_BACK = 300  # lines

_TOKEN_OF_KIND = {
    "keyword": "keyword",
    "function": "function",
    "string": "string",
    "number": "number",
    "comment": "comment",
    "parameter": "warning",
}


def formats() -> dict[str, QTextCharFormat]:
    """A text format for each kind of piece, in the colours of the theme being shown."""
    made = {}
    for kind, token in _TOKEN_OF_KIND.items():
        made[kind] = QTextCharFormat()
        made[kind].setForeground(QColor(getattr(tokens.current(), token)))
    made["keyword"].setFontWeight(QFont.Weight.DemiBold)
    made["comment"].setFontItalic(True)
    return made


class _WholeHighlighter(QSyntaxHighlighter):
    """Colours every line as Qt asks for it."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.formats = formats()

    def highlightBlock(self, text: str) -> None:
        before = max(self.previousBlockState(), lexer.CODE)
        pieces, after = lexer.scan(text, before)
        self.setCurrentBlockState(after)
        plain = text.isascii()
        for piece in pieces:
            shown = self.formats.get(piece.kind)
            if shown is None:
                continue
            start = piece.start if plain else to_utf16(text, piece.start)
            end = piece.start + piece.length
            self.setFormat(start, (end if plain else to_utf16(text, end)) - start, shown)


class Coloring(QObject):
    """Colours one editor and keeps to the way that suits the size of its text.

    Signals: `limited_changed(bool)`: only the visible part is coloured from now on, or no
    longer so.
    """

    limited_changed = Signal(bool)

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._whole: _WholeHighlighter | None = _WholeHighlighter(editor.document())
        self._formats = formats()
        self._seen: dict[int, tuple[str, int]] = {}
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._color_visible)
        editor.document().contentsChange.connect(self._on_contents_change)
        editor.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changes.theme_changed.connect(self._on_theme_changed)

    @property
    def limited(self) -> bool:
        """Whether only the visible part is coloured."""
        return self._whole is None

    def prepare(self, length: int) -> None:
        """Choose the way for a text of `length`; call it before the text is set."""
        limited = length > WHOLE_LIMIT
        if limited == self.limited:
            return
        if self._whole is not None:
            self._whole.setDocument(None)
            self._whole.deleteLater()
            self._whole = None
        else:
            self._whole = _WholeHighlighter(self._editor.document())
        self._seen.clear()
        self.limited_changed.emit(limited)

    def state_before(self, block: QTextBlock) -> int:
        """The lexer's state at the start of `block` (looked up, or from looking back)."""
        if not self.limited:
            previous = block.previous()
            return max(previous.userState(), lexer.CODE) if previous.isValid() else lexer.CODE
        start = block
        for _ in range(LOOK_BACK):
            if not start.previous().isValid():
                break
            start = start.previous()
        state = lexer.CODE
        while start != block:
            state = lexer.scan(start.text(), state)[1]
            start = start.next()
        return state

    def _on_contents_change(self, _position: int, _removed: int, added: int) -> None:
        if added or self.limited:
            # Typing never goes past the limit by itself: pasting and loading do.
            length = self._editor.document().characterCount()
            if self.limited != (length > WHOLE_LIMIT):
                QTimer.singleShot(0, self, self._on_size_changed)
        if self.limited:
            self._timer.start()

    def _on_size_changed(self) -> None:
        self.prepare(self._editor.document().characterCount())

    def _on_scrolled(self) -> None:
        if self.limited:
            self._timer.start()

    def _on_theme_changed(self) -> None:
        self._formats = formats()
        self._seen.clear()
        if self._whole is not None:
            self._whole.formats = self._formats
            self._whole.rehighlight()
        else:
            self._timer.start()

    def _visible(self) -> Iterator[QTextBlock]:
        block = self._editor.firstVisibleBlock()
        line_height = max(self._editor.fontMetrics().lineSpacing(), 1)
        for _ in range(self._editor.viewport().height() // line_height + 2):
            if not block.isValid():
                return
            yield block
            block = block.next()

    def _color_visible(self) -> None:
        if not self.limited:
            return
        state: int | None = None
        seen: dict[int, tuple[str, int]] = {}
        document = self._editor.document()
        for block in self._visible():
            if state is None:
                state = self.state_before(block)
            text, number = block.text(), block.blockNumber()
            pieces, after = lexer.scan(text, state)
            if self._seen.get(number) != (text, state):
                block.layout().setFormats(self._ranges(text, pieces))
                document.markContentsDirty(block.position(), block.length())
            seen[number] = (text, state)
            state = after
        self._seen = seen

    def _ranges(self, text: str, pieces: tuple[lexer.Piece, ...]) -> list[QTextLayout.FormatRange]:
        ranges = []
        for piece in pieces:
            shown = self._formats.get(piece.kind)
            if shown is not None:
                made = QTextLayout.FormatRange()
                made.start = to_utf16(text, piece.start)
                made.length = to_utf16(text, piece.start + piece.length) - made.start
                made.format = shown
                ranges.append(made)
        return ranges
