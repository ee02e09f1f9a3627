"""How long a stop takes through our ladder, against the driver's bare interrupt.

The same runaway statement of the same engine in the same process: once stopped by the
driver's own call on a thread (the floor: nothing guarded, nothing checked, nothing said),
once through the ladder, from the request to the receipt with the end seen.
"""

import statistics
import threading
import time
from collections.abc import Iterator

import pytest

from tests.harness import Bench, bench, embedded, memory, snippets
from workbench.core.adapter.contract import EngineSpec, RungName, Statement
from workbench.core.errors import EngineError
from workbench.core.query.events import StatementStarted
from workbench.core.query.gate import ConnectGate

ROUNDS = 60
WELL_UNDER_WAY_S = 0.03
# Only against gross mistakes (a poll in the way, a rung waited out): machines differ.
MOST_TIMES = 50.0


@pytest.fixture(params=embedded(), ids=lambda spec: str(spec.name))
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    found: EngineSpec = request.param
    return found


@pytest.fixture
def desk() -> Iterator[Bench]:
    with bench() as made:
        yield made


def bare_ms(spec: EngineSpec) -> list[float]:
    """From the engine's own stop to its error on the worker's thread."""
    connection = spec.connect(memory(spec), ConnectGate(15.0))
    canceller = connection.canceller()
    took: list[float] = []
    for number in range(ROUNDS):
        attempt, ended = f"bare {number}", [0.0]
        canceller.arm(attempt)

        def work(attempt: str = attempt, ended: list[float] = ended) -> None:
            try:
                cursor = connection.execute(Statement(snippets(spec).busy))
                list(cursor.batches())
            except EngineError:
                ended[0] = time.perf_counter()
            canceller.disarm(attempt)

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(WELL_UNDER_WAY_S)
        asked = time.perf_counter()
        canceller.stop(RungName.INTERRUPT, attempt)
        thread.join()
        took.append((ended[0] - asked) * 1000)
    connection.close()
    return took


def ladder_ms(desk: Bench, spec: EngineSpec) -> list[tuple[float, float]]:
    """From the request to the acknowledgement, and to the end having been seen."""
    pool = desk.pool(spec)
    took: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        running = desk.start(pool, snippets(spec).busy)
        running.until(StatementStarted)
        time.sleep(WELL_UNDER_WAY_S)
        receipt = desk.stop(running.handle).written
        running.join()
        assert receipt.acknowledged_ms is not None
        assert receipt.verified_ms is not None
        took.append((receipt.acknowledged_ms, receipt.verified_ms))
    return took


def test_a_stop_through_the_ladder_against_the_bare_interrupt(
    desk: Bench, spec: EngineSpec
) -> None:
    bare, ladder = bare_ms(spec), ladder_ms(desk, spec)
    floor = statistics.median(bare)
    acknowledged = statistics.median(a for a, _ in ladder)
    seen = sorted(v for _, v in ladder)
    median, p95 = statistics.median(seen), seen[int(len(seen) * 0.95)]
    ratio = median / max(floor, 0.1)
    print(
        f"\n{spec.title}: bare interrupt {floor:.2f} ms; through the ladder acknowledged "
        f"{acknowledged:.2f} ms, seen gone {median:.2f} ms (p95 {p95:.2f}): {ratio:.1f} times"
    )
    assert ratio < MOST_TIMES
