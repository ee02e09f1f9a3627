"""What the result area says besides rows: an error, rows held back, nothing yet.

GUI thread only. Each says what happened and the one thing to do next. Never rich text:
messages come from databases.
"""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.panels.results.status import rows_text
from workbench.ui.theme import theme

# What a card holds; Messages has the rest.
_MOST_CHARACTERS = 1_200
_MOST_LINES = 12
_UNBROKEN = re.compile(r"\S{60}")


def _plain(parent: QWidget, name: str, rank: str = "") -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    if rank:
        label.setProperty("rank", rank)
    return label


class ErrorCard(QFrame):
    """What went wrong, in the engine's words, with its code and the way to the place.

    Signals: `position_wanted(int)`, the offset in the script.
    """

    position_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorCard")
        self.setAccessibleName("Error")
        theme.set_property(self, "banner", "error")
        self.title = _plain(self, "errorTitle", "danger")
        bold = QFont(self.title.font())
        bold.setBold(True)
        self.title.setFont(bold)
        self.code = _plain(self, "errorCode", "danger")
        self.code.setWordWrap(False)
        self.message = _plain(self, "errorMessage")
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.go = QPushButton("Go to position", self)
        self.go.setObjectName("errorPositionButton")
        self.go.setAccessibleName("Go to the position of the error")
        self.go.clicked.connect(self._on_go_clicked)
        self._position: int | None = None
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title, 1)
        head.addWidget(self.code)
        head.addWidget(self.go)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(12, 8, 12, 10)
        lines.setSpacing(4)
        lines.addLayout(head)
        lines.addWidget(self.message)
        self.hide()

    def show_error(self, title: str, message: str, code: str, position: int | None) -> None:
        """Show it; `position` is an offset in the script, None where the engine names none."""
        self.title.setText(f"\u2715  {title}")
        self.code.setText(code)
        self.code.setVisible(bool(code))
        self.message.setText(_breakable(message))
        self.message.setVisible(bool(message) and message != title)
        self._position = position
        self.go.setVisible(position is not None)
        self.setAccessibleDescription(f"{title}. {code} {message}"[:_MOST_CHARACTERS])
        self.show()

    def _on_go_clicked(self) -> None:
        if self._position is not None:
            self.position_wanted.emit(self._position)


class PartialBanner(QFrame):
    """Says that a stopped result is held back, and brings it back when asked.

    Signals: `show_wanted()`.
    """

    show_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("partialBanner")
        self.setAccessibleName("Partial rows")
        theme.set_property(self, "banner", "warning")
        self.label = QLabel(self)
        self.label.setObjectName("partialText")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton("Show partial rows", self)
        self.button.setObjectName("showPartialButton")
        self.button.setAccessibleName("Show partial rows")
        self.button.clicked.connect(self.show_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 8, 6)
        line.setSpacing(12)
        line.addWidget(self.label, 1)
        line.addWidget(self.button)
        self.hide()

    def offer(self, after_ms: float, rows: int) -> None:
        """Say how long it ran and how many rows had come; the button only if there are any."""
        arrived = "1 row had arrived" if rows == 1 else f"{rows_text(rows)} had arrived"
        self.label.setText(f"Cancelled after {after_ms / 1000:.1f} s, {arrived}")
        self.setAccessibleDescription(self.label.text())
        self.button.setVisible(rows > 0)
        self.show()


class EmptyState(QWidget):
    """What will be shown here and what to do to see it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultEmptyState")
        self.setAccessibleName("No result yet")
        self.title = QLabel(self)
        self.title.setObjectName("emptyTitle")
        self.hint = QLabel(self)
        self.hint.setObjectName("emptyHint")
        self.hint.setProperty("rank", "muted")
        lines = QVBoxLayout(self)
        lines.setSpacing(6)
        lines.addStretch(2)
        for label in (self.title, self.hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            lines.addWidget(label)
        lines.addStretch(3)

    def say(self, title: str, hint: str = "") -> None:
        """Show `title`, and muted under it what to do next."""
        self.title.setText(title)
        self.hint.setText(hint)
        self.setAccessibleDescription(f"{title}. {hint}")


def _breakable(message: str) -> str:
    """Cut to what a card holds, with places to break inside words that have none."""
    lines = message[: _MOST_CHARACTERS + 1].splitlines()
    text = "\n".join(lines[:_MOST_LINES])
    if len(message) > _MOST_CHARACTERS or len(lines) > _MOST_LINES:
        text = f"{text[:_MOST_CHARACTERS]}\u2026\n(the whole text is in Messages)"
    return _UNBROKEN.sub(lambda run: run.group() + "\u200b", text)
