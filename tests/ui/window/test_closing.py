"""Closing over what runs: asked first, stopped at the database, nothing left behind."""

from pathlib import Path

import psutil
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.window.conftest import Desk


def _answer(desk: Desk, text: str) -> None:
    desk.wait(lambda: desk.dialog("closeDialog") is not None)
    dialog = desk.dialog("closeDialog")
    assert dialog is not None
    desk.press(dialog, text)


def test_closing_a_tab_with_a_live_query_asks_and_stops_it(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    receipts = []
    desk.runs.receipt_written.connect(lambda handle, receipt: receipts.append(receipt))
    desk.start(runaway)
    closing = desk.tab
    desk.new_tab()
    desk.window.close_tab(closing.page)
    _answer(desk, "Stop and close")
    desk.wait(lambda: closing.page not in desk.window.tabs.pages())
    assert [r.outcome.value for r in receipts] == ["stopped"]
    assert len(desk.runs.workbench.registry) == 0


def test_keep_open_keeps_the_tab_and_the_query(desk: Desk, url: str, runaway: str) -> None:
    desk.connect(url)
    desk.start(runaway)
    desk.window.close_tab(desk.tab.page)
    _answer(desk, "Keep open")
    desk.wait(lambda: desk.dialog("closeDialog") is None)
    assert desk.status() == "RUNNING"
    desk.click()
    desk.wait_status("CANCELLED")


def test_closing_the_window_asks_and_stops_all(desk: Desk, url: str, runaway: str) -> None:
    desk.connect(url)
    desk.start(runaway)
    first = desk.tab
    desk.new_tab()
    desk.start(runaway)
    agreed = []
    desk.window.close_agreed.connect(lambda: agreed.append(True))
    desk.window.close()
    assert desk.window.isVisible()
    _answer(desk, "Stop and close")
    desk.wait(lambda: bool(agreed))
    assert not first.run.running
    assert not desk.tab.run.running


def test_a_closed_tab_leaves_no_lock_on_the_file(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t AS SELECT 1 AS i")
    pool = desk.tab.run.pool
    assert pool is not None
    path = str(Path(pool.target.database))
    assert any(f.path == path for f in psutil.Process().open_files())
    desk.window.close_tab(desk.tab.page)
    desk.wait(lambda: not desk.window.tabs.pages())
    desk.wait(lambda: not any(f.path == path for f in psutil.Process().open_files()))


def test_an_idle_tab_closes_without_a_question(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.run("SELECT 1")
    closing = desk.tab
    desk.new_tab()
    desk.window.close_tab(closing.page)
    desk.wait(lambda: closing.page not in desk.window.tabs.pages())
    assert not [b for b in desk.window.findChildren(QPushButton, "stopAndClose") if b.isVisible()]


def test_the_question_closes_by_itself_when_the_query_ends(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.start(runaway)
    page = desk.tab.page
    desk.window.close()
    desk.wait(lambda: desk.dialog("closeDialog") is not None)
    desk.tab.run.stop()
    desk.wait(lambda: desk.dialog("closeDialog") is None)
    desk.wait(lambda: "finished meanwhile" in desk.find(QLabel, "drawerNote").text())
    assert page in desk.window.tabs.pages()
    assert desk.window.isVisible()
    desk.window.close_tab(page)
    desk.wait(lambda: not desk.window.tabs.pages())
