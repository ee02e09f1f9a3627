"""A plain text widget for code: exact text, code point offsets, line numbers, zoom.

GUI thread. The base of the SQL editor, without SQL in it. All its offsets count code
points of `text()`; Qt's own positions stay inside this folder. Never reads or writes a
file. A lone surrogate becomes U+FFFD on its way in, line ends become LF.
"""

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent, QTextBlock, QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.ui.panels.editor import long_lines, offsets
from workbench.ui.theme import fonts
from workbench.ui.widgets.file_drop import local_files

MIN_PIXELS, MAX_PIXELS = 7, 40
_READING = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class CodeView(QPlainTextEdit):
    """Text with a margin.

    Attributes: `line_ending`, what the lines of the text ended with; `held`, the whole text
    while it has a line too long to lay out: then the widget shows it shortened, read-only;
    `margin`, what stands on the left (call `place_margin` after setting it).
    Signals: `code_pixels_changed(int)`: the user zoomed. `files_dropped(list[str])`: local
    files were dropped or pasted.
    """

    code_pixels_changed = Signal(int)
    files_dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line_ending = "\n"
        self.held: str | None = None
        self._cached: tuple[int, str] = (-1, "")
        self.margin: QWidget | None = None
        self._turned = 0
        self._code_font = fonts.code(fonts.CODE_PIXELS)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setCursorWidth(2)
        option = QTextOption(self.document().defaultTextOption())
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.document().setDefaultTextOption(option)
        self.set_code_pixels(fonts.CODE_PIXELS)
        self.updateRequest.connect(self._on_update_request)
        self.blockCountChanged.connect(self.place_margin)

    def text(self) -> str:
        """The whole text, exactly, with LF line ends. Kept until the next edit."""
        return self.shown_text() if self.held is None else self.held

    def shown_text(self) -> str:
        """What the widget has in it: `text()`, or its shortened form if it has to be held."""
        document = self.document()
        revision = document.revision()
        if self._cached[0] != revision:
            self._cached = (revision, offsets.document_text(document))
        return self._cached[1]

    def file_text(self) -> str:
        """The text with the line ends it came with, for a file or the journal."""
        text = self.text()
        return text if self.line_ending == "\n" else text.replace("\n", self.line_ending)

    def set_text(self, text: str) -> None:
        """Replace everything and forget the undo history: another text, not an edit.

        Remembers how its lines ended in `line_ending`, for whoever saves it.
        """
        self.line_ending = offsets.line_ending(text)
        cleaned = offsets.clean(text)
        self.held = cleaned if long_lines.has_long_line(cleaned) else None
        self.setReadOnly(self.held is not None)
        if self.held is not None:
            self.setTextInteractionFlags(_READING)
        super().setPlainText(cleaned if self.held is None else long_lines.shortened(cleaned))

    def caret(self) -> int:
        """Where the caret is."""
        return self.to_points(self.textCursor().position())

    def anchor(self) -> int:
        """The other end of the selection; the caret's place without one."""
        return self.to_points(self.textCursor().anchor())

    def selection(self) -> tuple[int, int]:
        """Start and end of the selection; equal without one."""
        start, end = sorted((self.anchor(), self.caret()))
        return start, end

    def set_caret(self, caret: int, anchor: int | None = None) -> None:
        """Move the caret, selecting from `anchor` if given; offsets past the end mean the end."""
        cursor = self.cursor_over(caret if anchor is None else anchor, caret)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def replace_range(self, start: int, length: int, text: str) -> None:
        """Put `text` in the place of `length` characters at `start`; one undo step.

        The caret goes to the end of it.
        """
        text = offsets.clean(text)
        if self.held is not None or long_lines.has_long_line(text):
            whole, ending = self.text(), self.line_ending
            self.set_text(f"{whole[:start]}{text}{whole[start + length :]}")
            self.line_ending = ending
            self.document().setModified(True)
            self.set_caret(start + len(text))
            return
        cursor = self.cursor_over(start, start + length)
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def replace_text(self, text: str) -> None:
        """Put `text` in the place of everything as one edit that can be undone.

        For a formatter: the caret keeps its offset.
        """
        text = offsets.clean(text)
        if text == self.text():
            return
        caret = self.caret()
        self.replace_range(0, len(self.text()), text)
        self.set_caret(caret)

    def cursor_over(self, start: int, end: int) -> QTextCursor:
        """A cursor from `start` to `end`, code points."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.to_units(start))
        cursor.setPosition(self.to_units(end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def to_units(self, offset: int) -> int:
        """The document's position of a code point; past the end is the end."""
        if self.held is not None:
            offset = long_lines.to_shown(self.held, max(0, min(offset, len(self.held))))
        text, units = self.shown_text(), self.document().characterCount() - 1
        if len(text) == units:  # nothing outside the BMP: no need to look through 5 MB
            return max(0, min(offset, units))
        return offsets.to_utf16(text, offset)

    def to_points(self, position: int) -> int:
        """The code point at a position of the document."""
        text = self.shown_text()
        if len(text) != self.document().characterCount() - 1:
            position = offsets.from_utf16(text, position)
        return position if self.held is None else long_lines.from_shown(self.held, position)

    def code_pixels(self) -> int:
        """The height of the font."""
        return self._code_font.pixelSize()

    def set_code_pixels(self, pixels: int, family: str = "") -> None:
        """Show the code at `pixels`, within sensible bounds."""
        pixels = max(MIN_PIXELS, min(MAX_PIXELS, pixels))
        changed = pixels != self._code_font.pixelSize()
        self._code_font = fonts.code(pixels, family)
        self.setFont(self._code_font)
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * 4)
        self.place_margin()
        if changed:
            self.code_pixels_changed.emit(pixels)

    def zoom(self, steps: int) -> None:
        """Larger (+) or smaller (-); 0 back to the usual."""
        self.set_code_pixels(self.code_pixels() + steps if steps else fonts.CODE_PIXELS)

    def visible_lines(self) -> list[tuple[QTextBlock, QRect]]:
        """The lines in view and where they are in the viewport."""
        block = self.firstVisibleBlock()
        offset, bottom = self.contentOffset(), self.viewport().rect().bottom()
        found = []
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset).toRect()
            if place.top() > bottom:
                break
            if block.isVisible():
                found.append((block, place))
            block = block.next()
        return found

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text, never rich; local files are handed on."""
        paths = local_files(source)
        if paths:
            self.files_dropped.emit(paths)
        elif source.hasText():
            self.insertPlainText(source.text())
            self.ensureCursorVisible()

    def insertPlainText(self, text: str) -> None:
        """Put `text` in the place of the selection."""
        text = offsets.clean(text)
        if self.held is None and not long_lines.has_long_line(text):
            super().insertPlainText(text)
            return
        start, end = self.selection()
        self.replace_range(start, end - start, text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without; a touchpad's small turns add up to a step."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()
        steps, self._turned = int(self._turned / 120), int(self._turned % 120)
        if steps:
            self.zoom(steps)
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the font: a new style sheet puts the first one back."""
        super().changeEvent(event)
        ours = getattr(self, "_code_font", None)  # Qt calls before __init__ has set it
        if (
            event.type() == QEvent.Type.FontChange
            and ours is not None
            and self.font().pixelSize() != ours.pixelSize()
        ):
            self.setFont(ours)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the margin in its place."""
        super().resizeEvent(event)
        self.place_margin()

    def place_margin(self) -> None:
        """Give the strip on the left to `margin`, in the width of its `sizeHint`."""
        if self.margin is None:
            return
        width = self.margin.sizeHint().width()
        if self.viewportMargins().left() != width:
            self.setViewportMargins(width, 0, 0, 0)
        inner = self.contentsRect()
        self.margin.setGeometry(QRect(inner.left(), inner.top(), width, inner.height()))

    def _on_update_request(self, area: QRect, scrolled: int) -> None:
        if self.margin is None:
            return
        if scrolled:
            self.margin.scroll(0, scrolled)
        else:
            self.margin.update(0, area.y(), self.margin.width(), area.height())
