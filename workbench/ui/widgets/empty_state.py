"""What an empty panel says: what it will show, and the one thing to do next.

GUI thread. Plain text only.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class EmptyState(QWidget):
    """A title, a muted line below, and a button if there is one thing to do.

    Attributes: `action`, the button, or None.
    """

    def __init__(
        self, title: str, hint: str = "", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._hint = _label(title), _label(hint)
        self._title.setStyleSheet("font-size: 15px; font-weight: 600;")
        self._hint.setProperty("rank", "muted")
        self.action = QPushButton(action) if action else None
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        if self.action is not None:
            column.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.setAccessibleName(f"{title} {hint}".strip())

    def set_text(self, title: str, hint: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._hint.setText(hint)
        self.setAccessibleName(f"{title} {hint}".strip())


def _label(text: str) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setWordWrap(True)
    return made
