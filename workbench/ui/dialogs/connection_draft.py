"""A connection while it is being described: form values to a URL, and back.

Pure: no Qt, no I/O; any thread. The password never stands in the URL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import parse_qsl, urlencode

from workbench.core.adapter.contract import EngineSpec
from workbench.core.adapter.target import Secret, Target, parse_flag, parse_target
from workbench.core.errors import UserError

READ_ONLY = "readonly"
CREATE = "create"
_PARTS = ("host", "port", "database", "user", "password", READ_ONLY)


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """What the dialog answers. `url` has no password; `save`: keep it under `name`."""

    url: str
    name: str = ""
    password: Secret | None = None
    save: bool = False
    production: bool = False

    @property
    def lasting_url(self) -> str:
        """The URL to keep: without the wish to make the file, which is for the first time."""
        head, sep, query = self.url.partition("?")
        options = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k != CREATE]
        return f"{head}{sep}{urlencode(options)}" if options else head


Values = dict[str, str]


def engine_of(url: str, engines: tuple[EngineSpec, ...]) -> EngineSpec | None:
    """The engine that `url`'s scheme names, None without one."""
    scheme, sep, _rest = url.strip().partition("://")
    if not sep:
        return None
    return next((spec for spec in engines if scheme.lower() in spec.schemes), None)


def values_of(url: str, spec: EngineSpec) -> tuple[Values, Values, Secret | None]:
    """`url` as field values, the options that have no field, and its password.

    Raises UserError naming what is wrong with it.
    """
    target = parse_target(url.strip(), spec)
    known = {field.where for field in spec.fields}
    values = {
        "host": target.host,
        "port": str(target.port or ""),
        "database": target.database,
        "user": target.user,
        READ_ONLY: "1" if target.read_only else "0",
    }
    values |= {name: text for name, text in target.options.items() if name in known}
    rest = {name: text for name, text in target.options.items() if name not in known}
    if target.read_only and READ_ONLY not in known:
        rest[READ_ONLY] = "1"
    return values, rest, target.password


def url_of(
    spec: EngineSpec, values: Mapping[str, str], rest: Mapping[str, str], scheme: str
) -> str:
    """The URL that says what the form says, without the password.

    `rest` are options that have no field. Raises UserError for a value that fits no URL.
    """
    options = dict(rest)
    flags = {field.where for field in spec.fields if field.kind == "flag"}
    for field in spec.fields:
        text = values.get(field.where, "").strip()
        off = field.where in flags and not parse_flag(field.where, text)
        if field.where not in _PARTS and text and text != field.default and not off:
            options[field.where] = text
    read_only = options.pop(READ_ONLY, values.get(READ_ONLY, "0"))
    return Target(
        engine=spec.name,
        scheme=scheme if scheme in spec.schemes else spec.schemes[0],
        database=values.get("database", "").strip(),
        host=values.get("host", "").strip(),
        port=_port(values.get("port", "")),
        user=values.get("user", "").strip(),
        options=options,
        read_only=parse_flag(READ_ONLY, read_only),
    ).url


def missing(
    spec: EngineSpec, values: Mapping[str, str], *, creating: bool
) -> tuple[str, str] | None:
    """The first field that must be filled and is not, as (where, what to say)."""
    for field in spec.fields:
        needed = field.required or (creating and field.where == "database")
        if needed and not values.get(field.where, "").strip():
            return field.where, f"{field.label} is needed."
    return None


def suggested_name(spec: EngineSpec, values: Mapping[str, str]) -> str:
    """What the connection may be called if the user names it nothing."""
    database, host = values.get("database", "").strip(), values.get("host", "").strip()
    if spec.capabilities.in_process:
        in_memory = not database or database == ":memory:"
        return f"{spec.title} in memory" if in_memory else PurePath(database).stem
    return " on ".join(part for part in (database, host) if part)


def can_create(spec: EngineSpec) -> bool:
    """Can this engine make a new database from a URL?"""
    return CREATE in spec.options


def _port(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65536:
        raise UserError("Bad port", f"{text!r} is no port: a number from 1 to 65535.")
    return int(text)
