"""One run in full, under the table: its facts and error at the left, its SQL at the right.

GUI thread only. Plain text in read-only editors: it can be read by keyboard and copied.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QWidget

from workbench.core.history.model import Run
from workbench.ui.panels.history.runs import receipt_lines
from workbench.ui.theme import fonts

_MOST = 200_000  # characters of SQL shown; opened in a tab it is all there


class RunDetails(QSplitter):
    """The chosen run's facts and SQL."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("historyDetails")
        self.setChildrenCollapsible(False)
        self.facts = _reader(self, "historyFacts", "Facts of the chosen run")
        self.facts.setPlaceholderText("Choose a run to see how it went.")
        self.sql = _reader(self, "historySql", "SQL of the chosen run")
        self.addWidget(self.facts)
        self.addWidget(self.sql)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)

    def show_run(self, run: Run | None) -> None:
        """Show `run`, or nothing."""
        _show(self.facts, "" if run is None else "\n".join(receipt_lines(run)))
        _show(self.sql, "" if run is None else _sql(run))


def _reader(parent: QWidget, name: str, spoken: str) -> QPlainTextEdit:
    reader = QPlainTextEdit(parent)
    reader.setObjectName(name)
    reader.setAccessibleName(spoken)
    reader.setReadOnly(True)
    reader.setUndoRedoEnabled(False)
    reader.setTabChangesFocus(True)
    reader.setFont(fonts.code(12))
    reader.document().setDocumentMargin(8)
    reader.setMinimumHeight(48)
    return reader


def _show(reader: QPlainTextEdit, text: str) -> None:
    if text != reader.toPlainText():
        reader.setPlainText(text)


def _sql(run: Run) -> str:
    if len(run.sql) <= _MOST:
        return run.sql
    return f"{run.sql[:_MOST]}\n… ({len(run.sql):,} characters; open it in a tab to see all)"
