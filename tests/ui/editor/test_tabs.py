"""Tabs by keyboard and mouse."""

import gc
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.page import EditorPage, TabState
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.theme import theme
from workbench.ui.widgets.tips import plain_tip

_KEY, _MOD = Qt.Key, Qt.KeyboardModifier


def _titles(tabs: EditorTabs) -> list[str]:
    return [page.title for page in tabs.pages()]


def _front(tabs: EditorTabs) -> EditorPage:
    page = tabs.current_page()
    assert page is not None
    return page


def _press(tabs: EditorTabs, key: Qt.Key, modifier: Qt.KeyboardModifier = _MOD.NoModifier) -> None:
    QTest.keyClick(_front(tabs).editor, key, modifier)


def _heard(signal: SignalInstance) -> list[object]:
    got: list[object] = []
    signal.connect(got.append)
    return got


def _centre(tabs: EditorTabs, index: int) -> QPoint:
    return tabs.tabBar().tabRect(index).center()


def test_without_a_tab_it_says_what_to_do(tabs: EditorTabs) -> None:
    assert tabs._empty.isVisible()
    assert tabs._empty.accessibleName().startswith("No tab open. Ctrl+T opens one")
    page = tabs.new_tab()
    assert not tabs._empty.isVisible()
    tabs.remove_page(page)
    assert tabs._empty.isVisible()


def test_ctrl_t_opens_a_tab_even_without_one(tabs: EditorTabs) -> None:
    QTest.keyClick(tabs, _KEY.Key_T, _MOD.ControlModifier)
    _press(tabs, _KEY.Key_T, _MOD.ControlModifier)
    assert _titles(tabs) == ["query 1", "query 2"]
    assert _front(tabs).editor.hasFocus()


def test_the_plus_opens_a_tab(tabs: EditorTabs) -> None:
    plus = tabs.findChild(QToolButton, "newTabButton")
    assert isinstance(plus, QToolButton)
    QTest.mouseClick(plus, Qt.MouseButton.LeftButton)
    assert _titles(tabs) == ["query 1"]
    assert plus.x() >= tabs.tabBar().tabRect(0).right()


def test_a_free_number_is_used_again(tabs: EditorTabs) -> None:
    first = tabs.new_tab()
    tabs.new_tab()
    tabs.remove_page(first)
    assert tabs.new_tab().title == "query 1"


def test_opening_and_closing_are_announced(tabs: EditorTabs) -> None:
    added, removed = _heard(tabs.page_added), _heard(tabs.page_removed)
    current = _heard(tabs.current_page_changed)
    page = tabs.new_tab()
    tabs.remove_page(page)
    tabs.remove_page(page)
    assert added == [page]
    assert removed == [page]
    assert current == [page, None]


@pytest.mark.parametrize("how", ["key", "middle click", "button"])
def test_closing_only_asks(tabs: EditorTabs, how: str) -> None:
    tabs.new_tab()
    page = tabs.new_tab()
    asked = _heard(tabs.close_requested)
    if how == "key":
        _press(tabs, _KEY.Key_W, _MOD.ControlModifier)
    elif how == "middle click":
        QTest.mouseClick(
            tabs.tabBar(), Qt.MouseButton.MiddleButton, _MOD.NoModifier, _centre(tabs, 1)
        )
    else:
        button = tabs.tabBar().tabButton(1, tabs.tabBar().ButtonPosition.RightSide)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [page]
    assert len(tabs.pages()) == 2


@pytest.mark.parametrize(
    ("key", "modifier", "front"),
    [
        (_KEY.Key_Tab, _MOD.ControlModifier, "a"),
        (_KEY.Key_PageDown, _MOD.ControlModifier, "a"),
        (_KEY.Key_PageUp, _MOD.ControlModifier, "b"),
        (_KEY.Key_Tab, _MOD.ControlModifier | _MOD.ShiftModifier, "b"),
    ],
)
def test_keys_switch_tabs_round_the_ends(
    tabs: EditorTabs, key: Qt.Key, modifier: Qt.KeyboardModifier, front: str
) -> None:
    for title in "abc":
        tabs.new_tab(title=title)
    _press(tabs, key, modifier)
    assert _front(tabs).title == front
    assert _front(tabs).editor.hasFocus()


def test_keys_move_a_tab(tabs: EditorTabs) -> None:
    for title in "abc":
        tabs.new_tab(title=title)
    _press(tabs, _KEY.Key_PageUp, _MOD.ControlModifier | _MOD.ShiftModifier)
    assert _titles(tabs) == ["a", "c", "b"]
    assert _front(tabs).title == "c"


def _rename_field(tabs: EditorTabs) -> QLineEdit:
    field = tabs.findChild(QLineEdit, "tabNameField")
    assert isinstance(field, QLineEdit)
    return field


@pytest.mark.parametrize(("key", "title"), [(_KEY.Key_Return, "new"), (_KEY.Key_Escape, "old")])
def test_f2_renames_in_place(tabs: EditorTabs, key: Qt.Key, title: str) -> None:
    page = tabs.new_tab(title="old")
    _press(tabs, _KEY.Key_F2)
    field = _rename_field(tabs)
    assert field.selectedText() == "old"
    QTest.keyClicks(field, "new")
    QTest.keyClick(field, key)
    assert page.title == title
    assert page.editor.hasFocus()


def test_a_double_click_renames_and_leaving_the_field_keeps_the_name(tabs: EditorTabs) -> None:
    page = tabs.new_tab(title="old")
    QTest.mouseDClick(tabs.tabBar(), Qt.MouseButton.LeftButton, _MOD.NoModifier, _centre(tabs, 0))
    QTest.keyClicks(_rename_field(tabs), "newer")
    page.editor.setFocus()
    assert page.title == "newer"


def test_an_empty_name_is_not_taken(tabs: EditorTabs) -> None:
    page = tabs.new_tab(title="old")
    tabs.rename_current()
    field = _rename_field(tabs)
    QTest.keyClicks(field, "   ")
    QTest.keyClick(field, _KEY.Key_Return)
    assert page.title == "old"


def test_typing_marks_the_tab_until_it_is_saved(tabs: EditorTabs) -> None:
    page = tabs.new_tab("select 1", title="a&b")
    assert tabs.tabText(0) == "a&&b"
    QTest.keyClicks(page.editor, "x")
    assert tabs.tabText(0) == "a&&b *"
    assert "not saved to a file" in tabs.tabBar().accessibleTabName(0)
    page.dirty = False
    assert tabs.tabText(0) == "a&&b"


@pytest.mark.parametrize(
    ("state", "word"),
    [(TabState.RUNNING, "running"), (TabState.FAILED, "failed"), (TabState.CANCELLED, "cancelled")],
)
def test_a_state_has_a_dot_and_a_word(tabs: EditorTabs, state: TabState, word: str) -> None:
    page = tabs.new_tab()
    assert tabs.tabIcon(0).isNull()
    page.state = state
    assert not tabs.tabIcon(0).isNull()
    assert word in tabs.tabBar().accessibleTabName(0)
    page.state = TabState.IDLE
    assert tabs.tabIcon(0).isNull()


def test_the_tool_tip_has_the_whole_story_as_plain_text(tabs: EditorTabs) -> None:
    page = tabs.new_tab(title="x")
    page.file_path = "/tmp/<b>report</b>.sql"
    page.connection = "demo"
    assert tabs.tabToolTip(0) == plain_tip("/tmp/<b>report</b>.sql, on demo")


def test_a_connection_s_colour_is_drawn_on_its_tab(tabs: EditorTabs) -> None:
    page = tabs.new_tab(title="production")
    page.colour = "#ff0000"
    bar = tabs.tabBar()
    place = bar.tabRect(0)
    picture = bar.grab().toImage()
    assert picture.pixelColor(place.center().x(), 1).name() == "#ff0000"


def test_tabs_do_not_stretch(tabs: EditorTabs) -> None:
    tabs.new_tab(title="a")
    assert tabs.tabBar().tabRect(0).width() < 200


def test_many_tabs_scroll_and_leave_room_for_the_plus(tabs: EditorTabs) -> None:
    for n in range(20):
        tabs.new_tab(title=f"a rather long title {n}")
    plus = tabs.findChild(QToolButton, "newTabButton")
    assert isinstance(plus, QToolButton)
    assert tabs.tabBar().geometry().right() < plus.x()
    assert plus.geometry().right() <= tabs.width()


def test_saving_and_opening_are_asked_for(tabs: EditorTabs) -> None:
    page = tabs.new_tab()
    saved, saved_as = _heard(tabs.save_requested), _heard(tabs.save_as_requested)
    opened: list[bool] = []
    tabs.open_file_requested.connect(lambda: opened.append(True))
    _press(tabs, _KEY.Key_S, _MOD.ControlModifier)
    _press(tabs, _KEY.Key_S, _MOD.ControlModifier | _MOD.ShiftModifier)
    _press(tabs, _KEY.Key_O, _MOD.ControlModifier)
    assert saved == saved_as == [page]
    assert opened == [True]


def test_the_lower_widget_is_what_the_factory_makes(qtbot: QtBot) -> None:
    made: list[QWidget] = []

    def factory() -> QWidget:
        made.append(QPlainTextEdit())
        return made[-1]

    tabs = EditorTabs(factory)
    qtbot.addWidget(tabs)
    page = tabs.new_tab()
    assert page.lower_widget is made[0]
    assert page.splitter.widget(1) is made[0]


def test_a_page_is_found_by_its_id(tabs: EditorTabs) -> None:
    page = tabs.new_tab(tab_id="abc")
    assert tabs.page_by_id("abc") is page
    tabs.remove_page(page)
    assert tabs.page_by_id("abc") is None


@pytest.mark.parametrize(
    "act",
    [
        lambda page: QTest.keyClicks(page.editor, "x"),
        lambda page: page.editor.set_caret(3),
        lambda page: setattr(page, "title", "other"),
        lambda page: setattr(page, "connection", "other"),
        lambda page: setattr(page, "file_path", "/tmp/x.sql"),
    ],
    ids=["typing", "moving", "renaming", "connecting", "naming the file"],
)
def test_whatever_the_journal_keeps_is_announced(
    tabs: EditorTabs, act: Callable[[EditorPage], object]
) -> None:
    page = tabs.new_tab("select")
    heard: list[bool] = []
    tabs.changed.connect(lambda: heard.append(True))
    act(page)
    assert heard


def test_zooming_one_editor_zooms_all_and_those_to_come(tabs: EditorTabs) -> None:
    first, second = tabs.new_tab(), tabs.new_tab()
    heard = _heard(tabs.code_pixels_changed)
    second.editor.zoom(3)
    assert first.editor.code_pixels() == second.editor.code_pixels() == 16
    assert tabs.new_tab().editor.code_pixels() == 16
    assert heard == [16]


def test_the_zoom_outlives_a_change_of_theme(tabs: EditorTabs, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    try:
        tabs.new_tab()
        tabs.set_code_pixels(16)
        page = tabs.new_tab()
        theme.apply(qapp, "dark")
        sizes = [each.editor.font().pixelSize() for each in tabs.pages()]
        assert sizes == [16, 16]
        assert page.editor.code_pixels() == 16
    finally:
        theme.apply(qapp, "light")
        qapp.setStyleSheet("")


def test_closed_tabs_leave_nothing_behind(tabs: EditorTabs, qtbot: QtBot) -> None:
    kept: list[weakref.ref[object]] = []
    for n in range(30):
        page = tabs.new_tab(f"select {n}")
        page.find_bar.open()
        page.editor.completion.popup.hide()
        kept += [weakref.ref(page), weakref.ref(page.editor), weakref.ref(page.editor.coloring)]
        tabs.remove_page(page)
        del page

    def gone() -> bool:
        gc.collect()
        return not any(ref() for ref in kept)

    qtbot.waitUntil(gone)


def test_a_shortcut_of_the_window_on_the_same_key_is_not_ambiguous(qtbot: QtBot) -> None:
    window, tabs = QMainWindow(), EditorTabs(QPlainTextEdit)
    qtbot.addWidget(window)
    window.setCentralWidget(tabs)
    for keys in ("Ctrl+T", "Ctrl+/", "Ctrl+F"):
        action = QAction(keys, window)
        action.setShortcut(QKeySequence(keys))
        window.addAction(action)
    window.show()
    window.activateWindow()
    page = tabs.new_tab("select")
    qtbot.waitUntil(page.editor.hasFocus)
    QTest.keyClick(page.editor, _KEY.Key_Slash, _MOD.ControlModifier)
    QTest.keyClick(page.editor, _KEY.Key_T, _MOD.ControlModifier)
    assert page.editor.text() == "-- select"
    assert len(tabs.pages()) == 2
