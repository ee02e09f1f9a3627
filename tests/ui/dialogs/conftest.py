"""What the tests of dialogs share: a window to ask over, and a list of answers."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.dialogs.question import Question

Opened = Callable[[Question], list[object]]


@pytest.fixture
def window(qtbot: QtBot, app: QApplication) -> QWidget:
    """The window that the dialogs belong to."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def opened(window: QWidget, qtbot: QtBot) -> Opened:
    """Opens a dialog and gives the list that its answers, or its end by itself, go to."""

    def open_it(dialog: Question) -> list[object]:
        answers: list[object] = []
        dialog.answered.connect(answers.append)
        dialog.closed_by_itself.connect(answers.append)
        dialog.open()
        qtbot.waitExposed(dialog)
        return answers

    return open_it
