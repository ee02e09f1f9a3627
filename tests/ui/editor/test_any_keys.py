"""Whatever is typed into the editor, in whatever order: no exception, nothing lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workbench.ui.panels.editor.offsets import clean
from workbench.ui.panels.editor.sql_editor import SqlEditor

_KEY, _MOD = Qt.Key, Qt.KeyboardModifier
_COMMANDS = [
    (_KEY.Key_Slash, _MOD.ControlModifier),
    (_KEY.Key_Tab, _MOD.NoModifier),
    (_KEY.Key_Backtab, _MOD.ShiftModifier),
    (_KEY.Key_Return, _MOD.NoModifier),
    (_KEY.Key_D, _MOD.ControlModifier),
    (_KEY.Key_Up, _MOD.AltModifier),
    (_KEY.Key_Down, _MOD.AltModifier),
    (_KEY.Key_Backspace, _MOD.NoModifier),
    (_KEY.Key_Delete, _MOD.NoModifier),
    (_KEY.Key_ParenLeft, _MOD.NoModifier),
    (_KEY.Key_A, _MOD.NoModifier),
]
_TEXTS = st.text(st.sampled_from("ab '\"(){}[]-/*$;\n\t😀ü\0\ud800"), max_size=40)


@settings(
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=_TEXTS,
    steps=st.lists(
        st.tuples(st.sampled_from(_COMMANDS), st.integers(0, 45), st.integers(0, 45)), max_size=8
    ),
)
def test_any_commands_anywhere_can_all_be_undone(
    editor: SqlEditor,
    text: str,
    steps: list[tuple[tuple[Qt.Key, Qt.KeyboardModifier], int, int]],
) -> None:
    editor.set_text(text)
    for (key, modifier), caret, anchor in steps:
        editor.set_caret(caret, anchor)
        before = editor.text()
        QTest.keyClick(editor, key, modifier)
        if modifier == _MOD.AltModifier:  # moving lines about keeps each of them
            assert sorted(editor.text().split("\n")) == sorted(before.split("\n"))
        assert 0 <= editor.selection()[0] <= editor.selection()[1] <= len(editor.text())
    QApplication.processEvents()
    while editor.document().isUndoAvailable():
        editor.undo()
    assert editor.text() == clean(text)


@pytest.mark.parametrize("character", ["\0", "\ud800", "\u202e", "\u0301", "\ufffc", "\x7f"])
def test_odd_characters_are_drawn_marked_and_searched(editor: SqlEditor, character: str) -> None:
    text = f"select '{character * 50}' -- {character}\n({character}"
    editor.set_text(text)
    for offset in range(0, len(text), 7):
        editor.set_caret(offset)
        editor.mark_error(offset)
        editor.show_statement(0, offset)
    editor.grab()
    assert editor.text() == clean(text)
