"""The SQL and its parameters, as the command line gives them."""

from pathlib import Path

import pytest

from workbench.cli.sql_source import read_parameters, read_sql
from workbench.core.errors import UserError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("0", 0),
        ("007", "007"),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", "9223372036854775808"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("nan", "nan"),
        ("TRUE", True),
        ("false", False),
        ("NULL", None),
        ("", ""),
        ("text", "text"),
        ("a=b", "a=b"),
        ("'5'", "5"),
        ("'null'", "null"),
        ("'it''s'", "it's"),
        ("'", "'"),
        ("2024-01-31", "2024-01-31"),
        ("1\u0665", "1\u0665"),
    ],
)
def test_a_value_reads_as_in_sql(text: str, value: object) -> None:
    (found,) = read_parameters([f"p={text}"]).values()
    assert found == value
    assert type(found) is type(value)


def test_the_mark_of_a_parameter_may_stand_before_its_name() -> None:
    assert read_parameters([":a=1", "$b=2", "@c=3", "größe=4"]) == {
        "a": 1, "b": 2, "c": 3, "größe": 4,
    }  # fmt: skip


@pytest.mark.parametrize("pair", ["a", "=1", "a b=1", "1a=1", "-=1"])
def test_a_pair_that_is_none_is_refused_by_name(pair: str) -> None:
    with pytest.raises(UserError, match="NAME=VALUE"):
        read_parameters([pair])


def test_a_parameter_is_given_once() -> None:
    with pytest.raises(UserError, match="twice"):
        read_parameters(["a=1", ":a=2"])


def test_a_folder_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read") as caught:
        read_sql(None, str(tmp_path))
    assert str(tmp_path) in caught.value.message


def test_utf16_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_bytes("SELECT 1".encode("utf-16"))
    with pytest.raises(UserError, match="line 1"):
        read_sql(None, str(path))


def test_an_argument_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(UserError, match="Not UTF-8"):
        read_sql("SELECT '\udcff'", None)
