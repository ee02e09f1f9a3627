"""Nobody loses their place: where the focus is after a run, a dialog, a bar or a panel has gone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget

from tests.ui.window.conftest import RUNAWAY, Desk


@pytest.fixture
def typing(desk: Desk) -> Desk:
    """An active window, the caret in the editor behind some text."""
    desk.window.activateWindow()
    desk.connect("duckdb:///:memory:")
    desk.type("SELECT 1;\nSELECT 2;")
    desk.find(QPlainTextEdit, "sqlEditor").setFocus()
    desk.wait(lambda: QApplication.focusWidget() is desk.find(QPlainTextEdit, "sqlEditor"))
    return desk


def _editor(desk: Desk) -> QPlainTextEdit:
    return desk.find(QPlainTextEdit, "sqlEditor")


def _at_the_editor(desk: Desk) -> None:
    desk.window.activateWindow()  # what a window manager does when a dialog has gone
    desk.qtbot.waitUntil(lambda: QApplication.focusWidget() is _editor(desk), timeout=10_000)


def _open(desk: Desk, name: str) -> QDialog:
    desk.wait(lambda: desk.dialog(name) is not None)
    dialog = desk.dialog(name)
    assert dialog is not None
    return dialog


DIALOGS = {
    "connectAction": "connectionDialog",
    "newDatabaseAction": "connectionDialog",
    "paletteAction": "commandPalette",
    "shortcutsAction": "shortcutsDialog",
    "timeoutAction": "timeoutDialog",
    "openFileAction": "fileDialog",
    "saveAction": "fileDialog",
}


@pytest.mark.parametrize("action", DIALOGS)
def test_esc_in_a_dialog_leads_back_to_the_caret(typing: Desk, action: str) -> None:
    typing.action(action).trigger()
    dialog = _open(typing, DIALOGS[action])
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    typing.wait(lambda: typing.dialog(DIALOGS[action]) is None)
    _at_the_editor(typing)


@pytest.mark.parametrize(
    "start", [lambda desk: desk.window.close_tab(desk.tab.page), lambda desk: desk.window.close()]
)
def test_keep_open_leads_back_to_the_caret(typing: Desk, start: Callable[[Desk], None]) -> None:
    typing.start(RUNAWAY["duckdb"])
    _editor(typing).setFocus()
    start(typing)
    QTest.keyClick(_open(typing, "closeDialog"), Qt.Key.Key_Escape)
    _at_the_editor(typing)
    typing.tab.run.stop()
    typing.wait(lambda: not typing.tab.run.running)


def test_the_transaction_question_leads_back_to_the_caret(typing: Desk) -> None:
    typing.run("BEGIN; CREATE TABLE t AS SELECT 1 AS i", whole=True)
    typing.start(RUNAWAY["duckdb"])
    _editor(typing).setFocus()
    QTest.keyClick(_editor(typing), Qt.Key.Key_Escape)
    QTest.keyClick(_open(typing, "transactionDialog"), Qt.Key.Key_Escape)
    _at_the_editor(typing)
    typing.tab.run.stop()
    typing.wait(lambda: not typing.tab.run.running)


def test_running_by_key_leaves_caret_and_selection_alone(typing: Desk) -> None:
    editor = _editor(typing)
    typing.tab.page.editor.set_caret(3, 0)
    before = typing.tab.page.editor.selection()
    QTest.keyClick(
        editor,
        Qt.Key.Key_Return,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    typing.wait_status("SUCCESS")
    assert QApplication.focusWidget() is editor
    assert typing.tab.page.editor.selection() == before


def test_an_error_takes_neither_focus_nor_caret(typing: Desk) -> None:
    typing.run("SELECT 1;\nSELEC 2;", whole=True, state="FAILED")
    assert QApplication.focusWidget() is _editor(typing)
    assert typing.tab.page.editor.caret() == len("SELECT 1;\nSELEC 2;")


def test_closing_the_drawer_from_inside_it_leads_back_to_the_caret(typing: Desk) -> None:
    typing.find(QWidget, "historyButton").click()  # type: ignore[attr-defined]
    search = typing.find(QLineEdit, "historySearch")
    search.setFocus()
    typing.wait(lambda: QApplication.focusWidget() is search)
    typing.action("activityAction").trigger()
    _at_the_editor(typing)


def test_hiding_the_schema_from_inside_it_leads_back_to_the_caret(typing: Desk) -> None:
    field = typing.find(QLineEdit, "schemaFilter")
    field.setFocus()
    typing.wait(lambda: QApplication.focusWidget() is field)
    typing.action("schemaAction").trigger()
    _at_the_editor(typing)


@pytest.mark.parametrize("action", ["nextTabAction", "previousTabAction", "closeTabAction"])
def test_another_tab_in_front_has_the_caret(typing: Desk, action: str) -> None:
    typing.new_tab()
    typing.new_tab()
    before = typing.tab
    typing.action(action).trigger()
    typing.wait(lambda: typing.tab is not before)
    _at_the_editor(typing)


def test_a_tab_chosen_in_the_palette_has_the_caret(typing: Desk) -> None:
    first = typing.tab
    typing.new_tab()
    typing.action("paletteAction").trigger()
    line = _open(typing, "commandPalette").findChild(QLineEdit, "paletteLine")
    assert line is not None
    QTest.keyClicks(line, first.page.title)
    QTest.keyClick(line, Qt.Key.Key_Return)
    typing.wait(lambda: typing.tab is first)
    _at_the_editor(typing)


def test_a_tab_shown_from_the_activity_panel_has_the_caret(typing: Desk) -> None:
    first = typing.tab
    typing.new_tab()
    typing.action("activityAction").trigger()
    typing.window.activity.tab_requested.emit(first.page.tab_id)
    _at_the_editor(typing)


def test_closing_the_value_viewer_leads_back_to_the_grid(typing: Desk) -> None:
    typing.run("SELECT 'long' AS text")
    grid = typing.find(QWidget, "resultGrid")
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    QTest.keyClick(_open(typing, "valueViewer"), Qt.Key.Key_Escape)
    typing.wait(lambda: QApplication.focusWidget() is grid)


def test_the_result_takes_the_focus_where_its_keys_work(typing: Desk) -> None:
    typing.run("SELECT 1 AS a, 2 AS b")
    typing.action("focusResultAction").trigger()
    assert QApplication.focusWidget() is typing.find(QWidget, "resultGrid")
    typing.panel.tabs.show_messages()
    typing.action("focusResultAction").trigger()
    assert QApplication.focusWidget() is typing.find(QPlainTextEdit, "messageLog")


def test_focus_in_a_grid_that_a_new_run_takes_away_is_not_lost(typing: Desk) -> None:
    typing.run("SELECT 1 AS a")
    typing.find(QWidget, "resultGrid").setFocus()
    typing.action("runAction").trigger()
    typing.wait(lambda: not typing.tab.run.running)
    inside = QApplication.focusWidget()
    page = typing.window.tabs.current_page()
    assert inside is not None
    assert page is not None
    assert page.isAncestorOf(inside), inside


@pytest.mark.parametrize("where", ["findField", "schemaFilter", "historySearch"])
def test_esc_clears_or_closes_what_is_open_before_it_stops_the_query(
    typing: Desk, where: str
) -> None:
    typing.start(RUNAWAY["duckdb"])
    if where == "findField":
        typing.action("findAction").trigger()
    elif where == "historySearch":
        typing.find(QWidget, "historyButton").click()  # type: ignore[attr-defined]
    field = typing.find(QLineEdit, where)
    field.setFocus()
    QTest.keyClicks(field, "xyz")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert typing.status() == "RUNNING"
    assert typing.tab.run.button.mode.value == "cancel"
    inside = QApplication.focusWidget()
    assert inside is not None
    QTest.keyClick(inside, Qt.Key.Key_Escape)
    typing.wait_status("CANCELLED")


def test_esc_closes_the_completions_first_and_then_stops(typing: Desk) -> None:
    typing.run("CREATE TABLE parcels (weight INTEGER)")
    typing.start(RUNAWAY["duckdb"])
    editor = _editor(typing)
    editor.setFocus()
    typing.type("SELECT * FROM par")
    typing.action("completeAction").trigger()
    typing.wait(lambda: typing.tab.page.editor.completion.open)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not typing.tab.page.editor.completion.open
    assert typing.status() == "RUNNING"
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    typing.wait_status("CANCELLED")


@pytest.mark.parametrize("name", ["resultGrid", "schemaTree", "runButton", "connectionPicker"])
def test_esc_stops_from_wherever_the_focus_is(typing: Desk, name: str) -> None:
    typing.start("SELECT * FROM range(100000000000)")
    typing.wait(lambda: typing.panel.tabs.has_results)
    widget = typing.find(QWidget, name)
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    typing.wait_status("CANCELLED")
