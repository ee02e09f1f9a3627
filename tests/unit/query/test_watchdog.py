"""What the watchdog decides, as a pure function; and that there is one of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from workbench.core.query.registry import Entry, Kind
from workbench.core.query.state import State
from workbench.core.query.watchdog import Act, Action, Limits, Sight, Watchdog, tick

LIMITS = Limits(overdue_s=10.0, long_run_s=60.0)
WORKER = 7
RUNNING = Entry(
    "q",
    Kind.QUERY,
    "tab",
    "demo",
    "SELECT 1",
    queued_at=0.0,
    state=State.RUNNING,
    started_at=100.0,
    thread=WORKER,
)
CANCELLING = replace(RUNNING, state=State.CANCELLING, stop_at=200.0)


def due(now: float, entry: Entry, *, alive: bool = True, attended: bool = False) -> list[Act]:
    sight = Sight(
        (entry,),
        frozenset({WORKER} if alive else ()),
        frozenset({entry.id} if attended else ()),
    )
    return [action.act for action in tick(now, sight, LIMITS)]


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    made = Watchdog()
    yield made
    made.forget("q")


def test_a_query_in_its_time_is_left_alone() -> None:
    assert due(129.9, replace(RUNNING, timeout_s=30.0)) == []


def test_a_query_is_stopped_when_its_time_is_over() -> None:
    assert due(130.0, replace(RUNNING, timeout_s=30.0)) == [Act.TIME_OUT]


def test_without_a_timeout_a_query_may_run_for_ever() -> None:
    assert Act.TIME_OUT not in due(1e9, RUNNING)


def test_waiting_for_a_worker_does_not_count_as_running() -> None:
    queued = Entry("q", Kind.QUERY, "tab", "demo", "SELECT 1", 0.0, timeout_s=1.0)
    assert due(1e9, queued) == []


def test_a_long_run_is_pointed_out() -> None:
    assert due(160.0, RUNNING) == [Act.ALERT]


def test_a_stop_nobody_attends_to_is_forced_when_overdue() -> None:
    assert due(209.9, CANCELLING) == []
    assert due(210.0, CANCELLING) == [Act.FORCE]


def test_a_stop_that_somebody_attends_to_is_never_forced() -> None:
    assert due(1e9, CANCELLING, attended=True) == []


def test_a_query_under_a_stop_does_not_time_out_as_well() -> None:
    assert due(205.0, replace(CANCELLING, timeout_s=1.0)) == []


@pytest.mark.parametrize("entry", [RUNNING, CANCELLING], ids=["running", "cancelling"])
def test_an_entry_whose_thread_is_gone_is_dropped(entry: Entry) -> None:
    assert due(100.0, entry, alive=False) == [Act.DROP]
    assert due(100.0, entry, alive=False, attended=True) == [Act.DROP]


@pytest.mark.parametrize("alive", [True, False])
def test_clean_up_outlives_every_limit(alive: bool) -> None:
    for entry in (RUNNING, CANCELLING):
        cleanup = replace(entry, kind=Kind.CLEANUP, timeout_s=1.0)
        assert due(1e9, cleanup, alive=alive) == []


def test_tick_looks_at_every_entry() -> None:
    stale = replace(RUNNING, id="stale", thread=8)
    sight = Sight((RUNNING, stale), frozenset({WORKER}))
    assert tick(160.0, sight, LIMITS) == (Action(Act.ALERT, "q"), Action(Act.DROP, "stale"))


def test_there_is_one_watchdog_whatever_is_constructed_twice() -> None:
    assert Watchdog() is Watchdog()


def test_each_thing_is_handed_out_once(watchdog: Watchdog) -> None:
    sight = Sight((RUNNING,), frozenset({WORKER}))
    assert watchdog.due(160.0, sight, LIMITS) == (Action(Act.ALERT, "q"),)
    assert Watchdog().due(161.0, sight, LIMITS) == ()


def test_another_thing_about_the_same_query_is_handed_out(watchdog: Watchdog) -> None:
    watchdog.due(160.0, Sight((RUNNING,), frozenset({WORKER})), LIMITS)
    cancelling = Sight((CANCELLING,), frozenset({WORKER}))
    assert watchdog.due(210.0, cancelling, LIMITS) == (Action(Act.FORCE, "q"),)


def test_what_ended_is_forgotten(watchdog: Watchdog) -> None:
    sight = Sight((RUNNING,), frozenset({WORKER}))
    watchdog.due(160.0, sight, LIMITS)
    watchdog.forget("q")
    assert watchdog.due(160.0, sight, LIMITS) == (Action(Act.ALERT, "q"),)
