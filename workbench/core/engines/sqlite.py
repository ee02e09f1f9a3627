"""SQLite, in this process: a file or memory, through Python's own driver.

Sessions in memory of one target share one database (the memdb VFS keeps it while any of
them lives). Only the canceller, `stop_keeps_transaction` and `abandon` are for other threads.

**How a stop cannot hit the next statement.** It is sent only under the attempt lock, while
the attempt it means is armed; SQLite drops the flag when a statement starts with none
running. A half-read cursor would keep it alive: `execute` closes the last cursor first, and
the worker closes its cursor before it disarms.

**What a stop costs.** A stopped reading statement leaves the transaction; a stopped write
undoes all of it. Which one runs is told by the authorizer while the statement is prepared
(1.3 microseconds a statement), never by its text.

**Locks.** SQLite's own wait for a lock cannot be interrupted, so it is off; the wait is
here, between attempts of a statement that has not begun, and ends at once on a stop.

Column types: SQLite has none that bind; see `adapter/arrow.py` for what is made of them.
"""

import functools
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbench.core.adapter import files
from workbench.core.adapter.contract import (
    Capabilities,
    ConnectAttempt,
    Connection,
    Cursor,
    EngineSpec,
    FormField,
    Node,
    Statement,
    Transaction,
    Verification,
)
from workbench.core.adapter.dbapi import RowsCursor
from workbench.core.adapter.embedded import Driver, EmbeddedSession, holding, work_lost
from workbench.core.adapter.information_schema import CatalogQueries, SqlCatalog
from workbench.core.adapter.names import first_word, typed
from workbench.core.adapter.positions import only_place_of
from workbench.core.adapter.target import Target, parse_flag, parse_number
from workbench.core.errors import EngineError, ErrorKind

if TYPE_CHECKING:
    import sqlite3

    import pyarrow as pa

_MAGIC = (0, b"SQLite format 3\0")
_KIND_NAMES = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}
# Not put into a transaction by autocommit off: they begin or end one, or refuse to be in one.
_WORDS = "BEGIN COMMIT END ROLLBACK SAVEPOINT RELEASE PRAGMA ATTACH DETACH VACUUM EXPLAIN"
_OUTSIDE = frozenset({*_WORDS.split(), ""})
# What the authorizer is told of.
_READ, _PRAGMA, _ATTACH = 20, 19, 24
# A plain name would be looked for in memory too, and what is written to it be lost.
_NAME_ITS_VFS = "From a database in memory, name the file's place: 'file:/path?vfs=unix'."
_DATA = {18: "INSERT", 23: "UPDATE", 9: "DELETE"}
_CHANGES = frozenset({*range(1, 9), *range(10, 18), *range(26, 31)})  # CREATE, DROP, ALTER...

_BUSY, _LOCKED, _BUSY_SNAPSHOT = 5, 6, 517
_BLAME = re.compile(
    r'near "(.*)": syntax error|unrecognized token: "(.*)"|'
    r"(?:no such \w+|ambiguous column name|.* has no column named):? (.*)",
    re.DOTALL,
)

_CATALOG = CatalogQueries(
    databases="SELECT name, coalesce(nullif(file, ''), 'in memory') FROM pragma_database_list "
    "WHERE name <> 'temp' OR EXISTS (SELECT 1 FROM temp.sqlite_master) ORDER BY seq",
    relations="SELECT name, iif(type = 'view', 'view', 'table') AS kind, {rows} "
    "FROM pragma_table_list AS l WHERE schema = :database AND type <> 'shadow' "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY kind, name",
    columns="SELECT name, type || iif(hidden IN (2, 3), ' generated', ''), "
    "\"notnull\" = 0 AND NOT (pk > 0 AND upper(type) = 'INTEGER'), "
    "CASE WHEN pk > 0 THEN 'primary' WHEN name IN "
    "(SELECT \"from\" FROM pragma_foreign_key_list(:relation, :database)) THEN 'foreign' "
    "WHEN name IN (SELECT i.name FROM pragma_index_list(:relation, :database) AS l, "
    "pragma_index_info(l.name, :database) AS i WHERE l.origin = 'u') THEN 'unique' END "
    "FROM pragma_table_xinfo(:relation, :database) WHERE hidden <> 1 ORDER BY cid",
    here="SELECT 'main'",
)


def connect(target: Target, attempt: ConnectAttempt) -> Connection:
    """Open a session. Blocks while the file is read, and while another process locks it."""
    path = files.database_path(target)
    return holding(path, _MAGIC, lambda: _opened(path, target, attempt))


def _opened(path: Path | None, target: Target, attempt: ConnectAttempt) -> "_SQLiteConnection":
    import sqlite3

    busy_s = parse_number("busy_timeout", target.options.get("busy_timeout", "5000")) / 1000
    try:
        con = sqlite3.connect(
            _uri(path, target),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=0,
            cached_statements=0,  # one from a cache is not prepared: no word to the authorizer
        )
    except sqlite3.Error as error:
        raise _connect_error(error, path) from error
    try:
        _first_read(con, path, attempt, time.monotonic() + min(busy_s, attempt.timeout_s))
        if target.read_only:
            con.execute("PRAGMA query_only = ON").close()
        return _SQLiteConnection(con, busy_s, target)
    except BaseException:
        con.close()
        raise


class _SQLiteConnection(EmbeddedSession):
    """One session."""

    def __init__(self, con: "sqlite3.Connection", busy_s: float, target: Target) -> None:
        import sqlite3

        name = f"SQLite {sqlite3.sqlite_version}"
        errors = (sqlite3.Error, sqlite3.Warning, OverflowError)
        driver = Driver(name, con.interrupt, con.close, errors, _engine_error)
        price = "a statement that writes takes the whole transaction with it"
        super().__init__(driver, "Interrupt the statement", price)
        self._con = con
        self._retried = functools.partial(self._patiently, is_locked=_is_locked, seconds=busy_s)
        self._target = target
        self._actions: set[int] = set()
        self._reads: set[tuple[str, str, str]] = set()  # column, table, database
        self._writes = False
        self._refused = ""  # why the authorizer said no
        self._undone = False  # the database undid a transaction that was not asked to end
        con.text_factory = functools.partial(str, encoding="utf-8", errors="surrogateescape")
        con.set_authorizer(self._note_action)

    @property
    def stop_keeps_transaction(self) -> bool:
        """True unless what runs writes. Any thread."""
        return not self._writes

    def execute(self, statement: Statement) -> Cursor:
        """Run until the first rows are here, or to the end. Blocks."""
        self._close_cursor()
        text = statement.text
        if "\0" in text:
            message = "The statement holds a NUL character, where SQLite would stop reading."
            raise EngineError(message, code="NUL", position=text.index("\0"))
        with self._gate:
            self._prepare(first_word(text) not in _OUTSIDE)
            self._actions, self._reads, self._writes = set(), set(), False
            with self._watched(text):
                raw = self._retried(lambda: self._con.execute(text, statement.parameters))
            if raw.description is None:
                return RowsCursor(self._command(text), self._affected(raw))
            self._cursor = cursor = self._rows_of(raw, text)
            cursor.peek()
            return cursor

    def commit(self) -> None:
        """Commit. Raises EngineError if SQLite has undone the work already."""
        super().commit()
        if self._undone:
            self._undone = False
            raise work_lost()

    def rollback(self) -> None:
        """Roll back; without a transaction do nothing."""
        super().rollback()
        self._undone = False

    def children(self, node: Node | None) -> tuple[Node, ...]:
        """Databases, their tables and views, and columns."""
        self._close_cursor()
        queries = _CATALOG
        if node is not None:
            rows = self._estimate(node.path[0])
            queries = replace(queries, relations=queries.relations.replace("{rows}", rows))
        return SqlCatalog(queries, self._rows, _quote).children(node)

    def _estimate(self, database: str) -> str:
        """The expression for a table's rows: what ANALYZE left, if it was ever run."""
        found = self._rows(
            "SELECT 1 FROM pragma_table_list WHERE schema = :database AND name = 'sqlite_stat1'",
            {"database": database},
        )
        if not found:
            return "NULL"
        # The first word of `stat` is the table's rows; the cast reads just that.
        table = f"{_quote(database)}.sqlite_stat1"
        return f"(SELECT max(CAST(stat AS INTEGER)) FROM {table} WHERE tbl = l.name)"

    def _rows_of(self, raw: "sqlite3.Cursor", text: str) -> RowsCursor:
        from workbench.core.adapter.arrow import RowsToArrow

        def fetch(size: int) -> list[tuple[Any, ...]]:
            with self._watched(text):
                return raw.fetchmany(size)

        command = self._command(text)
        names = [column[0] for column in raw.description]
        hint = functools.partial(self._hint, frozenset(self._reads))
        return RowsCursor(
            command,
            rows=RowsToArrow(names, _KIND_NAMES, hint),
            fetch=fetch,
            close=raw.close,
            count=lambda: None if command == "EXPLAIN" else self._affected(raw),
        )

    def _hint(self, reads: frozenset[tuple[str, str, str]], column: str) -> "pa.DataType | None":
        """The declared type of a column just read under that name, if it is only one."""
        from workbench.core.adapter.arrow import declared_type

        found = {(table, database) for name, table, database in reads if name == column}
        if len(found) != 1:
            return None
        table, database = found.pop()
        rows = self._rows(
            "SELECT type FROM pragma_table_xinfo(:table, :database) WHERE name = :column",
            {"table": table, "database": database, "column": column},
        )
        return declared_type(rows[0][0]) if rows else None

    def _affected(self, raw: "sqlite3.Cursor") -> int | None:
        if not self._actions & _DATA.keys() or self._actions & _CHANGES:
            return None
        # The driver counts only what begins with INSERT, UPDATE, DELETE, not WITH.
        if raw.rowcount >= 0:
            return raw.rowcount
        return int(self._rows("SELECT changes()", {})[0][0])

    def _command(self, text: str) -> str:
        named = first_word(text)
        if named != "WITH":
            return named
        return next((name for code, name in _DATA.items() if code in self._actions), "SELECT")

    @property
    def transaction(self) -> Transaction:
        """As the library has it, at no cost; SQLite has no failed transactions."""
        with self._gate:
            return Transaction.ACTIVE if self._con.in_transaction else Transaction.NONE

    def _control(self, sql: str) -> None:
        with self._translated(sql):
            self._retried(lambda: self._con.execute(sql)).close()
        self._undone = False

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with self._translated(sql):
            return self._retried(lambda: self._con.execute(sql, values)).fetchall()

    def _note_action(self, action: int, one: Any, two: Any, database: Any, _: Any) -> int:
        self._actions.add(action)
        if action == _READ:
            self._reads.add((two, one, database))
        elif action in _DATA or action in _CHANGES:
            self._writes = True
        if (
            self._target.read_only
            and action == _PRAGMA
            and str(one).lower() == "query_only"
            and two
        ):
            return 1  # SQLITE_DENY: what keeps attached files from being written stays on
        if action == _ATTACH and _is_memory(self._target.database) and not _is_memory(one):
            self._refused = _NAME_ITS_VFS
            return 1
        return 0  # SQLITE_OK

    @contextmanager
    def _watched(self, text: str) -> Iterator[None]:
        """Translate errors, and notice a transaction that one of them took away."""
        inside = self._con.in_transaction
        try:
            with self._translated(text):
                yield
        except EngineError as error:
            if self._refused:
                error.hint, self._refused = self._refused, ""
            if inside and not self._con.in_transaction:
                self._undone = True
                error.hint = "SQLite undid the whole transaction."
            raise
        if self._con.in_transaction:
            self._undone = False


def _is_memory(name: str | None) -> bool:
    return name is not None and (name in ("", ":memory:") or "vfs=" in name)


def _quote(*names: str) -> str:
    return ".".join(typed(name) for name in names)


def _uri(path: Path | None, target: Target) -> str:
    if path is None:
        return f"file:/wb-{quote(target.instance, safe='')}?vfs=memdb"
    mode = "ro" if target.read_only else "rw"
    if not path.exists():
        mode = "rwc"  # database_path has seen create=1
    fixed = parse_flag("immutable", target.options.get("immutable", "0"))
    return f"file:{quote(str(path.absolute()))}?mode={mode}{'&immutable=1' if fixed else ''}"


def _first_read(
    con: "sqlite3.Connection", path: Path | None, attempt: ConnectAttempt, deadline: float
) -> None:
    """Make SQLite open the file, which `connect` does not. Waits for a lock."""
    import sqlite3

    while True:
        try:
            con.execute("PRAGMA schema_version").fetchall()
        except sqlite3.Error as error:
            waiting = _is_locked(error) and time.monotonic() < deadline
            if attempt.stopped or not waiting:
                raise _connect_error(error, path) from error
            time.sleep(0.02)
        else:
            return


def _is_locked(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (_BUSY, _LOCKED) and code != _BUSY_SNAPSHOT


def _connect_error(error: "sqlite3.Error", path: Path | None) -> EngineError:
    told = _engine_error(error, "")
    message, hint = f"cannot be opened: {told.message}", ""
    if told.code == "SQLITE_NOTADB":
        message, hint = "is not an SQLite database.", "Nothing in it was changed."
    elif _is_locked(error):
        message = "is locked by another program."
        hint = "Close it there, or give a longer busy_timeout."
    elif told.code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
        message = "cannot be opened, or the -wal and -shm files beside it cannot."
        hint = "On a read-only disk, a WAL database opens with immutable=1, if nothing changes it."
    return files.refused(f"{path} {message}", told.code, hint)


def _engine_error(error: Exception, text: str) -> EngineError:
    message = str(error)
    code = getattr(error, "sqlite_errorname", type(error).__name__.upper())
    kind = ErrorKind.STATEMENT
    if code == "SQLITE_INTERRUPT":
        kind = ErrorKind.STOPPED
    elif "closed database" in message:
        kind = ErrorKind.CONNECTION_LOST
    return EngineError(message, code=code, position=_position(message, text), kind=kind)


def _position(message: str, text: str) -> int | None:
    """SQLite's driver gives no position; a word that stands once in the text is one."""
    if message == "incomplete input":
        return len(text.rstrip())
    blame = _BLAME.fullmatch(message)
    return only_place_of(next(filter(None, blame.groups()), ""), text) if blame else None


SPECS = (
    EngineSpec(
        name="sqlite",
        title="SQLite",
        schemes=("sqlite",),
        capabilities=Capabilities(
            stop_mechanism="Connection.interrupt()",
            verification=Verification.RETURNED,
            stop_note="a stopped write undoes the whole transaction, a stopped read nothing",
            transactions=True,
            savepoints=True,
            read_only="mode=ro and PRAGMA query_only",
            explain="EXPLAIN QUERY PLAN ",
            parameters="named",
            in_process=True,
        ),
        connect=connect,
        fields=(*files.FIELDS, FormField("busy_timeout", "Wait for locks (ms)", "number", "5000")),
        options={
            **files.OPTIONS,
            "busy_timeout": "milliseconds to wait for a lock that another process holds (5000)",
            "immutable": "the file cannot change: opens WAL databases on read-only disks (1 or 0)",
        },
        dialect="sqlite",
        file_suffixes=(".db", ".sqlite", ".sqlite3", ".db3"),
        file_magic=_MAGIC,
    ),
)
