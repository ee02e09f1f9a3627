"""Names as typed, first words, and places in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.adapter.names import first_word, quoted, typed
from workbench.core.adapter.positions import char_of_byte, in_statement, only_place_of


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plain_1", "plain_1"),
        ("Mixed", "Mixed"),
        ("select", '"select"'),
        ("SELECT", '"SELECT"'),
        ("two words", '"two words"'),
        ('a"b', '"a""b"'),
        ("1st", '"1st"'),
        ("", '""'),
        ("é", '"é"'),
        ("a\n", '"a\n"'),
    ],
)
def test_a_name_is_quoted_where_it_must_be(name: str, text: str) -> None:
    assert typed(name) == text


def test_an_engine_may_reserve_its_own_words() -> None:
    assert typed("pivot", {"pivot"}) == quoted("pivot")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("select 1", "SELECT"),
        ("  \n\tCommit", "COMMIT"),
        ("-- a\n/* b\n */ ;Begin;", "BEGIN"),
        ("-- only a comment", ""),
        ("/* open", ""),
        ("", ""),
        ("(select 1)", ""),
        ("--x\r\nEND", "END"),
    ],
)
def test_the_first_word_stands_behind_blanks_and_comments(text: str, word: str) -> None:
    assert first_word(text) == word


def test_a_long_run_of_comments_is_read_at_once() -> None:
    assert first_word("-- x\n/* y */ " * 50_000 + "SELECT") == "SELECT"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=5))
def test_a_byte_s_character_is_the_one_it_begins(before: str, after: str) -> None:
    after = after.encode("utf-8", "replace").decode()
    assert char_of_byte(before + after, len(before.encode())) == len(before)


def test_a_byte_outside_the_text_is_nowhere() -> None:
    assert char_of_byte("ab", 3) is None
    assert char_of_byte("ab", -1) is None


@pytest.mark.parametrize(
    ("token", "text", "place"),
    [
        ("nope", "SELECT nope FROM t", 7),
        ("t", "SELECT it FROM t", 15),
        ("x", "SELECT x, x", None),
        ("y", "SELECT x", None),
        ("", "SELECT", None),
        ("(", "SELECT (1", 7),
        ("a.b", "SELECT a.b, ab", 7),
        ("$", "cost$ 5 $", None),
    ],
)
def test_a_token_is_placed_only_where_it_stands_once(
    token: str, text: str, place: int | None
) -> None:
    assert only_place_of(token, text) == place


def test_a_place_in_a_wrapped_text_is_moved_into_the_statement() -> None:
    text, ran = "-- hi\nSELECT boom;", "SELECT * FROM (\nSELECT boom\n) AS q"
    assert in_statement(ran.index("boom"), text, "SELECT boom;", ran) == text.index("boom")
    assert in_statement(3, text, "SELECT boom", ran) is None
    assert in_statement(None, text, "SELECT boom", ran) is None
    assert in_statement(0, text, "SELECT other", ran) is None
