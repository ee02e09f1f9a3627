"""The list of completions under the caret, and how it is narrowed while typing.

GUI thread. The popup never takes the focus: the editor hands it the keys. It knows
nothing of SQL, asks no one for items and inserts nothing; it emits `accepted`.
"""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.ui.theme import icons, tokens

_ROW = 24
_SHOWN = 10
_MAX_ITEMS = 500
_ICONS = {
    "keyword": ("code-tags", "keyword"),
    "function": ("function-variant", "function"),
    "table": ("table", "accent"),
    "view": ("table-eye", "accent"),
    "column": ("table-column", "muted"),
    "schema": ("folder-outline", "muted"),
    "database": ("database", "accent"),
    "type": ("shape-outline", "muted"),
    "snippet": ("text-box-outline", "muted"),
}
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing that could stand at the caret.

    `text` is inserted as it is; `kind` chooses the icon (keyword function table view column
    schema database type snippet); `detail` is a short note, such as a column's type.
    """

    text: str
    kind: str = "keyword"
    detail: str = ""


def narrow(items: list[Completion], prefix: str) -> list[Completion]:
    """The items that fit what was typed: beginnings first, then parts, then letters in order.

    Within each the given order stays. Case doesn't count.
    """
    wanted = prefix.lower()
    if not wanted:
        return items[:_MAX_ITEMS]
    ranks: tuple[list[Completion], list[Completion], list[Completion]] = ([], [], [])
    for item in items:
        text = item.text.lower().lstrip('"`[')
        if text.startswith(wanted):
            ranks[0].append(item)
        elif wanted in text:
            ranks[1].append(item)
        elif _in_order(wanted, text):
            ranks[2].append(item)
    return [item for rank in ranks for item in rank][:_MAX_ITEMS]


def _in_order(letters: str, text: str) -> bool:
    if letters[0] != text[:1]:
        return False
    rest = iter(text)
    return all(letter in rest for letter in letters)


class _Items(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[Completion] = []

    def show(self, items: list[Completion]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.text}, {item.kind} {item.detail}".strip()
        return None


class _RowPainter(QStyledItemDelegate):
    def __init__(self, model: _Items, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item, t = self._model.items[index.row()], tokens.current()
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(place, QColor(t.selection if selected else t.panel))
        glyph, token = _ICONS.get(item.kind, ("circle-small", "muted"))
        icons.icon(glyph, token).paint(painter, place.x() + 6, place.y() + 4, 16, 16)
        inner = place.adjusted(28, 0, -8, 0)
        align = Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        detail = metrics.elidedText(item.detail, Qt.TextElideMode.ElideRight, inner.width() // 2)
        room = inner.width() - metrics.horizontalAdvance(detail) - 12
        painter.setPen(QColor(t.text))
        text = metrics.elidedText(item.text, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(inner, align | Qt.AlignmentFlag.AlignLeft, text)
        painter.setPen(QColor(t.selection_muted if selected else t.muted))
        painter.drawText(inner, align | Qt.AlignmentFlag.AlignRight, detail)


class CompletionPopup(QListView):
    """A frameless list that floats under the caret.

    Signals: `accepted(Completion)`.
    """

    accepted = Signal(object)

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self.setObjectName("completionPopup")
        self.setAccessibleName("Completions")
        # A tool tip's window: above the editor, never active, no entry in the task bar.
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self._items = _Items()
        self.setModel(self._items)
        self.setItemDelegate(_RowPainter(self._items, self))
        self.clicked.connect(self._on_clicked)

    @property
    def shown(self) -> list[Completion]:
        """The items in the list, best first."""
        return self._items.items

    @property
    def selected(self) -> Completion | None:
        """The item that Enter would take."""
        row = self.currentIndex().row()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def show_items(self, items: list[Completion], at: QPoint, line_height: int) -> None:
        """List `items` under the line whose caret is at the global point `at`.

        The selected item stays selected if it is still there. No items: the popup closes.
        """
        if not items:
            self.hide()
            return
        before = self.selected if self.isVisible() else None
        self._items.show(items)
        row = items.index(before) if before in items else 0
        self.setCurrentIndex(self._items.index(row))
        metrics = self.fontMetrics()
        widest = max(
            metrics.horizontalAdvance(item.text) + metrics.horizontalAdvance(item.detail)
            for item in items[:100]
        )
        size = QSize(min(max(widest + 72, 220), 520), min(len(items), _SHOWN) * _ROW + 4)
        self.setGeometry(self._place(at, size, line_height))
        self.show()

    def take_key(self, event: QKeyEvent) -> bool:
        """Act on a key that belongs to the open list; False if it is the editor's."""
        if not self.wants_key(event):
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.hide()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}:
            self._accept()
        else:
            step = {
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_PageUp: -_SHOWN + 1,
                Qt.Key.Key_PageDown: _SHOWN - 1,
            }[Qt.Key(key)]
            self._move(step)
        return True

    def wants_key(self, event: QKeyEvent) -> bool:
        """Whether the open list uses this key."""
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        return self.isVisible() and plain and event.key() in _KEYS

    def _move(self, step: int) -> None:
        count, row = len(self.shown), self.currentIndex().row()
        row = (row + step) % count if abs(step) == 1 else min(max(row + step, 0), count - 1)
        self.setCurrentIndex(self._items.index(row))

    def _accept(self) -> None:
        chosen = self.selected
        self.hide()
        if chosen is not None:
            self.accepted.emit(chosen)

    def _on_clicked(self, _index: QModelIndex) -> None:
        self._accept()

    def _place(self, at: QPoint, size: QSize, line_height: int) -> QRect:
        screen = self.screen().availableGeometry()
        top = at.y() + line_height
        if top + size.height() > screen.bottom():
            top = max(screen.top(), at.y() - size.height())
        left = min(max(at.x() - 28, screen.left()), max(screen.right() - size.width(), 0))
        return QRect(QPoint(left, top), size)


_KEYS = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
