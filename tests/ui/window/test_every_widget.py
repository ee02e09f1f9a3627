"""Walks the whole living window, each dialog included: plain text, spoken names, honest actions."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QLabel, QWidget

from tests.ui.window.conftest import RUNAWAY, Desk
from workbench.core.adapter.contract import Rung, RungName
from workbench.ui.dialogs.force import ForceDialog
from workbench.ui.dialogs.message import ErrorDialog
from workbench.ui.panels.editor.keys import KEYS

# Names of Qt's own inner parts; each is spoken for by what it is a part of.
_INNER = ("qt_", "ScrollLeftButton", "ScrollRightButton")


def _open_everything(desk: Desk) -> None:
    """A window with everything in it: results, an error, the drawer, the find bar."""
    desk.connect("duckdb:///:memory:")
    desk.run("SELECT 1 AS a; SELECT 2 AS b; SELEC", whole=True, state="FAILED")
    desk.action("replaceAction").trigger()
    desk.window.drawer.show_panel(1)
    desk.wait(lambda: desk.runs.workers.busy() == 0)


def _value_viewer(desk: Desk) -> None:
    grid = desk.find(QWidget, "resultGrid")
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Return)


def _transaction_dialog(desk: Desk) -> None:
    desk.run("BEGIN; CREATE TABLE t AS SELECT 1 AS i", whole=True)
    desk.start(RUNAWAY["duckdb"])
    desk.click()


def _close_dialog(desk: Desk) -> None:
    desk.start(RUNAWAY["duckdb"])
    desk.window.close_tab(desk.tab.page)


def _force_dialog(desk: Desk) -> None:
    rung = Rung(RungName.TERMINATE, "End the session", "the transaction goes", asks=True)
    ForceDialog(rung, tried="Interrupt", waited_s=2, parent=desk.window).open()


def _by(action: str) -> Callable[[Desk], None]:
    return lambda desk: desk.action(action).trigger()


DIALOGS: dict[str, Callable[[Desk], None]] = {
    "connectionDialog": _by("connectAction"),
    "commandPalette": _by("paletteAction"),
    "shortcutsDialog": _by("shortcutsAction"),
    "timeoutDialog": _by("timeoutAction"),
    "valueViewer": _value_viewer,
    "transactionDialog": _transaction_dialog,
    "closeDialog": _close_dialog,
    "forceDialog": _force_dialog,
    "errorDialog": lambda desk: ErrorDialog("It", "broke", "trace", desk.window).show(),
}


@pytest.fixture(params=["", *DIALOGS])
def whole(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Desk]:
    """The whole window, with each dialog in turn."""
    _open_everything(desk)
    if request.param:
        DIALOGS[request.param](desk)
        desk.wait(lambda: desk.dialog(request.param) is not None)
    yield desk
    for dialog in desk.window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    for tab in desk.window.deck.all():
        tab.run.stop()
    desk.wait(lambda: not any(tab.run.running for tab in desk.window.deck.all()))


def _shown(desk: Desk) -> list[QWidget]:
    widgets = [desk.window, *desk.window.findChildren(QWidget)]
    return [w for w in widgets if w.isVisible() and not w.objectName().startswith(_INNER)]


def test_every_label_shows_plain_text(whole: Desk) -> None:
    labels = whole.window.findChildren(QLabel)
    assert len(labels) > 20
    guessing = {
        label.objectName() or label.text()
        for label in labels
        if label.textFormat() != Qt.TextFormat.PlainText
    }
    assert not guessing


def test_every_widget_that_takes_the_focus_has_a_spoken_name(whole: Desk) -> None:
    nameless = []
    for widget in _shown(whole):
        parent = widget.parentWidget()
        inner = isinstance(parent, QAbstractScrollArea) or widget.focusProxy() is not None
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or inner:
            continue
        spoken = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not spoken.strip():
            nameless.append(f"{type(widget).__name__} {widget.objectName()!r}")
    assert not nameless


def test_every_tool_tip_is_marked_as_what_it_is(whole: Desk) -> None:
    """Qt takes for markup whatever looks like it; ours is plain, or `plain_tip` made it."""
    for widget in _shown(whole):
        tip = widget.toolTip()
        markup = Qt.mightBeRichText(tip)  # type: ignore[attr-defined]
        assert tip.startswith("<qt>") or not markup, tip


NEED_A_TAB = {
    "saveAction", "saveAsAction", "closeTabAction", "runAction", "runAllAction",
    "runSelectionAction", "cancelAction", "explainAction", "commitAction", "rollbackAction",
    "timeoutAction", "formatAction", "findAction", "replaceAction", "commentAction",
    "completeAction", "focusEditorAction", "focusResultAction", "nextTabAction",
    "previousTabAction", "cancelAllAction",
}  # fmt: skip


def test_without_a_tab_no_action_is_offered_that_needs_one(desk: Desk) -> None:
    desk.window.tabs.remove_page(desk.tab.page)
    offered = {a.objectName() for a in desk.window.actions() if a.isEnabled()}
    assert not offered & NEED_A_TAB
    desk.action("newTabAction").trigger()
    offered = {a.objectName() for a in desk.window.actions() if a.isEnabled()}
    assert {"saveAction", "closeTabAction", "findAction", "runAction"} <= offered
    assert not offered & {"cancelAction", "commitAction", "rollbackAction", "explainAction"}


@pytest.mark.parametrize("name", ["schemaAction", "activityAction"])
def test_a_checked_action_says_what_is_shown(desk: Desk, name: str) -> None:
    panel = {
        "schemaAction": desk.window.schema,
        "activityAction": desk.window.activity,
    }[name]
    action: QAction = desk.action(name)
    for _turn in range(2):
        assert action.isChecked() == panel.isVisible()
        action.trigger()
    assert action.isChecked() == panel.isVisible()


def test_the_drawer_s_own_buttons_check_the_action_too(desk: Desk) -> None:
    desk.find(QWidget, "historyButton").click()  # type: ignore[attr-defined]
    assert desk.action("activityAction").isChecked()
    desk.find(QWidget, "historyButton").click()  # type: ignore[attr-defined]
    assert not desk.action("activityAction").isChecked()


def test_the_list_of_shortcuts_has_the_editor_s_own_keys(desk: Desk) -> None:
    desk.action("shortcutsAction").trigger()
    dialog = desk.dialog("shortcutsDialog")
    assert dialog is not None
    model = dialog.tree.model()  # type: ignore[attr-defined]
    groups = [model.index(row, 0) for row in range(model.rowCount())]
    listed = {
        model.index(row, 0, group).data()
        for group in groups
        for row in range(model.rowCount(group))
    }
    assert {what for what, _keys in KEYS} <= listed
    dialog.reject()


def test_in_a_small_window_nothing_of_the_toolbar_is_out_of_reach(desk: Desk) -> None:
    desk.window.resize(900, 600)
    QApplication.processEvents()
    bar = desk.window.toolbar
    for action in bar.actions():
        widget = bar.widgetForAction(action)
        if widget.objectName():
            assert widget.isVisible(), widget.objectName()
            assert widget.geometry().right() <= bar.width(), widget.objectName()
    desk.window.resize(1280, 800)
    QApplication.processEvents()
    button = desk.find(QWidget, "commitButton")
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon  # type: ignore[attr-defined]
