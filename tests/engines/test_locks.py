"""What a session locks stays locked, whatever else this process does with the file.

POSIX drops all locks of a process on a file when it closes any descriptor of it. Each test
asks another process whether it can take the lock.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.engines.conftest import Open
from tests.engines.driving import count, run
from tests.engines.subjects import Subject
from workbench.core.adapter import discovery
from workbench.core.adapter.contract import Connection
from workbench.core.errors import EngineError

Look = Callable[[Open, Path], object]


def can_be_locked_elsewhere(subject: Subject, path: Path) -> bool:
    """Another process tries to; it lets go at once."""
    code = f"PATH = {str(path)!r}\n{subject.lock}"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, stderr=subprocess.PIPE, check=False).returncode == 0


def a_second_session(open_session: Open, path: Path) -> None:
    assert count(open_session(path), "kept") == 2


def a_second_session_by_another_name(open_session: Open, path: Path) -> None:
    link = path.with_name("other.db")
    link.symlink_to(path)
    assert count(open_session(link), "kept") == 2


def what_engine_is_it(open_session: Open, path: Path) -> None:
    assert discovery.for_file(path) is not None


def what_engine_is_the_hard_link(open_session: Open, path: Path) -> None:
    link = path.with_name("hard.db")
    os.link(path, link)
    assert discovery.for_file(link) is not None


def a_session_with_bad_options(open_session: Open, path: Path) -> None:
    with pytest.raises(Exception, match="option"):
        open_session(path, create="maybe")


LOOKS: tuple[Look, ...] = (
    a_second_session,
    a_second_session_by_another_name,
    what_engine_is_it,
    what_engine_is_the_hard_link,
    a_session_with_bad_options,
)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look.__name__))
def test_a_transactions_lock_outlives_a_look_at_its_file(
    subject: Subject, open_session: Open, database: Path, look: Look
) -> None:
    session = open_session(database)
    run(session, "BEGIN")
    run(session, "INSERT INTO kept VALUES (3)")
    assert not can_be_locked_elsewhere(subject, database)
    look(open_session, database)
    assert not can_be_locked_elsewhere(subject, database)
    session.commit()
    assert count(session, "kept") == 3


def test_a_file_attached_by_a_statement_keeps_its_lock(
    subject: Subject, open_session: Open, database: Path, tmp_path: Path
) -> None:
    session = open_session(tmp_path / "main.db", create="1")
    run(session, f"ATTACH '{database}' AS a")
    run(session, "BEGIN")
    run(session, "INSERT INTO a.kept VALUES (3)")
    assert not can_be_locked_elsewhere(subject, database)
    discovery.for_file(database)
    assert not can_be_locked_elsewhere(subject, database)
    session.rollback()


def test_a_file_in_use_is_known_by_its_engine_whatever_its_name(
    subject: Subject, open_session: Open, database: Path
) -> None:
    bare = database.with_name("bare")
    database.rename(bare)
    assert discovery.for_file(bare) is subject.spec
    open_session(bare)
    assert discovery.for_file(bare) is subject.spec


def test_a_closed_session_gives_its_file_back(
    subject: Subject, open_session: Open, database: Path
) -> None:
    session = open_session(database)
    session.close()
    assert can_be_locked_elsewhere(subject, database)
    database.unlink()
    database.write_text("a note")
    assert discovery.for_file(database.rename(database.with_suffix(""))) is None


def test_a_session_that_did_not_come_about_holds_nothing(
    subject: Subject, open_session: Open, tmp_path: Path
) -> None:
    path = tmp_path / "notes"
    path.write_text("a note, longer than the head of any database file is\n" * 100)
    with pytest.raises(EngineError):
        open_session(path)
    assert discovery.for_file(path) is None


def test_a_pipe_is_no_database_and_is_not_waited_for(open_session: Open, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert discovery.for_file(pipe) is None


def test_a_link_that_leads_to_itself_is_refused_by_name(open_session: Open, tmp_path: Path) -> None:
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    for options in ({}, {"create": "1"}):
        with pytest.raises(EngineError, match=r"loop\.db is a symbolic link"):
            open_session(loop, **options)


def test_a_file_attached_to_memory_is_the_file_or_an_error(
    session: Connection, open_session: Open, database: Path
) -> None:
    """Never an empty database of that name, whose contents go with the session."""
    name = str(database)
    try:
        run(session, f"ATTACH '{name}' AS a")
    except EngineError as error:
        if "vfs=unix" not in error.hint:
            raise
        run(session, f"ATTACH 'file:{quote(name)}?vfs=unix' AS a")
    run(session, "INSERT INTO a.kept VALUES (3)")
    run(session, "DETACH a")
    run(session, "ATTACH ':memory:' AS b")
    run(session, "CREATE TABLE b.more (x BIGINT)")
    session.close()
    assert count(open_session(database), "kept") == 3
