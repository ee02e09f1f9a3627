"""Find and replace, from the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtTest import QTest

from workbench.ui.panels.editor import search
from workbench.ui.panels.editor.page import EditorPage
from workbench.ui.panels.editor.search import Query
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.theme.tokens import current

_KEY, _MOD = Qt.Key, Qt.KeyboardModifier
_TEXT = "select Order, orders from order_list\nwhere order = 'Order'"


@pytest.fixture
def page(tabs: EditorTabs) -> EditorPage:
    """A tab with a text that has "order" in it five times."""
    return tabs.new_tab(_TEXT)


def _find(page: EditorPage, text: str, *, replace: bool = False) -> None:
    key = _KEY.Key_H if replace else _KEY.Key_F
    QTest.keyClick(page.editor, key, _MOD.ControlModifier)
    assert page.find_bar.field.hasFocus()
    page.find_bar.field.clear()
    QTest.keyClicks(page.find_bar.field, text)


def _selected(page: EditorPage) -> tuple[int, str]:
    cursor = page.editor.textCursor()
    return cursor.selectionStart(), cursor.selectedText()


def _places(text: str, **options: bool) -> list[str]:
    query = Query(text, **options)
    return [_TEXT[start:end] for start, end in search.find(query, _TEXT).places]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("order", {}, ["Order", "order", "order", "order", "Order"]),
        ("order", {"case": True}, ["order", "order", "order"]),
        ("order", {"whole_word": True}, ["Order", "order", "Order"]),
        ("or..r", {"regex": True, "case": True}, ["order", "order", "order"]),
        ("or..r", {}, []),
        ("'Order'", {"whole_word": True}, ["'Order'"]),
        ("^w", {"regex": True}, ["w"]),
        ("x*", {"regex": True}, []),
        ("(", {}, []),
        ("list\nwhere", {}, ["list\nwhere"]),
    ],
)
def test_the_options_find_what_they_should(
    text: str, options: dict[str, bool], expected: list[str]
) -> None:
    assert _places(text, **options) == expected


def test_an_invalid_expression_is_named(page: EditorPage) -> None:
    page.find_bar.regex.setChecked(True)
    _find(page, "(order")
    assert page.find_bar.count.text().startswith("Invalid: missing closing parenthesis")
    assert page.find_bar.field.property("invalid") is True
    QTest.keyClicks(page.find_bar.field, ")")
    assert page.find_bar.count.text() == "1 of 5"
    assert page.find_bar.field.property("invalid") is False


def test_an_expression_that_backtracks_for_ever_gives_up() -> None:
    assert search.find(Query("(a+)+b", regex=True), "a" * 40).places == ()


def test_typing_goes_to_the_first_hit_and_counts(page: EditorPage) -> None:
    _find(page, "order")
    assert page.find_bar.count.text() == "1 of 5"
    assert _selected(page) == (7, "Order")


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ([(_KEY.Key_Return, _MOD.NoModifier)], 2),
        ([(_KEY.Key_F3, _MOD.NoModifier)] * 2, 3),
        ([(_KEY.Key_F3, _MOD.ShiftModifier)], 5),
        ([(_KEY.Key_Return, _MOD.ShiftModifier)], 5),
        ([(_KEY.Key_F3, _MOD.NoModifier)] * 5, 1),
    ],
)
def test_keys_step_through_the_hits_and_round(
    page: EditorPage, keys: list[tuple[Qt.Key, Qt.KeyboardModifier]], at: int
) -> None:
    _find(page, "order")
    for key, modifier in keys:
        QTest.keyClick(page.find_bar.field, key, modifier)
    assert page.find_bar.count.text() == f"{at} of 5"


def test_f3_works_in_the_editor_after_the_bar_is_closed(page: EditorPage) -> None:
    _find(page, "order")
    QTest.keyClick(page.find_bar.field, _KEY.Key_Escape)
    assert not page.find_bar.isVisible()
    assert page.editor.hasFocus()
    QTest.keyClick(page.editor, _KEY.Key_F3)
    assert _selected(page) == (14, "order")


def test_hits_are_marked_while_the_bar_is_open(page: EditorPage) -> None:
    _find(page, "order")
    grounds = [e.format.background().color() for e in page.editor.extraSelections()]
    assert grounds.count(QColor(current().match)) == 4
    QTest.keyClick(page.find_bar.field, _KEY.Key_Escape)
    grounds = [e.format.background().color() for e in page.editor.extraSelections()]
    assert grounds.count(QColor(current().match)) == 0


def test_the_selection_is_what_is_looked_for(page: EditorPage) -> None:
    page.editor.set_caret(36, 26)
    QTest.keyClick(page.editor, _KEY.Key_F, _MOD.ControlModifier)
    assert page.find_bar.field.text() == "order_list"
    assert page.find_bar.count.text() == "1 of 1"


def test_no_hits_says_so(page: EditorPage) -> None:
    _find(page, "nothing like it")
    assert page.find_bar.count.text() == "No hits"


def test_hits_after_emoji_are_selected_exactly(page: EditorPage) -> None:
    page.editor.set_text("😀😀 order")
    _find(page, "order")
    assert _selected(page) == (5, "order")


def test_replace_takes_one_and_goes_on(page: EditorPage) -> None:
    _find(page, "order", replace=True)
    page.find_bar.replacement.setFocus()
    QTest.keyClicks(page.find_bar.replacement, "item")
    QTest.keyClick(page.find_bar.replacement, _KEY.Key_Return)
    assert page.editor.text() == _TEXT.replace("Order", "item", 1)
    assert _selected(page) == (13, "order")
    page.editor.undo()
    assert page.editor.text() == _TEXT


def test_replace_all_is_one_step_of_undo(page: EditorPage) -> None:
    page.find_bar.regex.setChecked(True)
    _find(page, r"(\w)rder", replace=True)
    page.find_bar.replacement.setText(r"<\1-$1\\>")
    QTest.keyClick(page.find_bar.field, _KEY.Key_Return, _MOD.ControlModifier)
    assert page.find_bar.count.text() == "5 replaced"
    assert page.editor.text() == (
        "select <O-O\\>, <o-o\\>s from <o-o\\>_list\nwhere <o-o\\> = '<O-O\\>'"
    )
    page.editor.undo()
    assert page.editor.text() == _TEXT


def test_a_plain_replacement_is_taken_literally() -> None:
    assert search.replaced(Query("a.b"), "a.b axb", r"\1$0") == (r"\1$0 axb", 1)


def test_replacing_beside_emoji_hurts_nothing() -> None:
    assert search.replaced(Query("x"), "😀x😀x", "ü😀") == ("😀ü😀😀ü😀", 2)


def test_many_hits_are_capped_and_say_so() -> None:
    hits = search.find(Query("a"), "a" * 50, limit=10)
    assert len(hits.places) == 10
    assert hits.capped


def test_tab_goes_from_what_is_looked_for_to_what_replaces_it(page: EditorPage) -> None:
    _find(page, "order", replace=True)
    QTest.keyClick(page.find_bar.field, _KEY.Key_Tab)
    assert page.find_bar.replacement.hasFocus()


def test_the_bar_s_keys_win_over_the_window_s_while_it_has_the_focus(
    page: EditorPage, tabs: EditorTabs
) -> None:
    ran: list[str] = []
    for keys in ("Ctrl+Return", "Esc", "F3"):
        action = QAction(keys, tabs)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False, keys=keys: ran.append(keys))
        tabs.addAction(action)
    _find(page, "order", replace=True)
    QTest.keyClick(page.find_bar.field, _KEY.Key_F3)
    assert page.find_bar.count.text() == "2 of 5"
    QTest.keyClick(page.find_bar.field, _KEY.Key_Return, _MOD.ControlModifier)
    assert "order" not in page.editor.text().lower()
    QTest.keyClick(page.find_bar.field, _KEY.Key_Escape)
    assert not page.find_bar.isVisible()
    assert ran == []


def test_without_the_second_row_ctrl_enter_is_the_window_s(
    page: EditorPage, tabs: EditorTabs
) -> None:
    ran: list[bool] = []
    action = QAction("run", tabs)
    action.setShortcut(QKeySequence("Ctrl+Return"))
    action.triggered.connect(lambda: ran.append(True))
    tabs.addAction(action)
    _find(page, "order")
    QTest.keyClick(page.find_bar.field, _KEY.Key_Return, _MOD.ControlModifier)
    assert ran == [True]
    assert page.editor.text() == _TEXT
