"""The bench and the statement that does not stop, for the tests of faulty stops."""

from collections.abc import Iterator

import pytest

from tests.harness import Bench, bench, embedded
from tests.injectors import Held
from workbench.core.adapter.contract import EngineSpec


@pytest.fixture(params=embedded(), ids=lambda spec: str(spec.name))
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    """Each engine of this process in turn."""
    found: EngineSpec = request.param
    return found


@pytest.fixture
def desk(no_leaked_threads: None) -> Iterator[Bench]:
    """A bench; fails when a query or a thread is left."""
    with bench() as made:
        yield made


@pytest.fixture
def held() -> Iterator[Held]:
    """The SQL function hold(), let go at the end."""
    made = Held()
    yield made
    made.let_go.set()
