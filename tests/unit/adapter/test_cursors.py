"""How rows are handed on: soon where they come slowly, many at a time where they come fast."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

import pyarrow as pa
import pytest

from workbench.core.adapter.arrow import RowsToArrow
from workbench.core.adapter.contract import Column
from workbench.core.adapter.dbapi import STEP_BYTES, STEP_ROWS, RowsCursor
from workbench.core.adapter.reader_cursor import BATCH_ROWS, ReaderCursor
from workbench.core.errors import EngineError

SCHEMA = pa.schema([("x", pa.int64())])


def part(rows: int) -> pa.RecordBatch:
    return pa.record_batch([pa.array(range(rows), pa.int64())], schema=SCHEMA)


def reader_cursor(parts: Iterator[pa.RecordBatch]) -> ReaderCursor:
    """A cursor over a reader that gives `parts`."""
    return ReaderCursor(
        nullcontext(),
        "SELECT",
        (Column("x", "BIGINT", True),),
        lambda: pa.RecordBatchReader.from_batches(SCHEMA, parts),
        lambda error: EngineError(str(error)),
    )


def rows_cursor(fetch: "Any", closed: list[bool] | None = None) -> RowsCursor:
    """A cursor over `fetch`, of one column."""
    marks = closed if closed is not None else []
    rows = RowsToArrow(["x"], {int: "INTEGER", str: "TEXT"})
    return RowsCursor("SELECT", None, rows, fetch, lambda: marks.append(True), lambda: 7)


def test_the_first_part_is_handed_on_before_the_second_is_there() -> None:
    more = threading.Event()

    def parts() -> Iterator[pa.RecordBatch]:
        yield part(5)
        assert more.wait(30), "the first part was held back"
        yield part(6)

    batches = reader_cursor(parts()).batches()
    assert next(batches).num_rows == 5
    more.set()
    assert [batch.num_rows for batch in batches] == [6]


def test_fast_small_parts_are_joined_but_never_above_the_limit() -> None:
    sizes = [b.num_rows for b in reader_cursor(part(1_000) for _ in range(100)).batches()]
    assert sum(sizes) == 100_000
    assert max(sizes) <= BATCH_ROWS
    assert len(sizes) < 50


def test_an_error_comes_after_the_rows_before_it() -> None:
    def parts() -> Iterator[pa.RecordBatch]:
        yield part(5)
        yield part(6)
        raise OSError("boom")

    seen: list[int] = []
    with pytest.raises(EngineError, match="boom"):
        seen.extend(batch.num_rows for batch in reader_cursor(parts()).batches())
    batches = reader_cursor(parts()).batches()
    assert [next(batches).num_rows, next(batches).num_rows] == [5, 6]
    with pytest.raises(EngineError, match="boom"):
        next(batches)


def test_a_failure_that_is_not_the_driver_s_goes_on_as_it_is() -> None:
    def fail() -> pa.RecordBatchReader:
        raise KeyError("ours")

    cursor = ReaderCursor(nullcontext(), "SELECT", (), fail)
    with pytest.raises(KeyError):
        next(cursor.batches())


def test_rows_that_come_slowly_are_handed_on_before_all_are_there() -> None:
    more = threading.Event()
    asked: list[int] = []

    def fetch(size: int) -> Sequence[Sequence[int]]:
        asked.append(size)
        if len(asked) > 1 and not more.wait(0.06):  # longer than a batch may wait
            return [(len(asked),)]
        return [(1,)] if not more.is_set() else []

    cursor = rows_cursor(fetch)
    cursor.peek()
    batches = cursor.batches()
    first = next(batches)
    assert 1 <= first.num_rows < 10
    more.set()
    assert list(batches) == []


def test_rows_that_come_fast_come_in_full_batches() -> None:
    left = list(range(10_000))

    def fetch(size: int) -> Sequence[Sequence[int]]:
        taken = [(left.pop(),) for _ in range(min(size, len(left)))]
        return taken

    cursor = rows_cursor(fetch)
    cursor.peek()
    sizes = [batch.num_rows for batch in cursor.batches()]
    assert sum(sizes) == 10_000
    assert max(sizes) == STEP_ROWS


def test_large_rows_come_in_small_batches() -> None:
    cell = "x" * (STEP_BYTES // 4)
    left = iter(range(40))
    most = 0

    def fetch(size: int) -> Sequence[Sequence[str]]:
        nonlocal most
        most = max(most, size)
        return [(cell,) for _, _ in zip(range(size), left, strict=False)]

    cursor = rows_cursor(fetch)
    cursor.peek()
    batches = list(cursor.batches())
    assert sum(batch.num_rows for batch in batches) == 40
    assert max(batch.nbytes for batch in batches) < 8 * STEP_BYTES
    assert most <= 16


def test_the_end_closes_once_and_tells_the_count() -> None:
    closed: list[bool] = []
    cursor = rows_cursor(lambda size: [], closed)
    cursor.peek()
    assert cursor.affected == 7
    assert list(cursor.batches()) == []
    cursor.close()
    assert closed == [True]
    assert not cursor.is_open


def test_an_error_at_the_first_row_closes() -> None:
    closed: list[bool] = []

    def fail(size: int) -> Sequence[Sequence[int]]:
        raise EngineError("boom")

    cursor = rows_cursor(fail, closed)
    with pytest.raises(EngineError):
        cursor.peek()
    assert closed == [True]
