"""Workbench's own sources, parsed once per process, for the tests in this folder."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One source file: its place below the root, its text, its tree."""

    place: str  # "workbench/core/clock.py"
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def where(self, node: ast.AST) -> str:
        """`place:line`, as editors and terminals understand it."""
        return f"{self.place}:{getattr(node, 'lineno', 1)}"

    def has_comment(self, first: int, last: int) -> bool:
        """Does any line from `first` to `last` (1-based) carry a comment?"""
        return any("#" in line for line in self.lines[first - 1 : last])


@cache
def modules(folder: str = "workbench") -> tuple[Module, ...]:
    """Every Python file below `folder`, in order of its place."""
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text("utf-8")
        place = path.relative_to(ROOT).as_posix()
        found.append(Module(place, text, ast.parse(text, place)))
    return tuple(found)


def below(*folders: str) -> Iterator[Module]:
    """The modules of Workbench whose place starts with one of `folders`."""
    for module in modules():
        if module.place.startswith(folders):
            yield module


@dataclass(frozen=True)
class Imported:
    """One import of a top-level package; `lazy` when it stands inside a function."""

    package: str
    node: ast.stmt
    lazy: bool
    type_only: bool


def imports(module: Module) -> list[Imported]:
    """What `module` imports, wherever the statement stands; relative imports are its own."""
    found: list[Imported] = []
    _collect(module.tree, found, lazy=False, type_only=False)
    return found


def _collect(node: ast.AST, found: list[Imported], *, lazy: bool, type_only: bool) -> None:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        names = [node.module]
    if isinstance(node, ast.stmt):
        found += [Imported(name.partition(".")[0], node, lazy, type_only) for name in names]
    lazy = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    guarded: list[ast.stmt] = []
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        guarded = node.body
    for child in ast.iter_child_nodes(node):
        inside = type_only or child in guarded
        _collect(child, found, lazy=lazy, type_only=inside)


def is_third_party(package: str) -> bool:
    """Neither Python's own nor ours."""
    return package not in sys.stdlib_module_names and package not in {"workbench", "tests"}
