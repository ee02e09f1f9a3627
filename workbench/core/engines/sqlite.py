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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from workbench.core.adapter.contract import (
    Capabilities,
    Column,
    ConnectAttempt,
    Connection,
    Cursor,
    EngineSpec,
    FormField,
    Message,
    Node,
    Statement,
    Transaction,
    Verification,
)
from workbench.core.adapter.embedded import EmbeddedSession, check_encodable, work_lost
from workbench.core.adapter.files import database_path, refused
from workbench.core.adapter.information_schema import CatalogQueries, SqlCatalog
from workbench.core.adapter.names import first_word, quoted
from workbench.core.adapter.positions import only_place_of
from workbench.core.adapter.target import Target, parse_flag
from workbench.core.errors import EngineError, ErrorKind, UserError

if TYPE_CHECKING:
    import sqlite3

    import pyarrow as pa

    from workbench.core.adapter.arrow import RowsToArrow

T = TypeVar("T")

STEP_ROWS = 1_000
STEP_SECONDS = 0.05  # a batch is handed on after this long, however few its rows
STEP_BYTES = 8 << 20

CAPABILITIES = Capabilities(
    stop_mechanism="Connection.interrupt()",
    verification=Verification.RETURNED,
    stop_note="a stopped write undoes the whole transaction, a stopped read nothing",
    transactions=True,
    savepoints=True,
    read_only="mode=ro and PRAGMA query_only",
    explain="EXPLAIN QUERY PLAN ",
    parameters="named",
    in_process=True,
)

OPTIONS = {
    "create": "make the file if it does not exist (1 or 0)",
    "busy_timeout": "milliseconds to wait for a lock that another process holds (5000)",
    "immutable": "the file cannot change: opens WAL databases on read-only disks (1 or 0)",
}

_KIND_NAMES = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}
# Not put into a transaction by autocommit off: they begin or end one, or refuse to be in one.
_OUTSIDE = frozenset(
    ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "ATTACH", "DETACH"]
    + ["VACUUM", "EXPLAIN", ""]
)
_READ = 20
# The authorizer's other codes that mean a change, with what is done.
_CHANGES = {
    1: "CREATE INDEX", 2: "CREATE TABLE", 3: "CREATE TEMP INDEX", 4: "CREATE TEMP TABLE",
    5: "CREATE TEMP TRIGGER", 6: "CREATE TEMP VIEW", 7: "CREATE TRIGGER", 8: "CREATE VIEW",
    10: "DROP INDEX", 11: "DROP TABLE", 12: "DROP TEMP INDEX", 13: "DROP TEMP TABLE",
    14: "DROP TEMP TRIGGER", 15: "DROP TEMP VIEW", 16: "DROP TRIGGER", 17: "DROP VIEW",
    26: "ALTER TABLE", 27: "REINDEX", 28: "ANALYZE", 29: "CREATE VIRTUAL TABLE",
    30: "DROP VIRTUAL TABLE",
}  # fmt: skip
_DATA = {18: "INSERT", 23: "UPDATE", 9: "DELETE"}
_OTHERS = {
    19: "PRAGMA",
    22: "TRANSACTION",
    32: "SAVEPOINT",
    24: "ATTACH",
    25: "DETACH",
    21: "SELECT",
}

_BUSY, _LOCKED, _BUSY_SNAPSHOT = 5, 6, 517
_BLAME = re.compile(
    r'near "(.*)": syntax error|unrecognized token: "(.*)"|'
    r"(?:no such \w+|ambiguous column name|.* has no column named):? (.*)",
    re.DOTALL,
)

# The words that SQLite never takes as a bare name.
_WORDS = """add all alter and as autoincrement between case check collate commit constraint create
    default deferrable delete distinct drop else escape except exists foreign from group having
    if in index insert intersect into is isnull join limit not nothing notnull null on or order
    primary references returning select set table then to transaction union unique update using
    values when where"""
_RESERVED = frozenset(_WORDS.split())

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
    import sqlite3

    path = database_path(target)
    if path is None and target.read_only:
        raise UserError("Nothing to read", "A database in memory is empty and cannot be read-only.")
    busy_s = _milliseconds(target) / 1000
    con = sqlite3.connect(
        _uri(path, target),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=0,
        cached_statements=0,  # a cached statement is not prepared again: the authorizer is not asked
    )
    try:
        attempt.on_stop(con.interrupt)
        _first_read(con, path, attempt, time.monotonic() + min(busy_s, attempt.timeout_s))
        if target.read_only:
            con.execute("PRAGMA query_only = ON").close()
        return _SQLiteConnection(con, busy_s)
    except BaseException:
        con.close()
        raise


class _SQLiteConnection(EmbeddedSession):
    """One session."""

    def __init__(self, con: "sqlite3.Connection", busy_s: float) -> None:
        super().__init__(
            "Interrupt the statement",
            "a statement that writes takes the whole transaction with it",
            self._send_interrupt,
            con.close,
        )
        self._con = con
        self._busy_s = busy_s
        self._actions: set[int] = set()
        self._reads: set[tuple[str, str, str]] = set()  # column, table, database
        self._writes = False
        self._undone = False  # the database undid a transaction that was not asked to end
        con.text_factory = functools.partial(str, encoding="utf-8", errors="surrogateescape")
        con.set_authorizer(self._note_action)

    @property
    def server(self) -> str:
        """The library's version: embedded, it is the server's."""
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"

    @property
    def transaction(self) -> Transaction:
        """As the library has it; SQLite has no failed transactions."""
        with self._gate:
            return Transaction.ACTIVE if self._con.in_transaction else Transaction.NONE

    @property
    def stop_keeps_transaction(self) -> bool:
        """True unless what runs writes. Any thread."""
        return not self._writes

    def execute(self, statement: Statement) -> Cursor:
        """Run until the first rows are here, or to the end. Blocks."""
        self._close_cursor()
        text = statement.text
        check_encodable(text)
        if "\0" in text:
            raise EngineError(
                "The statement holds a NUL character, where SQLite would stop reading.",
                code="NUL",
                position=text.index("\0"),
            )
        with self._gate:
            if self._begins(first_word(text) not in _OUTSIDE):
                self._plain("BEGIN")
            self._forget_actions()
            with self._watched(text):
                raw = self._patiently(lambda: self._con.execute(text, statement.parameters))
            if raw.description is None:
                affected = self._affected(raw.rowcount)
                raw.close()
                return _SQLiteCursor(self, self._command(), affected=affected)
            cursor = _SQLiteCursor(self, self._command(), raw, text)
            self._cursor = cursor
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

    def progress(self) -> float | None:
        """SQLite knows none."""
        return None

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

    def hint(self, column: str) -> "pa.DataType | None":
        """The declared type of a column just read under that name, if it is only one."""
        found = {(table, database) for name, table, database in self._reads if name == column}
        if len(found) != 1:
            return None
        table, database = found.pop()
        rows = self._rows(
            "SELECT type FROM pragma_table_xinfo(:table, :database) WHERE name = :column",
            {"table": table, "database": database, "column": column},
        )
        return _declared(rows[0][0]) if rows else None

    def fetch(self, raw: "sqlite3.Cursor", size: int, text: str) -> list[tuple[Any, ...]]:
        """Up to `size` rows more. Blocks."""
        with self._gate, self._watched(text):
            return raw.fetchmany(size)

    def _affected(self, count: int) -> int | None:
        if not self._actions & _DATA.keys() or self._actions & _CHANGES.keys():
            return None
        # The driver counts only what begins with INSERT, UPDATE, DELETE, not WITH.
        return count if count >= 0 else int(self._con.execute("SELECT changes()").fetchone()[0])

    def _command(self) -> str:
        for names in (_CHANGES, _DATA, _OTHERS):
            for code, name in names.items():
                if code in self._actions:
                    return name
        return ""

    def _commit(self) -> None:
        self._plain("COMMIT")

    def _rollback(self) -> None:
        self._plain("ROLLBACK")

    def _plain(self, sql: str) -> None:
        with self._gate, _translated(sql):
            self._patiently(lambda: self._con.execute(sql)).close()
        self._undone = False

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with self._gate, _translated(sql):
            return self._patiently(lambda: self._con.execute(sql, values)).fetchall()

    def _send_interrupt(self) -> None:
        import sqlite3

        try:
            self._con.interrupt()
        except sqlite3.Error:
            return  # closed meanwhile: nothing runs there any more

    def _forget_actions(self) -> None:
        self._actions = set()
        self._reads = set()
        self._writes = False

    def _note_action(self, action: int, one: Any, two: Any, database: Any, _: Any) -> int:
        self._actions.add(action)
        if action == _READ:
            self._reads.add((two, one, database))
        elif action in _DATA or action in _CHANGES:
            self._writes = True
        return 0  # SQLITE_OK

    @contextmanager
    def _watched(self, text: str) -> Iterator[None]:
        """Translate errors, and notice a transaction that one of them took away."""
        inside = self._con.in_transaction
        try:
            with _translated(text):
                yield
        except EngineError as error:
            if inside and not self._con.in_transaction:
                self._undone = True
                error.hint = "SQLite undid the whole transaction."
            raise
        if self._con.in_transaction:
            self._undone = False

    def _patiently(self, run: Callable[[], T]) -> T:
        """Run what does not wait for locks, again and again until `busy_timeout` is over."""
        import sqlite3

        deadline = time.monotonic() + self._busy_s
        pause = 0.001
        while True:
            try:
                return run()
            except sqlite3.OperationalError as error:
                if not _is_locked(error) or time.monotonic() >= deadline:
                    raise
            if self._stops.wait_for_stop(pause):
                raise EngineError(
                    "Interrupted while waiting for a lock.",
                    code="SQLITE_INTERRUPT",
                    kind=ErrorKind.STOPPED,
                )
            pause = min(pause * 2, 0.05)


class _SQLiteCursor:
    """One statement's one result."""

    def __init__(
        self,
        session: _SQLiteConnection,
        command: str,
        raw: "sqlite3.Cursor | None" = None,
        text: str = "",
        affected: int | None = None,
    ) -> None:
        from workbench.core.adapter.arrow import RowsToArrow

        self._session = session
        self._raw = raw
        self._text = text
        self._step = 1
        self._first: pa.RecordBatch | None = None
        self._columns: tuple[Column, ...] | None = None
        self._affected = affected
        self._command = command
        self._rows: RowsToArrow | None = None
        if raw is not None:
            names = [column[0] for column in raw.description]
            self._rows = RowsToArrow(names, _KIND_NAMES, session.hint)

    @property
    def columns(self) -> tuple[Column, ...] | None:
        """The columns, typed by what the first rows hold."""
        return self._columns

    @property
    def affected(self) -> int | None:
        """Rows changed; with RETURNING known when all rows have been read."""
        return self._affected

    @property
    def command(self) -> str:
        """What was done, as the authorizer saw it."""
        return self._command

    @property
    def is_open(self) -> bool:
        """Does a half-read result keep a lock?"""
        return self._raw is not None

    def peek(self) -> None:
        """Read the first rows, which settle the columns. Blocks."""
        assert self._rows is not None
        self._first = self._next()
        self._columns = self._rows.columns()

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """Up to 1,000 rows at a time, fewer when they come slowly or are large."""
        try:
            batch, self._first = self._first, None
            while batch is not None:
                yield batch
                batch = self._next()
        finally:
            self.close()

    def next_result(self) -> bool:
        """SQLite gives one result for each statement."""
        return False

    def messages(self) -> tuple[Message, ...]:
        """What could not be shown as it is."""
        return () if self._rows is None else self._rows.take_notes()

    def close(self) -> None:
        """Reset the statement: its lock goes, and with it what an interrupt could stick to."""
        if self._raw is not None:
            raw, self._raw = self._raw, None
            raw.close()

    def _next(self) -> "pa.RecordBatch | None":
        rows = self._gather()
        if not rows:
            return None
        assert self._rows is not None
        return self._rows.batch(rows)

    def _gather(self) -> list[tuple[Any, ...]]:
        """A batch's rows: as many as come in STEP_SECONDS, at least one."""
        rows: list[tuple[Any, ...]] = []
        size, deadline = 0, time.monotonic() + STEP_SECONDS
        while self._raw is not None and len(rows) < STEP_ROWS:
            more = self._session.fetch(
                self._raw, min(self._step, STEP_ROWS - len(rows)), self._text
            )
            if not more:
                self._finish()
                break
            rows += more
            size += _weight(more[-1]) * len(more)
            if size > STEP_BYTES or time.monotonic() > deadline:
                self._step = max(self._step // 4, 1)
                break
            self._step = min(self._step * 4, STEP_ROWS)
        return rows

    def _finish(self) -> None:
        if self._raw is not None and self._raw.rowcount >= 0:
            self._affected = self._raw.rowcount
        self.close()


def _weight(row: Sequence[Any]) -> int:
    return sum(len(value) for value in row if isinstance(value, str | bytes))


def _declared(text: str) -> "pa.DataType | None":
    """What a column declared as `text` most likely holds; by SQLite's rules of affinity."""
    import pyarrow as pa

    upper = text.upper()
    if "INT" in upper or "BOOL" in upper:
        return pa.int64()
    if any(word in upper for word in ("REAL", "FLOA", "DOUB", "NUMERIC", "DECIMAL")):
        return pa.float64()
    return pa.binary() if "BLOB" in upper else None


def _quote(*names: str) -> str:
    return ".".join(quoted(name, _RESERVED) for name in names)


def _milliseconds(target: Target) -> int:
    text = target.options.get("busy_timeout", "5000")
    if not text.isascii() or not text.isdigit():
        raise UserError("Bad option", f"busy_timeout={text!r} is no number of milliseconds.")
    return int(text)


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


def _is_locked(error: "sqlite3.Error") -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (_BUSY, _LOCKED) and code != _BUSY_SNAPSHOT


def _connect_error(error: "sqlite3.Error", path: Path | None) -> EngineError:
    told = _engine_error(error, "")
    if told.code == "SQLITE_NOTADB":
        return refused(
            f"{path} is not an SQLite database.", told.code, "Nothing in it was changed."
        )
    if _is_locked(error):
        return refused(
            f"{path} is locked by another program.",
            told.code,
            "Close it there, or give a longer busy_timeout.",
        )
    if told.code.startswith("SQLITE_CANTOPEN"):
        return refused(
            f"SQLite cannot open {path}, or the -wal and -shm files beside it.",
            told.code,
            "A database in WAL mode in a folder that cannot be written opens with immutable=1, "
            "if nothing else changes it.",
        )
    return refused(f"{path}: {told.message}", told.code)


@contextmanager
def _translated(text: str) -> Iterator[None]:
    """Raise what the driver raises as an EngineError about the statement `text`."""
    import sqlite3

    try:
        yield
    except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
        raise _engine_error(error, text) from error


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
        capabilities=CAPABILITIES,
        connect=connect,
        fields=(
            FormField("database", "File", "file", help="empty: a database in memory"),
            FormField("readonly", "Read-only", "flag", "0"),
            FormField("busy_timeout", "Wait for locks (ms)", "number", "5000"),
        ),
        options=OPTIONS,
        dialect="sqlite",
        file_suffixes=(".db", ".sqlite", ".sqlite3", ".db3"),
        file_magic=(0, b"SQLite format 3\0"),
    ),
)
