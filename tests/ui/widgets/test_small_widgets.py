"""Labels and the empty state show data as plain text, whole or shortened."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from workbench.ui.theme.tokens import current
from workbench.ui.widgets.empty_state import EmptyState
from workbench.ui.widgets.labels import ElidedLabel, Pill
from workbench.ui.widgets.tips import plain_tip

_MARKUP = "<b>bold</b><img src='file:///etc/passwd'>"


def test_markup_stays_text(qtbot: QtBot) -> None:
    made = EmptyState(_MARKUP, _MARKUP)
    qtbot.addWidget(made)
    labels = [*made.findChildren(QLabel), ElidedLabel(_MARKUP), Pill(_MARKUP)]
    assert len(labels) == 4
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert all(label.text() == _MARKUP for label in labels)


@pytest.mark.parametrize("text", [_MARKUP, "a & b < c", "&lt;", "plain", "two\n  lines"])
def test_a_tool_tip_shows_exactly_its_text(text: str) -> None:
    tip = plain_tip(text)
    assert tip.startswith("<qt>")  # which Qt always takes for rich text
    document = QTextDocument()
    document.setHtml(tip)
    assert document.toPlainText() == text


def test_no_text_is_no_tool_tip_and_a_huge_one_is_cut() -> None:
    assert plain_tip("") == ""
    assert len(plain_tip("x" * 1_000_000)) < 3000


def test_a_text_without_room_is_shortened_and_its_tool_tip_has_it_whole(qtbot: QtBot) -> None:
    label = ElidedLabel("a rather long text\nof two lines")
    qtbot.addWidget(label)
    label.resize(50, 20)
    label.grab()
    assert label.toolTip() == plain_tip("a rather long text of two lines")
    label.resize(900, 20)
    label.grab()
    assert label.toolTip() == ""


def test_a_pill_has_its_ground_and_changes_it(qtbot: QtBot) -> None:
    pill = Pill("Running")
    qtbot.addWidget(pill)
    assert pill.grab().toImage().pixelColor(pill.height(), 2) == QColor(current().selection)
    pill.set_look("error_ground", "danger")
    assert pill.grab().toImage().pixelColor(pill.height(), 2) == QColor(current().error_ground)


def test_an_empty_state_has_a_button_only_for_something_to_do(qtbot: QtBot) -> None:
    made = EmptyState("No connection", "Choose one above", "Connect")
    qtbot.addWidget(made)
    assert made.action is not None
    assert made.action.text() == "Connect"
    assert EmptyState("Nothing").action is None


def test_an_empty_state_can_say_something_else(qtbot: QtBot) -> None:
    made = EmptyState("Nothing here")
    qtbot.addWidget(made)
    made.set_text("No rows", "The statement returned none")
    assert made.accessibleName() == "No rows The statement returned none"
