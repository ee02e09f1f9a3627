"""A bench of real engines for the tests of a query's life."""

from collections.abc import Iterator

import pytest

from tests.harness import Bench, bench, embedded
from workbench.core.adapter.contract import EngineSpec
from workbench.core.query.pool import SessionPool


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
def pool(desk: Bench, spec: EngineSpec) -> SessionPool:
    """Sessions on an empty database with the table t(x INTEGER)."""
    made = desk.pool(spec)
    desk.run(made, "CREATE TABLE t (x INTEGER)")
    return made
