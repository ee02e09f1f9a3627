"""The list of shortcuts: all of them, and found by action or key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.dialogs.shortcuts import Shortcut, ShortcutsDialog

SHORTCUTS = (
    Shortcut("Run", "Run statement", ("Ctrl+Return",)),
    Shortcut("Tabs", "New tab", ("Ctrl+T",)),
    Shortcut("Run", "Cancel", ("Esc", "Ctrl+.")),
    Shortcut("Tabs", "Rename tab"),
)


@pytest.fixture
def dialog(window: QWidget, qtbot: QtBot) -> ShortcutsDialog:
    dialog = ShortcutsDialog(SHORTCUTS, window)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def shown(dialog: ShortcutsDialog) -> list[tuple[str, str, str]]:
    model = dialog.tree.model()
    lines = []
    for at in range(model.rowCount()):
        group = model.index(at, 0)
        for line in range(model.rowCount(group)):
            action, keys = (model.index(line, column, group).data() for column in (0, 1))
            lines.append((str(group.data()), str(action), str(keys)))
    return lines


def test_all_actions_are_listed_by_group(dialog: ShortcutsDialog) -> None:
    assert shown(dialog) == [
        ("Run", "Run statement", "Ctrl+Return"),
        ("Run", "Cancel", "Esc, Ctrl+."),
        ("Tabs", "New tab", "Ctrl+T"),
        ("Tabs", "Rename tab", "none"),
    ]


@pytest.mark.parametrize(("typed", "found"), [("ctrl+t", "New tab"), ("CANC", "Cancel")])
def test_they_are_found_by_action_and_by_key(
    dialog: ShortcutsDialog, typed: str, found: str
) -> None:
    QTest.keyClicks(dialog.filter, typed)
    assert [action for _group, action, _keys in shown(dialog)] == [found]


def test_nothing_found_is_said(dialog: ShortcutsDialog) -> None:
    QTest.keyClicks(dialog.filter, "zzz")
    assert dialog.nothing.isVisible()
    assert not dialog.tree.isVisible()


def test_esc_clears_the_filter_and_then_closes(dialog: ShortcutsDialog) -> None:
    QTest.keyClicks(dialog.filter, "run")
    QTest.keyClick(dialog.filter, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert len(shown(dialog)) == 4
    QTest.keyClick(dialog.filter, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_window_s_close_button_closes_it_at_once(dialog: ShortcutsDialog) -> None:
    QTest.keyClicks(dialog.filter, "run")
    dialog.close()
    assert not dialog.isVisible()
