"""A saved connection, as a frozen value that crosses threads. No I/O, never a secret."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One saved connection. `url` is without its password.

    `colour` marks its tabs ("" for none, else "#rrggbb"); `production` asks before writes;
    `read_only` opens it so that the database refuses writes; `timeout_s` is 0 for the
    settings' own; `folder` groups the list; `password_in_keychain`: the system keychain has
    the password under the profile's name.
    """

    name: str
    url: str
    colour: str = ""
    production: bool = False
    read_only: bool = False
    timeout_s: float = 0.0
    folder: str = ""
    password_in_keychain: bool = False
