"""The schema tree, level by level, as each engine has it."""

from collections.abc import Iterator

import pytest

from tests.engines.conftest import Open
from tests.engines.driving import count, run
from workbench.core.adapter.contract import Connection, Node, NodeKind


def walk(session: Connection, node: Node | None = None) -> Iterator[Node]:
    """Every node below `node`, depth first."""
    for child in session.children(node):
        yield child
        yield from walk(session, child)


def named(session: Connection, kind: NodeKind, name: str) -> Node:
    """The one node of `kind` with that name."""
    (found,) = (node for node in walk(session) if node.kind is kind and node.name == name)
    return found


@pytest.fixture
def catalog(session: Connection) -> Connection:
    run(session, "CREATE TABLE parent (id INTEGER PRIMARY KEY, label TEXT UNIQUE)")
    run(
        session,
        'CREATE TABLE "Odd ""name""" (a INTEGER NOT NULL, "select" TEXT, '
        "p INTEGER REFERENCES parent(id))",
    )
    run(session, "INSERT INTO parent VALUES (1, 'one'), (2, 'two')")
    run(session, "CREATE VIEW seen AS SELECT id, label FROM parent")
    return session


def test_an_empty_database_has_a_root_and_no_tables(session: Connection) -> None:
    kinds = {node.kind for node in walk(session)}
    assert NodeKind.DATABASE in kinds
    assert kinds <= {NodeKind.DATABASE, NodeKind.SCHEMA}


def test_the_engine_s_own_schemas_and_tables_are_hidden(catalog: Connection) -> None:
    names = {node.name for node in walk(catalog)}
    assert not {"information_schema", "pg_catalog", "system", "temp"} & names
    assert not any(name.startswith(("sqlite_", "duckdb_", "pg_")) for name in names)


def test_tables_and_views_are_told_apart(catalog: Connection) -> None:
    found = {node.name: node.kind for node in walk(catalog)}
    assert found["parent"] is NodeKind.TABLE
    assert found['Odd "name"'] is NodeKind.TABLE
    assert found["seen"] is NodeKind.VIEW


def test_columns_come_in_order_with_type_and_null(catalog: Connection) -> None:
    columns = catalog.children(named(catalog, NodeKind.TABLE, 'Odd "name"'))
    assert [column.name for column in columns] == ["a", "select", "p"]
    assert [column.nullable for column in columns] == [False, True, True]
    assert all(column.kind is NodeKind.COLUMN and column.leaf for column in columns)
    assert columns[0].detail == "INTEGER"
    assert columns[1].detail in ("TEXT", "VARCHAR")


def test_columns_say_which_key_they_are(catalog: Connection) -> None:
    parent = catalog.children(named(catalog, NodeKind.TABLE, "parent"))
    odd = catalog.children(named(catalog, NodeKind.TABLE, 'Odd "name"'))
    assert [column.key for column in parent] == ["primary", "unique"]
    assert [column.key for column in odd] == ["", "", "foreign"]


def test_a_view_has_columns(catalog: Connection) -> None:
    columns = catalog.children(named(catalog, NodeKind.VIEW, "seen"))
    assert [column.name for column in columns] == ["id", "label"]


def test_a_column_has_nothing_below_it(catalog: Connection) -> None:
    (column, *_) = catalog.children(named(catalog, NodeKind.TABLE, "parent"))
    assert catalog.children(column) == ()


def test_the_name_to_insert_can_be_typed_as_it_is(catalog: Connection) -> None:
    for node in list(walk(catalog)):
        if node.kind in (NodeKind.TABLE, NodeKind.VIEW):
            for column in catalog.children(node):
                run(catalog, f"SELECT {column.insert} FROM {node.insert}")


def test_a_plain_name_is_inserted_without_quotes(catalog: Connection) -> None:
    assert named(catalog, NodeKind.TABLE, "parent").insert == "parent"
    assert named(catalog, NodeKind.COLUMN, "select").insert == '"select"'


def test_a_table_of_an_attached_database_is_inserted_with_its_path(catalog: Connection) -> None:
    run(catalog, "ATTACH ':memory:' AS \"second one\"")
    run(catalog, 'CREATE TABLE "second one".remote (x INTEGER)')
    node = named(catalog, NodeKind.TABLE, "remote")
    assert count(catalog, node.insert) == 0
    assert node.path[0] == "second one"


def test_temporary_tables_show_while_there_are_any(catalog: Connection) -> None:
    run(catalog, "CREATE TEMP TABLE passing (x INTEGER)")
    node = named(catalog, NodeKind.TABLE, "passing")
    assert count(catalog, node.insert) == 0


def test_rows_are_estimated_where_the_engine_keeps_an_estimate(
    catalog: Connection,
) -> None:
    run(catalog, "ANALYZE")
    assert named(catalog, NodeKind.TABLE, "parent").rows == 2


def test_a_table_that_is_gone_has_no_columns(catalog: Connection) -> None:
    node = named(catalog, NodeKind.VIEW, "seen")
    run(catalog, "DROP VIEW seen")
    assert catalog.children(node) == ()


def test_what_another_session_makes_shows_at_the_next_look(
    catalog: Connection, open_session: Open, instance: str
) -> None:
    run(open_session(instance=instance), "CREATE TABLE later (x INTEGER)")
    assert named(catalog, NodeKind.TABLE, "later")
