"""What the journal is given of the tabs, and the tabs it gives back."""

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.page import EditorPage
from workbench.ui.panels.editor.snapshots import restore, snapshots
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.runtime.workspace import Workspace


def _again(tabs: EditorTabs, qtbot: QtBot, current: str = "") -> list[EditorPage]:
    other = EditorTabs(QPlainTextEdit)
    qtbot.addWidget(other)
    return restore(other, Workspace(snapshots(tabs), current))


def test_tabs_come_back_as_they_were(tabs: EditorTabs, qtbot: QtBot) -> None:
    first = tabs.new_tab("select 😀 1", "one")
    first.connection, first.file_path = "demo", "/tmp/one.sql"
    first.editor.set_caret(8, 2)
    first.dirty = True
    second = tabs.new_tab("", "two")
    again = _again(tabs, qtbot, second.tab_id)
    assert [page.title for page in again] == ["one", "two"]
    assert again[0].tab_id == first.tab_id
    assert again[0].editor.text() == "select 😀 1"
    assert (again[0].editor.caret(), again[0].editor.anchor()) == (8, 2)
    assert (again[0].connection, again[0].file_path) == ("demo", "/tmp/one.sql")
    assert (again[0].dirty, again[1].dirty) == (True, False)
    assert again[0].editor.window().currentWidget() is again[1]  # type: ignore[attr-defined]


def test_a_file_s_line_ends_come_back_too(tabs: EditorTabs, qtbot: QtBot) -> None:
    tabs.new_tab("select 1;\r\nselect 2;\r\n").editor.set_caret(12)
    page = _again(tabs, qtbot)[0]
    assert page.editor.text() == "select 1;\nselect 2;\n"
    assert page.editor.file_text() == "select 1;\r\nselect 2;\r\n"
    assert page.editor.caret() == 12


def test_a_caret_past_the_end_is_no_trouble(tabs: EditorTabs) -> None:
    page = tabs.new_tab("abc")
    page.editor.set_caret(99, -5)
    assert page.editor.selection() == (0, 3)
