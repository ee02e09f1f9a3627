"""The registry: who wins, who is told, what is logged, what it costs."""

import gc
import logging
import threading
import tracemalloc

import pytest

from workbench.core.clock import ManualClock
from workbench.core.errors import BugError
from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import (
    EARLY_STOPS,
    PREVIEW_CHARS,
    Entry,
    Kind,
    Registry,
    StopAnswer,
    preview,
)
from workbench.core.query.state import State

USER = StopReason.USER


def entry(query: str = "q", **changes: object) -> Entry:
    return Entry(query, Kind.QUERY, "tab", "demo", "SELECT 1", 0.0, **changes)  # type: ignore[arg-type]


def registered(query: str = "q") -> Registry:
    made = Registry(ManualClock())
    made.register(entry(query))
    return made


def state_of(registry: Registry, query: str = "q") -> State | None:
    live = registry.get(query)
    return live.state if live else None


def test_an_entry_tells_who_runs_it_since_when() -> None:
    clock = ManualClock(now=5.0)
    registry = Registry(clock)
    registry.register(entry())
    clock.advance(2.0)
    assert registry.start("q")
    live = registry.get("q")
    assert live is not None
    assert (live.state, live.started_at, live.thread) == (
        State.RUNNING,
        7.0,
        threading.get_ident(),
    )


def test_a_query_leaves_when_it_ends() -> None:
    for end in (Registry.publish, Registry.fail):
        registry = registered()
        registry.start("q")
        assert end(registry, "q")
        assert len(registry) == 0


def test_an_id_cannot_be_live_twice() -> None:
    with pytest.raises(BugError, match="registered twice"):
        registered().register(entry())


def test_a_stop_before_the_start_keeps_the_worker_away() -> None:
    registry = registered()
    assert registry.request_stop("q", USER) is StopAnswer.NEVER_STARTED
    assert not registry.start("q")
    assert len(registry) == 0


def test_a_stop_before_the_registration_wins() -> None:
    registry = Registry(ManualClock())
    told: list[Entry] = []
    registry.subscribe(told.append)
    assert registry.request_stop("q", USER) is StopAnswer.GONE
    assert not registry.register(entry())
    assert not registry.start("q")
    assert len(registry) == 0
    assert [(e.state, e.reason) for e in told] == [(State.CANCELLED, USER)]


def test_stops_of_unknown_queries_are_remembered_within_bounds() -> None:
    registry = Registry(ManualClock())
    for number in range(EARLY_STOPS + 1):
        registry.request_stop(f"q{number}", USER)
    assert registry.register(entry("q0")), "forgotten long ago"
    assert not registry.register(entry("q1"))


def test_only_the_first_stop_is_the_stop() -> None:
    registry = registered()
    registry.start("q")
    assert registry.request_stop("q", USER) is StopAnswer.STOPPING
    assert registry.request_stop("q", StopReason.TIMEOUT) is StopAnswer.ALREADY
    live = registry.get("q")
    assert live is not None
    assert live.reason is USER


def test_a_run_that_ended_before_the_stop_took_effect_is_published() -> None:
    registry = registered()
    registry.start("q")
    registry.request_stop("q", USER)
    assert registry.publish("q")
    assert not registry.confirm("q")
    assert not registry.force("q")


def test_once_a_stop_is_accepted_a_normal_end_is_not_published() -> None:
    registry = registered()
    registry.start("q")
    registry.request_stop("q", USER)
    assert registry.accept_stop("q")
    assert not registry.publish("q")
    assert registry.confirm("q")


def test_a_stop_is_not_accepted_after_the_publication() -> None:
    registry = registered()
    registry.start("q")
    registry.request_stop("q", USER)
    registry.publish("q")
    assert not registry.accept_stop("q")


def test_a_stop_nobody_asked_for_is_not_accepted() -> None:
    registry = registered()
    registry.start("q")
    assert not registry.accept_stop("q")
    assert registry.publish("q")


def test_an_own_error_after_an_accepted_stop_is_a_failure() -> None:
    registry = registered()
    registry.start("q")
    registry.request_stop("q", USER)
    registry.accept_stop("q")
    assert registry.fail("q")


def test_listeners_are_never_called_under_the_lock() -> None:
    registry = Registry(ManualClock())
    held: list[bool] = []
    registry.subscribe(lambda _: held.append(registry._lock.locked()))
    registry.register(entry("a"))
    registry.start("a")
    registry.request_stop("a", USER)
    registry.force("a")
    registry.register(entry("b"))
    registry.request_stop("b", USER)
    assert held == [False] * 6


def test_a_listener_may_call_the_registry() -> None:
    registry = Registry(ManualClock())
    sizes: list[int] = []
    registry.subscribe(lambda _: sizes.append(len(registry.live())))
    registry.register(entry())
    registry.start("q")
    registry.publish("q")
    assert sizes == [1, 1, 0]


def test_a_failing_listener_harms_neither_the_query_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    registry = Registry(ManualClock())
    told: list[State] = []

    def fails(_: Entry) -> None:
        raise RuntimeError("a listener's bug")

    registry.subscribe(fails)
    registry.subscribe(lambda e: told.append(e.state))
    registry.register(entry())
    registry.start("q")
    assert registry.publish("q")
    assert told == [State.QUEUED, State.RUNNING, State.SUCCESS]
    assert "a listener's bug" in caplog.text


def test_a_listener_that_left_hears_nothing_more() -> None:
    registry = Registry(ManualClock())
    told: list[Entry] = []
    leave = registry.subscribe(told.append)
    leave()
    leave()
    registry.register(entry())
    assert told == []


def test_register_stop_and_end_are_logged_at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "workbench.core.query.registry")
    registry = registered()
    registry.start("q")
    registry.request_stop("q", USER)
    registry.confirm("q")
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("INFO", "register q query tab=tab demo"),
        ("INFO", "stop q reason=user"),
        ("INFO", "end q CANCELLED"),
    ]


def test_what_is_forced_is_logged_as_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    registry = registered()
    registry.start("q")
    registry.request_stop("q", USER)
    registry.force("q")
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
        "forced q to CANCELLED: nobody saw it end"
    ]


def test_no_sql_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    registry = Registry(ManualClock())
    secret = preview("ALTER USER me PASSWORD 'hunter2'")
    registry.register(Entry("q", Kind.QUERY, "tab", "demo", secret, 0.0))
    registry.start("q")
    registry.fail("q")
    assert "hunter2" not in caplog.text


@pytest.mark.serial
def test_a_live_entry_costs_at_most_a_kilobyte() -> None:
    """With all it holds alone: id, preview of four-byte characters, times, its slot."""
    registry = Registry()
    logging.getLogger("workbench.core.query.registry").setLevel(logging.WARNING)
    count = 1_000
    text = "\N{PILE OF POO}" * 200
    try:
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.take_snapshot()
        for number in range(count):
            query = f"{number:012x}"
            registry.register(Entry(query, Kind.QUERY, "tab", "demo", preview(text), number + 0.5))
            registry.start(query)
            registry.request_stop(query, USER)
        gc.collect()
        after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
        logging.getLogger("workbench.core.query.registry").setLevel(logging.NOTSET)
    used = sum(change.size_diff for change in after.compare_to(before, "filename"))
    assert used / count <= 1024, f"{used / count:.0f} bytes an entry"


def test_a_preview_is_one_short_line() -> None:
    assert preview("SELECT\n\t 1") == "SELECT 1"
    assert len(preview("x" * 5_000_000)) == PREVIEW_CHARS
    assert preview("x" * 81).endswith("…")
