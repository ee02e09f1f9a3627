"""Where log lines go."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.core.errors import UserError
from workbench.core.history.logfile import configure_logging

log = logging.getLogger("workbench.core.history.test")


@pytest.fixture(autouse=True)
def logger() -> Iterator[None]:
    """Put the logger back: other tests rely on pytest's own handlers."""
    ours = logging.getLogger("workbench")
    kept = (list(ours.handlers), ours.level, ours.propagate)
    yield
    for handler in ours.handlers:
        handler.close()
    ours.handlers[:], ours.level, ours.propagate = kept[0], kept[1], kept[2]


def test_warnings_go_to_a_file_that_is_made_with_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_LOG", raising=False)
    configure_logging(tmp_path / "state")
    log.info("not kept")
    assert not (tmp_path / "state").exists()
    log.warning("kept %s", "postgresql://me:hunter2@host/db")
    text = (tmp_path / "state" / "workbench.log").read_text()
    assert "kept postgresql://me:***@host/db" in text
    assert "not kept" not in text


def test_asked_for_they_go_to_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_LOG", "info")
    configure_logging(tmp_path / "state")
    log.info("told")
    assert "told" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_where_no_file_can_be_made_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("WORKBENCH_LOG", raising=False)
    (tmp_path / "state").write_text("a file in the folder's place")
    configure_logging(tmp_path / "state")
    log.warning("lost")
    assert capsys.readouterr().err == ""


def test_an_unknown_level_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_LOG", "loud")
    with pytest.raises(UserError, match="loud"):
        configure_logging(tmp_path)
