"""Line commands, by their keys, each one step of undo."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.sql_editor import SqlEditor

_KEY, _MOD = Qt.Key, Qt.KeyboardModifier


class _KeyCatcher(QWidget):
    def __init__(self, seen: list[int]) -> None:
        super().__init__()
        self._seen = seen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._seen.append(event.key())


def _set(editor: SqlEditor, marked: str) -> None:
    """Set a text in which "[" and "]" mark the selection, or "|" the caret."""
    plain = marked.replace("[", "").replace("]", "").replace("|", "")
    editor.set_text(plain)
    if "|" in marked:
        editor.set_caret(marked.index("|"))
    else:
        editor.set_caret(marked.index("]") - 1, marked.index("["))


def _shown(editor: SqlEditor) -> str:
    """The text with its selection marked the same way."""
    text, (start, end) = editor.text(), editor.selection()
    if start == end:
        return f"{text[:start]}|{text[start:]}"
    return f"{text[:start]}[{text[start:end]}]{text[end:]}"


@pytest.mark.parametrize(
    ("before", "key", "modifier", "after"),
    [
        # comment
        ("sel|ect", _KEY.Key_Slash, _MOD.ControlModifier, "-- sel|ect"),
        ("-- sel|ect", _KEY.Key_Slash, _MOD.ControlModifier, "sel|ect"),
        ("  [a\n\n    b]", _KEY.Key_Slash, _MOD.ControlModifier, "  -- [a\n\n  --   b]"),
        ("  -- [a\n\n  --   b]", _KEY.Key_Slash, _MOD.ControlModifier, "  [a\n\n    b]"),
        ("[a\n]b", _KEY.Key_Slash, _MOD.ControlModifier, "[-- a\n]b"),
        ("[a\n-- b]", _KEY.Key_Slash, _MOD.ControlModifier, "[-- a\n-- -- b]"),
        ("|", _KEY.Key_Slash, _MOD.ControlModifier, "-- |"),
        ("😀|x", _KEY.Key_Slash, _MOD.ControlModifier, "-- 😀|x"),
        # indent
        ("ab|c", _KEY.Key_Tab, _MOD.NoModifier, "ab  |c"),
        ("|abc", _KEY.Key_Tab, _MOD.NoModifier, "    |abc"),
        ("[a\nb]", _KEY.Key_Tab, _MOD.NoModifier, "[    a\n    b]"),
        ("[    a\n  b]", _KEY.Key_Backtab, _MOD.ShiftModifier, "[a\nb]"),
        ("\ta|", _KEY.Key_Backtab, _MOD.ShiftModifier, "a|"),
        ("a|", _KEY.Key_Backtab, _MOD.ShiftModifier, "a|"),
        # new line
        ("    a|", _KEY.Key_Return, _MOD.NoModifier, "    a\n    |"),
        ("f(|)", _KEY.Key_Return, _MOD.NoModifier, "f(\n    |\n)"),
        ("  f(|", _KEY.Key_Return, _MOD.NoModifier, "  f(\n      |"),
        ("a[bc]d", _KEY.Key_Return, _MOD.NoModifier, "a\n|d"),
        ("|    a", _KEY.Key_Return, _MOD.NoModifier, "\n|    a"),
        # duplicate
        ("a\nb|c\nd", _KEY.Key_D, _MOD.ControlModifier, "a\nbc\nb|c\nd"),
        ("x[ab]y", _KEY.Key_D, _MOD.ControlModifier, "xab[ab]y"),
        ("[a\nb]", _KEY.Key_D, _MOD.ControlModifier, "a\nb[a\nb]"),
        # move
        ("a\nb|\nc", _KEY.Key_Up, _MOD.AltModifier, "b|\na\nc"),
        ("a\nb|\nc", _KEY.Key_Down, _MOD.AltModifier, "a\nc\nb|"),
        ("x\n[a\nb]\ny", _KEY.Key_Down, _MOD.AltModifier, "x\ny\n[a\nb]"),
        ("a|\nb", _KEY.Key_Up, _MOD.AltModifier, "a|\nb"),
        ("a\nb|", _KEY.Key_Down, _MOD.AltModifier, "a\nb|"),
        ("long line\nb|", _KEY.Key_Up, _MOD.AltModifier, "b|\nlong line"),
    ],
)
def test_a_line_command_does_what_it_says_and_undoes_in_one_step(
    editor: SqlEditor,
    before: str,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    after: str,
) -> None:
    _set(editor, before)
    text = editor.text()
    QTest.keyClick(editor, key, modifier)
    assert _shown(editor) == after
    if editor.text() != text:
        editor.undo()
        assert editor.text() == text


def test_typing_and_undo_work_as_in_any_editor(editor: SqlEditor) -> None:
    QTest.keyClicks(editor, "select 1")
    assert editor.text() == "select 1"
    editor.undo()
    assert editor.text() == ""


def test_ctrl_plus_minus_and_zero_zoom(editor: SqlEditor, qtbot: QtBot) -> None:
    usual = editor.code_pixels()
    with qtbot.waitSignal(editor.code_pixels_changed):
        QTest.keyClick(editor, _KEY.Key_Plus, _MOD.ControlModifier)
    assert editor.code_pixels() == usual + 1
    QTest.keyClick(editor, _KEY.Key_Minus, _MOD.ControlModifier)
    QTest.keyClick(editor, _KEY.Key_Minus, _MOD.ControlModifier)
    assert editor.code_pixels() == usual - 1
    QTest.keyClick(editor, _KEY.Key_0, _MOD.ControlModifier)
    assert editor.code_pixels() == usual


def test_zoom_has_ends(editor: SqlEditor) -> None:
    editor.set_code_pixels(1)
    assert editor.code_pixels() == 7
    editor.set_code_pixels(1000)
    assert editor.code_pixels() == 40


@pytest.mark.parametrize(("turn", "step"), [(120, 1), (-120, -1), (60, 0)])
def test_ctrl_wheel_zooms(editor: SqlEditor, turn: int, step: int) -> None:
    usual = editor.code_pixels()
    event = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        _MOD.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor.viewport(), event)
    assert editor.code_pixels() == usual + step


def test_escape_is_left_to_the_window(editor: SqlEditor, qtbot: QtBot) -> None:
    seen: list[int] = []
    parent = _KeyCatcher(seen)
    qtbot.addWidget(parent)
    editor.setParent(parent)
    editor.show()
    QTest.keyClick(editor, _KEY.Key_Escape)
    assert seen == [_KEY.Key_Escape]
    editor.setParent(None)
