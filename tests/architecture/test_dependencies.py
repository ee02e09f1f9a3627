"""What is installed is what was tested: every package is pinned, and pinned once.

Where packages come from is the business of the machine's pip settings: no address in here.
"""

import re
import tomllib
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT
from workbench.core.adapter.discovery import engines

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pinned() -> list[Requirement]:
    """The lines of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def needed(extras: set[str]) -> set[str]:
    """The canonical names of all that Workbench with `extras` needs on this Python."""
    found: set[str] = set()
    waiting = [("workbench", extra) for extra in {"", *extras}]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        found.add(canonicalize_name(name))
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
                continue
            for wanted in {"", *requirement.extras}:
                if (requirement.name, wanted) not in seen:
                    seen.add((requirement.name, wanted))
                    waiting.append((requirement.name, wanted))
    return found - {"workbench"}


def test_every_package_that_is_needed_is_pinned() -> None:
    names = {canonicalize_name(pin.name) for pin in pinned()}
    missing = needed({"all", "dev"}) - names
    assert not missing, f"add to constraints.txt: {sorted(missing)}"


def test_every_pin_is_exact_and_stands_once() -> None:
    pins = pinned()
    loose = [str(pin) for pin in pins if not re.fullmatch(r"==[^*,]+", str(pin.specifier))]
    assert not loose
    names = [canonicalize_name(pin.name) for pin in pins]
    assert len(names) == len(set(names))


def test_what_is_installed_is_what_is_pinned() -> None:
    here = {name: metadata.version(name) for name in needed({"all", "dev"})}
    other = {
        str(pin): here[name]
        for pin in pinned()
        if (name := canonicalize_name(pin.name)) in here and here[name] not in pin.specifier
    }
    assert not other, f"run `make setup`; pinned but otherwise installed: {other}"


def test_no_address_stands_in_the_files_of_the_set_up() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", "packaging/setup.sh"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"https?://|git\+|--(extra-)?index-url|--find-links", text), name


def test_every_engines_extra_exists_and_brings_its_driver() -> None:
    extras = PROJECT["optional-dependencies"]
    (everything,) = (Requirement(text) for text in extras["all"])
    for spec in engines():
        if spec.driver:
            names = {canonicalize_name(Requirement(text).name) for text in extras[spec.extra]}
            assert canonicalize_name(spec.driver) in names, spec.name
            assert spec.extra in everything.extras, spec.name
