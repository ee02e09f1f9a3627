"""The SQL to run and its parameters, as the command line gives them.

Main thread; blocks on the file or stdin.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.core.errors import UserError

_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?:\.\d*)?[eE][+-]?\d+)", re.ASCII)
_NAME = re.compile(r"[^\W\d]\w*")
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_INT64 = 2**63


def read_sql(text: str | None, file: str | None) -> str:
    """The SQL of the argument, the file, or stdin. Blocks. Raises UserError naming it."""
    if text is not None and file is not None and text != "-":
        raise UserError("Two scripts", "Give the SQL as an argument or with -f, not both.")
    if text == "-":
        file, text = "-", None
    if file is not None:
        source = "stdin" if file == "-" else file
        sql = _decoded(_bytes(file), source)
    elif text is not None:
        sql, source = text, "the SQL"
    else:
        raise UserError("No SQL", "Give it as an argument, or with -f FILE (- for stdin).")
    try:
        sql.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UserError("Not UTF-8", f"Character {error.start} of {source} is broken.") from error
    if not sql.strip():
        raise UserError("No SQL", f"There is nothing to run in {source}.")
    return sql


def read_parameters(pairs: Sequence[str]) -> dict[str, object]:
    """NAME=VALUE pairs as values to bind. Raises UserError naming the pair.

    VALUE reads as in SQL: 5, 1.5, true, null, 'any text' (a quote in it doubled); anything
    else is text as it stands.
    """
    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip().lstrip(":$@")
        if not equals or not _NAME.fullmatch(name):
            raise UserError("Bad parameter", f"--param {pair}: write it as NAME=VALUE.")
        if name in found:
            raise UserError("Bad parameter", f"--param {name} is given twice.")
        found[name] = _value(value)
    return found


def _value(text: str) -> object:
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text) and len(text) < 20 and -_INT64 <= int(text) < _INT64:
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _bytes(file: str) -> bytes:
    if file == "-":
        if sys.stdin is None:
            raise UserError("No SQL", "stdin is closed.")
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError("The script cannot be read", f"{file}: {reason}.") from error


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(
            "Not UTF-8",
            f"{source}, line {line}, byte {error.start}: scripts must be UTF-8. Nothing was run.",
        ) from error
