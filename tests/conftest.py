"""What every test gets: a home of its own, no display, no keychain, no leftovers.

Imports nothing of Workbench, so that a test of "this loads no driver" starts clean.

Markers: `serial` (tests that measure memory, threads or tight races: one worker runs them
one after the other), `soak` (repeats; see `rounds`), `slow`.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

# A busy machine is slow, not wrong: the time limit is pytest's.
hypothesis.settings.register_profile("workbench", deadline=None)
hypothesis.settings.load_profile("workbench")

# Before anything imports Qt or keyring. A developer may set QT_QPA_PLATFORM=xcb to watch.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

_THREADS_GONE_S = 10.0
_POOLED = "Thread (pooled)"  # what Qt calls a QThreadPool's thread; cut to 15 characters by Linux


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With xdist's `--dist loadgroup`, all `serial` tests go to one worker."""
    for item in items:
        if item.get_closest_marker("serial"):
            item.add_marker(pytest.mark.xdist_group("serial"))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of this test's own; WORKBENCH_HOME, HOME and XDG_* point into it.

    Child processes inherit it. Nothing a test does reaches the developer's settings, history
    or connections.
    """
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("WORKBENCH_HOME", str(folder / "workbench"))
    for name, place in {
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "XDG_CACHE_HOME": ".cache",
    }.items():
        monkeypatch.setenv(name, str(folder / place))
    monkeypatch.delenv("WORKBENCH_PASSWORD", raising=False)
    return folder


@pytest.fixture
def rounds() -> Callable[[int], int]:
    """How often a test marked `soak` repeats: `rounds(short)`, or WORKBENCH_SOAK if more."""
    soak = int(os.environ.get("WORKBENCH_SOAK", "0"))
    return lambda short: max(short, soak)


def _pooled_threads() -> set[int]:
    """Kernel ids of the living threads of Qt's pools; empty where there is no /proc."""
    found = set()
    for task in Path("/proc/self/task").glob("*"):
        try:
            name = (task / "comm").read_text().strip()
        except OSError:  # it ended while we looked
            continue
        if name == _POOLED:
            found.add(int(task.name))
    return found


def _python_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


@pytest.fixture
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a non-daemon Python thread or a QThreadPool thread behind.

    Waits for them to end, so a thread that is on its way out is no leak.
    """
    pooled, python = _pooled_threads(), _python_threads()
    yield
    deadline = time.monotonic() + _THREADS_GONE_S
    while True:
        left = [thread.name for thread in _python_threads() - python]
        left += [f"{_POOLED} {tid}" for tid in _pooled_threads() - pooled]
        if not left:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {', '.join(sorted(left))}")
        time.sleep(0.01)
