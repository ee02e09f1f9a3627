"""The schema tree's model: the branches of a CatalogCache as rows, loaded when looked at.

GUI thread only; the cache may change on any thread, the model hears of it by a queued
signal. It never touches a connection: where it has nothing to show it emits
`children_wanted(path)` and shows "Loading…" until the cache has an answer. Rows that stay
keep their identity when a branch is loaded again, so expansion and selection stay too.
"""

import weakref
from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.core.adapter.contract import Node
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import ROOT, Loading, Path
from workbench.ui.panels.schema.entries import Entries, Entry
from workbench.ui.panels.schema.rows import Moves, Row, matching_rows, moves, sentence
from workbench.ui.widgets.tips import plain_tip

RowRole = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
# Made once: Qt asks for the flags of every row, and joining them costs more than all the rest.
_NODE_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
)
_LEAF_FLAGS = _NODE_FLAGS | Qt.ItemFlag.ItemNeverHasChildren
_NOTE_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
)
# With more pieces to move than this a reset is quicker than telling the view of each.
_FEW_MOVES = 40


class _Hearing:
    """One model's subscription to one cache; holds no model, and ends with it."""

    def __init__(self) -> None:
        self._end: Callable[[], None] | None = None

    def start(self, cache: CatalogCache, model: "SchemaModel") -> None:
        """Tell `model` of changes, from whatever thread makes them, as long as it lives."""
        told, kept = weakref.ref(model), weakref.ref(cache)

        def on_changed(path: Path) -> None:
            listening, changed = told(), kept()
            if listening is not None and changed is not None and self._end is not None:
                listening.cache_changed.emit(changed, path)

        self._end = cache.subscribe(on_changed)

    def stop(self) -> None:
        """Hear no more. Twice is once."""
        end, self._end = self._end, None
        if end is not None:
            end()


class SchemaModel(QAbstractItemModel):
    """The tree of one catalog, filtered.

    Signals: `children_wanted(path)`: nobody has loaded what is below it yet.
    `branch_changed(path)`: what is below it is new. `about_to_rebuild()`, `rebuilt()` around a
    reset, for the view to save and restore what is open.
    """

    children_wanted = Signal(object)
    branch_changed = Signal(object)
    about_to_rebuild = Signal()
    rebuilt = Signal()
    cache_changed = Signal(object, object)  # its own: across threads, queued by Qt

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache: CatalogCache | None = None
        self._hearing = _Hearing()
        self.destroyed.connect(self._hearing.stop)
        self._filter = ""
        self._entries = Entries(self._rows)
        self.cache_changed.connect(self._on_cache_changed)

    def set_cache(self, cache: CatalogCache | None) -> None:
        """Show another catalog, or none. Emits children_wanted(()) if it knows nothing."""
        self._hearing.stop()
        self._cache = cache
        if cache is not None:
            self._hearing.start(cache, self)
        self.rebuild()
        self._want(ROOT)

    def set_filter(self, text: str) -> None:
        """Show only what contains `text`, in any case, and ask for tables not loaded yet."""
        wanted = text.strip().lower()
        if wanted != self._filter:
            self._filter = wanted
            self.rebuild()
        self._want_tables()

    @property
    def filter(self) -> str:
        """The filter in lower case, "" for none."""
        return self._filter

    def rebuild(self) -> None:
        """Make all rows anew. The view's memory of what was open goes: see the signals."""
        self.about_to_rebuild.emit()
        self.beginResetModel()
        self._entries.clear()
        self.endResetModel()
        self.rebuilt.emit()

    def row(self, index: Index) -> Row | None:
        """The row at `index`."""
        entry = self._entry(index)
        return entry.row if entry is not None and entry is not self._entries.root else None

    def node(self, index: Index) -> Node | None:
        """The node at `index`, None for a row without one."""
        row = self.row(index)
        return row.node if row is not None else None

    def look_into(self, index: Index, above: Path | None = None) -> None:
        """The row at `index` is open: ask for what is below it if that is unknown.

        With `above` only if what is above has come anew, not when its load was stopped.
        """
        row = self.row(index)
        if row is None or row.node is None or row.node.leaf or self._cache is None:
            return
        if above is None or self._cache.peek(above).state is Loading.KNOWN:
            self._want(row.path)

    def find(self, path: Path) -> QModelIndex:
        """The index of the node at `path`, invalid where there is none (shown)."""
        entry = self._entries.root
        for depth in range(1, len(path) + 1):
            step = path[:depth]
            found = [
                each
                for each in self._entries.below(entry)
                if each.row.path == step and each.row.node
            ]
            if not found:
                return QModelIndex()
            entry = found[0]
        return self._index(entry)

    # What Qt asks.

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The index of a row."""
        entry = self._entry(parent)
        rows = self._entries.below(entry) if entry is not None else []
        if column or not 0 <= row < len(rows):
            return QModelIndex()
        return self.createIndex(row, 0, rows[row].id)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """The index of the row above in the tree."""
        entry = self._entry(index)
        return self._index(entry.parent) if entry is not None else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows are below."""
        entry = self._entry(parent)
        return (
            len(self._entries.below(entry)) if entry is not None and self.hasChildren(parent) else 0
        )

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One: the delegate paints the details."""
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Whether the row can be opened; says so without loading anything."""
        entry = self._entry(parent)
        if entry is None or entry is self._entries.root:
            return entry is self._entries.root and self._cache is not None
        return entry.row.node is not None and not entry.row.node.leaf

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, what to say of it, and the row itself for the delegate."""
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return sentence(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(sentence(row))
        return row if role == RowRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Nodes can be dragged into the editor; notes can only be looked at."""
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        if row.node is None:
            return _NOTE_FLAGS
        return _LEAF_FLAGS if row.node.leaf else _NODE_FLAGS

    def mimeData(self, indexes: "list[QModelIndex]") -> QMimeData:  # type: ignore[override]
        """The names as they can be typed, comma between."""
        data = QMimeData()
        nodes = [node for index in indexes if (node := self.node(index)) is not None]
        data.setText(", ".join(node.insert or node.name for node in nodes))
        return data

    # The rows.

    def _entry(self, index: Index) -> Entry | None:
        id = index.internalId() if index.isValid() else 0
        return self._entries.get(id) if id else self._entries.root

    def _index(self, entry: Entry | None) -> QModelIndex:
        if entry is None or entry is self._entries.root:
            return QModelIndex()
        return self.createIndex(entry.place, 0, entry.id)

    def _rows(self, entry: Entry) -> list[Row]:
        if self._cache is None:
            return []
        return matching_rows(self._cache, entry.row.path, entry.row.node, self._filter)

    def _want(self, path: Path) -> None:
        if self._cache is not None and self._cache.peek(path).state is Loading.UNKNOWN:
            self.children_wanted.emit(path)

    def _want_tables(self) -> None:
        if self._filter and self._cache is not None:
            for path in self._cache.unloaded():
                self._want(path)

    def _on_cache_changed(self, cache: CatalogCache, path: Path) -> None:
        if cache is not self._cache:
            return
        if self._filter:
            self.rebuild()  # what fits may have changed all the way up
            self._want_tables()
        else:
            index = self.find(path)
            entry = self._entry(index)
            if (path == ROOT or index.isValid()) and entry is not None and entry.rows is not None:
                self._update(entry, index)
        self.branch_changed.emit(path)

    def _update(self, entry: Entry, index: QModelIndex) -> None:
        old, new = entry.rows or [], self._rows(entry)
        steps = moves((each.row for each in old), new)
        if steps is None or len(steps.removed) + len(steps.inserted) > _FEW_MOVES:
            self.rebuild()
            return
        self._move(entry, index, steps, new)
        for each, row in zip(entry.rows or [], new, strict=True):
            if each.row != row:
                each.row = row
                changed = self._index(each)
                self.dataChanged.emit(changed, changed)

    def _move(self, entry: Entry, index: QModelIndex, steps: Moves, new: list[Row]) -> None:
        for first, last in steps.removed:
            self.beginRemoveRows(index, first, last)
            self._entries.remove(entry, first, last)
            self.endRemoveRows()
        for first, last in steps.inserted:
            self.beginInsertRows(index, first, last)
            self._entries.insert(entry, first, new[first : last + 1])
            self.endInsertRows()
