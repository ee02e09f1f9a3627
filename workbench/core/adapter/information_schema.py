"""The schema tree of an SQL engine, read with the engine's own queries.

An engine hands in the texts (`CatalogQueries`) and a function that runs one on its session;
names are always bound as parameters, never put into the text. Session's thread; blocks, and
is stoppable like a statement, since each query is one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.core.adapter.contract import Node, NodeKind

Rows = Sequence[Sequence[Any]]
RunQuery = Callable[[str, Mapping[str, object]], Rows]
Quote = Callable[..., str]


@dataclass(frozen=True, slots=True)
class CatalogQueries:
    """What to ask. Parameters: `database`, `schema`, `relation`, each where it is known.

    databases -> name, detail; schemas -> name ("" for an engine without that level);
    relations -> name, "table" or "view", estimated rows or None;
    columns -> name, type, nullable, key ("primary", "foreign", "unique" or "");
    here -> the path below which a bare name is found, as one row.
    """

    databases: str
    relations: str
    columns: str
    here: str
    schemas: str = ""


class SqlCatalog:
    """Answers `Connection.children` for one session."""

    def __init__(self, queries: CatalogQueries, run: RunQuery, quote: Quote) -> None:
        self._queries = queries
        self._run = run
        self._quote = quote

    def children(self, node: Node | None) -> tuple[Node, ...]:
        """The nodes below `node`; () below a leaf."""
        if node is None:
            return self._databases()
        if node.kind is NodeKind.DATABASE and self._queries.schemas:
            return self._schemas(node)
        if node.kind in (NodeKind.DATABASE, NodeKind.SCHEMA):
            return self._relations(node)
        if node.kind in (NodeKind.TABLE, NodeKind.VIEW):
            return self._columns(node)
        return ()

    def _databases(self) -> tuple[Node, ...]:
        return tuple(
            Node(NodeKind.DATABASE, (name,), detail=detail or "", insert=self._quote(name))
            for name, detail in self._run(self._queries.databases, {})
        )

    def _schemas(self, node: Node) -> tuple[Node, ...]:
        return tuple(
            Node(NodeKind.SCHEMA, (*node.path, name), insert=self._quote(*node.path, name))
            for (name,) in self._run(self._queries.schemas, {"database": node.name})
        )

    def _relations(self, node: Node) -> tuple[Node, ...]:
        here = tuple(self._run(self._queries.here, {})[0]) == node.path
        prefix = () if here else node.path
        return tuple(
            Node(
                NodeKind(kind),
                (*node.path, name),
                rows=rows,
                insert=self._quote(*prefix, name),
            )
            for name, kind, rows in self._run(self._queries.relations, self._names(node))
        )

    def _columns(self, node: Node) -> tuple[Node, ...]:
        values = self._names(node)
        return tuple(
            Node(
                NodeKind.COLUMN,
                (*node.path, name),
                detail=kind,
                key=key or "",
                nullable=bool(nullable),
                leaf=True,
                insert=self._quote(name),
            )
            for name, kind, nullable, key in self._run(self._queries.columns, values)
        )

    def _names(self, node: Node) -> dict[str, object]:
        levels = ("database", "schema") if self._queries.schemas else ("database",)
        return dict(zip((*levels, "relation"), node.path, strict=False))
