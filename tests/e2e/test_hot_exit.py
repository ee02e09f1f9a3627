"""Hot exit of the real process: kill -9 while somebody types; every text comes back."""

import itertools
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.ui.runtime.journal import Journal

# The promise: typed text older than 2 s is never lost.
PROMISE_S = 2.0
START_S = 180.0
AT_ONCE = 5


@dataclass
class Typist:
    """A window in a process of its own, being typed into."""

    process: subprocess.Popen[bytes]
    home: Path
    log: Path
    kill_at: float = 0.0
    killed_at: float = 0.0

    def typed(self) -> list[tuple[int, float]]:
        """Each number typed, and when it stood in the editor."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        whole = [line.split() for line in lines if re.fullmatch(r"\d+ \d+\.\d+", line)]
        return [(int(number), float(at)) for number, at in whole]

    def kill(self) -> None:
        """As the kernel does it when memory runs out."""
        self.killed_at = time.monotonic()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _start(folder: Path) -> Typist:
    folder.mkdir()
    log = folder / "typed"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.typist", str(log)],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "WORKBENCH_HOME": str(folder / "home"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Typist(process, folder / "home", log)


def _wait_until_all_type(typists: list[Typist]) -> None:
    deadline = time.monotonic() + START_S
    while not all(typist.typed() for typist in typists):
        assert all(t.process.poll() is None for t in typists), "a window ended by itself"
        assert time.monotonic() < deadline, "the windows did not start typing"
        time.sleep(0.05)


def _restored(typist: Typist) -> tuple[int, tuple[str, ...]]:
    """The highest number in the restored tabs' texts, and what the journal complains of."""
    journal = Journal(typist.home / "state" / "journal")
    workspace = journal.load()
    journal.close()
    numbers = [
        int(n) for tab in workspace.tabs for n in re.findall(r"^-- (\d+)$", tab.text, re.MULTILINE)
    ]
    return max(numbers, default=0), journal.notes


def _check(typist: Typist) -> int:
    """Nothing torn, nothing older than the promise lost; how many numbers had to be there."""
    kept, notes = _restored(typist)
    typed = typist.typed()
    moments = [at for _n, at in typed if at > typist.killed_at - 2 * PROMISE_S]
    moments.append(typist.killed_at)
    # Where the machine itself held the process up, the promise starts when it goes on.
    stall = max((b - a for a, b in itertools.pairwise(moments)), default=0.0)
    due = [n for n, at in typed if at < typist.killed_at - PROMISE_S - stall]
    assert not notes, f"a torn journal: {notes}"
    assert kept >= max(due, default=0), f"{kept} of {typed[-1]}, {max(due)} was due"
    return len(due)


@pytest.mark.serial
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_text_older_than_two_seconds_is_lost_at_thirty_kills(
    tmp_path: Path, rounds: Callable[[int], int]
) -> None:
    chance = random.Random(20261122)
    checked = 0
    for batch in range(max(1, rounds(30) // AT_ONCE)):
        typists = [_start(tmp_path / f"{batch}-{number}") for number in range(AT_ONCE)]
        try:
            _wait_until_all_type(typists)
            now = time.monotonic()
            for typist in typists:
                typist.kill_at = now + chance.uniform(0.0, 5.0)
            for typist in sorted(typists, key=lambda t: t.kill_at):
                # Not a wait for something: the random moment of the kill is what is tried.
                time.sleep(max(0.0, typist.kill_at - time.monotonic()))
                typist.kill()
        finally:
            for typist in typists:
                typist.process.kill()
                typist.process.wait()
        checked += sum(_check(typist) for typist in typists)
    assert checked > 0, "no kill came late enough to prove anything"
