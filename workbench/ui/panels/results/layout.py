"""Where the columns of a grid are, in pixels from the left edge of the first one.

Pure; any thread. Knows widths and nothing of what is in the columns.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

NARROWEST = 36
WIDEST_AT_FIRST = 360
WIDEST = 4_000


class ColumnLayout:
    """The widths of columns and the places that follow from them."""

    def __init__(self, widths: Sequence[int]) -> None:
        self._widths = list(widths)
        self._ends: list[int] = []
        self._sum_up()

    @property
    def count(self) -> int:
        """How many columns."""
        return len(self._widths)

    @property
    def total(self) -> int:
        """Width of all together."""
        return self._ends[-1] if self._ends else 0

    def width(self, column: int) -> int:
        """Width of a column."""
        return self._widths[column]

    def left(self, column: int) -> int:
        """Where a column begins."""
        return self._ends[column] - self._widths[column]

    def set_width(self, column: int, width: int) -> None:
        """Give a column a width, within sensible bounds."""
        self._widths[column] = min(max(width, NARROWEST), WIDEST)
        self._sum_up()

    def at(self, x: int) -> int | None:
        """The column under `x`, None beside all of them."""
        return bisect_right(self._ends, x) if 0 <= x < self.total else None

    def visible(self, left: int, width: int) -> range:
        """The columns that `left` to `left + width` touches."""
        first = bisect_right(self._ends, left)
        last = bisect_right(self._ends, left + width - 1)
        return range(first, min(last + 1, self.count))

    def edge_near(self, x: int, reach: int) -> int | None:
        """The column whose right edge lies within `reach` of `x`."""
        place = bisect_right(self._ends, x - reach - 1)
        near = place < self.count and abs(self._ends[place] - x) <= reach
        return place if near else None

    def _sum_up(self) -> None:
        self._ends = list(accumulate(self._widths))
