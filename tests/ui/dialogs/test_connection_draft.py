"""Form values to a URL and back, without a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.dialogs.engines import FILES, SERVER
from workbench.core.adapter import discovery
from workbench.core.adapter.contract import EngineSpec
from workbench.core.errors import UserError
from workbench.ui.dialogs.connection_draft import (
    ConnectionDraft,
    engine_of,
    missing,
    suggested_name,
    url_of,
    values_of,
)

PLAIN = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=30)


@given(
    database=PLAIN,
    user=PLAIN,
    port=st.integers(1, 65535).map(str),
    ssl=st.sampled_from(["off", "require"]),
)
def test_what_the_form_says_comes_back_from_its_url(
    database: str, user: str, port: str, ssl: str
) -> None:
    values = {"host": "db", "port": port, "database": database, "user": user, "ssl": ssl}
    url = url_of(SERVER, values | {"readonly": "1"}, {}, "server")
    back, rest, password = values_of(url, SERVER)
    assert back == values | {"readonly": "1"}
    assert rest == {}
    assert password is None


@given(path=PLAIN)
def test_any_path_comes_back_from_its_url(path: str) -> None:
    back, _rest, _password = values_of(url_of(FILES, {"database": path}, {}, ""), FILES)
    assert back["database"] == path


def test_an_option_without_a_field_is_kept() -> None:
    values, rest, _password = values_of("files:///a.fdb?cache=4&threads=2", FILES)
    assert rest == {"cache": "4"}
    assert values["threads"] == "2"
    assert url_of(FILES, values, rest, "files") == "files:///a.fdb?cache=4&threads=2"


def test_the_password_leaves_the_url() -> None:
    values, rest, password = values_of("server://me:s3cret@db/x", SERVER)
    assert password is not None
    assert password.reveal() == "s3cret"
    assert "s3cret" not in url_of(SERVER, values, rest, "server")


def test_the_scheme_that_was_typed_stays() -> None:
    values, rest, _password = values_of("servers://db/x", SERVER)
    assert url_of(SERVER, values, rest, "servers").startswith("servers://db")


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1", "٣"])
def test_a_bad_port_is_named(port: str) -> None:
    with pytest.raises(UserError, match="number from 1 to 65535"):
        url_of(SERVER, {"host": "db", "port": port}, {}, "")


def test_what_must_be_filled_is_named() -> None:
    assert missing(SERVER, {"host": " "}, creating=False) == ("host", "Host is needed.")
    assert missing(FILES, {}, creating=False) is None
    assert missing(FILES, {}, creating=True) == ("database", "File is needed.")


@pytest.mark.parametrize(
    ("spec", "values", "name"),
    [
        (FILES, {"database": "/data/shop.fdb"}, "shop"),
        (FILES, {"database": ""}, "Files in memory"),
        (FILES, {"database": ":memory:"}, "Files in memory"),
        (SERVER, {"database": "shop", "host": "db1"}, "shop on db1"),
        (SERVER, {"database": "", "host": "db1"}, "db1"),
    ],
)
def test_a_name_is_suggested(spec: EngineSpec, values: dict[str, str], name: str) -> None:
    assert suggested_name(spec, values) == name


def test_a_url_names_its_engine() -> None:
    assert engine_of("SERVERS://x", (FILES, SERVER)) is SERVER
    assert engine_of("server", (FILES, SERVER)) is None
    assert engine_of("other://x", (FILES, SERVER)) is None


def test_the_wish_to_make_the_file_is_not_kept() -> None:
    assert ConnectionDraft("files:///a?create=1").lasting_url == "files:///a"
    assert ConnectionDraft("files:///a?threads=2&create=1").lasting_url == "files:///a?threads=2"
    assert ConnectionDraft("files:///a").lasting_url == "files:///a"


@pytest.mark.parametrize("spec", discovery.engines(), ids=lambda spec: spec.name)
def test_every_engine_can_be_described_by_its_form(spec: EngineSpec) -> None:
    values = {field.where: field.default for field in spec.fields}
    back, _rest, _password = values_of(url_of(spec, values, {}, ""), spec)
    assert {where: text for where, text in back.items() if text not in ("", "0")} == {}
