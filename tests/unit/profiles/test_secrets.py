"""Passwords in the system's keychain, or a clear word that there is none."""

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.errors
import pytest

from workbench.core.errors import UserError
from workbench.core.profiles.secrets import forget_password, password_of, save_password


class Drawer(keyring.backend.KeyringBackend):
    """A keychain in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked("it is locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before = keyring.get_keyring()
    made = Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_password_is_kept_found_and_forgotten(drawer: Drawer) -> None:
    save_password("shop", "hunter2")
    assert drawer.kept == {("workbench", "shop"): "hunter2"}
    assert password_of("shop") == "hunter2"
    forget_password("shop")
    assert password_of("shop") is None


def test_forgetting_what_is_not_there_is_no_error(drawer: Drawer) -> None:
    forget_password("nobody")


def test_a_locked_keychain_is_told(drawer: Drawer) -> None:
    drawer.locked = True
    with pytest.raises(UserError, match="locked"):
        password_of("shop")


def test_without_a_keychain_it_is_said_what_to_do_instead() -> None:
    # conftest.py leaves the tests without one.
    with pytest.raises(UserError, match="WORKBENCH_PASSWORD"):
        password_of("x")
    with pytest.raises(UserError, match="WORKBENCH_PASSWORD") as caught:
        save_password("x", "hunter2")
    assert "hunter2" not in str(caught.value)
