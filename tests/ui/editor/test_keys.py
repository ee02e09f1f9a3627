"""The list of the editor's own keys is true."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from workbench.ui.actions import ACTIONS
from workbench.ui.panels.editor.keys import KEYS
from workbench.ui.panels.editor.tabs import EditorTabs


@pytest.mark.parametrize("keys", [keys for _what, keys in KEYS])
def test_a_listed_key_is_claimed_before_the_window_s_shortcuts(tabs: EditorTabs, keys: str) -> None:
    page = tabs.new_tab("select 1")
    pressed = QKeySequence(keys)[0]  # type: ignore[index]  # missing in the stubs
    event = QKeyEvent(QEvent.Type.ShortcutOverride, pressed.key(), pressed.keyboardModifiers())
    event.ignore()
    QApplication.sendEvent(page.editor, event)
    if not event.isAccepted():  # Qt would ask the parents in turn
        QApplication.sendEvent(tabs, event)
    assert event.isAccepted()


def test_no_listed_key_is_an_action_s() -> None:
    actions = {keys for spec in ACTIONS for keys in spec.keys}
    assert not actions & {keys for _what, keys in KEYS}
