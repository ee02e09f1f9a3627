"""The receipt of a stop: what was done, when the server answered, what was checked.

Written by `cancellation.py` and nobody else. Frozen: crosses threads freely.
"""

from dataclasses import dataclass
from enum import StrEnum

from workbench.core.adapter.contract import RungName


class StopReason(StrEnum):
    """Who or what asked for the stop."""

    USER = "user"
    TIMEOUT = "timeout"
    CANCEL_ALL = "cancel_all"
    SHUTDOWN = "shutdown"


class StopOutcome(StrEnum):
    """How a stop ended."""

    STOPPED = "stopped"  # the statement ended by the stop
    FINISHED_FIRST = "finished_first"  # it had ended by itself
    DENIED = "denied"  # a right is missing
    UNCONFIRMED = "unconfirmed"  # we let go; nobody saw it end
    FAILED = "failed"  # the stop could not be delivered, or the connection broke


class SessionFate(StrEnum):
    """What became of the session."""

    ALIVE = "alive"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class CancelReceipt:
    """What happened to one stop.

    `requested_ms` counts from the query's start; `acknowledged_ms` (the engine took the
    stop) and `verified_ms` (seen gone) count from the request. `verified`: True, seen gone;
    False, looked and still there; None, nobody could look. `note` says what became of the
    transaction, "" when there was none; `detail` carries a refusal's own words.
    """

    reason: StopReason
    rung: RungName | None
    outcome: StopOutcome
    requested_ms: float
    acknowledged_ms: float | None = None
    verified_ms: float | None = None
    verified: bool | None = None
    session: SessionFate = SessionFate.ALIVE
    note: str = ""
    detail: str = ""
    timeout_s: float | None = None
