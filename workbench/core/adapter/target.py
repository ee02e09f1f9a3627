"""Where to connect to: a URL taken apart once, checked against the engine's spec.

The password is kept apart in a `Secret` whose text never shows in repr, str or a traceback.
No I/O: whether a file exists is for the engine's `connect` to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from workbench.core.errors import UserError


class Abilities(Protocol):
    """What of an engine's capabilities decides about its URLs."""

    @property
    def read_only(self) -> str:
        """How the engine enforces read-only, "" if it cannot."""
        ...

    @property
    def in_process(self) -> bool:
        """Are its databases files?"""
        ...


class AddressRules(Protocol):
    """What a URL is checked against: the part of an EngineSpec that says it.

    Its own protocol, because the contract speaks of targets: the import goes that way.
    """

    @property
    def name(self) -> str:
        """The engine's name."""
        ...

    @property
    def title(self) -> str:
        """Its name for people."""
        ...

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes of its URLs."""
        ...

    @property
    def capabilities(self) -> Abilities:
        """What it can do."""
        ...

    @property
    def options(self) -> Mapping[str, str]:
        """The URL options that it knows."""
        ...

    @property
    def file_suffixes(self) -> tuple[str, ...]:
        """What its files' names end with."""
        ...


class Secret:
    """A password that does not show itself. `reveal()` is the one way to its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text, for a driver's connect call and nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._text)


@dataclass(frozen=True, slots=True)
class Target:
    """A database to connect to. `database` is a file path for engines that open files.

    `instance` tells apart two in-memory databases of one engine: sessions of one saved
    connection share it, and so see the same memory.
    """

    engine: str
    scheme: str
    database: str = ""
    host: str = ""
    port: int | None = None
    user: str = ""
    password: Secret | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False
    instance: str = "main"

    @property
    def url(self) -> str:
        """The URL without its password."""
        options = dict(self.options)
        if self.read_only:
            options["readonly"] = "1"
        query = f"?{urlencode(options)}" if options else ""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{user}{host}{port}/{quote(self.database, safe='/:')}{query}"

    def with_password(self, password: str) -> "Target":
        """The same target with `password`."""
        return replace(self, password=Secret(password))


def parse_flag(name: str, text: str) -> bool:
    """Read an option that is on or off. Raises UserError naming it."""
    lowered = text.strip().lower()
    if lowered in ("1", "true", "yes", "on"):
        return True
    if lowered in ("0", "false", "no", "off", ""):
        return False
    raise UserError("Bad option", f"{name}={text!r} is neither on (1) nor off (0).")


def parse_number(name: str, text: str) -> int:
    """Read an option that is a whole number, 0 or more. Raises UserError naming it."""
    if not text.isascii() or not text.isdigit():
        raise UserError("Bad option", f"{name}={text!r} is no whole number.")
    return int(text)


def parse_target(url: str, spec: AddressRules) -> Target:
    """Take `url` apart for `spec`. Raises UserError naming what is wrong; no I/O.

    Options: those of the spec, and `readonly` where the engine can enforce it. A file URL's
    path is everything after the third slash: `duckdb:///a.db` is relative to the working
    directory, `duckdb:////tmp/a.db` absolute (as SQLAlchemy has it). In it a `#` is itself;
    a `?` is written %3F and a `%` %25.
    """
    if any(character in url for character in "\t\r\n"):  # urlsplit would drop them unsaid
        raise UserError("Bad URL", "It holds a tab or a line break.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UserError("Bad URL", f"{_without_password(url)}: {error}") from None
    path, query = parts.path, parts.query
    if parts.fragment and not spec.capabilities.in_process:
        raise UserError("Bad URL", f"{_without_password(url)}: write a '#' as %23.")
    if "#" in url and spec.capabilities.in_process:
        path, _, query = url.partition(":")[2].removeprefix("//").partition("?")
    options = _options(query, spec)
    read_only = parse_flag("readonly", options.pop("readonly", "0"))
    if spec.capabilities.in_process and (parts.netloc or not path.startswith("/")):
        raise UserError(
            "Bad URL",
            f"{_without_password(url)!r}: a file is named after three slashes, as in "
            f"{spec.schemes[0]}:///file{(spec.file_suffixes or ('.db',))[0]} "
            f"(absolute: {spec.schemes[0]}:////tmp/file).",
        )
    return Target(
        engine=spec.name,
        scheme=parts.scheme,
        database=unquote(path[1:]),
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=Secret(unquote(parts.password)) if parts.password else None,
        options=options,
        read_only=read_only,
    )


def _options(query: str, spec: AddressRules) -> dict[str, str]:
    known = dict(spec.options)
    if spec.capabilities.read_only:
        known["readonly"] = "open read-only"
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            offered = ", ".join(sorted(known)) or "none"
            files = (
                " (A ? in a file's name is written %3F.)" if spec.capabilities.in_process else ""
            )
            raise UserError(
                "Unknown option", f"{name!r} in the URL; {spec.title} knows: {offered}.{files}"
            )
        if name in options:
            raise UserError("Bad URL", f"The option {name!r} is there twice.")
        options[name] = value
    return options


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    if not at:
        return url
    scheme, sep, user = head.partition("://")
    return f"{scheme}{sep}{user.partition(':')[0]}@{tail}"
