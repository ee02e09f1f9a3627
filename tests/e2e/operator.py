"""Operates the real window by script in a process of its own: runs one statement.

`python -m tests.e2e.operator FILE URL SQL`: opens the program on URL, types SQL, presses
Run, and writes "running" to FILE once a session runs it. Ended or killed from outside.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from workbench.ui import app


def main(said: Path, url: str, sql: str) -> None:
    """Run the program; press Run once the window stands."""
    application = QApplication(sys.argv[:1])

    def find(kind: type[QWidget], name: str) -> QWidget | None:
        for window in application.topLevelWidgets():
            found = window.findChild(kind, name)
            if found is not None and window.isVisible():
                return found
        return None

    def step() -> None:
        editor = find(QPlainTextEdit, "sqlEditor")
        button = find(QPushButton, "runButton")
        status = find(QLabel, "queryStatus")
        if not isinstance(editor, QPlainTextEdit) or not isinstance(button, QPushButton):
            return
        if not editor.toPlainText():
            editor.insertPlainText(sql)
            button.click()
        elif isinstance(status, QLabel) and not said.exists() and status.text() == "RUNNING":
            said.write_text("running")

    timer = QTimer(interval=20)
    timer.timeout.connect(step)
    timer.start()
    sys.exit(app.main([url]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
