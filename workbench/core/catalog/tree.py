"""The schema tree as far as it is known: branches of nodes, each with its state of loading.

Frozen data and pure functions; any thread. It loads nothing and knows no engine: nodes come
from `adapter.contract.Connection.children`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workbench.core.adapter.contract import Node, NodeKind

Path = tuple[str, ...]
ROOT: Path = ()
STOPPED = "Loading stopped"

_TABLES = (NodeKind.TABLE, NodeKind.VIEW)


class Loading(StrEnum):
    """What is known of the nodes below a path."""

    UNKNOWN = "unknown"  # never asked for, or out of date: `nodes` are the last ones known
    LOADING = "loading"  # asked for; `nodes` are the last ones known
    KNOWN = "known"
    ERROR = "error"  # the last attempt failed; `error` says why


@dataclass(frozen=True, slots=True)
class Branch:
    """The nodes below one path. `cut`: how many more there are than are kept.

    `error` says why there is nothing newer: in state ERROR, or UNKNOWN after a stop.
    """

    state: Loading = Loading.UNKNOWN
    nodes: tuple[Node, ...] = ()
    error: str = ""
    cut: int = 0


UNKNOWN = Branch()


def is_table(node: Node) -> bool:
    """Is it something to select from?"""
    return node.kind in _TABLES


def holds_tables(node: Node) -> bool:
    """Could tables be below it (a database, a schema, a folder)?"""
    return not node.leaf and node.kind in (NodeKind.DATABASE, NodeKind.SCHEMA, NodeKind.OTHER)


def is_below(path: Path, ancestor: Path) -> bool:
    """Is `path` the same as `ancestor`, or below it?"""
    return path[: len(ancestor)] == ancestor


def evictable(nodes: Iterable[Node]) -> bool:
    """May these be forgotten to save memory: columns and the like, which load again in no time?"""
    return all(not is_table(node) and not holds_tables(node) for node in nodes)
