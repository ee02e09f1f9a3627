"""The documentation names everything a user can set, press, type or connect to, and nothing else.

Compared with the running program: the settings' and actions' tables, the command line's own
--help, the engines that discovery finds.
"""

import re
import subprocess
import sys
from dataclasses import fields
from functools import cache

import pytest

from tests.architecture.documents import section, sections
from tests.architecture.source import ROOT
from workbench.core.adapter.contract import EngineSpec, Verification
from workbench.core.adapter.discovery import engines
from workbench.core.query.receipt import CancelReceipt, StopOutcome, StopReason
from workbench.core.query.receipt_text import receipt_text, stopped_by
from workbench.core.settings import SETTINGS, Settings
from workbench.ui.actions import ACTIONS

# ------------------------------------------------------------------------------- settings


def shown(value: object) -> str:
    """A default as the settings file spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if value else "0"


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    defaults = {field.name: field.default for field in fields(Settings)}
    program = [(f"`{s.name}`", f"`{shown(defaults[s.name])}`", s.meaning) for s in SETTINGS]
    documented = [(row[0], row[1], row[-1]) for row in section("settings.md", "All settings").rows]
    assert documented == program


def test_the_table_of_settings_is_complete() -> None:
    assert {setting.name for setting in SETTINGS} == {field.name for field in fields(Settings)}


# -------------------------------------------------------------------------------- actions


def test_every_action_is_documented_with_its_keys() -> None:
    program = [
        (f"`{a.id}`", a.text, ", ".join(f"`{key}`" for key in a.keys), a.meaning) for a in ACTIONS
    ]
    documented = [tuple(row) for row in section("using.md", "Every action and its keys").rows]
    assert documented == program


def test_no_two_actions_share_a_key() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


# ---------------------------------------------------------------------------------- texts


def test_the_texts_in_quotes_are_the_programs_own() -> None:
    first = CancelReceipt(StopReason.USER, None, StopOutcome.FINISHED_FIRST, 0.0)
    program = [stopped_by(reason, 30.0) for reason in StopReason]
    program.append(receipt_text(first, Verification.RETURNED))
    documented = [row[0].strip('"') for row in section("using.md", "What Workbench says").rows]
    assert sorted(documented) == sorted(program)


# --------------------------------------------------------------------------- command line


@cache
def help_of(*command: str) -> str:
    """What `workbench COMMAND... --help` prints, on lines as long as they need to be."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "1000", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commands(*above: str) -> list[tuple[str, ...]]:
    """Every command below `above`, however deep, found in the braces of the usage line."""
    usage = help_of(*above).split("\n\n")[0]
    found: list[tuple[str, ...]] = []
    braces = re.search(r"\{([\w,-]+)\} \.\.\.", usage)
    for name in braces[1].split(",") if braces else []:
        found += [(*above, name), *commands(*above, name)]
    return found


def flags(text: str) -> set[str]:
    """The long flags in `text`."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - {"--help"}


def title(command: tuple[str, ...]) -> str:
    return " ".join(("workbench", *command))


def test_every_command_is_documented_and_no_other() -> None:
    documented = {s.title for s in sections("command-line.md") if s.title.startswith("workbench")}
    assert documented == {"workbench", *(title(command) for command in commands())}


def test_every_flag_is_documented_under_its_command_and_no_other() -> None:
    for command in [(), *commands()]:
        documented = flags(" ".join(section("command-line.md", title(command)).codes))
        assert documented == flags(help_of(*command)), title(command)


# -------------------------------------------------------------------------------- engines


def test_every_engine_is_documented_and_no_other() -> None:
    documented = {s.title for s in sections("engines.md") if s.level == 2 and "`" in s.title}
    assert documented == {f"{spec.title} (`{spec.name}`)" for spec in engines()}


@pytest.mark.parametrize("spec", engines(), ids=lambda spec: spec.name)
def test_an_engines_section_says_what_its_code_says(spec: EngineSpec) -> None:
    text = section("engines.md", f"{spec.title} (`{spec.name}`)").text
    said = " ".join(text.split())
    for scheme in spec.schemes:
        assert f"`{scheme}://" in said
    able = spec.capabilities
    for fact in (able.stop_mechanism, able.stop_note, able.read_only, able.explain):
        assert fact.strip() in said.replace("`", ""), fact
    for option in spec.options:
        assert f"`{option}`" in said, option
    assert f"verified: {able.verification}" in said.replace("`", "").lower()
