"""What the history keeps, as frozen records that cross threads freely. No I/O.

`Begun`, `Ended` and `Stopped` go in, `Run` and `EngineStats` come out. Times: wall clock in
seconds since the epoch (UTC), everything `_ms` in milliseconds. `Stopped` counts from the
request, except `requested_ms`, which counts from the query's start.
"""

from dataclasses import dataclass

RUNNING = "RUNNING"
INTERRUPTED = "INTERRUPTED"  # its process died while it ran; never stored, found on reading


@dataclass(frozen=True, slots=True)
class Begun:
    """A query that a worker has taken up."""

    id: str
    engine: str
    connection: str
    sql: str
    started_at: float


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended: `status` is SUCCESS, FAILED or CANCELLED."""

    id: str
    status: str
    rows: int
    statements: int
    elapsed_ms: float
    first_row_ms: float | None
    error_code: str
    error_message: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The receipt of a stop. `verified`: None when nobody could look."""

    id: str
    reason: str
    rung: str
    outcome: str
    requested_ms: float
    acknowledged_ms: float | None
    verified_ms: float | None
    verified: bool | None
    session: str


@dataclass(frozen=True, slots=True)
class Run:
    """One query of the past, or one that runs now. `elapsed_ms` is None without an end."""

    id: str
    engine: str
    connection: str
    sql: str
    started_at: float
    status: str
    rows: int
    statements: int
    elapsed_ms: float | None
    first_row_ms: float | None
    error_code: str
    error_message: str
    stop: Stopped | None

    @property
    def shown_status(self) -> str:
        """The status in words for people."""
        return "interrupted by a crash" if self.status == INTERRUPTED else self.status


@dataclass(frozen=True, slots=True)
class EngineStats:
    """How stopping went with one engine.

    `success_rate` is what was stopped, of the stops that did not come after the end; None
    without any. `p50_ms` and `p95_ms` are from the request until it was seen gone. `orphans`
    are the queries whose Workbench died: nobody knows how they ended.
    """

    engine: str
    runs: int
    stops: int
    stopped: int
    finished_first: int
    denied: int
    unconfirmed: int
    failed: int
    success_rate: float | None
    p50_ms: float | None
    p95_ms: float | None
    orphans: int
