"""Asked before a tab or the window closes over something: what runs, is open, or is unsaved.

GUI thread only. One matter at a time, the gravest first: an owner with several asks again
after each answer. Decides nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QPushButton, QWidget

from workbench.ui.dialogs.question import Question
from workbench.ui.theme import icons


class Matter(StrEnum):
    """What stands in the way of closing."""

    RUNNING = "running"
    TRANSACTION = "transaction"
    UNSAVED = "unsaved"


class CloseChoice(StrEnum):
    """What to do."""

    STOP_AND_CLOSE = "stop_and_close"
    COMMIT_AND_CLOSE = "commit_and_close"
    ROLL_BACK_AND_CLOSE = "roll_back_and_close"
    SAVE_AND_CLOSE = "save_and_close"
    DISCARD_AND_CLOSE = "discard_and_close"
    KEEP_OPEN = "keep_open"


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes ("query 1", or the window with `window`) over what.

    `items` are lines to show: the running statements, the transactions ("query 1: 3
    statements, 1,204 rows"), the unsaved files. `note` is one more sentence.
    """

    matter: Matter
    title: str
    items: tuple[str, ...]
    window: bool = False
    note: str = ""


_BUTTONS: dict[Matter, tuple[tuple[str, CloseChoice, str], ...]] = {
    Matter.RUNNING: (("Stop and close", CloseChoice.STOP_AND_CLOSE, "stopAndClose"),),
    Matter.TRANSACTION: (
        ("Commit and close", CloseChoice.COMMIT_AND_CLOSE, "commitAndClose"),
        ("Roll back and close", CloseChoice.ROLL_BACK_AND_CLOSE, "rollBackAndClose"),
    ),
    Matter.UNSAVED: (
        ("Save and close", CloseChoice.SAVE_AND_CLOSE, "saveAndClose"),
        ("Close without saving", CloseChoice.DISCARD_AND_CLOSE, "discardAndClose"),
    ),
}
_ICONS = {
    Matter.RUNNING: ("play-circle-outline", "accent"),
    Matter.TRANSACTION: ("swap-vertical", "warning"),
    Matter.UNSAVED: ("file-outline", "muted"),
}
_MEANS = {
    Matter.RUNNING: "Stop and close stops them at the database first, and waits for that.",
    Matter.TRANSACTION: "What is not committed is visible to nobody else, and closing ends it.",
    Matter.UNSAVED: "Without saving, the file stays as it was last saved.",
}
_MOST_LINES = 6


class CloseDialog(Question):
    """Signals: `answered(CloseChoice)`, `closed_by_itself(text)`. Esc and Enter: keep open."""

    def __init__(self, closing: Closing, parent: QWidget | None = None) -> None:
        title = "Close Workbench" if closing.window else "Close tab"
        super().__init__("closeDialog", title, CloseChoice.KEEP_OPEN, parent)
        self.head(_heading(closing), *_head_icon(closing.matter))
        self.list = _list(self, closing)
        self.body.addWidget(self.list)
        self.say(_means(closing), "muted")
        self.say(closing.note)
        self.choices: dict[CloseChoice, QPushButton] = {
            choice: self.choice(text, choice, name)
            for text, choice, name in _BUTTONS[closing.matter]
        }
        keep = self.choice("Keep open", CloseChoice.KEEP_OPEN, "keepOpen")
        self.choices[CloseChoice.KEEP_OPEN] = keep
        self.buttons(*self.choices.values())
        self.make_default(keep)


def _head_icon(matter: Matter) -> tuple[str, str]:
    return ("alert-outline", "warning") if matter is not Matter.UNSAVED else _ICONS[matter]


def _heading(closing: Closing) -> str:
    count = len(closing.items)
    where = "" if closing.window else f" in {closing.title}"
    if closing.matter is Matter.RUNNING:
        what = "A query is" if count == 1 else f"{count} queries are"
        return f"{what} still running{where}"
    if closing.matter is Matter.TRANSACTION:
        what = "A transaction is" if count == 1 else f"{count} transactions are"
        return f"{what} still open{where}"
    return "A file is not saved" if count == 1 else f"{count} files are not saved"


def _means(closing: Closing) -> str:
    text = _MEANS[closing.matter]
    return text.replace("them", "it") if len(closing.items) == 1 else text


def _list(parent: QWidget, closing: Closing) -> QListWidget:
    lines = QListWidget(parent)
    lines.setObjectName("closeList")
    lines.setAccessibleName(_heading(closing))
    lines.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    lines.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    lines.setIconSize(QSize(16, 16))
    lines.setTextElideMode(Qt.TextElideMode.ElideRight)
    lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for text in closing.items:
        lines.addItem(QListWidgetItem(icons.icon(*_ICONS[closing.matter]), " ".join(text.split())))
    lines.setFixedHeight(26 * min(len(closing.items), _MOST_LINES) + 4)
    return lines
