"""Sums of a selection are exact, and only numbers are summed."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.results.summary import Summary, summarise


def batch(**columns: Any) -> pa.RecordBatch:
    return pa.record_batch(columns)


def test_numbers_over_several_columns_and_batches_are_summed_up() -> None:
    parts = [batch(a=[1, None], b=[2.5, 4.0]), batch(a=[10, 20], b=[None, 0.5])]
    found = summarise(parts, [0, 1])
    assert found == Summary(8, 2, 38.0, 38.0 / 6, 0.5, 20)


def test_text_is_counted_and_nothing_else() -> None:
    assert summarise([batch(a=["x", None])], [0]) == Summary(2, 1)
    assert summarise([batch(a=[1], b=["x"])], [0, 1]) == Summary(2, 0)


def test_nothing_but_null_has_no_sum() -> None:
    assert summarise([batch(a=pa.array([None], pa.int64()))], [0]) == Summary(1, 1)
    assert summarise([], [0]) == Summary(0, 0)


def test_whole_numbers_do_not_wrap_round() -> None:
    found = summarise([batch(a=[2**63 - 1] * 3)], [0])
    assert found.total == 3 * (2**63 - 1)
    big = batch(a=pa.array([2**64 - 1] * 2, pa.uint64()))
    assert summarise([big], [0]).total == 2 * (2**64 - 1)


@pytest.mark.parametrize("kind", [pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint32()])
def test_narrow_whole_numbers_do_not_wrap_round(kind: pa.DataType) -> None:
    assert summarise([batch(a=pa.array([100] * 1000, kind))], [0]).total == 100_000


@given(st.lists(st.decimals(-(10**35), 10**35, places=2, allow_nan=False), min_size=1, max_size=30))
def test_decimals_are_summed_without_rounding(values: list[Decimal]) -> None:
    found = summarise([batch(a=pa.array(values, pa.decimal128(38, 2)))], [0])
    assert found.total is not None
    assert Fraction(found.total) == sum(map(Fraction, values))
    assert (found.least, found.greatest) == (min(values), max(values))


def test_the_widest_decimals_are_summed() -> None:
    values = [Decimal(10) ** 75] * 50
    found = summarise([batch(a=pa.array(values, pa.decimal256(76, 0)))], [0])
    assert found.total == 50 * values[0]


def test_floats_that_are_no_numbers_do_not_stop_the_sum() -> None:
    found = summarise([batch(a=[float("inf"), 1.0])], [0])
    assert found.total == float("inf")
