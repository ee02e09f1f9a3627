"""The engines under contract, and fixtures that open sessions on them."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engines import driving
from tests.engines.subjects import SUBJECTS, Subject
from workbench.core.adapter.contract import Connection

_instances = itertools.count()

Open = Callable[..., Connection]


@pytest.fixture(params=SUBJECTS, ids=lambda subject: str(subject.name))
def subject(request: pytest.FixtureRequest) -> Subject:
    found: Subject = request.param
    return found


@pytest.fixture
def open_session(subject: Subject) -> Iterator[Open]:
    """Open sessions on `database` with options; all are closed at the end."""
    opened: list[Connection] = []

    def open_(database: str | Path = ":memory:", **options: str) -> Connection:
        connection = driving.connect(subject, str(database), **options)
        opened.append(connection)
        return connection

    yield open_
    for connection in opened:
        connection.close()


@pytest.fixture
def instance() -> str:
    """A name for a database in memory that nobody else has."""
    return f"test-{next(_instances)}"


@pytest.fixture
def session(open_session: Open, instance: str) -> Connection:
    """A session on an empty database in memory."""
    return open_session(instance=instance)


@pytest.fixture
def table(session: Connection) -> str:
    """A table with one whole-number column x, and the rows 1 and 2."""
    driving.run(session, "CREATE TABLE kept (x BIGINT)")
    driving.run(session, "INSERT INTO kept VALUES (1), (2)")
    return "kept"


@pytest.fixture
def database(open_session: Open, tmp_path: Path) -> Path:
    """A database file with the table `kept` and the rows 1 and 2; nobody has it open."""
    path = tmp_path / "base of #1? 100%.db"
    connection = open_session(path, create="1")
    driving.run(connection, "CREATE TABLE kept (x BIGINT)")
    driving.run(connection, "INSERT INTO kept VALUES (1), (2)")
    connection.close()
    return path
