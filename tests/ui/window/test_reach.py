"""Every widget a user operates has its fixed name, a spoken name, and is reached by keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from tests.ui.window.conftest import RUNAWAY, Desk
from workbench.ui.actions import ACTIONS

FIXED = [
    "connectionPicker",
    "runButton",
    "transactionModePicker",
    "editorTabs",
    "sqlEditor",
    "resultTabs",
    "messageLog",
    "queryStatus",
    "rowCount",
    "elapsedTime",
    "queryProgress",
    "receiptLabel",
    "partialBanner",
    "schemaTree",
    "activityTable",
    "historyTable",
    "historySearch",
]
FIXED_ACTIONS = [
    "runAllAction",
    "cancelAllAction",
    "explainAction",
    "commitAction",
    "rollbackAction",
]
# What is operated by keys: each must take the focus by Tab or a shortcut.
OPERATED = [
    "connectionPicker",
    "runButton",
    "transactionModePicker",
    "sqlEditor",
    "schemaTree",
    "activityTable",
    "historyTable",
    "historySearch",
    "messageLog",
    "resultGrid",
]


def test_the_fixed_names_are_there_and_spoken(desk: Desk) -> None:
    assert desk.window.objectName() == "mainWindow"
    for name in FIXED:
        widget = desk.find(QWidget, name)
        assert widget.accessibleName(), f"{name} has no accessible name"
    for name in FIXED_ACTIONS:
        assert desk.window.findChild(QAction, name) is not None, name


def test_the_grid_has_its_name_once_there_is_a_result(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.run("SELECT 1 AS one")
    grid = desk.find(QWidget, "resultGrid")
    assert grid.accessibleName()


def test_whatever_is_operated_takes_the_focus_by_keys(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.run("SELECT 1 AS one")
    for name in OPERATED:
        policy = desk.find(QWidget, name).focusPolicy()
        assert policy & Qt.FocusPolicy.TabFocus, f"{name} is out of the Tab key's reach"


def test_no_two_actions_share_a_key(desk: Desk) -> None:
    keys = [key for spec in ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_a_whole_run_and_stop_by_keys_alone(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    window, qtbot = desk.window, desk.qtbot
    window.activateWindow()
    editor = desk.find(QPlainTextEdit, "sqlEditor")
    editor.setFocus()
    qtbot.keyClicks(editor, "SELECT 42 AS answer")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait_status("SUCCESS")
    qtbot.keyClick(editor, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is not editor
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert QApplication.focusWidget() is editor
    desk.type(RUNAWAY["duckdb"])
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait_status("RUNNING")
    qtbot.keyClick(editor, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    desk.wait_status("CANCELLED")


def test_the_command_palette_runs_an_action_by_keys(desk: Desk) -> None:
    desk.connect("duckdb:///:memory:")
    desk.type("SELECT 7 AS seven")
    desk.action("paletteAction").trigger()
    desk.wait(lambda: desk.dialog("commandPalette") is not None)
    palette = desk.dialog("commandPalette")
    assert palette is not None
    line = palette.findChild(QLineEdit, "paletteLine")
    assert line is not None
    desk.qtbot.keyClicks(line, "run all")
    desk.qtbot.keyClick(line, Qt.Key.Key_Return)
    desk.wait_status("SUCCESS")


def test_activity_and_history_open_by_key(desk: Desk) -> None:
    desk.action("activityAction").trigger()
    assert desk.window.activity.isVisible()
    desk.action("activityAction").trigger()
    assert not desk.window.activity.isVisible()
