"""Rows to Arrow: types by what comes, widened one way, nothing lost unsaid."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.adapter.arrow import EXACT, RowsToArrow, declared_type

NAMES = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}

VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
)


def one(*values: object) -> RowsToArrow:
    """A converter of one column that has seen `values` as its first batch."""
    rows = RowsToArrow(["c"], NAMES)
    rows.batch([(value,) for value in values])
    return rows


@pytest.mark.parametrize(
    ("values", "kind", "type_"),
    [
        ((1, None, -5), pa.int64(), "INTEGER"),
        ((1.5, None), pa.float64(), "REAL"),
        ((1, 2.5), pa.float64(), "INTEGER or REAL"),
        (("a", None), pa.string(), "TEXT"),
        ((b"a", None), pa.binary(), "BLOB"),
        ((1, "a"), pa.string(), "INTEGER or TEXT"),
        ((b"a", "a"), pa.string(), "TEXT or BLOB"),
        ((EXACT + 1, 0.5), pa.string(), "INTEGER or REAL"),
        ((None, None), pa.string(), ""),
    ],
)
def test_a_column_is_typed_by_what_it_holds(
    values: tuple[object, ...], kind: pa.DataType, type_: str
) -> None:
    rows = RowsToArrow(["c"], NAMES)
    batch = rows.batch([(value,) for value in values])
    assert batch.schema.field(0).type == kind
    (column,) = rows.columns()
    assert column.type == type_
    assert column.numeric == (kind in (pa.int64(), pa.float64()))


def test_a_column_of_one_kind_needs_no_remark() -> None:
    assert one(1, None, 2).take_notes() == ()


@pytest.mark.parametrize(
    ("first", "then", "kind", "shown"),
    [
        (1, 2.5, pa.float64(), 2.5),
        (1, "x", pa.string(), "x"),
        (1.5, "x", pa.string(), "x"),
        (1.5, 7, pa.float64(), 7.0),
        (1.5, EXACT + 1, pa.string(), str(EXACT + 1)),
        ("x", 7, pa.string(), "7"),
        ("x", 0.1, pa.string(), "0.1"),
        ("x", b"\0\xff", pa.string(), "X'00FF'"),
        (b"x", "y", pa.string(), "y"),
        (b"x", 7, pa.string(), "7"),
    ],
)
def test_a_later_value_that_does_not_fit_widens_the_column(
    first: object, then: object, kind: pa.DataType, shown: object
) -> None:
    rows = one(first)
    batch = rows.batch([(then,)])
    assert batch.schema.field(0).type == kind
    assert batch.column(0).to_pylist() == [shown]


def test_a_widened_column_stays_wide_and_is_remarked_once() -> None:
    rows = one(1, 2)
    rows.batch([("x",)])
    (note,) = rows.take_notes()
    assert "'c'" in note.text
    assert "row 3" in note.text
    assert rows.batch([(5,)]).column(0).to_pylist() == ["5"]
    rows.take_notes()
    assert rows.batch([(6,)]).column(0).to_pylist() == ["6"]
    assert rows.take_notes() == ()


def test_nulls_take_the_hint_until_a_value_comes() -> None:
    rows = RowsToArrow(["c"], NAMES, lambda name: pa.int64() if name == "c" else None)
    assert rows.batch([(None,)]).schema.field(0).type == pa.int64()
    assert rows.batch([("late",)]).column(0).to_pylist() == ["late"]


def test_text_that_is_not_utf8_keeps_each_wrong_byte_visible() -> None:
    rows = RowsToArrow(["c"], NAMES)
    broken = b"a\xff\xfeb\0c".decode("utf-8", "surrogateescape")
    assert rows.batch([(broken,)]).column(0).to_pylist() == ["a\\xff\\xfeb\0c"]
    (note,) = rows.take_notes()
    assert "UTF-8" in note.text


def test_columns_of_one_name_stay_apart() -> None:
    batch = RowsToArrow(["a", "a"], NAMES).batch([(1, "x")])
    assert batch.schema.names == ["a", "a"]
    assert [column.to_pylist() for column in batch.columns] == [[1], ["x"]]


@given(st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=5))
def test_no_value_is_lost_or_altered_whatever_comes(batches: list[list[object]]) -> None:
    rows = RowsToArrow(["c"], NAMES)
    for values in batches:
        batch = rows.batch([(value,) for value in values])
        batch.validate(full=True)
        kind = batch.schema.field(0).type
        for value, shown in zip(values, batch.column(0).to_pylist(), strict=True):
            assert (value is None) == (shown is None)
            if value is None or shown is None or shown == value:
                continue
            assert kind == pa.string()
            if isinstance(value, bytes):
                assert bytes.fromhex(shown[2:-1]) == value
            else:
                assert isinstance(value, int | float)
                assert type(value)(shown) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BIGINT", pa.int64()),
        ("boolean", pa.int64()),
        ("DOUBLE PRECISION", pa.float64()),
        ("DECIMAL(9,2)", pa.float64()),
        ("BLOB", pa.binary()),
        ("VARCHAR(20)", None),
        ("", None),
    ],
)
def test_a_declaration_hints_at_a_type(text: str, kind: pa.DataType | None) -> None:
    assert declared_type(text) == kind
