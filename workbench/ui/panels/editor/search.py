"""Finds and replaces in a text: plain, whole words, or regular expressions.

Pure (QtCore only), any thread. Uses Qt's PCRE and not `re`, for its match limit: an
expression that backtracks for ever gives up after a moment instead of freezing the window
(and `re` would hold the GIL meanwhile). Places are UTF-16 units, as in a document.
"""

import re
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression, QRegularExpressionMatch

MAX_HITS = 100_000
_Options = QRegularExpression.PatternOption
_GROUP = re.compile(r"\\(\d+|[nt\\])|\$(\d+)|\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for."""

    text: str
    case: bool = False
    whole_word: bool = False
    regex: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """Places (start, end) in order; `capped` if there are more; `error` for a bad expression."""

    places: tuple[tuple[int, int], ...] = ()
    capped: bool = False
    error: str = ""


def find(query: Query, text: str, limit: int = MAX_HITS) -> Hits:
    """Every hit of `query` in `text`, empty ones left out."""
    if not query.text:
        return Hits()
    expression = _expression(query)
    if not expression.isValid():
        return Hits(error=f"{expression.errorString()} (at {expression.patternErrorOffset()})")
    places: list[tuple[int, int]] = []
    matches = expression.globalMatch(text)
    while matches.hasNext():
        found = matches.next()
        if found.capturedLength():
            if len(places) == limit:
                return Hits(tuple(places), capped=True)
            places.append((found.capturedStart(), found.capturedEnd()))
    return Hits(tuple(places))


def replaced(query: Query, text: str, replacement: str, only: int | None = None) -> tuple[str, int]:
    r"""`text` with every hit replaced, or only the one at `only`, and how many there were.

    In a regular expression's replacement \1, $1 and ${name} stand for groups, \0 for the
    hit, \n and \t for a line end and a tab.
    """
    expression = _expression(query)
    if not query.text or not expression.isValid():
        return text, 0
    raw = text.encode("utf-16-le", "surrogatepass")
    parts: list[bytes] = []
    done = count = 0
    matches = expression.globalMatch(text)
    while matches.hasNext():
        found = matches.next()
        start, end = found.capturedStart(), found.capturedEnd()
        if start == end or (only is not None and start != only):
            continue
        new = _expanded(replacement, found) if query.regex else replacement
        parts += [raw[done * 2 : start * 2], new.encode("utf-16-le", "surrogatepass")]
        done = end
        count += 1
    parts.append(raw[done * 2 :])
    return b"".join(parts).decode("utf-16-le", "surrogatepass"), count


def expansion(query: Query, text: str, replacement: str, start: int) -> str | None:
    """What the hit at `start` would become; None if there is no hit."""
    expression = _expression(query)
    if not query.text or not expression.isValid():
        return None
    found = expression.match(text, start)
    if not found.hasMatch() or found.capturedStart() != start:
        return None
    return _expanded(replacement, found) if query.regex else replacement


def _expression(query: Query) -> QRegularExpression:
    pattern = query.text if query.regex else QRegularExpression.escape(query.text)
    if query.whole_word:
        pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
    options = _Options.UseUnicodePropertiesOption | _Options.MultilineOption
    if not query.case:
        options |= _Options.CaseInsensitiveOption
    return QRegularExpression(pattern, options)


def _expanded(replacement: str, found: QRegularExpressionMatch) -> str:
    def one(group: re.Match[str]) -> str:
        escape, number, name = group.groups()
        if escape in {"n", "t", "\\"}:
            return {"n": "\n", "t": "\t"}.get(escape, "\\")
        if name is not None and not name.isdigit():
            return str(found.captured(name))
        return str(found.captured(int(escape or number or name)))

    return _GROUP.sub(one, replacement)
