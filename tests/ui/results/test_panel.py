"""The result area of a tab, told what happened: results, status, summary."""

import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.results.conftest import rows
from tests.ui.results.looking import COLUMNS, front, front_grid, label, tabs_in_sight
from workbench.core.query.state import State
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.ui.panels.results.grid import ResultGrid
from workbench.ui.panels.results.panel import ResultPanel
from workbench.ui.panels.results.tabs import MOST_RESULTS


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
