"""What keys, mouse and commands see of the grid. Types only."""

from typing import Protocol

from workbench.core.results.resultset import ResultSet
from workbench.ui.panels.results.layout import ColumnLayout
from workbench.ui.panels.results.painting import View
from workbench.ui.panels.results.selection import Block, Selection, Span


class GridSurface(Protocol):
    """A grid of rows and columns with a selection. GUI thread only."""

    results: ResultSet
    selection: Selection
    columns_layout: ColumnLayout

    @property
    def rows(self) -> int:
        """Rows shown."""
        ...

    def view(self) -> View:
        """What is in sight."""
        ...

    def block(self) -> Block | None:
        """The selected cells, None in an empty grid."""
        ...

    def select(self, row: int, column: int, *, extend: bool, span: Span = Span.CELLS) -> None:
        """Make a cell current, alone or as the end of a block."""
        ...

    def set_column_width(self, column: int, width: int) -> None:
        """Give a column a width in pixels."""
        ...
