"""Joins the schema explorer with the catalog of the connection in front. GUI thread only."""

from PySide6.QtCore import QObject, Signal

from workbench.core.catalog.tree import Path
from workbench.core.query.pool import SessionPool
from workbench.ui.panels.schema.panel import SchemaPanel
from workbench.ui.runtime.catalogs import Catalogs


class Exploring(QObject):
    """Shows one connection's catalog at a time, and has it loaded.

    Signals: `select_wanted(Node)`, show the rows of this table or view.
    """

    select_wanted = Signal(object)

    def __init__(self, panel: SchemaPanel, catalogs: Catalogs) -> None:
        super().__init__(panel)
        self._panel = panel
        self._catalogs = catalogs
        self._pool: SessionPool | None = None
        panel.children_wanted.connect(self._on_children_wanted)
        panel.refresh_requested.connect(self._on_refresh_requested)
        panel.stop_requested.connect(self._on_stop_requested)
        panel.open_data_requested.connect(self.select_wanted)
        catalogs.loading_changed.connect(self._on_loading_changed)

    def show(self, pool: SessionPool | None) -> None:
        """Show `pool`'s catalog; None: no connection."""
        self._pool = pool
        self._panel.set_catalog(self._catalogs.cache(pool) if pool is not None else None)
        self._panel.set_loading(pool is not None and self._catalogs.loading(pool))

    def table_names(self) -> list[tuple[str, str]]:
        """The tables and views known so far: the name to insert, and where it stands."""
        return [
            (node.insert or node.name, ".".join(node.path[:-1]))
            for node in self._panel.table_nodes()
        ]

    def _on_children_wanted(self, path: Path) -> None:
        if self._pool is not None:
            self._catalogs.want(self._pool, path)

    def _on_refresh_requested(self, path: Path) -> None:
        if self._pool is not None:
            self._catalogs.refresh(self._pool, path)

    def _on_stop_requested(self) -> None:
        if self._pool is not None:
            self._catalogs.stop(self._pool)

    def _on_loading_changed(self, pool: SessionPool, loading: bool) -> None:
        if pool is self._pool:
            self._panel.set_loading(loading)
