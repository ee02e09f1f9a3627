"""What the history panel shows in place of runs when they can't be read.

GUI thread only. Plain text.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.ui.theme import theme


def _plain(parent: QWidget, rank: str = "") -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if rank:
        label.setProperty("rank", rank)
    return label


class ErrorCard(QWidget):
    """Why the history can't be read, and a button to try again.

    Signals: `retry_wanted()`.
    """

    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyError")
        card = QFrame(self)
        theme.set_property(card, "banner", "error")
        self.title, self.message = _plain(card, "danger"), _plain(card)
        self.message.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.retry = QPushButton("Try again", card)
        self.retry.setObjectName("historyRetryButton")
        self.retry.setAccessibleName("Read the history again")
        self.retry.clicked.connect(self.retry_wanted)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self.title)
        texts.addWidget(self.message)
        line = QHBoxLayout(card)
        line.setContentsMargins(12, 10, 12, 10)
        line.setSpacing(12)
        line.addLayout(texts, 1)
        line.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)
        lines.addStretch(1)

    def show_error(self, title: str, message: str) -> None:
        """Show what went wrong."""
        self.title.setText(f"\u2715  {title}")
        self.message.setText(message)
        self.setAccessibleName(f"{title}. {message}")
