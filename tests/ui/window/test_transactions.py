"""The transaction dialog: its exact choices, what each leaves in the table, and its own end."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from tests.ui.window.conftest import Desk


def _open_transaction(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t (i INTEGER)")
    desk.run("BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", whole=True)
    assert "TX open, 2 statements" in desk.find(QLabel, "transactionText").text()


def _ask(desk: Desk, sql: str) -> QDialog:
    desk.start(sql)
    desk.click()
    desk.wait(lambda: desk.dialog("transactionDialog") is not None)
    dialog = desk.dialog("transactionDialog")
    assert dialog is not None
    return dialog


def _choices(dialog: QDialog) -> list[str]:
    return [b.text() for b in dialog.findChildren(QPushButton) if not b.isHidden()]


def test_cancel_asks_before_it_stops_anything(desk: Desk, url: str, runaway: str) -> None:
    _open_transaction(desk, url)
    dialog = _ask(desk, runaway)
    assert desk.status() == "RUNNING"
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "2 statements that changed 2 rows" in said
    desk.press(dialog, "Cancel and roll back")
    desk.wait_status("CANCELLED")


def test_cancel_and_roll_back_leaves_the_table_as_it_was(
    desk: Desk, url: str, runaway: str
) -> None:
    _open_transaction(desk, url)
    desk.press(_ask(desk, runaway), "Cancel and roll back")
    desk.wait_status("CANCELLED")
    assert "rolled back" in desk.messages()
    assert desk.find(QLabel, "transactionText").text() == ""
    assert desk.value("SELECT count(*) FROM t") == 0


def test_keep_running_stops_nothing(desk: Desk, url: str, runaway: str) -> None:
    _open_transaction(desk, url)
    desk.press(_ask(desk, runaway), "Keep running")
    desk.wait(lambda: desk.dialog("transactionDialog") is None)
    assert desk.status() == "RUNNING"
    assert desk.button.text() == "Cancel"
    desk.tab.run.stop()
    desk.wait_status("CANCELLED")


def test_esc_in_the_dialog_keeps_running(desk: Desk, url: str, runaway: str) -> None:
    _open_transaction(desk, url)
    dialog = _ask(desk, runaway)
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    desk.wait(lambda: desk.dialog("transactionDialog") is None)
    assert desk.status() == "RUNNING"
    desk.tab.run.stop()
    desk.wait_status("CANCELLED")


def test_the_choice_to_keep_shows_only_where_the_engine_can(
    desk: Desk, url: str, runaway: str
) -> None:
    _open_transaction(desk, url)
    dialog = _ask(desk, runaway)
    handle = desk.tab.run.handle
    assert handle is not None
    keeps = handle.stop_keeps_transaction
    assert ("Cancel, keep the transaction" in _choices(dialog)) is keeps
    if not keeps:
        desk.press(dialog, "Cancel and roll back")
        desk.wait_status("CANCELLED")
        return
    desk.press(dialog, "Cancel, keep the transaction")
    desk.wait_status("CANCELLED")
    assert "TX open" in desk.find(QLabel, "transactionText").text()
    assert desk.value("SELECT count(*) FROM t") == 2
    desk.action("commitAction").trigger()
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.find(QLabel, "transactionText").text() == ""


def test_the_dialog_closes_itself_when_the_query_ends(desk: Desk, url: str) -> None:
    _open_transaction(desk, url)
    limit = {"duckdb": "range(30000000)", "sqlite": ""}[url.partition(":")[0]]
    slow = (
        f"SELECT count(*) FROM {limit} a(i), range(100) WHERE i % 7 = 3"
        if limit
        else "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000000) "
        "SELECT count(*) FROM n"
    )
    _ask(desk, slow)
    desk.wait(lambda: desk.dialog("transactionDialog") is None)
    assert desk.status() == "SUCCESS"
    desk.wait(lambda: "nothing was cancelled" in desk.find(QLabel, "drawerNote").text())
    assert "TX open" in desk.find(QLabel, "transactionText").text()


def test_manual_commit_opens_a_transaction_that_commit_ends(desk: Desk, url: str) -> None:
    desk.connect(url)
    desk.run("CREATE TABLE t (i INTEGER)")
    picker = desk.combo("transactionModePicker")
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    desk.run("INSERT INTO t VALUES (1)")
    assert "TX open" in desk.find(QLabel, "transactionText").text()
    assert desk.action("commitAction").isEnabled()
    desk.action("commitAction").trigger()
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.find(QLabel, "transactionText").text() == ""
    assert not desk.action("commitAction").isEnabled()
    desk.run("INSERT INTO t VALUES (2)")
    desk.action("rollbackAction").trigger()
    desk.wait(lambda: not desk.tab.run.running)
    assert desk.value("SELECT count(*) FROM t") == 1


def test_a_stop_from_the_activity_panel_asks_as_the_tab_does(
    desk: Desk, url: str, runaway: str
) -> None:
    _open_transaction(desk, url)
    desk.start(runaway)
    handle = desk.tab.run.handle
    assert handle is not None
    desk.window.activity.stop_requested.emit(handle.id)
    desk.wait(lambda: desk.dialog("transactionDialog") is not None)
    dialog = desk.dialog("transactionDialog")
    assert dialog is not None
    desk.press(dialog, "Cancel and roll back")
    desk.wait_status("CANCELLED")


def test_cancel_all_keeps_the_transaction_where_the_engine_can(
    desk: Desk, url: str, runaway: str
) -> None:
    _open_transaction(desk, url)
    desk.start(runaway)
    handle = desk.tab.run.handle
    assert handle is not None
    keeps = handle.stop_keeps_transaction
    desk.action("cancelAllAction").trigger()
    desk.wait_status("CANCELLED")
    shown = desk.find(QLabel, "transactionText").text()
    assert ("TX open" in shown) is keeps
    assert ("still open" in desk.messages()) is keeps


@pytest.mark.parametrize("choice", ["Commit and close", "Roll back and close", "Keep open"])
def test_closing_a_tab_with_an_open_transaction_asks(
    desk: Desk, url: str, choice: str, tmp_path: object
) -> None:
    _open_transaction(desk, url)
    closing = desk.tab
    other = desk.new_tab()
    desk.connect(url)
    desk.window.deck.show(closing.page.tab_id)
    desk.action("closeTabAction").trigger()
    desk.wait(lambda: desk.dialog("closeDialog") is not None)
    dialog = desk.dialog("closeDialog")
    assert dialog is not None
    desk.press(dialog, choice)
    if choice == "Keep open":
        desk.wait(lambda: desk.dialog("closeDialog") is None)
        assert desk.window.deck.tab_of(closing.page) is closing
        return
    desk.wait(lambda: desk.window.deck.current() is other)
    desk.wait(lambda: closing.page not in desk.window.tabs.pages())
    expected = 2 if choice == "Commit and close" else 0
    desk.wait(
        lambda: (
            closing.run.pool is not None and closing.run.pool.session_of(closing.run.tab) is None
        )
    )
    assert desk.value("SELECT count(*) FROM t") == expected
