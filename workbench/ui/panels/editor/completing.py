"""Answers an editor's wish for completions from what is known of the schema.

GUI thread; never blocks: it looks into memory, and columns that are not loaded yet are
asked for in the background and offered when they come.
"""

from PySide6.QtCore import QObject

from workbench.core.query.pool import SessionPool
from workbench.core.sql.complete import complete
from workbench.ui.panels.editor.completion_popup import Completion
from workbench.ui.panels.editor.sql_editor import SqlEditor
from workbench.ui.runtime.catalogs import Catalogs
from workbench.ui.runtime.tabrun import TabRun


class Completing(QObject):
    """Joins one editor with the catalog of its tab's connection."""

    def __init__(self, editor: SqlEditor, run: TabRun, catalogs: Catalogs) -> None:
        super().__init__(editor)
        self._editor = editor
        self._run = run
        self._catalogs = catalogs
        self._unanswered: tuple[str, int, int] | None = None
        editor.completion_wanted.connect(self._on_wanted)
        catalogs.loaded.connect(self._on_loaded)

    def _on_wanted(self, text: str, caret: int, generation: int) -> None:
        pool = self._run.pool
        if pool is None:
            return
        cache = self._catalogs.cache(pool)
        found = complete(text, caret, pool.spec.dialect, cache)
        items = [Completion(item.text, item.kind, item.detail) for item in found.items]
        self._editor.set_completions(found.start, items, generation)
        self._unanswered = (text, caret, generation) if found.incomplete else None
        wanted = cache.take_wanted()
        if wanted:
            self._catalogs.want(pool, *wanted)

    def _on_loaded(self, pool: SessionPool) -> None:
        if self._unanswered is not None and pool is self._run.pool:
            self._on_wanted(*self._unanswered)
