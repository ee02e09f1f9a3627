"""The timeout of a tab: asked for in seconds, 0 for never, Esc for as it was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.dialogs.conftest import Opened
from workbench.ui.dialogs.timeout import TimeoutDialog


@pytest.mark.parametrize(("typed", "answer"), [("2.5", 2.5), ("0", 0.0)])
def test_enter_sets_what_was_typed(
    window: QWidget, opened: Opened, typed: str, answer: float
) -> None:
    dialog = TimeoutDialog(30.0, window)
    answers = opened(dialog)
    dialog.seconds.selectAll()
    QTest.keyClicks(dialog.seconds, typed)
    QTest.keyClick(dialog.seconds, Qt.Key.Key_Return)
    assert answers == [answer]


def test_esc_leaves_it_as_it_is(window: QWidget, opened: Opened) -> None:
    dialog = TimeoutDialog(30.0, window)
    answers = opened(dialog)
    QTest.keyClick(dialog.seconds, Qt.Key.Key_Escape)
    assert answers == [None]
