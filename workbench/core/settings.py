"""The settings: one table of names, defaults and meanings, and the file they come from.

`SETTINGS` is the only list; docs/settings.md documents each (a test compares). Reading and
writing block on the file; the values are frozen and may be shared by all threads.
"""

import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import tomlkit

from workbench.core.errors import UserError


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults. Seconds are `_s`, bytes `_mb` (2^20)."""

    theme: str = "system"
    editor_font_size: int = 13
    stop_deadline_s: float = 2.0
    query_timeout_s: float = 0.0
    connect_timeout_s: float = 15.0
    result_memory_mb: int = 256
    history_keep_days: int = 90
    journal_interval_s: float = 1.0
    autocommit: bool = True
    long_run_alert_s: float = 60.0
    sessions_max: int = 16


@dataclass(frozen=True, slots=True)
class Setting:
    """What a setting means: `low`/`high` bound a number, `choices` a word."""

    name: str
    meaning: str
    low: float = 0.0
    high: float = 1e9
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("theme", "Colours of the window.", choices=("system", "light", "dark")),
    Setting("editor_font_size", "Size of the editor's text, in pixels.", 6, 48),
    Setting(
        "stop_deadline_s", "Seconds each rung of a stop gets before the next is offered.", 0.1, 60
    ),
    Setting("query_timeout_s", "Seconds after which a query is stopped; 0 for never.", 0, 604_800),
    Setting("connect_timeout_s", "Seconds a connection attempt may take.", 1, 600),
    Setting(
        "result_memory_mb",
        "Memory for results (MB); what is over goes to the cache folder.",
        16,
        65_536,
    ),
    Setting("history_keep_days", "Days the history is kept; 0 for ever.", 0, 36_500),
    Setting("journal_interval_s", "Seconds between two writes of the hot-exit journal.", 0.2, 2),
    Setting("autocommit", "Whether a new tab commits each statement by itself."),
    Setting(
        "long_run_alert_s", "Seconds after which a running query is logged as long.", 1, 604_800
    ),
    Setting("sessions_max", "Most sessions one connection may open.", 1, 256),
)


def load(path: Path) -> Settings:
    """Read the settings file; without one, the defaults. Blocks.

    Raises UserError naming the file and the entry that is wrong; nothing is changed then.
    """
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            "Settings cannot be read", f"{path}: {error}. Defaults are used."
        ) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            "Settings are not valid TOML", f"{path}: {error}. Defaults are used."
        ) from error
    return from_mapping(values, str(path))


def from_mapping(values: Mapping[str, Any], source: str) -> Settings:
    """Check `values` and make Settings of them. Raises UserError naming `source`."""
    kinds = {f.name: type(f.default) for f in fields(Settings)}
    known = {setting.name: setting for setting in SETTINGS}
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise UserError("Unknown setting", f"{name!r} in {source}.")
        checked[name] = _check(known[name], kinds[name], value, source)
    return Settings(**checked)


def save(path: Path, settings: Settings) -> None:
    """Write what differs from the defaults, keeping comments that stand in the file. Blocks.

    Raises UserError when the file cannot be written; the old one is whole then.
    """
    defaults = Settings()
    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
        for setting in SETTINGS:
            value = getattr(settings, setting.name)
            if value != getattr(defaults, setting.name):
                document[setting.name] = value
            elif setting.name in document:
                del document[setting.name]
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(tomlkit.dumps(document))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except (OSError, ValueError) as error:
        raise UserError("Settings cannot be saved", f"{path}: {error}") from error


def _check(setting: Setting, kind: type, value: Any, source: str) -> Any:
    wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)
    if type(value) not in wanted:
        raise UserError(
            "Bad setting", f"{setting.name} = {value!r} in {source}: must be {kind.__name__}."
        )
    if setting.choices and value not in setting.choices:
        raise UserError(
            "Bad setting",
            f"{setting.name} = {value!r} in {source}: one of {', '.join(setting.choices)}.",
        )
    if kind in (int, float) and not setting.low <= value <= setting.high:
        raise UserError(
            "Bad setting",
            f"{setting.name} = {value!r} in {source}: from {setting.low:g} to {setting.high:g}.",
        )
    return float(value) if kind is float else value
