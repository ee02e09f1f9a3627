"""URLs taken apart and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.adapter import discovery
from workbench.core.adapter.contract import Capabilities, EngineSpec, Verification
from workbench.core.adapter.target import Secret, Target, parse_flag, parse_number, parse_target
from workbench.core.errors import UserError


def _never(*_: object) -> object:
    raise AssertionError("a URL is taken apart without connecting")


SERVER = EngineSpec(
    name="server",
    title="A server",
    schemes=("server",),
    capabilities=Capabilities("none", Verification.SERVER, read_only="SET"),
    connect=_never,  # type: ignore[arg-type]
    options={"sslmode": "how to encrypt"},
)
FILE = discovery.find("sqlite")
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(database=NAMES, read_only=st.booleans())
def test_a_file_s_url_reads_back_as_it_was(database: str, read_only: bool) -> None:
    target = Target("sqlite", "sqlite", database, read_only=read_only, options={"create": "1"})
    assert parse_target(target.url, FILE) == target


@given(database=NAMES, user=NAMES, port=st.integers(1, 65535))
def test_a_server_s_url_reads_back_as_it_was(database: str, user: str, port: int) -> None:
    target = Target(
        "server", "server", database, "db.example", port, user, options={"sslmode": "a&b=c#d"}
    )
    assert parse_target(target.url, SERVER) == target


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("sqlite:///a.db", "a.db"),
        ("sqlite:////tmp/a.db", "/tmp/a.db"),
        ("sqlite:///:memory:", ":memory:"),
        ("sqlite:///", ""),
        ("sqlite:///issue #1.db", "issue #1.db"),
        ("sqlite:///a%23b%3Fc%25.db", "a#b?c%.db"),
        ("sqlite:///50% of it.db", "50% of it.db"),
        ("SQLITE:///A.db", "A.db"),
        ("sqlite:///a#b.db?create=1", "a#b.db"),
        ("sqlite:///%E6%97%A5.db", "日.db"),
    ],
)
def test_what_names_a_file(url: str, database: str) -> None:
    assert parse_target(url, FILE).database == database


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://a.db", "three slashes"),
        ("sqlite:a.db", "three slashes"),
        ("sqlite:///a?b.db", "%3F"),
        ("sqlite:///a.db?colour=red", "colour"),
        ("sqlite:///a.db?readonly=perhaps", "perhaps"),
        ("sqlite:///a.db?create=1&create=0", "twice"),
        ("sqlite:///a\nb.db", "line break"),
    ],
)
def test_a_bad_file_url_is_refused_with_what_is_wrong(url: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_target(url, FILE)
    assert says in caught.value.message


@pytest.mark.parametrize("url", ["server://h:port/d", "server://[::1/d", "server://h:99999/d"])
def test_a_bad_server_url_is_refused(url: str) -> None:
    with pytest.raises(UserError):
        parse_target(url, SERVER)


def test_a_number_sign_in_a_server_s_url_is_not_dropped() -> None:
    with pytest.raises(UserError, match="%23"):
        parse_target("server://u@h/d#x", SERVER)


@pytest.mark.parametrize("broken", ["server://u:geheim@h:x/d", "server://u:geheim@h/d#x"])
def test_an_error_about_a_url_leaves_its_password_out(broken: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_target(broken, SERVER)
    assert "geheim" not in str(caught.value)


def test_a_password_never_shows() -> None:
    target = parse_target("server://u:gehe%40im@h/d", SERVER)
    assert target.password is not None
    assert target.password.reveal() == "gehe@im"
    assert not any("gehe" in shown for shown in (repr(target), str(target), target.url))
    assert repr(Secret("x")) == "Secret(***)"
    assert not Secret("")


def test_read_only_is_an_option_only_where_the_engine_enforces_it() -> None:
    weak = EngineSpec("w", "W", ("w",), Capabilities("none", Verification.NEVER), _never)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="readonly"):
        parse_target("w://h/d?readonly=1", weak)
    assert parse_target("server://h/d?readonly=yes", SERVER).read_only


@pytest.mark.parametrize(("text", "on"), [("1", True), ("On", True), ("no", False), ("", False)])
def test_a_flag_has_few_spellings(text: str, on: bool) -> None:
    assert parse_flag("f", text) is on


@pytest.mark.parametrize("text", ["-1", "1.5", "٣", "x", ""])
def test_a_number_option_takes_whole_numbers_only(text: str) -> None:
    with pytest.raises(UserError, match="n="):
        parse_number("n", text)
    assert parse_number("n", "007") == 7
