"""A script taken apart into its statements, and the statement under the caret.

Pure text work with an own scanner: it must take any script (half-typed, 5 MB long, with NUL
bytes in it) in linear time, which a parser does not. Any thread may call; the cost is about
0.1 s for each megabyte at worst. It never decides whether a statement is valid: it knows
quotes, comments and the bodies of triggers and routines, and nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.core.sql.lexicon import GAP, Lexicon, lexicon


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement: `text == script[start:end]`, offsets in code points.

    No blanks around it, no final semicolon. A comment before a statement belongs to it,
    except one that follows the last statement's semicolon on the same line.
    """

    text: str
    start: int
    end: int


def split(script: str, dialect: str = "") -> tuple[Piece, ...]:
    """The statements of `script`, in order; empty and comment-only ones are left out.

    `dialect` is sqlglot's name ("duckdb", "sqlite", "postgres", ...); an unknown one is read
    by the rules all engines share. An unterminated quote runs to the end of the script.
    """
    return tuple(_pieces(script, lexicon(dialect)))


def piece_at(script: str, caret: int, dialect: str = "") -> Piece | None:
    """The statement to run with the caret at `caret` (code points); None in a blank script.

    The one around the caret; between two, the one before if it ends on the caret's line,
    else the next; after the last one, the last.
    """
    return nearest(_pieces(script, lexicon(dialect)), script, caret)


def nearest(pieces: Iterable[Piece], script: str, caret: int) -> Piece | None:
    """As `piece_at`, of `pieces` that were split before (in order)."""
    before: Piece | None = None
    for piece in pieces:
        if caret < piece.start:
            if before is None or "\n" in script[before.end : caret]:
                return piece
            return before
        if caret <= piece.end:
            return piece
        before = piece
    return before


def _pieces(script: str, rules: Lexicon) -> Iterator[Piece]:
    position, length = 0, len(script)
    first = True
    while position < length:
        if not first:
            position = rules.skip_rest_of_line(script, position)
        start = GAP(script, position).end()  # type: ignore[union-attr]  # matches always
        code = rules.skip(script, start)
        if code >= length:
            return
        if script[code] == ";":  # comments and nothing else
            position = code + 1
            continue
        first = False
        stop = rules.statement_end(script, code)
        text = script[start:stop].rstrip()
        yield Piece(text, start, start + len(text))
        position = stop + 1
