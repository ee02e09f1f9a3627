"""Files of spilled rows: swept after a crash, and a full disk loses nothing that was seen."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from workbench.core.errors import UserError
from workbench.core.results.budget import MemoryBudget
from workbench.core.results.resultset import ResultColumn, ResultSet
from workbench.core.results.spill import PREFIX, SUFFIX, SpillFile, sweep

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs signals and resource limits")


def run(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@POSIX
def test_a_process_killed_while_it_spills_leaves_a_file_that_the_next_start_sweeps(
    tmp_path: Path,
) -> None:
    code = """
        import sys, pathlib, pyarrow as pa
        from workbench.core.results.budget import MemoryBudget
        from workbench.core.results.resultset import ResultColumn, ResultSet
        results = ResultSet([ResultColumn("n")], None, MemoryBudget(0), pathlib.Path(sys.argv[1]))
        batch = pa.record_batch({"n": range(100_000)})
        while True:
            results.append(batch)
            print(results.spilled_bytes, flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        assert sweep(tmp_path) == 0, "a living process keeps its file"
        process.send_signal(signal.SIGKILL)
    assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 1
    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_touches_nothing_but_files_of_dead_processes(tmp_path: Path) -> None:
    own = SpillFile(tmp_path)
    strangers = [tmp_path / "notes.txt", tmp_path / f"{PREFIX}x-1{SUFFIX}", tmp_path / PREFIX]
    for stranger in strangers:
        stranger.write_text("mine")
    assert sweep(tmp_path) == 0
    assert own.path.exists()
    assert all(stranger.exists() for stranger in strangers)
    own.close()


def test_a_sweep_of_a_directory_that_is_not_there_finds_nothing(tmp_path: Path) -> None:
    assert sweep(tmp_path / "never made") == 0


@POSIX
def test_only_the_user_may_read_spilled_rows(tmp_path: Path) -> None:
    spill = SpillFile(tmp_path)
    assert spill.path.stat().st_mode & 0o777 == 0o600
    spill.close()


@POSIX
def test_a_full_disk_keeps_every_row_that_came_before() -> None:
    # The limit on a file's size stands in for the disk's: write() fails in the same way.
    code = """
        import resource, signal, sys, tempfile, pathlib, pyarrow as pa
        from workbench.core.errors import UserError
        from workbench.core.results.budget import MemoryBudget
        from workbench.core.results.resultset import ResultColumn, ResultSet
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        folder = pathlib.Path(tempfile.mkdtemp())
        results = ResultSet([ResultColumn("n")], None, MemoryBudget(100_000), folder)
        appended, errors = 0, []
        for start in range(0, 400_000, 1000):
            try:
                results.append(pa.record_batch({"n": range(start, start + 1000)}))
                appended += 1000
            except UserError as error:
                errors.append(error)
                if len(errors) == 3:
                    break
        seen = [v for part in results.slice(0, 10**9) for v in part["n"].to_pylist()]
        assert seen == list(range(appended)), (len(seen), appended)
        assert results.rows.known == appended > 100_000
        assert errors[0].title == "The disk is full", errors[0].title
        assert f"{appended:,} rows" in errors[0].message and str(folder) in errors[0].message
        assert errors[1] is errors[0] and errors[2] is errors[0]
        size = next(folder.iterdir()).stat().st_size
        assert size <= results.spilled_bytes, "the torn half was given back"
        results.close()
        assert not list(folder.iterdir())
        print("kept", appended)
    """
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kept")


def test_a_cache_directory_that_cannot_be_made_is_a_clear_error_that_keeps_the_rows(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    budget = MemoryBudget(20_000)
    results = ResultSet([ResultColumn("n")], None, budget, blocked / "cache")
    results.append(pa.record_batch({"n": range(1000)}))
    results.append(pa.record_batch({"n": range(1000)}))
    with pytest.raises(UserError, match="could not be written to disk") as caught:
        results.append(pa.record_batch({"n": range(1000)}))
    assert str(blocked / "cache") in caught.value.message
    rows = results.rows.known
    assert sum(part.num_rows for part in results.slice(0, 10**6)) == rows == 2000
    results.close()
    assert budget.used == 0


@POSIX
def test_rows_stay_readable_when_the_cache_is_emptied_under_them(tmp_path: Path) -> None:
    results = ResultSet([ResultColumn("n")], None, MemoryBudget(0), tmp_path)
    results.append(pa.record_batch({"n": range(1000)}))
    for file in tmp_path.iterdir():
        file.unlink()
    results.append(pa.record_batch({"n": range(1000, 2000)}))
    seen = [value for part in results.slice(0, 5000) for value in part["n"].to_pylist()]
    assert seen == list(range(2000))
    results.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; skipped where a test may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.name == "nt" or os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root")
    command = [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    # Lazily: a slice still held by the test keeps the file mapped.
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_fills_up_keeps_every_row_that_came_before(small_disk: Path) -> None:
    results = ResultSet([ResultColumn("n")], None, MemoryBudget(100_000), small_disk / "cache")
    appended = 0
    with pytest.raises(UserError, match="disk is full"):  # noqa: PT012 - which append fails depends on the disk
        for start in range(0, 1_000_000, 1000):
            results.append(pa.record_batch({"n": range(start, start + 1000)}))
            appended += 1000
    seen = [value for part in results.slice(0, 10**9) for value in part["n"].to_pylist()]
    assert seen == list(range(appended))
    assert appended > 100_000
    results.close()
    assert list((small_disk / "cache").iterdir()) == []
