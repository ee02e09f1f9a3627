"""Parquet and Arrow, read back by pyarrow."""

import gc
import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.export.written import batch, columns_of, written
from workbench.core.errors import UserError
from workbench.core.results.export import Format, Writer, writer

BOTH = pytest.mark.parametrize("kind", [Format.PARQUET, Format.ARROW])


def read(kind: Format, data: bytes) -> pa.Table:
    if kind is Format.ARROW:
        return pa.ipc.open_stream(data).read_all()
    return pq.read_table(io.BytesIO(data))


def table(kind: Format, batches: Sequence[pa.RecordBatch]) -> pa.Table:
    return read(kind, written(kind, batches))


@BOTH
def test_types_and_values_come_back(kind: Format) -> None:
    made = pa.RecordBatch.from_pydict(
        {
            "i": pa.array([1, None], pa.int32()),
            "d": pa.array([None, "1.50"]).cast(pa.decimal128(10, 2)),
            "t": pa.array([0, 1], pa.timestamp("us", "UTC")),
            "l": pa.array([["a"], None]),
        }
    )
    found = table(kind, [made, made])
    assert found.schema.equals(made.schema)
    assert found.equals(pa.Table.from_batches([made, made]))


@BOTH
def test_a_column_that_begins_with_nulls_gets_the_type_of_its_first_value(kind: Format) -> None:
    nothing = pa.RecordBatch.from_arrays([pa.nulls(2), pa.array([1, 2])], names=["a", "b"])
    found = table(kind, [nothing, nothing, batch(a=[5], b=[3])])
    assert found.schema.field("a").type == pa.int64()
    assert found.to_pydict() == {"a": [None] * 4 + [5], "b": [1, 2, 1, 2, 3]}


@BOTH
def test_a_column_without_any_value_is_text(kind: Format) -> None:
    found = table(kind, [pa.RecordBatch.from_arrays([pa.nulls(2)], names=["a"])])
    assert found.schema.field("a").type == pa.string()
    assert found.to_pydict() == {"a": [None, None]}


@BOTH
def test_no_rows_are_an_empty_file_with_the_names(kind: Format) -> None:
    stream = io.BytesIO()
    out = writer(kind, stream)
    out.open(columns_of(batch(a=[1], b=[2]).schema))
    out.close()
    found = read(kind, stream.getvalue())
    assert (found.num_rows, found.column_names) == (0, ["a", "b"])


@BOTH
def test_later_rows_of_another_type_are_converted_where_nothing_is_lost(kind: Format) -> None:
    found = table(kind, [batch(a=[1.5]), batch(a=[2])])
    assert found.to_pydict() == {"a": [1.5, 2.0]}
    assert table(kind, [batch(a=["x"]), batch(a=[2])]).to_pydict() == {"a": ["x", "2"]}


@BOTH
@pytest.mark.parametrize("late", [["no number"], [1.5], [b"\xff"]])
def test_later_rows_that_do_not_fit_are_refused_by_name(kind: Format, late: list[Any]) -> None:
    with pytest.raises(UserError, match=r"'a'.*after row 2"):
        written(kind, [batch(a=[1, 2]), batch(a=late)])


@BOTH
def test_a_second_result_is_refused(kind: Format) -> None:
    with pytest.raises(UserError, match="One result only"):
        written(kind, [batch(a=[1])], [batch(a=[2])])


@BOTH
def test_names_that_come_twice_are_told_apart(kind: Format) -> None:
    made = pa.RecordBatch.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    assert table(kind, [made]).column_names == ["a", "a_2"]


@BOTH
def test_a_run_that_is_broken_off_leaves_no_readable_file(kind: Format) -> None:
    stream = io.BytesIO()
    out = writer(kind, stream)
    made = batch(a=list(range(200_000)))
    out.open(columns_of(made.schema))
    out.write(made)
    out.discard()
    del out
    gc.collect()
    data = stream.getvalue()
    assert data
    if kind is Format.PARQUET:
        with pytest.raises(pa.ArrowInvalid):
            read(kind, data)
    else:
        assert not data.endswith(b"\xff\xff\xff\xff\0\0\0\0"), "it carries the mark of its end"


def test_parquet_has_row_groups_of_a_useful_size() -> None:
    data = written(Format.PARQUET, [batch(a=list(range(16_384)))] * 20)
    file = pq.ParquetFile(io.BytesIO(data))
    assert file.metadata.num_rows == 16_384 * 20
    assert file.metadata.num_row_groups == 3


@pytest.mark.parametrize(
    "kind",
    [
        pa.struct([]),
        pa.month_day_nano_interval(),
    ],
    ids=str,
)
def test_a_type_that_parquet_has_not_is_refused_by_name(kind: pa.DataType) -> None:
    strange = pa.RecordBatch.from_arrays([pa.array([None], type=kind)], names=["v"])
    with pytest.raises(UserError, match="Cast the column"):
        written(Format.PARQUET, [strange])


class FailingOnce(io.BytesIO):
    """A reader that takes nothing more: each write after the first fails."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = 0

    def write(self, data: Any) -> int:
        if self.tell():
            self.failed += 1
            raise UserError("The reader takes nothing")
        return super().write(data)


def write_all(out: Writer, rows: pa.RecordBatch) -> None:
    out.open(columns_of(rows.schema), rows.schema)
    out.write(rows)
    out.close()


@BOTH
def test_after_a_failed_write_nothing_more_is_tried(kind: Format) -> None:
    stream = FailingOnce()
    out = writer(kind, stream)
    rows = batch(x=list(range(200_000)))
    with pytest.raises(UserError, match="takes nothing"):
        write_all(out, rows)
    out.discard()
    del out
    gc.collect()
    assert stream.failed == 1
