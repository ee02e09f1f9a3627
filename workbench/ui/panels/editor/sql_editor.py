"""The SQL editor: what the user types in, with its colours, marks and completions.

GUI thread. Knows nothing of connections, queries or files: it is told where an error is,
which statement would run and what could complete a word, and it tells what was asked of
it by signals. Its keys win over shortcuts of the window while it has the focus, so both
may be bound to the same action.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from workbench.ui.panels.editor import edit_commands, lexer
from workbench.ui.panels.editor.code_view import CodeView
from workbench.ui.panels.editor.coloring import Coloring
from workbench.ui.panels.editor.completion import CompletionSession
from workbench.ui.panels.editor.completion_popup import Completion
from workbench.ui.panels.editor.decorations import Decorations, Hit
from workbench.ui.panels.editor.gutter import Gutter
from workbench.ui.theme import theme

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_SHIFT, _NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
# Signs that need Shift on some layouts and not on others.
_SHIFT_FREE = frozenset({Qt.Key.Key_Slash, Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus})


class SqlEditor(CodeView):
    """One tab's script. Every offset counts code points of `text()`.

    Signals: `completion_wanted(text: str, caret: int, generation: int)`, to be answered with
    `set_completions`; `find_wanted(bool)`: open the search, with replace or without;
    `find_step_wanted(int)`: +1 next hit, -1 the one before.
    """

    completion_wanted = Signal(object, int, int)
    find_wanted = Signal(bool)
    find_step_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sqlEditor")
        self.setAccessibleName("SQL editor")
        self.coloring = Coloring(self)
        self.decorations = Decorations(self, self.coloring.state_before)
        self.completion = CompletionSession(self, self, self.coloring.state_before)
        self.completion.wanted.connect(self.completion_wanted)
        gutter = Gutter(self, self.decorations, self.visible_lines, self._select_line)
        self.margin = gutter
        self.place_margin()
        self.cursorPositionChanged.connect(gutter.update)
        self._note = QLabel(self.viewport())
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setObjectName("largeNote")
        self._note.setProperty("rank", "muted")
        self._note.setBackgroundRole(QPalette.ColorRole.Base)  # text may run under it
        self._note.setAutoFillBackground(True)
        self._note.hide()
        self.coloring.limited_changed.connect(self._show_note)
        self.document().contentsChange.connect(self._on_contents_change)
        theme.repaint_on_change(self)
        self._keys = self._key_table()
        self.decorations.refresh()

    def set_text(self, text: str) -> None:
        """Replace everything and forget the undo history: another text, not an edit."""
        self.coloring.prepare(len(text))
        super().set_text(text)
        self._show_note()

    def setPlainText(self, text: str) -> None:
        """The same as `set_text`; Qt's own would colour 5 MB at once."""
        self.set_text(text)

    def mark_error(self, offset: int, length: int | None = None) -> None:
        """Mark what is at `offset`: `length` characters, or the token found there.

        Goes away with the next edit or `clear_error`. The caret stays where it is.
        """
        start, end = self._error_place(offset, length)
        self.decorations.set_error((start, end))

    def clear_error(self) -> None:
        """Take the error's mark away."""
        self.decorations.set_error(None)

    def show_statement(self, start: int, length: int) -> None:
        """Show by a bar which statement would run; a `length` of 0 takes it away."""
        place = self.to_units(start), self.to_units(start + length)
        self.decorations.set_statement(place if length > 0 else None)

    def set_completions(
        self, prefix_start: int, items: list[Completion], generation: int | None = None
    ) -> None:
        """Answer a `completion_wanted`: `items` for the text from `prefix_start` to the caret.

        With the signal's `generation` an answer that came too late is dropped.
        """
        self.completion.answer(prefix_start, items, generation)

    def event(self, event: QEvent) -> bool:
        """Claim this editor's keys before a shortcut of the window takes them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (self.completion.wants_key(event) or self._command(event) is not None)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The open list first, then this editor's commands, then plain typing."""
        if self.completion.take_key(event):
            return
        command = self._command(event)
        if command is not None:
            command()
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the window's: Esc stops the query
            return
        super().keyPressEvent(event)
        if not event.modifiers() & (_CTRL | _ALT):
            self.completion.typed(event.text())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A list of completions without the keys is of no use."""
        super().focusOutEvent(event)
        self.completion.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the note in its corner."""
        super().resizeEvent(event)
        self._place_note()

    def _key_table(self) -> dict[tuple[Qt.KeyboardModifier, int], Callable[[], object]]:
        key = Qt.Key
        return {
            (_NONE, key.Key_Tab): lambda: edit_commands.indent(self),
            (_SHIFT, key.Key_Backtab): lambda: edit_commands.unindent(self),
            (_NONE, key.Key_Return): lambda: edit_commands.new_line(self),
            (_NONE, key.Key_Enter): lambda: edit_commands.new_line(self),
            (_SHIFT, key.Key_Return): lambda: edit_commands.new_line(self),
            (_CTRL, key.Key_Slash): lambda: edit_commands.toggle_comment(self),
            (_CTRL, key.Key_D): lambda: edit_commands.duplicate(self),
            (_ALT, key.Key_Up): lambda: edit_commands.move_lines(self, -1),
            (_ALT, key.Key_Down): lambda: edit_commands.move_lines(self, 1),
            (_CTRL, key.Key_Space): self.completion.ask_now,
            (_CTRL, key.Key_F): lambda: self.find_wanted.emit(False),
            (_CTRL, key.Key_H): lambda: self.find_wanted.emit(True),
            (_NONE, key.Key_F3): lambda: self.find_step_wanted.emit(1),
            (_SHIFT, key.Key_F3): lambda: self.find_step_wanted.emit(-1),
            (_CTRL, key.Key_Plus): lambda: self.zoom(1),
            (_CTRL, key.Key_Equal): lambda: self.zoom(1),
            (_CTRL, key.Key_Minus): lambda: self.zoom(-1),
            (_CTRL, key.Key_0): lambda: self.zoom(0),
        }

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        modifiers = event.modifiers() & ~_KEYPAD
        if event.key() in _SHIFT_FREE:
            modifiers &= ~_SHIFT
        return self._keys.get((modifiers, event.key()))

    def _error_place(self, offset: int, length: int | None) -> Hit:
        text = self.text()
        offset = max(0, min(offset, len(text)))
        if length is None:
            offset, length = token_at(text, offset)
        return self.to_units(offset), self.to_units(offset + max(length, 1))

    def _select_line(self, block: object) -> None:
        edit_commands.select_line(self, block)  # type: ignore[arg-type]
        self.setFocus()

    def _on_contents_change(self, _position: int, removed: int, added: int) -> None:
        if removed or added:
            if self.decorations.error_range is not None:
                self.decorations.set_error(None)
            if self.decorations.statement_blocks:
                self.decorations.set_statement(None)

    def _show_note(self) -> None:
        if self.held is not None:
            self._note.setText(
                "A line is too long to edit: shown shortened, run and saved whole. "
                "Format breaks it into lines."
            )
        else:
            self._note.setText("Large script: colours follow the view")
        self._note.setVisible(self.coloring.limited or self.held is not None)
        self._place_note()

    def _place_note(self) -> None:
        self._note.adjustSize()
        corner = self.viewport().rect().bottomRight()
        self._note.move(corner.x() - self._note.width() - 8, corner.y() - self._note.height() - 4)


def token_at(text: str, offset: int) -> tuple[int, int]:
    """Start and length of the token at `offset`, as an error would blame it.

    A word, a string or a number as a whole, else one character; in a gap or at the end the
    last character before it.
    """
    if not text:
        return 0, 0
    while offset > 0 and (offset >= len(text) or text[offset].isspace()):
        offset -= 1
    line_start = text.rfind("\n", 0, offset) + 1
    line_end = text.find("\n", offset)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    column = offset - line_start
    for piece in lexer.scan(line)[0]:
        if piece.start <= column < piece.start + piece.length and piece.kind != "comment":
            return line_start + piece.start, piece.length
    start = end = column
    while start > 0 and _word(line[start - 1]) and _word(line[column]):
        start -= 1
    while end < len(line) and _word(line[end]):
        end += 1
    return line_start + start, max(end - start, 1)


def _word(char: str) -> bool:
    return char.isalnum() or char in "_$"
