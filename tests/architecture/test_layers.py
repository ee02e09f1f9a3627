"""The import contracts of pyproject.toml hold, and each of them bites.

A contract that cannot fail is worth nothing: every one is tried on a copy of the sources with
a violation put in.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

FRONT_ENDS = "Front ends over core"
NO_QT = "No Qt below ui"
CORE = "Core layers"
ENGINES_APART = "Engines know nothing of each other"
ENGINES_UNNAMED = "Nobody imports an engine by name"
UI = "UI layers"
PANELS_APART = "Panels know nothing of each other"
NO_CYCLES = "No import cycles"

TYPE_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "


@dataclass(frozen=True)
class Violation:
    """`text` added to the end of `place` (which may be new) breaks `contract`."""

    contract: str
    place: str
    text: str


VIOLATIONS = {
    "core imports ui": Violation(FRONT_ENDS, "core/query/added.py", "import workbench.ui.app"),
    "cli imports ui": Violation(FRONT_ENDS, "cli/added.py", "import workbench.ui.app"),
    "ui imports cli": Violation(FRONT_ENDS, "ui/widgets/added.py", "import workbench.cli.main"),
    "a top-level module nobody placed": Violation(FRONT_ENDS, "added.py", ""),
    "core imports Qt": Violation(NO_QT, "core/query/added.py", "import PySide6.QtCore"),
    "cli imports Qt for types only": Violation(
        NO_QT, "cli/added.py", TYPE_ONLY + "from PySide6.QtCore import QObject"
    ),
    "results imports query": Violation(
        CORE, "core/results/added.py", "import workbench.core.query.registry"
    ),
    "catalog imports history, beside it": Violation(
        CORE, "core/catalog/added.py", "import workbench.core.history.store"
    ),
    "adapter imports query for types only": Violation(
        CORE, "core/adapter/added.py", TYPE_ONLY + "import workbench.core.query.registry"
    ),
    "a module of core nobody placed": Violation(CORE, "core/added.py", ""),
    "an engine imports an engine": Violation(
        ENGINES_APART, "core/engines/added.py", "import workbench.core.engines.sqlite"
    ),
    "query imports an engine by name": Violation(
        ENGINES_UNNAMED, "core/query/added.py", "import workbench.core.engines.sqlite"
    ),
    "theme imports a widget": Violation(UI, "ui/theme/added.py", "import workbench.ui.widgets"),
    "a dialog imports a panel, beside it": Violation(
        UI, "ui/dialogs/added.py", "import workbench.ui.panels.editor"
    ),
    "a module of ui nobody placed": Violation(UI, "ui/added.py", ""),
    "a panel imports a panel": Violation(
        PANELS_APART, "ui/panels/editor/added.py", "import workbench.ui.panels.results"
    ),
    "siblings import each other": Violation(NO_CYCLES, "cli/added.py", "import workbench.cli.more"),
}


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the contracts of `folder`/pyproject.toml on the package `folder`/workbench."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, '.');"
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
            "--no-cache",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "200", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its contracts."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "workbench", folder / "workbench", ignore=ignore)
    return folder


def test_the_import_contracts_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("violation", VIOLATIONS.values(), ids=VIOLATIONS.keys())
def test_an_injected_violation_breaks_its_contract(
    violation: Violation, pristine: Path, tmp_path: Path
) -> None:
    package = shutil.copytree(pristine, tmp_path / "copy") / "workbench"
    (package / violation.place).write_text(f'"""Added."""\n{violation.text}\n')
    if violation.contract == NO_CYCLES:
        (package / "cli/more.py").write_text('"""Added."""\nimport workbench.cli.added\n')
    result = lint_imports(package.parent)
    assert result.returncode != 0, result.stdout
    said = result.stdout + result.stderr
    if not violation.text:  # a module without a layer: the contract names it and goes no further
        assert "added" in said, said
    else:
        assert re.search(rf"^{re.escape(violation.contract)}.*BROKEN", said, re.MULTILINE), said
