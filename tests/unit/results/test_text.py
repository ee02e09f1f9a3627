"""Every Arrow type reads as a person expects, and no value can stall or deceive the grid."""

import datetime as dt
import decimal
import json
import tracemalloc
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.results.resultset import ResultColumn
from workbench.core.results.text import (
    GRID_LIMIT,
    array_texts,
    cell_text,
    full_texts,
    line_texts,
    one_line,
    page_texts,
)

D = decimal.Decimal
HIGHEST = 2**63 - 1


def ints_as(kind: pa.DataType, values: list[int | None]) -> Any:
    return pa.array(values, pa.int64()).view(kind)


def broken_text() -> Any:
    data = pa.py_buffer(b"a\xffb\xc3")
    offsets = pa.py_buffer((0).to_bytes(4, "little") + (4).to_bytes(4, "little"))
    return pa.Array.from_buffers(pa.string(), 1, [None, offsets, data])


SPARSE = pa.UnionArray.from_sparse(
    pa.array([0, 1, 0, 2], pa.int8()),
    [pa.array([1, 2, None, 4]), pa.array(["a", "b", "c", "d"]), pa.array([[1], [2], [3], [4]])],
)
DENSE = pa.UnionArray.from_dense(
    pa.array([0, 1, 0], pa.int8()),
    pa.array([0, 0, 1], pa.int32()),
    [pa.array([1, 2]), pa.array(["a"])],
)
RUNS: Any = pa.RunEndEncodedArray.from_arrays(
    pa.array([2, 3], pa.int32()),  # type: ignore[arg-type, unused-ignore]
    pa.array(["a", None]),
)
UUID_BYTES = UUID("12345678-1234-5678-1234-567812345678").bytes

CASES: list[tuple[str, Any, list[str | None]]] = [
    ("null", pa.nulls(2), [None, None]),
    ("bool", pa.array([True, False, None]), ["true", "false", None]),
    ("int8", pa.array([-128, None], pa.int8()), ["-128", None]),
    ("uint64", pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
    ("int64", pa.array([1234567, -(2**63)]), ["1234567", "-9223372036854775808"]),
    ("half", pa.array([1.0, 0.1, 65504.0, None], pa.float16()), ["1.0", "0.1", "65500.0", None]),
    ("float", pa.array([1.0, 0.1, 1e20, -0.0], pa.float32()), ["1.0", "0.1", "1e+20", "-0.0"]),
    ("double", pa.array([1.0, 0.1, 1e300, 5e-324]), ["1.0", "0.1", "1e+300", "5e-324"]),
    ("not finite", pa.array([float("nan"), float("-inf")]), ["nan", "-inf"]),
    ("float nan", pa.array([float("nan")], pa.float32()), ["nan"]),
    ("decimal32", pa.array([D("1.5")], pa.decimal32(5, 2)), ["1.50"]),
    ("decimal64", pa.array([D("-0.05")], pa.decimal64(15, 2)), ["-0.05"]),
    ("decimal128", pa.array([D("0.0000001"), None], pa.decimal128(20, 7)), ["0.0000001", None]),
    ("decimal zero", pa.array([D(0)], pa.decimal128(38, 10)), ["0.0000000000"]),
    ("decimal256", pa.array([D(10) ** 75], pa.decimal256(76, 0)), ["1" + "0" * 75]),
    ("date32", pa.array([dt.date(2024, 2, 29), None]), ["2024-02-29", None]),
    ("date64", pa.array([dt.date(1969, 12, 31)], pa.date64()), ["1969-12-31"]),
    ("time32", pa.array([5], pa.time32("ms")), ["00:00:00.005"]),
    ("time64", pa.array([dt.time(13, 5, 0, 250_000)]), ["13:05:00.25"]),
    ("time ns", ints_as(pa.time64("ns"), [1]), ["00:00:00.000000001"]),
    ("24:00", ints_as(pa.time64("us"), [86_400_000_000]), ["24:00:00"]),
    ("timestamp", pa.array([5], pa.timestamp("ms")), ["1970-01-01 00:00:00.005"]),
    ("timestamp s", pa.array([-1], pa.timestamp("s")), ["1969-12-31 23:59:59"]),
    ("timestamp ns", pa.array([1], pa.timestamp("ns")), ["1970-01-01 00:00:00.000000001"]),
    ("zone", pa.array([0], pa.timestamp("s", "Europe/Berlin")), ["1970-01-01 01:00:00+01:00"]),
    ("offset", pa.array([0], pa.timestamp("us", "-03:30")), ["1969-12-31 20:30:00-03:30"]),
    ("no such zone", pa.array([0], pa.timestamp("s", "No/Where")), ["1970-01-01 00:00:00+00:00"]),
    (
        "infinity",
        ints_as(pa.timestamp("us"), [HIGHEST, -HIGHEST, -HIGHEST - 1]),
        ["infinity", "-infinity", "-infinity"],
    ),
    ("infinity zone", ints_as(pa.timestamp("us", "UTC"), [HIGHEST]), ["infinity"]),
    ("infinite date", pa.array([2**31 - 1], pa.int32()).view(pa.date32()), ["infinity"]),
    ("far", ints_as(pa.timestamp("s"), [10**12]), ["33658-09-27 01:46:40"]),
    ("before year 1", pa.array([-719_529], pa.int32()).view(pa.date32()), ["-0001-12-31"]),
    ("duration", pa.array([-90_061_000_001], pa.duration("us")), ["-1 day 01:01:01.000001"]),
    (
        "interval",
        pa.array([(14, 3, 5 * 10**9), (-1, 0, 0), (0, 0, 0), None], pa.month_day_nano_interval()),
        ["1 year 2 months 3 days 00:00:05", "-1 month", "00:00:00", None],
    ),
    ("string", pa.array(["", "a b", None]), ["", "a b", None]),
    ("large string", pa.array(["é"], pa.large_string()), ["é"]),
    ("string view", pa.array(["ab", None], pa.string_view()), ["ab", None]),
    ("broken UTF-8", broken_text(), ["a\ufffdb\ufffd"]),
    ("binary", pa.array([b"\x00\xff", b"", None]), ["0x00ff", "0x", None]),
    ("large binary", pa.array([b"a"], pa.large_binary()), ["0x61"]),
    ("binary view", pa.array([b"a"], pa.binary_view()), ["0x61"]),
    ("fixed binary", pa.array([b"abc"], pa.binary(3)), ["0x616263"]),
    (
        "uuid",
        pa.ExtensionArray.from_storage(pa.uuid(), pa.array([UUID_BYTES, None], pa.binary(16))),
        ["12345678-1234-5678-1234-567812345678", None],
    ),
    (
        "bool8",
        pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8())),
        ["true", "false"],
    ),
    ("list", pa.array([[1, None], None, []]), ["[1, null]", None, "[]"]),
    ("list of text", pa.array([['a"b', None]]), ['["a\\"b", null]']),
    ("large list", pa.array([[1.5]], pa.large_list(pa.float64())), ["[1.5]"]),
    ("fixed list", pa.array([[1, 2], None], pa.list_(pa.int32(), 2)), ["[1, 2]", None]),
    ("list view", pa.array([[True]], pa.list_view(pa.bool_())), ["[true]"]),
    ("large list view", pa.array([["x"]], pa.large_list_view(pa.string())), ['["x"]']),
    ("dates in a list", pa.array([[dt.date(2024, 1, 1)]]), ['["2024-01-01"]']),
    ("struct", pa.array([{"a": 1, "b": [None]}, None]), ['{"a": 1, "b": [null]}', None]),
    ("map", pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int32())), ['{"k": 1}', "{}"]),
    ("map by number", pa.array([[(1, "v")]], pa.map_(pa.int32(), pa.string())), ['{"1": "v"}']),
    ("sparse union", SPARSE, ["1", "b", None, "[4]"]),
    ("sliced union", SPARSE.slice(1, 3), ["b", None, "[4]"]),
    ("dense union", DENSE.slice(1), ["a", "2"]),
    ("dictionary", pa.array(["x", None, "x"]).dictionary_encode(), ["x", None, "x"]),
    ("run-end encoded", RUNS, ["a", "a", None]),
]


@pytest.mark.parametrize(("array", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_value_reads_as_a_person_expects(array: Any, expected: list[str | None]) -> None:
    assert array_texts(array, GRID_LIMIT) == expected


@pytest.mark.parametrize(("array", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_part_of_a_column_reads_like_the_whole(array: Any, expected: list[str | None]) -> None:
    for start in range(len(expected)):
        assert full_texts(array.slice(start, 1)) == expected[start : start + 1]


@pytest.mark.parametrize(("array", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_value_inside_a_list_or_a_struct_reads_the_same(
    array: Any, expected: list[str | None]
) -> None:
    struct = pa.StructArray.from_arrays([array], names=["v"])
    for text, inner in zip(array_texts(struct, 10_000), expected, strict=True):
        assert text is not None
        value = "null" if inner is None else inner
        inside = text.removeprefix('{"v": ').removesuffix("}")
        assert inside in (value, json.dumps(value, ensure_ascii=False))


def test_sixteen_bytes_that_the_engine_calls_uuid_read_as_one() -> None:
    array = pa.array([UUID_BYTES], pa.binary(16))
    assert array_texts(array, GRID_LIMIT, "UUID") == ["12345678-1234-5678-1234-567812345678"]
    assert array_texts(array, GRID_LIMIT, "BINARY(16)") == ["0x" + UUID_BYTES.hex()]


@given(st.floats())
def test_a_double_reads_back_as_the_same_number(value: float) -> None:
    text = full_texts(pa.array([value]))[0]
    assert text is not None
    assert float(text) == value or value != value  # noqa: PLR0124 - NaN


@given(st.floats(width=16, allow_nan=False), st.floats(width=32, allow_nan=False))
def test_a_narrow_float_reads_back_as_the_same_number(half: float, single: float) -> None:
    for value, kind in ((half, pa.float16()), (single, pa.float32())):
        text = full_texts(pa.array([value], kind))[0]
        assert text is not None
        assert pa.array([float(text)], kind)[0].as_py() == value


@given(st.lists(st.none() | st.text(), max_size=20))
def test_any_text_is_copied_as_it_is(values: list[str | None]) -> None:
    clean = [v if v is None else v.encode("utf-8", "replace").decode() for v in values]
    assert full_texts(pa.array(clean, pa.string())) == clean


@given(st.text())
def test_a_line_of_the_grid_has_no_control_and_no_override(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in line)
    assert not set(line) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069")


def test_line_breaks_and_controls_are_visible_symbols() -> None:
    assert one_line("a\nb\0c\td\u202ee") == "a\u21b5b\u2400c\u21e5d\u2426e"


def test_text_without_controls_is_left_alone() -> None:
    text = "Grüße, \u05e9\u05dc\u05d5\u05dd, 日本語, e\u0301, 👩\u200d👩\u200d👧, a\u00a0b"
    assert one_line(text) == text


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    batch = pa.record_batch({"a": ["x" * 1000, "é" * GRID_LIMIT, "😀" * 300]})
    long, exact, wide = line_texts([batch], ResultColumn("a"), 0)
    assert long == "x" * GRID_LIMIT + "\u2026"
    assert exact == "é" * GRID_LIMIT
    assert wide == "😀" * GRID_LIMIT + "\u2026"


HUGE = 10_000_000


@pytest.mark.parametrize(
    "value",
    [
        pa.array(["x" * HUGE]),
        pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array(["x" * HUGE])]),
        pa.array([b"x" * HUGE]),
        pa.array(["x" * HUGE], pa.string_view()),
        pa.array(["x" * HUGE]).dictionary_encode(),
        pa.ListArray.from_arrays([0, HUGE // 10], pa.array(bytearray(HUGE // 10))),
        pa.StructArray.from_arrays([pa.array(["x" * HUGE])], ["a"]),
        pa.array([[["x" * HUGE]]]),
    ],
    ids=["text", "union", "binary", "view", "dictionary", "list", "struct", "nested"],
)
def test_a_huge_cell_costs_the_grid_no_copy_of_it(value: Any) -> None:
    batch = pa.record_batch([value], names=["a"])
    before = pa.total_allocated_bytes()
    peak = pa.default_memory_pool().max_memory() or 0
    tracemalloc.start()
    texts = line_texts([batch] * 256, ResultColumn("a"), 0)
    _now, in_python = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert in_python < 2_000_000
    assert all(text is not None and len(text) <= GRID_LIMIT + 3 for text in texts)
    assert pa.total_allocated_bytes() - before < 1_000_000
    assert (pa.default_memory_pool().max_memory() or 0) - peak < 1_000_000


def test_a_whole_cell_is_cut_at_its_limit_and_says_so() -> None:
    batch = pa.record_batch({"a": ["line\nline", "x" * 100]})
    assert cell_text(batch, 0, 0, 50).text == "line\nline"
    cut = cell_text(batch, 1, 0, 50)
    assert (cut.text, cut.cut) == ("x" * 50, True)
    assert not cell_text(batch, 1, 0, 100).cut


def test_a_page_has_the_wanted_columns_in_their_order() -> None:
    batches = [pa.record_batch({"a": [1], "b": ["x"]}), pa.record_batch({"a": [2], "b": [None]})]
    columns = [ResultColumn("a"), ResultColumn("b")]
    assert page_texts(batches, columns) == [["1", "2"], ["x", None]]
    assert page_texts(batches, columns, [1]) == [["x", None]]


@pytest.mark.parametrize(("array", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_rows_that_came_one_by_one_read_the_same(array: Any, expected: list[str | None]) -> None:
    whole = pa.record_batch([array], names=["a"])
    single = [whole.slice(row, 1) for row in range(len(array))] * 10
    assert page_texts(single, [ResultColumn("a")]) == [expected * 10]


def test_nesting_without_end_ends() -> None:
    array: Any = pa.array([1])
    for _ in range(200):
        array = pa.ListArray.from_arrays([0, 1], array)
    text = full_texts(array)[0]
    assert text is not None
    assert text.startswith("[[[[")
    assert "\u2026" in text


def test_what_duckdb_sends_reads_like_duckdb_itself_says_it() -> None:
    expressions = {
        "'infinity'::date": "infinity",
        "'-infinity'::timestamp": "-infinity",
        "'infinity'::timestamptz": "infinity",
        "'290000-01-01'::timestamp": "290000-01-01 00:00:00",
        "'0044-03-15 (BC)'::date": "-0043-03-15",
        "interval '1 year 2 days 3.5 seconds'": "1 year 2 days 00:00:03.5",
        "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "170141183460469231731687303715884105727::hugeint": None,
        "'y'::enum('x', 'y')": "y",
        "time '24:00:00'": "24:00:00",
        "map {'a': 1}": '{"a": 1}',
        "{'a': [1, NULL], 'b': date '2024-01-01'}": '{"a": [1, null], "b": "2024-01-01"}',
        "[1, 2]::int[2]": "[1, 2]",
        "timestamp_ns '2024-01-01 00:00:00.123456789'": "2024-01-01 00:00:00.123456789",
        "union_value(a := 1)": "1",
        "'\\xAA\\x00'::blob": "0xaa00",
        "'[1]'::json": "[1]",
        "0.1::float": "0.1",
        "1e-10::decimal(18, 12)": "0.000000000100",
    }
    with duckdb.connect() as connection:
        for expression, expected in expressions.items():
            table = connection.sql(f"SELECT {expression} AS v").to_arrow_table()
            texts = array_texts(table.column(0).chunk(0), GRID_LIMIT)
            assert texts[0] is not None, expression
            assert expected in (None, texts[0]), expression
