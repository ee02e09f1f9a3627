"""The rows of the schema tree: what a catalog's branches look like on the screen.

Plain data and pure functions, no Qt; GUI thread by use. A row is a node, or says what is
there instead of nodes: that they are loading, an error, nothing, or how many more there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workbench.core.adapter.contract import Node, NodeKind
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import Branch, Loading, Path, is_table


class RowKind(StrEnum):
    """What a row of the tree is."""

    NODE = "node"
    LOADING = "loading"
    ERROR = "error"
    STOPPED = "stopped"
    EMPTY = "empty"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `path` is the node's, or its parent's for a row without a node."""

    kind: RowKind
    path: Path
    text: str
    node: Node | None = None

    @property
    def can_retry(self) -> bool:
        """Does it stand for nodes that could be asked for again?"""
        return self.kind in (RowKind.ERROR, RowKind.STOPPED)

    @property
    def key(self) -> tuple[str, Path]:
        """What stays the same when the row is loaded again."""
        return (self.kind if self.node is None else self.node.kind, self.path)


_EMPTY = {
    NodeKind.DATABASE: "No tables yet",
    NodeKind.SCHEMA: "No tables yet",
    NodeKind.TABLE: "No columns",
    NodeKind.VIEW: "No columns",
}


def rows_of(branch: Branch, path: Path, parent: Node | None) -> list[Row]:
    """The rows below `path`, whose node is `parent` (None: the root)."""
    found = [Row(RowKind.NODE, node.path, node.name, node) for node in branch.nodes]
    if branch.state is Loading.ERROR:
        found.insert(0, Row(RowKind.ERROR, path, " ".join(branch.error.split())))
    elif not found and branch.error:
        found.append(Row(RowKind.STOPPED, path, branch.error))
    elif not found and branch.state is not Loading.KNOWN:
        found.append(Row(RowKind.LOADING, path, "Loading…"))
    elif not found:
        kind = parent.kind if parent is not None else NodeKind.DATABASE
        found.append(Row(RowKind.EMPTY, path, _EMPTY.get(kind, "Nothing here")))
    if branch.cut:
        found.append(Row(RowKind.MORE, path, f"{branch.cut:,} more are not shown"))
    return found


def matching_rows(cache: CatalogCache, path: Path, parent: Node | None, wanted: str) -> list[Row]:
    """The rows below `path` that fit a filter (lower case), or hold some that do.

    A table that fits keeps all its columns; one with a fitting column shows only those.
    Errors and what is loading stay, except below a table.
    """
    rows = rows_of(cache.peek(path), path, parent)
    if not wanted or (parent is not None and is_table(parent) and wanted in parent.name.lower()):
        return rows
    below_table = parent is not None and is_table(parent)
    kept = []
    for row in rows:
        if row.node is None:
            if row.kind not in (RowKind.EMPTY, RowKind.MORE) and not below_table:
                kept.append(row)
        elif wanted in row.text.lower() or holds_match(cache, row.node, wanted):
            kept.append(row)
    return kept


def holds_match(cache: CatalogCache, node: Node, wanted: str) -> bool:
    """Is there a fitting node below, or something below that is not loaded yet?"""
    if node.leaf:
        return False
    branch = cache.peek(node.path)
    if not is_table(node) and branch.state in (Loading.LOADING, Loading.ERROR):
        return True
    return any(
        wanted in child.name.lower() or holds_match(cache, child, wanted) for child in branch.nodes
    )


def moves(old: Iterable[Row], new: Iterable[Row]) -> "Moves | None":
    """How to get from the old rows to the new ones; None where the order itself changed."""
    old, new = list(old), list(new)
    new_keys = {row.key for row in new}
    kept = [row.key for row in old if row.key in new_keys]
    old_keys = {row.key for row in old}
    if kept != [row.key for row in new if row.key in old_keys]:
        return None
    gone = _runs(at for at, row in enumerate(old) if row.key not in new_keys)
    come = _runs(at for at, row in enumerate(new) if row.key not in old_keys)
    return Moves(tuple(reversed(gone)), tuple(come))


@dataclass(frozen=True, slots=True)
class Moves:
    """Runs (first, last) to remove, from the end; then runs to insert, from the start."""

    removed: tuple[tuple[int, int], ...]
    inserted: tuple[tuple[int, int], ...]


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def short_count(rows: int) -> str:
    """An estimate in few characters: 950, 1.8 k, 50 k, 1.2 M, 18 M."""
    size = float(rows)
    for unit in ("", " k", " M", " G"):
        if size < 999.5 or unit == " G":
            digits = 1 if unit and size < 9.95 else 0
            text = f"{size:,.{digits}f}"
            return (text.removesuffix(".0") if digits else text) + unit
        size /= 1000
    raise AssertionError("unreachable")


def sentence(row: Row) -> str:
    """The row in words, for people who hear the screen."""
    node = row.node
    if node is None:
        return row.text
    parts = [node.name, node.kind.value]
    if node.kind is NodeKind.COLUMN:
        parts = [node.name, "column", node.detail]
        parts += [f"{node.key} key" if node.key in ("primary", "foreign") else node.key]
        parts += [] if node.nullable else ["not null"]
    if node.rows is not None:
        parts.append(f"about {short_count(node.rows)} rows")
    return ", ".join(part for part in parts if part)
