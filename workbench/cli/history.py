"""`workbench history` and `workbench stats`: what ran, how it ended, how stopping went.

Main thread; blocks on the history's file.
"""

from dataclasses import asdict
from datetime import datetime

from workbench.cli.exits import Exit
from workbench.cli.output import put, say, warn
from workbench.cli.receipts import iso
from workbench.cli.tables import table
from workbench.core.history.model import INTERRUPTED, EngineStats, Run, Stopped
from workbench.core.history.store import HistoryStore
from workbench.core.paths import user_paths
from workbench.core.query.receipt_text import duration
from workbench.core.query.registry import preview
from workbench.core.results.export_json import json_line

_SEEN = {True: "yes", False: "no, still there", None: "nobody could look"}


def show(*, as_json: bool, search: str, limit: int) -> int:
    """Print the runs, newest first. Raises UserError, OutputGone."""
    store = HistoryStore(user_paths().history, warn)
    runs = store.search(search, limit=limit)
    store.close()
    if as_json:
        _put_array([_object(run) for run in runs])
    elif runs:
        names = ("when", "status", "took", "rows", "stopped by", "stop took", "seen gone",
                 "connection", "SQL")  # fmt: skip
        put(table(names, [_row(run) for run in runs], right=("took", "rows", "stop took")))
    else:
        say("Nothing in the history." if not search else "Nothing found.")
    return Exit.OK


def show_stats(*, as_json: bool) -> int:
    """Print how stopping went, engine by engine. Raises UserError, OutputGone."""
    store = HistoryStore(user_paths().history, warn)
    stats = store.stats()
    store.close()
    if as_json:
        _put_array([asdict(each) for each in stats])
    elif stats:
        names = ("engine", "runs", "stops", "stopped", "finished first", "denied", "unconfirmed",
                 "failed", "success", "p50", "p95", "orphans")  # fmt: skip
        put(table(names, [_stats_row(each) for each in stats], right=names[1:]))
    else:
        say("Nothing in the history.")
    return Exit.OK


def _put_array(objects: list[dict[str, object]]) -> None:
    put("[" + ",\n ".join(json_line(each) for each in objects) + "]\n")


def _row(run: Run) -> tuple[str, ...]:
    when = datetime.fromtimestamp(run.started_at).astimezone()
    return (
        f"{when:%Y-%m-%d %H:%M:%S}",
        run.shown_status,
        "" if run.elapsed_ms is None else duration(run.elapsed_ms),
        "" if run.status == INTERRUPTED else f"{run.rows:,}",
        *_stop_cells(run.stop),
        run.connection,
        preview(run.sql),
    )


def _stop_cells(stop: Stopped | None) -> tuple[str, str, str]:
    if stop is None:
        return "", "", ""
    who = stop.reason if stop.outcome == "stopped" else f"{stop.reason} ({stop.outcome})"
    took = "" if stop.verified_ms is None else duration(stop.verified_ms)
    return who.replace("_", " "), took, _SEEN[stop.verified]


def _stats_row(stats: EngineStats) -> tuple[str, ...]:
    rate = "" if stats.success_rate is None else f"{stats.success_rate:.1%}"
    counts = (
        stats.runs,
        stats.stops,
        stats.stopped,
        stats.finished_first,
        stats.denied,
        stats.unconfirmed,
        stats.failed,
    )
    times = ("" if ms is None else duration(ms) for ms in (stats.p50_ms, stats.p95_ms))
    return stats.engine, *(f"{n:,}" for n in counts), rate, *times, f"{stats.orphans:,}"


def _object(run: Run) -> dict[str, object]:
    stop = run.stop
    return {
        "id": run.id,
        "engine": run.engine,
        "connection": run.connection,
        "started_at": iso(run.started_at),
        "status": run.status,
        "statements": run.statements,
        "rows": run.rows,
        "elapsed_ms": run.elapsed_ms,
        "first_row_ms": run.first_row_ms,
        "cancel": None if stop is None else _cancel(stop),
        "error": None
        if not run.error_message
        else {"code": run.error_code or None, "message": run.error_message},
        "sql": run.sql,
    }


def _cancel(stop: Stopped) -> dict[str, object]:
    found = asdict(stop)
    del found["id"]
    found["rung"] = stop.rung or None
    return found
