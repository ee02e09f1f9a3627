"""Ctrl-C at random moments of a run: one of two statuses, whole lines, never a traceback."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.command import ENDLESS, MEMORY, ROOT

ROUNDS = int(os.environ.get("WORKBENCH_SOAK_STOPS", "24"))
LATEST_S = 1.0
STATEMENTS = [
    (MEMORY, "SELECT range AS i, 'é' AS t FROM range(1000000000000)"),
    ("sqlite:///:memory:", "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) "
     "SELECT i, 'é' AS t FROM c"),
    *ENDLESS.items(),
    (MEMORY, "SELECT 1 AS i"),
]  # fmt: skip
# Before its first line Python itself may say what it likes: the delay counts from there. A shell
# that started the tests in the background has everything below it ignore SIGINT: not this one.
BEGIN = (
    "import os, signal, sys\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "try:\n"
    "    from workbench.__main__ import main\n"
    "    os.write(2, b'\\n')\n"
    "    sys.exit(main())\n"
    "except KeyboardInterrupt:\n"
    "    sys.exit(130)\n"
)


def run(connection: str, sql: str, delay_s: float, out: Path) -> tuple[int, str]:
    """The status and the words of a run that is interrupted `delay_s` after its first line."""
    with (
        out.open("wb") as stdout,
        subprocess.Popen(
            [sys.executable, "-c", BEGIN, "query", "-c", connection, "--format", "jsonl", sql],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        assert process.stderr is not None
        process.stderr.readline()
        time.sleep(delay_s)  # the moment itself is what is tried
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()  # one that does not end fails the test; leaving would wait for it
    return process.returncode, err.decode()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_an_interrupt_at_any_moment_is_a_clean_end(round_: int, tmp_path: Path) -> None:
    connection, sql = STATEMENTS[round_ % len(STATEMENTS)]
    delay_s = random.SystemRandom().random() * LATEST_S  # the global one is seeded alike
    out = tmp_path / "out.jsonl"
    status, err = run(connection, sql, delay_s, out)
    told = f"{delay_s=} {status=} {err}"
    assert status in (0, 130), told
    for word in ("Traceback", "Exception ignored", "KeyboardInterrupt", "leaked"):
        assert word not in err, told
    lines = out.read_bytes().split(b"\n")
    assert lines.pop() == b"", told
    for number, line in enumerate(lines, start=int("WITH" in sql or "1 AS i" in sql)):
        assert json.loads(line)["i"] == number, told
