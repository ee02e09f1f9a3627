"""What is copied is pasted back the same."""

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.results.copy import MOST_CELLS, CopyStyle, copy_text, too_large
from workbench.core.results.resultset import ResultColumn

COLUMNS = [ResultColumn("a,b", "bigint", numeric=True), ResultColumn("n\tame", "varchar")]
BATCHES = [
    pa.record_batch({"a": [1234567, None], "b": ["x", "tab\there"]}),
    pa.record_batch({"a": [3], "b": ['say "hi"\n,']}),
]


def test_rows_are_lines_and_columns_are_tabs() -> None:
    assert copy_text(BATCHES, COLUMNS, [0, 1]) == ('1234567\tx\n\t"tab\there"\n3\t"say ""hi""\n,"')


def test_comma_separated_quotes_what_commas_need() -> None:
    assert copy_text(BATCHES, COLUMNS, [1], CopyStyle.CSV) == 'x\ntab\there\n"say ""hi""\n,"'


def test_names_stand_on_top_when_asked_for() -> None:
    text = copy_text(BATCHES[:1], COLUMNS, [1, 0], CopyStyle.CSV, header=True)
    assert text.splitlines()[0] == 'n\tame,"a,b"'
    assert copy_text(BATCHES[:1], COLUMNS, [1], header=True).startswith('"n\tame"\n')


def test_a_single_cell_is_copied_as_it_is() -> None:
    assert copy_text([BATCHES[1]], COLUMNS, [1]) == 'say "hi"\n,'


def test_a_single_null_is_copied_as_nothing() -> None:
    assert copy_text([pa.record_batch({"a": [None]})], COLUMNS, [0]) == ""


def test_a_long_cell_is_copied_whole() -> None:
    batch = pa.record_batch({"a": ["x" * 100_000], "b": [b"y" * 5000]})
    text = copy_text([batch], COLUMNS, [0, 1])
    assert text == "x" * 100_000 + "\t0x" + "79" * 5000


@pytest.mark.parametrize("style", list(CopyStyle))
@given(
    rows=st.lists(
        st.tuples(st.text(max_size=20), st.text(min_size=1, max_size=20)), min_size=2, max_size=10
    )
)
def test_a_reader_of_csv_gets_back_what_was_copied(
    style: CopyStyle, rows: list[tuple[str, str]]
) -> None:
    clean = [tuple(v.encode("utf-8", "replace").decode() for v in row) for row in rows]
    batch = pa.record_batch({"a": [r[0] for r in clean], "b": [r[1] for r in clean]})
    text = copy_text([batch], COLUMNS, [0, 1], style)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=style.value, strict=True)
    assert [tuple(row) for row in read] == clean


def test_too_many_cells_and_too_many_bytes_are_too_large() -> None:
    many = pa.record_batch({"a": pa.nulls(MOST_CELLS // 2 + 1), "b": pa.nulls(MOST_CELLS // 2 + 1)})
    assert too_large([many], [0, 1])
    assert not too_large([many], [0])
    heavy = pa.record_batch({"a": ["x" * 9_000_000] * 2})
    assert too_large([heavy], [0])
    assert not too_large([heavy.slice(0, 1)], [0])
