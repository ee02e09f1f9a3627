"""What must not be loaded is not loaded: asked of real processes, because no static rule sees it.

`workbench engines` answers without a single driver, and nothing of the core or the command line
brings Qt along.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

DRIVERS = {"duckdb", "_duckdb", "psycopg", "psycopg_binary", "pymysql", "sqlite3"}
QT = {"PySide6", "shiboken6", "qasync", "qtawesome"}

RUN_AND_TELL = """
import json, runpy, sys
told, sys.argv = sys.argv[1], ["workbench", *sys.argv[2:]]
status = 0
try:
    runpy.run_module("workbench", run_name="__main__", alter_sys=True)
except SystemExit as end:
    status = end.code or 0
with open(told, "w") as file:
    json.dump({"status": status, "modules": sorted(sys.modules)}, file)
"""


def loaded_by_running(told: Path, *arguments: str) -> set[str]:
    """The modules that `workbench ARGUMENTS...` has loaded when it ends, which it does well."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL, str(told), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(told.read_text())
    assert said["status"] == 0, done.stdout + done.stderr
    return set(said["modules"])


def loaded_by_importing(module: str) -> set[str]:
    """The modules loaded by `import module` in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print('\\n'.join(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_listing_the_engines_loads_no_driver_and_no_qt(options: list[str], tmp_path: Path) -> None:
    loaded = loaded_by_running(tmp_path / "told", "engines", *options)
    assert not loaded & (DRIVERS | QT)


def test_a_query_loads_its_own_driver_only(tmp_path: Path) -> None:
    loaded = loaded_by_running(tmp_path / "told", "query", "-c", "sqlite:///:memory:", "SELECT 1")
    assert "sqlite3" in loaded
    assert not loaded & ((DRIVERS | QT) - {"sqlite3"})


def test_the_core_loads_no_driver_and_no_qt() -> None:
    loaded = loaded_by_importing("workbench.core.workbench")
    # The history is a SQLite database, whatever is connected to.
    assert not loaded & ((DRIVERS | QT) - {"sqlite3"})


def test_asking_for_help_loads_neither_qt_nor_arrow(tmp_path: Path) -> None:
    loaded = loaded_by_running(tmp_path / "told", "--help")
    assert not loaded & (QT | {"pyarrow", "sqlglot", "duckdb"})


def test_opening_the_window_loads_no_engine_driver() -> None:
    loaded = loaded_by_importing("workbench.ui.app")
    assert not loaded & (DRIVERS - {"sqlite3"})
