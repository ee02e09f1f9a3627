"""What is said on stderr, and how small tables look."""

import pytest

from workbench.cli.output import masked, say, say_error, visible
from workbench.cli.tables import table
from workbench.core.errors import EngineError, UserError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:pw@host/db", "postgresql://me:***@host/db"),
        ("two: a://x:y@h b://x:z@h", "two: a://x:***@h b://x:***@h"),
        ("postgresql://me@host:5432/db", "postgresql://me@host:5432/db"),
        ("12:30 a@b", "12:30 a@b"),
    ],
)
def test_the_password_of_a_url_is_blanked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_nothing_said_can_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31mb\r\nc\td")
    assert capsys.readouterr().err == "a\ufffd[31mb\ufffd\nc\td\n"
    assert visible("plain") == "plain"


def test_errors_say_what_happened_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(UserError("Bad URL", "it is crooked"))
    say_error(UserError("Alone"))
    say_error(EngineError("no table", code="42P01", hint="Make one."))
    assert capsys.readouterr().err.splitlines() == [
        "Error: Bad URL: it is crooked",
        "Error: Alone",
        "Error: no table [42P01]",
        "Make one.",
    ]


def test_tables_are_aligned() -> None:
    text = table(("name", "n"), [("a", "1"), ("日本", "200")], right=("n",))
    assert text == "name    n\na       1\n日本  200\n"
