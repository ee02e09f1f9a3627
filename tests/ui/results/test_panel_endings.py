"""The result area when a run ends early: rows held back, errors, what they say."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.results.conftest import rows
from tests.ui.results.looking import COLUMNS, LEFT, front, front_grid, label, tabs_in_sight
from workbench.core.query.state import State
from workbench.ui.panels.results.panel import ResultPanel


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
