"""What a result brought stays readable whatever its size, within the memory set aside."""

import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from workbench.core.errors import BugError
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet

COLUMN = (ResultColumn("n", "bigint", numeric=True),)


def numbers(start: int, count: int) -> pa.RecordBatch:
    return pa.record_batch({"n": pa.array(range(start, start + count), pa.int64())})


def address(batch: pa.RecordBatch) -> int:
    buffer = batch["n"].buffers()[1]
    assert buffer is not None
    return buffer.address


def values(results: ResultSet, start: int = 0, count: int = 10**9) -> list[object]:
    return [value for part in results.slice(start, count) for value in part["n"].to_pylist()]


@pytest.fixture
def small() -> MemoryBudget:
    return MemoryBudget(40_000)


def test_rows_are_known_while_they_arrive_and_final_once_finished() -> None:
    results = ResultSet(COLUMN)
    results.append(numbers(0, 10))
    assert (results.rows.known, results.rows.final) == (10, False)
    results.finish()
    assert (results.rows.known, results.rows.final) == (10, True)


def test_a_slice_across_batches_gives_the_rows_in_order() -> None:
    results = ResultSet(COLUMN)
    for start in range(0, 100, 10):
        results.append(numbers(start, 10))
    assert values(results, 7, 16) == list(range(7, 23))


@pytest.mark.parametrize(("start", "count"), [(100, 5), (95, 50), (-1, 5), (3, 0), (10**12, 1)])
def test_what_lies_outside_the_known_rows_is_left_out(start: int, count: int) -> None:
    results = ResultSet(COLUMN)
    results.append(numbers(0, 100))
    expected = list(range(start, min(100, start + count))) if start >= 0 else []
    assert values(results, start, count) == expected


def test_a_slice_shares_the_memory_of_its_batch() -> None:
    results = ResultSet(COLUMN)
    batch = numbers(0, 1000)
    results.append(batch)
    part = results.slice(10, 5)[0]
    assert address(part) == address(batch)


def test_an_empty_batch_is_no_row_and_no_batch() -> None:
    results = ResultSet(COLUMN)
    results.append(numbers(0, 0))
    assert results.rows.known == 0
    assert results.slice(0, 1) == []


def test_a_batch_of_another_width_is_a_bug() -> None:
    with pytest.raises(BugError, match="2 columns for 1"):
        ResultSet(COLUMN).append(pa.record_batch({"a": [1], "b": [2]}))


def test_a_column_may_change_its_type_from_batch_to_batch(
    small: MemoryBudget, tmp_path: Path
) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    for start in range(0, 40_000, 2000):
        results.append(numbers(start, 1000))
        text = pa.array([str(value) for value in range(start + 1000, start + 2000)])
        results.append(pa.record_batch({"n": text}))
    assert results.spilled_bytes > 0
    assert [int(str(value)) for value in values(results)] == list(range(40_000))


def test_memory_stays_within_the_budget_and_every_row_stays_readable(
    small: MemoryBudget, tmp_path: Path
) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    for start in range(0, 200_000, 1000):
        results.append(numbers(start, 1000))
        assert small.used <= small.limit
    assert results.spilled_bytes > 1_000_000
    assert values(results) == list(range(200_000))


def test_spilled_rows_are_read_from_the_map_without_copying(
    small: MemoryBudget, tmp_path: Path
) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    for start in range(0, 50_000, 1000):
        results.append(numbers(start, 1000))
    before = pa.total_allocated_bytes()
    parts = results.slice(0, 40_000)
    assert sum(part.num_rows for part in parts) == 40_000
    assert pa.total_allocated_bytes() - before < 10_000


def test_a_result_that_finds_the_budget_used_up_goes_straight_to_disk(
    small: MemoryBudget, tmp_path: Path
) -> None:
    first = ResultSet(COLUMN, None, small, None)
    first.append(numbers(0, 5000))
    second = ResultSet(COLUMN, None, small, tmp_path)
    second.append(numbers(0, 100))
    assert second.spilled_bytes > 0
    assert values(second) == list(range(100))


def test_one_batch_larger_than_the_whole_budget_is_kept_on_disk(
    small: MemoryBudget, tmp_path: Path
) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    results.append(numbers(0, 100_000))
    assert small.used == 0
    assert values(results, 99_990, 10) == list(range(99_990, 100_000))


def test_without_a_place_to_spill_everything_stays_in_memory(small: MemoryBudget) -> None:
    results = ResultSet(COLUMN, None, small, None)
    results.append(numbers(0, 100_000))
    assert results.rows.known == 100_000
    assert results.spilled_bytes == 0


def test_closing_gives_memory_and_disk_back_and_keeps_slices_handed_out(
    small: MemoryBudget, tmp_path: Path
) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    for start in range(0, 50_000, 1000):
        results.append(numbers(start, 1000))
    part = results.slice(5, 3)[0]
    results.close()
    results.close()
    assert list(tmp_path.iterdir()) == []
    assert small.used == 0
    assert results.rows.known == 0
    assert results.slice(0, 10) == []
    assert part["n"].to_pylist() == [5, 6, 7]


def test_a_batch_that_comes_after_closing_is_dropped(small: MemoryBudget, tmp_path: Path) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    results.close()
    results.append(numbers(0, 100_000))
    assert results.rows.known == 0
    assert small.used == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["red", "green", None] * 200).dictionary_encode(),
        pa.array([["a", "b"], None, []] * 200).cast(
            pa.list_(pa.dictionary(pa.int8(), pa.string()))
        ),
        pa.array(["a" * 40, None] * 300, pa.string_view()),
        pa.array([[1], [2, 3]] * 300, pa.list_view(pa.int64())),
        pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16] * 600, pa.binary(16))),
        pa.nulls(600),
        pa.UnionArray.from_sparse(
            pa.array([0, 1] * 300, pa.int8()), [pa.array([1] * 600), pa.array(["a"] * 600)]
        ),
    ],
    ids=lambda column: str(column.type)[:30],
)
def test_unusual_types_come_back_from_disk_as_they_went(column: Any, tmp_path: Path) -> None:
    results = ResultSet(COLUMN, None, MemoryBudget(0), tmp_path)
    batch = pa.record_batch([column], names=["n"])
    results.append(batch)
    results.append(batch.slice(7, 100))
    assert results.spilled_bytes > 0
    back = results.slice(0, 1000)
    assert back[0].equals(batch)
    assert back[1].equals(batch.slice(7, 100))
    results.close()


def test_rows_without_columns_are_counted() -> None:
    results = ResultSet(())
    rows: Any = pa.array([{}, {}, {}], pa.struct([]))
    batch = pa.RecordBatch.from_struct_array(rows)
    results.append(batch)
    assert results.rows.known == 3


def test_readers_see_whole_rows_in_order_while_the_writer_spills(
    small: MemoryBudget, tmp_path: Path
) -> None:
    results = ResultSet(COLUMN, None, small, tmp_path)
    wrong: list[object] = []

    def read() -> None:
        while not results.rows.final:
            known = results.rows.known
            start = max(0, known - 3000)
            if values(results, start, known - start) != list(range(start, known)):
                wrong.append(start)
            if values(results, 0, 3) != [0, 1, 2] and known:
                wrong.append("start")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for start in range(0, 300_000, 500):
        results.append(numbers(start, 500))
    results.finish()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_closing_while_the_writer_spills_leaves_no_file_and_breaks_nothing(
    small: MemoryBudget, tmp_path: Path
) -> None:
    batch = numbers(0, 500_000)  # writing it takes a while: most closes come in the middle
    errors: list[BaseException] = []

    def write(results: ResultSet, begun: threading.Event) -> None:
        try:
            for _ in range(6):
                results.append(batch)
                begun.set()
        except BaseException as error:  # told to the test below
            errors.append(error)

    for _ in range(20):
        results = ResultSet(COLUMN, None, small, tmp_path)
        begun = threading.Event()
        writer = threading.Thread(target=write, args=(results, begun))
        writer.start()
        begun.wait()
        results.close()
        writer.join()
        assert errors == []
        assert list(tmp_path.iterdir()) == []
        assert small.used == 0
