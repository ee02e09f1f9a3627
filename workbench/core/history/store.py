"""The history: what ran, how it ended, how long a stop took. One SQLite file per user.

Opened on first use; any thread may call, every call blocks on the file. Several processes
write at once (WAL). Whatever is wrong with the file is a UserError that says what it means:
queries run, they are only not recorded. Never stores a password, and never deletes a file
it cannot read: that is set aside under another name.
"""

import errno
import logging
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from workbench.core.adapter import held
from workbench.core.errors import UserError
from workbench.core.history.migrations import migrate
from workbench.core.history.model import (
    INTERRUPTED,
    RUNNING,
    Begun,
    Ended,
    EngineStats,
    Run,
    Stopped,
)
from workbench.core.history.process import is_alive, this_process
from workbench.core.history.search import attach_index, condition
from workbench.core.history.setaside import set_aside
from workbench.core.history.stats import read_stats
from workbench.core.sql.redact import BLANK, redact

__all__ = ["Begun", "Ended", "EngineStats", "HistoryStore", "Run", "Stopped"]

log = logging.getLogger(__name__)

T = TypeVar("T")

SQL_CHARS = 100_000  # of a statement; the rest of a huge script would fill the disk
_BUSY_MS = 3_000
_BUSY_AGAIN_MS = 100
_MAGIC = (0, b"SQLite format 3\0")
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LITERAL = re.compile(r"['\"]([^'\"]+)")
_NOT_RECORDED = "The query runs; it is only not recorded."
_NOT_READ = "Nothing of it is lost; it cannot be shown now."


class HistoryStore:
    """The history in the file `path`. `warn` is told when a damaged file was set aside."""

    def __init__(self, path: Path, warn: Callable[[UserError], None] | None = None) -> None:
        self._path = path
        self._warn = warn
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._indexed = False
        self._blanked: dict[str, frozenset[str]] = {}  # what is secret in the running queries
        self._wait_ms = _BUSY_MS
        self._release: Callable[[], None] = lambda: None

    def begin(self, begun: Begun) -> None:
        """Enter a query as running. Blocks. Raises UserError when it cannot be written."""
        given = _cut(begun.sql)
        shown = redact(given)
        if shown != given:
            self._blanked[begun.id] = _literals(given) - _literals(shown)
        sql = _storable(shown)
        row = (begun.id, begun.engine, _storable(redact(begun.connection)), sql)
        self._do(
            _NOT_RECORDED,
            lambda db: db.execute(
                "INSERT INTO runs (id, engine, connection, sql, started_at, process, status) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, begun.started_at, this_process(), RUNNING),
            ),
        )

    def end(self, ended: Ended) -> None:
        """Enter a query's end. Blocks. Raises UserError when it cannot be written."""
        message = redact(_cut(ended.error_message))
        for secret in self._blanked.pop(ended.id, frozenset()):
            message = message.replace(secret, BLANK)  # engines quote what they stumble over
        message = _storable(message)
        self._do(
            _NOT_RECORDED,
            lambda db: db.execute(
                "UPDATE runs SET status = ?, rows = ?, statements = ?, elapsed_ms = ?, "
                "first_row_ms = ?, error_code = ?, error_message = ? WHERE id = ?",
                (
                    ended.status,
                    ended.rows,
                    ended.statements,
                    ended.elapsed_ms,
                    ended.first_row_ms,
                    ended.error_code,
                    message,
                    ended.id,
                ),
            ),
        )

    def stopped(self, stop: Stopped) -> None:
        """Enter the receipt of a stop. Blocks. Raises UserError when it cannot be written."""
        self._do(
            _NOT_RECORDED,
            lambda db: db.execute(
                "UPDATE runs SET stop_reason = ?, stop_rung = ?, stop_outcome = ?, "
                "stop_requested_ms = ?, stop_acknowledged_ms = ?, stop_verified_ms = ?, "
                "stop_verified = ?, stop_session = ? WHERE id = ?",
                (
                    stop.reason,
                    stop.rung,
                    stop.outcome,
                    stop.requested_ms,
                    stop.acknowledged_ms,
                    stop.verified_ms,
                    stop.verified,
                    stop.session,
                    stop.id,
                ),
            ),
        )

    def search(
        self, text: str = "", *, limit: int = 200, before: float | None = None
    ) -> tuple[Run, ...]:
        """The runs in which all words of `text` occur, newest first. Blocks.

        At most `limit`, begun earlier than `before` (seconds since the epoch). Raises
        UserError when the file cannot be read.
        """

        def read(db: sqlite3.Connection) -> list[sqlite3.Row]:
            indexed = self._indexed and db is self._connection
            where, values = condition(_storable(text), indexed=indexed)
            return db.execute(
                f"SELECT * FROM runs WHERE {where} AND started_at < ? "
                "ORDER BY started_at DESC, n DESC LIMIT ?",
                (*values, float("inf") if before is None else before, limit),
            ).fetchall()

        rows = self._read(read) if self._exists() else []
        dead = _dead(row["process"] for row in rows if row["status"] == RUNNING)
        return tuple(_run(row, dead) for row in rows)

    def stats(self) -> tuple[EngineStats, ...]:
        """How stopping went, engine by engine. Blocks. Raises UserError."""
        return self._read(read_stats) if self._exists() else ()

    def prune(self, days: float) -> int:
        """Forget what ended more than `days` ago (0: nothing); how many. Blocks. UserError."""
        if days <= 0 or not self._exists():
            return 0
        oldest = time.time() - days * 86_400

        def delete(db: sqlite3.Connection) -> int:
            return db.execute("DELETE FROM runs WHERE started_at < ?", (oldest,)).rowcount

        return self._do("Old entries stay.", delete)

    def close(self) -> None:
        """Close the file; a later call opens it again. Never opened: nothing happens."""
        with self._lock:
            self._drop()

    def _exists(self) -> bool:
        try:
            return self._path.exists()
        except OSError as error:
            raise self._trouble(error, _NOT_READ) from error

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, which only reads, even where the file cannot be written."""
        try:
            return self._do(_NOT_READ, work)
        except UserError as error:
            if not _is_read_only(error.__cause__):
                raise
        try:
            with closing(_frozen(self._path)) as connection:
                return work(connection)
        except sqlite3.Error as error:
            raise self._trouble(error, _NOT_READ) from error

    def _do(self, meaning: str, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the open file. `meaning`: what a failure means for the user."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                result = work(self._connection)
                self._wait(_BUSY_MS)
                return result
            except (sqlite3.Error, OSError) as error:
                # A query waits for a busy history once, not at each of its entries.
                self._wait(_BUSY_AGAIN_MS)
                if self._connection is None:
                    self._release()  # it could not be opened
                if _is_damage(error):
                    self._drop()
                    self._set_aside(error)
                raise self._trouble(error, meaning) from error

    def _wait(self, ms: int) -> None:
        """From now on wait `ms` for a lock. Lock of ours held."""
        if ms != self._wait_ms:
            self._wait_ms = ms
            if self._connection is not None:
                self._connection.execute(f"PRAGMA busy_timeout = {ms}")

    def _open(self) -> sqlite3.Connection:
        try:
            return self._opened()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._set_aside(error)
            return self._opened()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(self._path)
        self._release = held.hold(self._path, _MAGIC)
        connection = sqlite3.connect(
            self._path,
            timeout=self._wait_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("PRAGMA synchronous = NORMAL")
            migrate(connection, self._path)
            self._indexed = attach_index(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self, error: Exception) -> None:
        """Move the damaged file out of the way, and say so. Lock held."""
        aside = set_aside(self._path, _is_sound)
        if aside is None:
            return
        told = UserError(
            "The history was damaged",
            f"{self._path}: {error}. It was set aside as {aside.name}, and a new history begun.",
        )
        log.warning("%s", told)
        if self._warn is not None:
            self._warn(told)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        self._release()

    def _trouble(self, error: Exception, meaning: str) -> UserError:
        return UserError("The history is not available", f"{self._path}: {error}. {meaning}")


def _make(path: Path) -> None:
    """SQL may tell a lot: the file is the user's alone, and so are its -wal and -shm.

    One that is there is asked, not opened: closing it would drop locks (see `held`).
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from None


def _is_damage(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) in _DAMAGED


def _is_read_only(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) == sqlite3.SQLITE_READONLY


def _frozen(path: Path) -> sqlite3.Connection:
    """The file as it lies on a disk that nobody can write: no lock, no WAL."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def _is_sound(path: Path) -> bool:
    """Can SQLite read the file? For a second look, with the others kept out."""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_MS / 1000)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return bool(verdict == "ok")
    except sqlite3.DatabaseError as error:
        return not _is_damage(error)


def _literals(sql: str) -> frozenset[str]:
    return frozenset(text for text in _LITERAL.findall(sql) if len(text) > 2)


def _cut(text: str) -> str:
    if len(text) <= SQL_CHARS:
        return text
    return f"{text[:SQL_CHARS]}\n-- ... {len(text) - SQL_CHARS:,} more characters not kept"


def _storable(text: str) -> str:
    """SQLite takes no lone surrogates (they come from arguments that are not UTF-8)."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _dead(processes: Iterable[str]) -> frozenset[str]:
    return frozenset(mark for mark in set(processes) if not is_alive(mark))


def _run(row: sqlite3.Row, dead: frozenset[str]) -> Run:
    stop = None
    if row["stop_outcome"] is not None:
        stop = Stopped(
            row["id"],
            row["stop_reason"],
            row["stop_rung"],
            row["stop_outcome"],
            row["stop_requested_ms"],
            row["stop_acknowledged_ms"],
            row["stop_verified_ms"],
            None if row["stop_verified"] is None else bool(row["stop_verified"]),
            row["stop_session"],
        )
    crashed = row["status"] == RUNNING and row["process"] in dead
    return Run(
        row["id"],
        row["engine"],
        row["connection"],
        row["sql"],
        row["started_at"],
        INTERRUPTED if crashed else row["status"],
        row["rows"],
        row["statements"],
        row["elapsed_ms"],
        row["first_row_ms"],
        row["error_code"],
        row["error_message"],
        stop,
    )
