"""Passwords, in the system's keychain and nowhere else.

Every call blocks (the keychain may ask the user to unlock it) and belongs on a worker. The
keychain's library is loaded on first use. Never logs, never writes a file.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from workbench.core.errors import UserError

SERVICE = "workbench"

T = TypeVar("T")


def password_of(name: str) -> str | None:
    """The password of the saved connection `name`, None if the keychain has none. Blocks.

    Raises UserError when there is no keychain, or it refuses.
    """
    return _keychain(lambda keyring: keyring.get_password(SERVICE, name))


def save_password(name: str, password: str) -> None:
    """Put the password of the connection `name` into the keychain. Blocks. UserError."""
    _keychain(lambda keyring: keyring.set_password(SERVICE, name, password))


def forget_password(name: str) -> None:
    """Take the password of `name` out of the keychain, if it is there. Blocks. UserError."""

    def forget(keyring: "_Keyring") -> None:
        if keyring.get_password(SERVICE, name) is not None:
            keyring.delete_password(SERVICE, name)

    _keychain(forget)


class _Keyring(Protocol):
    """What is used of the keyring package."""

    def get_password(self, service: str, name: str) -> str | None: ...

    def set_password(self, service: str, name: str, password: str) -> None: ...

    def delete_password(self, service: str, name: str) -> None: ...


def _keychain(call: Callable[[_Keyring], T]) -> T:
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return call(keyring)
    except NoKeyringError as error:
        raise UserError(
            "No keychain",
            "This system offers no keychain, so no password can be saved or found there. "
            "Give it by WORKBENCH_PASSWORD or type it when asked; nothing was written.",
        ) from error
    except KeyringError as error:
        raise UserError(
            "The keychain refused",
            f"{error}. Unlock it and try again, or give the password by WORKBENCH_PASSWORD.",
        ) from error
