"""The drawer at the bottom: a strip of buttons, and the panel of the one that is down.

GUI thread only. Closed it is one line high, so that results have the room; the strip says
how many queries live even then. Knows nothing of its panels.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from workbench.ui.theme.icons import icon

STRIP_HEIGHT = 30


class Drawer(QWidget):
    """Panels of which one or none shows.

    Signals: `opened(QWidget | None)`, the panel that shows now; `focus_left()`, it was closed
    from inside, and the focus is nowhere.
    """

    opened = Signal(object)
    focus_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawer")
        self._buttons: list[QToolButton] = []
        self._titles: list[str] = []
        self._stack = QStackedWidget(self)
        self._stack.hide()
        self._note = QLabel(self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("rank", "muted")
        self._note.setObjectName("drawerNote")
        self._strip = QHBoxLayout()
        self._strip.setContentsMargins(0, 0, 4, 0)
        self._strip.setSpacing(4)
        self._strip.addStretch(1)
        self._strip.addWidget(self._note)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addLayout(self._strip)
        lines.addWidget(self._stack, 1)
        self._fit()

    def add(self, panel: QWidget, title: str, glyph: str) -> None:
        """Put `panel` behind a new button called `title`."""
        button = QToolButton(self)
        button.setText(title)
        button.setIcon(icon(glyph, "muted"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setObjectName(f"{title.lower()}Button")
        button.setAccessibleName(title)
        index = self._stack.addWidget(panel)
        button.clicked.connect(lambda checked: self.show_panel(index if checked else None))
        self._strip.insertWidget(len(self._buttons), button)
        self._buttons.append(button)
        self._titles.append(title)

    def show_panel(self, index: int | None) -> None:
        """Show the panel `index`, or close the drawer with None."""
        for place, button in enumerate(self._buttons):
            button.setChecked(place == index)
        inside = self._stack.isAncestorOf(self.window().focusWidget())
        self._stack.setVisible(index is not None)
        if index is not None:
            self._stack.setCurrentIndex(index)
        self._fit()
        self.opened.emit(self._stack.currentWidget() if index is not None else None)
        if inside and index is None:
            self.focus_left.emit()

    @property
    def open(self) -> bool:
        """Does a panel show?"""
        return not self._stack.isHidden()

    def toggle(self) -> None:
        """Close it, or open it at the panel that was shown last."""
        self.show_panel(None if self.open else self._stack.currentIndex())

    def set_count(self, index: int, count: int) -> None:
        """Write a number behind a button's title; none at zero."""
        title = self._titles[index]
        self._buttons[index].setText(f"{title} ({count})" if count else title)

    def tell(self, text: str) -> None:
        """Show a remark at the right end of the strip."""
        self._note.setText(text)

    def _fit(self) -> None:
        if self.open:
            least = max(90, self._stack.minimumSizeHint().height())
            self.setMinimumHeight(STRIP_HEIGHT + least)
            self.setMaximumHeight(16_777_215)
        else:
            self.setMinimumHeight(STRIP_HEIGHT)
            self.setMaximumHeight(STRIP_HEIGHT)
