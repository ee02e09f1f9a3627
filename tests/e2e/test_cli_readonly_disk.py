"""`workbench query` on a disk that is mounted read-only: a real mount, in a namespace."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import ROOT, query

MOUNT = """
set -e
mount -t tmpfs none "$DISK"
cp -r "$FILES"/. "$DISK"
mount -o remount,ro "$DISK"
exec "$@"
"""


def can_mount() -> bool:
    """May this machine's users mount inside a namespace of their own?"""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not can_mount(), reason="no mounting in a namespace here")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where the read-only disk is; what it holds is made in `files` beforehand."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "files").mkdir()
    return tmp_path / "disk"


def on_disk(disk: Path, *arguments: str, home: Path | None = None) -> tuple[int, str, str]:
    """Run workbench with `disk` mounted read-only, holding the files beside it."""
    env = {**os.environ, "DISK": str(disk), "FILES": str(disk.parent / "files")}
    if home is not None:
        env["WORKBENCH_HOME"] = str(home)
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", MOUNT, "sh", sys.executable, "-m", "workbench", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_home_on_it_costs_one_warning_and_not_the_query(disk: Path) -> None:
    arguments = ("query", "-c", "duckdb:///:memory:", "--format", "csv", "SELECT 1 AS one")
    status, out, err = on_disk(disk, *arguments, home=disk / "home")
    assert (status, out) == (0, "one\n1\n")
    assert err.count("Warning") == 1
    assert "ead-only" in err


def test_the_history_on_it_can_be_looked_at(disk: Path) -> None:
    query("SELECT 'from before'", env={"WORKBENCH_HOME": str(disk.parent / "files")})
    for arguments in (["history"], ["history", "--search", "before from"]):
        status, out, err = on_disk(disk, *arguments, home=disk)
        assert (status, err) == (0, "")
        assert "SELECT 'from before'" in out
    assert on_disk(disk, "stats", home=disk)[0] == 0


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_a_database_on_it_is_read_when_asked_read_only_and_else_refused(
    disk: Path, engine: str
) -> None:
    made = query("CREATE TABLE t AS SELECT 5 AS x",
                 on=f"{engine}:///{disk.parent}/files/x.db?create=1")  # fmt: skip
    assert made.status == 0
    url = f"{engine}:///{disk}/x.db"
    sql = ("--format", "csv", "SELECT x FROM t")
    assert on_disk(disk, "query", "-c", f"{url}?readonly=1", *sql)[:2] == (0, "x\n5\n")
    status, out, err = on_disk(disk, "query", "-c", url, *sql)
    assert (status, out) == (3, "")
    assert "read-only" in err


def test_output_to_it_is_refused_before_anything_runs(disk: Path) -> None:
    status, out, err = on_disk(
        disk, "query", "-c", "duckdb:///:memory:", "--output", str(disk / "out.csv"), "SELECT 1"
    )
    assert (status, out) == (2, "")
    assert "Read-only file system" in err
