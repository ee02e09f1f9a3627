"""SQL laid out anew, statement by statement, and never at the price of a word of it.

Any thread, but slow (about 1 ms a line): call it from a worker, with `stop`. The parser is
imported at the first use, not with this module: it costs a tenth of a second. Each formatted
statement is compared with what was typed: where a literal, a name, a parameter or a comment
would be lost or changed, the statement is left exactly as it was, and reported.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.core.sql.lexicon import Lexicon, lexicon
from workbench.core.sql.split import Piece, split

if TYPE_CHECKING:
    from sqlglot import ErrorLevel, Generator, Parser

# Words that formatting may add: they spell out what is meant anyway (x::int -> CAST(x AS INT)).
_MAY_ADD = frozenset(("AS", "CAST", "INNER", "OUTER", "BY", "WITH", "TABLE", "TRANSACTION", "ASC"))
_MAX_CHARS = 100_000  # one longer statement would take minutes; it is left as it is
_NUMBER = re.compile(r"\.?\d(?:[\w.]|(?<=[eE])[+-])*").match
_PARAMETER = re.compile(r"\?\d*|[$@]\w+|(?<!:):[^\W\d]\w*").match


@dataclass(frozen=True, slots=True)
class Formatted:
    """The new text, and the statements (of the old text) that were left as they were."""

    text: str
    untouched: tuple[Piece, ...]


def format_sql(text: str, dialect: str = "") -> str:
    """`text` laid out; statements that the parser does not understand stay as they are."""
    return format_script(text, dialect).text


def format_script(
    text: str, dialect: str = "", stop: Callable[[], bool] = lambda: False
) -> Formatted:
    """Lay `text` out for sqlglot's `dialect`. Formatting twice changes nothing more.

    Blocks for as long as it takes. When `stop()` turns true, between two statements, the rest
    is left as it is (and not reported).
    """
    pieces = split(text, dialect)
    parts: list[str] = []
    untouched: list[Piece] = []
    position = 0
    for piece in pieces:
        if stop():
            return Formatted("".join((*parts, text[position:])), tuple(untouched))
        parts.append(_gap(text[position : piece.start], first=position == 0))
        laid_out = _statement(piece.text, dialect)
        if laid_out is None:
            untouched.append(piece)
        parts.append(piece.text if laid_out is None else laid_out)
        position = piece.end
    parts.append(_ending(text[position:]) if pieces else text)
    return Formatted("".join(parts), tuple(untouched))


def _gap(gap: str, *, first: bool) -> str:
    """What stands between two statements: semicolons and comments, and one blank line."""
    kept = gap.strip("\ufeff \t\r\n\f\v")
    if first:
        return f"{kept}\n" if kept else ""
    return ";\n\n" if not kept.strip("; \t\r\n") else f"{kept}\n\n"


def _ending(rest: str) -> str:
    """What follows the last statement: its semicolon and comments, a line's end if there was."""
    kept = rest.strip("\ufeff \t\r\n\f\v")
    kept = ";" if kept and not kept.strip("; \t\r\n") else kept
    return f"{kept}\n" if rest.endswith("\n") else kept


def _statement(text: str, dialect: str) -> str | None:
    """The statement laid out, or None where that cannot be done without a loss."""
    rules = lexicon(dialect)
    code = rules.skip(text, 0)
    if len(text) - code > _MAX_CHARS:
        return None
    comments = "\n".join(line.rstrip() for line in text[:code].strip().splitlines())
    layout = _Layout(dialect)
    body = text[code:]
    out = layout.lay_out(body)
    if out is None or not layout.keeps(body, out, rules):
        return None
    again = layout.lay_out(out)
    if again != out:  # the first pass moved a comment: the second finds it where it stays
        out = again
        if out is None or layout.lay_out(out) != out or not layout.keeps(body, out, rules):
            return None
    if len(split(out, dialect)) != 1:
        return None
    return f"{comments}\n{out}" if comments else out


class _Layout:
    """The parser and printer of one dialect, changed so that they keep what was typed."""

    def __init__(self, name: str) -> None:
        from sqlglot.dialects.dialect import Dialect

        # It warns of each statement it does not know; we report those ourselves.
        logging.getLogger("sqlglot").setLevel(logging.ERROR)
        dialect = Dialect.get_or_raise(name if name in Dialect.classes else None)
        self._dialect = dialect
        # Without its table of functions now() stays now(), and does not become another's word.
        parser = type(
            "KeepingParser",
            (dialect.parser_class,),
            {"FUNCTIONS": {}, "_parse_ordered": _parse_ordered(dialect.parser_class)},
        )
        printer = type(
            "KeepingPrinter",
            (dialect.generator_class,),
            {
                "ordered_sql": _ordered_sql(dialect.generator_class),
                "datatype_sql": _datatype_sql(dialect.generator_class),
            },
        )
        self._parser: Parser = parser(dialect=dialect)
        self._printer: Generator = printer(
            dialect=dialect,
            pretty=True,
            normalize_functions=False,
            unsupported_level=_raise_level(),
        )
        self._types = {
            word
            for word, token in dialect.tokenizer_class.KEYWORDS.items()
            if token in dialect.parser_class.TYPE_TOKENS
        }

    def lay_out(self, text: str) -> str | None:
        """`text` as sqlglot prints it; None where it cannot parse or print it."""
        from sqlglot import exp
        from sqlglot.errors import SqlglotError

        statements = (exp.Query, exp.DML, exp.Create, exp.Drop, exp.Alter, exp.Pivot)
        try:
            trees = self._parser.parse(self._dialect.tokenize(text), text)
            if len(trees) != 1 or not isinstance(trees[0], statements):
                return None
            return self._printer.generate(trees[0])
        except SqlglotError:
            return None
        except (RecursionError, ValueError, KeyError, AttributeError, TypeError, IndexError):
            # Its parser and printer trip over odd input in many ways. Whatever it is, the
            # statement stays as it was typed and is reported as not formatted.
            return None

    def keeps(self, before: str, after: str, rules: Lexicon) -> bool:
        """Are all words, literals, names, parameters and comments still there?"""
        old, new = _substance(before, rules), _substance(after, rules)
        lost, added = old - new, new - old
        return all(word in self._types for word in lost) and all(
            word in _MAY_ADD or word in self._types for word in added
        )


def _raise_level() -> "ErrorLevel":
    from sqlglot import ErrorLevel

    return ErrorLevel.RAISE


def _parse_ordered(base: "type[Parser]") -> Callable[..., Any]:
    """Remember an explicit NULLS LAST: the printer leaves it out where it is the default."""

    def parse_ordered(self: Any, *args: Any, **options: Any) -> Any:
        ordered = base._parse_ordered(self, *args, **options)
        word = self._prev.text.upper() if ordered and self._prev else ""
        if ordered is not None and word in ("FIRST", "LAST"):
            ordered.meta["nulls"] = word
        return ordered

    return parse_ordered


def _ordered_sql(base: "type[Generator]") -> Callable[..., str]:
    def ordered_sql(self: Any, expression: Any) -> str:
        text = base.ordered_sql(self, expression)
        word = expression.meta.get("nulls")
        return f"{text} NULLS {word}" if word and f"NULLS {word}" not in text.upper() else text

    return ordered_sql


def _datatype_sql(base: "type[Generator]") -> Callable[..., str]:
    """VARCHAR(10) stays; DuckDB's and SQLite's printers would make it TEXT."""

    def datatype_sql(self: Any, expression: Any) -> str:
        if expression.this.name != "VARCHAR":
            return base.datatype_sql(self, expression)
        size = self.expressions(expression, flat=True)
        return f"VARCHAR({size})" if size else "VARCHAR"

    return datatype_sql


def _substance(text: str, rules: Lexicon) -> Counter[str]:
    """What must not be lost, counted: everything but blanks and punctuation."""
    found: Counter[str] = Counter()
    position = 0
    while position < len(text):
        number = _NUMBER(text, position) or _PARAMETER(text, position)
        end = number.end() if number else rules.token_end(text, position)
        token = text[position:end]
        if rules.is_comment(text, position):
            found["comment " + " ".join(token.strip("-#/* \t\r\n").split())] += 1
        elif token[0] in "'\"`[" and len(token) > 1:
            while text.startswith(token[0], end):  # 'it''s' is read as two strings
                following = rules.token_end(text, end)
                token, end = token + text[end:following], following
            found[token[1:-1].replace(token[0] * 2, token[0]).replace("\\", "")] += 1
        elif token[0] == "$" and token.endswith("$"):
            found[token.split("$", 2)[2].rpartition("$")[0].rpartition("$")[0]] += 1
        elif number:
            found[token] += 1
        elif token[0].isalpha() or token[0] == "_":
            found[token.upper()] += 1
        position = end
    return found
