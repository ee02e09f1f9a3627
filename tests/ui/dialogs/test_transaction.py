"""The transaction dialog: its exact choices, and what it says is at stake."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from tests.ui.dialogs.conftest import Opened
from workbench.core.adapter.contract import Transaction
from workbench.core.query.events import Stake
from workbench.ui.dialogs.transaction import (
    Choice,
    TransactionDialog,
    TransactionQuestion,
    stake_text,
)

THREE = Stake(Transaction.ACTIVE, 3, 1_204)


def question(*, may_keep: bool = True, stake: Stake = THREE, note: str = "") -> TransactionQuestion:
    return TransactionQuestion("DuckDB", stake, may_keep, "SELECT 1", "demo", note)


def shown_buttons(dialog: TransactionDialog) -> list[str]:
    buttons = dialog.findChildren(QPushButton)
    return [button.text() for button in buttons if button.isVisible()]


def test_it_offers_exactly_the_three_choices(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(), window)
    opened(dialog)
    assert dialog.objectName() == "transactionDialog"
    assert shown_buttons(dialog) == [
        "Cancel and roll back",
        "Cancel, keep the transaction",
        "Keep running",
    ]


def test_keeping_is_not_offered_where_the_engine_cannot(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(may_keep=False), window)
    opened(dialog)
    assert shown_buttons(dialog) == ["Cancel and roll back", "Keep running"]
    assert dialog.note.text() == "DuckDB ends the transaction when this statement is stopped."


def test_it_says_what_is_at_stake_and_what_the_engine_does(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(note="a stop aborts the whole transaction"), window)
    opened(dialog)
    assert dialog.stake.text() == "3 statements that changed 1,204 rows are not committed."
    assert dialog.note.text() == "DuckDB: a stop aborts the whole transaction."
    assert "undoes the 3 statements before it" in dialog.roll_back.accessibleDescription()
    assert "stay uncommitted" in dialog.keep.accessibleDescription()


@pytest.mark.parametrize(
    ("stake", "text"),
    [
        (Stake(Transaction.ACTIVE, 0, 0), "Nothing else has run in it yet."),
        (Stake(Transaction.ACTIVE, 1, 1), "1 statement that changed 1 row is not committed."),
    ],
)
def test_one_and_none_are_said_right(stake: Stake, text: str) -> None:
    assert stake_text(stake) == text


@pytest.mark.parametrize("choice", Choice)
def test_a_click_answers_its_choice_once(window: QWidget, opened: Opened, choice: Choice) -> None:
    dialog = TransactionDialog(question(), window)
    answers = opened(dialog)
    buttons = {
        Choice.ROLL_BACK: dialog.roll_back,
        Choice.KEEP: dialog.keep,
        Choice.KEEP_RUNNING: dialog.keep_running,
    }
    QTest.mouseClick(buttons[choice], Qt.MouseButton.LeftButton)
    assert answers == [choice]
    assert not dialog.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_enter_space_and_esc_keep_it_running(window: QWidget, opened: Opened, key: Qt.Key) -> None:
    dialog = TransactionDialog(question(), window)
    answers = opened(dialog)
    focused = dialog.focusWidget()
    assert focused is dialog.keep_running
    QTest.keyClick(focused, key)
    assert answers == [Choice.KEEP_RUNNING]


def test_by_keys_alone_every_choice_is_reached(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(), window)
    answers = opened(dialog)
    seen = []
    for _ in range(3):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        focused = dialog.focusWidget()
        assert isinstance(focused, QPushButton)
        seen.append(focused.text())
    assert seen == ["Cancel and roll back", "Cancel, keep the transaction", "Keep running"]
    QTest.keyClick(dialog.keep_running, Qt.Key.Key_Backtab)
    QTest.keyClick(dialog.keep, Qt.Key.Key_Return)
    assert answers == [Choice.KEEP]


def test_closing_its_window_keeps_it_running(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(), window)
    answers = opened(dialog)
    dialog.close()
    assert answers == [Choice.KEEP_RUNNING]


def test_it_closes_by_itself_when_the_query_ends(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(), window)
    answers = opened(dialog)
    dialog.close_because("The query has finished meanwhile; nothing was cancelled.")
    assert answers == ["The query has finished meanwhile; nothing was cancelled."]
    assert not dialog.isVisible()


def test_once_answered_it_cannot_close_by_itself(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(), window)
    answers = opened(dialog)
    QTest.mouseClick(dialog.roll_back, Qt.MouseButton.LeftButton)
    dialog.close_because("too late")
    dialog.answer(Choice.KEEP)
    assert answers == [Choice.ROLL_BACK]


def test_it_is_high_enough_for_its_words(window: QWidget, opened: Opened) -> None:
    dialog = TransactionDialog(question(note="a long note " * 40), window)
    opened(dialog)
    assert dialog.note.height() >= dialog.note.heightForWidth(dialog.note.width())
    assert dialog.rect().contains(dialog.keep_running.geometry())
