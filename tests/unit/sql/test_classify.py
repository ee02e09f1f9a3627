"""The first words give a hint of what a statement does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.sql.classify import kind

READ = """
select 1 | (select 1) union all select 2 | values (1) | from t | show tables | summarize t
with a as (delete from t returning *) select * from a | explain delete from t
explain analyze select 1 | copy t to 'f' | copy (select 1) to 'from' | /* insert */ table t
"""
WRITE = """
insert into t values (1) | UPDATE t SET a = 1 | delete from t | merge into t | copy t from 'f'
replace into t values (1) | explain analyze delete from t
with a as (select 1), b as (select 2) insert into t select * from a
"""
DDL = """
create table t (a int) | alter table t add b int | drop view v | truncate t | vacuum
grant select on t to u
"""
TRANSACTION = """
begin | start transaction | commit | rollback to s | savepoint s | release s | end
"""
OTHER = """
pragma foreign_keys | set x = 1 | attach 'a' | start slave | nonsense | 42 | 'select' | "select"
"""


@pytest.mark.parametrize(
    ("expected", "statements"),
    [
        ("read", READ),
        ("write", WRITE),
        ("ddl", DDL),
        ("transaction", TRANSACTION),
        ("other", OTHER),
    ],
)
def test_the_hint(expected: str, statements: str) -> None:
    for statement in re.split(r" \| |\n", statements.strip()):
        assert kind(statement, "duckdb") == expected, statement


def test_comments_and_blanks_are_looked_through() -> None:
    assert kind("-- update\n /* delete */ select 1") == "read"
    assert kind("") == kind("-- nothing") == "other"


@given(st.text(max_size=80), st.sampled_from(["", "duckdb", "mysql"]))
def test_any_text_gets_a_hint(text: str, dialect: str) -> None:
    assert kind(text, dialect) in ("read", "write", "ddl", "transaction", "other")
