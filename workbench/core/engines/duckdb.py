"""DuckDB, in this process: a file or memory, results streamed as Arrow.

All sessions of one file share the process's one database. Each has its own driver
connection; only its canceller, `progress` and `abandon` are for other threads.

**How a stop cannot hit the next statement.** `interrupt()` sets a flag that DuckDB clears
when a query begins, so one sent to an idle session is lost; and it is sent only under the
attempt lock, while the attempt it means is armed (see `adapter/attempt.py`).

**What a stop costs.** Inside an explicit transaction DuckDB aborts all of it, even when
the stopped statement only read. A COMMIT then raises nothing and keeps nothing: so it is
never sent here; `commit()` and a typed COMMIT roll back and say that the work is lost.

**How the transaction's state is read.** Two `txid_current()`: equal inside a transaction,
different outside, an error in an aborted one (0.2 ms for both). `begin()` as a probe would
do harm: refused, it aborts the transaction that it finds.

Read-only is the file's: COPY ... TO, or an ATTACH ... (READ_WRITE), still writes to another.
"""

import json
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.core.adapter import files
from workbench.core.adapter.contract import (
    Capabilities,
    Column,
    ConnectAttempt,
    Connection,
    Cursor,
    EngineSpec,
    FormField,
    Message,
    MessageLevel,
    Node,
    Statement,
    Transaction,
    Verification,
)
from workbench.core.adapter.embedded import Driver, EmbeddedSession, holding
from workbench.core.adapter.information_schema import CatalogQueries, SqlCatalog
from workbench.core.adapter.names import RESERVED, quoted, typed
from workbench.core.adapter.positions import char_of_byte, in_statement
from workbench.core.adapter.reader_cursor import ReaderCursor
from workbench.core.adapter.target import Target
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.sql.split import split

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_Values = dict[str, object] | None

STEP_ROWS = 2_048  # what DuckDB computes at a time: fewer come no sooner

_MAGIC = (8, b"DUCK")
_NUMERIC = re.compile(r"u?(tiny|small|big|huge)?int(eger)?|float|double|decimal|bignum")
# Arrow loses a TIMETZ's offset and makes a UHUGEINT above 2^127 negative; the others come as
# bytes in a private format. DuckDB itself turns all of them into text.
_AS_TEXT = frozenset({"time with time zone", "uhugeint", "bignum", "bit", "variant", "geometry"})
_NESTED = frozenset({"struct", "list", "map", "array", "union"})

# The columns that the driver makes up for what brings no rows.
_NO_ROWS = ([("Count", "BIGINT")], [("Success", "BOOLEAN")])
# Not put into a transaction by autocommit off: they begin or end one, or refuse to be in one.
_OUTSIDE = frozenset({"TRANSACTION", "ATTACH", "DETACH", "SET", "PRAGMA", "LOAD", "VACUUM", "CALL"})

_PREFIX = re.compile(r"([A-Z]\w*(?: \w+)*?) Error: ")
_LINE = re.compile(r"\n+LINE \d+: .*\Z", re.DOTALL)
_PID = re.compile(r"held in (?P<what>.+?) \(PID (?P<pid>\d+)\)")

_RELATION = "database_name = $database AND schema_name = $schema AND table_name = $relation"
_CATALOG = CatalogQueries(
    databases="SELECT database_name, coalesce(path, 'in memory') FROM duckdb_databases() "
    "WHERE NOT internal OR (database_name = 'temp' "
    "AND EXISTS (FROM duckdb_tables() WHERE database_name = 'temp')) ORDER BY internal, 1",
    schemas="SELECT schema_name FROM duckdb_schemas() WHERE database_name = $database "
    "AND schema_name NOT IN ('information_schema', 'pg_catalog') ORDER BY schema_name <> 'main', 1",
    relations="SELECT name, kind, rows FROM (SELECT database_name, schema_name, internal, "
    "table_name AS name, 'table' AS kind, estimated_size AS rows FROM duckdb_tables() UNION ALL "
    "SELECT database_name, schema_name, internal, view_name, 'view', NULL FROM duckdb_views()) "
    "WHERE NOT internal AND database_name = $database AND schema_name = $schema "
    "ORDER BY kind, name",
    columns="SELECT column_name, data_type, is_nullable, (SELECT first("
    "lower(split_part(constraint_type, ' ', 1)) ORDER BY constraint_type = 'UNIQUE', "
    "constraint_type = 'FOREIGN KEY') FROM duckdb_constraints() "
    f"WHERE {_RELATION} AND constraint_type IN ('UNIQUE', 'FOREIGN KEY', 'PRIMARY KEY') "
    "AND list_contains(constraint_column_names, column_name)) "
    f"FROM duckdb_columns() WHERE {_RELATION} ORDER BY column_index",
    here="SELECT current_database(), current_schema()",
)


def connect(target: Target, attempt: ConnectAttempt) -> Connection:
    """Open a session on the file or memory of `target`. Blocks while the file is read."""
    path = files.database_path(target, _MAGIC, "DuckDB")  # a stranger's: it would go online
    return holding(path, _MAGIC, lambda: _opened(path, target))


def _opened(path: Path | None, target: Target) -> "_DuckDBConnection":
    import duckdb

    # The file's one true name: the driver shares a database by it, and reads "md:" as a service.
    name = f":memory:wb-{target.instance}" if path is None else str(path.resolve())
    config: dict[str, Any] = {k: v for k, v in target.options.items() if k != "create"}
    try:
        con = duckdb.connect(name, read_only=target.read_only, config=config)
    except duckdb.Error as error:
        raise _connect_error(error, str(path or "A database in memory")) from error
    try:
        con.execute("SET python_enable_replacements=false")  # our variables are no tables
        con.execute("SET errors_as_json=true")  # the one way to an exact position
        con.execute("SET enable_progress_bar=true; SET enable_progress_bar_print=false").fetchall()
    except BaseException:
        con.close()
        raise
    name = f"DuckDB v{duckdb.__version__}"
    driver = Driver(name, con.interrupt, con.close, _driver_errors(), _engine_error)
    return _DuckDBConnection(con, driver)


class _DuckDBConnection(EmbeddedSession):
    """One session: a driver connection of its own on the shared database."""

    def __init__(self, con: "duckdb.DuckDBPyConnection", driver: Driver) -> None:
        price = "inside a transaction, all of the transaction is undone"
        super().__init__(driver, "Interrupt the statement", price)
        self._con = con
        self._reserved = RESERVED

    def execute(self, statement: Statement) -> Cursor:
        """Bind a SELECT, or run anything else to its end. Blocks."""
        self._close_cursor()
        with self._translated(statement.text):
            found = self._con.extract_statements(statement.text)
            if not found:
                return ReaderCursor(self._gate, "")
            if len(found) > 1:
                raise EngineError(f"One statement at a time: here are {len(found)}.", code="SCRIPT")
            parsed = found[0]
            command = parsed.type.name
            if command == "TRANSACTION":
                self._refuse_lost_commit(statement.text)
            self._prepare(command not in _OUTSIDE)
            given = statement.parameters
            values = {name: given[name] for name in parsed.named_parameters if name in given}
            cursor = self._run(parsed, values or None, statement.text)
            self._cursor = cursor
            return cursor

    def children(self, node: Node | None) -> tuple[Node, ...]:
        """Databases, their schemas, tables and views, and columns."""
        self._close_cursor()
        if self._reserved is RESERVED:
            words = self._rows(
                "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
            )
            self._reserved = frozenset(word for (word,) in words)
        return SqlCatalog(_CATALOG, self._rows, self._quote).children(node)

    def progress(self) -> float | None:
        """DuckDB's own estimate; it does not grow evenly. Any thread."""
        try:
            percent = self._con.query_progress()
        except self._driver.errors:
            return None  # closed meanwhile
        return min(percent / 100, 1.0) if percent >= 0 else None

    def _control(self, sql: str) -> None:
        with self._translated(sql):
            self._con.execute(sql).fetchall()

    def _read_state(self) -> Transaction:
        try:
            first, second = (self._rows("SELECT txid_current()") for _ in "12")
        except EngineError as error:
            if error.code != "TRANSACTION":
                raise
            return Transaction.FAILED
        return Transaction.ACTIVE if first == second else Transaction.NONE

    def _run(self, parsed: "duckdb.Statement", values: _Values, text: str) -> ReaderCursor:
        command = parsed.type.name
        brings = {kind.name for kind in parsed.expected_result_type}
        if command == "MULTI" or not (brings & {"CHANGED_ROWS", "NOTHING"} or command == "EXECUTE"):
            return self._query(parsed, values, text)
        con = self._con.execute(parsed, values)
        names = [column[0] for column in con.description or ()]
        types = [column[1] for column in con.description or ()]
        silent = not names or ("NOTHING" in brings and _made_up(names, types))
        if silent or con.rowcount >= 0:
            count = con.rowcount if con.rowcount >= 0 else None
            con.fetchall()
            return ReaderCursor(self._gate, command, affected=count)
        if command != "EXECUTE":  # RETURNING: run, and held by the driver
            self._stops.applied()
        return ReaderCursor(
            self._gate,
            command,
            _columns(names, types),
            lambda: _held_rows(con),
            _told if command == "EXECUTE" else _told_of_change,
            notes=_losses(types),
        )

    def _query(self, parsed: "duckdb.Statement", values: _Values, text: str) -> ReaderCursor:
        command = parsed.type.name
        try:
            relation = self._con.sql(parsed, params=values)
        except self._driver.errors as error:
            raise self._located(_engine_error(error, text), text, values) from error
        names, types = relation.columns, relation.types
        if command != "SELECT" and _made_up(names, types):
            return ReaderCursor(self._gate, command)
        if any(map(_needs_text, types)):
            if command == "SELECT":  # to be wrapped in another, which a last comment would break
                bare = split(parsed.query, "duckdb")[0].text
                relation = self._con.sql(bare, params=values)
            relation = _with_texts(relation, names, types)
        return ReaderCursor(
            self._gate,
            command,
            _columns(names, types),
            lambda: relation.to_arrow_reader(STEP_ROWS),
            lambda error: _told(error, text, parsed.query, relation.sql_query()),
        )

    def _located(self, error: EngineError, text: str, values: _Values) -> EngineError:
        """`error` with the position that binding a lazy SELECT leaves out, if it can be had.

        EXPLAIN binds again and runs nothing; in an aborted transaction a sibling does it.
        """
        if error.position is not None or error.kind is not ErrorKind.STATEMENT:
            return error
        with self._con.cursor() as sibling:
            sibling.execute("SET errors_as_json=true").fetchall()
            for con in (self._con, sibling):
                try:
                    con.execute("EXPLAIN " + text, values).fetchall()
                except self._driver.errors as refusal:
                    again = _engine_error(refusal, "EXPLAIN " + text)
                    if again.message == error.message and again.position is not None:
                        error.position = max(again.position - len("EXPLAIN "), 0)
                        break
        return error

    def _rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        try:
            with self._translated(sql):
                parsed = self._con.extract_statements(sql)[0]
                used = {name: (values or {})[name] for name in parsed.named_parameters}
                return self._con.execute(parsed, used or None).fetchall()
        except EngineError:
            self._stale = True
            raise

    def _quote(self, *names: str) -> str:
        return ".".join(typed(name, self._reserved) for name in names)


def _held_rows(con: "duckdb.DuckDBPyConnection") -> "pa.RecordBatchReader | None":
    # The driver warns that the rows are copied once more; there is no other way to them.
    warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)
    return con.to_arrow_reader(STEP_ROWS)


def _columns(names: Iterable[str], types: Iterable[Any]) -> tuple[Column, ...]:
    return tuple(
        Column(name, str(kind), _NUMERIC.fullmatch(kind.id) is not None)
        for name, kind in zip(names, types, strict=True)
    )


def _made_up(names: Sequence[str], types: Sequence[Any]) -> bool:
    return [(name, str(kind)) for name, kind in zip(names, types, strict=True)] in _NO_ROWS


def _needs_text(kind: Any) -> bool:
    if kind.id not in _NESTED:
        return kind.id in _AS_TEXT
    return any(_needs_text(child) for _, child in kind.children if hasattr(child, "id"))


def _with_texts(
    relation: "duckdb.DuckDBPyRelation", names: Iterable[str], types: Iterable[Any]
) -> "duckdb.DuckDBPyRelation":
    """`relation` with the columns that Arrow cannot carry as DuckDB's own text of them."""
    return relation.project(
        ", ".join(
            f"CAST(#{at} AS VARCHAR) AS {quoted(name)}" if _needs_text(kind) else f"#{at}"
            for at, (name, kind) in enumerate(zip(names, types, strict=True), 1)
        )
    )


def _losses(types: Iterable[Any]) -> tuple[Message, ...]:
    kinds = ", ".join(sorted({str(kind) for kind in types if _needs_text(kind)}))
    text = f"RETURNING and EXECUTE bring {kinds} as raw Arrow values: read them with a SELECT."
    return (Message(text, MessageLevel.WARNING),) if kinds else ()


def _told(error: Exception, text: str = "", part: str = "", ran: str = "") -> EngineError | None:
    """The driver's error, its position moved from the text that `ran` to the statement's."""
    if not isinstance(error, _driver_errors()):
        return None
    told = _engine_error(error, ran)
    told.position = in_statement(told.position, text, part, ran)
    return told


def _told_of_change(error: Exception) -> EngineError | None:
    """As `_told`. A stop is too late for a change: it is made when its rows are read."""
    told = _told(error)
    if told is None or told.kind is not ErrorKind.STOPPED:
        return told
    text = "The stop came after the change was made; not all of the rows it returns were read."
    return EngineError(text, code=told.code, hint="Outside a transaction the change stands.")


def _driver_errors() -> tuple[type[Exception], ...]:
    import duckdb
    import pyarrow as pa

    return (duckdb.Error, pa.ArrowException, OSError)  # OSError: how a reader says INTERRUPT


def _engine_error(error: Exception, text: str) -> EngineError:
    message, position = str(error), None
    prefix = _PREFIX.match(message)
    if prefix:
        message = message[prefix.end() :]
    if message.startswith('{"exception_type"'):
        told, _ = json.JSONDecoder().raw_decode(message)
        message = told.get("exception_message", message)
        if "position" in told:
            position = char_of_byte(text, int(told["position"]))
    code = prefix[1].upper() if prefix else type(error).__name__.removesuffix("Exception").upper()
    code = code.replace(" ", "_").removesuffix("CONTEXT")
    kind = ErrorKind.STATEMENT
    if code == "INTERRUPT":
        kind = ErrorKind.STOPPED
    elif code == "FATAL" or "has been invalidated" in message or "already closed" in message:
        kind = ErrorKind.CONNECTION_LOST
    return EngineError(_LINE.sub("", message), code=code, position=position, kind=kind)


def _connect_error(error: Exception, name: str) -> EngineError:
    told = _engine_error(error, "")
    holder = _PID.search(told.message)
    if holder:
        message = f"is in use by another process: PID {holder['pid']} ({holder['what']})."
        hint = "Close it there: processes share a DuckDB file only when all open it read-only."
    elif "different configuration" in told.message:
        message = "is open in this Workbench already, with other options."
        hint = "Close that connection, or use the same options, read-only included, in both."
    else:
        message, hint = f"cannot be opened: {told.message}", ""
    return files.refused(f"{name} {message}", told.code, hint)


SPECS = (
    EngineSpec(
        name="duckdb",
        title="DuckDB",
        schemes=("duckdb",),
        capabilities=Capabilities(
            stop_mechanism="connection.interrupt()",
            verification=Verification.RETURNED,
            stop_note="inside a transaction, a stop aborts the whole transaction",
            transactions=True,
            progress=True,
            read_only="access_mode=read_only",
            explain="EXPLAIN ",
            parameters="named",
            in_process=True,
        ),
        connect=connect,
        fields=(
            *files.FIELDS,
            FormField("memory_limit", "Memory limit", help="as in 4GB"),
            FormField("threads", "Threads", "number", help="empty: one for each core"),
        ),
        options={
            **files.OPTIONS,
            "memory_limit": "how much memory the database may take, as in 4GB",
            "threads": "how many threads a query may use",
            "temp_directory": "the folder to spill into when memory runs out",
        },
        driver="duckdb",
        extra="duckdb",
        dialect="duckdb",
        file_suffixes=(".duckdb", ".ddb"),
        file_magic=_MAGIC,
    ),
)
