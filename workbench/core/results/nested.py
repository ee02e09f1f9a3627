"""Lists, structs, maps and unions as JSON-like text.

Pure; any thread. Stops at `limit` characters: of a list with a million entries only those
that are shown are looked at. Leaves are written by the converter that is passed in
(`text.array_texts`), so that a date inside a list reads like a date in a column.
"""

import json
import struct
from collections.abc import Callable

import pyarrow as pa
import pyarrow.types as kinds

from workbench.core.results.arrays import AnyArray

Convert = Callable[[AnyArray, int], list[str | None]]

_CHUNK = 64  # leaves converted at once
_DEEPEST = 64  # levels; deeper ones show as "..."


def nested_text(array: AnyArray, limit: int, convert: Convert) -> list[str | None]:
    """The texts of an array of nested values, NULL as None.

    A text may end a little past `limit`, with an ellipsis, where it was cut.
    """
    texts: list[str | None] = []
    for row in range(len(array)):
        one = array.slice(row, 1)
        if one.null_count:
            texts.append(None)
            continue
        writer = _Writer(limit, convert)
        top = _union_value(one)
        if top is not one and not _is_nested(top.type):
            texts.append(convert(top, limit)[0])  # a union's plain value needs no quotes
            continue
        writer.value(top, 0)
        texts.append("".join(writer.parts))
    return texts


class _Full(Exception):  # noqa: N818 - a signal, not an error
    """Enough was written."""


class _Writer:
    def __init__(self, limit: int, convert: Convert) -> None:
        self.parts: list[str] = []
        self._room = limit
        self._convert = convert

    def value(self, one: AnyArray, depth: int) -> None:
        """Write the single value in `one`."""
        try:
            self._one(one, depth)
        except _Full:
            self.parts.append("\u2026")

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self._room -= len(text)
        if self._room < 0:
            raise _Full

    def _one(self, one: AnyArray, depth: int) -> None:
        one = _union_value(one)
        kind = one.type
        if one.null_count:
            self._put("null")
        elif depth > _DEEPEST:
            self._put("\u2026")
        elif isinstance(kind, pa.BaseExtensionType) and _is_nested(kind.storage_type):
            self._one(one.storage, depth)
        elif kinds.is_map(kind):
            self._map(one[0].values, depth)
        elif kinds.is_struct(kind):
            self._struct(one, depth)
        elif _is_list(kind):
            self._put("[")
            self._elements(one[0].values, depth)
            self._put("]")
        else:
            self._leaves(one)

    def _map(self, entries: AnyArray, depth: int) -> None:
        self._put("{")
        for row in range(len(entries)):
            if row:
                self._put(", ")
            self._key(entries.field(0).slice(row, 1), depth)
            self._put(": ")
            self._one(entries.field(1).slice(row, 1), depth + 1)
        self._put("}")

    def _key(self, one: AnyArray, depth: int) -> None:
        if _is_nested(one.type):
            self._one(one, depth + 1)
            return
        text = self._convert(one, max(self._room, 1))[0]
        self._put(json.dumps("null" if text is None else text, ensure_ascii=False))

    def _struct(self, one: AnyArray, depth: int) -> None:
        self._put("{")
        # field(), unlike a scalar's items, stands fields of the same name; flatten() would
        # carry the struct's own NULLs, and there are none here.
        for index in range(one.type.num_fields):
            if index:
                self._put(", ")
            self._put(json.dumps(one.type.field(index).name, ensure_ascii=False) + ": ")
            self._one(one.field(index), depth + 1)
        self._put("}")

    def _elements(self, values: AnyArray, depth: int) -> None:
        if _is_nested(values.type):
            for row in range(len(values)):
                if row:
                    self._put(", ")
                self._one(values.slice(row, 1), depth + 1)
            return
        for start in range(0, len(values), _CHUNK):
            if start:
                self._put(", ")
            self._leaves(values.slice(start, _CHUNK))

    def _leaves(self, values: AnyArray) -> None:
        bare = _is_bare(values.type)
        for row, text in enumerate(self._convert(values, max(self._room, 1))):
            if row:
                self._put(", ")
            if text is None:
                self._put("null")
            else:
                self._put(text if bare else json.dumps(text, ensure_ascii=False))


def _union_value(one: AnyArray) -> AnyArray:
    """What the single value of a union really is; any other array as it came."""
    while kinds.is_union(one.type):
        # Not by one[0]: a scalar of a union or a struct copies every value in it. Not by
        # type_codes and offsets: of a slice they are those of the array it was cut from.
        buffers = one.buffers()
        (code,) = struct.unpack_from("b", buffers[1], one.offset)
        child = one.field(one.type.type_codes.index(code))
        place = 0
        if one.type.mode == "dense":
            (place,) = struct.unpack_from("i", buffers[2], 4 * one.offset)
        one = child.slice(place, 1)
    return one


def _is_list(kind: pa.DataType) -> bool:
    return bool(
        kinds.is_list(kind)
        or kinds.is_large_list(kind)
        or kinds.is_fixed_size_list(kind)
        or kinds.is_list_view(kind)
        or kinds.is_large_list_view(kind)
    )


def _is_nested(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.BaseExtensionType):
        return _is_nested(kind.storage_type)
    return bool(kinds.is_nested(kind) and not kinds.is_run_end_encoded(kind))


def _is_bare(kind: pa.DataType) -> bool:
    return bool(
        kinds.is_integer(kind)
        or kinds.is_floating(kind)
        or kinds.is_decimal(kind)
        or kinds.is_boolean(kind)
    )
