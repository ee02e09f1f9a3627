"""Results written by a writer, for the tests in this folder."""

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from workbench.core.results.export import Format, writer
from workbench.core.results.resultset import ResultColumn


def columns_of(schema: pa.Schema) -> list[ResultColumn]:
    return [
        ResultColumn(field.name, str(field.type), pa.types.is_integer(field.type))
        for field in schema
    ]


def batch(**columns: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(columns)


def written(kind: Format, *results: Sequence[pa.RecordBatch]) -> bytes:
    """What `kind` makes of `results`, each a list of batches."""
    stream = io.BytesIO()
    out = writer(kind, stream)
    for batches in results:
        out.open(columns_of(batches[0].schema))
        for each in batches:
            out.write(each)
        out.close()
    return stream.getvalue()


def text_of(kind: Format, *results: Sequence[pa.RecordBatch]) -> str:
    return written(kind, *results).decode("utf-8")
