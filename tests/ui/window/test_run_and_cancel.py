"""Run, Cancel, receipt, and going on in the same tab: the main job, by mouse and by key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QProgressBar, QPushButton

from tests.ui.window.conftest import ENDLESS_ROWS, RUNAWAY, Desk


def test_run_flips_to_a_red_cancel_before_the_loop_turns(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.type(runaway)
    assert desk.button.text() == "Run"
    desk.click()
    # Not a turn of the loop later: the click itself flips it, whatever the machine is doing.
    assert desk.button.text() == "Cancel"
    assert desk.button.property("danger") is True
    assert not desk.button.icon().isNull()
    desk.wait_status("RUNNING")
    desk.click()
    assert desk.status() == "CANCELLING"
    desk.wait_status("CANCELLED")


def test_cancel_stops_at_the_database_with_a_verified_receipt(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.start(runaway)
    desk.click()
    desk.wait(lambda: "seen gone" in desk.receipt())
    assert desk.status() == "CANCELLED"
    assert "interrupted in" in desk.receipt()
    assert "Query cancelled by user" in desk.messages()
    assert desk.button.text() == "Run"


def test_the_same_tab_runs_the_next_statement_on_the_same_session(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.run("CREATE TEMP TABLE mine AS SELECT 42 AS i")
    desk.start(runaway)
    desk.click()
    desk.wait_status("CANCELLED")
    assert desk.value("SELECT i FROM mine") == 42


def test_retry_after_cancel_runs_again_and_cancels_again(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    for _attempt in range(3):
        desk.start(runaway)
        assert desk.button.text() == "Cancel"
        desk.click()
        desk.wait_status("CANCELLED")
        assert desk.button.text() == "Run"
    desk.run("SELECT 1")


def test_a_cancelled_result_is_held_back_until_its_partial_rows_are_asked_for(
    desk: Desk, url: str, endless: str
) -> None:
    desk.connect(url)
    desk.start(endless)
    desk.wait(lambda: (desk.runs.rows_of(desk.tab.run.handle.id) or 0) > 1_000)  # type: ignore[union-attr]
    desk.click()
    desk.wait_status("CANCELLED")
    banner = desk.panel.banner
    assert banner.isVisible()
    show = next(b for b in banner.findChildren(QPushButton) if b.text() == "Show partial rows")
    desk.qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    badges = [w.text() for w in desk.panel.findChildren(QLabel) if w.isVisible()]
    assert any("PARTIAL" in text for text in badges), badges


def test_esc_in_the_editor_cancels(desk: Desk, url: str, runaway: str) -> None:
    desk.connect(url)
    desk.start(runaway)
    editor = desk.find(QPlainTextEdit, "sqlEditor")
    editor.setFocus()
    desk.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    desk.wait_status("CANCELLED")


def test_a_second_click_within_a_second_is_ignored(desk: Desk, url: str, runaway: str) -> None:
    desk.connect(url)
    desk.start(runaway)
    desk.click()
    desk.click()
    desk.click()
    desk.wait_status("CANCELLED")
    assert desk.dialog("forceDialog") is None
    desk.run("SELECT 1")


def test_duckdb_reports_real_progress(desk: Desk, tmp_path: object) -> None:
    desk.connect("duckdb:///:memory:")
    desk.start(RUNAWAY["duckdb"])
    bar = desk.find(QProgressBar, "queryProgress")
    desk.wait(lambda: bar.maximum() > 0 and bar.value() > 0)
    assert bar.isVisible()
    desk.click()
    desk.wait_status("CANCELLED")
    assert not bar.isVisible()


def test_elapsed_time_and_rows_so_far_move_while_it_runs(
    desk: Desk, url: str, endless: str
) -> None:
    desk.connect(url)
    desk.start(endless)
    elapsed, rows = desk.find(QLabel, "elapsedTime"), desk.find(QLabel, "rowCount")
    desk.wait(lambda: elapsed.text() != "00:00.0" and rows.text() not in ("", "0 rows"))
    before = rows.text()
    desk.wait(lambda: rows.text() != before)
    desk.click()
    desk.wait_status("CANCELLED")


def test_two_tabs_run_at_once_and_only_the_stopped_one_stops(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.start(runaway)
    first = desk.tab
    second = desk.new_tab()
    desk.start(runaway)
    assert [first.run.running, second.run.running] == [True, True]
    desk.click()
    desk.wait_status("CANCELLED")
    assert [first.run.running, second.run.running] == [True, False]
    desk.window.deck.show(first.page.tab_id)
    assert desk.button.text() == "Cancel"
    desk.click()
    desk.wait_status("CANCELLED")


def test_switching_tabs_while_running_moves_the_button_with_its_tab(
    desk: Desk, url: str, runaway: str
) -> None:
    desk.connect(url)
    desk.start(runaway)
    running = desk.tab
    idle = desk.new_tab()
    assert desk.button.text() == "Run"
    desk.window.deck.show(running.page.tab_id)
    assert desk.button.text() == "Cancel"
    desk.window.deck.show(idle.page.tab_id)
    running.run.stop()
    desk.wait(lambda: not running.run.running)
    assert desk.button.text() == "Run"
    desk.window.deck.show(running.page.tab_id)
    assert desk.button.text() == "Run"
    assert desk.status() == "CANCELLED"


def test_cancel_all_stops_eight_live_queries_with_a_receipt_for_each(
    desk: Desk, tmp_path: object
) -> None:
    receipts = []
    desk.runs.receipt_written.connect(lambda handle, receipt: receipts.append(receipt))
    cancel_all = desk.action("cancelAllAction")
    assert not cancel_all.isEnabled()
    tabs = []
    for number in range(8):
        engine = ("duckdb", "sqlite")[number % 2]
        tab = desk.tab if number == 0 else desk.new_tab()
        desk.connect(f"{engine}:///:memory:")
        desk.start(RUNAWAY[engine] if number < 6 else ENDLESS_ROWS[engine])
        tabs.append(tab)
    desk.wait(lambda: cancel_all.text() == "Cancel all (8)")
    cancel_all.trigger()
    desk.wait(lambda: len(receipts) == 8 and not any(tab.run.running for tab in tabs))
    assert {receipt.outcome.value for receipt in receipts} == {"stopped"}
    assert all(receipt.verified for receipt in receipts)
    desk.wait(lambda: not cancel_all.isEnabled() and cancel_all.text() == "Cancel all")
    desk.wait(lambda: desk.find(QLabel, "drawerNote").text() == "Cancel all: 8 stopped")
    for tab in tabs:
        desk.window.deck.show(tab.page.tab_id)
        desk.wait(lambda: "seen gone" in desk.receipt())


def test_a_timeout_ends_as_cancelled_by_timeout(desk: Desk, url: str, runaway: str) -> None:
    desk.connect(url)
    desk.tab.run.timeout_s = 0.4
    desk.type(runaway)
    desk.click()
    desk.wait_status("CANCELLED (timeout)")
    assert "Cancelled by timeout (0.4 s)" in desk.messages()


def test_the_focus_stays_in_the_editor_when_run_is_clicked(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.window.activateWindow()
    editor = desk.find(QPlainTextEdit, "sqlEditor")
    editor.setFocus()
    desk.run("SELECT 1")
    assert QApplication.focusWidget() is editor


@pytest.mark.parametrize("text", ["", "   \n", "-- only a comment"])
def test_an_empty_tab_says_that_there_is_nothing_to_run(desk: Desk, text: str) -> None:
    desk.connect("duckdb:///:memory:")
    desk.type(text)
    desk.click()
    assert not desk.tab.run.running
    note = desk.find(QLabel, "drawerNote")
    assert "Nothing to run" in note.text()
