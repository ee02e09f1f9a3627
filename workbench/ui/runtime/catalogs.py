"""Loads schema trees in the background, one registered query at a time per connection.

GUI thread only. Every load is a live query of kind CATALOG: it shows in the activity panel
and stops like any other. It has a session of its own, so a busy tab never delays it.
"""

from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from workbench.core.adapter.contract import Connection, Node
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import ROOT, Path
from workbench.core.errors import EngineError, ErrorKind
from workbench.core.query.events import RunEnded
from workbench.core.query.handle import QueryHandle
from workbench.core.query.pool import SessionPool
from workbench.core.query.receipt import StopReason
from workbench.core.query.registry import Kind
from workbench.core.query.state import State
from workbench.ui.runtime.runs import Runs

Answer = tuple[Node, ...] | EngineError


@dataclass(eq=False, slots=True)
class _Catalog:
    """One connection's cache, what is to be loaded, and the load under way."""

    pool: SessionPool
    owner: str
    cache: CatalogCache = field(default_factory=CatalogCache)
    due: deque[Path] = field(default_factory=deque)
    handle: QueryHandle | None = None
    gone: bool = False
    tickets: dict[Path, int] = field(default_factory=dict)


class Catalogs(QObject):
    """The catalogs of all open connections.

    Signals: `loading_changed(SessionPool, bool)`; `loaded(SessionPool)`, something new is
    known.
    """

    loading_changed = Signal(object, bool)
    loaded = Signal(object)

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._catalogs: dict[int, _Catalog] = {}
        self._made = 0

    def cache(self, pool: SessionPool) -> CatalogCache:
        """What is known of `pool`'s schema; loads nothing."""
        return self._of(pool).cache

    def want(self, pool: SessionPool, *paths: Path) -> None:
        """Load the nodes below each of `paths`, unless that is under way."""
        catalog = self._of(pool)
        for path in paths:
            if path not in catalog.due and path not in catalog.tickets:
                catalog.due.append(path)
        self._next(catalog)

    def refresh(self, pool: SessionPool, path: Path = ROOT) -> None:
        """What is known at and below `path` is out of date: load it anew.

        Also behind a load of it that is under way: that one looked too early.
        """
        catalog = self._of(pool)
        catalog.cache.invalidate(path)
        if path not in catalog.due:
            catalog.due.append(path)
        self._next(catalog)

    def loading(self, pool: SessionPool) -> bool:
        """Is a load of this connection under way?"""
        return self._of(pool).handle is not None

    def stop(self, pool: SessionPool) -> None:
        """Stop the load under way, and forget what was to be loaded."""
        catalog = self._of(pool)
        catalog.due.clear()
        if catalog.handle is not None:
            self._runs.stop(catalog.handle, StopReason.USER)

    def let_go(self, pool: SessionPool) -> None:
        """No tab is on `pool` any more: stop loading, close the session.

        So that nothing of ours holds a lock on the file.
        """
        catalog = self._catalogs.pop(id(pool), None)
        if catalog is not None:
            catalog.gone = True
            self._runs.spawn(self._let_go(catalog))

    async def _let_go(self, catalog: _Catalog) -> None:
        catalog.due.clear()
        if catalog.handle is not None:
            await self._runs.stop_for_good(catalog.handle, StopReason.SHUTDOWN)
        pool, owner = catalog.pool, catalog.owner
        await self._runs.workers.file_work(lambda: pool.release(owner))

    def _of(self, pool: SessionPool) -> _Catalog:
        if id(pool) not in self._catalogs:
            # A number of its own: the session of one that was let go is not the next one's.
            self._made += 1
            self._catalogs[id(pool)] = _Catalog(pool, f"catalog {self._made}")
        return self._catalogs[id(pool)]

    def _next(self, catalog: _Catalog) -> None:
        if catalog.handle is not None or not catalog.due or catalog.gone:
            return
        jobs = [(path, catalog.cache.node(path)) for path in catalog.due]
        jobs = [(path, node) for path, node in jobs if node is not None or path == ROOT]
        catalog.due.clear()
        if not jobs:
            return
        catalog.tickets = {path: catalog.cache.begin(path) for path, _node in jobs}
        handle = self._runs.workbench.queries.work(
            catalog.pool,
            f"Schema of {' . '.join(jobs[0][0]) or catalog.pool.name}",
            lambda connection: _children(connection, jobs),
            tab=catalog.owner,
            kind=Kind.CATALOG,
        )
        catalog.handle = handle
        self.loading_changed.emit(catalog.pool, True)
        self._runs.start(handle, lambda event: self._on_event(catalog, handle, event))

    def _on_event(self, catalog: _Catalog, handle: QueryHandle, event: object) -> None:
        if not isinstance(event, RunEnded) or catalog.handle is not handle:
            return
        catalog.handle = None
        tickets, catalog.tickets = catalog.tickets, {}
        if event.state is State.SUCCESS and isinstance(handle.outcome, dict):
            for path, answer in handle.outcome.items():
                _keep(catalog.cache, path, answer, tickets[path])
            catalog.due.extend(catalog.cache.unloaded())
        elif event.state is State.CANCELLED:
            for path, ticket in tickets.items():
                catalog.cache.abort(path, ticket)
        else:
            message = event.error.message if event.error is not None else "It could not be loaded."
            for path, ticket in tickets.items():
                catalog.cache.fail(path, message, ticket)
        self.loading_changed.emit(catalog.pool, False)
        self.loaded.emit(catalog.pool)
        self._next(catalog)


def _children(connection: Connection, jobs: list[tuple[Path, Node | None]]) -> dict[Path, Answer]:
    """On the worker: the nodes below each path; an error of one spares the others."""
    found: dict[Path, Answer] = {}
    for path, node in jobs:
        try:
            found[path] = connection.children(node)
        except EngineError as error:
            if error.kind in (ErrorKind.STOPPED, ErrorKind.CONNECTION_LOST):
                raise
            found[path] = error
    return found


def _keep(cache: CatalogCache, path: Path, answer: Answer, ticket: int) -> None:
    if isinstance(answer, EngineError):
        cache.fail(path, answer.message, ticket)
    else:
        cache.put(path, answer, ticket)
