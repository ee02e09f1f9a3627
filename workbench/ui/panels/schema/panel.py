"""The schema explorer: a filter, a refresh that can be stopped, and the tree.

GUI thread only. It shows a CatalogCache and runs nothing: what is to be loaded, refreshed or
stopped it says by signals, to be answered by putting nodes into the cache.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.adapter.contract import Node
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import ROOT, Loading, Path
from workbench.ui.panels.schema.model import SchemaModel
from workbench.ui.panels.schema.tree import SchemaTree
from workbench.ui.theme.icons import icon
from workbench.ui.widgets.empty_state import EmptyState

DEBOUNCE_MS = 60


class SchemaPanel(QWidget):
    """The panel.

    Signals: `children_wanted(path)`: load what is below and put it into the cache.
    `refresh_requested(path)`: what is known at and below it is to be loaded again.
    `stop_requested()`: stop what is loading. `insert_requested(text)`: put it at the caret.
    `open_data_requested(node)`: show the rows of this table or view.
    """

    children_wanted = Signal(object)
    refresh_requested = Signal(object)
    stop_requested = Signal()
    insert_requested = Signal(str)
    open_data_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("schemaPanel")
        self.setAccessibleName("Schema explorer")
        self._cache: CatalogCache | None = None
        self._loading = False
        self.filter = QLineEdit(self)
        self.filter.setObjectName("schemaFilter")
        self.filter.setAccessibleName("Filter tables")
        self.filter.setPlaceholderText("Filter tables")
        self.filter.setClearButtonEnabled(True)
        for button in self.filter.findChildren(QToolButton):  # the style is for larger ones
            button.setStyleSheet("padding: 0; border: 0; min-height: 0;")
            button.setIcon(icon("close", "muted"))
        self.filter.installEventFilter(self)
        self.refresh_button = QToolButton(self)
        self.refresh_button.setObjectName("schemaRefresh")
        self.refresh_button.setProperty("compact", True)
        self.model = SchemaModel(self)
        self.tree = SchemaTree(self.model, self)
        self.unconnected = EmptyState(
            "No connection", "Connect to a database to see its tables here."
        )
        self.nothing = EmptyState("Nothing fits", "Esc clears the filter.")
        self.failed = EmptyState("The schema could not be loaded", action="Retry")
        self._typing = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._lay_out()
        self._connect()
        self.set_loading(False)
        self._show_page()

    def set_catalog(self, cache: CatalogCache | None) -> None:
        """Show this connection's catalog; None when there is no connection.

        Emits children_wanted(()) if nothing is known of it yet.
        """
        if cache is self._cache:
            return
        self._cache = cache
        self._typing.stop()
        self.filter.clear()
        self._apply_filter()
        self.tree.remember_for(cache)
        self.filter.setEnabled(cache is not None)
        self.model.set_cache(cache)
        self.set_loading(self._loading)
        self._show_page()

    def set_loading(self, loading: bool) -> None:
        """Something is being loaded for this panel: the refresh button stops it."""
        self._loading = loading
        text = "Stop loading" if loading else "Refresh (F5)"
        self.refresh_button.setIcon(
            icon("close", "danger") if loading else icon("refresh", "muted")
        )
        self.refresh_button.setToolTip(text)
        self.refresh_button.setAccessibleName("Stop loading" if loading else "Refresh the schema")
        self.refresh_button.setEnabled(loading or self._cache is not None)

    def table_nodes(self) -> tuple[Node, ...]:
        """The tables and views known so far, for a search by name elsewhere."""
        return self._cache.table_nodes() if self._cache is not None else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the filter: Esc clears it, Down and Enter go to the tree."""
        if watched is self.filter and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._filter_key(event):
                return True
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                # With text in it, Esc is ours; in an empty one it stops the query.
                event.setAccepted(bool(self.filter.text()))
                return bool(self.filter.text())
        return super().eventFilter(watched, event)

    def _filter_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
            self._apply_filter()
            return True
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply_filter()
            if not self.tree.currentIndex().isValid():
                self.tree.setCurrentIndex(self.model.index(0, 0))
            self.tree.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.filter, 1)
        head.addWidget(self.refresh_button)
        self._body = QWidget(self)
        self._pages = QStackedLayout(self._body)
        for page in (self.tree, self.unconnected, self.nothing, self.failed):
            self._pages.addWidget(page)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        lines.addLayout(head)
        lines.addWidget(self._body, 1)
        self.setMinimumWidth(160)
        self.setFocusProxy(self.tree)
        self.filter.setEnabled(False)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._apply_filter)
        self.refresh_button.clicked.connect(self._on_button)
        self.model.children_wanted.connect(self.children_wanted)
        self.model.rebuilt.connect(self._show_page)
        self.model.branch_changed.connect(self._show_page)
        self.tree.insert_requested.connect(self.insert_requested)
        self.tree.open_data_requested.connect(self.open_data_requested)
        self.tree.refresh_requested.connect(self.refresh_requested)
        if self.failed.action is not None:
            self.failed.action.clicked.connect(lambda: self.refresh_requested.emit(ROOT))
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        refresh.activated.connect(self._on_refresh_key)

    def _apply_filter(self) -> None:
        self._typing.stop()
        text = self.filter.text()
        self.tree.set_match(text.strip().lower())
        self.model.set_filter(text)
        self._show_page()

    def _on_button(self) -> None:
        if self._loading:
            self.stop_requested.emit()
        elif self._cache is not None:
            self.refresh_requested.emit(ROOT)

    def _on_refresh_key(self) -> None:
        if not self._loading and self._cache is not None:
            self.refresh_requested.emit(ROOT)

    def _show_page(self, _path: Path = ROOT) -> None:
        root = self._cache.peek(ROOT) if self._cache is not None else None
        page: QWidget = self.tree
        if root is None:
            page = self.unconnected
        elif root.state is Loading.ERROR and not root.nodes:
            self.failed.set_text("The schema could not be loaded", root.error)
            page = self.failed
        elif self.model.filter and self.model.rowCount() == 0:
            self.nothing.set_text(f"Nothing fits “{self.filter.text().strip()}”", "Esc clears it.")
            page = self.nothing
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
