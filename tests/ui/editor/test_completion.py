"""Completion: when it is asked for, what it shows, what its keys do."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.completion_popup import Completion, narrow
from workbench.ui.panels.editor.sql_editor import SqlEditor

_KEY, _MOD = Qt.Key, Qt.KeyboardModifier
_ITEMS = [
    Completion("orders", "table", "1.2 M"),
    Completion("order_id", "column", "BIGINT"),
    Completion("ORDER BY", "keyword"),
    Completion("customers", "table", "50 k"),
]


def _shown(editor: SqlEditor) -> list[str]:
    if not editor.completion.open:
        return []
    return [item.text for item in editor.completion.popup.shown]


def _asked(editor: SqlEditor) -> list[tuple[str, int, int]]:
    """(text, caret, generation) of every request from now on."""
    asked: list[tuple[str, int, int]] = []
    editor.completion_wanted.connect(lambda *request: asked.append(request))
    return asked


@pytest.fixture
def answering(editor: SqlEditor) -> SqlEditor:
    """An editor that is answered at once with tables and columns."""

    def answer(text: str, caret: int, generation: int) -> None:
        start = caret
        while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            start -= 1
        editor.set_completions(start, _ITEMS, generation)

    editor.completion_wanted.connect(answer)
    return editor


def _ask(editor: SqlEditor) -> None:
    QTest.keyClick(editor, _KEY.Key_Space, _MOD.ControlModifier)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", ["orders", "order_id", "ORDER BY", "customers"]),
        ("ord", ["orders", "order_id", "ORDER BY"]),
        ("ORD", ["orders", "order_id", "ORDER BY"]),
        ("id", ["order_id"]),
        ("cst", ["customers"]),
        ("zz", []),
    ],
)
def test_what_is_typed_narrows_the_list(prefix: str, expected: list[str]) -> None:
    assert [item.text for item in narrow(_ITEMS, prefix)] == expected


def test_typing_asks_once_after_a_pause_with_text_and_caret(
    editor: SqlEditor, qtbot: QtBot
) -> None:
    asked = _asked(editor)
    editor.set_text("select 😀 ")
    editor.set_caret(9)
    with qtbot.waitSignal(editor.completion_wanted):
        QTest.keyClicks(editor, "ord")
    assert len(asked) == 1
    assert asked[0][:2] == ("select 😀 ord", 12)


def test_ctrl_space_asks_at_once(editor: SqlEditor) -> None:
    asked = _asked(editor)
    _ask(editor)
    assert len(asked) == 1


@pytest.mark.parametrize("text", ["select 'or", "-- or", "/* or", "select 12", "a ", "x,"])
def test_strings_comments_and_numbers_are_not_completed(
    editor: SqlEditor, qtbot: QtBot, text: str
) -> None:
    asked = _asked(editor)
    QTest.keyClicks(editor, text)
    qtbot.waitUntil(lambda: not editor.completion._timer.isActive())
    QApplication.processEvents()
    assert len(asked) == 0


def test_a_dot_asks(editor: SqlEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.completion_wanted):
        QTest.keyClicks(editor, "t.")


def test_the_list_opens_and_narrows_while_typing(answering: SqlEditor, qtbot: QtBot) -> None:
    QTest.keyClicks(answering, "ord")
    qtbot.waitUntil(lambda: _shown(answering) == ["orders", "order_id", "ORDER BY"])
    QTest.keyClicks(answering, "er_")
    assert _shown(answering) == ["order_id"]
    QTest.keyClick(answering, _KEY.Key_Backspace)
    assert _shown(answering) == ["orders", "order_id", "ORDER BY"]


@pytest.mark.parametrize("key", [_KEY.Key_Tab, _KEY.Key_Return])
def test_tab_and_enter_take_the_selected_item(answering: SqlEditor, key: Qt.Key) -> None:
    QTest.keyClicks(answering, "from ord")
    _ask(answering)
    QTest.keyClick(answering, _KEY.Key_Down)
    QTest.keyClick(answering, key)
    assert answering.text() == "from order_id"
    assert answering.caret() == len("from order_id")
    assert not answering.completion.open
    answering.undo()
    assert answering.text() == "from ord"


def test_arrows_go_round(answering: SqlEditor) -> None:
    QTest.keyClicks(answering, "ord")
    _ask(answering)
    QTest.keyClick(answering, _KEY.Key_Up)
    chosen = answering.completion.popup.selected
    assert chosen is not None
    assert chosen.text == "ORDER BY"
    QTest.keyClick(answering, _KEY.Key_Down)
    assert answering.completion.popup.selected == _ITEMS[0]


def test_escape_closes_the_list_and_nothing_else(answering: SqlEditor) -> None:
    QTest.keyClicks(answering, "ord")
    _ask(answering)
    assert _shown(answering)
    QTest.keyClick(answering, _KEY.Key_Escape)
    assert not _shown(answering)
    assert answering.text() == "ord"


def test_enter_breaks_the_line_once_the_word_is_complete(
    answering: SqlEditor, qtbot: QtBot
) -> None:
    QTest.keyClicks(answering, "order")
    qtbot.waitUntil(lambda: answering.completion.open)
    QTest.keyClicks(answering, "s")
    assert not answering.completion.open
    QTest.keyClick(answering, _KEY.Key_Return)
    assert answering.text() == "orders\n"


@pytest.mark.parametrize("typed", [" ", ",", "(", ";", "="])
def test_a_sign_closes_the_list(answering: SqlEditor, typed: str) -> None:
    QTest.keyClicks(answering, "ord")
    _ask(answering)
    QTest.keyClicks(answering, typed)
    assert not answering.completion.open


def test_leaving_the_word_closes_the_list(answering: SqlEditor) -> None:
    QTest.keyClicks(answering, "x ord")
    _ask(answering)
    QTest.keyClick(answering, _KEY.Key_Home)
    assert not answering.completion.open


def test_losing_the_focus_closes_the_list(answering: SqlEditor) -> None:
    QTest.keyClicks(answering, "ord")
    _ask(answering)
    answering.clearFocus()
    assert not answering.completion.open


def test_an_answer_to_an_older_text_is_dropped(editor: SqlEditor) -> None:
    asked = _asked(editor)
    QTest.keyClicks(editor, "ord")
    _ask(editor)
    QTest.keyClicks(editor, "e")
    editor.set_completions(0, _ITEMS, asked[0][2])
    assert not editor.completion.open
    _ask(editor)
    editor.set_completions(0, _ITEMS, asked[0][2])
    assert not editor.completion.open
    editor.set_completions(0, _ITEMS, asked[-1][2])
    assert editor.completion.open


def test_an_answer_after_the_focus_went_elsewhere_shows_nothing(editor: SqlEditor) -> None:
    asked = _asked(editor)
    QTest.keyClicks(editor, "ord")
    _ask(editor)
    editor.clearFocus()
    editor.set_completions(0, _ITEMS, asked[0][2])
    assert not editor.completion.open


def test_no_items_no_list(editor: SqlEditor) -> None:
    editor.set_completions(0, [])
    assert not editor.completion.open


def test_a_click_takes_an_item(answering: SqlEditor) -> None:
    QTest.keyClicks(answering, "ord")
    _ask(answering)
    popup = answering.completion.popup
    place = popup.visualRect(popup.model().index(1, 0)).center()
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, _MOD.NoModifier, place)
    assert answering.text() == "order_id"


def test_the_list_says_its_items_to_a_screen_reader(answering: SqlEditor) -> None:
    QTest.keyClicks(answering, "ord")
    _ask(answering)
    index = answering.completion.popup.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "order_id, column BIGINT"


def test_thousands_of_items_are_no_trouble(editor: SqlEditor) -> None:
    QTest.keyClicks(editor, "t")
    editor.set_completions(0, [Completion(f"table_{n}", "table") for n in range(50_000)])
    assert len(_shown(editor)) == 500
