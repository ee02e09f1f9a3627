"""What comes out of a run, in order. Frozen: each crosses from the worker to whoever shows it.

A run yields RunStarted, then for each statement StatementStarted, its results (ResultOpened,
BatchArrived..., ResultFinished), messages, TransactionChanged, StatementFinished; last, once,
RunEnded. RungClimbed and ReceiptWritten come from the thread that stops, around RunEnded.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core.adapter.contract import Column, Message, Rung, Transaction
from workbench.core.errors import EngineError, UserError
from workbench.core.query.receipt import CancelReceipt, StopReason
from workbench.core.query.state import State

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A worker has the query; `wall` is seconds since the epoch (UTC)."""

    query: str
    statements: int
    wall: float


@dataclass(frozen=True, slots=True)
class StatementStarted:
    """Statement `index` (from 0) of the script, `length` characters at `offset`, begins."""

    query: str
    index: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class ResultOpened:
    """Result `result` (from 0, over the whole run) has columns; rows follow."""

    query: str
    result: int
    statement: int
    columns: tuple[Column, ...]
    schema: "pa.Schema | None" = None


@dataclass(frozen=True, slots=True)
class BatchArrived:
    """Rows of result `result`. The batch is immutable and may be kept."""

    query: str
    result: int
    batch: "pa.RecordBatch"


@dataclass(frozen=True, slots=True)
class ResultFinished:
    """All `rows` of result `result` are here."""

    query: str
    result: int
    rows: int


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A notice of the server, or a remark of ours, about the running statement."""

    query: str
    message: Message


@dataclass(frozen=True, slots=True)
class StatementFinished:
    """Statement `index` ended normally: `affected` rows changed (None: not counted)."""

    query: str
    index: int
    command: str
    affected: int | None
    rows: int
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Stake:
    """What a stop or a rollback would put at risk: an open transaction's work so far."""

    transaction: Transaction = Transaction.NONE
    statements: int = 0
    affected: int = 0


@dataclass(frozen=True, slots=True)
class TransactionChanged:
    """The session's transaction, as read from the engine after a statement."""

    query: str
    stake: Stake


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The end. `error` is set when `state` is FAILED; `error_offset` is in the script.

    `rows` is what arrived over all results; `statements` how many ended normally;
    `note` what the end means for the data ("transaction rolled back by DuckDB").
    """

    query: str
    state: State
    rows: int
    statements: int
    elapsed_ms: float
    first_row_ms: float | None = None
    error: EngineError | UserError | None = None
    error_offset: int | None = None
    reason: StopReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RungClimbed:
    """The ladder took `rung`; when its `deadline_s` passes in vain, `next` is what is left."""

    query: str
    rung: Rung
    deadline_s: float
    next: Rung | None


@dataclass(frozen=True, slots=True)
class RungExpired:
    """`rung` did not end the statement in time; `next` waits for somebody's word.

    `detail` is the refusal's own words where the rung was refused ("needs ...").
    """

    query: str
    rung: Rung
    next: Rung | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptWritten:
    """The stop is over; the receipt is final."""

    query: str
    receipt: CancelReceipt


RunEvent = (
    RunStarted
    | StatementStarted
    | ResultOpened
    | BatchArrived
    | ResultFinished
    | MessageArrived
    | StatementFinished
    | TransactionChanged
    | RunEnded
)
StopEvent = RungClimbed | RungExpired | ReceiptWritten
QueryEvent = RunEvent | StopEvent
