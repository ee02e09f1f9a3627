"""The error's squiggle, the statement's bar, brackets, colours, the gutter."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from workbench.ui.panels.editor.coloring import LOOK_BACK, WHOLE_LIMIT
from workbench.ui.panels.editor.gutter import Gutter
from workbench.ui.panels.editor.sql_editor import SqlEditor, token_at
from workbench.ui.theme import theme
from workbench.ui.theme.tokens import DARK, LIGHT, current

_KEY, _MOD = Qt.Key, Qt.KeyboardModifier
_WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline


def _squiggled(editor: SqlEditor) -> list[str]:
    shown = editor.extraSelections()
    return [each.cursor.selectedText() for each in shown if each.format.underlineStyle() == _WAVE]


def _grounds(editor: SqlEditor, colour: str) -> list[tuple[int, str]]:
    """(position, text) of what is drawn on a ground of `colour`."""
    found = []
    for each in editor.extraSelections():
        if each.format.background().color() == QColor(colour):
            found.append((each.cursor.selectionStart(), each.cursor.selectedText()))
    return found


def _gutter(editor: SqlEditor) -> Gutter:
    found = editor.findChild(Gutter)
    assert isinstance(found, Gutter)
    return found


def _colour_of(editor: SqlEditor, word: str) -> str:
    """The colour that the highlighting gives to the first `word`; "" for none."""
    text = editor.text()
    at = text.index(word)
    block = editor.document().findBlock(at)
    for piece in block.layout().formats():
        if piece.start <= at - block.position() < piece.start + piece.length:
            return str(piece.format.foreground().color().name())
    return ""


@pytest.mark.parametrize(
    ("text", "offset", "token"),
    [
        ("select * from nope", 14, "nope"),
        ("select * from nope", 16, "nope"),
        ("selct 1", 0, "selct"),
        ("select 'abc' from", 8, "'abc'"),
        ('select "a b" from', 9, '"a b"'),
        ("select 1.25 +", 8, "1.25"),
        ("a = = b", 4, "="),
        ("select 1   ", 10, "1"),
        ("select 1", 8, "1"),
        ("select 1", 99, "1"),
        ("x\n  größe y", 4, "größe"),
        ("-- a nope", 5, "nope"),
    ],
)
def test_an_error_blames_the_whole_token(text: str, offset: int, token: str) -> None:
    start, length = token_at(text, offset)
    assert text[start : start + length] == token


def test_an_error_in_an_empty_text_marks_nothing_and_does_not_fail(editor: SqlEditor) -> None:
    editor.mark_error(5)
    assert _squiggled(editor) == [""]


def test_an_error_is_marked_after_emoji_at_the_right_place(editor: SqlEditor) -> None:
    text = "select '😀😀', nope from t"
    editor.set_text(text)
    editor.mark_error(text.index("nope"))
    assert _squiggled(editor) == ["nope"]


def test_an_error_with_a_length_marks_just_that(editor: SqlEditor) -> None:
    editor.set_text("select a from b")
    editor.mark_error(7, 6)
    assert _squiggled(editor) == ["a from"]


def test_an_error_shows_in_the_gutter(editor: SqlEditor) -> None:
    editor.set_text("select 1;\nselect nope")
    editor.mark_error(17)
    assert editor.decorations.error_block == 1
    picture = _gutter(editor).grab().toImage()
    red = QColor(current().danger)
    assert any(
        picture.pixelColor(x, y) == red
        for x in range(picture.width())
        for y in range(picture.height())
    )


def test_an_edit_clears_the_error(editor: SqlEditor) -> None:
    editor.set_text("select nope")
    editor.mark_error(7)
    editor.set_caret(11)
    assert _squiggled(editor) == ["nope"]
    QTest.keyClicks(editor, "x")
    assert _squiggled(editor) == []
    assert editor.decorations.error_block == -1


def test_clearing_the_error_clears_it(editor: SqlEditor) -> None:
    editor.set_text("select nope")
    editor.mark_error(7)
    editor.clear_error()
    assert _squiggled(editor) == []


def test_the_statement_that_would_run_has_a_bar_until_the_next_edit(editor: SqlEditor) -> None:
    editor.set_text("select 1;\n\nselect 2\nfrom t;")
    editor.show_statement(11, 15)
    assert list(editor.decorations.statement_blocks) == [2, 3]
    QTest.keyClicks(editor, "x")
    assert list(editor.decorations.statement_blocks) == []


def test_a_statement_of_no_length_has_no_bar(editor: SqlEditor) -> None:
    editor.set_text("select 1")
    editor.show_statement(0, 8)
    editor.show_statement(0, 0)
    assert list(editor.decorations.statement_blocks) == []


@pytest.mark.parametrize(
    ("text", "caret", "partners"),
    [
        ("f(a(b))", 1, [1, 6]),
        ("f(a(b))", 7, [1, 6]),
        ("f(a(b))", 5, [3, 5]),
        ("(\n')'\n-- )\n)", 0, [0, 11]),
        ("(\n')'\n-- )\n)", 12, [0, 11]),
        ("/* ( */ (x)", 11, [8, 10]),
        ("'(' )", 1, []),
        ("[{}]", 0, [0, 3]),
    ],
)
def test_a_bracket_shows_its_partner(
    editor: SqlEditor, text: str, caret: int, partners: list[int]
) -> None:
    editor.set_text(text)
    editor.set_caret(caret)
    assert sorted(at for at, _ in _grounds(editor, LIGHT.match)) == partners


def test_a_bracket_without_a_partner_is_underlined(editor: SqlEditor) -> None:
    editor.set_text("select (1")
    editor.set_caret(7)
    lonely = [e.cursor.selectedText() for e in editor.extraSelections() if e.format.fontUnderline()]
    assert "(" in lonely


def test_the_current_line_is_marked_but_not_under_a_selection(editor: SqlEditor) -> None:
    editor.set_text("a\nb")
    assert len(_grounds(editor, LIGHT.current_line)) == 1
    editor.selectAll()
    assert _grounds(editor, LIGHT.current_line) == []


def test_words_have_the_colours_of_the_theme(editor: SqlEditor) -> None:
    editor.set_text("select count(x), 'text', 42 -- note\nfrom t")
    assert _colour_of(editor, "select") == current().keyword
    assert _colour_of(editor, "count") == current().function
    assert _colour_of(editor, "'text'") == current().string
    assert _colour_of(editor, "42") == current().number
    assert _colour_of(editor, "-- note") == current().comment


def test_an_opened_comment_colours_the_lines_below_as_one_types(editor: SqlEditor) -> None:
    editor.set_text("x\nselect 1\nselect 2 */ from")
    editor.set_caret(0)
    QTest.keyClicks(editor, "/*")
    assert _colour_of(editor, "select 1") == current().comment
    assert _colour_of(editor, "from") == current().keyword


def test_a_change_of_theme_recolours_the_text(editor: SqlEditor, qapp: QApplication) -> None:
    editor.set_text("select 1")
    assert _colour_of(editor, "select") == LIGHT.keyword
    theme.apply(qapp, "dark")
    dark = _colour_of(editor, "select")
    theme.apply(qapp, "light")
    qapp.setStyleSheet("")
    assert dark == DARK.keyword
    assert _colour_of(editor, "select") == LIGHT.keyword


def _large(head: str = "") -> str:
    line = "select a, 'b' from t where c = 1; -- note\n"
    return head + line * (WHOLE_LIMIT // len(line) + 1000)


def test_a_large_script_is_coloured_where_it_is_seen(editor: SqlEditor, qtbot: QtBot) -> None:
    editor.set_text(_large())
    assert editor.coloring.limited
    qtbot.waitUntil(lambda: _colour_of(editor, "select") == current().keyword)
    last = editor.document().lastBlock().previous()
    assert last.layout().formats() == []
    editor.set_caret(len(editor.text()))
    qtbot.waitUntil(lambda: last.layout().formats() != [])


def test_a_large_script_says_that_its_colours_are_limited(editor: SqlEditor, qtbot: QtBot) -> None:
    editor.set_text(_large())
    note = editor.findChild(QLabel, "largeNote")
    assert isinstance(note, QLabel)
    assert note.isVisible()
    editor.set_text("select 1")
    assert not note.isVisible()
    qtbot.waitUntil(lambda: _colour_of(editor, "select") == current().keyword)


def test_a_large_script_colours_what_is_typed(editor: SqlEditor, qtbot: QtBot) -> None:
    editor.set_text(_large())
    qtbot.waitUntil(lambda: _colour_of(editor, "select") == current().keyword)
    QTest.keyClicks(editor, "42 ")
    qtbot.waitUntil(lambda: _colour_of(editor, "42") == current().number)


def test_a_large_script_knows_a_comment_opened_a_little_above(
    editor: SqlEditor, qtbot: QtBot
) -> None:
    editor.set_text("\n" * 2000 + "/*\n" + "plain words\n" * (LOOK_BACK // 2) + _large())
    editor.set_caret(2000 + 3 + len("plain words\n") * (LOOK_BACK // 2 - 5))
    block = editor.textCursor().block()
    qtbot.waitUntil(lambda: block.layout().formats() != [])
    assert block.layout().formats()[0].format.foreground().color().name() == current().comment


def test_qt_s_own_way_to_set_a_text_is_as_careful(editor: SqlEditor) -> None:
    editor.setPlainText(_large())
    assert editor.coloring.limited
    editor.setPlainText("x" * 1_000_000)
    assert editor.isReadOnly()
    editor.setPlainText("select 1")
    assert (editor.text(), editor.isReadOnly()) == ("select 1", False)


def test_pasting_past_the_limit_switches_over(editor: SqlEditor, qtbot: QtBot) -> None:
    editor.set_text("select 1\n")
    editor.insertPlainText(_large())
    qtbot.waitUntil(lambda: editor.coloring.limited)
    editor.undo()
    qtbot.waitUntil(lambda: not editor.coloring.limited)
    assert _colour_of(editor, "select") == current().keyword


def test_the_gutter_grows_with_the_number_of_lines(editor: SqlEditor) -> None:
    editor.set_text("a")
    narrow = _gutter(editor).width()
    editor.set_text("a\n" * 100_000)
    assert _gutter(editor).width() > narrow


def test_a_click_on_a_line_number_selects_the_line(editor: SqlEditor) -> None:
    editor.set_text("first\nsecond\nthird")
    line = editor.visible_lines()[1][1]
    QTest.mouseClick(
        _gutter(editor),
        Qt.MouseButton.LeftButton,
        _MOD.NoModifier,
        QPoint(5, line.center().y()),
    )
    assert editor.textCursor().selectedText() == "second\u2029"
