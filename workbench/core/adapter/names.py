"""Names as they must be typed into SQL. Pure; any thread."""

import re
from collections.abc import Container

# The words that SQL never takes as a bare name; an engine may know more.
_WORDS = """add all alter and as autoincrement between case check collate commit constraint create
    default deferrable delete distinct drop else escape except exists foreign from group having
    if in index insert intersect into is isnull join limit not nothing notnull null on or order
    primary references returning select set table then to transaction union unique update using
    values when where"""
RESERVED = frozenset(_WORDS.split())

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def quoted(name: str) -> str:
    """`name` in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def typed(name: str, reserved: Container[str] = RESERVED) -> str:
    """`name` as a person would type it: quoted where it must be; `reserved` in lower case."""
    if _PLAIN.fullmatch(name) and name.lower() not in reserved:
        return name
    return quoted(name)


def first_word(text: str) -> str:
    """The first word of a statement in upper case, past blanks and comments; "" if none."""
    match = _FIRST_WORD.match(text)
    return match.group(1).upper() if match else ""


_FIRST_WORD = re.compile(r"(?:\s+|;|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*([A-Za-z_]+)", re.DOTALL)
