"""Finds what somebody means by a few letters: pure ranking, no Qt. Any thread.

Letters must occur in order; a match at the start of a word, in a row, or of the whole text
counts more, a long text less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_WORD_START = 8
_IN_A_ROW = 6
_SAME_CASE = 1
_GAP = 1


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """One match. `places` are the indexes of the matching letters in its text."""

    item: T
    score: int
    places: tuple[int, ...]


def match(needle: str, text: str) -> tuple[int, tuple[int, ...]] | None:
    """Score and places of `needle` in `text`, None if it does not occur. Spaces are ignored."""
    wanted = [letter for letter in needle if not letter.isspace()]
    if not wanted:
        return 0, ()
    folded = _fold(text)
    whole = folded.find(_fold("".join(wanted)))
    starts = [whole] if whole >= 0 else []
    starts += [at for at, letter in enumerate(folded) if letter == _fold(wanted[0])][:12]
    found = [places for start in starts if (places := _from(start, wanted, text, folded))]
    if not found:
        return None
    return max((_score(places, wanted, text), places) for places in found)


def rank(needle: str, items: Iterable[tuple[str, T]], most: int = 100) -> list[Hit[T]]:
    """The best `most` of `items` (text, item), best first; equals keep their order."""
    hits = []
    for text, item in items:
        matched = match(needle, text)
        if matched is not None:
            hits.append(Hit(item, matched[0], matched[1]))
    hits.sort(key=lambda hit: -hit.score)
    return hits[:most]


def _fold(text: str) -> str:
    lowered = text.lower()
    # Some letters grow when lowered ("İ"): the places would no longer be those of the text.
    return lowered if len(lowered) == len(text) else text


def _from(start: int, wanted: list[str], text: str, folded: str) -> tuple[int, ...] | None:
    places: list[int] = []
    at = start
    for letter in wanted:
        small = _fold(letter)
        at = _best_next(small, at, folded, text, follow=bool(places) and places[-1] == at - 1)
        if at < 0:
            return None
        places.append(at)
        at += 1
    return tuple(places)


def _best_next(letter: str, at: int, folded: str, text: str, *, follow: bool) -> int:
    """The next place of `letter`: in a row if it can be, else at a word's start, else any."""
    if follow and folded[at : at + 1] == letter:
        return at
    first = folded.find(letter, at)
    place = first
    while place >= 0:
        if _starts_word(text, place):
            return place
        place = folded.find(letter, place + 1)
    return first


def _starts_word(text: str, at: int) -> bool:
    if at == 0:
        return True
    before, here = text[at - 1], text[at]
    return not before.isalnum() or (before.islower() and here.isupper())


def _score(places: tuple[int, ...], wanted: list[str], text: str) -> int:
    score = 0
    for number, at in enumerate(places):
        if _starts_word(text, at):
            score += _WORD_START
        if number and places[number - 1] == at - 1:
            score += _IN_A_ROW
        elif number:
            score -= min(_GAP * (at - places[number - 1]), 6)
        if text[at] == wanted[number]:
            score += _SAME_CASE
    score -= min(places[0], 6)
    return score * 4 - min(len(text), 80) // 4
