"""Lines that no text widget can lay out without freezing the window.

Pure; any thread. Qt lays a line out as one piece, about 1.2 s per million characters on
each keystroke in it. A text with such a line (a dump with one INSERT, a pasted blob) is
therefore shown shortened and can't be edited, while the whole of it is kept beside, run,
saved and journalled. These functions say which texts, what is shown, and where an offset
of the one is in the other.
"""

LIMIT = 200_000  # characters in a line: a keystroke takes about a quarter of a second
_SHOWN = 2_000


def has_long_line(text: str) -> bool:
    """Whether a line of `text` is longer than LIMIT. A few ms for 5 MB."""
    return len(text) > LIMIT and any(len(line) > LIMIT for line in text.split("\n"))


def shortened(text: str) -> str:
    """`text` with the beginnings only of its long lines; the number of lines stays."""
    return "\n".join(_short(line) for line in text.split("\n"))


def to_shown(text: str, offset: int) -> int:
    """Where `offset` of `text` is in `shortened(text)`; in a part left out, its beginning."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    length = (end if end >= 0 else len(text)) - start
    column = min(offset - start, _SHOWN) if length > LIMIT else offset - start
    above = text[:start]
    return len(shortened(above[:-1])) + 1 + column if above else column


def from_shown(text: str, offset: int) -> int:
    """Where `offset` of `shortened(text)` is in `text`; in the remark, where it begins."""
    at = 0
    for line in text.split("\n"):
        shown = len(_short(line))
        if offset <= shown:
            return at + (min(offset, _SHOWN) if len(line) > LIMIT else offset)
        offset -= shown + 1
        at += len(line) + 1
    return len(text)


def _short(line: str) -> str:
    if len(line) <= LIMIT:
        return line
    return f"{line[:_SHOWN]} … and {len(line) - _SHOWN:,} characters more"
