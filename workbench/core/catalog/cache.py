"""What is known of one connection's schema, in memory, for the explorer and for completion.

Any thread may call; nothing blocks or does I/O. Loading is somebody else's work: begin(),
then `Connection.children` on a worker, then put() or fail(). Answers that come after an
invalidation or a newer begin() are dropped, so a slow reply never overwrites a newer one.
Listeners are called with the path that changed, on the thread that changed it, outside the
lock.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.core.adapter.contract import Node, NodeKind
from workbench.core.catalog.tree import (
    ROOT,
    STOPPED,
    UNKNOWN,
    Branch,
    Loading,
    Path,
    evictable,
    holds_tables,
    is_below,
    is_table,
)
from workbench.core.sql.complete import KnownColumn, KnownTable

# A node is some 400 bytes: 100 MB at the very most, for a schema that size.
NODE_LIMIT = 250_000


class CatalogCache:
    """The branches of one connection's tree, by path. Implements `complete.CatalogView`."""

    def __init__(self, node_limit: int = NODE_LIMIT) -> None:
        self._lock = threading.Lock()
        self._limit = node_limit
        self._branches: dict[Path, Branch] = {}  # the least lately used first
        self._tickets: dict[Path, int] = {}
        self._ticket = 0
        self._count = 0
        self._wanted: dict[Path, None] = {}
        self._tables: tuple[KnownTable, ...] | None = None
        self._nodes: tuple[Node, ...] = ()
        self._named: dict[str, list[KnownTable]] = {}
        self._listeners: list[Callable[[Path], None]] = []

    def branch(self, path: Path = ROOT) -> Branch:
        """What is known of the nodes below `path`."""
        with self._lock:
            return self._touch(path)

    def peek(self, path: Path = ROOT) -> Branch:
        """As `branch`, without counting as a use: for a view that walks over everything."""
        return self._branches.get(path, UNKNOWN)

    def node(self, path: Path) -> Node | None:
        """The node at `path`, if its parent's branch holds it."""
        with self._lock:
            branch = self._branches.get(path[:-1], UNKNOWN)
        return next((node for node in branch.nodes if node.path == path), None)

    def begin(self, path: Path = ROOT) -> int:
        """Mark `path` as loading; give the ticket to hand to put() or fail()."""
        with self._lock:
            self._ticket += 1
            ticket = self._tickets[path] = self._ticket
            self._wanted.pop(path, None)
            before = self._branches.get(path, UNKNOWN)
            self._store(path, replace(before, state=Loading.LOADING, error=""))
        self._tell(path)
        return ticket

    def put(self, path: Path, nodes: Sequence[Node], ticket: int | None = None) -> bool:
        """These are the nodes below `path` now. False: `ticket` is out of date, dropped.

        Branches below that no longer have a node are forgotten.
        """
        kept = tuple(nodes[: self._limit])
        with self._lock:
            if not self._redeem(path, ticket):
                return False
            self._store(path, Branch(Loading.KNOWN, kept, cut=len(nodes) - len(kept)))
            present = {node.path for node in kept}
            depth = len(path) + 1
            for below in [key for key in self._branches if len(key) >= depth]:
                if is_below(below, path) and below[:depth] not in present:
                    self._forget(below)
            self._evict(path)
        self._tell(path)
        return True

    def fail(self, path: Path, message: str, ticket: int | None = None) -> bool:
        """Loading `path` failed; the nodes known before stay. False: out of date, dropped."""
        with self._lock:
            if not self._redeem(path, ticket):
                return False
            before = self._branches.get(path, UNKNOWN)
            self._store(path, replace(before, state=Loading.ERROR, error=message))
        self._tell(path)
        return True

    def abort(self, path: Path, ticket: int | None = None) -> bool:
        """Loading `path` was stopped: back to what was known, out of date."""
        with self._lock:
            if not self._redeem(path, ticket):
                return False
            before = self._branches.get(path, UNKNOWN)
            self._store(path, replace(before, state=Loading.UNKNOWN, error=STOPPED))
        self._tell(path)
        return True

    def invalidate(self, path: Path = ROOT) -> None:
        """What is known at and below `path` may be out of date; replies under way are too."""
        with self._lock:
            for key in [key for key in self._tickets if is_below(key, path)]:
                del self._tickets[key]
            for key, branch in list(self._branches.items()):
                if is_below(key, path) and not _nobody_asked(branch):
                    self._branches[key] = replace(branch, state=Loading.UNKNOWN, error="")
        self._tell(path)

    def clear(self) -> None:
        """Forget everything (the connection is gone, or another one)."""
        with self._lock:
            self._branches.clear()
            self._tickets.clear()
            self._wanted.clear()
            self._count, self._tables = 0, None
        self._tell(ROOT)

    def tables(self) -> tuple[KnownTable, ...]:
        """All tables and views known so far, in the tree's order."""
        with self._lock:
            return self._index()

    def table_nodes(self) -> tuple[Node, ...]:
        """The nodes of all tables and views known so far, in the tree's order."""
        with self._lock:
            self._index()
            return self._nodes

    def named(self, name: str) -> Sequence[KnownTable]:
        """The tables and views called `name`, in any case."""
        with self._lock:
            self._index()
            return tuple(self._named.get(name.lower(), ()))

    def columns(self, path: Path) -> tuple[KnownColumn, ...] | None:
        """The columns of the table at `path`; None if they are not loaded: then they are wanted."""
        with self._lock:
            branch = self._touch(path)
            if _nobody_asked(branch):
                self._wanted[path] = None
            if branch.state is not Loading.KNOWN and not branch.nodes:
                return None if branch.state is not Loading.ERROR else ()
        return tuple(
            KnownColumn(node.name, node.detail)
            for node in branch.nodes
            if node.kind is NodeKind.COLUMN
        )

    def take_wanted(self) -> tuple[Path, ...]:
        """The tables whose columns completion asked for in vain since the last call."""
        with self._lock:
            wanted = tuple(self._wanted)
            self._wanted.clear()
        return wanted

    def unloaded(self) -> tuple[Path, ...]:
        """The paths below which tables may be that nobody has asked for, or stopped, yet."""
        with self._lock:
            found = [] if ROOT in self._branches else [ROOT]
            for branch in self._branches.values():
                found += [node.path for node in branch.nodes if holds_tables(node)]
            return tuple(path for path in found if _nobody_asked(self._branches.get(path, UNKNOWN)))

    def subscribe(self, listener: Callable[[Path], None]) -> Callable[[], None]:
        """Call `listener(path)` after each change; gives the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def __len__(self) -> int:
        """How many nodes are held."""
        return self._count

    def _redeem(self, path: Path, ticket: int | None) -> bool:
        if ticket is not None and self._tickets.get(path) != ticket:
            return False
        self._tickets.pop(path, None)
        return True

    def _touch(self, path: Path) -> Branch:
        branch = self._branches.pop(path, None)
        if branch is None:
            return UNKNOWN
        self._branches[path] = branch  # now the latest used
        return branch

    def _store(self, path: Path, branch: Branch) -> None:
        before = self._branches.pop(path, UNKNOWN)
        self._count += len(branch.nodes) - len(before.nodes)
        self._branches[path] = branch
        if not evictable(branch.nodes) or not evictable(before.nodes):
            self._tables = None

    def _forget(self, path: Path) -> None:
        branch = self._branches.pop(path)
        self._count -= len(branch.nodes)
        self._tickets.pop(path, None)
        self._tables = None

    def _evict(self, keep: Path) -> None:
        """Forget the columns not looked at for longest, until the rest fits."""
        if self._count <= self._limit:
            return
        for path, branch in list(self._branches.items()):
            if path != keep and branch.nodes and evictable(branch.nodes):
                self._forget(path)
                if self._count <= self._limit:
                    return

    def _index(self) -> tuple[KnownTable, ...]:
        if self._tables is None:
            known = (node for each in self._branches.values() for node in each.nodes)
            tables = [node for node in known if is_table(node)]
            self._nodes = tuple(sorted(tables, key=lambda node: node.path))
            self._tables = tuple(
                KnownTable(node.path, node.insert, node.kind is NodeKind.VIEW)
                for node in self._nodes
            )
            self._named = {}
            for table in self._tables:
                self._named.setdefault(table.path[-1].lower(), []).append(table)
        return self._tables

    def _tell(self, path: Path) -> None:
        for listener in tuple(self._listeners):
            listener(path)


def _nobody_asked(branch: Branch) -> bool:
    """Whoever stopped a load does not want it started again behind their back."""
    return branch.state is Loading.UNKNOWN and branch.error != STOPPED
