"""The tabs as the journal keeps them, and back. GUI thread only; does no I/O."""

from workbench.ui.panels.editor.page import EditorPage
from workbench.ui.panels.editor.tabs import EditorTabs
from workbench.ui.runtime.workspace import TabSnapshot, Workspace


def snapshots(tabs: EditorTabs) -> tuple[TabSnapshot, ...]:
    """All tabs, from left to right."""
    return tuple(_snapshot(page) for page in tabs.pages())


def restore(tabs: EditorTabs, workspace: Workspace) -> list[EditorPage]:
    """Open the workspace's tabs, and go to the one that was in front."""
    pages = [_restore(tabs, tab) for tab in workspace.tabs]
    front = tabs.page_by_id(workspace.current)
    if front is not None:
        tabs.setCurrentWidget(front)
    return pages


def _snapshot(page: EditorPage) -> TabSnapshot:
    editor = page.editor
    return TabSnapshot(
        page.tab_id,
        page.title,
        editor.file_text(),
        editor.caret(),
        editor.anchor(),
        page.connection,
        page.file_path,
        page.dirty,
        tuple(page.splitter.sizes()),
    )


def _restore(tabs: EditorTabs, tab: TabSnapshot) -> EditorPage:
    page = tabs.new_tab(tab.text, tab.title, tab.tab_id, activate=False)
    page.connection = tab.connection
    page.file_path = tab.file_path
    page.editor.set_caret(tab.caret, tab.anchor)
    page.dirty = tab.dirty
    if tab.splitter:
        page.splitter.setSizes(list(tab.splitter))
    return page
