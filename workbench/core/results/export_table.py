"""Results as aligned text for people, and as a Markdown table.

One thread at a time; blocks on the stream. Cells are one line each, controls made visible,
so that a value can neither break the table nor drive the terminal. The widths of an aligned
table come from its first rows, and where more follow leave room for any number; what is
wider later is cut, never out of line.
"""

import unicodedata
from collections.abc import Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from workbench.core.results.arrays import AnyArray
from workbench.core.results.export_text import text_array
from workbench.core.results.resultset import ResultColumn
from workbench.core.results.text import ELLIPSIS, full_texts, line_texts, one_line

FIRST_ROWS = 1_000
NULL = "<NULL>"
_ROWS_AT_ONCE = 1_000


class TableWriter:
    """Writes results as columns of text, numbers to the right."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._columns: tuple[ResultColumn, ...] = ()
        self._results = 0
        self._widths: list[int] | None = None
        self._held: list[tuple[str, ...]] = []

    def open(self, columns: Sequence[ResultColumn], schema: pa.Schema | None = None) -> None:
        """Begin a table; a blank line before a second one."""
        if self._results:
            self._stream.write(b"\n")
        self._results += 1
        self._columns = tuple(columns)
        self._widths, self._held = None, []

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows, or hold them while the widths are unknown. Blocks."""
        for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
            if self._widths is not None:
                self._put_quickly(batch.slice(start))
                return
            part = batch.slice(start, _ROWS_AT_ONCE)
            cells = [self._texts(part, index) for index in range(len(self._columns))]
            self._held += zip(*cells, strict=True)
            if len(self._held) >= FIRST_ROWS:
                self._begin([_room(batch.schema.field(i).type) for i in range(batch.num_columns)])

    def close(self) -> None:
        """End the table."""
        if self._widths is None:
            self._begin()

    def discard(self) -> None:
        """What is held is dropped."""
        self._held = []

    def _begin(self, rooms: Sequence[int] = ()) -> None:
        """Fix the widths and write what is held. `rooms`: columns that later rows may need."""
        names = [one_line(column.name) for column in self._columns]
        rooms = rooms or [1] * len(names)
        self._widths = [
            max([width(name), room, *(width(row[i]) for row in self._held)])
            for i, (name, room) in enumerate(zip(names, rooms, strict=True))
        ]
        rule = "-+-".join("-" * each for each in self._widths)
        self._put([tuple(names)])
        self._stream.write(f"{rule}\n".encode())
        held, self._held = self._held, []
        self._put(held)

    def _texts(self, batch: pa.RecordBatch, index: int) -> list[str]:
        texts = line_texts([batch], self._columns[index], index)
        return [NULL if text is None else text for text in texts]

    def _put_quickly(self, batch: pa.RecordBatch) -> None:
        """Write rows column by column, by Arrow where a column is plain and fits."""
        assert self._widths is not None
        fields: list[AnyArray] = []
        for index, (wide, column) in enumerate(zip(self._widths, self._columns, strict=True)):
            texts = pc.fill_null(text_array(batch.column(index), column.type), _large(NULL))
            if _is_plain(texts, wide):
                pad = pc.ascii_lpad if column.numeric else pc.ascii_rpad
                fields.append(pad(texts, wide))
                continue
            cells = [fitted(t, wide, right=column.numeric) for t in self._texts(batch, index)]
            fields.append(pa.array([_sendable(cell) for cell in cells], pa.large_string()))
        if fields:
            lines = pc.ascii_rtrim_whitespace(pc.binary_join_element_wise(*fields, _large(" | ")))
            self._stream.write("\n".join([*lines.to_pylist(), ""]).encode("utf-8"))

    def _put(self, rows: Sequence[tuple[str, ...]]) -> None:
        assert self._widths is not None
        lines = []
        for row in rows:
            cells = [
                fitted(text, wide, right=column.numeric)
                for text, wide, column in zip(row, self._widths, self._columns, strict=True)
            ]
            lines.append(" | ".join(cells).rstrip() + "\n")
        self._stream.write("".join(lines).encode("utf-8", "replace"))


class MarkdownWriter:
    """Writes results as Markdown tables."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._columns: tuple[ResultColumn, ...] = ()
        self._results = 0

    def open(self, columns: Sequence[ResultColumn], schema: pa.Schema | None = None) -> None:
        """Write the head; a blank line before that of a second result."""
        if self._results:
            self._stream.write(b"\n")
        self._results += 1
        self._columns = tuple(columns)
        marks = ["---:" if column.numeric else "---" for column in columns]
        self._put([[_cell(column.name) for column in columns], marks])

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows. Blocks."""
        columns = [
            ["*NULL*" if t is None else _cell(t) for t in full_texts(batch.column(i), c.type)]
            for i, c in enumerate(self._columns)
        ]
        self._put(list(zip(*columns, strict=True)))

    def close(self) -> None:
        """Nothing ends a table."""

    def discard(self) -> None:
        """Nothing is held."""

    def _put(self, rows: Sequence[Sequence[str]]) -> None:
        text = "".join("| " + " | ".join(row) + " |\n" for row in rows)
        self._stream.write(text.encode("utf-8", "replace"))


def _room(kind: pa.DataType) -> int:
    """Columns that any number of the type fits into: half a number is a wrong number."""
    if kinds.is_integer(kind):
        return {8: 4, 16: 6, 32: 11}.get(kind.bit_width, 20)
    if kinds.is_decimal(kind):
        return int(kind.precision) + 2
    if kinds.is_floating(kind):
        return 24
    return 16


def _is_plain(texts: AnyArray, wide: int) -> bool:
    """Does each text take as many columns as bytes, and no more than `wide`?"""
    lengths: AnyArray = pc.binary_length(texts)
    return (pc.max(lengths).as_py() or 0) <= wide and bool(
        pc.all(pc.ascii_is_printable(texts)).as_py()
    )


def _large(text: str) -> AnyArray:
    return pa.scalar(text, pa.large_string())


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def width(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(character) for character in text)


def fitted(text: str, wide: int, *, right: bool = False) -> str:
    """`text` cut or filled to `wide` columns."""
    taken = width(text)
    if taken > wide:
        text, taken = _cut(text, wide)
    fill = " " * (wide - taken)
    return fill + text if right else text + fill


def _cut(text: str, wide: int) -> tuple[str, int]:
    taken = 0
    for index, character in enumerate(text):
        step = _columns_of(character)
        if taken + step > wide - 1:
            return text[:index] + ELLIPSIS, taken + 1
        taken += step
    return text, taken


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


_MARKDOWN = str.maketrans({"\\": "\\\\", "|": "\\|", "<": "&lt;", "&": "&amp;", "*": "\\*",
                           "_": "\\_", "`": "\\`", "\r": "", "\n": "<br>"})  # fmt: skip


def _cell(text: str) -> str:
    return text.translate(_MARKDOWN)
