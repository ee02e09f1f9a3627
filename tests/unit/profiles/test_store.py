"""The saved connections and the file they are in."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.core.errors import UserError
from workbench.core.profiles.model import Profile
from workbench.core.profiles.store import ProfileStore

DEMO = Profile("demo", "duckdb:////data/demo.duckdb")
FULL = Profile(
    "shop [live] \"é\"", "postgresql://me@host:5432/shop", "#aa0000", True, True, 2.5, "work", True
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "connections.toml"


@pytest.fixture
def store(path: Path) -> ProfileStore:
    return ProfileStore(path)


def write(path: Path, text: str | bytes) -> bytes:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path.read_bytes()


def test_without_a_file_there_are_none_and_none_is_made(store: ProfileStore, path: Path) -> None:
    assert store.list() == ()
    assert not path.parent.exists()


def test_what_is_added_comes_back_in_order(store: ProfileStore, path: Path) -> None:
    store.add(FULL)
    store.add(DEMO)
    assert ProfileStore(path).list() == (FULL, DEMO)
    assert store.get("demo") == DEMO


def test_only_what_differs_from_the_defaults_is_written(store: ProfileStore, path: Path) -> None:
    store.add(DEMO)
    assert 'name = "demo"' in path.read_text()
    assert "production" not in path.read_text()


def test_a_name_is_taken_once(store: ProfileStore, path: Path) -> None:
    store.add(DEMO)
    before = path.read_bytes()
    with pytest.raises(UserError, match="demo"):
        store.add(Profile("demo", "sqlite:///other.db"))
    assert path.read_bytes() == before


def test_what_is_removed_is_gone_and_given(store: ProfileStore) -> None:
    store.add(DEMO)
    store.add(FULL)
    assert store.remove("demo") == DEMO
    assert store.list() == (FULL,)
    assert store.remove(FULL.name) == FULL
    assert store.list() == ()
    store.add(DEMO)
    assert store.list() == (DEMO,)


@pytest.mark.parametrize("call", ["get", "remove"])
def test_an_unknown_name_is_an_error_that_names_it(store: ProfileStore, call: str) -> None:
    store.add(DEMO)
    with pytest.raises(UserError, match="nobody"):
        getattr(store, call)("nobody")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x://y"])
def test_a_name_that_is_none_is_refused(store: ProfileStore, name: str) -> None:
    with pytest.raises(UserError, match="Bad name"):
        store.add(Profile(name, "sqlite:///x.db"))


def test_a_password_is_refused_and_not_shown(store: ProfileStore, path: Path) -> None:
    with pytest.raises(UserError, match="keychain") as caught:
        store.add(Profile("x", "postgresql://me:hunter2@host/db"))
    assert "hunter2" not in str(caught.value)
    assert not path.exists()


def test_a_password_that_somebody_typed_into_the_file_is_refused(
    store: ProfileStore, path: Path
) -> None:
    write(path, '[[connections]]\nname = "x"\nurl = "mysql://me:hunter2@host/db"\n')
    with pytest.raises(UserError, match="keychain") as caught:
        store.list()
    assert "hunter2" not in str(caught.value)


def test_comments_and_order_of_a_hand_written_file_are_kept(
    store: ProfileStore, path: Path
) -> None:
    write(
        path,
        "# mine\n[[connections]]\nurl = 'sqlite:///a.db'  # the first\nname = 'a'\n\n"
        "[[connections]]\nname = 'b'\nurl = 'sqlite:///b.db'\ntimeout_s = 3\n# the end",
    )
    store.add(DEMO)
    store.remove("b")
    text = path.read_text()
    assert text.startswith("# mine\n[[connections]]\nurl = 'sqlite:///a.db'  # the first\n")
    assert [profile.name for profile in store.list()] == ["a", "demo"]


def test_a_whole_number_of_seconds_is_a_number_of_seconds(store: ProfileStore, path: Path) -> None:
    write(path, "[[connections]]\nname = 'b'\nurl = 'sqlite:///b.db'\ntimeout_s = 3\n")
    (profile,) = store.list()
    assert profile.timeout_s == 3.0


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "half-written": ('[[connections]]\nname = "a"\nurl = "sqlite:///x', "line 3"),
    "no TOML": ("connections: yes\n", "line 1"),
    "not UTF-8": (b'[[connections]]\nname = "\xff"\n', "utf-8"),
    "no tables": ("connections = 5\n", "[[connections]]"),
    "unknown entry": ("[[connections]]\nname='a'\nurl='b'\npasword='x'\n", "pasword"),
    "wrong type": ("[[connections]]\nname='a'\nurl='b'\nproduction='yes'\n", "production"),
    "no URL": ("[[connections]]\nname='a'\n", "url is missing"),
    "twice": ("[[connections]]\nname='a'\nurl='b'\n" * 2, "two connections"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_an_error_that_names_the_place_and_is_never_overwritten(
    store: ProfileStore, path: Path, case: str
) -> None:
    text, blamed = BROKEN[case]
    before = write(path, text)
    calls: list[Callable[[], object]] = [
        store.list,
        lambda: store.add(DEMO),
        lambda: store.remove("a"),
    ]
    for call in calls:
        with pytest.raises(UserError) as caught:
            call()
        assert blamed in caught.value.message
        assert str(path) in caught.value.message
    assert path.read_bytes() == before


def test_what_cannot_be_written_is_an_error_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file in the folder's place")
    store = ProfileStore(tmp_path / "config" / "connections.toml")
    assert store.list() == ()
    with pytest.raises(UserError, match="cannot be written"):
        store.add(DEMO)


def test_many_threads_add_and_none_is_lost(store: ProfileStore, path: Path) -> None:
    threads = [
        threading.Thread(target=ProfileStore(path).add, args=(Profile(f"c{n}", "sqlite:///x"),))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {profile.name for profile in store.list()} == {f"c{n}" for n in range(12)}


ADD = """
import sys
from pathlib import Path
from workbench.core.profiles.model import Profile
from workbench.core.profiles.store import ProfileStore
for n in range(5):
    ProfileStore(Path(sys.argv[1])).add(Profile(f"{sys.argv[2]}-{n}", "sqlite:///x"))
"""


def test_many_processes_add_and_none_is_lost(store: ProfileStore, path: Path) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", ADD, str(path), str(number)]) for number in range(4)
    ]
    assert [child.wait() for child in children] == [0] * 4
    assert len(store.list()) == 20
    assert [p.name for p in path.parent.iterdir() if p.suffix != ".lock"] == [path.name]
