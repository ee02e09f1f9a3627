"""Make the sample databases: python resources/make_sample.py --out DIR.

Prints what each of them holds. The same as Workbench does at the first use of a sample.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import Connection, Node, NodeKind, Statement
from workbench.core.errors import WorkbenchError
from workbench.core.profiles.sample import SAMPLES, ensure_sample, sample_target


class Patient:
    """A connection attempt that nobody stops."""

    stopped = False
    timeout_s = 60.0

    def on_stop(self, abort: Callable[[], None]) -> None:
        """Nobody does."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the sample databases.")
    parser.add_argument("--out", type=Path, required=True, help="the folder to put them in")
    parser.add_argument("--engine", choices=[sample.engine for sample in SAMPLES])
    chosen = parser.parse_args()
    try:
        for sample in SAMPLES:
            if chosen.engine in (None, sample.engine):
                _make(chosen.out, sample.engine)
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make(folder: Path, engine: str) -> None:
    began = time.monotonic()
    path = ensure_sample(
        folder, engine, Patient(), lambda text: print(f"  {text}", file=sys.stderr)
    )
    print(f"{path}  {path.stat().st_size / 1e6:.0f} MB  {time.monotonic() - began:.1f} s")
    connection = discovery.find(engine).connect(sample_target(path, engine), Patient())
    try:
        for node in _tables(connection, None):
            count = connection.execute(Statement(f"SELECT count(*) FROM {node.insert}"))
            rows = next(count.batches()).column(0)[0].as_py()
            count.close()
            print(f"  {'.'.join(node.path):45} {rows:>12,}")
    finally:
        connection.close()


def _tables(connection: Connection, below: Node | None) -> list[Node]:
    found: list[Node] = []
    for node in connection.children(below):
        if node.kind in (NodeKind.TABLE, NodeKind.VIEW):
            found.append(node)
        elif not node.leaf:
            found += _tables(connection, node)
    return found


if __name__ == "__main__":
    sys.exit(main())
