"""Paints one line of the command palette, the matching letters set off.

GUI thread only, while the palette is open. Plain text; reads nothing but the item.
"""

from typing import Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.ui.theme import tokens

ENTRY = Qt.ItemDataRole.UserRole + 1
PLACES = Qt.ItemDataRole.UserRole + 2
LINE_HEIGHT = 30
_ICON = 16
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class Entry(Protocol):
    """What a line shows."""

    @property
    def text(self) -> str:
        """Its name."""
        ...

    @property
    def aside(self) -> str:
        """Muted at the right."""
        ...


class EntryDelegate(QStyledItemDelegate):
    """One line: icon, name, aside."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The same for all."""
        return QSize(200, LINE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint it."""
        entry: Entry = index.data(ENTRY)
        box = QRect(option.rect)
        chosen = QStyle.StateFlag.State_Selected in option.state
        colours = tokens.current()
        painter.save()
        if chosen:
            painter.fillRect(box, QColor(colours.selection))
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            square = QRect(box.left() + 10, box.center().y() - _ICON // 2 + 1, _ICON, _ICON)
            icon.paint(painter, square)
        rest = box.adjusted(10 + _ICON + 10, 0, -12, 0)
        muted = QColor(colours.selection_muted if chosen else colours.muted)
        if entry.aside:
            aside = painter.fontMetrics().elidedText(
                entry.aside, Qt.TextElideMode.ElideLeft, rest.width() // 2
            )
            painter.setPen(muted)
            painter.drawText(rest, _RIGHT, aside)
            rest.setRight(rest.right() - painter.fontMetrics().horizontalAdvance(aside) - 16)
        hit_ink = QColor(colours.text if chosen else colours.accent)
        _paint_name(painter, rest, entry.text, frozenset(index.data(PLACES) or ()), hit_ink)
        painter.restore()


def _paint_name(
    painter: QPainter, box: QRect, text: str, places: frozenset[int], hit_ink: QColor
) -> None:
    """Runs of letters, those that match in bold and in `hit_ink`."""
    colours = tokens.current()
    bold = QFont(painter.font())
    bold.setBold(True)
    fonts = {False: QFont(painter.font()), True: bold}
    metrics = {hit: QFontMetrics(font) for hit, font in fonts.items()}
    baseline = box.center().y() + (metrics[False].ascent() - metrics[False].descent()) // 2 + 1
    left = box.left()
    at = 0
    text = " ".join(text.splitlines())
    while at < len(text) and left < box.right():
        hit = at in places
        end = at + 1
        while end < len(text) and (end in places) == hit:
            end += 1
        run = text[at:end]
        width = metrics[hit].horizontalAdvance(run)
        if left + width > box.right():
            room = box.right() - left
            run = metrics[hit].elidedText(run, Qt.TextElideMode.ElideRight, room)
        painter.setFont(fonts[hit])
        painter.setPen(hit_ink if hit else QColor(colours.text))
        painter.drawText(left, baseline, run)
        left += width
        at = end
