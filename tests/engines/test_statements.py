"""Statements and what they bring, on every engine."""

import pyarrow as pa
import pytest

from tests.engines.conftest import Open
from tests.engines.driving import count, run
from tests.engines.subjects import Subject
from workbench.core.adapter.contract import Connection, Statement, Transaction
from workbench.core.errors import EngineError, ErrorKind


def test_a_select_brings_its_rows_in_order(session: Connection, subject: Subject) -> None:
    result = run(session, subject.rows.format(n=40_000))
    assert [row[0] for row in result.rows] == list(range(40_000))
    assert result.columns is not None
    assert [column.name for column in result.columns] == ["x"]
    assert result.columns[0].numeric
    assert result.affected is None


def test_a_batch_holds_1_to_16384_rows(session: Connection, subject: Subject) -> None:
    sizes = [batch.num_rows for batch in run(session, subject.rows.format(n=50_000)).batches]
    assert sum(sizes) == 50_000
    assert all(1 <= size <= 16_384 for size in sizes)


def test_batches_carry_the_names_of_the_columns_even_when_two_are_alike(
    session: Connection,
) -> None:
    result = run(session, 'SELECT 1 AS a, 2 AS a, 3 AS "b c"')
    assert result.batches[0].schema.names == ["a", "a", "b c"]
    assert result.rows == [(1, 2, 3)]


def test_an_empty_result_has_columns_and_no_batch(session: Connection, table: str) -> None:
    result = run(session, f"SELECT x FROM {table} WHERE x > 100")
    assert result.columns is not None
    assert result.columns[0].name == "x"
    assert result.batches == []


@pytest.mark.parametrize(
    ("sql", "affected", "command"),
    [
        ("INSERT INTO kept VALUES (3), (4), (5)", 3, "INSERT"),
        ("UPDATE kept SET x = x + 1", 2, "UPDATE"),
        ("DELETE FROM kept WHERE x = 1", 1, "DELETE"),
        ("DELETE FROM kept WHERE x = 100", 0, "DELETE"),
        ("WITH v AS (SELECT 7 AS x) INSERT INTO kept SELECT x FROM v", 1, "INSERT"),
        ("/* a */ -- b\nINSERT INTO kept VALUES (3)", 1, "INSERT"),
    ],
)
def test_a_change_reports_its_count_and_has_no_rows(
    session: Connection, table: str, sql: str, affected: int, command: str
) -> None:
    result = run(session, sql)
    assert (result.columns, result.affected, result.command) == (None, affected, command)


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE other (x INTEGER)", "CREATE VIEW v AS SELECT 1 AS x", "DROP TABLE kept"]
)
def test_ddl_has_neither_rows_nor_count(session: Connection, table: str, sql: str) -> None:
    result = run(session, sql)
    assert (result.columns, result.affected) == (None, None)
    assert result.command in ("CREATE", "DROP")


def test_returning_brings_rows(session: Connection, table: str) -> None:
    result = run(session, f'INSERT INTO {table} VALUES (8), (9) RETURNING x AS "Count"')
    assert result.columns is not None
    assert result.columns[0].name == "Count"
    assert result.rows == [(8,), (9,)]
    assert count(session, table) == 4


def test_explaining_a_change_changes_nothing_and_counts_nothing(
    session: Connection, subject: Subject, table: str
) -> None:
    result = run(session, f"{subject.spec.capabilities.explain}DELETE FROM {table}")
    assert result.columns is not None
    assert result.affected is None
    assert count(session, table) == 2


@pytest.mark.parametrize("sql", ["", "   \n", ";", "-- nothing", "/* nothing */", "-- x\n;"])
def test_a_statement_of_nothing_does_nothing(session: Connection, sql: str) -> None:
    result = run(session, sql)
    assert (result.columns, result.affected, result.batches) == (None, None, [])


def test_two_statements_at_once_are_refused_and_neither_runs(
    session: Connection, table: str
) -> None:
    with pytest.raises(EngineError):
        run(session, f"DELETE FROM {table}; SELECT 1")
    assert count(session, table) == 2


def test_a_final_semicolon_and_comment_do_no_harm(session: Connection) -> None:
    assert run(session, "SELECT 7; -- seven").value == 7


def test_a_parameter_is_bound_by_name_and_others_are_left_alone(
    session: Connection, subject: Subject
) -> None:
    values = {"p": "it's", "unused": 1}
    assert run(session, f"SELECT {subject.parameter} AS x", values).value == "it's"


def test_a_missing_parameter_is_an_error_that_names_it(
    session: Connection, subject: Subject
) -> None:
    with pytest.raises(EngineError, match="p"):
        run(session, f"SELECT {subject.parameter} AS x")


def test_a_variable_of_the_program_is_no_table(session: Connection) -> None:
    rows = pa.table({"x": [1]})
    with pytest.raises(EngineError, match="rows"):
        run(session, "SELECT * FROM rows")
    assert rows.num_rows == 1


def test_an_error_says_its_code_and_place(session: Connection, subject: Subject) -> None:
    for sql, code, blamed in subject.error_positions:
        with pytest.raises(EngineError) as caught:
            run(session, sql)
        error = caught.value
        assert error.code == code, sql
        assert error.kind is ErrorKind.STATEMENT
        assert error.position is not None, sql
        assert sql[error.position :].startswith(blamed), (sql, sql[error.position :])


def test_an_error_message_is_clean(session: Connection, subject: Subject) -> None:
    for sql, _, _ in subject.error_positions:
        with pytest.raises(EngineError) as caught:
            run(session, sql)
        assert "LINE " not in caught.value.message
        assert "{" not in caught.value.message
        assert not caught.value.message.endswith("\n")


def test_an_error_while_rows_are_computed_is_an_engine_error(
    session: Connection, subject: Subject
) -> None:
    with pytest.raises(EngineError) as caught:
        run(session, subject.bad_value)
    assert caught.value.kind is ErrorKind.STATEMENT


def test_the_next_statement_works_after_an_error(session: Connection, subject: Subject) -> None:
    for sql in ("SELEC 1", subject.bad_value, "SELECT * FROM nosuch"):
        with pytest.raises(EngineError):
            run(session, sql)
        assert run(session, "SELECT 5").value == 5
        assert session.transaction is Transaction.NONE


def test_the_next_statement_works_beside_a_half_read_result(
    session: Connection, subject: Subject
) -> None:
    cursor = session.execute(Statement(subject.endless))
    next(iter(cursor.batches()))
    assert run(session, "SELECT 5").value == 5
    cursor.close()
    assert run(session, "SELECT 6").value == 6


def test_a_closed_cursor_gives_no_more_rows(session: Connection, subject: Subject) -> None:
    cursor = session.execute(Statement(subject.endless))
    batches = cursor.batches()
    next(batches)
    cursor.close()
    assert next(batches, None) is None


def test_a_half_read_result_that_is_dropped_lets_go_of_the_table(
    session: Connection, table: str, subject: Subject
) -> None:
    run(session, subject.fill.format(n=50_000, table=table))
    batches = session.execute(Statement(f"SELECT a.x FROM {table} a, {table} b")).batches()
    next(batches)
    del batches
    run(session, f"DROP TABLE {table}")


def test_a_statement_of_five_megabytes_runs(session: Connection) -> None:
    text = "x" * 5_000_000
    assert run(session, f"SELECT length('{text}') AS n").value == 5_000_000


def test_five_megabytes_that_are_no_sql_are_refused(session: Connection) -> None:
    with pytest.raises(EngineError):
        run(session, "nonsense (" * 500_000)
    assert run(session, "SELECT 1").value == 1


def test_a_cell_of_100000_characters_arrives_whole(session: Connection) -> None:
    text = "é日x" * 33_334
    assert run(session, f"SELECT '{text}' AS wide").value == text


@pytest.mark.parametrize("sql", ["SELECT 1 \0 x", "\0", "SELECT 'a\0b' AS x FROM nosuch"])
def test_a_nul_character_in_a_statement_does_no_harm(session: Connection, sql: str) -> None:
    with pytest.raises(EngineError):
        run(session, sql)
    assert run(session, "SELECT 1").value == 1


def test_half_a_surrogate_pair_in_a_statement_is_an_error_at_its_place(
    session: Connection,
) -> None:
    with pytest.raises(EngineError) as caught:
        run(session, "SELECT '\udcff'")
    assert caught.value.position == 8
    assert run(session, "SELECT 1").value == 1


def test_many_columns_arrive(session: Connection) -> None:
    result = run(session, "SELECT " + ", ".join(f"{n} AS c{n}" for n in range(1_000)))
    assert result.rows == [tuple(range(1_000))]


def test_sessions_of_one_memory_database_see_the_same_tables(
    open_session: Open, instance: str
) -> None:
    one, two = open_session(instance=instance), open_session(instance=instance)
    other = open_session(instance=f"{instance}-other")
    run(one, "CREATE TABLE shared (x INTEGER)")
    run(one, "INSERT INTO shared VALUES (1)")
    assert count(two, "shared") == 1
    one.close()
    assert count(two, "shared") == 1
    with pytest.raises(EngineError, match="shared"):
        count(other, "shared")


def test_a_closed_session_says_so(session: Connection) -> None:
    session.close()
    session.close()
    with pytest.raises(EngineError) as caught:
        run(session, "SELECT 1")
    assert caught.value.kind is ErrorKind.CONNECTION_LOST
    assert session.progress() is None


def test_the_server_names_itself(session: Connection, subject: Subject) -> None:
    assert session.server.startswith(subject.spec.title)
    assert any(character.isdigit() for character in session.server)
