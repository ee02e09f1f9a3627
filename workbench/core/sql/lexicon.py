"""What a dialect takes for a quote, a comment, and the body of a trigger or routine.

The scanner under `split.py`; pure, any thread. Each rule set is one compiled regular
expression that jumps from one special place to the next, so that plain text costs next to
nothing. It never backtracks far over what it has read (possessive quantifiers): linear time.
"""

import re
from dataclasses import dataclass
from functools import cache

GAP = re.compile(r"[\s;\ufeff]*+").match
_BLANKS = re.compile(r"[\s\ufeff]*+").match
_REST_OF_LINE = re.compile(r"[ \t\r;]*+").match
_TAG = re.compile(r"\$(?:[^\W\d]\w*+)?\$").match
_COMMENT_EDGE = re.compile(r"/\*|\*/").search

_BACKSLASHED = r"'(?:[^'\\]++|\\.|\\\Z)*+(?:'|\Z)"
_ESCAPE_STRING = re.compile(_BACKSLASHED, re.DOTALL).match
# '' inside quotes needs no rule of its own: 'it''s' reads as two strings side by side.
_PLAIN = r"'[^']*+(?:'|\Z)"
_DOUBLE = r'"[^"]*+(?:"|\Z)'
_DOUBLE_BACKSLASHED = r'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)'
_BACKTICK = r"`[^`]*+(?:`|\Z)"
_BRACKET = r"\[[^\]]*+(?:\]|\Z)"
_BRACKET_DOUBLED = r"\[[^\]]*+(?:\]\][^\]]*+)*(?:\]|\Z)"  # see _SPACE
_LINE = r"--[^\n]*+"
_LINE_BLANK = r"--(?=[\s\x00]|\Z)[^\n]*+"  # MySQL wants a blank after the dashes
_HASH = r"\#[^\n]*+"

# Blanks and comments between two words. The groups are repeated without a possessive sign:
# Python before 3.11.5 (Debian 12 has 3.11.2) then goes on behind what a last, failed round had
# read. Still linear: what begins a round, or ends the run, is told by its first two characters.
_SPACE = r"(?:\s|--[^\n]*+\n|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/)+"
_REPLACE = rf"(?:OR{_SPACE}REPLACE{_SPACE})?"
_OPENING = {  # CREATE ... before a body in which semicolons don't end the statement
    "sqlite": rf"(?:EXPLAIN{_SPACE})?CREATE{_SPACE}(?:TEMP(?:ORARY)?{_SPACE})?TRIGGER\b",
    "mysql": rf"CREATE{_SPACE}{_REPLACE}(?:DEFINER\s*+=\s*+\S++\s++)?"
    r"(?:AGGREGATE\s++)?(?:TRIGGER|PROCEDURE|FUNCTION|EVENT)\b",
    "postgres": rf"CREATE{_SPACE}{_REPLACE}(?:PROCEDURE|FUNCTION)\b",
}


@dataclass(frozen=True, slots=True)
class _Rules:
    backslash: bool = False  # in '...'
    backslash_double: bool = False  # in "..." as well: a string there, not a name
    escape_strings: bool = False  # E'...'
    dollar: bool = False  # $tag$...$tag$
    bracket: str = ""  # "plain" | "doubled"
    hash_comment: bool = False
    dash_needs_blank: bool = False
    nested: bool = False  # /* /* */ */
    body: str = ""  # key of _OPENING


_MYSQL = _Rules(
    backslash=True, backslash_double=True, hash_comment=True, dash_needs_blank=True, body="mysql"
)
_SPARK = _Rules(backslash=True, backslash_double=True, nested=True)
_DIALECTS = {
    "duckdb": _Rules(escape_strings=True, dollar=True, nested=True),
    "postgres": _Rules(escape_strings=True, dollar=True, nested=True, body="postgres"),
    "sqlite": _Rules(bracket="plain", body="sqlite"),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "tsql": _Rules(bracket="doubled", nested=True),
    "clickhouse": _Rules(backslash=True, backslash_double=True, dollar=True, hash_comment=True),
    "spark": _SPARK,
    "databricks": _SPARK,
    "hive": _SPARK,
}


@cache
def lexicon(dialect: str) -> "Lexicon":
    """The rules for sqlglot's `dialect`; the common ones for a name it does not know."""
    return Lexicon(_DIALECTS.get(dialect.lower(), _Rules()))


class Lexicon:
    """One dialect's scanner. Immutable after construction; shared by all threads."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._line = _LINE_BLANK if rules.dash_needs_blank else _LINE
        lines = [self._line] + ([_HASH] if rules.hash_comment else [])
        quotes = [
            _BACKSLASHED if rules.backslash else _PLAIN,
            _DOUBLE_BACKSLASHED if rules.backslash_double else _DOUBLE,
            _BACKTICK,
        ]
        if rules.bracket:
            quotes.append(_BRACKET_DOUBLED if rules.bracket == "doubled" else _BRACKET)
        special = [";", *quotes, *lines, r"/\*"] + ([r"\$"] if rules.dollar else [])
        self._special = re.compile("|".join(special), re.DOTALL).search
        self._line_comment = re.compile("|".join(lines)).match
        self._token = re.compile(
            r"(?P<blank>[\s\ufeff]++)|(?P<word>[^\W\d][\w$]*+)|(?P<special>"
            + "|".join(special)
            + r")|(?P<other>.)",
            re.DOTALL,
        ).match
        opening = _OPENING.get(rules.body, "")
        self._opening = re.compile(opening, re.IGNORECASE).match if opening else None

    def skip(self, script: str, position: int) -> int:
        """The first place from `position` on that is neither blank nor comment."""
        length = len(script)
        while True:
            blanks = _BLANKS(script, position)
            position = blanks.end() if blanks else position
            if position >= length:
                return length
            if comment := self._line_comment(script, position):
                position = comment.end()
            elif script.startswith("/*", position):
                position = self._after_comment(script, position)
            else:
                return position

    def skip_rest_of_line(self, script: str, position: int) -> int:
        """Past a comment that follows a semicolon on its line; `position` if there is none."""
        blanks = _REST_OF_LINE(script, position)
        comment = self._line_comment(script, blanks.end() if blanks else position)
        return comment.end() if comment else position

    def statement_end(self, script: str, code: int) -> int:
        """Where the statement whose first word is at `code` ends: its semicolon, or the end."""
        if self._opening and self._opening(script, code):
            return self._body_end(script, code)
        search, length = self._special, len(script)
        position = code
        while found := search(script, position):
            start = found.start()
            if script[start] == ";":
                return start
            position = self._after(script, start, found.end())
        return length

    def is_comment(self, script: str, position: int) -> bool:
        """Does a comment begin at `position`?"""
        return script.startswith("/*", position) or bool(self._line_comment(script, position))

    def token_end(self, script: str, position: int) -> int:
        """The end of the quote, comment, word, run of blanks or character at `position`."""
        found = self._token(script, position)
        if found is None:
            return len(script)
        if found.lastgroup == "special":
            return self._after(script, position, found.end())
        return found.end()

    def _after(self, script: str, start: int, end: int) -> int:
        """Past the special thing at `start`, of which the expression has read up to `end`."""
        char = script[start]
        if char == "/":
            return self._after_comment(script, start)
        if char == "$":
            return _after_dollar(script, start)
        if char == "'" and self._rules.escape_strings and _marked_as_escape(script, start):
            escape = _ESCAPE_STRING(script, start)
            return escape.end() if escape else end
        return end

    def _after_comment(self, script: str, start: int) -> int:
        if not self._rules.nested:
            end = script.find("*/", start + 2)
            return len(script) if end < 0 else end + 2
        depth, position = 1, start + 2
        while depth:
            edge = _COMMENT_EDGE(script, position)
            if edge is None:
                return len(script)
            depth += 1 if edge.group() == "/*" else -1
            position = edge.end()
        return position

    def _body_end(self, script: str, code: int) -> int:
        """The semicolon after the END of the body; the first one where there is no body."""
        rule = _SemicolonEndRule() if self._rules.body == "sqlite" else _DepthRule(self._rules.body)
        position, length = code, len(script)
        while position < length:
            found = self._token(script, position)
            kind = found.lastgroup if found else "other"
            end = self.token_end(script, position)
            if kind == "word":
                rule.word(script[position:end].upper())
            elif script[position] == ";":
                if rule.semicolon():
                    return position
            elif kind != "blank" and not self.is_comment(script, position):
                rule.other()
            position = end
        return length


class _SemicolonEndRule:
    """SQLite's own (sqlite3_complete): a trigger's body ends in `; END ;`."""

    def __init__(self) -> None:
        self._inside = False
        self._last = ""

    def word(self, word: str) -> None:
        self._inside = self._inside or word == "BEGIN"
        self._last = "END" if word == "END" and self._last == ";" else ""

    def semicolon(self) -> bool:
        if not self._inside or self._last == "END":
            return True
        self._last = ";"
        return False

    def other(self) -> None:
        self._last = ""


class _DepthRule:
    """MySQL's and PostgreSQL's: BEGIN and CASE open, END closes, END IF and END LOOP don't."""

    def __init__(self, body: str) -> None:
        self._atomic = body == "postgres"  # there only BEGIN ATOMIC opens a body
        self._depth = 0
        self._pending = ""

    def word(self, word: str) -> None:
        pending, self._pending = self._pending, ""
        if pending == "BEGIN":
            self._depth += word == "ATOMIC"
        elif pending == "END":
            if word in ("IF", "LOOP", "WHILE", "REPEAT", "FOR"):
                return
            self._depth = max(0, self._depth - 1)
            if word == "CASE":
                return
        if word == "BEGIN" and self._atomic:
            self._pending = "BEGIN"
        elif word == "BEGIN" or (word == "CASE" and self._depth):
            self._depth += 1
        elif word == "END":
            self._pending = "END"

    def semicolon(self) -> bool:
        self.other()
        return self._depth == 0

    def other(self) -> None:
        if self._pending == "END":
            self._depth = max(0, self._depth - 1)
        self._pending = ""


def _marked_as_escape(script: str, quote: int) -> bool:
    """Is the quote at `quote` preceded by an E that stands alone?"""
    if quote == 0 or script[quote - 1] not in "eE":
        return False
    return quote == 1 or not (script[quote - 2].isalnum() or script[quote - 2] in "_$")


def _after_dollar(script: str, start: int) -> int:
    """Past $tag$...$tag$; past the dollar alone where it opens nothing ($1, a$b)."""
    if start and (script[start - 1].isalnum() or script[start - 1] in "_$"):
        return start + 1
    tag = _TAG(script, start)
    if tag is None:
        return start + 1
    end = script.find(tag.group(), tag.end())
    return len(script) if end < 0 else end + len(tag.group())
