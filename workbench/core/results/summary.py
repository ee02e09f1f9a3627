"""Count, sum, average, least and greatest of a selection, for the label beside a grid.

Any thread; bounded by the caller (`MOST_CELLS`). Converts no value to text except the
results themselves. Sums of whole numbers and decimals are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.core.results.arrays import AnyArray

MOST_CELLS = 100_000

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """What a selection holds. The numbers are None unless every cell is a number or NULL."""

    cells: int
    nulls: int
    total: Number | None = None
    average: Number | None = None
    least: Number | None = None
    greatest: Number | None = None


def summarise(batches: Sequence[pa.RecordBatch], columns: Sequence[int]) -> Summary:
    """Sum up the cells of `columns` in `batches`."""
    arrays = [batch.column(index) for batch in batches for index in columns]
    cells = sum(len(array) for array in arrays)
    nulls = sum(array.null_count for array in arrays)
    valued = [array for array in arrays if array.null_count < len(array)]
    if not valued or not all(_is_number(array.type) for array in valued):
        return Summary(cells, nulls)
    ends: list[Any] = [pc.min_max(array).as_py() for array in valued]
    with localcontext() as context:
        context.prec = 120  # decimals of 76 digits, and then some of them
        total = _total(valued)
        return Summary(
            cells,
            nulls,
            total,
            total / (cells - nulls),
            min(each["min"] for each in ends),
            max(each["max"] for each in ends),
        )


def _total(arrays: Sequence[AnyArray]) -> Number:
    if any(pa.types.is_floating(array.type) for array in arrays):
        return sum(float(pc.sum(array.cast(pa.float64())).as_py()) for array in arrays)
    exact = sum((_exact_sum(array) for array in arrays), Decimal(0))
    whole = all(pa.types.is_integer(array.type) for array in arrays)
    return int(exact) if whole else exact


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _exact_sum(array: AnyArray) -> Decimal:
    if pa.types.is_integer(array.type) and array.type.bit_width <= 32:
        return Decimal(pc.sum(array).as_py())
    if getattr(array.type, "precision", 0) > 70:
        # A sum of 100,000 of these may not fit any Arrow type.
        return sum((value for value in array.to_pylist() if value is not None), Decimal(0))
    # pc.sum wraps round at 64 bits, and a decimal's at its own width.
    wide = array.cast(pa.decimal256(76, getattr(array.type, "scale", 0)))
    return Decimal(pc.sum(wide).as_py())
