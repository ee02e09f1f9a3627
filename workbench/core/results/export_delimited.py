"""Comma- and tab-separated text, built column by column.

One thread at a time; blocks on the stream. Rows are never Python objects on the way, except
where a type's text can only be made so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from workbench.core.results.arrays import AnyArray
from workbench.core.results.export_text import text_array
from workbench.core.results.resultset import ResultColumn

_SLICE_BYTES = 64 * 1024 * 1024  # of a batch, written at once: cells may be megabytes


@dataclass(frozen=True, slots=True)
class Dialect:
    """What stands between fields, how a field is written, and what a NULL is."""

    separator: str
    null: str
    encode: Callable[[AnyArray], AnyArray]


class DelimitedWriter:
    """Writes results as lines of fields, names first."""

    def __init__(self, stream: BinaryIO, dialect: Dialect) -> None:
        self._stream = stream
        self._dialect = dialect
        self._columns: tuple[ResultColumn, ...] = ()
        self._results = 0

    def open(self, columns: Sequence[ResultColumn], schema: pa.Schema | None = None) -> None:
        """Write the names; a blank line before those of a second result."""
        if self._results:
            self._stream.write(b"\n")
        self._results += 1
        self._columns = tuple(columns)
        names: AnyArray = pa.array([_sendable(c.name) for c in columns], pa.large_string())
        line = self._dialect.separator.join(self._dialect.encode(names).to_pylist())
        self._stream.write(line.encode("utf-8") + b"\n")

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows. Blocks."""
        rows = batch.num_rows
        if rows > 1 and batch.nbytes > _SLICE_BYTES:
            self.write(batch.slice(0, rows // 2))
            self.write(batch.slice(rows // 2))
            return
        if not rows or not self._columns:
            return
        fields: list[AnyArray] = [
            pc.fill_null(
                self._dialect.encode(text_array(batch.column(i), column.type)),
                _large(self._dialect.null),
            )
            for i, column in enumerate(self._columns)
        ]
        fields[-1] = _joined(fields[-1], _large("\n"), _large(""))
        lines = _joined(*fields, _large(self._dialect.separator))
        # The values of a string array lie end to end: together they are the text.
        data = lines.buffers()[2]
        if data is not None:
            self._stream.write(memoryview(data))

    def close(self) -> None:
        """Nothing ends a result: its last line did."""

    def discard(self) -> None:
        """Nothing is held."""


def _sendable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _quoted(texts: AnyArray) -> AnyArray:
    """RFC 4180; an empty text is quoted, so that it is no NULL."""
    risky: AnyArray = pc.match_substring_regex(texts, '^$|[",\r\n]')
    if not pc.any(risky).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(risky, _joined(_large('"'), doubled, _large('"'), _large("")), texts)


def _escaped(texts: AnyArray) -> AnyArray:
    """Backslash first: the others bring backslashes of their own."""
    if not pc.any(pc.match_substring_regex(texts, "[\\\\\t\r\n]")).as_py():
        return texts
    for character, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\r", "\\r"), ("\n", "\\n")):
        texts = pc.replace_substring(texts, character, escape)
    return texts


def _joined(*parts_and_separator: AnyArray) -> AnyArray:
    return pc.binary_join_element_wise(*parts_and_separator)


def _large(text: str) -> AnyArray:
    return pa.scalar(text, pa.large_string())


CSV = Dialect(",", "", _quoted)
TSV = Dialect("\t", "\\N", _escaped)
