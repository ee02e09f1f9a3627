r"""Writing results out, row by row, in constant memory: the formats and their common door.

A writer belongs to one thread and blocks on its stream. It never holds more than the batch
it writes and, until widths or types are known, the first rows.

- `table`: aligned text for people; long cells are cut, NULL is <NULL>.
- `csv`: RFC 4180 with LF line ends; NULL is empty, an empty text is "".
- `tsv`: tab, line break and backslash as \t, \n, \r, \\; NULL is \N.
- `json`: an array of objects; `jsonl`: an object on each line. A number that a double cannot
  give back digit for digit, NaN and the infinities are strings.
- `markdown`: a table; NULL is *NULL*.
- `parquet`, `arrow` (an IPC stream): typed, one result to a file.

A second column of the same name is called name_2 where names must differ (json, jsonl,
parquet, arrow). Several results in one run: a blank line between them (table, csv, tsv,
markdown), one array after another (json), all lines in a row (jsonl); parquet and arrow
refuse the second one.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import BinaryIO, Protocol

import pyarrow as pa

from workbench.core.results.export_delimited import CSV, TSV, DelimitedWriter
from workbench.core.results.export_json import JsonWriter
from workbench.core.results.export_table import MarkdownWriter, TableWriter
from workbench.core.results.export_typed import ArrowWriter, ParquetWriter
from workbench.core.results.resultset import ResultColumn


class Format(StrEnum):
    """The formats results can be written in."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
    ARROW = "arrow"

    @property
    def binary(self) -> bool:
        """Is it no text, and so nothing for a terminal?"""
        return self in (Format.PARQUET, Format.ARROW)


class Writer(Protocol):
    """Writes results to a stream, one after another. `open`, `write`..., `close` for each.

    A run that is broken off calls `discard` in place of `close`: what was written stays, and
    is never ended as though it were whole.
    """

    def open(self, columns: Sequence[ResultColumn], schema: pa.Schema | None = None) -> None:
        """Begin a result. Raises UserError where the format takes no further one."""
        ...

    def write(self, batch: pa.RecordBatch) -> None:
        """Write rows. Blocks. Raises UserError where the format cannot carry them."""
        ...

    def close(self) -> None:
        """End the result. Blocks."""
        ...

    def discard(self) -> None:
        """Write nothing more."""
        ...


def writer(kind: Format, stream: BinaryIO) -> Writer:
    """A writer of `kind` to `stream`, which stays the caller's to close."""
    match kind:
        case Format.TABLE:
            return TableWriter(stream)
        case Format.CSV:
            return DelimitedWriter(stream, CSV)
        case Format.TSV:
            return DelimitedWriter(stream, TSV)
        case Format.JSON:
            return JsonWriter(stream, lines=False)
        case Format.JSONL:
            return JsonWriter(stream, lines=True)
        case Format.MARKDOWN:
            return MarkdownWriter(stream)
        case Format.PARQUET:
            return ParquetWriter(stream)
        case Format.ARROW:
            return ArrowWriter(stream)
