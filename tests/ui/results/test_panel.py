"""The result area of a tab, told what happened: what it shows then."""

import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.results.conftest import rows
from workbench.core.adapter.contract import Column
from workbench.core.query.state import State
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.panel import ResultPanel
from workbench.ui.panels.results.tabs import MOST_RESULTS

COLUMNS = (
    Column("n", "bigint", numeric=True),
    Column("name", "varchar"),
    Column("note", "varchar"),
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(app: QApplication, qtbot: QtBot, tmp_path: Path) -> ResultPanel:
    made = ResultPanel(budget=MemoryBudget(), spill_dir=tmp_path)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def label(panel: QWidget, name: str) -> QLabel:
    found = panel.findChild(QLabel, name)
    assert found is not None, name
    return found


def tabs_in_sight(panel: ResultPanel) -> list[str]:
    return [panel.tabs.tabText(i) for i in range(panel.tabs.count()) if panel.tabs.isTabVisible(i)]


def front(panel: ResultPanel) -> str:
    return panel.tabs.tabText(panel.tabs.currentIndex())


def front_grid(panel: ResultPanel) -> ResultGrid:
    page = panel.tabs.currentWidget()
    grid = page.findChild(ResultGrid)
    assert grid is not None
    return grid


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (QTabWidget, "resultTabs"),
        (QWidget, "messageLog"),
        (QWidget, "partialBanner"),
        (QLabel, "queryStatus"),
        (QLabel, "elapsedTime"),
        (QLabel, "rowCount"),
        (QProgressBar, "queryProgress"),
        (QLabel, "receiptLabel"),
        (QPushButton, "errorPositionButton"),
        (QPushButton, "showPartialButton"),
    ],
)
def test_what_automation_relies_on_has_its_names(
    panel: ResultPanel, kind: type[QWidget], name: str
) -> None:
    found = panel.findChild(kind, name)
    assert found is not None
    assert found.accessibleName()


def test_an_idle_panel_says_what_to_do(panel: ResultPanel) -> None:
    assert front(panel) == "Result"
    assert "Run a statement" in label(panel, "emptyTitle").text()
    assert "Ctrl+Enter" in label(panel, "emptyHint").text()


def test_rows_a_worker_appends_appear_by_themselves(panel: ResultPanel, qtbot: QtBot) -> None:
    panel.begin_run(1)
    panel.open_result(0, COLUMNS)
    results = panel.result_set(0)

    def work() -> None:
        for start in range(0, 5000, 100):
            results.append(rows(start, 100))

    worker = threading.Thread(target=work)
    worker.start()
    qtbot.waitUntil(lambda: front_grid(panel).rows == 5000)
    worker.join()
    assert front(panel) == "Result 1"
    assert label(panel, "rowCount").text() == "5,000 rows"


def test_the_timer_runs_only_while_a_run_does(panel: ResultPanel) -> None:
    assert not panel._timer.isActive()
    panel.begin_run(1)
    assert panel._timer.isActive()
    panel.end_run(State.SUCCESS)
    assert not panel._timer.isActive()


def test_the_last_rows_are_shown_when_the_run_ends(panel: ResultPanel) -> None:
    panel.begin_run(1)
    panel.open_result(0, COLUMNS).append(rows(0, 7))
    panel.end_run(State.SUCCESS)
    assert front_grid(panel).rows == 7


def test_a_worker_may_bring_its_own_result_set(panel: ResultPanel) -> None:
    own = ResultSet([ResultColumn("n"), ResultColumn("name"), ResultColumn("note")])
    own.append(rows(0, 5))
    panel.begin_run(1)
    assert panel.open_result(0, COLUMNS, None, own) is own
    assert panel.result_set(0) is own
    assert front_grid(panel).rows == 5


def test_the_first_of_several_results_stays_in_front(panel: ResultPanel) -> None:
    panel.begin_run(3)
    for index in range(3):
        panel.open_result(index, COLUMNS).append(rows(0, index + 1))
        panel.finish_result(index, index + 1)
    panel.end_run(State.SUCCESS)
    assert tabs_in_sight(panel) == ["Result 1", "Result 2", "Result 3", "Messages"]
    assert front(panel) == "Result 1"
    assert label(panel, "rowCount").text() == "6 rows"


def test_results_past_the_most_get_no_tab_and_a_message_once(panel: ResultPanel) -> None:
    panel.begin_run(60)
    for index in range(60):
        panel.open_result(index, COLUMNS)
        panel.result_set(index).append(rows(0, 10))
        panel.finish_result(index, 10)
    assert panel.tabs.count() == MOST_RESULTS + 2
    text = panel.tabs.messages.toPlainText()
    assert text.count("More than 50 results") == 1
    assert panel.result_set(55).rows.known == 0, "rows that nobody can see are not kept"


def test_a_new_run_clears_the_last_ones_results(panel: ResultPanel) -> None:
    panel.begin_run(1)
    old = panel.open_result(0, COLUMNS)
    old.append(rows(0, 10))
    panel.end_run(State.SUCCESS)
    panel.show_error("t", "m", "c", 1)
    panel.begin_run(1)
    assert old.closed
    assert panel.error.isHidden()
    assert tabs_in_sight(panel) == ["Result", "Messages"]
    assert "Running" in label(panel, "emptyTitle").text()


def test_a_spilled_result_is_removed_off_the_gui_thread(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    released: list[ResultSet] = []
    panel = ResultPanel(
        budget=MemoryBudget(0), spill_dir=tmp_path / "cache", release=released.append
    )
    qtbot.addWidget(panel)
    panel.begin_run(1)
    results = panel.open_result(0, COLUMNS)
    results.append(rows(0, 10))
    panel.clear_results()
    assert released == [results]
    assert list((tmp_path / "cache").iterdir())
    results.close()


def test_the_default_release_removes_the_file(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = ResultPanel(budget=MemoryBudget(0), spill_dir=tmp_path / "cache")
    qtbot.addWidget(panel)
    panel.begin_run(1)
    panel.open_result(0, COLUMNS).append(rows(0, 10))
    panel.clear_results()
    qtbot.waitUntil(lambda: not list((tmp_path / "cache").iterdir()))


def test_a_run_without_results_ends_at_the_messages(panel: ResultPanel) -> None:
    panel.begin_run(1)
    panel.add_message("CREATE TABLE", "ok")
    panel.end_run(State.SUCCESS)
    assert front(panel) == "Messages"
    panel.begin_run(1)
    assert front(panel) == "Result"


# --- partial rows --------------------------------------------------------------------


def cancelled(panel: ResultPanel, complete: int = 0) -> None:
    panel.begin_run(complete + 1)
    for index in range(complete + 1):
        panel.open_result(index, COLUMNS).append(rows(0, 100))
        if index < complete:
            panel.finish_result(index, 100)
    panel.end_run(State.CANCELLED)
    panel.offer_partial(2100, 100)


def test_a_cancelled_result_is_held_back_behind_a_banner(panel: ResultPanel) -> None:
    cancelled(panel)
    assert tabs_in_sight(panel) == ["Result", "Messages"]
    assert panel.banner.isVisible()
    assert label(panel, "partialText").text() == "Cancelled after 2.1 s, 100 rows had arrived"
    assert label(panel, "emptyTitle").text() == "Cancelled"


def test_shown_partial_rows_carry_a_badge_that_stays(panel: ResultPanel, qtbot: QtBot) -> None:
    cancelled(panel)
    button = panel.findChild(QPushButton, "showPartialButton")
    assert button is not None
    with qtbot.waitSignal(panel.partial_shown):
        QTest.mouseClick(button, LEFT)
    assert not panel.banner.isVisible()
    assert tabs_in_sight(panel) == ["Result 1 \u00b7 PARTIAL", "Messages"]
    assert label(panel, "partialBadge").isVisible()
    assert label(panel, "partialBadge").text() == "PARTIAL"
    panel.tabs.show_messages()
    assert not label(panel, "partialBadge").isVisible()
    panel.tabs.setCurrentIndex(panel.tabs.currentIndex() - 1)
    assert label(panel, "partialBadge").isVisible()
    assert front_grid(panel).rows == 100


def test_results_that_were_complete_stay_when_a_later_one_is_cancelled(
    panel: ResultPanel,
) -> None:
    cancelled(panel, complete=2)
    assert tabs_in_sight(panel) == ["Result 1", "Result 2", "Messages"]
    panel.banner.button.click()
    assert tabs_in_sight(panel)[:3] == ["Result 1", "Result 2", "Result 3 \u00b7 PARTIAL"]
    assert front(panel) == "Result 3 \u00b7 PARTIAL"


def test_rows_that_came_before_an_error_are_marked_as_a_part(panel: ResultPanel) -> None:
    panel.begin_run(2)
    for index in range(2):
        panel.open_result(index, COLUMNS).append(rows(0, 100))
    panel.finish_result(0, 100)
    panel.end_run(State.FAILED)
    assert tabs_in_sight(panel) == ["Result 1", "Result 2 \u00b7 PARTIAL", "Messages"]


def test_a_run_that_succeeds_leaves_nothing_partial(panel: ResultPanel) -> None:
    panel.begin_run(1)
    results = panel.open_result(0, COLUMNS)
    results.append(rows(0, 100))
    panel.end_run(State.SUCCESS)
    assert results.rows.final
    assert tabs_in_sight(panel) == ["Result 1", "Messages"]


def test_with_no_row_there_is_nothing_to_show(panel: ResultPanel) -> None:
    panel.begin_run(1)
    panel.open_result(0, COLUMNS)
    panel.end_run(State.CANCELLED)
    panel.offer_partial(50, 0)
    assert label(panel, "partialText").text() == "Cancelled after 0.1 s, 0 rows had arrived"
    assert not panel.banner.button.isVisible()


def test_one_row_is_one_row(panel: ResultPanel) -> None:
    panel.offer_partial(1000, 1)
    assert label(panel, "partialText").text() == "Cancelled after 1.0 s, 1 row had arrived"


# --- errors and messages -------------------------------------------------------------


def test_an_error_says_what_why_and_leads_to_the_place(panel: ResultPanel, qtbot: QtBot) -> None:
    panel.begin_run(1)
    panel.end_run(State.FAILED)
    panel.show_error("The database refused it", "no such table: x\nNothing changed.", "1", 14)
    assert "The database refused it" in label(panel, "errorTitle").text()
    assert label(panel, "errorMessage").text() == "no such table: x\nNothing changed."
    assert label(panel, "errorCode").text() == "1"
    with qtbot.waitSignal(panel.error_activated) as activated:
        QTest.mouseClick(panel.error.go, LEFT)
    assert activated.args == [14]


def test_an_error_without_a_place_offers_no_way_there(panel: ResultPanel) -> None:
    panel.show_error("Lost", "the connection is gone", "", None)
    assert panel.error.isVisible()
    assert not panel.error.go.isVisible()
    assert not label(panel, "errorCode").isVisible()


@pytest.mark.parametrize("message", ["x" * 100_000, "word " * 50_000, "line\n" * 50_000])
def test_an_endless_error_does_not_push_the_window_apart(
    panel: ResultPanel, app: QApplication, message: str
) -> None:
    panel.show_error("Long", message, "X", None)
    app.processEvents()
    assert panel.minimumSizeHint().width() < 900
    assert panel.error.height() < 400
    assert panel.tabs.isVisible()


def test_markup_from_a_database_is_text(panel: ResultPanel) -> None:
    panel.show_error("<b>x</b>", "<img src=x>", "<i>", None)
    for name in ("errorTitle", "errorMessage", "errorCode"):
        assert label(panel, name).textFormat() is Qt.TextFormat.PlainText


def test_a_refused_copy_is_explained_in_the_messages(panel: ResultPanel) -> None:
    panel.begin_run(1)
    results = panel.open_result(0, COLUMNS)
    results.append(rows(0, 100_000))
    panel.end_run(State.SUCCESS)
    grid = front_grid(panel)
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Not copied: 300,000 cells" in panel.tabs.messages.toPlainText()


# --- status line ---------------------------------------------------------------------


def test_the_status_line_shows_what_it_is_told(panel: ResultPanel) -> None:
    panel.set_status("RUNNING", "running")
    panel.set_elapsed(4_250)
    panel.set_rows(120_000)
    panel.set_progress(0.43, True)
    panel.set_transaction("TX open, 3 statements")
    panel.set_receipt("Last stop: in 0.9 ms, seen gone", "ok")
    assert label(panel, "queryStatus").text() == "RUNNING"
    assert label(panel, "elapsedTime").text() == "00:04.2"
    assert label(panel, "rowCount").text() == "120,000 rows"
    assert label(panel, "progressPercent").text() == "43 %"
    assert label(panel, "transactionText").text() == "TX open, 3 statements"
    assert label(panel, "receiptLabel").text() == "Last stop: in 0.9 ms, seen gone"


def test_one_row_is_singular(panel: ResultPanel) -> None:
    panel.set_rows(1)
    assert label(panel, "rowCount").text() == "1 row"


@pytest.mark.parametrize(
    ("fraction", "running", "visible", "busy"),
    [(None, False, False, False), (None, True, True, True), (0.5, True, True, False)],
)
def test_progress_is_hidden_busy_or_known(
    panel: ResultPanel, fraction: float | None, running: bool, visible: bool, busy: bool
) -> None:
    panel.set_progress(fraction, running)
    bar = panel.status.progress
    assert bar.isVisible() == visible
    assert (bar.maximum() == 0) == busy
    if fraction is not None:
        assert bar.value() * 2 == bar.maximum()


def test_the_grid_does_not_jump_when_progress_comes_and_goes(
    panel: ResultPanel, app: QApplication
) -> None:
    heights = set()
    for running in (False, True, False):
        panel.set_progress(None, running)
        app.processEvents()
        heights.add(panel.tabs.height())
    assert len(heights) == 1


def test_a_long_receipt_gives_way_instead_of_widening_the_window(panel: ResultPanel) -> None:
    panel.set_receipt("a long story " * 100, "danger")
    assert panel.minimumSizeHint().width() < 900
    assert label(panel, "receiptLabel").text() == "a long story " * 100


# --- summary of a selection ----------------------------------------------------------


@pytest.fixture
def grid(panel: ResultPanel) -> ResultGrid:
    panel.begin_run(1)
    panel.open_result(0, COLUMNS).append(rows(0, 200_000))
    panel.finish_result(0, 200_000)
    panel.end_run(State.SUCCESS)
    return front_grid(panel)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ((1, 0, 1, 0), ""),
        ((1, 0, 4, 0), "4 cells  \u00b7  sum 10  \u00b7  avg 2.5  \u00b7  min 1  \u00b7  max 4"),
        ((0, 1, 2, 2), "6 cells  \u00b7  1 NULL"),
        ((0, 0, 199_999, 0), "200,000 cells"),
    ],
)
def test_selected_cells_are_summed_up(
    panel: ResultPanel, grid: ResultGrid, cells: tuple[int, int, int, int], text: str
) -> None:
    grid.select(cells[0], cells[1], extend=False)
    grid.select(cells[2], cells[3], extend=True)
    assert label(panel, "selectionSummary").text() == text


def test_the_summary_goes_with_its_grid(panel: ResultPanel, grid: ResultGrid) -> None:
    grid.select(5, 0, extend=True)
    assert label(panel, "selectionSummary").text()
    panel.tabs.show_messages()
    assert not label(panel, "selectionSummary").text()


# --- leaks ---------------------------------------------------------------------------


def test_a_hundred_runs_leave_no_widget_and_no_memory_behind(
    panel: ResultPanel, app: QApplication, pump: Callable[[], None]
) -> None:
    def run() -> None:
        panel.begin_run(1)
        panel.open_result(0, COLUMNS).append(rows(0, 1000))
        panel.end_run(State.SUCCESS)
        pump()

    run()
    widgets, memory = len(app.allWidgets()), pa.total_allocated_bytes()
    for _ in range(100):
        run()
    assert len(app.allWidgets()) == widgets
    assert pa.total_allocated_bytes() <= memory + 1_000_000
