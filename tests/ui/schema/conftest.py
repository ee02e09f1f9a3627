"""A panel on a real database, served by a real session, in this thread and at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import pytest
from pytestqt.qtbot import QtBot

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import Connection, Node, Statement
from workbench.core.adapter.target import Target
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import Path
from workbench.ui.panels.schema.panel import SchemaPanel


class Patient:
    """A connection attempt that nobody stops."""

    stopped = False
    timeout_s = 30.0

    def on_stop(self, abort: Callable[[], None]) -> None:
        """Nobody does."""


@dataclass
class Explorer:
    """The panel, its catalog, the session that serves it, and what it asked for."""

    panel: SchemaPanel
    cache: CatalogCache
    connection: Connection
    wanted: list[Path] = field(default_factory=list)
    refreshed: list[Path] = field(default_factory=list)
    answering: bool = True

    def run(self, *statements: str) -> None:
        for text in statements:
            self.connection.execute(Statement(text)).close()

    def load(self, path: Path) -> None:
        self.wanted.append(path)
        if self.answering:
            ticket = self.cache.begin(path)
            node = self.cache.node(path) if path else None
            self.cache.put(path, self.connection.children(node), ticket)

    def refresh(self, path: Path) -> None:
        self.refreshed.append(path)
        self.cache.invalidate(path)
        self.load(path)

    def node(self, name: str) -> Node:
        return next(node for node in self.panel.table_nodes() if node.name == name)

    def open(self, *names: str) -> None:
        for name in names:
            self.panel.tree.expand(self.panel.model.find(self.node(name).path))

    def shown(self) -> list[str]:
        """All rows that are open, as text, indented."""
        tree, model = self.panel.tree, self.panel.model
        found = []
        index = model.index(0, 0)
        while index.isValid():
            row = model.row(index)
            assert row is not None
            depth, above = 0, index.parent()
            while above.isValid():
                depth, above = depth + 1, above.parent()
            found.append("  " * depth + row.text)
            index = tree.indexBelow(index)
        return found


TABLES = {
    "duckdb": [
        "create table customers (id integer primary key, name varchar not null)",
        "create table orders (id integer primary key, customer integer references customers (id),"
        " amount decimal(10, 2))",
        'create table "Odd ""name""" ("select" integer)',
        "create view recent as select * from orders",
    ],
    "sqlite": [
        "create table customers (id integer primary key, name text not null)",
        "create table orders (id integer primary key, customer integer references customers (id),"
        " amount decimal(10, 2))",
        'create table "Odd ""name""" ("select" integer)',
        "create view recent as select * from orders",
    ],
}


@pytest.fixture(params=["duckdb", "sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def explorer(qtbot: QtBot, engine: str, tmp_path: FilePath) -> Iterator[Explorer]:
    """Connected, with customers, orders, an oddly named table and a view; schema open."""
    spec = discovery.find(engine)
    target = Target(
        engine, spec.schemes[0], database=str(tmp_path / "shop.db"), options={"create": "1"}
    )
    connection = spec.connect(target, Patient())
    panel = SchemaPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 600)
    made = Explorer(panel, CatalogCache(), connection)
    made.run(*TABLES[engine])
    panel.children_wanted.connect(made.load)
    panel.refresh_requested.connect(made.refresh)
    panel.show()
    panel.set_catalog(made.cache)
    yield made
    panel.set_catalog(None)
    connection.close()
