"""No file, class or function outgrows what one reader holds in mind.

An exemption is a named line with its reason, and fails once it is no longer needed.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.architecture.source import Module, modules

FILE_LINES = 400
CLASS_LINES = 250
CLASS_METHODS = 25
FUNCTION_LINES = 60

# "place" or "place::Class" or "place::Class.method" -> why it may be larger.
EXEMPT: dict[str, str] = {}


@dataclass(frozen=True)
class Measure:
    """One thing that was measured: `what` it is, its size, and how large it may be."""

    name: str
    what: str
    size: int
    limit: int

    @property
    def over(self) -> bool:
        return self.size > self.limit

    def __str__(self) -> str:
        return f"{self.name}: {self.size} {self.what}, at most {self.limit}"


def measures(module: Module) -> Iterator[Measure]:
    """The sizes of a file and of every class and function in it."""
    yield Measure(module.place, "lines in the file", len(module.lines), FILE_LINES)
    yield from _inside(module.tree, f"{module.place}::")


def _inside(node: ast.AST, prefix: str) -> Iterator[Measure]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            name = prefix + child.name
            yield Measure(name, "lines in the class", _lines(child), CLASS_LINES)
            methods = sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in child.body)
            yield Measure(name, "methods", methods, CLASS_METHODS)
            yield from _inside(child, name + ".")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            name = prefix + child.name
            yield Measure(name, "lines in the function", _lines(child), FUNCTION_LINES)
            yield from _inside(child, name + ".")
        else:
            yield from _inside(child, prefix)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("folder", ["workbench", "tests", "resources"])
def test_nothing_is_larger_than_one_reader_holds_in_mind(folder: str) -> None:
    over = [
        str(measure)
        for module in modules(folder)
        for measure in measures(module)
        if measure.over and measure.name not in EXEMPT
    ]
    assert not over, "split them by idea, not by length:\n" + "\n".join(over)


def test_every_exemption_is_still_needed() -> None:
    over = {
        measure.name
        for folder in ("workbench", "tests", "resources")
        for module in modules(folder)
        for measure in measures(module)
        if measure.over
    }
    needless = set(EXEMPT) - over
    assert not needless, f"no longer too large, take them out of EXEMPT: {sorted(needless)}"


def test_the_measures_see_what_is_too_large() -> None:
    body = "\n".join(f"        x = {n}" for n in range(FUNCTION_LINES))
    text = f"class A:\n    def long(self):\n{body}\n"
    text += "".join(f"    def m{n}(self): ...\n" for n in range(CLASS_METHODS))
    module = Module("m.py", text + "\n" * FILE_LINES, ast.parse(text))
    over = {(measure.name, measure.what) for measure in measures(module) if measure.over}
    assert over == {
        ("m.py", "lines in the file"),
        ("m.py::A", "methods"),
        ("m.py::A.long", "lines in the function"),
    }
