"""Finds the engines: the modules of `workbench.core.engines` and installed plugins.

A module's or plugin's `SPECS` is all that is read; no driver is loaded and no database
touched. A plugin that fails to import is logged and left out: it must not take the
program with it. Any thread; the first call imports, later ones answer from memory.
"""

import functools
import importlib
import logging
import pkgutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from workbench.core.adapter import held
from workbench.core.adapter.contract import EngineSpec
from workbench.core.errors import UserError

log = logging.getLogger(__name__)

PACKAGE = "workbench.core.engines"
PLUGINS = "workbench.engines"


@functools.cache
def engines() -> tuple[EngineSpec, ...]:
    """All engines, ours first, each in the order of its module's name."""
    found: dict[str, EngineSpec] = {}
    for source, specs in (*_own(), *_plugins()):
        for spec in specs:
            if spec.name in found:
                log.warning("engine %s of %s is left out: the name is taken", spec.name, source)
            else:
                found[spec.name] = spec
    return tuple(found.values())


def find(name: str) -> EngineSpec:
    """The engine called `name`. Raises UserError naming those that exist."""
    for spec in engines():
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in engines())
    raise UserError("Unknown engine", f"{name!r} is none of: {known}.")


def for_url(url: str) -> EngineSpec:
    """The engine of the scheme that `url` begins with. Raises UserError naming the schemes."""
    scheme, separator, _ = url.partition("://")
    if separator:
        for spec in engines():
            if scheme.lower() in spec.schemes:
                return spec
    known = ", ".join(f"{scheme}://" for spec in engines() for scheme in spec.schemes)
    shown = f"{scheme}://" if separator else repr(url)
    raise UserError("Unknown engine", f"{shown} begins with none of: {known}")


def for_file(path: str | Path) -> EngineSpec | None:
    """The engine that opens the file `path`: by its first bytes, else by its suffix.

    The bytes win, since a `.db` may belong to anybody. Reads at most 64 bytes; None when
    neither is known. Blocks.
    """
    path = Path(path)
    head = _head(path)
    for spec in engines():
        if spec.file_magic is not None:
            offset, magic = spec.file_magic
            if head[offset : offset + len(magic)] == magic:
                return spec
    suffix = path.suffix.lower()
    return next((spec for spec in engines() if suffix and suffix in spec.file_suffixes), None)


def driver_version(spec: EngineSpec) -> str | None:
    """The installed version of the spec's driver, "" if Python brings it, None if missing.

    Reads the package's metadata; imports nothing.
    """
    if not spec.driver:
        return ""
    try:
        return metadata.version(spec.driver)
    except metadata.PackageNotFoundError:
        return None


def _own() -> Iterator[tuple[str, tuple[EngineSpec, ...]]]:
    package = importlib.import_module(PACKAGE)
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        name = f"{PACKAGE}.{module.name}"
        yield name, importlib.import_module(name).SPECS


def _plugins() -> Iterator[tuple[str, tuple[EngineSpec, ...]]]:
    for entry in metadata.entry_points(group=PLUGINS):
        try:
            specs = tuple(getattr(entry.load(), "SPECS"))  # noqa: B009 - a plugin's, unchecked
            if not all(isinstance(spec, EngineSpec) for spec in specs):
                raise TypeError("SPECS holds something that is no EngineSpec")
        # A plugin may fail in any way at import; whatever it is, the others must load.
        except Exception:
            log.warning("engine plugin %s (%s) is left out", entry.name, entry.value, exc_info=True)
            continue
        yield entry.value, specs


def _head(path: Path) -> bytes:
    try:
        return held.head(path)
    except (OSError, ValueError):
        return b""  # missing or unreadable: the suffix decides, and `connect` says what is wrong
