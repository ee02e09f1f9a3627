"""Types into the real window by script, for the hot-exit test; a process of its own.

`python -m tests.e2e.typist FILE`: opens the program as `workbench` does, and once it runs
types a growing counter into the tab in front, noting in FILE each number with the time at
which it stood in the editor. It is killed, never ended.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from workbench.ui import app

EVERY_MS = 20


def main(log: Path) -> None:
    """Start typing as soon as the window has a tab, and run the program."""
    application = QApplication(sys.argv[:1])
    out = log.open("a", buffering=1)
    typed = 0

    def type_one() -> None:
        nonlocal typed
        editors = [
            widget
            for window in application.topLevelWidgets()
            for widget in window.findChildren(QPlainTextEdit, "sqlEditor")
        ]
        if not editors:
            return
        typed += 1
        editors[0].moveCursor(editors[0].textCursor().MoveOperation.End)
        editors[0].insertPlainText(f"\n-- {typed}")
        out.write(f"{typed} {time.monotonic()}\n")

    timer = QTimer(interval=EVERY_MS)
    timer.timeout.connect(type_one)
    timer.start()
    app.main([])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
