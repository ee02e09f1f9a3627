"""The --stats object of one run: its keys are a contract, documented in docs/command-line.md.

Pure, except for `write_stats`, which blocks on the file.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from workbench.cli.output import masked, say
from workbench.core.errors import EngineError, UserError
from workbench.core.query.receipt import CancelReceipt
from workbench.core.results.export_file import OutputFile

Json = Mapping[str, object]


def stats_object(  # noqa: PLR0913 - one for each key of the contract
    *,
    query: str | None = None,
    engine: str | None = None,
    status: str = "FAILED",
    statements: int = 0,
    rows: int = 0,
    started_at: float | None = None,
    first_row_ms: float | None = None,
    elapsed_ms: float | None = None,
    receipt: CancelReceipt | None = None,
    error: EngineError | UserError | None = None,
    position: int | None = None,
) -> Json:
    """The object. Milliseconds with three decimals; `started_at` as ISO 8601 in UTC."""
    return {
        "id": query,
        "engine": engine,
        "status": status,
        "statements": statements,
        "rows": rows,
        "started_at": None if started_at is None else iso(started_at),
        "first_row_ms": _ms(first_row_ms),
        "elapsed_ms": _ms(elapsed_ms),
        "cancel": None if receipt is None else _cancel(receipt),
        "error": None if error is None else _error(error, position),
    }


def iso(wall: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC: "2026-01-31T12:00:00.123Z"."""
    text = datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


class StatsSink:
    """Where the object goes: a file, which is there whole or not at all, or stderr for "-"."""

    def __init__(self, place: str) -> None:
        """Raises UserError when the file cannot be made."""
        self._file = None if place == "-" else OutputFile(Path(place))

    def write(self, stats: Json) -> None:
        """Write it. Blocks. Raises UserError."""
        line = json.dumps(stats)
        if self._file is None:
            say(line)
            return
        try:
            self._file.write(line.encode("ascii") + b"\n")
        except UserError:
            self._file.drop()
            raise
        self._file.keep()


def _cancel(receipt: CancelReceipt) -> Json:
    return {
        "reason": receipt.reason.value,
        "rung": None if receipt.rung is None else receipt.rung.value,
        "outcome": receipt.outcome.value,
        "requested_ms": _ms(receipt.requested_ms),
        "acknowledged_ms": _ms(receipt.acknowledged_ms),
        "verified_ms": _ms(receipt.verified_ms),
        "verified": receipt.verified,
        "session": receipt.session.value,
    }


def _error(error: EngineError | UserError, position: int | None) -> Json:
    code = error.code if isinstance(error, EngineError) else ""
    return {"code": code or None, "message": masked(error.message), "position": position}


def _ms(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
