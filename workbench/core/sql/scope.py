"""What a half-typed statement's names stand for: its tables, aliases, CTEs and subqueries.

Pure; any thread; one walk over the tokens. It understands just enough of SQL's shape to say
which sources are visible at the caret, and never fails: text it does not understand yields
fewer sources. It does not check anything and knows no catalog.
"""

from dataclasses import dataclass, field

from workbench.core.sql.lexicon import Lexicon
from workbench.core.sql.words import RESERVED, word_set

_SOURCE_AFTER = frozenset(
    ("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "DESCRIBE", "SUMMARIZE", "TRUNCATE", "VIEW")
)
_SET_OPERATORS = frozenset(("UNION", "INTERSECT", "EXCEPT", "MINUS"))
_CLAUSES = word_set("""
SELECT WHERE GROUP HAVING ORDER LIMIT OFFSET ON USING SET VALUES RETURNING QUALIFY WINDOW
""")
# Between the words of a FROM: they neither begin a clause nor name a source.
_NOISE = word_set("""
IF NOT EXISTS ONLY LATERAL INNER LEFT RIGHT FULL OUTER CROSS NATURAL ASOF POSITIONAL SEMI ANTI
""")
_BEFORE_ITEM = frozenset(("SELECT", "DISTINCT", "ALL", "AS", "END"))


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `kind`: word, name (quoted), string, number, mark; comments are left out."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """A word in upper case; "" for a quoted name, which is never a keyword."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def identifier(self) -> str:
        """The name meant, without its quotes."""
        if self.kind != "name":
            return self.text
        quote = "]" if self.text[0] == "[" else self.text[0]
        body = self.text[1:-1] if self.text[-1:] == quote and len(self.text) > 1 else self.text[1:]
        return body.replace(quote * 2, quote)


@dataclass(slots=True)
class Source:
    """Something in a FROM: a table by `path` as typed, or a subquery's `scope`."""

    path: tuple[str, ...] = ()
    alias: str = ""
    scope: "Scope | None" = None
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its columns are qualified with."""
        return self.alias or (self.path[-1] if self.path else "")


@dataclass(slots=True)
class Scope:
    """One SELECT (or other statement part) between parentheses.

    `outputs` are the columns that it yields, as far as they have names; a "*" among them
    stands for all columns of its sources, "t.*" for those of t.
    """

    parent: "Scope | None" = None
    sources: list[Source] = field(default_factory=list)
    ctes: dict[str, Source] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    clause: str = ""
    expects_source: bool = False
    item: str = ""  # the name of the SELECT item being read
    subject: "Source | None" = None  # the source that an alias may follow
    head: "Scope | None" = None  # of a UNION: its first SELECT, which names the columns

    def cte(self, name: str) -> Source | None:
        """The CTE of that name visible here."""
        scope: Scope | None = self
        while scope is not None:
            if found := scope.ctes.get(name.lower()):
                return found
            scope = scope.parent
        return None

    def visible(self) -> list[Source]:
        """The sources whose columns may be named here, the nearest first."""
        found = list(self.sources)
        scope = self.parent
        while scope is not None:
            found += scope.sources
            scope = scope.parent
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where the caret is: its scope, the clause there, whether a source's name is due."""

    scope: Scope
    clause: str
    expects_source: bool
    after_source: bool


def tokens(text: str, rules: Lexicon) -> list[Token]:
    """The tokens of `text`, comments and blanks left out."""
    found: list[Token] = []
    position = rules.skip(text, 0)
    while position < len(text):
        end = rules.token_end(text, position)
        char = text[position]
        if char.isalpha() or char == "_":
            kind = "word"
        elif char in '"`' or (char == "[" and end - position > 1):
            kind = "name"
        elif char == "'" or (char == "$" and end - position > 1):
            kind = "string"
        else:
            kind = "number" if char.isdigit() else "mark"
        found.append(Token(kind, text[position:end], position, end))
        position = rules.skip(text, end)
    return found


def read(found: list[Token], caret: int) -> Place:
    """Walk the tokens and say what is visible at `caret` (an offset between two of them)."""
    reader = _Reader(found)
    place: Place | None = None
    index = 0
    while index < len(found):
        if place is None and found[index].start >= caret:
            place = reader.place()
        index = reader.take(index)
    place = place or reader.place()
    reader.finish()
    return place


class _Reader:
    """The walk: a stack of scopes, moved on by one token (or one dotted name) at a time."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._scope = Scope()
        self._stack: list[tuple[Scope, str]] = []  # enclosing scopes, and what the inner one is
        self._opening = ""  # what the next parenthesis holds: "cte", "source" or ""
        self._cte = ""

    def place(self) -> Place:
        scope = self._scope
        return Place(scope, scope.clause, scope.expects_source, scope.subject is not None)

    def take(self, index: int) -> int:
        token = self._tokens[index]
        if token.text == "(":
            self._open(index)
        elif token.text == ")":
            self._close()
        elif token.text == ",":
            self._comma()
        elif token.text == "*":
            self._scope.item = f"{self._scope.item}*" if self._scope.item.endswith(".") else "*"
        elif token.kind in ("word", "name") and not self._keyword(token):
            return self._name(index)
        return index + 1

    def finish(self) -> None:
        """The end of the text closes whatever is open."""
        while self._stack:
            self._close()
        self._end_item(self._scope)

    def _open(self, index: int) -> None:
        scope = self._scope
        opened = Scope(parent=scope)
        if self._cte and scope.clause == "WITH" and self._opening != "cte":
            kind = "columns"  # WITH name (columns) AS
        elif self._opening == "cte":
            kind = "cte"
        elif scope.expects_source:
            kind = "source"
        else:
            previous = self._tokens[index - 1] if index else None
            is_call = previous is not None and previous.kind in ("word", "name")
            kind = "call" if is_call else "group"
            scope.item = ""  # an expression has no name until an alias gives it one
            opened.clause = scope.clause if scope.clause != "FROM" else "VALUES"
        self._opening = ""
        self._stack.append((scope, kind))
        self._scope = opened

    def _close(self) -> None:
        if not self._stack:
            return
        inner = self._scope
        self._end_item(inner)
        scope, kind = self._stack.pop()
        inner = inner.head or inner
        self._scope = scope
        if kind == "cte" and self._cte:
            source = scope.ctes.setdefault(self._cte.lower(), Source(path=(self._cte,)))
            source.scope = inner
            self._cte = ""
        elif kind == "columns" and self._cte:
            names = tuple(inner.outputs)
            scope.ctes[self._cte.lower()] = Source(path=(self._cte,), columns=names)
        elif kind == "source":
            source = Source(scope=inner)
            scope.sources.append(source)
            scope.subject = source
            scope.expects_source = False

    def _comma(self) -> None:
        scope = self._scope
        self._end_item(scope)
        scope.subject = None
        if scope.clause == "FROM":
            scope.expects_source = True

    def _keyword(self, token: Token) -> bool:
        """Take a word that shapes the statement; False if it is a name here."""
        word, scope = token.upper, self._scope
        if word in _SET_OPERATORS:
            self._end_item(scope)
            self._scope = Scope(parent=scope.parent, ctes=scope.ctes, head=scope.head or scope)
        elif word in _SOURCE_AFTER:
            self._end_item(scope)
            scope.clause, scope.expects_source, scope.subject = "FROM", True, None
        elif word == "WITH":
            scope.clause = "WITH"
        elif word in _CLAUSES:
            if word == "SELECT" and scope.clause == "SELECT":
                return True
            self._end_item(scope)
            scope.clause, scope.expects_source, scope.subject = word, False, None
        elif word in _NOISE:
            scope.subject = None
        elif word == "AS":
            self._opening = "cte" if scope.clause == "WITH" and self._cte else ""
        elif word in RESERVED:
            scope.subject = None
        else:
            return bool(self._opening == "cte" and word == "MATERIALIZED")
        return True

    def _name(self, index: int) -> int:
        """Take a name, dotted or not: a source, an alias, a CTE, a SELECT item."""
        found, scope, first = self._tokens, self._scope, index
        path = [found[index].identifier]
        index += 1
        while index < len(found) and found[index].text == ".":
            dot, index = found[index], index + 1
            following = found[index] if index < len(found) else None
            if following is None or following.start != dot.end:
                path.append("")  # half-typed: the next line's word is none of it
            elif following.kind in ("word", "name"):
                path.append(following.identifier)
                index += 1
            elif following.text == "*":
                scope.item = f"{path[-1]}."
                return index
        called = index < len(found) and found[index].text == "("
        if scope.clause == "WITH":
            if path[0].upper() != "RECURSIVE":
                self._cte = path[0]
        elif scope.expects_source:
            scope.expects_source = False
            source = Source(path=tuple(path))
            if not called or self._inserts():
                scope.sources.append(source)
            scope.subject = source
        elif scope.subject is not None:
            scope.subject.alias = path[-1]
            scope.subject = None
        elif self._names_item(first):
            scope.item = path[-1]
        return index

    def _names_item(self, index: int) -> bool:
        """Does the name at `index` give its SELECT item a name: alone, or as an alias?"""
        if index == 0:
            return False
        before = self._tokens[index - 1]
        if before.kind == "mark":
            return before.text in (",", ")", "(")
        return before.upper in _BEFORE_ITEM or before.upper not in RESERVED

    def _inserts(self) -> bool:
        """INSERT INTO t (columns): the parenthesis makes no function of t."""
        first = self._tokens[0].upper if self._tokens else ""
        return first in ("INSERT", "CREATE", "REPLACE", "WITH") and not self._stack

    def _end_item(self, scope: Scope) -> None:
        if scope.item and scope.clause in ("SELECT", "", "WITH"):
            scope.outputs.append(scope.item)
        scope.item = ""
