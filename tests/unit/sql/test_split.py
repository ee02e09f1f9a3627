"""A script is taken apart as its engine would take it apart."""

import sqlite3
import sys
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.sql.lexicon import lexicon
from workbench.core.sql.split import Piece, piece_at, split

DIALECTS = (
    "",
    "duckdb",
    "sqlite",
    "postgres",
    "mysql",
    "tsql",
    "clickhouse",
    "spark",
    "unheard-of",
)

FRAGMENTS = st.sampled_from(
    [
        *("select", "1", " ", "\n", ";", "'", "''", '"', "`", "[", "]", "--", "-", "/*", "*/", "/"),
        *("$", "$$", "$a$", "$1", "E'", "\\", "#", "begin", "end", "case", "create trigger t "),
        *(
            "create function f() ",
            "begin atomic ",
            "end if",
            "é",
            "🦆",
            "\x00",
            "\ufeff",
            "\t",
            "\r\n",
        ),
    ]
)
SOUP = st.lists(FRAGMENTS | st.text(max_size=3), max_size=40).map("".join)


def texts(script: str, dialect: str = "") -> list[str]:
    return [piece.text for piece in split(script, dialect)]


@pytest.mark.parametrize(
    ("dialect", "script", "expected"),
    [
        ("", "select 1; select 2;", ["select 1", "select 2"]),
        ("", "select 'a;b''; c'; select 2", ["select 'a;b''; c'", "select 2"]),
        ("", 'select ";" ; select `;`', ['select ";"', "select `;`"]),
        ("", "select 1 -- a;b\n+ 2; x", ["select 1 -- a;b\n+ 2", "x"]),
        ("", "select /* ; */ 1; x", ["select /* ; */ 1", "x"]),
        ("", " ;; \n ; ", []),
        ("", "-- only a comment\n/* and ; another */ ;", []),
        ("", "select 1; -- about the first\nselect 2", ["select 1", "select 2"]),
        (
            "",
            "select 1;\n-- about the second\nselect 2",
            ["select 1", "-- about the second\nselect 2"],
        ),
        ("", "select 'open; select 2", ["select 'open; select 2"]),
        ("", "\ufeffselect 1", ["select 1"]),
        ("", "select \x00; select 2", ["select \x00", "select 2"]),
        ("duckdb", "select $$;$$; select $a$;$$;$a$", ["select $$;$$", "select $a$;$$;$a$"]),
        ("duckdb", "select E'a\\';b'; select 2", ["select E'a\\';b'", "select 2"]),
        ("duckdb", "select 'a\\'; select 2", ["select 'a\\'", "select 2"]),
        ("duckdb", "select /* /* ; */ ; */ 1; x", ["select /* /* ; */ ; */ 1", "x"]),
        ("duckdb", "select [1, 2][1]; select [';'];", ["select [1, 2][1]", "select [';']"]),
        ("postgres", "select a$1; select $1", ["select a$1", "select $1"]),
        ("sqlite", "select /* /* */ 1; select 2", ["select /* /* */ 1", "select 2"]),
        ("sqlite", "select [a;b]; select 2", ["select [a;b]", "select 2"]),
        ("tsql", "select [a]];b]; select 2", ["select [a]];b]", "select 2"]),
        ("mysql", "select 'a\\';b'; # c;d\nselect \"\\\";\"", ["select 'a\\';b'", 'select "\\";"']),
        ("mysql", "select 1--2; select 2", ["select 1--2", "select 2"]),
    ],
)
def test_quotes_and_comments_hide_semicolons(
    dialect: str, script: str, expected: list[str]
) -> None:
    assert texts(script, dialect) == expected


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("sqlite", "create trigger t after insert on x begin delete from y; select 1; end"),
        ("sqlite", "create temp trigger t after insert on x when new.a > 1 begin\n"
         "  select case when 1 then 2 end; /* ; end; */ update y set a = 1;\nEND"),
        ("sqlite", "create /* c */ trigger t before delete on x begin select 'begin; end;'; end"),
        ("mysql", "create trigger t before insert on x for each row begin\n"
         "  if new.a then set new.b = 1; end if;\n"
         "  case new.a when 1 then set new.b = 2; end case;\n"
         "  l: loop leave l; end loop; begin select 1; end; end"),
        ("mysql", "create definer=`a`@`b` procedure p() begin select case when 1 then 2 end; end"),
        ("postgres", "create or replace function f() returns int begin atomic\n"
         "  select 1; select case when true then 1 else 2 end; end"),
    ],
)  # fmt: skip
def test_a_body_stays_with_its_create(dialect: str, body: str) -> None:
    assert texts(f"select 0; {body}; select 1", dialect) == ["select 0", body, "select 1"]


def test_a_transaction_s_begin_is_a_statement_of_its_own() -> None:
    for dialect in DIALECTS:
        assert texts("begin; select 1; end;", dialect) == ["begin", "select 1", "end"]


def test_a_create_trigger_without_body_ends_at_its_semicolon() -> None:
    assert texts("create trigger nonsense; select 1", "sqlite") == [
        "create trigger nonsense",
        "select 1",
    ]


@given(SOUP, st.sampled_from(DIALECTS))
def test_offsets_are_exact_and_nothing_is_lost(script: str, dialect: str) -> None:
    pieces = split(script, dialect)
    rules = lexicon(dialect)
    for piece in pieces:
        assert piece.text == script[piece.start : piece.end] == piece.text.strip()
        assert rules.skip(piece.text, 0) < len(piece.text)  # there is something to run in it
    edges = [0, *(edge for piece in pieces for edge in (piece.start, piece.end)), len(script)]
    assert all(left <= right for left, right in pairwise(edges))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        gap = script[start:end]
        # With the semicolons blanked, only blanks and comments are left between two pieces.
        assert rules.skip(gap.replace(";", " "), 0) == len(gap), gap


@given(SOUP, st.sampled_from(DIALECTS))
def test_a_piece_alone_is_one_piece(script: str, dialect: str) -> None:
    for piece in split(script, dialect):
        assert split(piece.text, dialect) == (Piece(piece.text, 0, len(piece.text)),)


EXPRESSIONS = st.sampled_from(
    [
        *("1", "'a;b'", "'it''s;'", '"x;y"', "E'\\';'", "$$;'$$", "$t$ $$;$$ $t$", "[';']", "-1"),
        *("/* ; */ 2", "/* /* ; */ ' */ 3", "4 -- ;'\n", "case when true then 5 end", "'é🦆;'"),
    ]
)
DUCKDB_STATEMENTS = st.lists(EXPRESSIONS, min_size=1, max_size=4).map(
    lambda parts: "select " + ", ".join(parts) + " from t"
)
SEPARATORS = st.sampled_from([";", " ; ", ";\n", ";;\n;", "; -- c;c\n", ";\n-- c\n", "; /* ; */ "])


@given(st.lists(st.tuples(DUCKDB_STATEMENTS, SEPARATORS), max_size=6))
def test_duckdb_takes_a_script_apart_in_the_same_way(parts: list[tuple[str, str]]) -> None:
    script = "".join(statement + separator for statement, separator in parts)
    with duckdb.connect() as connection:
        theirs = [found.query for found in connection.extract_statements(script)]
    ours = texts(script, "duckdb")
    assert len(ours) == len(theirs) == len(parts)
    for (statement, _separator), our, their in zip(parts, ours, theirs, strict=True):
        assert our.endswith(statement.rstrip())
        assert statement.rstrip() in their


SQLITE_STATEMENTS = st.sampled_from(
    [
        *("select 1", "select ';' as [a;b], `;`, \";\"", "select /* ; */ 1 -- ;\n", "begin", "end"),
        "create trigger t after insert on x begin select 1; delete from y; end",
        "create temporary trigger t after insert on x begin select case when 1 then 2 end; end",
        "explain create trigger t after update on x begin select 'end;'; end",
    ]
)


@given(st.lists(st.tuples(SQLITE_STATEMENTS, SEPARATORS), max_size=6))
def test_sqlite_finds_each_piece_complete_and_no_shorter_one(
    parts: list[tuple[str, str]],
) -> None:
    script = "".join(statement + separator for statement, separator in parts)
    pieces = split(script, "sqlite")
    assert len(pieces) == len(parts)
    for piece in pieces:
        assert sqlite3.complete_statement(piece.text + "\n;")
        for place, char in enumerate(piece.text):
            if char == ";":  # none of the inner semicolons ends it
                assert not sqlite3.complete_statement(piece.text[: place + 1])


@pytest.mark.parametrize(
    ("script", "caret", "expected"),
    [
        ("|select 1; select 2", None, "select 1"),
        ("sel|ect 1; select 2", None, "select 1"),
        ("select 1|; select 2", None, "select 1"),
        ("select 1;| select 2", None, "select 1"),
        ("select 1; |select 2", None, "select 2"),
        ("select 1;|\nselect 2", None, "select 1"),
        ("select 1; -- co|mment\nselect 2", None, "select 1"),
        ("select 1;\n|\nselect 2", None, "select 2"),
        ("select 1;\n\n  |  select 2", None, "select 2"),
        ("select 1;\n-- abo|ut 2\nselect 2", None, "-- about 2\nselect 2"),
        ("select 1;\n\n|", None, "select 1"),
        ("|\n\nselect 1", None, "select 1"),
        (" | ", None, None),
        ("-- noth|ing", None, None),
    ],
)
def test_the_statement_at_the_caret(script: str, caret: None, expected: str | None) -> None:
    found = piece_at(script.replace("|", ""), script.index("|"), "duckdb")
    assert (found.text if found else None) == expected


@given(SOUP, st.integers(0, 100), st.sampled_from(DIALECTS))
def test_the_caret_finds_a_statement_wherever_there_is_one(
    script: str, caret: int, dialect: str
) -> None:
    pieces = split(script, dialect)
    found = piece_at(script, min(caret, len(script)), dialect)
    assert (found in pieces) if pieces else (found is None)


class _Steps:
    """Counts the scanner's Python-level calls: a measure of work that a busy machine keeps."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, frame: object, event: str, argument: object) -> None:
        self.calls += 1


def _work(script: str, dialect: str) -> int:
    lexicon(dialect)  # made once for a dialect; not the work to be measured
    steps = _Steps()
    sys.setprofile(steps)
    try:
        split(script, dialect)
    finally:
        sys.setprofile(None)
    return steps.calls


@pytest.mark.parametrize(
    "unit",
    ["insert into t values (1, 'it''s', \"a\");\n", "/* ", "$a$ ", "''", "E'", "case end begin "],
)
@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "mysql"])
def test_twice_the_script_is_twice_the_work(unit: str, dialect: str) -> None:
    assert _work(unit * 2000, dialect) <= 2.2 * _work(unit * 1000, dialect) + 50


@pytest.mark.timeout(60)
def test_a_script_of_5_mb_is_no_trouble() -> None:
    line = "INSERT INTO t VALUES (1, 'it''s; fine', \"a\", 3.5); -- remark; more\n"
    script = line * (5_000_000 // len(line))
    pieces = split(script, "duckdb")
    assert len(pieces) == script.count("\n")
    assert {piece.text for piece in pieces} == {line.partition("; --")[0]}
