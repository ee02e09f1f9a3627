"""Asking for a file without blocking the loop. GUI thread only; touches no file itself."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

SCRIPTS = "SQL scripts (*.sql)"
DATABASES = "Databases (*.duckdb *.ddb *.db *.sqlite *.sqlite3)"
ANY = "All files (*)"


async def ask_open(parent: QWidget) -> Path | None:
    """A script or a database file to open; None when nothing was chosen."""
    dialog = QFileDialog(parent, "Open a script or a database")
    dialog.setNameFilters([ANY, SCRIPTS, DATABASES])
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _ask(dialog)


async def ask_save(parent: QWidget, title: str, suggested: str, filters: list[str]) -> Path | None:
    """A file to write to; None when nothing was chosen."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([*filters, ANY])
    dialog.selectFile(suggested)
    return await _ask(dialog)


async def _ask(dialog: QFileDialog) -> Path | None:
    dialog.setObjectName("fileDialog")
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def finished(result: int) -> None:
        if not answer.done():
            answer.set_result(bool(result))

    dialog.finished.connect(finished)
    dialog.open()
    chosen = await answer
    files = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(files[0]) if chosen and files else None
