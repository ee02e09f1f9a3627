"""Cuts one line of SQL into coloured pieces, given what the line before left open.

Pure; any thread. For colours and bracket matching only: it never decides where a statement
ends (core/sql does). Knows no dialect: where dialects differ (nested comments, dollar
quotes) it takes the reading that covers most of them.

A state is an int, as a text block can carry one: 0 for plain code, small numbers for an
open quote, COMMENT + depth inside comments, DOLLAR + n inside the n-th dollar tag seen.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from workbench.ui.panels.editor.keywords import ALSO_FUNCTIONS, KEYWORDS

CODE = 0
_STRING, _ESCAPED, _IDENT, _BACKTICK = 1, 2, 3, 4
_COMMENT, _DOLLAR = 100, 10_000
LONG_LINE = 20_000  # code points; a longer line stays plain: one literal isn't worth a stall
_CACHED_LINE = 500
_MAX_DEPTH = 9_000
_MAX_TAGS = 5_000


class Piece(NamedTuple):
    """`length` code points from `start` are of `kind`.

    Kinds: keyword function string number comment parameter identifier bracket.
    """

    start: int
    length: int
    kind: str


_TOKEN = re.compile(
    r"""
      (?P<comment>--.*)
    | (?P<open_comment>/\*)
    | (?P<escaped>[eE]')
    | (?P<string>')
    | (?P<ident>")
    | (?P<backtick>`)
    | (?P<dollar>\$(?:[^\W\d]\w*)?\$)
    | (?P<parameter>\$\d+|\$[^\W\d]\w*|(?<![:\w]):(?!=)[^\W\d]\w*|@@?[\w$]+|\?\d*|%\(\w+\)s|%s\b)
    | (?P<number>0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<bracket>[()\[\]{}])
    """,
    re.VERBOSE,
)
# What lies before the closing quote: doubled quotes, and \' in E'...'.
_QUOTE_BODIES = {
    _STRING: re.compile(r"[^']*(?:''[^']*)*"),
    _ESCAPED: re.compile(r"[^'\\]*(?:(?:''|\\.?)[^'\\]*)*"),
    _IDENT: re.compile(r'[^"]*(?:""[^"]*)*'),
    _BACKTICK: re.compile(r"[^`]*(?:``[^`]*)*"),
}
_QUOTE_KINDS = {
    _STRING: "string",
    _ESCAPED: "string",
    _IDENT: "identifier",
    _BACKTICK: "identifier",
}
_OPENERS = {"string": _STRING, "escaped": _ESCAPED, "ident": _IDENT, "backtick": _BACKTICK}
_COMMENT_EDGE = re.compile(r"/\*|\*/")

# Dollar tags in the order of their first use: a block's state is a number, not a text.
_tags: list[str] = []


def scan(line: str, state: int = CODE) -> tuple[tuple[Piece, ...], int]:
    """The pieces of `line`, which begins in `state`, and the state of the next line.

    A line longer than LONG_LINE has no pieces and hands its state on.
    """
    if len(line) > LONG_LINE:
        return (), state
    return _scan(line, state) if len(line) > _CACHED_LINE else _scan_cached(line, state)


def _scan(line: str, state: int) -> tuple[tuple[Piece, ...], int]:
    pieces: list[Piece] = []
    at = 0
    if state in _QUOTE_KINDS or state >= _COMMENT:
        at, state = _finish(line, 0, 0, state, pieces)
    else:
        state = CODE
    length = len(line)
    while at < length:
        found = _TOKEN.search(line, at)
        if found is None:
            break
        at, group = found.end(), found.lastgroup
        start = found.start()
        if group == "word":
            kind = _word_kind(found.group(), line, at)
            if kind:
                pieces.append(Piece(start, at - start, kind))
        elif group in _OPENERS:
            at, state = _finish(line, start, at, _OPENERS[group], pieces)
        elif group == "open_comment":
            at, state = _finish(line, start, at, _COMMENT + 1, pieces)
        elif group == "dollar":
            at, state = _finish(line, start, at, _dollar_state(found.group()), pieces)
        elif group is not None:
            pieces.append(Piece(start, at - start, group))
    return tuple(pieces), state


# A keystroke in a large script looks at some 350 lines, all but one the same as before.
_scan_cached = lru_cache(maxsize=2048)(_scan)


def kind_at(line: str, state: int, column: int) -> str:
    """The kind of piece that a character typed at `column` would belong to; "" in plain code.

    The end of a line belongs to a comment or string that is still open there.
    """
    pieces, after = scan(line, state)
    for piece in pieces:
        end = piece.start + piece.length
        if piece.start < column < end:
            return piece.kind
        if column == end == len(line):
            dashes = piece.kind == "comment" and line.startswith("--", piece.start)
            return piece.kind if after != CODE or dashes else ""
    if column == 0 and state > CODE:
        return "comment" if _COMMENT <= state < _DOLLAR else "string"
    return ""


def _word_kind(word: str, line: str, end: int) -> str:
    lower = word.lower()
    called = line[end : end + 1] == "("
    if lower in KEYWORDS and not (called and lower in ALSO_FUNCTIONS):
        return "keyword"
    return "function" if called else ""


def _dollar_state(tag: str) -> int:
    if tag not in _tags:
        if len(_tags) >= _MAX_TAGS:
            _tags.clear()
        _tags.append(tag)
    return _DOLLAR + _tags.index(tag)


def _finish(line: str, start: int, at: int, state: int, pieces: list[Piece]) -> tuple[int, int]:
    """Read on from `at` to the end of what `state` has open; one piece from `start`."""
    if state >= _DOLLAR:
        number = state - _DOLLAR
        tag = _tags[number] if number < len(_tags) else "$$"
        end = line.find(tag, at)
        at, state = (len(line), state) if end < 0 else (end + len(tag), CODE)
        kind = "string"
    elif state >= _COMMENT:
        at, state = _finish_comment(line, at, state)
        kind = "comment"
    else:
        kind = _QUOTE_KINDS[state]
        body = _QUOTE_BODIES[state].match(line, at)
        at = body.end() if body else at
        if at < len(line):
            at, state = at + 1, CODE
    if at > start:
        pieces.append(Piece(start, at - start, kind))
    return at, state


def _finish_comment(line: str, at: int, state: int) -> tuple[int, int]:
    while state > _COMMENT:
        edge = _COMMENT_EDGE.search(line, at)
        if edge is None:
            return len(line), state
        at = edge.end()
        if edge.group() == "*/":
            state -= 1
        elif state < _COMMENT + _MAX_DEPTH:
            state += 1
    return at, CODE
