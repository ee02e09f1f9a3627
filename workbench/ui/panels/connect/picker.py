"""The connection picker of the toolbar: which database the tab in front talks to.

GUI thread only. Emits what was chosen; opens no connection and no file. While it is shut,
neither the wheel nor a letter changes the connection: they open the list, so that nobody
runs a statement on another database by accident.
"""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from workbench.ui.panels.connect.items import HEADINGS, ConnectionItem, ItemKind
from workbench.ui.panels.connect.lines import ITEM, LineDelegate
from workbench.ui.theme import icons, theme, tokens
from workbench.ui.widgets.tips import plain_tip

COMMANDS = (
    ("open_file", "Open database file…", "folder-open-outline"),
    ("new_database", "New database…", "database-plus-outline"),
    ("url", "Connect to a URL…", "link-variant"),
)
PLACEHOLDER = "Choose a connection"
_POPUP_WIDTH = 380
_BAR = 3
_COMMAND = Qt.ItemDataRole.UserRole + 2
_NO_KEYS = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Meta,
    Qt.Key.Key_AltGr,
)


class ConnectionPicker(QComboBox):
    """Open connections, saved ones, samples, recent files, and three commands.

    Signals: `connection_chosen(key)`, `open_file_wanted()`, `new_database_wanted()`,
    `url_wanted()`. Choosing the connection that is current already emits nothing.
    """

    connection_chosen = Signal(str)
    open_file_wanted = Signal()
    new_database_wanted = Signal()
    url_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("connectionPicker")
        self._items: tuple[ConnectionItem, ...] = ()
        self._key = ""
        self._lines = QStandardItemModel(self)
        self.setModel(self._lines)
        self.setItemDelegate(LineDelegate(self))
        self.setPlaceholderText(PLACEHOLDER)
        self.setMaxVisibleItems(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(16, 16))
        self.view().setMinimumWidth(_POPUP_WIDTH)
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.activated.connect(self._on_activated)
        theme.repaint_on_change(self)
        self._fill()

    @property
    def current_key(self) -> str:
        """The key of the connection shown, "" for none."""
        return self._key

    def current_item(self) -> ConnectionItem | None:
        """The connection shown."""
        return next((item for item in self._items if item.key == self._key), None)

    def set_items(self, items: tuple[ConnectionItem, ...]) -> None:
        """Offer `items`, in their order within each kind. What is current stays so."""
        if items == self._items and self._lines.rowCount():
            return
        self._items = items
        self._fill()

    def set_current(self, key: str) -> None:
        """Show the connection `key`; "" or one that is not offered shows none. Emits nothing."""
        self._key = key
        self._show_current()

    def _fill(self) -> None:
        self._lines.clear()
        for kind in ItemKind:
            members = [item for item in self._items if item.kind is kind]
            if members:
                self._lines.appendRow(_heading(HEADINGS[kind]))
            for member in members:
                self._lines.appendRow(_line(member))
        if self._items:
            self._lines.appendRow(_heading(""))
        for name, text, icon in COMMANDS:
            command = QStandardItem(icons.icon(icon, "muted"), text)
            command.setData(name, _COMMAND)
            self._lines.appendRow(command)
        self._show_current()

    def _show_current(self) -> None:
        self.setCurrentIndex(self._row_of(self._key))
        item = self.current_item()
        self.setAccessibleName("Connection")
        said = (
            ", ".join(part for part in (item.title, item.detail, item.marks) if part)
            if item
            else ""
        )
        self.setAccessibleDescription(said or PLACEHOLDER)
        self.setToolTip(plain_tip(said))
        self.update()

    def _row_of(self, key: str) -> int:
        for row in range(self._lines.rowCount()):
            item = self._lines.item(row).data(ITEM)
            if isinstance(item, ConnectionItem) and item.key == key:
                return row
        return -1

    def _on_activated(self, row: int) -> None:
        line = self._lines.item(row)
        command, item = line.data(_COMMAND), line.data(ITEM)
        if isinstance(item, ConnectionItem):
            if item.key != self._key:
                self.set_current(item.key)
                self.connection_chosen.emit(item.key)
            return
        self._show_current()  # a command is no connection: show again what is current
        wanted = {
            "open_file": self.open_file_wanted,
            "new_database": self.new_database_wanted,
            "url": self.url_wanted,
        }.get(command)
        if wanted is not None:
            wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turning the wheel over the toolbar changes no connection."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key that would change the connection opens the list instead."""
        changes = event.text() or event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
            Qt.Key.Key_F4,
        )
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
        )
        if changes and plain and event.key() not in _NO_KEYS:
            self.showPopup()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame, the name with its icon, elided, and a bar if it is production."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        item = self.current_item()
        with QPainter(self) as painter:
            self.style().drawComplexControl(
                QStyle.ComplexControl.CC_ComboBox, option, painter, self
            )
            field = self.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox,
                option,
                QStyle.SubControl.SC_ComboBoxEditField,
                self,
            )
            if item is not None and item.production:
                bar = QRect(1, 5, _BAR, self.height() - 10)
                painter.fillRect(bar, QColor(tokens.current().danger))
            self._paint_text(painter, field.adjusted(4, 0, -2, 0), item)

    def _paint_text(self, painter: QPainter, field: QRect, item: ConnectionItem | None) -> None:
        colours = tokens.current()
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if item is None:
            painter.setPen(QColor(colours.muted))
            text = self.fontMetrics().elidedText(
                PLACEHOLDER, Qt.TextElideMode.ElideRight, field.width()
            )
            painter.drawText(field, middle, text)
            return
        side = self.iconSize().width()
        square = QRect(field.left(), field.center().y() - side // 2, side, side)
        icons.icon(item.icon, "danger" if item.production else "accent").paint(painter, square)
        rest = field.adjusted(side + 8, 0, 0, 0)
        metrics = self.fontMetrics()
        title = metrics.elidedText(item.title, Qt.TextElideMode.ElideMiddle, rest.width())
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        painter.drawText(rest, middle, title)
        rest.setLeft(rest.left() + metrics.horizontalAdvance(title) + 8)
        # "production" first: it is the last thing to be cut off.
        aside = " · ".join(part for part in (item.marks, item.detail) if part)
        if aside and rest.width() > metrics.averageCharWidth() * 4:
            painter.setPen(QColor(colours.danger if item.production else colours.muted))
            aside = metrics.elidedText(aside, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, middle, aside)


def _heading(text: str) -> QStandardItem:
    heading = QStandardItem(text)
    heading.setFlags(Qt.ItemFlag.NoItemFlags)
    heading.setData("separator", Qt.ItemDataRole.AccessibleDescriptionRole)
    return heading


def _line(item: ConnectionItem) -> QStandardItem:
    token = "danger" if item.production else "accent"
    line = QStandardItem(icons.icon(item.icon, token), item.title)
    line.setData(item, ITEM)
    said = ", ".join(part for part in (item.title, item.detail, item.marks) if part)
    line.setData(said, Qt.ItemDataRole.AccessibleTextRole)
    return line
