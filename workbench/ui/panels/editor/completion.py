"""When completions are asked for, which answers count, and what accepting one does.

GUI thread. Never computes items and never waits: it emits `wanted` and takes the answer
whenever it comes. Every edit and every request has a new generation, so an answer to
an older text is dropped instead of shown in the wrong place.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from workbench.ui.panels.editor import lexer
from workbench.ui.panels.editor.brackets import StateBefore
from workbench.ui.panels.editor.completion_popup import Completion, CompletionPopup, narrow
from workbench.ui.panels.editor.offsets import from_utf16

DEBOUNCE_MS = 120
AUTOMATIC_LIMIT = 500_000  # characters; in a larger script only Ctrl+Space asks


class _Text(Protocol):
    def text(self) -> str: ...
    def caret(self) -> int: ...
    def replace_range(self, start: int, length: int, text: str) -> None: ...
    def to_units(self, offset: int) -> int: ...


class CompletionSession(QObject):
    """Completion in one editor.

    Signals: `wanted(text, caret, generation)`: text is a str, passed as an object so that
    nothing is copied; caret counts code points.
    """

    wanted = Signal(object, int, int)

    def __init__(self, editor: QPlainTextEdit, text: _Text, state_before: StateBefore) -> None:
        super().__init__(editor)
        self._editor = editor
        self._text = text
        self._state_before = state_before
        self._popup: CompletionPopup | None = None
        self._generation = 0
        self._asked_by_hand = False
        self._prefix_start = 0
        self._items: list[Completion] = []
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        editor.document().contentsChange.connect(self._on_contents_change)
        editor.cursorPositionChanged.connect(self._on_caret_moved)

    @property
    def popup(self) -> CompletionPopup:
        """The list; made when it is first needed."""
        if self._popup is None:
            self._popup = CompletionPopup(self._editor)
            self._popup.accepted.connect(self._on_accepted)
        return self._popup

    @property
    def open(self) -> bool:
        """Whether the list is on the screen."""
        return self._popup is not None and self._popup.isVisible()

    def ask_now(self) -> None:
        """Ask at once, for the user wants it (Ctrl+Space)."""
        self._timer.stop()
        if not self._editor.isReadOnly():
            self._asked_by_hand = True
            self._emit()

    def typed(self, text: str) -> None:
        """The user typed `text`: ask soon if it can be completed."""
        if text and (text[-1].isalnum() or text[-1] in "_."):
            if self._editor.document().characterCount() <= AUTOMATIC_LIMIT:
                self._timer.start()
        elif not (self.open and self._prefix()):
            self.close()

    def answer(self, prefix_start: int, items: list[Completion], generation: int | None) -> None:
        """Show `items` for the text from `prefix_start` to the caret.

        Dropped if `generation` is not the last one asked for.
        """
        if generation is not None and generation != self._generation:
            return
        if prefix_start > self._text.caret():
            return
        self._prefix_start = prefix_start
        self._items = items
        self._show()

    def close(self) -> None:
        """Hide the list and forget what was asked."""
        self._timer.stop()
        self._generation += 1
        self._items = []
        if self._popup is not None:
            self._popup.hide()

    def take_key(self, event: QKeyEvent) -> bool:
        """Let the open list act on a key; False if it is not the list's."""
        return self.open and self.popup.take_key(event)

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether the open list uses this key."""
        return self.open and self.popup.wants_key(event)

    def _ask(self) -> None:
        cursor = self._editor.textCursor()
        block = cursor.block()
        if cursor.hasSelection() or block.length() > lexer.LONG_LINE:
            return
        line = block.text()
        column = from_utf16(line, cursor.positionInBlock())
        if not column or not (line[column - 1].isalnum() or line[column - 1] in "_."):
            return
        if lexer.kind_at(line, self._state_before(block), column) in {"string", "comment"}:
            return
        if line[column - 1].isdigit() and not _word_before(line, column)[:1].isalpha():
            return
        self._asked_by_hand = False
        self._emit()

    def _emit(self) -> None:
        self._generation += 1
        self.wanted.emit(self._text.text(), self._text.caret(), self._generation)

    def _prefix(self) -> str:
        return self._text.text()[self._prefix_start : self._text.caret()]

    def _show(self) -> None:
        prefix = self._prefix()
        fitting = narrow(self._items, prefix)
        # Nothing left to complete: Enter must break the line, not accept what is there.
        done = any(item.text.lower() == prefix.lower() for item in fitting)
        if done and not self._asked_by_hand:
            fitting = []
        if not self._editor.hasFocus():
            fitting = []
        start = self._editor.textCursor()
        start.setPosition(self._text.to_units(self._prefix_start))
        place = self._editor.cursorRect(start)
        at = self._editor.viewport().mapToGlobal(place.topLeft())
        self.popup.show_items(fitting, at, place.height())

    def _on_contents_change(self, _position: int, removed: int, added: int) -> None:
        if removed or added:
            self._generation += 1

    def _on_caret_moved(self) -> None:
        if not self.open:
            return
        prefix_end = self._text.caret()
        prefix = self._prefix() if prefix_end >= self._prefix_start else " "
        if prefix_end < self._prefix_start or any(not (c.isalnum() or c in '_$"') for c in prefix):
            self.close()
        else:
            self._show()

    def _on_accepted(self, chosen: Completion) -> None:
        start = self._prefix_start
        self._text.replace_range(start, self._text.caret() - start, chosen.text)
        self.close()


def _word_before(line: str, column: int) -> str:
    start = column
    while start and (line[start - 1].isalnum() or line[start - 1] in "_$"):
        start -= 1
    return line[start:column]
