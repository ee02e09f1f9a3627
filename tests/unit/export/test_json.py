"""JSON and JSON lines, read back by the json module."""

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.export.written import batch, columns_of, text_of
from workbench.core.results.export import Format, writer


def value(array: pa.Array) -> Any:  # type: ignore[type-arg]
    """The first value of `array`, written and read back."""
    text = text_of(Format.JSON, [pa.RecordBatch.from_arrays([array], names=["v"])])
    (row,) = json.loads(text, parse_constant=pytest.fail)
    return row["v"]


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), max_size=20))
def test_any_text_comes_back(texts: list[str | None]) -> None:
    made = pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], names=["v"])
    assert json.loads(text_of(Format.JSON, [made])) == [{"v": text} for text in texts]
    lines = text_of(Format.JSONL, [made]).split("\n")
    assert [json.loads(line) for line in lines[:-1]] == [{"v": text} for text in texts]


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_whole_number_is_a_number_as_long_as_a_double_holds_it(number: int) -> None:
    expected = number if abs(number) <= 2**53 else str(number)
    assert value(pa.array([number], pa.int64())) == expected


@given(st.floats())
def test_a_float_comes_back_or_is_a_word(number: float) -> None:
    found = value(pa.array([number]))
    if number != number:  # noqa: PLR0124 - NaN
        assert found == "NaN"
    elif abs(number) == float("inf"):
        assert found == ("Infinity" if number > 0 else "-Infinity")
    else:
        assert found == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9.90", 9.9),
        ("-0.01", -0.01),
        ("123456789012.34", 123456789012.34),
        ("1234567890123456.78", "1234567890123456.78"),
        ("6", 6),
    ],
)
def test_a_decimal_is_a_number_as_long_as_no_digit_is_lost(text: str, expected: object) -> None:
    assert value(pa.array([Decimal(text)])) == expected


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([True]), True),
        (pa.array([None], pa.null()), None),
        (pa.array([date(2024, 2, 29)]), "2024-02-29"),
        (pa.array([b"\x01\xff"]), "0x01ff"),
        (pa.array([[1, None, 3]]), [1, None, 3]),
        (pa.array([[]], pa.list_(pa.int8())), []),
        (pa.array([None], pa.list_(pa.int8())), None),
        (pa.array([[["a"], None]]), [["a"], None]),
        (pa.array([{"x": 1, "y": [True]}]), {"x": 1, "y": [True]}),
        (pa.array([None], pa.struct([("x", pa.int8())])), None),
        (pa.array([[("k", 1), ("l", None)]], pa.map_(pa.string(), pa.int8())), {"k": 1, "l": None}),
        (pa.array(["a", "b"]).dictionary_encode(), "a"),
        (pa.array([[0.5, float("nan")]]), [0.5, "NaN"]),
    ],
)
def test_nested_and_other_values_have_their_form(array: Any, expected: object) -> None:
    found = value(array.slice(0, 1))
    assert found == expected
    assert type(found) is type(expected)


def test_slices_of_lists_and_structs_take_their_own_values() -> None:
    lists = pa.array([[1], None, [2, 3], []]).slice(1)
    structs = pa.array([{"x": 1}, {"x": 2}, None, {"x": 4}]).slice(1)
    made = pa.RecordBatch.from_arrays([lists, structs], names=["l", "s"])
    assert json.loads(text_of(Format.JSON, [made])) == [
        {"l": None, "s": {"x": 2}},
        {"l": [2, 3], "s": None},
        {"l": [], "s": {"x": 4}},
    ]


def test_names_that_come_twice_are_told_apart() -> None:
    made = pa.RecordBatch.from_arrays(
        [pa.array([n]) for n in range(4)], names=["a", "a", "a_2", "a"]
    )
    assert json.loads(text_of(Format.JSON, [made])) == [{"a": 0, "a_3": 1, "a_2": 2, "a_4": 3}]


def test_no_rows_are_an_empty_array() -> None:
    assert json.loads(text_of(Format.JSON, [batch(a=[1]).slice(0, 0)])) == []
    assert text_of(Format.JSONL, [batch(a=[1]).slice(0, 0)]) == ""


def test_many_batches_are_one_array() -> None:
    text = text_of(Format.JSON, [batch(a=[1, 2]), batch(a=[3]), batch(a=[4])])
    assert json.loads(text) == [{"a": n} for n in (1, 2, 3, 4)]


def test_a_run_that_is_broken_off_leaves_no_whole_document() -> None:
    stream = io.BytesIO()
    out = writer(Format.JSON, stream)
    made = batch(a=[1])
    out.open(columns_of(made.schema))
    out.write(made)
    out.discard()
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())
