"""The label that sums up the selected cells of the grid in front.

GUI thread only. Looks at 100,000 cells at most, and says so when there are more.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.core.results.summary import MOST_CELLS, Number, Summary, summarise
from workbench.ui.panels.results.status import ElidedLabel
from workbench.ui.panels.results.surface import GridSurface


class SummaryLabel(ElidedLabel):
    """Shows nothing for a single cell: it can be read in the grid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selectionSummary")
        self.setAccessibleName("Summary of the selected cells")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setContentsMargins(8, 0, 4, 0)

    def show_selection(self, grid: GridSurface) -> None:
        """Sum up what is selected in `grid` now."""
        block = grid.block()
        if block is None or block.cells < 2:
            self.clear()
        elif block.cells > MOST_CELLS:
            self.setText(f"{block.cells:,} cells")
        else:
            batches = grid.results.slice(block.top, block.height)
            summary = summarise(batches, range(block.left, block.right + 1))
            self.setText(summary_text(summary))


def summary_text(summary: Summary) -> str:
    """The summary as one line."""
    parts = [f"{summary.cells:,} cells"]
    if summary.nulls:
        parts.append(f"{summary.nulls:,} NULL")
    for word, value in (
        ("sum", summary.total),
        ("avg", summary.average),
        ("min", summary.least),
        ("max", summary.greatest),
    ):
        if value is not None:
            parts.append(f"{word} {_number(value)}")
    return "  \u00b7  ".join(parts)


def _number(value: Number) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    small = abs(float(value)) < 1e15
    shown = f"{value:,.6f}".rstrip("0").rstrip(".") if small else f"{value:.6g}"
    return "0" if shown in ("-0", "") else shown
