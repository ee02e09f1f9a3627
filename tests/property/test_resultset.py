"""Any table, in any batches, under any budget: every slice equals plain Python."""

import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet

COLUMNS = (ResultColumn("a"), ResultColumn("b"), ResultColumn("c"), ResultColumn("d"))
KINDS = (
    pa.int64(),
    pa.string(),
    pa.list_(pa.float64()),
    pa.dictionary(pa.int32(), pa.string()),
)

rows = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.text(max_size=40),
        st.none() | st.lists(st.none() | st.floats(allow_nan=False), max_size=5),
        st.none() | st.sampled_from(["red", "green", ""]),
    ),
    max_size=60,
)


def batch_of(chunk: list[tuple[object, ...]]) -> pa.RecordBatch:
    columns = list(zip(*chunk, strict=True)) if chunk else [()] * len(KINDS)
    arrays = [pa.array(list(c), kind) for c, kind in zip(columns, KINDS, strict=True)]
    return pa.record_batch(arrays, names=["a", "b", "c", "d"])


def rows_of(results: ResultSet, start: int, count: int) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for part in results.slice(start, count):
        found += zip(*(column.to_pylist() for column in part.columns), strict=True)
    return found


@settings(max_examples=60, deadline=None)
@given(
    chunks=st.lists(rows, max_size=12),
    limit=st.integers(0, 30_000),
    slices=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=8),
)
def test_any_slice_of_any_table_equals_plain_python(
    chunks: list[list[tuple[object, ...]]], limit: int, slices: list[tuple[int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        budget = MemoryBudget(limit)
        results = ResultSet(COLUMNS, None, budget, Path(folder))
        plain: list[tuple[object, ...]] = []
        for chunk in chunks:
            results.append(batch_of(chunk))
            plain += chunk
            assert results.rows.known == len(plain)
            assert budget.used <= max(limit, 0)
            for start, count in slices:
                assert rows_of(results, start, count) == plain[start : start + count]
        assert rows_of(results, 0, len(plain)) == plain
        results.close()
        assert budget.used == 0
        assert list(Path(folder).iterdir()) == []
