"""The first words give a hint of what a statement does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.sql.classify import kind


@pytest.mark.parametrize(
    ("expected", "statements"),
    [
        ("read", ["select 1", "(select 1) union all select 2", "values (1)", "from t",
                  "show tables", "with a as (delete from t returning *) select * from a", "explain delete from t",
                  "explain analyze select 1", "copy t to 'f'", "-- update\nselect 1",
                  "/* insert */ table t", "summarize t", "copy (select 1) to 'from'"]),
        ("write", ["insert into t values (1)", "UPDATE t SET a = 1", "delete from t",
                   "merge into t", "replace into t values (1)", "explain analyze delete from t", "copy t from 'f'",
                   "with a as (select 1), b as (select 2) insert into t select * from a"]),
        ("ddl", ["create table t (a int)", "alter table t add b int", "drop view v", "truncate t",
                 "vacuum", "grant select on t to u"]),
        ("transaction", ["begin", "start transaction", "commit", "rollback to s", "savepoint s",
                         "release s", "end"]),
        ("other", ["", "pragma foreign_keys", "set x = 1", "attach 'a'", "start slave", "nonsense",
                   "42", "'select'", '"select"']),
    ],
)  # fmt: skip
def test_the_hint(expected: str, statements: list[str]) -> None:
    assert {statement: kind(statement, "duckdb") for statement in statements} == dict.fromkeys(
        statements, expected
    )


@given(st.text(max_size=80), st.sampled_from(["", "duckdb", "mysql"]))
def test_any_text_gets_a_hint(text: str, dialect: str) -> None:
    assert kind(text, dialect) in ("read", "write", "ddl", "transaction", "other")
