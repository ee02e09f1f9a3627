"""Finds the partner of the bracket beside the caret, skipping strings and comments.

GUI thread, for its use of text blocks. Looks `LIMIT_LINES` lines far at most, so that a
caret movement never costs more than a millisecond or two.
"""

from collections.abc import Callable
from itertools import chain

from PySide6.QtGui import QTextBlock

from workbench.ui.panels.editor import lexer
from workbench.ui.panels.editor.offsets import from_utf16, to_utf16

LIMIT_LINES = 200
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_BACK = {closing: opening for opening, closing in _PAIRS.items()}

StateBefore = Callable[[QTextBlock], int]


def match(
    block: QTextBlock, position: int, state_before: StateBefore
) -> tuple[int, int | None] | None:
    """Document positions (UTF-16) of the bracket beside `position` and of its partner.

    The one after the caret counts first. None where there is no bracket in plain code; the
    partner is None where there is none within reach.
    """
    if block.length() > lexer.LONG_LINE:
        return None
    line = block.text()
    column = from_utf16(line, position - block.position())
    # Most caret movements end here, before any line is lexed.
    near = [at for at in (column, column - 1) if line[at : at + 1] in {*_PAIRS, *_BACK} and at >= 0]
    if not near:
        return None
    found = _brackets(block, state_before(block))
    at = next((at for at in near if at in found), None)
    if at is None:
        return None
    start = block.position() + to_utf16(line, at)
    if found[at] in _PAIRS:
        return start, _forward(block, at, found[at], state_before)
    return start, _backward(block, at, found[at], state_before)


def _brackets(block: QTextBlock, state: int) -> dict[int, str]:
    line = block.text()
    pieces, _ = lexer.scan(line, state)
    return {piece.start: line[piece.start] for piece in pieces if piece.kind == "bracket"}


def _forward(block: QTextBlock, at: int, opening: str, state_before: StateBefore) -> int | None:
    closing, depth, state = _PAIRS[opening], 0, state_before(block)
    for _ in range(LIMIT_LINES):
        if not block.isValid():
            return None
        line = block.text()
        pieces, state = lexer.scan(line, state)
        for piece in pieces:
            if piece.kind == "bracket" and piece.start >= at:
                depth += (line[piece.start] == opening) - (line[piece.start] == closing)
                if depth == 0:
                    return block.position() + to_utf16(line, piece.start)
        block, at = block.next(), 0
    return None


def _backward(block: QTextBlock, at: int, closing: str, state_before: StateBefore) -> int | None:
    # States are known from above only: scan down from the furthest line, then read upwards.
    first = block
    for _ in range(LIMIT_LINES):
        if not first.previous().isValid():
            break
        first = first.previous()
    opening, state = _BACK[closing], state_before(first)
    lines: list[tuple[QTextBlock, list[tuple[int, str]]]] = []
    while True:
        line = first.text()
        pieces, state = lexer.scan(line, state)
        kept = [(p.start, line[p.start]) for p in pieces if p.kind == "bracket"]
        lines.append((first, kept))
        if first == block:
            break
        first = first.next()
    depth = 0
    ordered = chain.from_iterable(
        ((each, start, char) for start, char in reversed(kept)) for each, kept in reversed(lines)
    )
    for each, start, char in ordered:
        if each == block and start > at:
            continue
        depth += (char == closing) - (char == opening)
        if depth == 0:
            return int(each.position() + to_utf16(each.text(), start))
    return None
