"""Formatting lays a script out and loses nothing of it."""

import re
import subprocess
import sys

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.sql.format import format_script, format_sql


def test_a_statement_is_laid_out() -> None:
    assert format_sql("select a,b from t where x=1 and y='q' order by b", "duckdb") == (
        "SELECT\n  a,\n  b\nFROM t\nWHERE\n  x = 1 AND y = 'q'\nORDER BY\n  b"
    )


def test_statements_are_a_blank_line_apart_and_keep_the_comments_between_them() -> None:
    script = "select 1;select 2; -- after 2\n\n\n-- before 3\nselect 3;\n"
    assert format_sql(script, "duckdb") == (
        "SELECT\n  1;\n\nSELECT\n  2; -- after 2\n\n-- before 3\nSELECT\n  3;\n"
    )


@pytest.mark.parametrize(
    ("dialect", "statement"),
    [
        ("duckdb", "selct nonsense from"),
        ("duckdb", "insert into t values (0x1f)"),  # the parser reads 0 AS x1f
        ("sqlite", "create trigger t after insert on x begin select 1; delete from y; end"),
        ("duckdb", "create table t (a varchar(10))"),  # the parser forgets the 10
        ("duckdb", "pragma table_info('t')"),
        ("duckdb", "\x00"),
        ("duckdb", "select " + "(" * 3000 + "1" + ")" * 3000),
    ],
)
def test_what_cannot_be_formatted_stays_and_is_reported(dialect: str, statement: str) -> None:
    formatted = format_script(f"select 1;\n\n{statement};\n\nselect 2", dialect)
    assert formatted.text == f"SELECT\n  1;\n\n{statement};\n\nSELECT\n  2"
    assert [piece.text for piece in formatted.untouched] == [statement]


def test_an_open_quote_leaves_the_script_as_it_is() -> None:
    assert format_sql("select 'open; select 2", "duckdb") == "select 'open; select 2"


@pytest.mark.parametrize(
    ("dialect", "kept"),
    [
        ("duckdb", "$1"),
        ("duckdb", "$name"),
        ("sqlite", ":name"),
        ("sqlite", "@name"),
        ("sqlite", "?"),
        ("duckdb", '"Straße"'),
        ("duckdb", "now()"),
        ("duckdb", "'it''s'"),
        ("duckdb", "x NULLS LAST"),
        ("duckdb", "MyColumn"),
        ("sqlite", "ifnull(a, b)"),
    ],
)
def test_what_was_typed_keeps_its_spelling(dialect: str, kept: str) -> None:
    formatted = format_script(f"select a from t order by {kept}", dialect)
    assert formatted.text.endswith(kept)
    assert not formatted.untouched


def test_a_stop_leaves_the_rest_as_it_is() -> None:
    answers = iter([False, True])
    formatted = format_script("select 1; select  2;", "duckdb", lambda: next(answers))
    assert formatted.text == "SELECT\n  1; select  2;"


EXPRESSION = st.sampled_from(
    [
        *(
            "a",
            '"B c"',
            "1",
            "1.5e3",
            "'it''s'",
            "$1",
            "t.a",
            "count(*)",
            "a + 1",
            "a::int",
            "NULL",
        ),
        *("case when a = 1 then 'x' else 'y' end", "(select max(a) from t)", "[1, 2]", "{'k': 1}"),
        *("sum(a) over (partition by b order by c desc nulls last)", "-- c\n a", "/* d */ b"),
        *("x -> x + 1", "0x1F", "$$q$$", "not a", "a is distinct from b", "cast(a as varchar)"),
    ]
)
STATEMENT = st.builds(
    lambda columns, rest: f"select {', '.join(columns)} {rest}",
    st.lists(EXPRESSION, min_size=1, max_size=5),
    st.sampled_from(
        [
            "from t",
            "from t left join u using (a) where a > 1 group by all having b < 2",
            "from (select * from t) as q order by 1 limit 5",
            "from t union all select 1 -- end",
            "from",
        ]
    ),
)
SCRIPTS = st.lists(STATEMENT | st.text(max_size=12), max_size=4).map(" ;\n".join)


@given(SCRIPTS)
def test_formatting_twice_changes_nothing_more(script: str) -> None:
    once = format_sql(script, "duckdb")
    assert format_sql(once, "duckdb") == once


@given(STATEMENT)
def test_a_formatted_statement_means_the_same_to_the_database(statement: str) -> None:
    formatted = format_script(statement, "duckdb")
    if formatted.untouched:
        assert formatted.text == statement.strip()
        return
    tree = "select json_serialize_sql(?, skip_null := true, skip_default := true)"
    with duckdb.connect() as connection:
        trees = [
            _without_places(connection.execute(tree, [sql]).fetchone())
            for sql in (statement, formatted.text)
        ]
    assert trees[0] == trees[1]


def _without_places(row: object) -> object:
    """The serialized tree without what formatting may change: offsets, and VARCHAR's other name."""
    return (
        re.sub(r'"query_location(_length)?":\d+,?', "", str(row))
        .replace(",}", "}")
        .replace("TEXT", "VARCHAR")
    )


def test_the_parser_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, workbench.core.sql.format; sys.exit('sqlglot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
