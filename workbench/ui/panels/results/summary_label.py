"""The label that sums up the selected cells of the grid in front.

GUI thread only. Looks at 100,000 cells at most, and says so when there are more.
"""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from workbench.core.results.summary import Number, Summary


class Summarised(Protocol):
    """What the label asks of a grid."""

    def selected_cells(self) -> int:
        """How many cells are selected."""
        ...

    def selection_summary(self) -> Summary | None:
        """Their summary, None when there are too many to look at."""
        ...


class SummaryLabel(QLabel):
    """Shows nothing for a single cell: it can be read in the grid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selectionSummary")
        self.setAccessibleName("Summary of the selected cells")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("rank", "muted")
        self.setContentsMargins(8, 0, 4, 0)

    def show_selection(self, grid: Summarised) -> None:
        """Sum up what is selected in `grid` now."""
        cells = grid.selected_cells()
        if cells < 2:
            self.clear()
            return
        summary = grid.selection_summary()
        text = f"{cells:,} cells" if summary is None else summary_text(summary)
        self.setText(text)


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
