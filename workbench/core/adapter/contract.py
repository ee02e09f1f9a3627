"""The contract with an engine. Read this file first.

An engine is a frozen `EngineSpec` whose `connect` gives a `Connection`: one session of the
database. A `Connection` and its `Cursor`s belong to one thread at a time (the worker that
runs the statement); its `Canceller` is the one part another thread may call while the
session is busy. Results leave as Arrow record batches, never as a whole.

**A stop can never hit the next statement.** A stop names the *attempt* it means;
`arm(attempt)` opens the window for it just before a statement and `disarm(attempt)` shuts
it; a stop for an attempt that is not armed sends nothing and answers FINISHED_FIRST. Each
engine's file says in its docstring how it holds that (see `adapter/attempt.py`).

**Who says that a statement ended.** The worker's call returning is the only end. An engine
error with `kind=STOPPED` is the engine's word that a stop took effect; a normal return
after a stop was SENT means that the statement completed, unless the engine answers
ACCEPTED (MySQL: a killed SLEEP returns a value), after which a normal return is worthless.

No engine is named here. docs/adr/0002-engine-contract.md walks twelve engines through it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.core.adapter.target import Target


class Transaction(StrEnum):
    """A session's transaction as the server or the driver reports it."""

    NONE = "none"
    ACTIVE = "active"
    FAILED = "failed"  # open, but only a rollback is accepted


class RungName(StrEnum):
    """The ladder's rungs, mildest first."""

    INTERRUPT = "interrupt"  # the statement ends, the session stays
    TERMINATE = "terminate"  # the server ends the session
    ABANDON = "abandon"  # we let go; the server may work on


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to stop, and what it costs. `asks`: a person must agree before it is taken."""

    name: RungName
    title: str  # "Interrupt the statement"
    price: str = ""  # "the transaction and temporary tables go"
    asks: bool = False


class StopReply(StrEnum):
    """What became of one call of `Canceller.stop`."""

    SENT = "sent"  # delivered while the attempt was armed; a normal end now still counts
    ACCEPTED = "accepted"  # the server confirmed it; a normal end now is not a success
    FINISHED_FIRST = "finished_first"  # the attempt was not armed; nothing was sent


class Canceller(Protocol):
    """Stops what one session runs. Made with the session; any thread may call it."""

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The rungs that exist here, mildest first; the last one always lets go."""
        ...

    def arm(self, attempt: str) -> None:
        """Open `attempt` for stops. Session's thread, just before the statement."""
        ...

    def disarm(self, attempt: str) -> None:
        """Shut it; returns only when no stop for `attempt` is under way any more.

        Where a server may deliver a stop late, this drains it. Session's thread.
        """
        ...

    def stop(self, rung: RungName, attempt: str) -> StopReply:
        """Take `rung` against `attempt` if it is still armed. Blocks for seconds at most.

        May be called again for the same attempt: a stop that reaches the engine in the
        instants before the statement really starts is lost there, so the ladder repeats it.
        Raises EngineError(kind=DENIED) naming the missing right, or another EngineError
        when the stop itself could not be delivered.
        """
        ...

    def still_running(self, attempt: str) -> bool | None:
        """Does the statement of `attempt` still run, as the *server* sees it? Blocks.

        A server engine asks over another connection; an embedded one knows it from the
        worker's call having returned. None where it cannot be known.
        """
        ...


class Verification(StrEnum):
    """How this engine lets us know that a stopped statement is gone."""

    SERVER = "server"  # another connection of ours asked the server
    RETURNED = "returned"  # embedded: the engine's call returned on the worker's thread
    NEVER = "never"  # nobody can know; receipts say unconfirmed


class Language(StrEnum):
    """What is typed into a tab of this engine."""

    SQL = "sql"
    CQL = "cql"
    MONGO = "mongo"
    REDIS = "redis"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. Code and tests ask these, never an engine's name.

    Texts are shown to people: `stop_mechanism` ("connection.interrupt()"), `stop_needs` (the
    right it takes, "" for none), `stop_note` (what a stop costs here), `read_only` (how the
    database enforces it, "" where it cannot).
    """

    stop_mechanism: str
    verification: Verification
    stop_needs: str = ""
    stop_note: str = ""
    streaming: bool = True
    transactions: bool = False
    savepoints: bool = False
    multiple_results: bool = False  # one statement may bring several results
    progress: bool = False  # `Connection.progress` knows a fraction
    read_only: str = ""
    explain: str = ""  # prefix that makes a plan of a statement, "" for none
    cost: bool = False
    parameters: str = ""  # "named" | "positional" | ""
    in_process: bool = False  # the database lives in this process (embedded)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the connection form, made from the spec alone.

    `kind` is one of text, file, password, number, flag, choice. `where` says which part of
    the URL the field fills: host, port, database, user, password, or an option's name.
    """

    where: str
    label: str
    kind: str = "text"
    default: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as an engine gets it. `offset`: characters before it in the script."""

    text: str
    offset: int = 0
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A result's column: its name, the engine's own type text, and whether it is numeric."""

    name: str
    type: str
    numeric: bool = False


class MessageLevel(StrEnum):
    """How a notice from the server is shown."""

    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Message:
    """A notice, warning or PRINT of the server, as plain text."""

    text: str
    level: MessageLevel = MessageLevel.INFO
    code: str = ""


class Cursor(Protocol):
    """The results of one statement, one after another. Session's thread only.

    The first result is ready when `execute` returns. `columns` is None for a result without
    rows; `affected` then is the count of rows the statement changed, or None where the
    engine counts none (DDL). `command` is what was done ("INSERT", "CREATE TABLE"), "" if
    the engine does not say.
    """

    @property
    def columns(self) -> tuple[Column, ...] | None:
        """The current result's columns, None if it has no rows by nature."""
        ...

    @property
    def affected(self) -> int | None:
        """Rows changed, None where the engine counts none."""
        ...

    @property
    def command(self) -> str:
        """What the statement did, in the engine's words, or ""."""
        ...

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """Yield the current result as it arrives, each batch 1 to 16,384 rows.

        Blocks for each batch. Raises EngineError, with kind=STOPPED when interrupted.
        """
        ...

    def next_result(self) -> bool:
        """Go to the statement's next result; False when there is none. Blocks."""
        ...

    def messages(self) -> tuple[Message, ...]:
        """The notices that came since the last call."""
        ...

    def close(self) -> None:
        """Let go of the result, half-read or not, without reading the rest."""
        ...


class NodeKind(StrEnum):
    """What a node of the schema tree is."""

    DATABASE = "database"
    SCHEMA = "schema"
    TABLE = "table"
    VIEW = "view"
    COLUMN = "column"
    INDEX = "index"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the schema tree. `path` are the names from the root, itself last.

    `detail` is shown muted (a column's type); `key` is "primary", "foreign", "unique" or "";
    `rows` the engine's estimate, None if it has none; `insert` the quoted name to type.
    """

    kind: NodeKind
    path: tuple[str, ...]
    detail: str = ""
    key: str = ""
    nullable: bool = True
    rows: int | None = None
    leaf: bool = False
    insert: str = ""

    @property
    def name(self) -> str:
        """The node's own name."""
        return self.path[-1]


class Connection(Protocol):
    """One session. Every call blocks and belongs to the session's thread unless it says not."""

    @property
    def server(self) -> str:
        """Product and version, as the server names itself ("DuckDB v2.0.0")."""
        ...

    @property
    def transaction(self) -> Transaction:
        """The transaction's state, read from the server or driver, never from SQL text."""
        ...

    @property
    def stop_keeps_transaction(self) -> bool:
        """Would an open transaction survive a stop of what runs now? Any thread; no I/O."""
        ...

    def set_autocommit(self, on: bool) -> None:
        """Off: a statement outside a transaction opens one first. Raises EngineError."""
        ...

    def execute(self, statement: Statement) -> Cursor:
        """Run one statement until columns or a count are known.

        Raises EngineError; with kind=CONNECTION_LOST the session is of no further use.
        """
        ...

    def commit(self) -> None:
        """End the transaction, keeping its work. Raises EngineError if any of it is lost."""
        ...

    def rollback(self) -> None:
        """End the transaction, undoing its work; without one, do nothing."""
        ...

    def children(self, node: Node | None) -> tuple[Node, ...]:
        """The schema tree below `node` (None: the roots). Stoppable like a statement."""
        ...

    def canceller(self) -> Canceller:
        """The session's one canceller; the same object each time. Any thread."""
        ...

    def progress(self) -> float | None:
        """How much of the running statement is done, 0.0 to 1.0, or None. Any thread."""
        ...

    def close(self) -> None:
        """End the session in an orderly way; twice is once. Rolls back what is open."""
        ...

    def abandon(self) -> None:
        """Let go without protocol. Never blocks. Any thread, even while a call runs."""
        ...


class ConnectAttempt(Protocol):
    """What `connect` may look at while it waits: a stop, and a deadline."""

    @property
    def stopped(self) -> bool:
        """Has somebody asked to give up?"""
        ...

    @property
    def timeout_s(self) -> float:
        """Seconds the whole attempt may take."""
        ...

    def on_stop(self, abort: Callable[[], None]) -> None:
        """Call `abort` from another thread when a stop comes (at once if it came already)."""
        ...


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """All that Workbench knows of an engine without loading its driver.

    `driver` is the distribution to look for ("" when Python brings it), `options` the URL
    options that `connect` understands, name to help text; any other is refused. `connect`
    blocks, imports the driver, and raises UserError (bad target) or
    EngineError(kind=CONNECT_FAILED).
    """

    name: str
    title: str
    schemes: tuple[str, ...]
    capabilities: Capabilities
    connect: "Callable[[Target, ConnectAttempt], Connection]"
    fields: tuple[FormField, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    driver: str = ""
    extra: str = ""
    language: Language = Language.SQL
    dialect: str = ""  # sqlglot's name for it
    file_suffixes: tuple[str, ...] = ()  # of database files it opens ("" target: memory)
    file_magic: tuple[int, bytes] | None = None  # offset, bytes at the start of its files
    split: Callable[[str], tuple[Statement, ...]] | None = None  # None: core/sql/split
