"""The error dialog: not in the way, plain, and copied whole."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.dialogs.message import ErrorDialog


def shown(window: QWidget, qtbot: QtBot, details: str = "Traceback: <b>x</b>") -> ErrorDialog:
    dialog = ErrorDialog("It broke", "Nothing was lost.", details, window)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_it_leaves_the_window_usable(window: QWidget, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    assert not dialog.isModal()
    dialog.close()


def test_details_are_copied_as_they_are(window: QWidget, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It broke\nNothing was lost.\nTraceback: <b>x</b>"
    assert dialog.isVisible()
    dialog.close()


def test_further_errors_are_counted_in_the_same_window(window: QWidget, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot)
    for number in range(1_000):
        dialog.add("Again", f"number {number}")
    assert dialog.more.text() == "And 1,000 more errors."
    assert dialog.text().endswith("(981 more)")
    assert dialog.heading.text() == "It broke"
    dialog.close()


def test_without_details_it_is_small(window: QWidget, qtbot: QtBot) -> None:
    dialog = shown(window, qtbot, details="")
    assert not dialog.details.isVisible()
    answers: list[object] = []
    dialog.answered.connect(answers.append)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert answers == [None]
    assert not dialog.isVisible()


def test_a_message_that_is_cut_is_whole_in_the_details(window: QWidget, qtbot: QtBot) -> None:
    dialog = ErrorDialog("It broke", "line\n" * 5_000 + "last", parent=window)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.message.text().endswith("…")
    assert dialog.details.isVisible()
    assert dialog.details.toPlainText().endswith("last")
    dialog.close()
