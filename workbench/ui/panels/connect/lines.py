"""Paints the lines of the connection list: name, muted detail, marks, headings, a rule.

GUI thread only, and only while the list is open. Paints plain text; reads nothing but the
item it is given.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui.panels.connect.items import ConnectionItem
from workbench.ui.theme import tokens

ITEM = Qt.ItemDataRole.UserRole + 1
LINE_HEIGHT = 28
_RULE_HEIGHT = 9
_ICON = 16
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class LineDelegate(QStyledItemDelegate):
    """One line of the list. A line that can't be chosen is a heading, or, empty, a rule."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As high as its kind of line is; the list's own width."""
        rule = not _choosable(index) and not index.data()
        return QSize(160, _RULE_HEIGHT if rule else LINE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint it."""
        box = QRect(option.rect)
        painter.save()
        if not _choosable(index):
            _paint_heading(painter, box, str(index.data() or ""))
        else:
            chosen = QStyle.StateFlag.State_Selected in option.state
            _paint_line(painter, box, index, chosen=chosen)
        painter.restore()


def _choosable(index: _Index) -> bool:
    return Qt.ItemFlag.ItemIsEnabled in index.flags()


def _paint_heading(painter: QPainter, box: QRect, text: str) -> None:
    colours = tokens.current()
    if not text:
        painter.fillRect(
            QRect(box.left() + 8, box.center().y(), box.width() - 16, 1), QColor(colours.line)
        )
        return
    small = QFont(painter.font())
    small.setPixelSize(max(10, small.pixelSize() - 2))
    painter.setFont(small)
    painter.setPen(QColor(colours.muted))
    painter.drawText(box.adjusted(10, 4, -8, 0), _LEFT, text)


def _paint_line(painter: QPainter, box: QRect, index: _Index, *, chosen: bool) -> None:
    colours = tokens.current()
    if chosen:
        painter.fillRect(box, QColor(colours.selection))
    item = index.data(ITEM)
    if isinstance(item, ConnectionItem) and item.production:
        painter.fillRect(
            QRect(box.left(), box.top() + 4, 3, box.height() - 8), QColor(colours.danger)
        )
    icon = index.data(Qt.ItemDataRole.DecorationRole)
    square = QRect(box.left() + 12, box.center().y() - _ICON // 2 + 1, _ICON, _ICON)
    if isinstance(icon, QIcon):
        icon.paint(painter, square)
    rest = box.adjusted(12 + _ICON + 8, 0, -10, 0)
    metrics = painter.fontMetrics()
    aside = ""
    if isinstance(item, ConnectionItem):
        aside = " · ".join(part for part in (item.detail, item.marks) if part)
    title = str(index.data() or "")
    most = (
        rest.width()
        if not aside
        else max(rest.width() * 3 // 5, rest.width() - 12 - metrics.horizontalAdvance(aside))
    )
    shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, most)
    painter.setPen(QColor(colours.text))
    painter.drawText(rest, _LEFT, shown)
    if aside:
        rest.setLeft(rest.left() + metrics.horizontalAdvance(shown) + 12)
        painter.setPen(QColor(colours.selection_muted if chosen else colours.muted))
        painter.drawText(
            rest, _RIGHT, metrics.elidedText(aside, Qt.TextElideMode.ElideMiddle, rest.width())
        )
