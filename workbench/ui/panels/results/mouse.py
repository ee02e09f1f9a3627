"""What the mouse does in a grid: choose cells, rows and columns, drag edges.

GUI thread only. Knows where things are and asks the grid to act; selects nothing itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint

from workbench.ui.panels.results.layout import ColumnLayout
from workbench.ui.panels.results.painting import HEADER_HEIGHT, View
from workbench.ui.panels.results.selection import Span
from workbench.ui.panels.results.surface import GridSurface

_REACH = 4  # pixels beside an edge that still take hold of it


class Part(StrEnum):
    """A part of the grid."""

    CELL = "cell"
    HEADER = "header"
    EDGE = "edge"  # of a column, in the header
    NUMBER = "number"  # of a row, in the gutter
    CORNER = "corner"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point; row and column are the nearest ones."""

    part: Part
    row: int = 0
    column: int = 0


_SPANS = {Part.CELL: Span.CELLS, Part.HEADER: Span.COLUMNS, Part.NUMBER: Span.ROWS}


class GridMouse:
    """The state of a press that goes on: what is being dragged."""

    def __init__(self, grid: GridSurface) -> None:
        self._grid = grid
        self._drag = Part.NOWHERE
        self._edge = 0

    @property
    def busy(self) -> bool:
        """Is a button held on something that is being dragged?"""
        return self._drag is not Part.NOWHERE

    def press(self, point: QPoint, *, extend: bool) -> None:
        """The left button went down."""
        found = hit(self._grid.view(), self._grid.columns_layout, point)
        self._drag = found.part
        if found.part is Part.EDGE:
            self._edge = found.column
        elif found.part is Part.CORNER:
            self._grid.select(0, 0, extend=False, span=Span.ALL)
            self._drag = Part.NOWHERE
        elif found.part in _SPANS:
            self._grid.select(found.row, found.column, extend=extend, span=_SPANS[found.part])

    def move(self, point: QPoint) -> None:
        """The pointer moved with the button down."""
        if self._drag is Part.EDGE:
            view, layout = self._grid.view(), self._grid.columns_layout
            x = point.x() - view.gutter + view.left
            self._grid.set_column_width(self._edge, x - layout.left(self._edge))
        elif self._drag in _SPANS:
            view, layout = self._grid.view(), self._grid.columns_layout
            row, column = nearest(view, layout, point)
            if self._drag is Part.HEADER:
                row = view.top
            elif self._drag is Part.NUMBER:
                column = 0
            self._grid.select(row, column, extend=True, span=_SPANS[self._drag])

    def release(self) -> None:
        """The button went up."""
        self._drag = Part.NOWHERE


def hit(view: View, layout: ColumnLayout, point: QPoint) -> Hit:
    """What lies under `point` of the viewport."""
    in_header, in_gutter = point.y() < HEADER_HEIGHT, point.x() < view.gutter
    x = point.x() - view.gutter + view.left
    row, column = nearest(view, layout, point)
    if in_header and in_gutter:
        return Hit(Part.CORNER)
    if in_header:
        edge = layout.edge_near(x, _REACH)
        if edge is not None:
            return Hit(Part.EDGE, 0, edge)
        return Hit(Part.HEADER if layout.at(x) is not None else Part.NOWHERE, view.top, column)
    inside = view.top + (point.y() - HEADER_HEIGHT) // view.row_height < view.rows
    if in_gutter:
        return Hit(Part.NUMBER if inside else Part.NOWHERE, row, 0)
    if not inside or layout.at(x) is None:
        return Hit(Part.NOWHERE, row, column)
    return Hit(Part.CELL, row, column)


def nearest(view: View, layout: ColumnLayout, point: QPoint) -> tuple[int, int]:
    """The row and column nearest to `point`, which may lie outside the grid."""
    row = view.top + (point.y() - HEADER_HEIGHT) // view.row_height
    x = min(max(point.x() - view.gutter + view.left, 0), max(layout.total - 1, 0))
    column = layout.at(x)
    return min(max(row, 0), max(view.rows - 1, 0)), 0 if column is None else column
