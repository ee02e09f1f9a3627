"""Workspaces and folders that the journal's tests share."""

from pathlib import Path

from workbench.ui.runtime.journal import Journal
from workbench.ui.runtime.workspace import TabSnapshot, Workspace


def tab(tab_id: str, text: str, **more: object) -> TabSnapshot:
    """A tab named after its id."""
    return TabSnapshot(tab_id=tab_id, title=f"title of {tab_id}", text=text, **more)  # type: ignore[arg-type]


def workspace(*tabs: TabSnapshot) -> Workspace:
    """A window with these tabs, the first in front."""
    return Workspace(tabs=tabs, current=tabs[0].tab_id if tabs else "")


def reopened(directory: Path) -> Workspace:
    """What the next process would find, leaving the slot free again."""
    journal = Journal(directory)
    try:
        return journal.load()
    finally:
        journal.close()


def written(directory: Path, *states: Workspace) -> None:
    """A process that wrote these states and ended."""
    journal = Journal(directory)
    journal.load()
    for state in states:
        journal.write(state)
    journal.close()


def texts(state: Workspace) -> dict[str, str]:
    """Texts by tab id."""
    return {each.tab_id: each.text for each in state.tabs}
