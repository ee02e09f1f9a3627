"""The activity panel in a real window: lines, keys, mouse, and what stays where it is."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from workbench.core.query.registry import Kind
from workbench.core.query.state import State
from workbench.ui.panels.activity.entries import ActivityRow
from workbench.ui.panels.activity.panel import EMPTY_HINT, EMPTY_TITLE, ActivityPanel
from workbench.ui.panels.activity.table import ELAPSED, ROWS, STATE, STATEMENT, TITLE
from workbench.ui.theme import theme

RUNNING = ActivityRow(
    "q1", "t1", "query 1", "demo", State.RUNNING, 4_200, 120_000, "SELECT *\n  FROM orders"
)
QUEUED = ActivityRow("q2", "t2", "query 2", "demo", State.QUEUED, 10, 0, "SELECT 2")
REFRESH = ActivityRow("q3", "", "Schema", "shop", State.RUNNING, 230, kind=Kind.CATALOG)


@pytest.fixture
def panel(qtbot: QtBot, app: QApplication) -> ActivityPanel:
    panel = ActivityPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 240)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def cell(panel: ActivityPanel, line: int, column: int) -> str:
    return str(panel.table.model().index(line, column).data())


def lines(panel: ActivityPanel) -> list[str]:
    model = panel.table.model()
    return [cell(panel, line, TITLE) for line in range(model.rowCount())]


def test_without_queries_it_says_what_it_will_show(panel: ActivityPanel) -> None:
    panel.show_entries(())
    assert not panel.table.isVisible()
    assert panel.empty.isVisible()
    assert panel.empty.accessibleName() == f"{EMPTY_TITLE} {EMPTY_HINT}"


def test_a_line_tells_state_tab_time_rows_and_statement(panel: ActivityPanel) -> None:
    panel.show_entries((RUNNING, REFRESH))
    assert cell(panel, 0, STATE) == "Running"
    assert cell(panel, 0, TITLE) == "query 1"
    assert cell(panel, 0, ELAPSED) == "00:04.2"
    assert cell(panel, 0, ROWS) == "120,000"
    assert cell(panel, 0, STATEMENT) == "SELECT * FROM orders"
    assert cell(panel, 1, STATEMENT) == "Schema refresh"
    assert cell(panel, 1, ROWS) == ""


def test_the_stop_button_of_a_line_asks_to_stop_its_query(
    panel: ActivityPanel, qtbot: QtBot
) -> None:
    panel.show_entries((RUNNING, QUEUED))
    button = panel.table.stop_button("q2")
    assert button is not None
    assert button.accessibleName() == "Stop query SELECT 2 in query 2"
    with qtbot.waitSignal(panel.stop_requested) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == ["q2"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_alone_reach_a_line_and_stop_it(
    panel: ActivityPanel, qtbot: QtBot, key: Qt.Key
) -> None:
    panel.show_entries((RUNNING, QUEUED))
    panel.setFocus()
    assert panel.table.hasFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.stop_requested) as asked:
        QTest.keyClick(panel.table, key)
    assert asked.args == ["q2"]


def test_a_key_held_down_asks_once(panel: ActivityPanel) -> None:
    panel.show_entries((RUNNING,))
    panel.table.selectRow(0)
    asked: list[str] = []
    panel.stop_requested.connect(asked.append)
    QTest.keyPress(panel.table, Qt.Key.Key_Delete)
    for _ in range(5):
        held = QKeyEvent(
            QKeyEvent.Type.KeyPress,
            Qt.Key.Key_Delete,
            Qt.KeyboardModifier.NoModifier,
            "",
            autorep=True,
        )
        QApplication.sendEvent(panel.table, held)
    assert asked == ["q1"]


def test_while_a_stop_is_under_way_the_button_offers_force(panel: ActivityPanel) -> None:
    panel.show_entries((RUNNING,))
    panel.show_entries((replace(RUNNING, state=State.CANCELLING),))
    button = panel.table.stop_button("q1")
    assert button is not None
    assert button.isEnabled()
    assert button.text() == "Force stop"
    assert button.accessibleName().startswith("Force stop query SELECT * FROM orders")
    assert cell(panel, 0, STATE) == "Cancelling…"


def test_a_line_that_cannot_be_stopped_ignores_key_and_button(panel: ActivityPanel) -> None:
    panel.show_entries((replace(RUNNING, stoppable=False),))
    asked: list[str] = []
    panel.stop_requested.connect(asked.append)
    panel.table.selectRow(0)
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    button = panel.table.stop_button("q1")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == []


def test_new_times_touch_only_the_cells_that_changed(panel: ActivityPanel) -> None:
    panel.show_entries((RUNNING, QUEUED))
    button = panel.table.stop_button("q1")
    changed: list[tuple[int, int]] = []
    model = panel.table.model()

    def note(first: QModelIndex, _last: QModelIndex, _roles: list[int]) -> None:
        changed.append((first.row(), first.column()))

    model.dataChanged.connect(note)
    panel.show_entries((replace(RUNNING, elapsed_ms=4_300, rows=130_000), QUEUED))
    assert sorted(changed) == [(0, ELAPSED), (0, ROWS)]
    assert panel.table.stop_button("q1") is button


def test_the_chosen_line_stays_chosen_while_others_come_and_go(panel: ActivityPanel) -> None:
    panel.show_entries((RUNNING, QUEUED, REFRESH))
    panel.table.selectRow(1)
    panel.show_entries((QUEUED, REFRESH))
    assert panel.table.current_query() == "q2"
    panel.show_entries((RUNNING, QUEUED, REFRESH))
    assert panel.table.current_query() == "q2"
    assert lines(panel) == ["query 1", "query 2", "Schema"]


def test_when_the_chosen_query_ends_delete_hits_no_other(panel: ActivityPanel) -> None:
    panel.show_entries((RUNNING, QUEUED, REFRESH))
    panel.table.selectRow(1)
    asked: list[str] = []
    panel.stop_requested.connect(asked.append)
    panel.show_entries((RUNNING, REFRESH))
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert asked == []
    assert not panel.table.selectionModel().hasSelection()


def test_a_new_order_is_followed_with_working_buttons(panel: ActivityPanel, qtbot: QtBot) -> None:
    panel.show_entries((RUNNING, QUEUED, REFRESH))
    panel.show_entries((REFRESH, RUNNING, QUEUED))
    assert lines(panel) == ["Schema", "query 1", "query 2"]
    for query in ("q3", "q1", "q2"):
        button = panel.table.stop_button(query)
        assert button is not None
        with qtbot.waitSignal(panel.stop_requested) as asked:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert asked.args == [query]


def test_two_hundred_queries_keep_the_scroll_position(panel: ActivityPanel) -> None:
    many = tuple(replace(RUNNING, id=f"q{n}", title=f"query {n}") for n in range(200))
    panel.show_entries(many)
    bar = panel.table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    panel.show_entries(tuple(replace(row, elapsed_ms=5_000) for row in many))
    assert before > 0
    assert bar.value() == before
    assert panel.table.model().rowCount() == 200


def test_a_double_click_goes_to_the_tab(panel: ActivityPanel, qtbot: QtBot) -> None:
    panel.show_entries((RUNNING, QUEUED))
    place = panel.table.visualRect(panel.table.model().index(1, STATEMENT)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(panel.tab_requested) as asked:
        QTest.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == ["t2"]


def test_the_menu_key_offers_what_the_mouse_can_do(panel: ActivityPanel, qtbot: QtBot) -> None:
    panel.show_entries((RUNNING, QUEUED))
    panel.table.setCurrentIndex(panel.table.model().index(0, STATE))
    place = panel.table.visualRect(panel.table.currentIndex()).center()
    wanted = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, place, panel.table.viewport().mapToGlobal(place)
    )
    QApplication.sendEvent(panel.table.viewport(), wanted)
    menu = panel.findChild(QMenu, "activityMenu")
    assert menu is not None
    texts = {action.text(): action for action in menu.actions()}
    assert list(texts) == ["Stop", "Go to its tab", "Copy statement"]
    with qtbot.waitSignal(panel.tab_requested) as asked:
        texts["Go to its tab"].trigger()
    assert asked.args == ["t1"]
    texts["Copy statement"].trigger()
    assert QGuiApplication.clipboard().text() == RUNNING.statement
    menu.close()


def test_what_looks_like_markup_is_shown_as_it_is(panel: ActivityPanel) -> None:
    panel.show_entries((replace(RUNNING, title="<b>x</b>", statement="<img src=x>"),))
    assert cell(panel, 0, TITLE) == "<b>x</b>"
    assert cell(panel, 0, STATEMENT) == "<img src=x>"


def test_a_change_of_theme_keeps_lines_and_selection(
    panel: ActivityPanel, app: QApplication
) -> None:
    panel.show_entries((RUNNING, QUEUED))
    panel.table.selectRow(1)
    theme.apply(app, "dark")
    assert lines(panel) == ["query 1", "query 2"]
    assert panel.table.current_query() == "q2"
