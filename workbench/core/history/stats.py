"""How stopping went, counted engine by engine from the history.

Called by `store.py` with its lock held; blocks on the file.
"""

import sqlite3
from collections import Counter, defaultdict

from workbench.core.history.model import EngineStats
from workbench.core.history.process import is_alive


def read_stats(connection: sqlite3.Connection) -> tuple[EngineStats, ...]:
    """One entry for each engine that ever ran something, by name. Raises sqlite3.Error."""
    runs: Counter[str] = Counter()
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for engine, outcome, count in connection.execute(
        "SELECT engine, stop_outcome, count(*) FROM runs GROUP BY 1, 2"
    ):
        runs[engine] += count
        if outcome is not None:
            outcomes[engine][outcome] += count
    times: defaultdict[str, list[float]] = defaultdict(list)
    for engine, ms in connection.execute(
        "SELECT engine, stop_verified_ms FROM runs "
        "WHERE stop_outcome = 'stopped' AND stop_verified_ms IS NOT NULL ORDER BY 2"
    ):
        times[engine].append(ms)
    orphans: Counter[str] = Counter()
    for engine, process, count in connection.execute(
        "SELECT engine, process, count(*) FROM runs WHERE status = 'RUNNING' GROUP BY 1, 2"
    ):
        if not is_alive(process):
            orphans[engine] += count
    return tuple(
        _of(engine, runs[engine], outcomes[engine], times[engine], orphans[engine])
        for engine in sorted(runs)
    )


def _of(
    engine: str, runs: int, outcomes: Counter[str], times: list[float], orphans: int
) -> EngineStats:
    stops = outcomes.total()
    stopped, late = outcomes["stopped"], outcomes["finished_first"]
    return EngineStats(
        engine,
        runs,
        stops,
        stopped,
        late,
        outcomes["denied"],
        outcomes["unconfirmed"],
        outcomes["failed"],
        stopped / (stops - late) if stops > late else None,
        percentile(times, 50),
        percentile(times, 95),
        orphans,
    )


def percentile(ordered: list[float], percent: int) -> float | None:
    """The nearest-rank percentile: a value that was really measured. None without any."""
    if not ordered:
        return None
    rank = -(-percent * len(ordered) // 100)  # rounded up
    return ordered[max(rank, 1) - 1]
