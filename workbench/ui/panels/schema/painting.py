"""Paints one row of the schema tree: icon, name, and muted what else is known of it.

GUI thread. Reads the theme while painting and keeps no colour; loads nothing, asks nobody.
All text is plain: it comes from a database.
"""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QIcon,
    QMouseEvent,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.core.adapter.contract import Node, NodeKind
from workbench.ui.panels.schema.model import RowRole
from workbench.ui.panels.schema.rows import Row, RowKind, short_count
from workbench.ui.theme.icons import icon
from workbench.ui.theme.tokens import Tokens, current

ROW_HEIGHT = 26
_ICON = 16
_GAP = 8
_RETRY = "Retry"
_NODE_ICONS = {
    NodeKind.DATABASE: ("database", "accent"),
    NodeKind.SCHEMA: ("folder-outline", "muted"),
    NodeKind.TABLE: ("table", "muted"),
    NodeKind.VIEW: ("table-eye", "muted"),
    NodeKind.COLUMN: ("circle-small", "muted"),
    NodeKind.INDEX: ("sort-ascending", "muted"),
    NodeKind.OTHER: ("folder-outline", "muted"),
}
_KEY_ICONS = {"primary": "key-variant", "foreign": "link-variant", "unique": "fingerprint"}
_ROW_ICONS = {
    RowKind.LOADING: ("timer-sand", "muted"),
    RowKind.ERROR: ("alert-circle-outline", "danger"),
    RowKind.STOPPED: ("close-circle-outline", "muted"),
}
_Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """The tree's delegate.

    Signals: `retry_clicked(path)`: the word Retry of an error's row was clicked.
    """

    retry_clicked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = ""

    def set_match(self, wanted: str) -> None:
        """Mark this text (lower case) in names from now on."""
        self._wanted = wanted

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All rows are equally high."""
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The ground by the style, all else here."""
        row = index.data(RowRole)
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text, ground.icon = "", QIcon()
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, option.widget)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setFont(option.font)
        room = option.rect.adjusted(2, 0, -_GAP, 0)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if row.node is None:
            self._paint_note(painter, room, row, selected)
        else:
            self._paint_node(painter, room, row.node, selected)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        """A click on Retry."""
        row = index.data(RowRole)
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and isinstance(row, Row)
            and row.can_retry
            and self.retry_rect(option.rect, option.fontMetrics).contains(_at(event))
        ):
            self.retry_clicked.emit(row.path)
            return True
        return super().editorEvent(event, model, option, index)

    def retry_rect(self, rect: QRect, metrics: QFontMetrics) -> QRect:
        """Where Retry stands in a row that has it."""
        width = metrics.horizontalAdvance(_RETRY)
        return QRect(rect.right() - _GAP - width, rect.top(), width + 1, rect.height())

    def _paint_node(self, painter: QPainter, room: QRect, node: Node, selected: bool) -> None:
        theme = current()
        name, token = _NODE_ICONS[node.kind]
        key = _KEY_ICONS.get(node.key)
        _draw_icon(painter, room, key or name, "muted" if key else token)
        room = room.adjusted(_ICON + 6, 0, 0, 0)
        muted = QColor(theme.selection_muted if selected else theme.muted)
        if node.rows is not None:
            count = short_count(node.rows)
            painter.setPen(muted)
            painter.drawText(room, _RIGHT, count)
            room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(count) - _GAP)
        column = node.kind is NodeKind.COLUMN
        width = self._draw_name(painter, room, _one_line(node.name), theme, room.width())
        room.setLeft(room.left() + width + _GAP)
        if column and room.width() > 24:
            painter.setPen(muted)
            kind = painter.fontMetrics().elidedText(
                _one_line(node.detail), Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, _LEFT, kind)

    def _paint_note(self, painter: QPainter, room: QRect, row: Row, selected: bool) -> None:
        theme = current()
        rect = room.adjusted(0, 0, _GAP, 0)
        if row.kind in _ROW_ICONS:
            _draw_icon(painter, room, *_ROW_ICONS[row.kind])
            room = room.adjusted(_ICON + 6, 0, 0, 0)
        metrics = painter.fontMetrics()
        if row.can_retry:
            painter.setPen(QColor(theme.text if selected else theme.accent))
            retry = self.retry_rect(rect, metrics)
            painter.drawText(retry, _RIGHT, _RETRY)
            room.setRight(retry.left() - _GAP)
        quiet = theme.selection_muted if selected else theme.muted
        painter.setPen(QColor(theme.text if row.kind is RowKind.ERROR else quiet))
        text = metrics.elidedText(row.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, text)

    def _draw_name(
        self, painter: QPainter, room: QRect, name: str, theme: Tokens, width: int
    ) -> int:
        """Draw the name with what was searched for marked; give the width it took."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
        painter.setPen(QColor(theme.text))
        layout = QTextLayout(shown, painter.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        if self._wanted and (place := shown.lower().find(self._wanted)) >= 0:
            mark = QTextLayout.FormatRange()
            # Qt counts UTF-16 units.
            mark.start = _units(shown[:place])
            mark.length = _units(shown[place : place + len(self._wanted)])
            mark.format = QTextCharFormat()
            mark.format.setBackground(QColor(theme.match))
            mark.format.setForeground(QColor(theme.text))
            layout.setFormats([mark])
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        top = room.top() + (room.height() - line.height()) / 2
        layout.draw(painter, QPointF(room.left(), top))
        return int(line.naturalTextWidth()) + 1


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def _draw_icon(painter: QPainter, room: QRect, name: str, token: str) -> None:
    top = room.top() + (room.height() - _ICON) // 2
    icon(name, token).paint(painter, QRect(room.left(), top, _ICON, _ICON))


def _at(event: QMouseEvent) -> QPoint:
    return event.position().toPoint()


def _one_line(text: str) -> str:
    """A name may hold line ends and tabs; a row has one line."""
    return " ".join(text.split()) if any(char in text for char in "\n\r\t\v\f") else text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
