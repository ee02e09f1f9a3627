"""CSV and TSV, read back by readers that are not ours."""

import csv
import io

import pyarrow as pa
import pyarrow.csv as arrow_csv
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.export.written import batch, text_of, written
from workbench.core.results.export import Format

# No lone surrogates: Arrow's text has none. No NUL: the csv module of 3.11 reads none.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
CELLS = st.lists(st.tuples(st.none() | TEXTS, st.none() | TEXTS), max_size=20)


def strings(rows: list[tuple[str | None, str | None]]) -> pa.RecordBatch:
    columns = [[row[i] for row in rows] for i in (0, 1)]
    return pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in columns], names=["a", "b"]
    )


@given(CELLS)
def test_csv_comes_back_through_the_csv_module(rows: list[tuple[str | None, str | None]]) -> None:
    text = text_of(Format.CSV, [strings(rows)])
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b"], *([a or "", b or ""] for a, b in rows)]


@given(CELLS)
def test_csv_tells_null_from_empty(rows: list[tuple[str | None, str | None]]) -> None:
    table = arrow_csv.read_csv(
        io.BytesIO(written(Format.CSV, [strings(rows)])),
        convert_options=arrow_csv.ConvertOptions(
            column_types={"a": pa.string(), "b": pa.string()},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
    )
    kept = [(a, b) for a, b in rows]
    assert list(zip(*table.to_pydict().values(), strict=True)) == kept


def untabbed(field: str) -> str | None:
    """A TSV field as PostgreSQL's COPY reads it."""
    if field == "\\N":
        return None
    named = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    out, rest = "", field
    while rest:
        if rest[0] == "\\":
            out, rest = out + named[rest[1]], rest[2:]
        else:
            out, rest = out + rest[0], rest[1:]
    return out


@given(CELLS)
def test_tsv_comes_back_by_the_rules_of_copy(rows: list[tuple[str | None, str | None]]) -> None:
    head, *lines = text_of(Format.TSV, [strings(rows)]).removesuffix("\n").split("\n")
    assert head == "a\tb"
    assert [tuple(map(untabbed, line.split("\t"))) for line in lines] == rows


def test_values_are_written_as_text_has_them() -> None:
    table = pa.table(
        {
            "int": pa.array([-5, None], pa.int64()),
            "float": pa.array([0.1, float("nan")]),
            "bool": [True, False],
            "bytes": [b"\x00\xff", b""],
            "list": [[1, None], []],
        }
    )
    text = text_of(Format.CSV, table.to_batches())
    assert text.splitlines() == [
        "int,float,bool,bytes,list",
        '-5,0.1,true,0x00ff,"[1, null]"',
        ",nan,false,0x,[]",
    ]


def test_text_that_is_no_utf8_is_marked_and_breaks_nothing() -> None:
    broken = pa.array([b"a\xffb", b"fine"], pa.binary()).view(pa.string())
    text = text_of(Format.CSV, [pa.RecordBatch.from_arrays([broken], names=["x"])])
    assert text == "x\na\ufffdb\nfine\n"


def test_a_slice_of_a_batch_is_written_alone() -> None:
    whole = batch(x=["a", "b", "c", "d"], y=[1, 2, 3, 4])
    assert text_of(Format.CSV, [whole.slice(1, 2)]) == "x,y\nb,2\nc,3\n"


def test_names_are_quoted_like_values() -> None:
    assert text_of(Format.CSV, [batch(**{'a,"b"': [1], "": [2]})]) == '"a,""b""",""\n1,2\n'


def test_no_rows_leave_the_names() -> None:
    assert text_of(Format.CSV, [batch(a=[1], b=[2]).slice(0, 0)]) == "a,b\n"


def test_results_are_parted_by_a_blank_line() -> None:
    assert text_of(Format.CSV, [batch(a=[1])], [batch(b=[2])]) == "a\n1\n\nb\n2\n"


def test_a_batch_of_huge_cells_is_written_whole() -> None:
    cell = "é" * 1_000_000
    text = text_of(Format.CSV, [batch(x=[cell] * 70)])
    assert text == "x\n" + f"{cell}\n" * 70
