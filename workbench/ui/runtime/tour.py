"""The tour: drives the real window as a person would, and leaves screenshots.

For a machine without a display (`make run` there) and for a look at every state. It knows
widgets by their fixed objectNames only, presses the real buttons and waits for what the
window says; it fails when the window does not say it. GUI thread, on the window's loop.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QWidget,
)

W = TypeVar("W", bound=QWidget)

PATIENCE_S = 120.0  # the first query makes the sample database; a busy machine is slow

RUNAWAY = "SELECT count(*) FROM orders a, orders b WHERE a.amount * b.amount % 7 = 3;"
RESULT = "SELECT * FROM orders ORDER BY order_id LIMIT 5000;"
BROKEN = "SELECT order_id,\n       amout\nFROM orders;"
OPEN_TRANSACTION = "BEGIN;\nUPDATE products SET name = name;\nDELETE FROM orders WHERE false;"


class TourError(Exception):
    """The window did not say what it should have."""


class Tour:
    """One tour through `window`; `folder` gets the screenshots, `say` a line for each step."""

    def __init__(self, window: QWidget, folder: Path, say: Callable[[str], None]) -> None:
        self._window = window
        self._folder = folder
        self._say = say
        self._shots = 0

    async def run(self) -> int:
        """Open, run, cancel, receipt, go on; exit status 0, or 1 with what went wrong."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._window.resize(1280, 800)
        try:
            await self._steps()
        except TourError as error:
            self._shoot("failed")
            self._say(f"tour failed: {error}")
            return 1
        self._say(f"tour done: {self._shots} screenshots in {self._folder}")
        return 0

    async def _steps(self) -> None:
        await self._query(RESULT, "SUCCESS")
        await self._settle()
        self._shoot("result")
        await self._runaway()
        await self._query(RESULT, "SUCCESS")
        self._say("the same tab ran the next statement")
        self._shoot("after-cancel")
        await self._query(BROKEN, "FAILED")
        await self._settle()
        self._shoot("error")
        await self._transaction()
        self._trigger("themeAction")
        await self._query(RESULT, "SUCCESS")
        await self._settle()
        self._shoot("dark")

    async def _runaway(self) -> None:
        self._type(RUNAWAY)
        self._click()
        bar = self._find(QProgressBar, "queryProgress")
        await self._until(lambda: self._status() == "RUNNING", "RUNNING was not shown")
        await self._until(lambda: bar.value() > 0, "DuckDB's progress was not shown")
        await self._settle()
        self._shoot("running")
        self._click()
        # At once, not at the next turn of the loop: feedback belongs to the click itself.
        if self._status() not in ("CANCELLING", "CANCELLED"):
            raise TourError("the click on Cancel had no feedback")
        self._shoot("cancelling")
        await self._until(lambda: self._status() == "CANCELLED", "CANCELLED was not shown")
        label = self._find(QLabel, "receiptLabel")
        await self._until(lambda: "seen gone" in label.text(), "no verified receipt came")
        self._say(f"cancelled: {label.text()}")
        await self._settle()
        self._shoot("cancelled")

    async def _transaction(self) -> None:
        await self._query(OPEN_TRANSACTION, "SUCCESS", whole=True)
        self._type(RUNAWAY)
        self._click()
        await self._until(lambda: self._status() == "RUNNING", "RUNNING was not shown")
        self._click()
        await self._until(lambda: self._dialog() is not None, "no transaction dialog came")
        dialog = self._dialog()
        assert dialog is not None
        await self._settle()
        self._shoot("transaction-dialog", dialog)
        for button in dialog.findChildren(QPushButton):
            if button.text() == "Cancel and roll back":
                QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await self._until(lambda: self._status() == "CANCELLED", "CANCELLED was not shown")
        self._say("cancelled inside a transaction, and rolled back")

    async def _query(self, sql: str, state: str, *, whole: bool = False) -> None:
        self._type(sql)
        if whole:
            self._trigger("runAllAction")
        else:
            self._click()
        button = self._find(QPushButton, "runButton")
        await self._until(
            lambda: self._status() == state and button.text() == "Run",
            f"{state} was not shown for: {sql}",
        )

    def _type(self, sql: str) -> None:
        editor = self._find(QPlainTextEdit, "sqlEditor")
        editor.selectAll()
        editor.insertPlainText(sql)

    def _click(self) -> None:
        button = self._find(QPushButton, "runButton")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _trigger(self, name: str) -> None:
        action = self._window.findChild(QAction, name)
        if action is None:
            raise TourError(f"there is no {name}")
        action.trigger()

    def _status(self) -> str:
        return self._find(QLabel, "queryStatus").text()

    def _find(self, kind: type[W], name: str) -> W:
        """The widget of the tab in front, or else of the window."""
        tabs = self._window.findChild(QTabWidget, "editorTabs")
        page = tabs.currentWidget() if tabs is not None else None
        for root in (page, self._window):
            found = root.findChild(kind, name) if root is not None else None
            if found is not None:
                return found
        raise TourError(f"there is no {name}")

    def _dialog(self) -> QDialog | None:
        return self._window.findChild(QDialog, "transactionDialog")

    async def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > deadline:
                raise TourError(f"{otherwise} within {PATIENCE_S:g} s")
            await asyncio.sleep(0.02)

    async def _settle(self) -> None:
        """Let the explorer load and the window paint."""
        await asyncio.sleep(0.5)

    def _shoot(self, name: str, over: QWidget | None = None) -> None:
        """Keep a picture of the window, with `over` (a dialog) drawn where it stands."""
        # Never processEvents() here: inside a coroutine no other task could take its step.
        picture = self._window.grab()
        if over is not None:
            place = self._window.mapFromGlobal(over.mapToGlobal(over.rect().topLeft()))
            over.render(picture, place)
        self._shots += 1
        picture.save(str(self._folder / f"{self._shots:02d}-{name}.png"))
