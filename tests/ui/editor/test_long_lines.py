"""A text with a line that Qt can't lay out is shown shortened and kept whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from workbench.ui.panels.editor import edit_commands, long_lines
from workbench.ui.panels.editor.sql_editor import SqlEditor
from workbench.ui.panels.editor.tabs import EditorTabs

_LONG = "INSERT INTO t VALUES " + "(1, 'abc'), " * 420_000  # 5 MB
_TEXT = f"select 1;\n{_LONG}\nselect '😀', nope;"


@pytest.fixture
def held(editor: SqlEditor) -> SqlEditor:
    """An editor with a line of 5 MB between two others."""
    editor.set_text(_TEXT)
    return editor


def test_the_whole_text_is_kept_and_a_short_one_is_shown(held: SqlEditor) -> None:
    assert held.text() == _TEXT
    assert held.blockCount() == 3
    assert held.document().characterCount() < 5000
    assert "characters more" in held.toPlainText()


def test_it_says_so_in_the_corner(held: SqlEditor) -> None:
    note = held.findChild(QLabel, "largeNote")
    assert isinstance(note, QLabel)
    assert note.isVisible()
    assert "too long to edit" in note.text()
    held.set_text("select 1")
    assert not note.isVisible()


def test_it_cannot_be_edited_by_any_key_or_command(held: SqlEditor) -> None:
    held.selectAll()
    QTest.keyClicks(held, "x")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
        QTest.keyClick(held, key)
    QTest.keyClick(held, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(held, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    edit_commands.toggle_comment(held)
    assert held.text() == _TEXT
    assert held.shown_text() == long_lines.shortened(_TEXT)


@pytest.mark.parametrize("word", ["select 1", "INSERT", "nope"])
def test_offsets_are_those_of_the_whole_text(held: SqlEditor, word: str) -> None:
    at = _TEXT.index(word)
    held.set_caret(at)
    assert held.caret() == at
    held.mark_error(at, len(word))
    marked = held.decorations.error_range
    assert marked is not None
    held.set_caret(at + len(word), at)
    assert held.textCursor().selectedText() == word


def test_selecting_all_is_the_whole_text(held: SqlEditor) -> None:
    held.selectAll()
    assert held.selection() == (0, len(_TEXT))


def test_replacing_it_by_shorter_lines_lets_one_edit_again(held: SqlEditor) -> None:
    held.replace_range(0, len(_TEXT), _LONG.replace("), ", "),\n"))
    assert not held.isReadOnly()
    assert held.text() == _LONG.replace("), ", "),\n")
    assert held.document().isModified()


def test_pasting_such_a_line_holds_the_text(editor: SqlEditor) -> None:
    editor.set_text("before  after")
    editor.set_caret(7)
    pasted = QMimeData()
    pasted.setText(_LONG)
    editor.insertFromMimeData(pasted)
    assert editor.text() == f"before {_LONG} after"
    assert editor.isReadOnly()
    assert editor.document().isModified()


def test_a_search_looks_in_what_is_shown_and_replaces_nothing(tabs: EditorTabs) -> None:
    page = tabs.new_tab(_TEXT)
    page.find_bar.open(replace=True)
    page.find_bar.field.setText("nope")
    assert page.find_bar.count.text() == "1 of 1"
    page.find_bar.replacement.setText("yes")
    page.find_bar.replace_all()
    assert page.editor.text() == _TEXT


def test_many_normal_lines_are_not_held(editor: SqlEditor) -> None:
    editor.set_text("select 1;\n" * 50_000)
    assert not editor.isReadOnly()


@given(
    lines=st.lists(st.sampled_from(["", "a", "😀 b", "x" * 200_001, "y" * 300_000]), max_size=5),
    data=st.data(),
)
def test_an_offset_that_is_shown_goes_there_and_back(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    shown = long_lines.shortened(text)
    offset = data.draw(st.integers(0, len(text)))
    there = long_lines.to_shown(text, offset)
    assert 0 <= there <= len(shown)
    back = long_lines.from_shown(text, there)
    assert back <= offset
    assert long_lines.to_shown(text, back) == there
    if not long_lines.has_long_line(text):
        assert there == back == offset
