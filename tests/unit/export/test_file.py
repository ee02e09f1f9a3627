"""An output file is there whole or not at all."""

import os
import threading
from pathlib import Path

import pytest

from workbench.core.errors import UserError
from workbench.core.results.export_file import OutputFile


def test_it_appears_when_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    out = OutputFile(path)
    out.write(b"data")
    assert not path.exists()
    out.keep()
    assert path.read_bytes() == b"data"
    assert list(tmp_path.iterdir()) == [path]


def test_dropped_it_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    out = OutputFile(path)
    out.write(b"data")
    out.drop()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_replaced_file_keeps_its_mode_and_a_new_one_has_the_usual(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o640)
    for path in (old, new):
        out = OutputFile(path)
        out.keep()
    assert old.stat().st_mode & 0o777 == 0o640
    mask = os.umask(0)
    os.umask(mask)
    assert new.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    out = OutputFile(link)
    out.write(b"data")
    out.keep()
    assert link.is_symlink()
    assert target.read_bytes() == b"data"


def test_a_pipe_is_written_directly(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    seen = []
    reader = threading.Thread(target=lambda: seen.append(path.read_bytes()))
    reader.start()
    out = OutputFile(path)
    out.write(b"data")
    out.keep()
    reader.join()
    assert seen == [b"data"]


@pytest.mark.parametrize("name", ["", "no/such/folder/x", "a\0b", "loop"])
def test_a_place_that_is_none_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(UserError) as caught:
        OutputFile(tmp_path / name)
    assert str(tmp_path) in caught.value.message
