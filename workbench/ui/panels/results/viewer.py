"""A window for one value that does not fit in its cell: plain text, or hex for binary.

GUI thread only. Not modal and read-only. Shows the first 100,000 characters and says when
there are more: laying out text takes the GUI thread 1 ms for 1,000 characters.
"""

import pyarrow as pa
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from workbench.core.results.hexdump import HEX_BYTES, hex_dump, raw_bytes
from workbench.core.results.resultset import ResultColumn
from workbench.core.results.text import cell_text
from workbench.ui.theme import fonts

MOST_CHARACTERS = 100_000
_LONG_LINE = 2_000


class ValueViewer(QDialog):
    """Shows one cell at a time; a second call shows the next one in the same window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("valueViewer")
        self.setModal(False)
        self.resize(640, 420)
        self.about = QLabel(self)
        self.about.setObjectName("valueAbout")
        self.about.setTextFormat(Qt.TextFormat.PlainText)  # the type's name is the database's
        self.about.setProperty("rank", "muted")
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("valueText")
        self.text.setAccessibleName("Value")
        self.text.setReadOnly(True)
        self.text.setFont(fonts.code())
        lines = QVBoxLayout(self)
        lines.setContentsMargins(12, 12, 12, 12)
        lines.setSpacing(8)
        lines.addWidget(self.about)
        lines.addWidget(self.text)

    def show_value(self, batch: pa.RecordBatch, column: ResultColumn, index: int, row: int) -> None:
        """Show column `index` of the one row in `batch`; `row` is its number in the result."""
        self.setWindowTitle(f"{column.name[:80]}, row {row + 1:,}")
        raw = raw_bytes(batch.column(index))
        if raw is not None:
            shown = hex_dump(raw)
            about = f"{len(raw):,} bytes"
            if len(raw) > HEX_BYTES:
                about += f", the first {HEX_BYTES:,} shown"
        else:
            cell = cell_text(batch, 0, index, MOST_CHARACTERS, column.type)
            shown = "NULL" if cell.text is None else cell.text
            about = "NULL" if cell.text is None else f"{len(shown):,} characters"
            if cell.cut:
                about = f"the first {MOST_CHARACTERS:,} characters; copy the cell to have all"
        self.about.setText(f"{column.type}  \u00b7  {about}" if column.type else about)
        self.text.setWordWrapMode(_wrapping(shown))
        self.text.setPlainText(shown)
        self.show()
        self.raise_()


def _wrapping(text: str) -> QTextOption.WrapMode:
    # Looking for the ends of words in a line of 200,000 characters without any takes Qt
    # 4.7 s, breaking it anywhere 0.1 s.
    if max(map(len, text.split("\n"))) > _LONG_LINE:
        return QTextOption.WrapMode.WrapAnywhere
    return QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
