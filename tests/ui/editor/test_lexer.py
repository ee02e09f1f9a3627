"""What the lexer sees in a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.panels.editor.lexer import CODE, LONG_LINE, kind_at, scan


def kinds(line: str, state: int = CODE) -> list[tuple[str, str]]:
    """(text, kind) of every piece but brackets."""
    found = scan(line, state)[0]
    return [(line[p.start : p.start + p.length], p.kind) for p in found if p.kind != "bracket"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("select a", [("select", "keyword")]),
        ("Select_a", []),
        ("count(*)", [("count", "function")]),
        ("left(x) left join", [("left", "function"), ("left", "keyword"), ("join", "keyword")]),
        ("x in (1)", [("in", "keyword"), ("1", "number")]),
        ("'it''s'", [("'it''s'", "string")]),
        (r"'a\' x", [(r"'a\'", "string")]),
        (r"e'a\'b' x", [(r"e'a\'b'", "string")]),
        ('"a""b" "c"', [('"a""b"', "identifier"), ('"c"', "identifier")]),
        ("`select`", [("`select`", "identifier")]),
        ("$$ ' -- $$ 1", [("$$ ' -- $$", "string"), ("1", "number")]),
        ("$f$ $$ $f$ 1", [("$f$ $$ $f$", "string"), ("1", "number")]),
        ("1 -- 'x", [("1", "number"), ("-- 'x", "comment")]),
        ("'--' 1", [("'--'", "string"), ("1", "number")]),
        ("/* a /* b */ c */ 1", [("/* a /* b */ c */", "comment"), ("1", "number")]),
        ("1.5e-3 .5 0xFF 1_000", [(n, "number") for n in ["1.5e-3", ".5", "0xFF", "1_000"]]),
        ("t1.c2 a1", []),
        (":name $1 @v ? %s", [(p, "parameter") for p in [":name", "$1", "@v", "?", "%s"]]),
        ("x::int", [("int", "keyword")]),
        ("größe 表 select", [("select", "keyword")]),
        ("", []),
    ],
)
def test_a_line_is_cut_as_expected(line: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(line) == expected


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["'open", "still", "end' 1"], "string"),
        (['"open', "still", 'end" 1'], "identifier"),
        (["/* one /* two", "*/ still", "*/ 1"], "comment"),
        (["$tag$ open", "$$ still", "end $tag$ 1"], "string"),
        ([r"E'open\'", "still ''", "end' 1"], "string"),
    ],
)
def test_what_is_open_goes_on_in_the_next_line(lines: list[str], kind: str) -> None:
    state = CODE
    for line in lines:
        first = scan(line, state)[0][0]
        assert (first.start, first.kind) == (0, kind)
        state = scan(line, state)[1]
    assert state == CODE
    assert kinds(lines[-1], scan("\n".join(lines[:2]))[1])[-1] == ("1", "number")


@given(line=st.text(max_size=80), state=st.integers(-1, 20_000))
def test_pieces_are_in_order_inside_the_line_and_never_overlap(line: str, state: int) -> None:
    pieces, after = scan(line, state)
    at = 0
    for piece in pieces:
        assert piece.start >= at
        assert piece.length > 0
        at = piece.start + piece.length
    assert at <= len(line)
    assert after >= CODE


def test_a_very_long_line_stays_plain() -> None:
    assert scan("'" + "x" * LONG_LINE) == ((), CODE)


@pytest.mark.parametrize(
    ("line", "column", "kind"),
    [
        ("select 'a", 9, "string"),
        ("select 'a'", 10, ""),
        ("select 'a' ", 11, ""),
        ("-- x", 4, "comment"),
        ("/* x */", 7, ""),
        ("/* x", 4, "comment"),
        ("select", 6, ""),
        ("a 'b' c", 4, "string"),
    ],
)
def test_the_kind_at_a_caret(line: str, column: int, kind: str) -> None:
    assert kind_at(line, CODE, column) == kind
