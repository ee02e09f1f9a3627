"""All actions with their keys, to read and to search.

GUI thread only. A list of what it is given; not modal, so that keys can be tried beside it.
"""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

ROW_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One action: the group it stands in ("Run"), its text, its keys ("Ctrl+Return")."""

    group: str
    text: str
    keys: tuple[str, ...] = ()


class ShortcutsDialog(QDialog):
    """Show it with `show()`. Esc closes it (after clearing the filter, if there is one)."""

    def __init__(self, shortcuts: tuple[Shortcut, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAccessibleName("Keyboard shortcuts")
        self.resize(520, 560)
        self._shortcuts = shortcuts
        self.filter = QLineEdit(self)
        self.filter.setObjectName("shortcutsFilter")
        self.filter.setPlaceholderText("Filter by action or key")
        self.filter.setAccessibleName("Filter the shortcuts")
        self.filter.setClearButtonEnabled(True)
        self.tree = QTreeView(self)
        self.tree.setObjectName("shortcutsTree")
        self.nothing = QLabel("No action or key has that in its name.", self)
        self._model = QStandardItemModel(0, 2, self)
        self._lay_out()
        self.filter.textChanged.connect(self._show)
        self._show("")
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.tree.setModel(self._model)
        self.tree.setAccessibleName("Actions and their keys")
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setItemsExpandable(False)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setStyleSheet("QTreeView::item { padding: 0 5px; }")
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setProperty("rank", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.setSpacing(8)
        outer.addWidget(self.filter)
        outer.addWidget(self.tree, 1)
        outer.addWidget(self.nothing, 1)

    def _show(self, text: str) -> None:
        fitting = [s for s in self._shortcuts if _fits(s, text)]
        self._model.clear()
        self._model.setHorizontalHeaderLabels(["Action", "Keys"])
        for group in dict.fromkeys(shortcut.group for shortcut in fitting):
            head = _cell(group)
            font = head.font()
            font.setBold(True)
            head.setFont(font)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for shortcut in fitting:
                if shortcut.group == group:
                    keys = ", ".join(shortcut.keys) or "none"
                    head.appendRow([_cell(shortcut.text), _cell(keys)])
            self._model.appendRow([head, QStandardItem()])
        self.tree.expandAll()
        columns = self.tree.header()
        columns.setStretchLastSection(False)
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        columns.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.setVisible(bool(fitting))
        self.nothing.setVisible(not fitting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc: clear the filter first, then close."""
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close it, and let it go."""
        super().done(result)
        self.deleteLater()


def _cell(text: str) -> QStandardItem:
    cell = QStandardItem(text)
    width = QFontMetrics(QGuiApplication.font()).horizontalAdvance(text)
    cell.setSizeHint(QSize(width + 32, ROW_HEIGHT))
    return cell


def _fits(shortcut: Shortcut, text: str) -> bool:
    hay = " ".join((shortcut.group, shortcut.text, *shortcut.keys)).lower()
    return all(word in hay for word in text.lower().split())
