"""Finding by a few letters: what comes first, and that it never breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.dialogs.fuzzy import match, rank


def best(needle: str, *texts: str) -> list[str]:
    return [hit.item for hit in rank(needle, ((text, text) for text in texts))]


@pytest.mark.parametrize(
    ("needle", "texts", "first"),
    [
        ("run", ("Truncate", "Rerun", "Run statement"), "Run statement"),
        ("ra", ("Run statement", "Run all"), "Run all"),
        ("ord", ("order_items", "orders", "words"), "orders"),
        ("oi", ("orders", "order_items", "oil"), "oil"),
        ("cad", ("cascade", "clientAddress", "candid"), "clientAddress"),
        ("ct", ("direct", "close tab"), "close tab"),
    ],
)
def test_the_likeliest_comes_first(needle: str, texts: tuple[str, ...], first: str) -> None:
    assert best(needle, *texts)[0] == first


def test_letters_must_occur_in_order() -> None:
    assert best("zb", "abz") == []
    assert match("ab", "ba") is None


def test_nothing_typed_keeps_the_given_order() -> None:
    assert best("", "b", "a", "c") == ["b", "a", "c"]
    assert best("  ", "b", "a") == ["b", "a"]


def test_no_more_than_asked_for_are_given() -> None:
    assert len(rank("t", ((f"table {n}", n) for n in range(1_000)), most=60)) == 60


@given(st.text(max_size=8), st.text(max_size=40))
def test_the_places_spell_what_was_typed(needle: str, text: str) -> None:
    found = match(needle, text)
    if found is None:
        return
    _score, places = found
    wanted = [letter for letter in needle if not letter.isspace()]
    assert len(places) == len(wanted)
    assert list(places) == sorted(set(places))
    for place, letter in zip(places, wanted, strict=True):
        assert text[place].lower() == letter.lower() or text[place] == letter


@given(st.text(min_size=1, max_size=30))
def test_every_text_is_found_by_itself(text: str) -> None:
    assert match(text, text) is not None
