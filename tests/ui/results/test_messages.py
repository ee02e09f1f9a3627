"""The message log: bounded, dated, and errors lead to their place."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.ui.panels.results.messages import MOST_LINES, MessageLog
from workbench.ui.panels.results.status import elapsed_text, rows_text
from workbench.ui.theme import theme, tokens


@pytest.fixture
def log(app: QApplication, qtbot: QtBot) -> MessageLog:
    made = MessageLog()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def line_at(log: MessageLog, number: int) -> QPoint:
    block = log.document().findBlockByNumber(number)
    return log.cursorRect(QTextCursor(block)).center() + QPoint(30, 0)


def activated(log: MessageLog) -> list[int]:
    offsets: list[int] = []
    log.line_activated.connect(offsets.append)
    return offsets


def test_a_message_has_time_level_and_text(log: MessageLog) -> None:
    log.add("12 rows changed", "ok")
    assert re.fullmatch(r"\d\d:\d\d:\d\d  OK +12 rows changed", log.toPlainText())


def test_a_message_of_several_lines_is_aligned_under_its_first(log: MessageLog) -> None:
    log.add("LINE 1: select\n              ^", "error", 3)
    first, second = log.toPlainText().splitlines()
    assert first.index("LINE") == len(second) - len("              ^")


def test_clicking_a_line_of_an_error_leads_to_its_place(log: MessageLog) -> None:
    offsets = activated(log)
    log.add("fine", "ok", 5)
    log.add("no such table\nLINE 1", "error", 14)
    log.add("lost", "error")
    for line in range(4):
        QTest.mouseClick(
            log.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            line_at(log, line),
        )
    assert offsets == [14, 14]


def test_enter_leads_there_too(log: MessageLog) -> None:
    offsets = activated(log)
    log.add("no such table", "error", 14)
    QTest.keyClick(log, Qt.Key.Key_Return)
    assert offsets == [14]


def test_the_oldest_lines_go_and_places_stay_with_their_lines(log: MessageLog) -> None:
    offsets = activated(log)
    log.add("old error", "error", 1)
    for number in range(MOST_LINES - 1):
        log.add(f"message {number}", "info")
    log.add("two\nlines", "warning")
    log.add("new error", "error", 2)
    assert log.blockCount() == MOST_LINES
    assert "old error" not in log.toPlainText()
    log.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(log, Qt.Key.Key_Return)
    log.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClick(log, Qt.Key.Key_Return)
    assert offsets == [2]


def test_an_endless_message_is_cut(log: MessageLog) -> None:
    log.add("x" * 5_000_000, "info")
    log.add("line\n" * 100_000, "info")
    assert len(log.toPlainText()) < 100_000
    assert "99,000 more lines" in log.toPlainText()


def test_markup_and_nul_are_shown_as_they_are(log: MessageLog) -> None:
    log.add("<b>a</b>\0b", "info")
    assert log.toPlainText().endswith("<b>a</b>\u2400b")


def test_the_log_follows_its_end_unless_somebody_reads_above(log: MessageLog) -> None:
    bar = log.verticalScrollBar()
    for number in range(200):
        log.add(f"message {number}", "info")
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    log.add("another", "info")
    assert bar.value() == 10


def test_clearing_forgets_the_places_too(log: MessageLog) -> None:
    offsets = activated(log)
    log.add("old", "error", 1)
    log.clear_log()
    log.add("new", "info")
    QTest.keyClick(log, Qt.Key.Key_Return)
    assert offsets == []
    assert log.blockCount() == 1


def test_a_change_of_theme_colours_old_lines_anew(app: QApplication, log: MessageLog) -> None:
    log.add("bad", "error")
    log.add("plain", "info")
    theme.apply(app, "dark")
    inks = []
    for number in range(2):
        cursor = QTextCursor(log.document().findBlockByNumber(number))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        inks.append(cursor.charFormat().foreground().color().name())
    assert inks == [tokens.DARK.danger, tokens.DARK.text]


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "00:00.0"),
        (4_250, "00:04.2"),
        (59_999, "00:59.9"),
        (61_000, "01:01.0"),
        (3_723_400, "1:02:03.4"),
        (-5, "00:00.0"),
    ],
)
def test_elapsed_time_is_cut_to_tenths(ms: float, text: str) -> None:
    assert elapsed_text(ms) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 rows"), (1, "1 row"), (120_000, "120,000 rows")]
)
def test_rows_are_counted_in_words(count: int, text: str) -> None:
    assert rows_text(count) == text
