"""A block of cells as text for the clipboard: tab-separated or comma-separated.

Pure; any thread. Full values, plain digits; NULL is empty. A field with a separator, a
quote or a line break is quoted the way spreadsheets read it back.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

import pyarrow as pa

from workbench.core.results.resultset import ResultColumn
from workbench.core.results.text import full_texts

MOST_CELLS = 200_000
MOST_BYTES = 16 * 1024 * 1024


class CopyStyle(StrEnum):
    """What stands between fields."""

    TSV = "\t"
    CSV = ","


_RISKY = {
    CopyStyle.TSV: re.compile('[\t\r\n"]'),
    CopyStyle.CSV: re.compile('[,\r\n"]'),
}


def too_large(batches: Sequence[pa.RecordBatch], columns: Sequence[int]) -> bool:
    """Would copying take longer than a keystroke should?"""
    cells = sum(batch.num_rows for batch in batches) * len(columns)
    return cells > MOST_CELLS or size_of(batches, columns) > MOST_BYTES


def size_of(batches: Sequence[pa.RecordBatch], columns: Sequence[int]) -> int:
    """Bytes that the chosen columns take in Arrow, about what their text takes."""
    return sum(batch.column(index).nbytes for batch in batches for index in columns)


def copy_text(
    batches: Sequence[pa.RecordBatch],
    columns: Sequence[ResultColumn],
    wanted: Sequence[int],
    style: CopyStyle = CopyStyle.TSV,
    *,
    header: bool = False,
) -> str:
    """The `wanted` columns of `batches`, one line per row, with names on top if `header`.

    A single cell comes as it is, unquoted: it is pasted into a text more often than into a
    sheet.
    """
    if not header and len(wanted) == 1 and sum(batch.num_rows for batch in batches) == 1:
        return full_texts(batches[0].column(wanted[0]), columns[wanted[0]].type)[0] or ""
    lines = []
    if header:
        lines.append(style.join(_field(columns[index].name, style) for index in wanted))
    for batch in batches:
        texts = [full_texts(batch.column(index), columns[index].type) for index in wanted]
        for row in zip(*texts, strict=True):
            lines.append(style.join(_field(value, style) for value in row))
    return "\n".join(lines)


def _field(text: str | None, style: CopyStyle) -> str:
    if text is None:
        return ""
    if _RISKY[style].search(text):
        return '"' + text.replace('"', '""') + '"'
    return text
