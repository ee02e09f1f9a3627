"""Values as text for people: the grid's lines, a whole cell, what is copied. Here and nowhere else.

Pure; any thread. Converts column by column, only the rows asked for, and never more of a
value than `limit` characters, so that a page with cells of a megabyte costs milliseconds.
Whole numbers are plain digits, floats the shortest text that reads back the same, booleans
words, binary 0x..., nested values JSON-like. A NULL is None: how it looks is the shower's
business. Text that is not valid UTF-8 shows U+FFFD where it is broken. Two types of an
Arrow batch are read by the engine's own type text: "uuid" in 16 bytes, "bool" in numbers.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from workbench.core.results import moments
from workbench.core.results.arrays import AnyArray
from workbench.core.results.nested import nested_text
from workbench.core.results.resultset import ResultColumn

GRID_LIMIT = 256  # characters of a cell that a grid can show at most
ELLIPSIS = "\u2026"
_MANY = 8  # batches in a page
_LIGHT = 1024 * 1024  # bytes that may be copied to join them

Texts = list[str | None]


@dataclass(frozen=True, slots=True)
class CellText:
    """A whole cell's text (None: NULL), and whether it was cut at the limit."""

    text: str | None
    cut: bool = False


def page_texts(
    batches: Sequence[pa.RecordBatch],
    columns: Sequence[ResultColumn],
    wanted: Sequence[int] | None = None,
) -> list[Texts]:
    """One-line texts, column by column, of the rows in `batches` (a page of a few hundred).

    `wanted` names the columns to convert, all of them if None.
    """
    indexes = range(len(columns)) if wanted is None else wanted
    batches = _joined(batches)
    return [line_texts(batches, columns[index], index) for index in indexes]


def _joined(batches: Sequence[pa.RecordBatch]) -> Sequence[pa.RecordBatch]:
    """One batch where rows came in many small ones: each conversion costs some 20 us."""
    if len(batches) < _MANY or any(each.schema != batches[0].schema for each in batches):
        return batches
    if sum(each.nbytes for each in batches) > _LIGHT:
        return batches
    try:
        return pa.Table.from_batches(batches).combine_chunks().to_batches()
    except pa.ArrowNotImplementedError:  # unions
        return batches


def line_texts(batches: Sequence[pa.RecordBatch], column: ResultColumn, index: int) -> Texts:
    """One-line texts of column `index`: at most GRID_LIMIT characters, controls made visible."""
    raw: Texts = []
    for batch in batches:
        raw += array_texts(batch.column(index), GRID_LIMIT, column.type)
    return [None if text is None else one_line(text) for text in raw]


def cell_text(batch: pa.RecordBatch, row: int, column: int, limit: int, hint: str = "") -> CellText:
    """The text of one cell as it is, line breaks and all, cut after `limit` characters.

    `hint` is the engine's type text.
    """
    text = array_texts(batch.column(column).slice(row, 1), limit, hint)[0]
    if text is not None and len(text) > limit:
        return CellText(text[:limit], cut=True)
    return CellText(text)


def full_texts(array: AnyArray, hint: str = "") -> Texts:
    """All of each value: for copying, where nothing may be left out."""
    return array_texts(array, 2**31 - 1, hint)


def array_texts(array: AnyArray, limit: int, hint: str = "") -> Texts:
    """Texts of an array's values.

    One longer than `limit` is cut somewhere past it and ends in an ellipsis, so its length
    tells that it was cut.
    """
    kind = array.type
    if array.null_count == len(array):
        return [None] * len(array)
    if isinstance(kind, pa.BaseExtensionType):
        return _extension_texts(array, limit, hint)
    if kind == pa.binary(16) and hint.lower() in ("uuid", "uniqueidentifier"):
        return _mapped(array, _uuid_text)
    for applies, convert in _CONVERTERS:
        if applies(kind):
            return convert(array, limit)
    return nested_text(array, limit, array_texts)


def one_line(text: str) -> str:
    """`text` on one line, cut to GRID_LIMIT, with what has no shape of its own made visible."""
    if len(text) > GRID_LIMIT:
        text = text[:GRID_LIMIT] + ELLIPSIS
    # Nearly all texts are printable throughout; the test is one quick pass in C.
    return text if text.isprintable() else text.translate(_VISIBLE)


def _visible_table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x0A] = "\u21b5"
    table[0x09] = "\u21e5"
    table[0x7F] = "\u2421"
    # C1 controls, and the marks and overrides that re-order what stands around them: a
    # value must not be able to look like another one.
    hidden = [*range(0x80, 0xA0), 0x061C, 0x200E, 0x200F]
    hidden += [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    table |= dict.fromkeys(hidden, "\u2426")
    table |= dict.fromkeys((0x2028, 0x2029), "\u21b5")
    return table


_VISIBLE = _visible_table()


def _mapped(array: AnyArray, convert: Callable[..., str]) -> Texts:
    return [None if value is None else convert(value) for value in array.to_pylist()]


def _string_texts(array: AnyArray, limit: int) -> Texts:
    texts: Texts = []
    for value in _heads(array, limit):
        if value is None:
            texts.append(None)
        elif len(value) <= limit:
            texts.append(value.decode("utf-8", "replace"))
        else:
            texts.append(_cut_text(value, limit))
    return texts


def _cut_text(value: bytes, limit: int) -> str:
    text = value.decode("utf-8", "replace")
    if len(text) <= limit:
        return text  # more bytes than characters
    return text[:limit] + ELLIPSIS


def _binary_texts(array: AnyArray, limit: int) -> Texts:
    texts: Texts = []
    for value in _heads(array, limit):
        if value is None:
            texts.append(None)
        elif 2 * len(value) > limit:
            texts.append("0x" + value[: max(1, limit // 2)].hex() + ELLIPSIS)
        else:
            texts.append("0x" + value.hex())
    return texts


def _heads(array: AnyArray, limit: int) -> list[bytes | None]:
    """The first bytes of each value: enough for `limit` characters and to see that more follow."""
    size = 4 * limit + 4  # no character takes more than four bytes in UTF-8
    kind = array.type
    if kinds.is_string(kind):
        array = array.view(pa.binary())
    elif kinds.is_large_string(kind):
        array = array.view(pa.large_binary())
    elif kinds.is_string_view(kind) or kinds.is_binary_view(kind):
        return _view_heads(array, size)
    if size < 2**31:
        array = pc.binary_slice(array, 0, size)
    heads: list[bytes | None] = array.to_pylist()
    return heads


def _view_heads(array: AnyArray, size: int) -> list[bytes | None]:
    # A scalar of it would copy the whole value. A view is 16 bytes: the length, then either
    # up to 12 bytes of data, or a prefix, the number of a buffer and the place in it.
    buffers = array.buffers()
    heads: list[bytes | None] = []
    for row, valid in enumerate(array.is_valid().to_pylist(), start=array.offset):
        if not valid:
            heads.append(None)
            continue
        view = memoryview(buffers[1])[16 * row : 16 * row + 16]
        length, _prefix, number, start = struct.unpack("<i4sii", view)
        if length <= 12:
            heads.append(bytes(view[4 : 4 + length]))
        else:
            data = memoryview(buffers[2 + number])
            heads.append(bytes(data[start : start + min(length, size)]))
    return heads


def _integer_texts(array: AnyArray, _limit: int) -> Texts:
    texts: Texts = array.cast(pa.string()).to_pylist()
    return texts


def _float_texts(array: AnyArray, _limit: int) -> Texts:
    if array.type == pa.float64():
        return _mapped(array, repr)
    if array.type == pa.float16():
        return _mapped(array, _half_text)
    # Arrow writes the shortest text of a narrow float, but "1" for 1.0.
    texts: Texts = array.cast(pa.string()).to_pylist()
    return [None if t is None else t + ".0" if t.lstrip("-").isdigit() else t for t in texts]


def _half_text(value: float) -> str:
    """The shortest decimal that reads back as the same 16-bit float."""
    packed = struct.pack("e", value)
    for digits in range(1, 6):
        shown = float(f"{value:.{digits}g}")
        # 65504 is the greatest; rounded to fewer digits it may be past what fits.
        if abs(shown) < 65520 and struct.pack("e", shown) == packed:
            return repr(shown)
    return repr(value)


def _decimal_texts(array: AnyArray, _limit: int) -> Texts:
    return [None if value is None else format(value, "f") for value in array.to_pylist()]


def _numbers(array: AnyArray, width: int) -> list[int | None]:
    numbers: list[int | None] = array.view(pa.int32() if width == 32 else pa.int64()).to_pylist()
    return numbers


def _date_texts(array: AnyArray, _limit: int) -> Texts:
    if kinds.is_date32(array.type):
        days = _numbers(array, 32)
    else:
        days = [None if ms is None else ms // 86_400_000 for ms in _numbers(array, 64)]
    return [None if day is None else moments.date_text(day) for day in days]


def _time_texts(array: AnyArray, _limit: int) -> Texts:
    unit = array.type.unit
    numbers = _numbers(array, array.type.bit_width)
    return [None if value is None else moments.time_text(value, unit) for value in numbers]


def _timestamp_texts(array: AnyArray, _limit: int) -> Texts:
    unit, zone = array.type.unit, array.type.tz
    return [
        None if value is None else moments.timestamp_text(value, unit, zone)
        for value in _numbers(array, 64)
    ]


def _duration_texts(array: AnyArray, _limit: int) -> Texts:
    unit = array.type.unit
    return [
        None if value is None else moments.duration_text(value, unit)
        for value in _numbers(array, 64)
    ]


def _interval_texts(array: AnyArray, _limit: int) -> Texts:
    return _mapped(array, lambda value: moments.interval_text(*value))


def _boolean_texts(array: AnyArray, _limit: int) -> Texts:
    return _mapped(array, lambda value: "true" if value else "false")


def _dictionary_texts(array: AnyArray, limit: int) -> Texts:
    # Only the entries in use: a dictionary may hold millions beside a page of 256.
    indexes = array.indices.to_pylist()
    used = sorted({index for index in indexes if index is not None})
    entries = [array_texts(array.dictionary.slice(index, 1), limit)[0] for index in used]
    found = dict(zip(used, entries, strict=True))
    return [None if index is None else found[index] for index in indexes]


def _run_texts(array: AnyArray, limit: int) -> Texts:
    return array_texts(pc.call_function("run_end_decode", [array]), limit)


def _extension_texts(array: AnyArray, limit: int, hint: str) -> Texts:
    name = array.type.extension_name
    if name == "arrow.uuid":
        return _mapped(array.storage, _uuid_text)
    if name == "arrow.bool8":
        return _boolean_texts(array.storage, limit)
    return array_texts(array.storage, limit, hint)


def _uuid_text(value: bytes) -> str:
    return str(UUID(bytes=value))


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        kinds.is_binary(kind)
        or kinds.is_large_binary(kind)
        or kinds.is_fixed_size_binary(kind)
        or kinds.is_binary_view(kind)
    )


def _is_string(kind: pa.DataType) -> bool:
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


_CONVERTERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[AnyArray, int], Texts]], ...] = (
    (_is_string, _string_texts),
    (kinds.is_integer, _integer_texts),
    (kinds.is_floating, _float_texts),
    (kinds.is_decimal, _decimal_texts),
    (kinds.is_timestamp, _timestamp_texts),
    (kinds.is_date, _date_texts),
    (kinds.is_boolean, _boolean_texts),
    (_is_binary, _binary_texts),
    (kinds.is_time, _time_texts),
    (kinds.is_duration, _duration_texts),
    (kinds.is_interval, _interval_texts),
    (kinds.is_dictionary, _dictionary_texts),
    (kinds.is_run_end_encoded, _run_texts),
)
