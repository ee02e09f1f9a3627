"""The history file's tables, and how an older file becomes today's.

`user_version` counts the steps a file has seen. Called by `store.py` with its lock held, on
any thread; blocks on the file. Never drops what a user wrote, and never touches a file that
a newer Workbench has made.
"""

import sqlite3
from pathlib import Path

from workbench.core.errors import UserError

_FIRST = (
    """
    CREATE TABLE runs (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        engine TEXT NOT NULL,
        connection TEXT NOT NULL,
        sql TEXT NOT NULL,
        started_at REAL NOT NULL,
        process TEXT NOT NULL,
        status TEXT NOT NULL,
        rows INTEGER NOT NULL DEFAULT 0,
        statements INTEGER NOT NULL DEFAULT 0,
        elapsed_ms REAL,
        first_row_ms REAL,
        error_code TEXT NOT NULL DEFAULT '',
        error_message TEXT NOT NULL DEFAULT '',
        stop_reason TEXT,
        stop_rung TEXT,
        stop_outcome TEXT,
        stop_requested_ms REAL,
        stop_acknowledged_ms REAL,
        stop_verified_ms REAL,
        stop_verified INTEGER,
        stop_session TEXT
    )
    """,
    "CREATE INDEX runs_by_time ON runs (started_at)",
    "CREATE INDEX runs_running ON runs (process) WHERE status = 'RUNNING'",
)

# One entry for each step; only ever append.
MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST,)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file up to date, all steps or none. Blocks.

    Raises UserError for a file of a newer Workbench, sqlite3.Error for what SQLite refuses.
    """
    if _version(connection, path) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while we waited for the lock.
        for step in MIGRATIONS[_version(connection, path) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: Path) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise UserError(
            "The history is of a newer Workbench",
            f"{path} has format {version}, this Workbench knows up to {len(MIGRATIONS)}. "
            "The file is left as it is; queries run, but are not recorded. "
            "Use the newer Workbench to see it.",
        )
    return int(version)
