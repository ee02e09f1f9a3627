"""Labels for data: shortened in the middle, or in a rounded pill.

GUI thread. Plain text always: what comes from a database is never rich text.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from workbench.ui.theme import theme, tokens
from workbench.ui.widgets.tips import plain_tip


class ElidedLabel(QLabel):
    """A line that takes what room there is and shows the whole text as its tool tip."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text`; line ends become spaces."""
        super().setText(" ".join(text.split()))
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must be."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        painter.drawText(self.rect(), self.alignment(), shown)


class Pill(QLabel):
    """A word on a rounded ground: a state, a badge."""

    def __init__(
        self,
        text: str = "",
        ground: str = "selection",
        ink: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._ground, self._ink = ground, ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContentsMargins(10, 2, 10, 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.repaint_on_change(self)

    def set_look(self, ground: str, ink: str = "text") -> None:
        """Colour it by tokens; the pair belongs into `tokens.TEXT_PAIRS`."""
        self._ground, self._ink = ground, ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, then the word."""
        t = tokens.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(t, self._ground)))
        radius = self.height() / 2
        painter.drawRoundedRect(self.rect(), radius, radius)
        painter.setPen(QColor(getattr(t, self._ink)))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
