"""The frame of every dialog that asks for a choice: heading, words, buttons, one answer.

GUI thread only. Opened with `open()`, never `exec()`: the event loop goes on, and what the
question is about may end meanwhile; then the owner calls `close_because`. Answers exactly
once, by signal, after it has gone from the screen.
"""

import re

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.ui.theme import icons

WIDTH = 520
MOST_WORDS = 600  # characters of a paragraph
MOST_LINES = 12
_MOST_HEADING = 120
_UNBROKEN = re.compile(r"\S{40}")
_MAY_BREAK = "\u200b"


class Question(QDialog):
    """Asks one thing.

    Signals: `answered(choice)`, once, whose type each subclass names; `closed_by_itself(text)`
    in its place when the question no longer stood. Esc and the window's close button give
    `refusal`, the choice that changes nothing.
    """

    answered = Signal(object)
    closed_by_itself = Signal(str)

    def __init__(self, name: str, title: str, refusal: object, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(WIDTH)
        self.resize(WIDTH, 0)  # else it would come up as wide as Qt guesses; see `fit`
        self._refusal = refusal
        self._closed = False
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 20, 20, 16)
        self.body.setSpacing(8)

    @property
    def closed(self) -> bool:
        """Has it been answered, or closed from outside?"""
        return self._closed

    def head(self, text: str, icon: str = "help-circle-outline", token: str = "accent") -> QLabel:
        """The heading, with an icon before it."""
        sign = QLabel(self)
        sign.setTextFormat(Qt.TextFormat.PlainText)
        sign.setPixmap(_pixmap(icons.icon(icon, token), self))
        label = Words(text, self, _MOST_HEADING)
        font = QFont(label.font())
        font.setPixelSize(16)
        font.setBold(True)
        label.setFont(font)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label, 1)
        self.body.addLayout(line)
        return label

    def say(self, text: str, rank: str = "") -> QLabel:
        """A paragraph; none for an empty text."""
        label = plain(text, self, rank)
        label.setVisible(bool(text))
        self.body.addWidget(label)
        return label

    def choice(self, text: str, choice: object, name: str) -> QPushButton:
        """A button that answers `choice`; to be placed by the caller."""
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.answer(choice))
        return button

    def make_default(self, button: QPushButton) -> None:
        """Enter presses `button`, and it has the focus first. It is the filled one."""
        button.setProperty("primary", True)
        button.setDefault(True)
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def buttons(self, *buttons: QPushButton) -> None:
        """The bottom row, from left to right at the right edge."""
        line = QHBoxLayout()
        line.setContentsMargins(0, 12, 0, 0)
        line.setSpacing(8)
        line.addStretch(1)
        for button in buttons:
            line.addWidget(button)
        self.body.addLayout(line)

    def fit(self) -> None:
        """Be as high as the words need at this width."""
        for part in reversed(self.findChildren(QWidget)):
            inner = part.layout()
            if inner is not None:
                inner.activate()  # else it tells of its new height one event later
        self.body.activate()
        height = self.body.totalHeightForWidth(self.width())
        self.resize(self.width(), max(height, self.body.totalMinimumSize().height()))

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the words as it comes up."""
        self.fit()
        super().showEvent(event)

    def answer(self, choice: object) -> None:
        """Close and tell `choice`; later calls do nothing."""
        if self._closed:
            return
        self._closed = True
        self.done(0)
        self.answered.emit(choice)
        self.deleteLater()

    def close_because(self, text: str) -> None:
        """The question no longer stands: close without an answer, and tell `text`."""
        if self._closed:
            return
        self._closed = True
        self.done(0)
        self.closed_by_itself.emit(text)
        self.deleteLater()

    def reject(self) -> None:
        """Esc and the close button: the answer that changes nothing."""
        self.answer(self._refusal)


class Words(QLabel):
    """Plain text that wraps anywhere if it must, and is never longer than a screen.

    A path or a name of 300 letters would else make the dialog as wide as itself.
    """

    def __init__(self, text: str, parent: QWidget | None = None, most: int = MOST_WORDS) -> None:
        super().__init__(parent)
        self._most = most
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text`, cut where it is far too long."""
        shown = text if fits(text, self._most) else _cut(text, self._most)
        super().setText(_UNBROKEN.sub(lambda run: run.group() + _MAY_BREAK, shown))


def fits(text: str, most: int = MOST_WORDS) -> bool:
    """Is `text` shown whole by a label?"""
    return len(text) <= most and text.count("\n") < MOST_LINES


def _cut(text: str, most: int) -> str:
    lines = text[:most].split("\n")[:MOST_LINES]
    return "\n".join(lines).rstrip() + "…"


def plain(text: str, parent: QWidget | None = None, rank: str = "") -> QLabel:
    """A label that wraps and never takes its text for markup."""
    label = Words(text, parent)
    if rank:
        label.setProperty("rank", rank)
    return label


def _pixmap(icon: QIcon, widget: QWidget) -> QPixmap:
    return icon.pixmap(QSize(22, 22), widget.devicePixelRatioF())
