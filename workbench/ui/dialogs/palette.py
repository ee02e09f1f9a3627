"""The command palette: every action, tab and table, found by a few letters.

GUI thread only. Shows what it is given, emits the chosen id after it has gone; carries
nothing out itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.dialogs.fuzzy import rank
from workbench.ui.dialogs.palette_lines import ENTRY, LINE_HEIGHT, PLACES, EntryDelegate
from workbench.ui.theme import icons

WIDTH = 600
_MOST = 60
_LINES_SHOWN = 12


class EntryKind(StrEnum):
    """What an entry is; the word is shown muted beside it."""

    ACTION = "action"
    TAB = "tab"
    TABLE = "table"


_ICONS = {
    EntryKind.ACTION: "chevron-right",
    EntryKind.TAB: "file-document-outline",
    EntryKind.TABLE: "table",
}


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One thing to choose. `aside` is muted at the right: an action's keys, a table's schema."""

    id: str
    text: str
    kind: EntryKind = EntryKind.ACTION
    aside: str = ""
    icon: str = ""
    enabled: bool = True


class CommandPalette(QDialog):
    """Open it with `open_over(window)`. Signals: `chosen(id)`, at most once."""

    chosen = Signal(str)

    def __init__(self, entries: tuple[PaletteEntry, ...], parent: QWidget | None = None) -> None:
        flags = Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint
        super().__init__(parent, flags)
        self.setObjectName("commandPalette")
        self.setWindowTitle("Command palette")
        self.setAccessibleName("Command palette")
        self.setFixedWidth(WIDTH)
        self._entries = tuple(entry for entry in entries if entry.enabled)
        self._closed = False
        self.line = QLineEdit(self)
        self.line.setObjectName("paletteLine")
        self.line.setPlaceholderText("Type an action, a tab or a table")
        self.line.setAccessibleName("Find an action, a tab or a table")
        self.list = QListView(self)
        self.list.setObjectName("paletteList")
        self._model = QStandardItemModel(self)
        self.nothing = QLabel("Nothing is called that.", self)
        self._lay_out()
        self.line.textChanged.connect(self._find)
        self.line.installEventFilter(self)
        self.list.clicked.connect(lambda _index: self._choose())
        self._find("")

    def _lay_out(self) -> None:
        self.list.setModel(self._model)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setAccessibleName("Found")
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line keeps it, and moves the list
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setIconSize(QSize(16, 16))
        self.list.setFixedHeight(LINE_HEIGHT * _LINES_SHOWN + 2)
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setProperty("rank", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setFixedHeight(LINE_HEIGHT * 2)
        # A line round it: it has no frame of the desktop's, and may lie on its own colour.
        card = QFrame(self)
        card.setProperty("card", True)
        inner = self._inner = QVBoxLayout(card)
        inner.setContentsMargins(8, 8, 8, 8)
        inner.setSpacing(6)
        for widget in (self.line, self.list, self.nothing):
            inner.addWidget(widget)
        outer = self._outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)

    def open_over(self, window: QWidget) -> None:
        """Show it near the top of `window`, the line empty and focused."""
        self.adjustSize()
        corner = window.mapToGlobal(QPoint((window.width() - WIDTH) // 2, 56))
        self.setGeometry(QRect(corner, QSize(WIDTH, self.sizeHint().height())))
        self.open()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def current(self) -> PaletteEntry | None:
        """What Enter would choose."""
        entry = self.list.currentIndex().data(ENTRY)
        return entry if isinstance(entry, PaletteEntry) else None

    def found(self) -> tuple[PaletteEntry, ...]:
        """The entries shown, best first."""
        shown = (self._model.item(row).data(ENTRY) for row in range(self._model.rowCount()))
        return tuple(entry for entry in shown if isinstance(entry, PaletteEntry))

    def _find(self, text: str) -> None:
        hits = rank(text, ((entry.text, entry) for entry in self._entries), _MOST)
        self._model.clear()
        for hit in hits:
            entry = hit.item
            item = QStandardItem(icons.icon(entry.icon or _ICONS[entry.kind], "muted"), entry.text)
            item.setData(entry, ENTRY)
            item.setData(hit.places, PLACES)
            said = ", ".join(part for part in (entry.text, entry.kind.value, entry.aside) if part)
            item.setData(said, Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self.list.setVisible(bool(hits))
        self.nothing.setVisible(not hits)
        self.list.setFixedHeight(LINE_HEIGHT * max(1, min(len(hits), _LINES_SHOWN)) + 2)
        self._fit()

    def _fit(self) -> None:
        """As high as what was found."""
        self._inner.activate()  # else it tells of its new height one event later
        self._outer.activate()
        self.setFixedHeight(self._outer.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line's arrow and Enter keys work on the list."""
        pressed = watched is self.line and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and self._on_key(event):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _LINES_SHOWN,
            Qt.Key.Key_PageUp: -_LINES_SHOWN,
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif key in steps:
            self._step(steps[key])
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        count = self._model.rowCount()
        if not count:
            return
        row = self.list.currentIndex().row() + by
        row = row % count if abs(by) == 1 else min(max(row, 0), count - 1)
        self.list.setCurrentIndex(self._model.index(row, 0))

    def _choose(self) -> None:
        entry = self.current()
        if entry is None or self._closed:
            return
        self.reject()
        self.chosen.emit(entry.id)

    def changeEvent(self, event: QEvent) -> None:
        """A click beside it closes it."""
        super().changeEvent(event)
        left = event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow()
        if left and self.isVisible():
            self.reject()

    def done(self, result: int) -> None:
        """Close it, and let it go."""
        if self._closed:
            return
        self._closed = True
        super().done(result)
        self.deleteLater()
