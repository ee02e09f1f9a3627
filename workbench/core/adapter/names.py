"""Names as they must be typed into SQL. Pure; any thread."""

import re
from collections.abc import Container

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def quoted(name: str, reserved: Container[str] = ()) -> str:
    """`name` in double quotes, where it needs them; `reserved` words are in lower case."""
    if _PLAIN.fullmatch(name) and name.lower() not in reserved:
        return name
    return '"' + name.replace('"', '""') + '"'


def first_word(text: str) -> str:
    """The first word of a statement in upper case, past blanks and comments; "" if none."""
    match = _FIRST_WORD.match(text)
    return match.group(1).upper() if match else ""


_FIRST_WORD = re.compile(r"(?:\s+|;|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*([A-Za-z_]+)", re.DOTALL)
