"""Kill -9 at any moment, and several processes on one home."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.unit.journal.scenes import reopened, tab, texts, workspace, written
from workbench.ui.runtime.journal import Journal

_ROOT = Path(__file__).parents[3]

# Types a counter, tells each state that the journal has acknowledged.
_TYPIST = """
import sys
from pathlib import Path
from tests.unit.journal.scenes import tab, workspace
from workbench.ui.runtime.journal import Journal
journal = Journal(Path(sys.argv[1]))
before = journal.load()
start = int(before.tabs[0].text.split()[0]) if before.tabs else 0
big = "-- unchanged\\n" * 10_000
for n in range(start + 1, start + 100_000):
    padding = "x" * (n * 7919 % 50_000)
    journal.write(workspace(tab("typed", f"{n} {padding}"), tab("big", big)))
    sys.stdout.write(f"{n}\\n")
    sys.stdout.flush()
"""

_HOLDER = """
import sys
from pathlib import Path
from tests.unit.journal.scenes import tab, workspace
from workbench.ui.runtime.journal import Journal
journal = Journal(Path(sys.argv[1]))
print(len(journal.load().tabs), flush=True)
for line in sys.stdin:
    journal.write(workspace(tab(sys.argv[2], line.rstrip())))
    print("written", flush=True)
"""


def _start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )


def _out(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    assert _out(process).readline() == "written\n"


def _kill(process: subprocess.Popen[str]) -> str:
    """Kill -9; what it had printed and nobody read yet."""
    process.send_signal(signal.SIGKILL)
    with process:
        # Not `communicate`: it skips what `readline` has buffered.
        return _out(process).read()


def test_thirty_kills_at_random_moments_lose_nothing_acknowledged(tmp_path: Path) -> None:
    chance = random.Random()
    acknowledged = 0
    for _ in range(30):
        process = _start(_TYPIST, str(tmp_path))
        # A random number of states, then a random instant within the next write.
        for _ in range(chance.randrange(1, 12)):
            acknowledged = int(_out(process).readline())
        for _ in range(chance.randrange(0, 40_000)):
            pass
        for line in _kill(process).splitlines(keepends=True):
            if line.endswith("\n"):
                acknowledged = int(line)
        journal = Journal(tmp_path)
        found = texts(journal.load())
        journal.close()
        assert journal.notes == ()
        number, _, padding = found["typed"].partition(" ")
        assert int(number) in (acknowledged, acknowledged + 1)
        assert padding == "x" * (int(number) * 7919 % 50_000)
        assert found["big"] == "-- unchanged\n" * 10_000


def test_two_processes_do_not_overwrite_each_other(tmp_path: Path) -> None:
    first, second = _start(_HOLDER, str(tmp_path), "one"), _start(_HOLDER, str(tmp_path), "two")
    assert _out(first).readline() == _out(second).readline() == "0\n"
    for n in range(5):
        _say(first, f"first {n}")
        _say(second, f"second {n}")
    _kill(first)
    _kill(second)
    assert texts(reopened(tmp_path)) == {"one": "first 4", "two": "second 4"}


def test_a_living_process_keeps_its_tabs_to_itself(tmp_path: Path) -> None:
    alive = _start(_HOLDER, str(tmp_path), "alive")
    assert _out(alive).readline() == "0\n"
    _say(alive, "mine")
    assert reopened(tmp_path).tabs == ()
    _say(alive, "still mine")
    _kill(alive)
    assert texts(reopened(tmp_path)) == {"alive": "still mine"}


def test_adopted_tabs_are_not_adopted_twice(tmp_path: Path) -> None:
    first, second = Journal(tmp_path), Journal(tmp_path)
    first.load()
    second.load()
    first.write(workspace(tab("a", "1")))
    second.write(workspace(tab("b", "2")))
    first.close()
    second.close()
    assert texts(reopened(tmp_path)) == {"a": "1", "b": "2"}
    assert texts(reopened(tmp_path)) == {"a": "1", "b": "2"}
    written(tmp_path, workspace(tab("a", "1")))
    assert texts(reopened(tmp_path)) == {"a": "1"}


def test_a_crash_between_adopting_and_clearing_repeats_no_tab(tmp_path: Path) -> None:
    written(tmp_path, workspace(tab("a", "1"), tab("b", "2")))
    other = Journal(tmp_path)
    mine = Journal(tmp_path)
    mine.load()
    other.load()
    other.write(workspace(tab("b", "2"), tab("a", "changed since")))
    other.close()
    mine.close()
    found = reopened(tmp_path)
    assert sorted(each.text for each in found.tabs) == ["1", "2", "changed since"]
    assert len({each.tab_id for each in found.tabs}) == 3


def test_the_lock_ends_with_the_process_not_with_its_files(tmp_path: Path) -> None:
    process = _start(_HOLDER, str(tmp_path), "x")
    assert _out(process).readline() == "0\n"
    _say(process, "text")
    _kill(process)
    journal = Journal(tmp_path)
    assert texts(journal.load()) == {"x": "text"}
    assert [p.name for p in sorted(tmp_path.glob("journal-*"))] == ["journal-1"]
    journal.close()


@pytest.mark.parametrize("rounds", [40])
def test_opening_and_closing_leaves_no_descriptor_behind(tmp_path: Path, rounds: int) -> None:
    written(tmp_path, workspace(tab("a", "1")))
    reopened(tmp_path)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - no need of paths
    for _ in range(rounds):
        reopened(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
