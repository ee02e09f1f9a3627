"""Which arguments open the window, and which run a command."""

import pytest

from workbench.cli.main import COMMANDS, FORMATS, wants_window
from workbench.core.results.export import Format


@pytest.mark.parametrize(
    "arguments",
    [[], ["x.duckdb"], ["a.sql", "b.sql"], ["sqlite:///x"], ["--tour", "dir"], ["./query"]],
)
def test_files_and_urls_open_the_window(arguments: list[str]) -> None:
    assert wants_window(arguments)


@pytest.mark.parametrize("first", [*COMMANDS, "-h", "--help", "--version"])
def test_commands_and_questions_do_not(first: str) -> None:
    assert not wants_window([first, "anything"])


def test_an_unknown_flag_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        wants_window(["--frobnicate"])
    assert caught.value.code == 2
    assert "--frobnicate" in capsys.readouterr().err


def test_the_formats_offered_are_those_there_are() -> None:
    # main.py spells them out, so that asking for help does not load Arrow.
    assert tuple(Format) == FORMATS
