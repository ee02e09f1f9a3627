"""The schema tree: opens lazily, keeps what is open over a refresh, is used by keyboard alone.

GUI thread only. Enter inserts a table's name and opens or closes what holds tables; the
context menu has the rest. It runs nothing: every wish is a signal.
"""

from weakref import WeakKeyDictionary

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView, QWidget

from workbench.core.adapter.contract import Node
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import ROOT, Path, holds_tables, is_table
from workbench.ui.panels.schema.model import SchemaModel
from workbench.ui.panels.schema.painting import RowPainter
from workbench.ui.theme import theme

_OPEN_DATA_KEY = "Alt+Return"
_OPENED_BY_FILTER = 300  # at most so many rows are opened to show what fits


class SchemaTree(QTreeView):
    """The tree over a SchemaModel.

    Signals: `insert_requested(text)`; `open_data_requested(node)`; `refresh_requested(path)`.
    """

    insert_requested = Signal(str)
    open_data_requested = Signal(object)
    refresh_requested = Signal(object)

    def __init__(self, model: SchemaModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("schemaTree")
        self.setAccessibleName("Schema")
        self.setModel(model)
        self._model = model
        self._painter = RowPainter()
        self._painter.setParent(self)
        self.setItemDelegate(self._painter)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._memory: WeakKeyDictionary[CatalogCache, set[Path]] = WeakKeyDictionary()
        self._open: set[Path] = set()
        self._open_next: Path | None = None  # of a catalog never seen before: open its first
        self._current: Path = ROOT
        self._restoring = False
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        self.doubleClicked.connect(self.act_on)
        model.about_to_rebuild.connect(self._on_about_to_rebuild)
        model.rebuilt.connect(self._on_rebuilt)
        model.branch_changed.connect(self._on_branch_changed)
        self._painter.retry_clicked.connect(self.refresh_requested)
        theme.repaint_on_change(self.viewport())

    def remember_for(self, cache: CatalogCache | None) -> None:
        """Another catalog is about to be shown: what was open in it when last seen, is again."""
        self._current = ROOT
        self._open_next = None
        self._open = set()
        if cache is not None:
            self._open_next = ROOT if cache not in self._memory else None
            self._open = self._memory.setdefault(cache, self._open)

    def set_match(self, wanted: str) -> None:
        """Mark this text (lower case) in the names."""
        self._painter.set_match(wanted)

    def current_node(self) -> Node | None:
        """The node that the keyboard is on."""
        return self._model.node(self.currentIndex())

    def act_on(self, index: QModelIndex) -> None:
        """Double click or Enter: insert a name, open what holds tables, try again."""
        row = self._model.row(index)
        if row is None:
            return
        if row.can_retry:
            self.refresh_requested.emit(row.path)
        elif row.node is not None and holds_tables(row.node):
            self.setExpanded(index, not self.isExpanded(index))
        elif row.node is not None:
            self.insert_requested.emit(row.node.insert or row.node.name)

    def make_menu(self, node: Node) -> QMenu:
        """What can be done with `node`."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if is_table(node):
            opening = self._action(menu, "Open data", _OPEN_DATA_KEY)
            opening.triggered.connect(lambda: self.open_data_requested.emit(node))
        inserting = self._action(menu, "Insert name", "" if holds_tables(node) else "Return")
        inserting.triggered.connect(lambda: self.insert_requested.emit(node.insert or node.name))
        copying = self._action(menu, "Copy name", "Ctrl+C")
        copying.triggered.connect(lambda: _copy(node))
        if not node.leaf:
            menu.addSeparator()
            refreshing = self._action(menu, "Refresh", "")
            refreshing.triggered.connect(lambda: self.refresh_requested.emit(node.path))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu, at the pointer or, by keyboard, below the row."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        node = self._model.node(index)
        if node is None:
            return
        at = event.pos()
        if by_key:
            rect = self.visualRect(index)
            at = QPoint(rect.left() + 20, rect.bottom())
        self.make_menu(node).popup(self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Alt+Enter and Copy; arrows and letters are Qt's."""
        index, node = self.currentIndex(), self.current_node()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if enter and modifiers == Qt.KeyboardModifier.NoModifier and index.isValid():
            self.act_on(index)
        elif enter and modifiers == Qt.KeyboardModifier.AltModifier and node and is_table(node):
            self.open_data_requested.emit(node)
        elif event.matches(QKeySequence.StandardKey.Copy) and node is not None:
            _copy(node)
        else:
            super().keyPressEvent(event)

    def _action(self, menu: QMenu, text: str, key: str) -> QAction:
        action = menu.addAction(text)
        if key:
            action.setShortcut(QKeySequence(key))  # shown only: the tree's own keys do it
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action

    def _on_expanded(self, index: QModelIndex) -> None:
        row = self._model.row(index)
        if row is not None and not self._restoring and not self._model.filter:
            self._open.add(row.path)
        self._model.look_into(index)

    def _on_collapsed(self, index: QModelIndex) -> None:
        row = self._model.row(index)
        if row is not None and not self._restoring and not self._model.filter:
            self._open.discard(row.path)

    def _on_about_to_rebuild(self) -> None:
        row = self._model.row(self.currentIndex())
        self._current = row.path if row is not None else self._current

    def _on_rebuilt(self) -> None:
        self._restoring = True
        try:
            if self._model.filter:
                self._open_what_fits()
            else:
                for path in sorted(self._open, key=len):
                    self.setExpanded(self._model.find(path), True)
        finally:
            self._restoring = False
        if self._current != ROOT:
            index = self._model.find(self._current)
            if index.isValid():
                self.setCurrentIndex(index)
                self.scrollTo(index)
        self._open_first()

    def _open_what_fits(self) -> None:
        """Open all that holds tables, and tables shown for the sake of a column."""
        left = _OPENED_BY_FILTER
        waiting = [QModelIndex()]
        while waiting and left:
            parent = waiting.pop()
            for place in range(self._model.rowCount(parent)):
                index = self._model.index(place, 0, parent)
                node = self._model.node(index)
                if node is None or node.leaf or left == 0:
                    continue
                fits = self._model.filter in node.name.lower()
                if holds_tables(node) or not fits:
                    self.setExpanded(index, True)
                    left -= 1
                    if holds_tables(node):
                        waiting.append(index)

    def _on_branch_changed(self, path: Path) -> None:
        """What is open below a branch that came anew is out of date as well: ask for it."""
        self._open_first()
        index = self._model.find(path)
        if path != ROOT and not index.isValid():
            return
        for place in range(self._model.rowCount(index)):
            below = self._model.index(place, 0, index)
            if self.isExpanded(below):
                self._model.look_into(below, above=path)
            elif not self._model.filter and self._was_open(below):
                self.expand(below)  # it was gone for a while

    def _was_open(self, index: QModelIndex) -> bool:
        node = self._model.node(index)
        return node is not None and node.path in self._open

    def _open_first(self) -> None:
        """Open the first database and its first schema: most people want no others."""
        while self._open_next is not None and not self._model.filter:
            node = self._model.node(self._model.index(0, 0, self._model.find(self._open_next)))
            if node is None:
                return  # not loaded yet
            self._open_next = node.path if holds_tables(node) else None
            if self._open_next is not None:
                self.expand(self._model.find(node.path))


def _copy(node: Node) -> None:
    QGuiApplication.clipboard().setText(node.insert or node.name)
