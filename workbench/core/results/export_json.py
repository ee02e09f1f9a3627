"""Results as JSON: an array of objects, or an object on each line.

One thread at a time; blocks on the stream. Lists and structs are arrays and objects, a
map's keys are texts; dates, binary and what else JSON has no form for are the texts of
`text.py`. A number is a number where every reader gets the same digits back from a double,
else a string: beyond 15 significant digits, beyond 2^53, NaN, the infinities.
"""

import json
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from workbench.core.results.arrays import AnyArray
from workbench.core.results.export_text import different_names
from workbench.core.results.resultset import ResultColumn
from workbench.core.results.text import full_texts

_EXACT_INTEGER = 2**53
_EXACT_DIGITS = 15

_quote: Callable[[str], str] = encode_basestring  # as json.dumps(ensure_ascii=False)


class JsonWriter:
    """Writes results as arrays of objects, or as lines."""

    def __init__(self, stream: BinaryIO, *, lines: bool) -> None:
        self._stream = stream
        self._lines = lines
        self._columns: tuple[ResultColumn, ...] = ()
        self._keys: list[str] = []
        self._empty = True

    def open(self, columns: Sequence[ResultColumn], schema: pa.Schema | None = None) -> None:
        """Begin an array."""
        self._columns = tuple(columns)
        self._keys = [_quote(_sendable(n)) for n in different_names(c.name for c in columns)]
        self._empty = True
        if not self._lines:
            self._stream.write(b"[")

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows. Blocks."""
        if not batch.num_rows:
            return
        columns = [
            [f"{key}:{text}" for text in json_texts(batch.column(i), column.type)]
            for i, (key, column) in enumerate(zip(self._keys, self._columns, strict=True))
        ]
        rows = ["{" + ",".join(row) + "}" for row in zip(*columns, strict=True)]
        if self._lines:
            text = "\n".join(rows) + "\n"
        else:
            text = ("\n" if self._empty else ",\n") + ",\n".join(rows)
        self._empty = False
        self._stream.write(text.encode("utf-8", "replace"))

    def close(self) -> None:
        """End the array."""
        if not self._lines:
            self._stream.write(b"]\n" if self._empty else b"\n]\n")

    def discard(self) -> None:
        """Leave the array open: no reader takes it for a whole one."""


def json_texts(array: AnyArray, hint: str = "") -> list[str]:
    """Each value of `array` as JSON. Pure; any thread."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        if not kinds.is_nested(kind.storage_type):
            return _leaves(array, hint)
        return json_texts(array.storage, hint)
    if kinds.is_dictionary(kind) and kinds.is_nested(kind.value_type):
        return json_texts(array.dictionary_decode(), hint)
    if kinds.is_map(kind) or kinds.is_union(kind):
        return [_one(array.slice(row, 1)) for row in range(len(array))]
    if kinds.is_struct(kind):
        return _structs(array)
    if kinds.is_nested(kind) and not kinds.is_run_end_encoded(kind):
        return _lists(array)
    return _leaves(array, hint)


def _leaves(array: AnyArray, hint: str) -> list[str]:
    kind = array.type
    if kinds.is_floating(kind):
        texts = full_texts(array, hint)
        return [
            "null" if t is None else t if math.isfinite(float(t)) else _quote(_NON_FINITE[t])
            for t in texts
        ]
    if kinds.is_decimal(kind):
        return [
            "null" if t is None else t if _is_exact(t) else _quote(t)
            for t in full_texts(array, hint)
        ]
    texts = full_texts(array, hint)
    if hint.lower() == "bool" or kinds.is_boolean(kind):
        return ["null" if t is None else t for t in texts]
    if isinstance(kind, pa.BaseExtensionType) and kind.extension_name == "arrow.bool8":
        return ["null" if t is None else t for t in texts]
    if kinds.is_integer(kind):
        narrow = kind.bit_width < 64
        return [
            "null" if t is None else t if narrow or _is_exact_integer(t) else _quote(t)
            for t in texts
        ]
    return ["null" if t is None else _quote(t) for t in texts]


_NON_FINITE = {"nan": "NaN", "-nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def _is_exact_integer(digits: str) -> bool:
    return len(digits) < 16 or abs(int(digits)) <= _EXACT_INTEGER


def _is_exact(number: str) -> bool:
    """Would a double give the same digits back?"""
    if "." not in number:
        return _is_exact_integer(number)
    return len(Decimal(number).as_tuple().digits) <= _EXACT_DIGITS


def _structs(array: AnyArray) -> list[str]:
    kind = array.type
    names = different_names(kind.field(i).name for i in range(kind.num_fields))
    parts = [
        [f"{_quote(name)}:{text}" for text in json_texts(array.field(i))]
        for i, name in enumerate(names)
    ]
    rows = zip(*parts, strict=True) if parts else ((),) * len(array)
    valid = array.is_valid().to_pylist()
    return [
        "{" + ",".join(row) + "}" if there else "null"
        for row, there in zip(rows, valid, strict=True)
    ]


def _lists(array: AnyArray) -> list[str]:
    values = iter(json_texts(pc.list_flatten(array)))
    return [
        "null" if length is None else "[" + ",".join(next(values) for _ in range(length)) + "]"
        for length in pc.list_value_length(array).to_pylist()
    ]


def _one(one: AnyArray) -> str:
    """A map's or a union's single value."""
    scalar = one[0]
    if not scalar.is_valid:
        return "null"
    if kinds.is_union(one.type):
        return json_texts(pa.repeat(scalar.value, 1))[0]
    entries = scalar.values
    keys = different_names(
        "null" if text is None else text for text in full_texts(entries.field(0))
    )
    values = json_texts(entries.field(1))
    pairs = zip(keys, values, strict=True)
    return "{" + ",".join(f"{_quote(key)}:{value}" for key, value in pairs) + "}"


def _sendable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def json_line(value: object) -> str:
    """A plain Python value as one line of JSON, for objects that are not results."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
