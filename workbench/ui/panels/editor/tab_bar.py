"""The row of tabs: names changed in place, middle click closes, marks beside the name.

GUI thread. Knows tabs by index only; what a tab holds is the business of EditorTabs.
"""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLineEdit, QTabBar, QToolButton, QWidget

from workbench.ui.theme import icons, tokens

_DOT = 8
_LOWERED = 3  # the line under the tab lifts the icon; so the dot is drawn lower in it
_WIDEST = 260


class EditorTabBar(QTabBar):
    """Movable tabs that keep to the left.

    Signals: `close_wanted(int)`; `rename_wanted(int, str)`: the name the user
    typed; `rename_ended()`: by a key, so the focus may go back to the editor.
    """

    close_wanted = Signal(int)
    rename_wanted = Signal(int, str)
    rename_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editorTabBar")
        self.setAccessibleName("Editor tabs")
        self.setMovable(True)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setIconSize(QSize(_DOT, _DOT + _LOWERED))
        self.setSelectionBehaviorOnRemove(QTabBar.SelectionBehavior.SelectPreviousTab)
        self._field: QLineEdit | None = None
        self._renamed = -1
        self._pressed = -1

    def set_colour(self, index: int, colour: str) -> None:
        """Draw a line of `colour` on a tab ("" for none)."""
        if self.tabData(index) != colour:
            self.setTabData(index, colour)
            self.update()

    def add_close_button(self, index: int) -> None:
        """Give a tab its X."""
        button = QToolButton(self)
        button.setIcon(icons.icon("close", "muted"))
        button.setIconSize(QSize(12, 12))
        button.setFixedSize(18, 18)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip("Close (Ctrl+W)")
        button.setAccessibleName("Close tab")
        button.clicked.connect(lambda: self._close_by(button))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, button)

    def start_rename(self, index: int, name: str) -> None:
        """Let the user type another name in the tab itself."""
        if not 0 <= index < self.count():
            return
        field = QLineEdit(name, self)
        field.setObjectName("tabNameField")
        field.setAccessibleName("Tab name")
        field.setGeometry(self.tabRect(index).adjusted(2, 2, -2, -4))
        field.setStyleSheet("padding: 0 6px; min-height: 0;")
        self._field, self._renamed = field, index
        field.installEventFilter(self)
        field.selectAll()
        field.show()
        field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter or leaving the field keeps the new name, Esc drops it."""
        if watched is self._field:
            if event.type() == QEvent.Type.FocusOut:
                self._end_rename(keep=True)
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                    self._end_rename(keep=True)
                    self.rename_ended.emit()
                    return True
                if event.key() == Qt.Key.Key_Escape:
                    self._end_rename(keep=False)
                    self.rename_ended.emit()
                    return True
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the middle button went down."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pressed = self.tabAt(event.position().toPoint())
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A middle click closes the tab it was on."""
        if event.button() == Qt.MouseButton.MiddleButton:
            index = self.tabAt(event.position().toPoint())
            if index >= 0 and index == self._pressed:
                self.close_wanted.emit(index)
            self._pressed = -1
            return
        super().mouseReleaseEvent(event)

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as its name, within reason."""
        wanted = super().tabSizeHint(index)
        return QSize(min(wanted.width(), _WIDEST), wanted.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs scroll before their names become unreadable."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tabs, then the connections' colours on top."""
        super().paintEvent(event)
        painter = QPainter(self)
        for index in range(self.count()):
            colour = self.tabData(index)
            if colour:
                place = self.tabRect(index)
                painter.fillRect(QRect(place.x() + 4, 0, place.width() - 8, 3), QColor(colour))

    def _close_by(self, button: QToolButton) -> None:
        for index in range(self.count()):
            if self.tabButton(index, QTabBar.ButtonPosition.RightSide) is button:
                self.close_wanted.emit(index)
                return

    def _end_rename(self, *, keep: bool) -> None:
        field, index = self._field, self._renamed
        if field is None:
            return
        self._field, self._renamed = None, -1
        if keep and field.text().strip():
            self.rename_wanted.emit(index, field.text())
        field.hide()
        field.deleteLater()


def dot(token: str) -> QIcon:
    """A round mark in a token's colour, sharp on dense screens; no icon for ""."""
    if not token:
        return QIcon()
    pixmap = QPixmap(_DOT * 3, (_DOT + _LOWERED) * 3)
    pixmap.setDevicePixelRatio(3)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(getattr(tokens.current(), token)))
    painter.drawEllipse(0, _LOWERED, _DOT, _DOT)
    painter.end()
    return QIcon(pixmap)
