"""Whatever is put into a dialog: shown as text, within the screen; every part has its names."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.dialogs.engines import FILES, SERVER
from workbench.core.adapter.contract import Rung, RungName, Transaction
from workbench.core.query.events import Stake
from workbench.ui.dialogs.close_tab import CloseDialog, Closing, Matter
from workbench.ui.dialogs.connection import ConnectionDialog
from workbench.ui.dialogs.force import ForceDialog
from workbench.ui.dialogs.message import ErrorDialog
from workbench.ui.dialogs.palette import CommandPalette, PaletteEntry
from workbench.ui.dialogs.shortcuts import Shortcut, ShortcutsDialog
from workbench.ui.dialogs.transaction import TransactionDialog, TransactionQuestion
from workbench.ui.panels.activity.panel import ActivityPanel
from workbench.ui.panels.connect.picker import ConnectionPicker
from workbench.ui.panels.history.panel import HistoryPanel

NASTY = "<h1>" + "x" * 900 + "</h1>\n<img src=x>"
STAKE = Stake(Transaction.ACTIVE, 3, 10)

MAKERS: dict[str, Callable[[QWidget], QWidget]] = {
    "transaction": lambda parent: TransactionDialog(
        TransactionQuestion(NASTY, STAKE, True, NASTY, NASTY, NASTY), parent
    ),
    "force": lambda parent: ForceDialog(
        Rung(RungName.TERMINATE, "End it", NASTY), tried=NASTY, parent=parent
    ),
    "close": lambda parent: CloseDialog(
        Closing(Matter.RUNNING, NASTY, (NASTY,), note=NASTY), parent
    ),
    "error": lambda parent: ErrorDialog(NASTY, NASTY * 100, NASTY, parent),
    "connection": lambda parent: ConnectionDialog((FILES, SERVER), parent=parent),
    "palette": lambda parent: CommandPalette((PaletteEntry("a", NASTY),), parent),
    "shortcuts": lambda parent: ShortcutsDialog((Shortcut("a", "b"),), parent),
    "activity": ActivityPanel,
    "history": HistoryPanel,
    "picker": ConnectionPicker,
}
OPERATED = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit)


@pytest.fixture(params=list(MAKERS))
def part(request: pytest.FixtureRequest, window: QWidget, qtbot: QtBot) -> QWidget:
    made = MAKERS[request.param](window)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_every_label_is_plain_text(part: QWidget) -> None:
    labels = part.findChildren(QLabel)
    assert [
        label.text()
        for label in labels
        if label.pixmap().isNull() and label.textFormat() is not Qt.TextFormat.PlainText
    ] == []


def test_whatever_is_operated_has_a_name_for_programs_and_one_for_people(part: QWidget) -> None:
    inside = [part, *part.findChildren(QWidget)]
    ours = [widget for widget in inside if isinstance(widget, OPERATED) and not _made_by_qt(widget)]
    assert [type(widget).__name__ for widget in ours if not widget.objectName()] == []
    assert [widget.objectName() for widget in ours if not widget.accessibleName()] == []


def test_no_text_makes_it_larger_than_a_screen(part: QWidget) -> None:
    assert part.width() <= 1_000
    assert part.minimumSizeHint().width() <= 1_000
    assert part.height() <= 900


def _made_by_qt(widget: QWidget) -> bool:
    """A part inside one of Qt's own widgets: a header, a combo's list, a clear button."""
    if widget.objectName().startswith("qt_"):
        return True
    at = widget.parentWidget()
    while at is not None:
        if isinstance(at, QComboBox | QAbstractItemView | QLineEdit):
            return True
        at = at.parentWidget()
    return False
