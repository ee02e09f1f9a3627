"""One run in full, beside the table: its facts and error, and its SQL.

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
        self._run: Run | None = None
        self._narrow = False

    def set_narrow(self, narrow: bool) -> None:
        """Show facts and SQL one below the other in one text, not side by side."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.sql.setVisible(not narrow)
        self.show_run(self._run)

    def show_run(self, run: Run | None) -> None:
        """Show `run`, or nothing."""
        self._run = run
        facts, sql = ("", "") if run is None else ("\n".join(receipt_lines(run)), _sql(run))
        _show(self.facts, f"{sql}\n\n{facts}".strip() if self._narrow else facts)
        _show(self.sql, sql)


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
