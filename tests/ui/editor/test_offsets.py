"""Code points outside, UTF-16 inside, and nothing lost between them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor import offsets
from workbench.ui.panels.editor.sql_editor import SqlEditor

_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@given(text=_ANY_TEXT)
def test_offsets_go_there_and_back(text: str) -> None:
    for offset in range(len(text) + 1):
        assert offsets.from_utf16(text, offsets.to_utf16(text, offset)) == offset


@given(text=_ANY_TEXT)
def test_the_end_is_the_length(text: str) -> None:
    assert offsets.to_utf16(text, len(text)) == offsets.utf16_length(text)
    assert offsets.from_utf16(text, 10_000) == len(text)


def test_a_position_inside_a_pair_is_its_beginning() -> None:
    assert offsets.from_utf16("a😀b", 2) == 1


@settings(deadline=None)
@given(text=_ANY_TEXT)
def test_a_cleaned_text_comes_back_from_a_document_unchanged(text: str) -> None:
    document = QTextDocument()
    cleaned = offsets.clean(text)
    document.setPlainText(cleaned)
    assert offsets.document_text(document) == cleaned
    assert offsets.utf16_length(cleaned) == document.characterCount() - 1


def test_a_document_with_half_a_pair_is_read_with_right_offsets() -> None:
    document = QTextDocument()
    document.setPlainText("a\ud800b")
    assert offsets.document_text(document) == "a\ufffdb"


@pytest.mark.parametrize("keep", ["\0", "\xa0", "😀", "ä", "\t", "\x0b", "\x1f", "\u200f"])
def test_odd_characters_are_kept(keep: str) -> None:
    assert offsets.clean(f"a{keep}b") == f"a{keep}b"


@pytest.mark.parametrize(
    ("text", "ending"),
    [("a\nb", "\n"), ("a\r\nb", "\r\n"), ("a\rb", "\r"), ("", "\n"), ("a\r\nb\r\nc\n", "\r\n")],
)
def test_the_ending_of_most_lines_is_remembered(text: str, ending: str) -> None:
    assert offsets.line_ending(text) == ending


@pytest.mark.parametrize("offset", range(8))
def test_the_caret_counts_code_points(editor: SqlEditor, offset: int) -> None:
    editor.set_text("a😀b\n😀ü ")
    editor.set_caret(offset)
    assert editor.caret() == offset


def test_a_selection_over_emoji_is_replaced_exactly(editor: SqlEditor) -> None:
    editor.set_text("x😀😀y")
    editor.replace_range(1, 2, "é")
    assert editor.text() == "xéy"
    assert editor.caret() == 2
    editor.undo()
    assert editor.text() == "x😀😀y"


@pytest.mark.parametrize(
    "text", ["a\0b", "x\ud800y\udfff", "\ufeffselect", "\ufdd0\ufffe", "a\r\nb"]
)
def test_odd_text_can_be_set_pasted_and_edited(editor: SqlEditor, text: str) -> None:
    editor.set_text(text)
    shown = editor.text()
    assert shown == offsets.clean(text)
    pasted = QMimeData()
    pasted.setText(text)
    editor.set_caret(len(shown))
    editor.insertFromMimeData(pasted)
    QTest.keyClicks(editor, "!")
    assert editor.text().startswith(shown)
    assert editor.caret() == len(editor.text())


def test_rich_text_is_pasted_plain(editor: SqlEditor) -> None:
    pasted = QMimeData()
    pasted.setHtml("<b>select</b> 1")
    pasted.setText("select 1")
    editor.insertFromMimeData(pasted)
    assert editor.text() == "select 1"


def test_dropped_files_are_handed_on_not_inserted(editor: SqlEditor, qtbot: QtBot) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl("file:///tmp/a.sql")])
    with qtbot.waitSignal(editor.files_dropped) as got:
        editor.insertFromMimeData(dropped)
    assert got.args == [["/tmp/a.sql"]]
    assert editor.text() == ""


def test_right_to_left_text_keeps_its_offsets(editor: SqlEditor) -> None:
    text = "SELECT 'שלום' AS greeting"
    editor.set_text(text)
    editor.set_caret(text.index("AS"))
    assert editor.text()[editor.caret() :] == "AS greeting"


def test_replacing_the_whole_text_is_one_step_of_undo(editor: SqlEditor) -> None:
    editor.set_text("select 1")
    editor.set_caret(3)
    editor.replace_text("SELECT\n  1")
    assert (editor.text(), editor.caret()) == ("SELECT\n  1", 3)
    editor.undo()
    assert editor.text() == "select 1"
