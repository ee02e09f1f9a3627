"""The whole window on real DuckDB and SQLite, driven as a person drives it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import qasync
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workbench.core.paths import user_paths
from workbench.core.settings import Settings
from workbench.core.workbench import Workbench
from workbench.ui.mainwindow import MainWindow
from workbench.ui.panels.editor.deck import Tab
from workbench.ui.runtime.collector import Collector
from workbench.ui.runtime.connections import Connections
from workbench.ui.runtime.hotexit import HotExit
from workbench.ui.runtime.runs import Runs
from workbench.ui.runtime.tasks import Workers
from workbench.ui.theme import theme

W = TypeVar("W", bound=QWidget)

WAIT_MS = 60_000


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """An asyncio loop on Qt's, as `app.main` has it, while pytest-qt spins Qt's."""
    made = qasync.QEventLoop(qapp, already_running=True)
    asyncio.set_event_loop(made)
    yield made
    asyncio.events._set_running_loop(None)
    made._after_run_forever()
    made._QEventLoop__is_running = False
    made.close()
    asyncio.set_event_loop(None)


@dataclass(eq=False)
class Desk:
    """A person at the window: types, clicks, looks."""

    window: MainWindow
    runs: Runs
    hot_exit: HotExit
    qtbot: QtBot

    @property
    def tab(self) -> Tab:
        """The tab in front."""
        tab = self.window.deck.current()
        assert tab is not None
        return tab

    def find(self, kind: type[W], name: str) -> W:
        """The widget with that objectName, in the tab in front or else in the window."""
        page = self.window.tabs.current_page()
        for root in (page, self.window):
            found = root.findChild(kind, name) if root is not None else None
            if found is not None:
                return found
        raise AssertionError(f"no {name}")

    @property
    def button(self) -> QPushButton:
        """The Run button."""
        return self.find(QPushButton, "runButton")

    def status(self) -> str:
        """What the status line names as the state."""
        return self.find(QLabel, "queryStatus").text()

    def receipt(self) -> str:
        """The receipt of the last stop, as shown."""
        return self.find(QLabel, "receiptLabel").text()

    def action(self, name: str) -> QAction:
        """The action with that objectName."""
        found = self.window.findChild(QAction, name)
        assert found is not None, f"no {name}"
        return found

    def connect(self, url: str) -> None:
        """Choose a connection for the tab in front."""
        assert self.window.choosing.open(url)

    def new_tab(self, url: str = "") -> Tab:
        """Open another tab."""
        self.action("newTabAction").trigger()
        if url:
            self.connect(url)
        return self.tab

    def type(self, sql: str) -> None:
        """Replace the tab's text."""
        editor = self.find(QPlainTextEdit, "sqlEditor")
        editor.selectAll()
        editor.insertPlainText(sql)

    def click(self) -> None:
        """Press the Run button, whatever it shows."""
        self.qtbot.mouseClick(self.button, Qt.MouseButton.LeftButton)

    def wait(self, holds: Callable[[], bool], what: str = "") -> None:
        """Turn the loop until it holds."""
        self.qtbot.waitUntil(holds, timeout=WAIT_MS)

    def wait_status(self, *states: str) -> None:
        """Turn the loop until one of `states` shows."""
        self.wait(lambda: self.status() in states)

    def run(self, sql: str, *, whole: bool = False, state: str = "SUCCESS") -> None:
        """Type `sql`, run it, and wait for its end."""
        self.type(sql)
        if whole:
            self.action("runAllAction").trigger()
        else:
            self.click()
        self.wait(lambda: not self.tab.run.running)
        assert self.status() == state, self.messages()

    def start(self, sql: str) -> None:
        """Type `sql`, click Run, and wait until a worker runs it."""
        self.type(sql)
        self.click()
        self.wait_status("RUNNING")
        self.wait(lambda: bool(self.tab.run.handle and self.tab.run.handle.session))

    def messages(self) -> str:
        """The message log's text."""
        return self.find(QPlainTextEdit, "messageLog").toPlainText()

    def value(self, sql: str) -> object:
        """The first cell of `sql`, asked in the tab in front on the tab's own session."""
        self.run(sql)
        handle_results = self.window.tabs.current_page()
        assert handle_results is not None
        batches = self.panel.result_set(0).slice(0, 1)
        return batches[0].column(0)[0].as_py()

    @property
    def panel(self):  # type: ignore[no-untyped-def]
        """The tab's result panel."""
        return self.tab.page.lower_widget

    def dialog(self, name: str) -> QDialog | None:
        """The open dialog with that name."""
        for found in self.window.findChildren(QDialog, name):
            if found.isVisible():
                return found
        return None

    def press(self, dialog: QDialog, text: str) -> None:
        """Click the dialog's button that says `text`."""
        for button in dialog.findChildren(QPushButton):
            if button.text() == text and not button.isHidden():
                self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
                return
        raise AssertionError(f"no button {text!r}")

    def combo(self, name: str) -> QComboBox:
        """A combo box of the window."""
        return self.find(QComboBox, name)


@pytest.fixture
def workers() -> Workers:
    """The pools of one window."""
    return Workers()


@pytest.fixture
def desk(
    loop: qasync.QEventLoop, qapp: QApplication, qtbot: QtBot, workers: Workers
) -> Iterator[Desk]:
    """An open window with one empty tab; shut down at the end as the program does it."""
    theme.apply(qapp, "light")
    collector = Collector()
    workbench = Workbench(paths=user_paths(), settings=Settings())
    runs = Runs(workbench, workers)
    hot_exit = HotExit(runs)
    window = MainWindow(runs, Connections(runs), hot_exit)
    window.deck.open_text("")
    window.show()
    desk = Desk(window, runs, hot_exit, qtbot)
    yield desk
    over = runs.spawn(runs.shut_down())
    qtbot.waitUntil(over.done, timeout=WAIT_MS)
    closed = runs.spawn(_close(runs))
    qtbot.waitUntil(closed.done, timeout=WAIT_MS)
    window.close_for_good()
    window.deleteLater()
    qapp.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    collector.stop()
    assert workers.close(10_000), "a worker thread was left behind"


async def _close(runs: Runs) -> None:
    await runs.workers.file_work(runs.workbench.close)


@pytest.fixture(params=["duckdb", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database file of each engine."""
    engine = request.param
    return f"{engine}:///{tmp_path}/test.{engine}?create=1"


RUNAWAY = {
    "duckdb": "SELECT count(*) FROM range(1000000) a(i), range(1000000) b(j) WHERE i * j % 7 = 3",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT count(*) FROM n WHERE i % 7 = 8",
}
ENDLESS_ROWS = {
    "duckdb": "SELECT * FROM range(100000000000)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
}


@pytest.fixture
def engine(url: str) -> str:
    """The engine's name, to look up its snippets."""
    return url.partition(":")[0]


@pytest.fixture
def runaway(engine: str) -> str:
    """A statement that runs until it is stopped."""
    return RUNAWAY[engine]


@pytest.fixture
def endless(engine: str) -> str:
    """A statement whose rows never end."""
    return ENDLESS_ROWS[engine]
