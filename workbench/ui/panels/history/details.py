"""One run in full, under the table: its facts, its error, its SQL.

GUI thread only. Plain text in a read-only editor: it can be read by keyboard and copied.
"""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workbench.core.history.model import Run
from workbench.ui.panels.history.runs import receipt_lines
from workbench.ui.theme import fonts

_MOST = 200_000  # characters of SQL shown; "Open in a new tab" has all of it


class RunDetails(QPlainTextEdit):
    """The chosen run's facts and SQL."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyDetails")
        self.setAccessibleName("The chosen run")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFont(fonts.code(12))
        self.setPlaceholderText("Choose a run to see its SQL, its error and its receipt.")

    def show_run(self, run: Run | None) -> None:
        """Show `run`, or nothing."""
        text = "" if run is None else _text(run)
        if text != self.toPlainText():
            self.setPlainText(text)


def _text(run: Run) -> str:
    sql = run.sql
    if len(sql) > _MOST:
        sql = f"{sql[:_MOST]}\n… ({len(run.sql):,} characters; open it in a tab to see all)"
    return "\n".join([*receipt_lines(run), "", sql])
