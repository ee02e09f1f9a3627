"""Full results go to stdout in constant memory."""

import os
import subprocess
import sys

import pytest

from tests.e2e.command import MEMORY, ROOT

PEAK = """
import resource, subprocess, sys
status = subprocess.call([sys.executable, "-m", "workbench", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


def peak_kb(rows: int, form: str) -> int:
    """Peak resident memory of a query that writes `rows` rows to a pipe."""
    sql = f"SELECT range AS id, range % 7 AS day, 'row ' || range AS name FROM range({rows})"
    with subprocess.Popen(
        [sys.executable, "-c", PEAK, "query", "-c", MEMORY, "--format", form, sql],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        size = 0
        while piece := process.stdout.read(1 << 20):
            size += len(piece)
        told = process.stderr.read().decode()
    assert process.returncode == 0, told
    assert size > rows * 10
    return int(told)


@pytest.mark.serial
@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "arrow"])
def test_ten_times_the_rows_take_no_more_memory(form: str) -> None:
    small, large = peak_kb(1_000_000, form), peak_kb(10_000_000, form)
    assert large < 1.5 * small, f"{small:,} kB for 1M rows, {large:,} kB for 10M"
