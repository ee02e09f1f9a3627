"""A million rows stream through a session in bounded memory: measured in a process of its own."""

import json
import subprocess
import sys

import pytest

from tests.engines.subjects import Subject

ROWS = 1_000_000
BOUND_MB = 200  # a whole result of these rows, held, is more than twice that

_MEASURE = """
import json, resource, sys
from tests.engines.driving import connect, run
from tests.engines.subjects import SUBJECTS
from workbench.core.adapter.contract import Statement

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

name, rows = sys.argv[1], int(sys.argv[2])
(subject,) = (each for each in SUBJECTS if each.name == name)
session = connect(subject, ":memory:")
wide = "x, 'some text of a usual length, number ' || x AS t, x * 1.5 AS f, " + ", ".join(
    f"'another text, a good deal longer than the first, {n}, row ' || x AS t{n}" for n in range(7)
)
sql = f"SELECT {wide} FROM ({subject.rows}) AS r"
run(session, sql.format(n=2_000))
before = peak_mb()
seen = held = 0
cursor = session.execute(Statement(sql.format(n=rows)))
for batch in cursor.batches():
    seen += batch.num_rows
    held += batch.nbytes
cursor.close()
session.close()
print(json.dumps({"rows": seen, "arrow_mb": held / 2**20, "grown_mb": peak_mb() - before}))
"""


@pytest.mark.serial
def test_a_million_rows_stream_in_bounded_memory(subject: Subject) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, subject.name, str(ROWS)],
        capture_output=True,
        text=True,
        check=True,
    )
    measured = json.loads(done.stdout)
    assert measured["rows"] == ROWS
    assert measured["arrow_mb"] > 2 * BOUND_MB, "too little to tell holding from streaming"
    assert measured["grown_mb"] < BOUND_MB, measured
