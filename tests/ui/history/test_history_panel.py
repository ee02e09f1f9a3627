"""The history panel in a real window, by keyboard and by mouse, fed as its owner would."""

import time

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.core.history.model import Run, Stopped
from workbench.ui.panels.history.panel import FILTERS, HistoryPanel
from workbench.ui.panels.history.runs import RunStatus
from workbench.ui.panels.history.table import CONNECTION, ENDED, SQL, STATUS

STOP_RECEIPT = Stopped("a", "user", "interrupt", "stopped", 2_000, 0.4, 2.1, True, "alive")


def make_run(name: str, status: str = "SUCCESS", **changes: object) -> Run:
    facts: dict[str, object] = {
        "id": name,
        "engine": "duckdb",
        "connection": "demo",
        "sql": f"SELECT '{name}'\nFROM t",
        "started_at": time.time(),
        "status": status,
        "rows": 7,
        "statements": 1,
        "elapsed_ms": 12.0,
        "first_row_ms": 1.0,
        "error_code": "",
        "error_message": "",
        "stop": None,
    }
    return Run(**(facts | changes))  # type: ignore[arg-type]


RUNS = (
    make_run("a", "CANCELLED", stop=STOP_RECEIPT),
    make_run("b", "FAILED", error_code="PARSER", error_message="syntax error", connection="shop"),
    make_run("c"),
)


@pytest.fixture
def panel(qtbot: QtBot, app: QApplication) -> HistoryPanel:
    panel = HistoryPanel()
    qtbot.addWidget(panel)
    panel.resize(1200, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def filled(panel: HistoryPanel) -> HistoryPanel:
    panel.refresh()
    panel.show_runs(panel.generation, RUNS)
    return panel


def cell(panel: HistoryPanel, line: int, column: int) -> str:
    return str(panel.table.model().index(line, column).data())


def count(panel: HistoryPanel) -> int:
    return panel.table.model().rowCount()


def test_a_line_tells_how_a_run_ended_and_how_it_was_stopped(filled: HistoryPanel) -> None:
    assert cell(filled, 0, STATUS) == "Cancelled"
    assert cell(filled, 0, ENDED) == "by user, stopped in 2.1 ms, verified"
    assert cell(filled, 0, SQL) == "SELECT 'a' FROM t"
    assert cell(filled, 1, CONNECTION) == "shop"
    assert cell(filled, 1, ENDED) == "PARSER syntax error"
    assert filled.count.text() == "3 runs"


def test_typing_asks_once_after_a_pause(panel: HistoryPanel, qtbot: QtBot) -> None:
    asked: list[tuple[str, int]] = []
    panel.search_wanted.connect(lambda text, number: asked.append((text, number)))
    QTest.keyClicks(panel.search, "orders")
    assert asked == []
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [("orders", panel.generation)]


def test_enter_asks_at_once(panel: HistoryPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.search, "orders")
    with qtbot.waitSignal(panel.search_wanted, timeout=0) as asked:
        QTest.keyClick(panel.search, Qt.Key.Key_Return)
    assert asked.args[0] == "orders"


def test_an_answer_to_an_older_question_is_dropped(panel: HistoryPanel) -> None:
    panel.refresh()
    old = panel.generation
    panel.refresh()
    panel.show_runs(panel.generation, RUNS[:1])
    panel.show_runs(old, RUNS)
    panel.show_error(old, "Cannot be read", "gone")
    assert count(panel) == 1
    assert panel.table.isVisible()


def test_esc_clears_the_search_and_leaves_the_window_alone(
    panel: HistoryPanel, qtbot: QtBot
) -> None:
    QTest.keyClicks(panel.search, "orders")
    override = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(panel.search, override)
    assert override.isAccepted()  # the window's Esc, which stops a query, does not get it
    with qtbot.waitSignal(panel.search_wanted, timeout=0) as asked:
        QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    assert asked.args[0] == ""


def test_from_the_search_line_to_a_new_tab_by_keys_alone(
    filled: HistoryPanel, qtbot: QtBot
) -> None:
    filled.search.setFocus()
    QTest.keyClick(filled.search, Qt.Key.Key_Down)
    assert filled.table.hasFocus()
    QTest.keyClick(filled.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(filled.open_requested) as opened:
        QTest.keyClick(filled.table, Qt.Key.Key_Return)
    assert opened.args == ["SELECT 'b'\nFROM t", "shop"]


def test_a_double_click_opens_the_run(filled: HistoryPanel, qtbot: QtBot) -> None:
    place = filled.table.visualRect(filled.table.model().index(2, SQL)).center()
    QTest.mouseClick(filled.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(filled.open_requested) as opened:
        QTest.mouseDClick(filled.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ["SELECT 'c'\nFROM t", "demo"]


def test_ctrl_c_copies_the_whole_sql(filled: HistoryPanel) -> None:
    filled.table.selectRow(0)
    QTest.keyClick(filled.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "SELECT 'a'\nFROM t"


def test_the_chosen_run_is_shown_in_full(filled: HistoryPanel) -> None:
    filled.table.selectRow(1)
    assert filled.details.sql.toPlainText() == "SELECT 'b'\nFROM t"
    assert "PARSER syntax error" in filled.details.facts.toPlainText()
    filled.table.selectRow(0)
    assert "verified after 2.1 ms" in filled.details.facts.toPlainText()


def test_the_chosen_run_stays_chosen_when_a_newer_one_comes(filled: HistoryPanel) -> None:
    filled.table.selectRow(1)
    filled.refresh()
    filled.show_runs(filled.generation, (make_run("d"), *RUNS))
    chosen = filled.table.current_run()
    assert chosen is not None
    assert chosen.id == "b"
    assert "SELECT 'b'" in filled.details.sql.toPlainText()


def test_details_go_with_their_run(filled: HistoryPanel) -> None:
    filled.table.selectRow(0)
    filled.refresh()
    filled.show_runs(filled.generation, RUNS[1:])
    assert filled.table.current_run() is None
    assert filled.details.sql.toPlainText() == ""


def test_the_filter_asks_anew_and_keeps_only_its_status(filled: HistoryPanel, qtbot: QtBot) -> None:
    failed = [status for _text, status in FILTERS].index(RunStatus.FAILED)
    filled.status.setFocus()
    with qtbot.waitSignal(filled.search_wanted):
        for _ in range(failed):
            QTest.keyClick(filled.status, Qt.Key.Key_Down)
    assert filled.status_filter is RunStatus.FAILED
    filled.show_runs(filled.generation, RUNS)
    assert count(filled) == 1
    assert cell(filled, 0, STATUS) == "Failed"


def test_an_empty_history_and_an_empty_search_say_different_things(panel: HistoryPanel) -> None:
    assert panel.note.accessibleName() == "Reading the history…"
    panel.refresh()
    panel.show_runs(panel.generation, ())
    assert panel.note.isVisible()
    assert panel.note.accessibleName().startswith("Nothing has run yet.")
    panel.search.setText("<b>x</b>")
    panel.refresh()
    panel.show_runs(panel.generation, ())
    assert panel.note.accessibleName().startswith("Nothing matches “<b>x</b>”.")
    panel.search.clear()
    panel.status.setCurrentIndex(2)
    panel.show_runs(panel.generation, RUNS[2:])
    assert panel.note.accessibleName().startswith("No run among “Failed”.")
    panel.show_runs(panel.generation, RUNS[2:], more=True)
    assert "search to reach older ones" in panel.note.accessibleName()


def test_a_history_that_cannot_be_read_says_why_and_offers_to_try_again(
    filled: HistoryPanel, qtbot: QtBot
) -> None:
    filled.show_error(filled.generation, "The history cannot be read", "disk I/O error")
    assert filled.error.isVisible()
    assert "disk I/O error" in filled.error.accessibleName()
    assert count(filled) == 0
    with qtbot.waitSignal(filled.search_wanted):
        QTest.mouseClick(filled.error.retry, Qt.MouseButton.LeftButton)
    filled.show_runs(filled.generation, RUNS)
    assert filled.table.isVisible()


def test_five_hundred_runs_and_five_megabytes_of_sql_are_shown(panel: HistoryPanel) -> None:
    huge = make_run("huge", sql="SELECT 1; " * 500_000)
    panel.refresh()
    panel.show_runs(panel.generation, (huge, *(make_run(f"r{n}") for n in range(499))))
    panel.table.selectRow(0)
    assert count(panel) == 500
    assert len(cell(panel, 0, SQL)) <= 200
    assert "5,000,000 characters" in panel.details.sql.toPlainText()


def test_what_looks_like_markup_is_shown_as_it_is(panel: HistoryPanel) -> None:
    panel.refresh()
    panel.show_runs(panel.generation, (make_run("m", sql="<b>bold</b>"),))
    panel.table.selectRow(0)
    assert cell(panel, 0, SQL) == "<b>bold</b>"
    assert panel.details.sql.toPlainText() == "<b>bold</b>"


def test_the_chosen_run_s_end_reaches_its_details(panel: HistoryPanel) -> None:
    panel.refresh()
    panel.show_runs(panel.generation, (make_run("a", "RUNNING", elapsed_ms=None),))
    panel.table.selectRow(0)
    assert "Running" in panel.details.facts.toPlainText()
    panel.refresh()
    panel.show_runs(panel.generation, (make_run("a"),))
    assert "Success" in panel.details.facts.toPlainText()
    panel.refresh()
    panel.show_runs(panel.generation, ())
    assert panel.details.facts.toPlainText() == ""


def test_a_low_panel_shows_the_run_beside_the_table(filled: HistoryPanel, qtbot: QtBot) -> None:
    filled.table.selectRow(1)
    filled.resize(1200, 200)
    assert filled.details.mapTo(filled, filled.details.rect().topLeft()).x() > 600
    assert filled.table.height() > 100
    text = filled.details.facts.toPlainText()
    assert text.startswith("SELECT 'b'")
    assert "PARSER syntax error" in text
    assert not filled.details.sql.isVisible()
    qtbot.waitUntil(lambda: not filled.table.horizontalScrollBar().isVisible())
    filled.resize(1200, 500)
    assert filled.details.sql.isVisible()
    assert filled.details.width() > 1_000
