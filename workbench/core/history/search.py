"""Finding runs by the words in them: by FTS5's trigram index where SQLite has it, else by LIKE.

Both find the same: any part of the SQL, the connection's name or the engine's, all words of
the text. Called by `store.py` with its lock held; blocks on the file.
"""

import sqlite3

_COLUMNS = ("sql", "connection", "engine")
_SHORTEST = 3  # characters a trigram index can look for

_CREATE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS runs_text USING fts5("
    "sql, connection, engine, content='runs', content_rowid='n', tokenize='trigram')",
    "CREATE TRIGGER runs_text_insert AFTER INSERT ON runs BEGIN "
    "INSERT INTO runs_text(rowid, sql, connection, engine) "
    "VALUES (new.n, new.sql, new.connection, new.engine); END",
    "CREATE TRIGGER runs_text_delete AFTER DELETE ON runs BEGIN "
    "INSERT INTO runs_text(runs_text, rowid, sql, connection, engine) "
    "VALUES ('delete', old.n, old.sql, old.connection, old.engine); END",
    "INSERT INTO runs_text(runs_text) VALUES ('rebuild')",
)
# Without the module a trigger that feeds the index would make every write fail.
_DETACH = (
    "DROP TRIGGER IF EXISTS runs_text_insert",
    "DROP TRIGGER IF EXISTS runs_text_delete",
)


def attach_index(connection: sqlite3.Connection) -> bool:
    """Make sure the index is there and complete; False where SQLite has no such thing.

    Raises sqlite3.Error when the file cannot be written.
    """
    (attached,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'runs_text_%'"
    ).fetchone()
    available = _has_trigrams(connection)
    if bool(attached) == available:
        return available
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in (*_DETACH, *(_CREATE if available else ())):
            connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return available


def condition(text: str, *, indexed: bool) -> tuple[str, list[str]]:
    """A condition on `runs` that holds where all words of `text` occur, and its values."""
    words = text.replace("\0", " ").split()
    terms: list[str] = []
    values: list[str] = []
    for word in words:
        if indexed and len(word) >= _SHORTEST:
            terms.append("n IN (SELECT rowid FROM runs_text WHERE runs_text MATCH ?)")
            values.append('"' + word.replace('"', '""') + '"')
        else:
            terms.append("(" + " OR ".join(rf"{c} LIKE ? ESCAPE '\'" for c in _COLUMNS) + ")")
            values += [f"%{_escaped(word)}%"] * len(_COLUMNS)
    return " AND ".join(terms) or "1", values


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _has_trigrams(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone()
    return found is not None and sqlite3.sqlite_version_info >= (3, 34)
