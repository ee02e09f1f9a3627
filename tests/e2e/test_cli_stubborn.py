"""What the command line does with a statement that no stop ends: it lets go, and says so.

The engine is a plugin, found by its entry point like any other, whose statements sleep in C
and whose interrupt is lost.
"""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.command import history_rows, query, started, stats_of, until

PLUGIN = """
import time

from workbench.core.adapter.contract import Capabilities, EngineSpec, Verification, Transaction
from workbench.core.adapter.embedded import EmbeddedCanceller


class Connection:
    server = "Stubborn 1"
    transaction = Transaction.NONE
    stop_keeps_transaction = False

    def __init__(self, target):
        self._target = target
        nothing = lambda: None
        self._canceller = EmbeddedCanceller("Interrupt", "", nothing, nothing)

    def canceller(self):
        return self._canceller

    def set_autocommit(self, on):
        pass

    def execute(self, statement):
        time.sleep(3600)

    def progress(self):
        return None

    def rollback(self):
        pass

    def abandon(self):
        if self._target.database == "hang":
            time.sleep(3600)

    close = rollback


SPECS = (
    EngineSpec(
        name="stubborn",
        title="Stubborn",
        schemes=("stubborn",),
        capabilities=Capabilities(
            stop_mechanism="none", verification=Verification.RETURNED, in_process=True
        ),
        connect=lambda target, attempt: Connection(target),
    ),
)
"""
URL = "stubborn:///x"


@pytest.fixture
def env(tmp_path: Path, home: Path) -> Mapping[str, str]:
    """The environment in which the plugin is installed and a rung has 0.3 seconds."""
    (tmp_path / "stubborn.py").write_text(PLUGIN)
    info = tmp_path / "stubborn-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stubborn\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[workbench.engines]\nstubborn = stubborn\n")
    config = home / "workbench" / "config"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text("stop_deadline_s = 0.3\n")
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}


def is_running() -> bool:
    return any(row["status"] == "RUNNING" for row in history_rows())


def test_the_second_ctrl_c_lets_go_and_the_receipt_says_unconfirmed(env: Mapping[str, str]) -> None:
    with started("query", "-c", URL, "--stats", "-", "SELECT 1", env=env) as running:
        until(is_running, running.process)
        running.signal(signal.SIGINT)
        assert running.process.stderr is not None
        told = running.process.stderr.readline().decode()
        assert "no effect after 0.3 s" in told
        assert "Ctrl-C again: Abandon the session" in told
        assert is_running()
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.status == 130
    assert "nconfirmed" in done.err
    cancel = stats_of(done)["cancel"]
    assert (cancel["rung"], cancel["outcome"]) == ("abandon", "unconfirmed")
    assert cancel["verified"] is not True
    (row,) = history_rows()
    assert (row["status"], row["stop_outcome"]) == ("CANCELLED", "unconfirmed")


def test_the_third_ctrl_c_leaves_at_once(env: Mapping[str, str]) -> None:
    env = {**env, "WORKBENCH_LOG": "warning"}
    with started("query", "-c", "stubborn:///hang", "SELECT 1", env=env) as running:
        until(is_running, running.process)
        assert running.process.stderr is not None
        running.signal(signal.SIGINT)
        assert b"no effect" in running.process.stderr.readline()
        running.signal(signal.SIGINT)
        assert b"Abandon the session" in running.process.stderr.readline()
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.status == 130
    assert "whether the query still runs is unknown" in done.err


def test_a_second_ctrl_c_that_comes_with_the_first_is_not_lost(env: Mapping[str, str]) -> None:
    with started("query", "-c", URL, "--stats", "-", "SELECT 1", env=env) as running:
        until(is_running, running.process)
        running.signal(signal.SIGINT)
        while not stopping(running.process.pid):
            pass
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.status == 130
    assert stats_of(done)["cancel"]["rung"] == "abandon"


def stopping(pid: int) -> bool:
    """Has the process taken the signal, so that another one is no longer merged with it?"""
    status = Path(f"/proc/{pid}/status").read_text()
    (pending,) = [line.split()[1] for line in status.splitlines() if line.startswith("ShdPnd")]
    return not int(pending, 16) & 1 << (signal.SIGINT - 1)


def test_a_timeout_climbs_to_the_end_without_asking(env: Mapping[str, str]) -> None:
    done = query("SELECT 1", "--timeout", "0.2", "--stats", "-", on=URL, env=env)
    assert done.status == 124
    assert stats_of(done)["cancel"]["outcome"] == "unconfirmed"


def test_sigterm_climbs_to_the_end_without_asking(env: Mapping[str, str]) -> None:
    with started("query", "-c", URL, "SELECT 1", env=env) as running:
        until(is_running, running.process)
        running.signal(signal.SIGTERM)
        done = running.end()
    assert done.status == 128 + signal.SIGTERM
    assert "nconfirmed" in done.err
