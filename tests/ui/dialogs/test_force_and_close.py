"""Two more questions: force a stop at its price, and close over what is running."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.ui.dialogs.conftest import Opened
from workbench.core.adapter.contract import Rung, RungName
from workbench.ui.dialogs.close_tab import CloseChoice, CloseDialog, Closing, Matter
from workbench.ui.dialogs.force import ForceDialog

TERMINATE = Rung(
    RungName.TERMINATE, "End the session", "the transaction and temporary tables go", asks=True
)


def test_force_names_the_rung_and_its_price(window: QWidget, opened: Opened) -> None:
    dialog = ForceDialog(TERMINATE, tried="Interrupt the statement", waited_s=2, parent=window)
    answers = opened(dialog)
    assert dialog.force.text() == "End the session"
    assert dialog.price.text() == "End the session: The transaction and temporary tables go."
    assert "2 s ago" in dialog.said.text()
    QTest.mouseClick(dialog.force, Qt.MouseButton.LeftButton)
    assert answers == [True]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_esc_wait(window: QWidget, opened: Opened, key: Qt.Key) -> None:
    dialog = ForceDialog(TERMINATE, parent=window)
    answers = opened(dialog)
    QTest.keyClick(dialog.focusWidget(), key)
    assert answers == [False]


def test_force_closes_by_itself(window: QWidget, opened: Opened) -> None:
    dialog = ForceDialog(TERMINATE, parent=window)
    answers = opened(dialog)
    dialog.close_because("It has stopped.")
    assert answers == ["It has stopped."]


BUTTONS = {
    Matter.RUNNING: ["Stop and close", "Keep open"],
    Matter.TRANSACTION: ["Commit and close", "Roll back and close", "Keep open"],
    Matter.UNSAVED: ["Save and close", "Close without saving", "Keep open"],
}


@pytest.mark.parametrize("matter", Matter)
def test_each_matter_has_its_buttons(window: QWidget, opened: Opened, matter: Matter) -> None:
    dialog = CloseDialog(Closing(matter, "query 1", ("one",)), window)
    opened(dialog)
    assert [button.text() for button in dialog.choices.values()] == BUTTONS[matter]
    assert all(button.isVisible() for button in dialog.choices.values())


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_esc_keep_it_open(
    window: QWidget, opened: Opened, matter: Matter, key: Qt.Key
) -> None:
    dialog = CloseDialog(Closing(matter, "query 1", ("one",)), window)
    answers = opened(dialog)
    QTest.keyClick(dialog.focusWidget(), key)
    assert answers == [CloseChoice.KEEP_OPEN]


@pytest.mark.parametrize(
    "choice", [choice for choice in CloseChoice if choice is not CloseChoice.KEEP_OPEN]
)
def test_a_click_answers_its_choice(window: QWidget, opened: Opened, choice: CloseChoice) -> None:
    for matter in Matter:
        dialog = CloseDialog(Closing(matter, "query 1", ("one",)), window)
        answers = opened(dialog)
        if choice in dialog.choices:
            QTest.mouseClick(dialog.choices[choice], Qt.MouseButton.LeftButton)
            assert answers == [choice]
            return
        dialog.close_because("")
    pytest.fail(f"no dialog offers {choice}")


def test_it_lists_what_is_running_on_one_line_each(window: QWidget, opened: Opened) -> None:
    items = tuple(f"query {n}: SELECT\n  {n}" for n in range(40))
    dialog = CloseDialog(Closing(Matter.RUNNING, "", items, window=True), window)
    opened(dialog)
    assert dialog.windowTitle() == "Close Workbench"
    assert dialog.list.count() == 40
    assert dialog.list.item(3).text() == "query 3: SELECT 3"
    assert dialog.height() < 500
