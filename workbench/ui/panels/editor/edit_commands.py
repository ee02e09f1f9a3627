"""What editors do to lines: comment, indent, duplicate, move. Each is one undo step.

GUI thread. Functions on a QPlainTextEdit; they keep the selection where the user would
look for it and know nothing of SQL but `--`.
"""

import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from workbench.ui.panels.editor.offsets import from_utf16

_Given = ParamSpec("_Given")

INDENT = 4
_LEADING = re.compile(r"[ \t]*")


def _edit(command: Callable[_Given, None]) -> Callable[_Given, None]:
    """A command that leaves a read-only editor alone; Qt's own cursors would not."""

    @wraps(command)
    def unless_read_only(*given: _Given.args, **named: _Given.kwargs) -> None:
        editor = given[0]
        assert isinstance(editor, QPlainTextEdit)
        if not editor.isReadOnly():
            command(*given, **named)

    return unless_read_only


@_edit
def toggle_comment(editor: QPlainTextEdit) -> None:
    """Put `-- ` before the selected lines, at their smallest indent, or take it away.

    Blank lines are left alone. It takes away only when every other line has it.
    """
    lines = [block.text() for block in _blocks(editor)]
    full = [line for line in lines if line.strip()]
    if full and all(line.lstrip().startswith("--") for line in full):
        _rewrite(editor, lambda line: re.sub(r"^([ \t]*)-- ?", r"\1", line))
        return
    column = min((len(_leading(line)) for line in full), default=0)
    only_blank = not full
    _rewrite(
        editor,
        lambda line: line[:column] + "-- " + line[column:] if line.strip() or only_blank else line,
    )


@_edit
def indent(editor: QPlainTextEdit) -> None:
    """Move the selected lines right; without a selection go to the next tab stop."""
    cursor = editor.textCursor()
    if not cursor.hasSelection():
        column = len(_head(cursor.block(), cursor.position()).expandtabs(INDENT))
        cursor.insertText(" " * (INDENT - column % INDENT))
        editor.setTextCursor(cursor)
        return
    _rewrite(editor, lambda line: " " * INDENT + line if line.strip() else line)


@_edit
def unindent(editor: QPlainTextEdit) -> None:
    """Move the selected lines, or the caret's, left by up to one step."""
    _rewrite(editor, lambda line: re.sub(rf"^(\t| {{1,{INDENT}}})", "", line))


@_edit
def new_line(editor: QPlainTextEdit) -> None:
    """Break the line and keep its indent; after an opening bracket one step more.

    Between a pair of brackets the closing one goes to a line of its own.
    """
    cursor = editor.textCursor()
    document = editor.document()
    first, last = (
        document.findBlock(at) for at in (cursor.selectionStart(), cursor.selectionEnd())
    )
    before = _head(first, cursor.selectionStart())
    after = last.text()[len(_head(last, cursor.selectionEnd())) :]
    lead = _leading(before)
    cursor.beginEditBlock()
    if before.rstrip().endswith(("(", "[", "{")):
        cursor.insertText("\n" + lead + " " * INDENT)
        if after.lstrip()[:1] in {")", "]", "}"}:
            at = cursor.position()
            cursor.insertText("\n" + lead)
            cursor.setPosition(at)
    else:
        cursor.insertText("\n" + lead)
    cursor.endEditBlock()
    editor.setTextCursor(cursor)
    editor.ensureCursorVisible()


@_edit
def duplicate(editor: QPlainTextEdit) -> None:
    """Repeat the selected text after itself, or the caret's line below itself."""
    cursor = editor.textCursor()
    cursor.beginEditBlock()
    if cursor.hasSelection():
        start = cursor.selectionEnd()
        text = cursor.selectedText()  # with U+2029 between lines, which insertText knows
        cursor.setPosition(start)
        cursor.insertText(text)
        end = cursor.position()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    else:
        column = cursor.positionInBlock()
        line = cursor.block().text()
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertText("\n" + line)
        cursor.setPosition(cursor.block().position() + column)
    cursor.endEditBlock()
    editor.setTextCursor(cursor)


@_edit
def move_lines(editor: QPlainTextEdit, step: int) -> None:
    """Swap the selected lines with the line above (`step` -1) or below (+1)."""
    blocks = _blocks(editor)
    neighbour = blocks[0].previous() if step < 0 else blocks[-1].next()
    if not neighbour.isValid():
        return
    cursor = editor.textCursor()
    first = neighbour if step < 0 else blocks[0]
    last = blocks[-1] if step < 0 else neighbour
    moved, other = [block.text() for block in blocks], neighbour.text()
    lines = [*moved, other] if step < 0 else [other, *moved]
    shift = neighbour.length() * step
    anchor, position = cursor.anchor() + shift, cursor.position() + shift
    _replace(cursor, first.position(), last.position() + last.length() - 1, "\n".join(lines))
    _select(editor, anchor, position)


def select_line(editor: QPlainTextEdit, block: QTextBlock) -> None:
    """Select the line of `block` with its end."""
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor)
    if not block.next().isValid():
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def _leading(line: str) -> str:
    found = _LEADING.match(line)
    return found.group() if found else ""


def _head(block: QTextBlock, position: int) -> str:
    """The text of `block` before the document's `position`."""
    line = block.text()
    return line[: from_utf16(line, position - block.position())]


def _blocks(editor: QPlainTextEdit) -> list[QTextBlock]:
    """The lines that the selection touches; one that ends at a line's start leaves it out."""
    cursor = editor.textCursor()
    document = editor.document()
    block = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if cursor.hasSelection() and last != block and last.position() == cursor.selectionEnd():
        last = last.previous()
    blocks = [block]
    while block != last:
        block = block.next()
        blocks.append(block)
    return blocks


def _rewrite(editor: QPlainTextEdit, change: Callable[[str], str]) -> None:
    """Apply `change` to each selected line, as one edit, keeping the selection on its text."""
    cursor = editor.textCursor()
    blocks = _blocks(editor)
    # Positions count from the end of a line: changes happen at its beginning.
    # A selection that began with its line goes on doing so.
    hold = cursor.selectionStart() if cursor.hasSelection() else -1
    ends = [_from_end(editor, at, at == hold) for at in (cursor.anchor(), cursor.position())]
    first, last = blocks[0], blocks[-1]
    old = [block.text() for block in blocks]
    new = [change(line) for line in old]
    if new == old:
        return
    _replace(cursor, first.position(), last.position() + last.length() - 1, "\n".join(new))
    anchor, position = (_at_end_distance(editor, number, tail) for number, tail in ends)
    _select(editor, anchor, position)


def _from_end(editor: QPlainTextEdit, position: int, hold: bool) -> tuple[int, int]:
    block = editor.document().findBlock(position)
    if hold and block.position() == position:
        return block.blockNumber(), sys.maxsize
    return block.blockNumber(), block.position() + block.length() - 1 - position


def _at_end_distance(editor: QPlainTextEdit, number: int, tail: int) -> int:
    block = editor.document().findBlockByNumber(number)
    return block.position() + max(0, block.length() - 1 - tail)


def _replace(cursor: QTextCursor, start: int, end: int, text: str) -> None:
    cursor.beginEditBlock()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text)
    cursor.endEditBlock()


def _select(editor: QPlainTextEdit, anchor: int, position: int) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(anchor)
    cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
