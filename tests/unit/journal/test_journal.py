"""The journal gives back exactly what was written, and says so when it can't."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.unit.journal.scenes import reopened, tab, texts, workspace, written
from workbench.core.errors import UserError
from workbench.ui.runtime.journal import Journal, JournalWriter
from workbench.ui.runtime.workspace import TabSnapshot, Workspace


def test_an_empty_folder_is_an_empty_workspace(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new" / "journal")
    assert journal.load() == Workspace()
    assert journal.notes == ()
    journal.close()


def test_everything_about_a_window_comes_back(tmp_path: Path) -> None:
    state = Workspace(
        tabs=(
            TabSnapshot("a", "one", "select 1", 3, 8, "demo", "/tmp/ä.sql", True, (100, 200)),
            TabSnapshot("b", "two", "", connection=None),
        ),
        current="b",
        geometry=bytes(range(256)),
        window_state=b"\0\xff",
        splitters={"main": (200, 600)},
    )
    written(tmp_path, state)
    assert reopened(tmp_path) == state


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\0b",
        "crlf\r\nlf\ncr\r",
        "half \ud800 a pair \udfff",
        "😀 \u2028 \u2029 \xa0 \ufeff",
        "x" * 5_000_000,
    ],
    ids=["empty", "nul", "line ends", "lone surrogates", "odd spaces", "5 MB"],
)
def test_a_text_survives_exactly(tmp_path: Path, text: str) -> None:
    written(tmp_path, workspace(tab("a", text)))
    assert texts(reopened(tmp_path)) == {"a": text}


def test_the_last_of_many_states_comes_back(tmp_path: Path) -> None:
    written(tmp_path, *(workspace(tab("a", f"select {n}")) for n in range(20)))
    assert texts(reopened(tmp_path)) == {"a": "select 19"}


def test_closing_all_tabs_is_remembered_too(tmp_path: Path) -> None:
    written(tmp_path, workspace(tab("a", "x")), workspace())
    assert reopened(tmp_path).tabs == ()


def test_an_unchanged_state_is_not_written_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.load()
    state = workspace(tab("a", "x"))
    assert journal.write(state)
    assert not journal.write(workspace(tab("a", "x")))
    journal.close()


def test_an_unchanged_big_text_is_not_written_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.load()
    big = "y" * 5_000_000
    journal.write(workspace(tab("a", big), tab("b", "1")))
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("texts/*")}
    journal.write(workspace(tab("a", big), tab("b", "2")))
    kept = [p for p in before if p.exists() and p.stat().st_size == 5_000_000]
    assert len(kept) == 1
    assert kept[0].stat().st_mtime_ns == before[kept[0]]
    journal.close()


def test_texts_that_no_generation_needs_are_removed(tmp_path: Path) -> None:
    written(tmp_path, *(workspace(tab("a", f"text {n}")) for n in range(30)))
    assert len(list(tmp_path.rglob("texts/*"))) == 2
    assert len(list(tmp_path.rglob("index-*"))) == 2


def test_a_password_in_a_url_is_never_written(tmp_path: Path) -> None:
    secret = "hunter2"
    urls = [f"mysql://me:{secret}@host/db", f"mysql://me:p@/{secret}@host/db"]
    written(tmp_path, workspace(*(tab(str(n), "", connection=u) for n, u in enumerate(urls))))
    everything = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert secret.encode() not in everything
    assert [t.connection for t in reopened(tmp_path).tabs] == ["mysql://me@host/db"] * 2


def test_only_the_user_can_read_the_files(tmp_path: Path) -> None:
    written(tmp_path / "journal", workspace(tab("a", "create user x password 'y'")))
    for path in (tmp_path / "journal").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_that_cannot_be_made_is_reported_by_write_not_by_load(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = Journal(tmp_path / "file" / "journal")
    assert journal.load() == Workspace()
    assert "can only be read" in journal.notes[0]
    with pytest.raises(UserError, match="can't be written"):
        journal.write(workspace(tab("a", "x")))


def test_write_works_again_once_the_folder_can_be_made(tmp_path: Path) -> None:
    obstacle = tmp_path / "file"
    obstacle.write_text("in the way")
    journal = Journal(obstacle / "journal")
    journal.load()
    with pytest.raises(UserError):
        journal.write(workspace(tab("a", "x")))
    obstacle.unlink()
    assert journal.write(workspace(tab("a", "x")))
    journal.close()
    assert texts(reopened(obstacle / "journal")) == {"a": "x"}


def test_a_slot_that_was_never_loaded_is_not_overwritten(tmp_path: Path) -> None:
    written(tmp_path, workspace(tab("old", "precious")))
    journal = Journal(tmp_path)
    for n in range(5):
        journal.write(workspace(tab("new", f"typed {n}")))
    journal.close()
    assert texts(reopened(tmp_path)) == {"old": "precious", "new": "typed 4"}


_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from tests.unit.journal.scenes import tab, workspace
from workbench.core.errors import UserError
from workbench.ui.runtime.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal(Path(sys.argv[1]))
journal.load()
journal.write(workspace(tab("a", "before")))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
for n in range(5):
    try:
        journal.write(workspace(tab("a", "x" * 100_000 + str(n))))
    except UserError as error:
        print(error.title)
journal.write(workspace(tab("a", "small again")))
"""


def test_a_full_disk_is_reported_and_leaves_the_last_state(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.splitlines() == ["Your tabs can't be backed up"] * 5
    assert texts(reopened(tmp_path)) == {"a": "small again"}
    assert not list(tmp_path.rglob("*.tmp"))


_AS_NOBODY = """
import os, sys
from pathlib import Path
from tests.unit.journal.scenes import tab, texts, workspace
from workbench.core.errors import UserError
from workbench.ui.runtime.journal import Journal
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
journal = Journal(Path(sys.argv[1]))
print(texts(journal.load()))
print(journal.notes[0].startswith("The journal in"))
try:
    journal.write(workspace(tab("a", "y")))
except UserError as error:
    print(error.title)
"""


def test_a_read_only_folder_is_still_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, workspace(tab("a", "x")))
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, name],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
    assert done.stdout.splitlines() == ["{'a': 'x'}", "True", "Your tabs can't be backed up"]


@pytest.mark.parametrize(
    ("now", "last_write", "dirty_since", "expected"),
    [
        (10.0, None, None, False),
        (10.0, 5.0, None, False),
        (10.0, None, 9.99, True),
        (10.0, 9.0, 9.01, True),
        (10.0, 8.9, 9.9, True),
        (10.0, 9.5, 9.6, False),
    ],
)
def test_a_write_is_due(
    now: float, last_write: float | None, dirty_since: float | None, expected: bool
) -> None:
    assert JournalWriter.due(now, last_write, dirty_since) is expected


def test_with_a_tick_each_second_no_change_waits_for_two() -> None:
    for start in range(1000):
        dirty = start / 1000  # somewhere between two ticks, just after a write
        waited = next(t for t in range(1, 5) if JournalWriter.due(t, 0.0, dirty)) - dirty
        assert waited <= 1.0
