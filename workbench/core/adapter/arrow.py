r"""Rows of a dynamically typed engine -> Arrow record batches, no value lost or altered unsaid.

For engines that hand out Python rows and fix no column's type (int, float, str, bytes and
None may mix in one column). A column's type is set by the first batch with a value in it:
whole numbers int64, others float64, text string, bytes binary. A later value that does not
fit widens the column **from that batch on**, always in one direction:

    int64 -> float64 (where every whole number in it stays exact) -> string
    binary ----------------------------------------------------------^

In a string column numbers are their plain text and bytes are `X'0AFF'`, as in SQL. Text that
is not UTF-8 keeps each wrong byte visible as `\xff`. Each of these is said once for each
column, as a message. A column of NULLs takes the hint it was given, or string.

Pure apart from its own state; belongs to one cursor, on the session's thread.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from workbench.core.adapter.contract import Column, Message, MessageLevel

Rows = Sequence[Sequence[Any]]

EXACT = 2**53  # up to here a float64 holds each whole number
_NULL = type(None)
_KINDS: dict[type, pa.DataType] = {
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    bytes: pa.binary(),
}


class RowsToArrow:
    """Turns one result's rows into batches and remembers its columns' types.

    `kind_names` are the engine's words for the four types; `hint` gives a column's probable
    type when only NULLs have come, or None.
    """

    def __init__(
        self,
        names: Sequence[str],
        kind_names: Mapping[type, str],
        hint: Callable[[str], pa.DataType | None] = lambda _: None,
    ) -> None:
        self._names = list(names)
        self._kind_names = kind_names
        self._hint = hint
        self._types: list[pa.DataType | None] = [None] * len(names)
        self._seen: list[set[type]] = [set() for _ in names]
        self._rows = 0
        self._notes: list[Message] = []
        self._said: set[tuple[int, str]] = set()

    def batch(self, rows: Rows) -> pa.RecordBatch:
        """The rows, at least one, as a batch."""
        arrays = [self._array(at, values) for at, values in enumerate(zip(*rows, strict=True))]
        self._rows += len(rows)
        return pa.RecordBatch.from_arrays(arrays, names=self._names)

    def columns(self) -> tuple[Column, ...]:
        """The columns as the rows so far show them; a type is "" while there were none."""
        return tuple(
            Column(name, " or ".join(self._kind_names[k] for k in _KINDS if k in seen), _number(t))
            for name, seen, t in zip(self._names, self._seen, self._types, strict=True)
        )

    def take_notes(self) -> tuple[Message, ...]:
        """What had to be changed for show since the last call."""
        notes, self._notes = tuple(self._notes), []
        return notes

    def _array(self, at: int, values: tuple[Any, ...]) -> "pa.Array[Any]":
        found = set(map(type, values)) - {_NULL}
        self._seen[at] |= found
        before = self._types[at]
        kind = self._settle(at, found, values)
        if before is not None and kind != before:
            self._say(at, str(kind), f"is shown as {_SHOWN[kind]}, since other values came before")
        if kind != pa.string():
            return pa.array(values, type=kind)
        if found - {str}:
            self._say(at, "mixed", "holds values that are not text; they are shown as text")
            values = tuple(None if value is None else _text(value) for value in values)
        return self._text_array(at, values)

    def _settle(self, at: int, found: set[type], values: tuple[Any, ...]) -> pa.DataType:
        kind = self._types[at]
        if kind is None:
            if not found:
                return self._hint(self._names[at]) or pa.string()
            kind = _KINDS[found.pop()] if len(found) == 1 else pa.int64()
        if not all(_fits(type_, kind) for type_ in found):
            kind = pa.float64() if _number(kind) and found <= {int, float} else pa.string()
        if kind == pa.float64() and int in found and not _exact(values):
            kind = pa.string()
        self._types[at] = kind
        return kind

    def _text_array(self, at: int, values: tuple[Any, ...]) -> "pa.Array[Any]":
        try:
            return pa.array(values, type=pa.string())
        except UnicodeEncodeError:
            self._say(at, "utf8", "holds text that is not UTF-8; wrong bytes are shown as \\xNN")
            return pa.array([None if v is None else _visible(v) for v in values], type=pa.string())

    def _say(self, at: int, what: str, text: str) -> None:
        if (at, what) in self._said:
            return
        self._said.add((at, what))
        where = f"Column {self._names[at]!r}, from row {self._rows + 1:,} on: "
        self._notes.append(Message(f"{where}it {text}.", MessageLevel.WARNING))


def declared_type(text: str) -> pa.DataType | None:
    """What a column declared as `text` in SQL most likely holds, None for text or unknown."""
    upper = text.upper()
    if "INT" in upper or "BOOL" in upper:
        return pa.int64()
    if any(word in upper for word in ("REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL")):
        return pa.float64()
    return pa.binary() if "BLOB" in upper else None


_SHOWN = {pa.int64(): "whole numbers", pa.float64(): "numbers", pa.string(): "text"}


def _number(kind: pa.DataType | None) -> bool:
    return kind in (pa.int64(), pa.float64())


def _fits(type_: type, kind: pa.DataType) -> bool:
    if kind == pa.float64():
        return type_ in (int, float)
    return kind == pa.string() or _KINDS[type_] == kind


def _exact(values: tuple[Any, ...]) -> bool:
    return all(-EXACT <= value <= EXACT for value in values if type(value) is int)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return f"X'{value.hex().upper()}'"
    return value if isinstance(value, str) else repr(value)


def _visible(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
