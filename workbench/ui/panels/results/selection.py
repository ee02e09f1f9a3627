"""Which cells are selected, and where the arrow keys lead. Pure; no Qt.

A selection is one block from an anchor to the current cell, or whole rows, whole columns,
or everything; those that are whole follow a result that still grows.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Span(StrEnum):
    """What a selection is made of."""

    CELLS = "cells"
    ROWS = "rows"
    COLUMNS = "columns"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Block:
    """Selected cells: both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows in it."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """Columns in it."""
        return self.right - self.left + 1

    @property
    def cells(self) -> int:
        """Cells in it."""
        return self.height * self.width

    def holds(self, row: int, column: int) -> bool:
        """Is that cell in it?"""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Selection:
    """Anchor, current cell, and what the two span."""

    row: int = 0
    column: int = 0
    anchor_row: int = 0
    anchor_column: int = 0
    span: Span = Span.CELLS

    def block(self, rows: int, columns: int) -> Block | None:
        """The selected cells of a grid of that size; None when it has none."""
        if rows < 1 or columns < 1:
            return None
        whole_rows = self.span in (Span.ROWS, Span.ALL)
        whole_columns = self.span in (Span.COLUMNS, Span.ALL)
        top, bottom = sorted((self.row, self.anchor_row))
        left, right = sorted((self.column, self.anchor_column))
        return Block(
            0 if whole_columns else min(top, rows - 1),
            0 if whole_rows else min(left, columns - 1),
            rows - 1 if whole_columns else min(bottom, rows - 1),
            columns - 1 if whole_rows else min(right, columns - 1),
        )

    def at(self, row: int, column: int, *, extend: bool, span: Span = Span.CELLS) -> "Selection":
        """With the current cell there: alone, or the block from the anchor to it."""
        if extend:
            return replace(self, row=row, column=column, span=span)
        return Selection(row, column, row, column, span)


class Step(StrEnum):
    """Where a key leads."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"
    ROW_START = "row start"
    ROW_END = "row end"
    TOP = "top"  # first cell
    BOTTOM = "bottom"  # last cell
    COLUMN_START = "column start"
    COLUMN_END = "column end"


def stepped(row: int, column: int, step: Step, size: tuple[int, int], page: int) -> tuple[int, int]:
    """The cell that `step` leads to in a grid of `size` rows and columns, `page` rows high."""
    last_row, last_column = max(size[0] - 1, 0), max(size[1] - 1, 0)
    goals = {
        Step.LEFT: (row, column - 1),
        Step.RIGHT: (row, column + 1),
        Step.UP: (row - 1, column),
        Step.DOWN: (row + 1, column),
        Step.PAGE_UP: (row - page, column),
        Step.PAGE_DOWN: (row + page, column),
        Step.ROW_START: (row, 0),
        Step.ROW_END: (row, last_column),
        Step.TOP: (0, 0),
        Step.BOTTOM: (last_row, last_column),
        Step.COLUMN_START: (0, column),
        Step.COLUMN_END: (last_row, column),
    }
    to_row, to_column = goals[step]
    return min(max(to_row, 0), last_row), min(max(to_column, 0), last_column)
