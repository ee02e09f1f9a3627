"""Database files: named oddly, missing, locked, broken, read-only; and nothing left behind."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.engines.conftest import Open
from tests.engines.driving import PATIENCE_S, Attempt, Worker, connect, count, run, target
from tests.engines.subjects import Subject
from workbench.core.adapter.contract import Transaction
from workbench.core.errors import EngineError, ErrorKind, UserError


@pytest.fixture
def as_nobody(subject: Subject) -> Iterator[Path]:
    """A folder that anybody may use, and rights that can be missing: root has them all."""
    user = os.geteuid()
    make(subject, None)  # loads the driver while its own files can be read
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        if user == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(user)


def make(subject: Subject, path: Path | None, *statements: str) -> None:
    """A database file (None: memory) with the table `kept` and the rows 1 and 2."""
    session = connect(subject, str(path or ":memory:"), instance="made", create="1")
    for sql in (*statements, "CREATE TABLE kept (x BIGINT)", "INSERT INTO kept VALUES (1), (2)"):
        run(session, sql)
    assert count(session, "kept") == 2
    session.close()


@contextmanager
def locked(subject: Subject, path: Path) -> Iterator[int]:
    """Another process that has the file, and its pid."""
    code = f"PATH = {str(path)!r}\n{subject.lock}\nprint('ready', flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        try:
            assert holder.stdout.readline() == "ready\n"
            yield holder.pid
        finally:
            holder.stdin.close()
            holder.wait(PATIENCE_S)


def open_on(path: Path) -> list[str]:
    """The files of this process that lie at, or beside, `path`."""
    user = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)  # as nobody, root's process may not look at its own descriptors
    try:
        opened = psutil.Process().open_files()
    finally:
        os.seteuid(user)
    return [file.path for file in opened if file.path.startswith(str(path))]


def refusal(subject: Subject, path: Path, **options: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        connect(subject, str(path), **options)
    assert caught.value.kind is ErrorKind.CONNECT_FAILED
    assert str(path) in caught.value.message
    assert not open_on(path)
    return caught.value


def test_a_file_with_an_odd_name_opens_again(open_session: Open, database: Path) -> None:
    assert count(open_session(database), "kept") == 2
    assert database.exists()


def test_a_relative_name_is_relative_to_the_working_directory(
    open_session: Open, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(database.parent)
    assert count(open_session(database.name), "kept") == 2


def test_a_missing_file_is_not_made_unless_asked_for(subject: Subject, tmp_path: Path) -> None:
    path = tmp_path / "typo.db"
    with pytest.raises(UserError, match=r"create=1") as caught:
        connect(subject, str(path))
    assert caught.value.title == "No such file"
    assert str(path) in caught.value.message
    assert not path.exists()
    connect(subject, str(path), create="1").close()
    assert path.exists()


def test_a_new_file_needs_its_folder(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        connect(subject, str(tmp_path / "nowhere" / "new.db"), create="1")


def test_a_folder_is_no_file(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="folder"):
        connect(subject, str(tmp_path))


def test_a_pipe_is_no_file_and_is_not_waited_for(subject: Subject, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="pipe"):
        connect(subject, str(tmp_path / "pipe"))


def test_a_nul_in_a_name_is_refused(subject: Subject) -> None:
    with pytest.raises((UserError, EngineError)):
        connect(subject, "a\0b")


@pytest.mark.parametrize(
    "content",
    [b"hello, world\n" * 500, bytes(range(256)) * 40, b"\0" * 8192],
    ids=["text", "bytes", "zeros"],
)
def test_a_file_that_is_no_database_is_refused_and_unchanged(
    subject: Subject, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "report.db"
    path.write_bytes(content)
    assert subject.not_a_database in refusal(subject, path).message
    assert path.read_bytes() == content
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_file_cut_short_is_an_error(subject: Subject, database: Path) -> None:
    database.write_bytes(database.read_bytes()[:1000])

    def read() -> None:
        session = connect(subject, str(database))
        try:
            count(session, "kept")
        finally:
            session.close()

    with pytest.raises(EngineError):
        read()
    assert not open_on(database)


def test_a_file_that_another_process_holds_is_refused_with_who_and_what_to_do(
    subject: Subject, database: Path
) -> None:
    options = {"busy_timeout": "50"} if "busy_timeout" in subject.spec.options else {}
    with locked(subject, database) as pid:
        error = refusal(subject, database, **options)
        assert subject.lock_says.format(pid=pid) in error.message
        assert error.hint
    session = connect(subject, str(database))
    assert count(session, "kept") == 2
    session.close()


def test_waiting_for_a_locked_file_can_be_given_up(subject: Subject, database: Path) -> None:
    if not subject.waits_for_locks:
        pytest.skip("a locked file is refused at once here")
    attempt = Attempt()
    with locked(subject, database):
        caught: list[Exception] = []

        def wait() -> None:
            try:
                goal = target(subject, str(database), busy_timeout="3600000")
                subject.spec.connect(goal, attempt)
            except EngineError as error:
                caught.append(error)

        waiter = threading.Thread(target=wait)
        waiter.start()
        attempt.stop()
        waiter.join(PATIENCE_S)
        assert not waiter.is_alive()
        assert len(caught) == 1


def test_a_read_only_session_reads_and_the_database_itself_refuses_writes(
    open_session: Open, subject: Subject, database: Path
) -> None:
    before = database.read_bytes()
    session = open_session(database, readonly="1")
    assert count(session, "kept") == 2
    for sql in (
        "INSERT INTO kept VALUES (3)",
        "DELETE FROM kept",
        "CREATE TABLE other (x INTEGER)",
        "DROP TABLE kept",
    ):
        with pytest.raises(EngineError, match=subject.writes_refused):
            run(session, sql)
    assert session.transaction is Transaction.NONE
    assert count(session, "kept") == 2
    session.close()
    assert database.read_bytes() == before


def test_what_makes_a_session_read_only_cannot_be_switched_off(
    open_session: Open, subject: Subject, database: Path
) -> None:
    session = open_session(database, readonly="1")
    with pytest.raises(EngineError):
        run(session, subject.make_writable)
    with pytest.raises(EngineError, match=subject.writes_refused):
        run(session, "INSERT INTO kept VALUES (3)")


def test_a_file_attached_to_a_read_only_session_is_read_only(
    open_session: Open, subject: Subject, database: Path, tmp_path: Path
) -> None:
    make(subject, tmp_path / "other.db")
    session = open_session(database, readonly="1")
    run(session, f"ATTACH '{tmp_path / 'other.db'}' AS other")
    assert count(session, "other.kept") == 2
    with pytest.raises(EngineError, match=subject.writes_refused):
        run(session, "INSERT INTO other.kept VALUES (3)")


@pytest.mark.parametrize("link", [True, False], ids=["link", "relative"])
def test_a_file_by_another_name_is_the_same_database(
    open_session: Open, database: Path, monkeypatch: pytest.MonkeyPatch, link: bool
) -> None:
    other = database.parent / "link.db" if link else Path(database.name)
    if link:
        other.symlink_to(database)
    monkeypatch.chdir(database.parent)
    one, two = open_session(database), open_session(other)
    run(one, "INSERT INTO kept VALUES (3)")
    assert count(two, "kept") == 3


def test_a_bad_value_of_an_option_is_refused_by_name(subject: Subject) -> None:
    with pytest.raises(UserError, match="create='maybe'"):
        connect(subject, ":memory:", create="maybe")


def test_read_only_cannot_be_asked_of_an_empty_memory(subject: Subject) -> None:
    with pytest.raises(UserError, match="memory"):
        connect(subject, ":memory:", readonly="1")


def test_a_write_protected_file_is_refused_for_writing_and_opens_for_reading(
    subject: Subject, as_nobody: Path
) -> None:
    path = as_nobody / "fixed.db"
    make(subject, path)
    path.chmod(0o444)
    assert "readonly=1" in refusal(subject, path).hint
    session = connect(subject, str(path), readonly="1")
    assert count(session, "kept") == 2
    session.close()


def test_an_unreadable_file_is_refused(subject: Subject, as_nobody: Path) -> None:
    path = as_nobody / "secret.db"
    make(subject, path)
    path.chmod(0)
    assert "permission denied" in refusal(subject, path).message


def test_a_folder_that_cannot_be_written_takes_no_new_database(
    subject: Subject, as_nobody: Path
) -> None:
    folder = as_nobody / "fixed"
    folder.mkdir(mode=0o555)
    with pytest.raises(EngineError, match="cannot be written"):
        connect(subject, str(folder / "new.db"), create="1")


def test_a_database_in_a_folder_that_cannot_be_written_is_read(
    subject: Subject, as_nobody: Path
) -> None:
    folder = as_nobody / "fixed"
    folder.mkdir()
    make(subject, folder / "old.db")
    folder.chmod(0o555)
    session = connect(subject, str(folder / "old.db"), readonly="1")
    assert count(session, "kept") == 2
    session.close()
    folder.chmod(0o755)


def test_a_write_ahead_log_in_a_folder_that_cannot_be_written_is_explained(
    subject: Subject, as_nobody: Path
) -> None:
    if "immutable" not in subject.spec.options:
        pytest.skip("a log beside the file is not needed for reading here")
    folder = as_nobody / "fixed"
    folder.mkdir()
    make(subject, folder / "old.db", "PRAGMA journal_mode = WAL")
    folder.chmod(0o555)
    error = refusal(subject, folder / "old.db", readonly="1")
    assert "immutable=1" in error.hint
    session = connect(subject, str(folder / "old.db"), readonly="1", immutable="1")
    assert count(session, "kept") == 2
    session.close()
    folder.chmod(0o755)


def test_an_unknown_option_is_refused(subject: Subject) -> None:
    with pytest.raises(UserError, match="colour"):
        target(subject, ":memory:", colour="red")


def test_the_same_file_twice_in_one_process_is_one_database(
    open_session: Open, database: Path
) -> None:
    one, two = open_session(database), open_session(database)
    run(one, "INSERT INTO kept VALUES (3)")
    assert count(two, "kept") == 3


def test_closing_leaves_no_file_open_and_no_thread(subject: Subject, database: Path) -> None:
    def cycle() -> None:
        sessions = [connect(subject, str(database)) for _ in range(3)]
        assert open_on(database)
        for session in sessions:
            assert len(run(session, subject.rows.format(n=50_000)).rows) == 50_000
        worker = Worker(sessions[0], subject.endless)
        worker.until_fetching()
        worker.stop()
        for session in sessions:
            session.close()

    process = psutil.Process()
    cycle()  # what a library starts once and keeps, it has started after this
    threads, descriptors = process.num_threads(), process.num_fds()
    for _ in range(5):
        cycle()
    assert open_on(database) == []
    assert process.num_fds() <= descriptors
    assert process.num_threads() <= threads + 1
    assert not list(database.parent.glob(f"{database.name}-*"))


def test_an_abandoned_session_lets_go_of_the_file_when_its_call_returns(
    subject: Subject, database: Path
) -> None:
    session = connect(subject, str(database))
    worker = Worker(session, subject.busy)
    worker.until_busy()
    session.abandon()
    worker.join()
    assert open_on(database) == []


def test_a_copy_made_after_closing_holds_everything(
    open_session: Open, subject: Subject, database: Path, tmp_path: Path
) -> None:
    session = open_session(database)
    run(session, subject.fill.format(n=20_000, table="kept"))
    session.close()
    copy = tmp_path / "copy.db"
    shutil.copyfile(database, copy)
    assert count(open_session(copy), "kept") == 20_002
