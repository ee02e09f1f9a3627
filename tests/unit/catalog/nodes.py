"""Nodes for tests of the catalog, made short."""

from workbench.core.adapter.contract import Node, NodeKind


def database(name: str) -> Node:
    return Node(NodeKind.DATABASE, (name,))


def schema(*path: str) -> Node:
    return Node(NodeKind.SCHEMA, path)


def table(*path: str, bare: bool = True) -> Node:
    return Node(NodeKind.TABLE, path, insert=path[-1] if bare else ".".join(path))


def view(*path: str) -> Node:
    return Node(NodeKind.VIEW, path, insert=path[-1])


def column(*path: str, type: str = "INTEGER") -> Node:
    return Node(NodeKind.COLUMN, path, detail=type, leaf=True)
