"""A guess at what a statement does, from its first words: for a colour or a question asked.

Only a hint. It never decides what only the server knows: whether a transaction is open,
whether a statement may write, whether a read-only connection holds. Pure; any thread.
"""

from collections.abc import Iterator
from typing import Literal

from workbench.core.sql.lexicon import Lexicon, lexicon

Hint = Literal["read", "write", "ddl", "transaction", "other"]

_KINDS: dict[str, Hint] = {
    **dict.fromkeys(
        ("SELECT", "VALUES", "TABLE", "FROM", "SHOW", "DESCRIBE", "DESC", "SUMMARIZE", "EXPLAIN"),
        "read",
    ),
    **dict.fromkeys(("PIVOT", "UNPIVOT", "PIVOT_WIDER", "PIVOT_LONGER"), "read"),
    **dict.fromkeys(("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT", "COPY"), "write"),
    **dict.fromkeys(("LOAD_DATA", "CALL", "DO", "EXECUTE", "EXEC", "IMPORT"), "write"),
    **dict.fromkeys(("CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME", "COMMENT"), "ddl"),
    **dict.fromkeys(("GRANT", "REVOKE", "REINDEX", "VACUUM", "REFRESH"), "ddl"),
    **dict.fromkeys(("BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT"), "transaction"),
    **dict.fromkeys(("RELEASE", "END", "ABORT"), "transaction"),
}
_WRITING = ("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE")
# How far to look: a WITH list or an EXPLAIN's options longer than this keep the first guess.
_TOKENS = 20_000


def kind(text: str, dialect: str = "") -> Hint:
    """What the statement `text` seems to do. Linear in its first part only; never raises."""
    words = _top_level_words(text, lexicon(dialect))
    first = next(words, "")
    if first == "WITH":
        return _of_common_table(words)
    if first == "EXPLAIN":
        return _of_explain(words)
    if first == "COPY":
        return _of_copy(words)
    if first == "START" and next(words, "") != "TRANSACTION":
        return "other"
    return _KINDS.get(first, "other")


def _of_common_table(words: Iterator[str]) -> Hint:
    """WITH a AS (...) UPDATE ... writes; the lists themselves are in parentheses."""
    for word in words:
        if word in _WRITING:
            return "write"
        if word in ("SELECT", "VALUES", "FROM", "TABLE"):
            return "read"
    return "read"


def _of_explain(words: Iterator[str]) -> Hint:
    """EXPLAIN reads; EXPLAIN ANALYZE does what it explains."""
    if next(words, "") != "ANALYZE":
        return "read"
    for word in words:
        if word in _WRITING:
            return "write"
        if word in _KINDS:
            return _KINDS[word]
    return "read"


def _of_copy(words: Iterator[str]) -> Hint:
    """COPY t FROM file writes to the table; COPY t TO file reads it."""
    direction = next((word for word in words if word in ("TO", "FROM")), "")
    return "read" if direction == "TO" else "write"


def _top_level_words(text: str, rules: Lexicon) -> Iterator[str]:
    """The upper-cased words outside of parentheses, quotes and comments."""
    position = depth = 0
    leading = True  # (select 1) union ...: the parentheses it begins with hide nothing
    for _ in range(_TOKENS):
        start = rules.skip(text, position)
        if start >= len(text):
            return
        position = rules.token_end(text, start)
        leading = leading and text[start] == "("
        depth += 0 if leading else (text[start] == "(") - (text[start] == ")")
        if depth <= 0 and (text[start].isalpha() or text[start] == "_"):
            yield text[start:position].upper()
