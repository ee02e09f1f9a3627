"""Where in a statement an engine puts the blame: from its units to characters.

Pure; any thread. Gives None rather than a place that may be wrong.
"""

import re


def char_of_byte(text: str, byte: int) -> int | None:
    """The character at `byte` of the UTF-8 form of `text`; None outside of it."""
    raw = text.encode("utf-8", "surrogatepass")
    if not 0 <= byte <= len(raw):
        return None
    return len(raw[:byte].decode("utf-8", "replace"))


def only_place_of(token: str, text: str) -> int | None:
    """The offset of `token` in `text` when it stands there once, as a word of its own."""
    if not token:
        return None
    before = r"(?<!\w)" if token[0].isalnum() or token[0] == "_" else ""
    after = r"(?!\w)" if token[-1].isalnum() or token[-1] == "_" else ""
    places = [match.start() for match in re.finditer(before + re.escape(token) + after, text)]
    return places[0] if len(places) == 1 else None


def in_statement(position: int | None, text: str, part: str, ran: str) -> int | None:
    """A position in `ran`, which a driver built around `part` of `text`, as one in `text`."""
    own = part.strip().rstrip(";").rstrip()
    start, at = text.find(own), ran.find(own)
    if position is None or start < 0 or at < 0 or not 0 <= position - at <= len(own):
        return None
    return start + position - at
