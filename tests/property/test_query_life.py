"""State and registry under any order of events, and under real threads.

Never two final states, never SUCCESS after an accepted stop, no entry left behind, a stop of
a queued query keeps its worker away, and a stop before the registration wins.
"""

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from workbench.core.clock import ManualClock
from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import Entry, Kind, Registry, StopAnswer
from workbench.core.query.state import State

USER = StopReason.USER


def entry(query: str) -> Entry:
    return Entry(query, Kind.QUERY, "tab", "demo", "SELECT 1", 0.0)


@dataclass
class Told:
    """What a registry's listener heard of each query."""

    states: dict[str, list[State]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, changed: Entry) -> None:
        with self.lock:
            self.states.setdefault(changed.id, []).append(changed.state)

    def ends(self, query: str) -> list[State]:
        with self.lock:
            return [state for state in self.states.get(query, []) if state.final]


@dataclass
class Model:
    """What must be true of one query, kept apart from the registry's own table."""

    state: State | None = None  # None: not registered yet
    stopped_early: bool = False
    accepted: bool = False


class QueryLife(RuleBasedStateMachine):
    """One registry, any calls in any order, against a model written independently."""

    queries: Bundle[str] = Bundle("queries")

    def __init__(self) -> None:
        super().__init__()
        self.registry = Registry(ManualClock())
        self.told = Told()
        self.registry.subscribe(self.told)
        self.models: dict[str, Model] = {}

    @rule(target=queries)
    def think_of_a_query(self) -> str:
        query = f"q{len(self.models)}"
        self.models[query] = Model()
        return query

    @rule(query=queries)
    def register(self, query: str) -> None:
        model = self.models[query]
        if model.state is not None:
            return
        entered = self.registry.register(entry(query))
        assert entered is not model.stopped_early
        model.state = State.CANCELLED if model.stopped_early else State.QUEUED

    @rule(query=queries)
    def start(self, query: str) -> None:
        model = self.models[query]
        started = self.registry.start(query)
        assert started is (model.state is State.QUEUED)
        if started:
            model.state = State.RUNNING

    @rule(query=queries)
    def request_stop(self, query: str) -> None:
        model = self.models[query]
        answer = self.registry.request_stop(query, USER)
        expected = {
            State.QUEUED: (StopAnswer.NEVER_STARTED, State.CANCELLED),
            State.RUNNING: (StopAnswer.STOPPING, State.CANCELLING),
            State.CANCELLING: (StopAnswer.ALREADY, State.CANCELLING),
        }
        if model.state is None:
            model.stopped_early = True
            assert answer is StopAnswer.GONE
        else:
            wanted, model.state = expected.get(model.state, (StopAnswer.GONE, model.state))
            assert answer is wanted

    @rule(query=queries)
    def accept(self, query: str) -> None:
        model = self.models[query]
        accepted = self.registry.accept_stop(query)
        assert accepted is (model.state is State.CANCELLING)
        model.accepted = model.accepted or accepted

    @rule(query=queries)
    def publish(self, query: str) -> None:
        model = self.models[query]
        published = self.registry.publish(query)
        live = model.state in (State.RUNNING, State.CANCELLING)
        assert published is (live and not model.accepted)
        if published:
            model.state = State.SUCCESS

    @rule(query=queries)
    def fail(self, query: str) -> None:
        self._end(query, Registry.fail, (State.QUEUED, State.RUNNING, State.CANCELLING),
                  State.FAILED)  # fmt: skip

    @rule(query=queries)
    def confirm(self, query: str) -> None:
        self._end(query, Registry.confirm, (State.CANCELLING,), State.CANCELLED)

    @rule(query=queries)
    def force(self, query: str) -> None:
        self._end(query, Registry.force, (State.CANCELLING,), State.CANCELLED)

    @rule(query=consumes(queries), way=st.sampled_from(["publish", "fail", "stop"]))
    def bring_to_an_end(self, query: str, way: str) -> None:
        self.register(query)
        self.start(query)
        if way == "publish":
            self.publish(query)
        elif way == "stop":
            self.request_stop(query)
            self.confirm(query)
        self.fail(query)
        assert self.registry.get(query) is None

    def _end(
        self,
        query: str,
        end: Callable[[Registry, str], bool],
        allowed: tuple[State, ...],
        state: State,
    ) -> None:
        model = self.models[query]
        ended = end(self.registry, query)
        assert ended is (model.state in allowed)
        if ended:
            model.state = state

    @invariant()
    def the_registry_holds_exactly_what_lives(self) -> None:
        live = {e.id: e.state for e in self.registry.live()}
        model = {q: m.state for q, m in self.models.items() if m.state and not m.state.final}
        assert live == model

    @invariant()
    def every_query_was_told_at_most_one_end(self) -> None:
        for query, model in self.models.items():
            ends = self.told.ends(query)
            assert ends == ([model.state] if model.state and model.state.final else [])


SOAK = int(os.environ.get("WORKBENCH_SOAK", "0"))
QueryLife.TestCase.settings = settings(
    max_examples=max(80, SOAK // 5), stateful_step_count=50, deadline=None
)
TestQueryLife = pytest.mark.soak(QueryLife.TestCase)


# --- the same with real threads --------------------------------------------------------


@dataclass
class Life:
    """One query's life between a worker, some who stop it, and somebody who loses patience."""

    registry: Registry
    query: str
    dice: random.Random
    won: list[str] = field(default_factory=list)
    answers: list[StopAnswer] = field(default_factory=list)
    started: bool = False
    accepted: bool = False
    accepted_then_published: bool = False

    def register(self) -> None:
        self.registry.register(entry(self.query))

    def register_and_work(self) -> None:
        self._dawdle()
        self.register()
        self.work()

    def work(self) -> None:
        """A worker: starts, works a moment, ends in its own way."""
        self.started = self.registry.start(self.query)
        if not self.started:
            return
        self._dawdle()
        how = self.dice.choice(["publish", "publish", "fail", "confirm"])
        if how == "confirm" and self.registry.confirm(self.query):
            self.won.append("confirm")
        elif how == "fail" and self.registry.fail(self.query):
            self.won.append("fail")
        else:
            accepted = self.accepted
            if self.registry.publish(self.query):
                self.won.append("publish")
                self.accepted_then_published = accepted
            elif self.registry.confirm(self.query):
                self.won.append("confirm")

    def stop(self) -> None:
        """A ladder: asks, may be accepted, may force."""
        self._dawdle()
        self.answers.append(self.registry.request_stop(self.query, USER))
        self._dawdle()
        if self.registry.accept_stop(self.query):
            self.accepted = True

    def force(self) -> None:
        self._dawdle()
        if self.registry.force(self.query):
            self.won.append("force")

    def _dawdle(self) -> None:
        for _ in range(self.dice.randrange(4)):
            time.sleep(0)  # let another thread go first


class Crew:
    """Threads that stay, and run one function each per round, all at once."""

    def __init__(self, size: int) -> None:
        self._calls: list[Callable[[], None]] = []
        self._begin = threading.Barrier(size + 1)
        self._done = threading.Barrier(size + 1)
        self._over = False
        self.trouble: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(size)]
        for thread in self._threads:
            thread.start()

    def all_at_once(self, calls: list[Callable[[], None]]) -> None:
        self._calls = calls
        self._begin.wait()
        self._done.wait()

    def dismiss(self) -> None:
        self._over = True
        self._begin.wait()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        while True:
            self._begin.wait()
            if self._over:
                return
            try:
                self._calls[number]()
            except BaseException as error:
                self.trouble.append(error)
            self._done.wait()


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Let the interpreter change threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.soak
@pytest.mark.usefixtures("eager_switching")
def test_threads_end_each_query_exactly_once(
    rounds: Callable[[int], int], no_leaked_threads: None
) -> None:
    registry, told, dice = Registry(), Told(), random.Random(1)
    registry.subscribe(told)
    crew = Crew(5)
    seen: set[str] = set()
    try:
        for number in range(rounds(600)):
            life = Life(registry, f"q{number}", random.Random(dice.random()))
            # One in five may be stopped before it is registered.
            late = dice.random() < 0.2
            if not late:
                life.register()
            first = life.register_and_work if late else life.work
            forces = life.force if dice.random() < 0.3 else life.stop
            crew.all_at_once([first, life.stop, life.stop, forces, life.stop])
            assert crew.trouble == []
            seen.update(_check(registry, told, life))
    finally:
        crew.dismiss()
    assert seen >= {"publish", "fail", "confirm", "never started"}, "the race was not run"


def _check(registry: Registry, told: Told, life: Life) -> list[str]:
    query = life.query
    ends = told.ends(query)
    assert len(ends) == 1, (ends, life)
    assert registry.get(query) is None
    assert not life.accepted_then_published, "SUCCESS after an accepted stop"
    never = StopAnswer.NEVER_STARTED in life.answers
    assert life.answers.count(StopAnswer.NEVER_STARTED) <= 1
    assert life.answers.count(StopAnswer.STOPPING) <= 1
    assert len(life.won) <= 1
    if never:
        assert not life.started
    if not life.started:
        assert (ends, life.won) == ([State.CANCELLED], [])
        return ["never started"]
    by = {"publish": State.SUCCESS, "fail": State.FAILED}
    assert ends == [by.get(life.won[0], State.CANCELLED)]
    return life.won
