"""Find and replace, in a bar under the editor.

GUI thread. Holds what is looked for and shows "3 of 17"; the hits themselves are drawn by
the editor's decorations. Looks again a moment after the text or the query changed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from workbench.ui.panels.editor import offsets, search
from workbench.ui.panels.editor.search import Hits, Query
from workbench.ui.panels.editor.sql_editor import SqlEditor
from workbench.ui.theme import icons, theme
from workbench.ui.widgets.tips import plain_tip

_LOOK_AGAIN_MS = 150


class FindBar(QFrame):
    """Belongs to one editor; hidden until it is asked for."""

    def __init__(self, editor: SqlEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setProperty("card", True)
        self._editor = editor
        self._hits = Hits()
        self._origin = 0  # where the search began: typing more looks again from here
        self.field = _line("findField", "Find")
        self.replacement = _line("replaceField", "Replace with")
        self.count = QLabel()
        self.count.setObjectName("findCount")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setProperty("rank", "muted")
        self.count.setMinimumWidth(90)
        self.case = _toggle("findCase", "format-letter-case", "Match case")
        self.word = _toggle("findWord", "format-letter-matches", "Whole words")
        self.regex = _toggle("findRegex", "regex", "Regular expression")
        self._replace_row = self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self.field.textChanged.connect(self._on_query_changed)
        for toggle in (self.case, self.word, self.regex):
            toggle.toggled.connect(self._on_query_changed)
        editor.textChanged.connect(self._on_text_changed)
        editor.find_wanted.connect(self.open)
        editor.find_step_wanted.connect(self.step)
        self.hide()

    def open(self, replace: bool = False) -> None:
        """Show the bar with the selected text in it, and take the focus."""
        cursor = self._editor.textCursor()
        self._origin = cursor.selectionStart()
        selected = cursor.selectedText()
        self._replace_row.setVisible(replace)
        self.show()
        if selected and "\u2029" not in selected and not self.regex.isChecked():
            self.field.setText(selected)
        self.field.setFocus()
        self.field.selectAll()
        self._look()

    def close_bar(self) -> None:
        """Hide the bar and its marks; the caret stays at the hit."""
        self._timer.stop()
        self.hide()
        self._editor.decorations.set_hits([], None)
        self._editor.setFocus()

    def step(self, direction: int) -> None:
        """Go to the next hit (+1) or the one before (-1), round the ends of the text."""
        if not self.field.text():
            self.open()
            return
        self._look()
        places = self._hits.places
        if not places:
            return
        cursor = self._editor.textCursor()
        if direction > 0:
            at = bisect_left(places, (cursor.selectionEnd(), 0)) % len(places)
        else:
            at = (bisect_left(places, (cursor.selectionStart(), 0)) - 1) % len(places)
        self._go(at)

    def replace_one(self) -> None:
        """Replace the selected hit and go to the next; without one only go there."""
        if self._refused():
            return
        cursor = self._editor.textCursor()
        start = cursor.selectionStart()
        selected = (start, cursor.selectionEnd())
        if selected in self._hits.places:
            text = self._editor.shown_text()
            new = search.expansion(self._query(), text, self.replacement.text(), start)
            if new is not None:
                cursor.insertText(offsets.clean(new))
                self._editor.setTextCursor(cursor)
        self.step(1)

    def replace_all(self) -> None:
        """Replace every hit, as one step of undo."""
        if self._refused():
            return
        text = self._editor.shown_text()
        new, count = search.replaced(self._query(), text, self.replacement.text())
        if count:
            self._editor.replace_text(new)
        self._look()
        self.count.setText(f"{count:,} replaced")

    def event(self, event: QEvent) -> bool:
        """Claim this bar's keys before a shortcut of the window takes them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._command(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Shift+Enter, F3 step; Ctrl+Enter replaces all; Ctrl+F, Ctrl+H; Esc closes."""
        command = self._command(event)
        if command is None:
            super().keyPressEvent(event)
        else:
            command()

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if key == Qt.Key.Key_Escape:
            return self.close_bar
        if enter and control:
            # Without the second row Ctrl+Enter is the window's: it runs the statement.
            return self.replace_all if self._replace_row.isVisible() and not shift else None
        if enter and self.replacement.hasFocus():
            return self.replace_one
        if (enter and self.field.hasFocus()) or key == Qt.Key.Key_F3:
            return partial(self.step, -1 if shift else 1)
        if control and not shift and key in {Qt.Key.Key_F, Qt.Key.Key_H}:
            return partial(self.open, key == Qt.Key.Key_H)
        return None

    def _refused(self) -> bool:
        if self._editor.isReadOnly():
            self.count.setText("Can't be edited")
        return self._editor.isReadOnly()

    def _query(self) -> Query:
        return Query(
            self.field.text(), self.case.isChecked(), self.word.isChecked(), self.regex.isChecked()
        )

    def _look(self) -> None:
        """Find all hits anew and show their number; the caret stays."""
        self._timer.stop()
        self._hits = search.find(self._query(), self._editor.shown_text())
        theme.set_property(self.field, "invalid", bool(self._hits.error))
        self.field.setToolTip(plain_tip(self._hits.error))
        self._show_count()

    def _on_query_changed(self) -> None:
        self._look()
        if self._hits.places:
            self._go(bisect_left(self._hits.places, (self._origin, 0)) % len(self._hits.places))

    def _on_text_changed(self) -> None:
        if self.isVisible():
            self._timer.start()

    def _go(self, at: int) -> None:
        start, end = self._hits.places[at]
        cursor = self._editor.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()
        self._show_count()

    def _show_count(self) -> None:
        places = self._hits.places
        cursor = self._editor.textCursor()
        place = (cursor.selectionStart(), cursor.selectionEnd())
        at = bisect_right(places, place)
        current = place if at and places[at - 1] == place else None
        if self.isVisible():
            self._editor.decorations.set_hits(list(places), current)
        rank, total = "muted", f"{len(places):,}{'+' if self._hits.capped else ''}"
        if self._hits.error:
            rank, text = "danger", f"Invalid: {self._hits.error}"
        elif not self.field.text():
            text = ""
        elif not places:
            rank, text = "warning", "No hits"
        else:
            text = f"{at:,} of {total}" if current else f"{total} hit{'s'[: len(places) != 1]}"
        self.count.setText(text)
        theme.set_property(self.count, "rank", rank)

    def _lay_out(self) -> QWidget:
        previous = _button("findPrevious", "arrow-up", "Previous hit (Shift+F3)")
        following = _button("findNext", "arrow-down", "Next hit (F3)")
        close = _button("findClose", "close", "Close (Esc)")
        previous.clicked.connect(lambda: self.step(-1))
        following.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_bar)
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(self.field, 1)
        for widget in (self.case, self.word, self.regex, self.count, previous, following, close):
            first.addWidget(widget)
        row = QWidget(self)
        second = QHBoxLayout(row)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(4)
        one, every = QPushButton("Replace", row), QPushButton("Replace all", row)
        one.setObjectName("replaceOne")
        every.setObjectName("replaceAll")
        every.setToolTip("Replace every hit, as one step of undo (Ctrl+Enter)")
        one.clicked.connect(self.replace_one)
        every.clicked.connect(self.replace_all)
        second.addWidget(self.replacement, 1)
        second.addWidget(one)
        second.addWidget(every)
        both = QGridLayout(self)
        both.setContentsMargins(8, 6, 8, 6)
        both.setVerticalSpacing(4)
        both.addLayout(first, 0, 0)
        both.addWidget(row, 1, 0)
        order = [self.field, self.replacement, self.case, self.word, self.regex, previous]
        for before, after in pairwise([*order, following, one, every, close]):
            QWidget.setTabOrder(before, after)
        return row


def _line(name: str, label: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(label)
    made.setAccessibleName(label)
    made.setClearButtonEnabled(False)
    return made


def _button(name: str, glyph: str, label: str) -> QToolButton:
    made = QToolButton()
    made.setObjectName(name)
    made.setIcon(icons.icon(glyph, "muted"))
    made.setToolTip(label)
    made.setAccessibleName(label)
    made.setAutoRaise(True)
    made.setProperty("compact", True)
    return made


def _toggle(name: str, glyph: str, label: str) -> QToolButton:
    made = _button(name, glyph, label)
    made.setCheckable(True)
    return made
