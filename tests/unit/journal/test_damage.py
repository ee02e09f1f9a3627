"""Whatever byte of the newest files is hurt, a whole generation comes back."""

import errno
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.journal.scenes import reopened, tab, texts, workspace, written
from workbench.core.errors import UserError
from workbench.ui.runtime.journal import Journal
from workbench.ui.runtime.workspace import Workspace

_OLD = workspace(tab("a", "select old"), tab("b", "the same"))
_NEW = workspace(tab("a", "select new, longer"), tab("b", "the same"), tab("c", "\ud800\0"))


def _newest_files(folder: Path, states: list[Workspace]) -> list[Path]:
    """The newest index and the texts that only it names."""
    slot = folder / "journal-1"
    indexes = sorted(slot.glob("index-*"), key=lambda p: int(p.name[6:]))
    old = {text.encode("utf-8", "surrogatepass") for text in texts(states[-2]).values()}
    only_new = [p for p in sorted((slot / "texts").iterdir()) if p.read_bytes() not in old]
    return [indexes[-1], *only_new]


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_hurt_file_gives_the_new_or_the_previous_state(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, _OLD, _NEW)
        path = data.draw(st.sampled_from(_newest_files(folder, [_OLD, _NEW])))
        content = path.read_bytes()
        how = data.draw(st.sampled_from(["cut", "flip", "append", "zero", "remove"]))
        at = data.draw(st.integers(0, len(content) - 1))
        hurt = {
            "cut": content[:at],
            "flip": content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :],
            "append": content + b"\0" * (at + 1),
            "zero": b"\0" * len(content),
        }
        if how == "remove":
            path.unlink()
        else:
            path.write_bytes(hurt[how])
        journal = Journal(folder)
        found = journal.load()
        journal.close()
        assert found == _OLD
        if how != "remove" or path.parent.name == "texts":
            assert "was damaged; the state before it was used" in journal.notes[0]
        # And it stays so: the repaired journal is whole.
        again = Journal(folder)
        assert again.load() == _OLD
        assert again.notes == ()
        again.close()


@settings(deadline=None, max_examples=60)
@given(junk=st.binary(max_size=200), name=st.sampled_from(["index-3", "index-2", "index-x"]))
def test_foreign_bytes_are_never_taken_for_a_state(junk: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        written(folder, _OLD, _NEW)
        (folder / "journal-1" / name).write_bytes(junk)
        assert reopened(folder) in (_OLD, _NEW)


def test_damaged_files_are_set_aside_not_deleted(tmp_path: Path) -> None:
    written(tmp_path, _OLD, _NEW)
    index = tmp_path / "journal-1" / "index-2"
    index.write_bytes(b"torn")
    reopened(tmp_path)
    assert (tmp_path / "journal-1" / "damaged-index-2").read_bytes() == b"torn"
    for n in range(10):
        written(tmp_path, workspace(tab("a", str(n))))
    assert (tmp_path / "journal-1" / "damaged-index-2").exists()


def test_a_hurt_text_that_both_states_share_costs_only_its_own_tab(tmp_path: Path) -> None:
    written(tmp_path, _OLD, _NEW)
    shared = next(p for p in tmp_path.rglob("texts/*") if p.read_bytes() == b"the same")
    shared.write_bytes(b"the sama")
    journal = Journal(tmp_path)
    found = journal.load()
    assert texts(found) == {"a": "select new, longer", "c": "\ud800\0"}
    assert "'title of b' is lost" in " ".join(journal.notes)
    assert (shared.parent / f"damaged-{shared.name}").read_bytes() == b"the sama"
    journal.close()
    assert reopened(tmp_path) == found


def test_a_journal_of_rubbish_is_an_empty_workspace_with_a_note(tmp_path: Path) -> None:
    written(tmp_path, _OLD, _NEW)
    for index in tmp_path.rglob("index-*"):
        index.write_bytes(b"rubbish")
    journal = Journal(tmp_path)
    assert journal.load() == Workspace()
    assert "damaged" in journal.notes[0]
    assert journal.write(_NEW)
    journal.close()
    assert reopened(tmp_path) == _NEW


def test_leftovers_of_a_torn_write_are_ignored_and_removed(tmp_path: Path) -> None:
    written(tmp_path, _OLD)
    slot = tmp_path / "journal-1"
    (slot / "index-2.tmp").write_bytes(b"half")
    (slot / "texts" / "abc.tmp").write_bytes(b"half")
    assert reopened(tmp_path) == _OLD
    written(tmp_path, _NEW)
    assert not list(tmp_path.rglob("texts/*.tmp"))


@pytest.mark.parametrize("failing", ["fsync", "replace", "open"])
@pytest.mark.parametrize("after", range(9))
def test_a_disk_that_fails_at_any_step_leaves_the_old_or_the_new_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, after: int
) -> None:
    written(tmp_path, _OLD)
    journal = Journal(tmp_path)
    journal.load()
    steps = {"fsync": os.fsync, "open": os.open, "replace": Path.replace}
    calls = 0

    def fail(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(errno.EIO, "Input/output error")
        return steps[failing](*arguments, **named)  # type: ignore[operator]

    with monkeypatch.context() as broken:
        broken.setattr(Path if failing == "replace" else os, failing, fail)
        try:
            journal.write(_NEW)
            failed = False
        except UserError:
            failed = True
    journal.close()
    found = reopened(tmp_path)
    assert found in (_OLD, _NEW)
    assert failed or found == _NEW
