"""Rules of the house that neither the type checker nor the linter knows.

Each test names the places that break its rule; the rule's reason is its docstring.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, below, imports, is_third_party, modules

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b")
_TAG = re.compile(r"</?(?:b|i|u|p|br|a|span|font|html|table|div|h[1-6])\b[^<]*>", re.IGNORECASE)
# Files that write markup themselves, and why that is safe there.
_MARKUP = {
    "workbench/ui/widgets/tips.py": "escapes the data; a tool tip that is left to guess would not",
}
_VAGUE = re.compile(r"util|helper|manager|mixin|\bcommon\b|\bmisc\b", re.IGNORECASE)


def report(places: list[str]) -> str:
    return "\n" + "\n".join(places)


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call in `module` with the last part of what is called ("exec" of a.b.exec())."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id


def called(name: str, *folders: str) -> list[str]:
    """Where `name(...)` or `x.name(...)` is called below `folders`."""
    return [m.where(node) for m in below(*folders) for node, called in calls(m) if called == name]


def docstrings(module: Module) -> set[int]:
    """The ids of the constants that are docstrings."""
    found = set()
    for node in ast.walk(module.tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
    return found


def texts(module: Module) -> Iterator[ast.Constant]:
    """Every string in `module` that is not a docstring."""
    skip = docstrings(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
            yield node


def test_every_module_says_what_it_is_for() -> None:
    """Opening a file tells what it is for, who may call it, what it never does."""
    silent = [m.place for m in modules() if not ast.get_docstring(m.tree)]
    assert not silent, report(silent)


def test_package_files_hold_only_their_docstring() -> None:
    """Importing a package costs nothing and has no side effect."""
    busy = [m.place for m in modules() if m.place.endswith("__init__.py") and len(m.tree.body) > 1]
    assert not busy, report(busy)


def test_names_say_what_a_thing_is() -> None:
    """`utils`, `helpers`, `manager` and `mixin` gather what nobody named."""
    vague = [m.place for m in modules() if _VAGUE.search(m.place.rsplit("/", 1)[-1])]
    vague += [
        m.where(node)
        for m in modules()
        for node in ast.walk(m.tree)
        if isinstance(node, ast.ClassDef) and _VAGUE.search(node.name)
    ]
    assert not vague, report(vague)


def test_no_exception_is_swallowed_without_a_reason() -> None:
    """A handler that only passes hides a bug, unless a comment says why it does not."""
    mute = [
        m.where(handler)
        for m, handler in handlers()
        if all(isinstance(s, ast.Pass | ast.Continue) for s in handler.body)
        and not m.has_comment(handler.lineno, handler.end_lineno or handler.lineno)
    ]
    assert not mute, report(mute)


def test_a_broad_except_gives_its_reason() -> None:
    """`except Exception` catches our own bugs too: it re-raises, or a comment says why not."""
    broad = [
        m.where(handler)
        for m, handler in handlers()
        if is_broad(handler)
        and not is_raised_again(handler)
        and not m.has_comment(handler.lineno - 1, handler.body[0].lineno)
    ]
    assert not broad, report(broad)


def handlers() -> Iterator[tuple[Module, ast.ExceptHandler]]:
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler):
                yield module, node


def is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)


def is_raised_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_engines_import_their_driver_only_when_they_connect() -> None:
    """`workbench engines` lists every engine with no driver loaded."""
    eager = [
        f"{m.where(imported.node)} imports {imported.package}"
        for m in below("workbench/core/engines/")
        for imported in imports(m)
        if not imported.lazy
        and not imported.type_only
        and (is_third_party(imported.package) or imported.package == "sqlite3")
        and imported.package != "pyarrow"
    ]
    assert not eager, report(eager)


def test_no_engine_is_loaded_by_its_module_name() -> None:
    """Discovery finds engines; a name written out would hide behind the import contracts."""
    named = [
        m.where(text)
        for m in modules()
        for text in texts(m)
        if re.search(r"workbench\.core\.engines\.\w", str(text.value))
    ]
    assert not named, report(named)


def test_core_starts_no_thread() -> None:
    """The front ends own the threads; core runs on the caller's."""
    started = [
        place
        for name in ("Thread", "Timer", "ThreadPoolExecutor", "start_new_thread")
        for place in called(name, "workbench/core/")
    ]
    assert not started, report(started)


@pytest.mark.parametrize("place", ["query/state.py", "query/watchdog.py"])
def test_pure_modules_read_no_clock_and_do_no_io(place: str) -> None:
    """They decide; tests hand them the time."""
    (module,) = below(f"workbench/core/{place}")
    impure = {"time", "datetime", "asyncio", "os", "pathlib", "socket", "sqlite3", "subprocess"}
    found = sorted(impure & {imported.package for imported in imports(module)})
    assert not found


def test_only_the_output_module_prints() -> None:
    """stdout carries data and is written in one place; core and ui never print."""
    printed = [p for p in called("print", "workbench/") if "workbench/cli/output.py" not in p]
    assert not printed, report(printed)


def test_colours_are_named_in_the_theme_only() -> None:
    """A colour written elsewhere is wrong in one of light and dark."""
    named = [
        m.where(text)
        for m in below("workbench/ui/")
        if not m.place.startswith("workbench/ui/theme/")
        for text in texts(m)
        if _COLOUR.search(str(text.value))
    ]
    named += [
        f"{m.where(node)} {ast.unparse(node)}"
        for m in below("workbench/ui/")
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value).endswith("GlobalColor")
        and node.attr != "transparent"
    ]
    assert not named, report(named)


def test_nothing_runs_a_nested_event_loop() -> None:
    """`.exec()` inside a coroutine stops every other coroutine: open and await the signal."""
    nested = called("exec", "workbench/ui/") + called("exec_", "workbench/ui/")
    assert not nested, report(nested)


def test_what_comes_from_a_database_is_never_taken_for_markup() -> None:
    """Qt guesses rich text in labels, boxes and tool tips; nothing here asks for it."""
    rich = [
        f"{m.where(node)} {node.attr}"
        for m in below("workbench/ui/")
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"RichText", "AutoText", "MarkdownText", "setHtml", "insertHtml"}
    ]
    rich += [
        f"{m.where(text)} {text.value!r}"
        for m in below("workbench/ui/")
        if m.place not in _MARKUP
        for text in texts(m)
        if _TAG.search(str(text.value))
    ]
    assert not rich, report(rich)


def test_every_file_that_may_write_markup_still_does() -> None:
    writing = {m.place for m in below(*_MARKUP) for t in texts(m) if _TAG.search(str(t.value))}
    assert writing == set(_MARKUP)


def test_modules_that_make_labels_make_them_plain() -> None:
    """A QLabel or QMessageBox is born guessing; tests/ui looks at each one in the window."""
    guessing = [
        module.place
        for module in below("workbench/ui/")
        if any(name in {"QLabel", "QMessageBox"} for _, name in calls(module))
        and "PlainText" not in module.text
    ]
    assert not guessing, report(guessing)
