"""The rows of the schema tree in their places, by number.

GUI thread. Qt's indexes carry a number and never a pointer, so that one that is kept too
long finds nothing instead of freed memory. Knows neither Qt nor the catalog.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workbench.core.catalog.tree import ROOT
from workbench.ui.panels.schema.rows import Row, RowKind


@dataclass(eq=False, slots=True)
class Entry:
    """A row in its place. `id` goes into the index; `rows` is None until it is looked into."""

    id: int
    row: Row
    parent: "Entry | None"
    place: int = 0
    rows: "list[Entry] | None" = field(default=None)


class Entries:
    """The tree of entries. `make_rows` gives the rows below an entry when first looked into."""

    def __init__(self, make_rows: Callable[[Entry], list[Row]]) -> None:
        self._make_rows = make_rows
        self._by_id: dict[int, Entry] = {}
        self._last = 0
        self.root = Entry(0, Row(RowKind.NODE, ROOT, ""), None)

    def clear(self) -> None:
        """Forget all; numbers are not used again."""
        self._by_id.clear()
        self.root.rows = None

    def get(self, id: int) -> Entry | None:
        """The entry with this number, None if it is gone."""
        return self._by_id.get(id)

    def below(self, entry: Entry) -> list[Entry]:
        """The entries below `entry`."""
        if entry.rows is None:
            entry.rows = []
            self.insert(entry, 0, self._make_rows(entry))
        return entry.rows

    def insert(self, parent: Entry, place: int, rows: Sequence[Row]) -> None:
        """Put rows below `parent`, from `place` on."""
        made = []
        for row in rows:
            self._last += 1
            entry = self._by_id[self._last] = Entry(self._last, row, parent)
            made.append(entry)
        held = parent.rows = parent.rows or []
        held[place:place] = made
        _number(held)

    def remove(self, parent: Entry, first: int, last: int) -> None:
        """Take the rows `first` to `last` out, with all below them."""
        held = parent.rows or []
        for entry in held[first : last + 1]:
            self._drop(entry)
        del held[first : last + 1]
        _number(held)

    def _drop(self, entry: Entry) -> None:
        self._by_id.pop(entry.id, None)
        for child in entry.rows or ():
            self._drop(child)


def _number(entries: list[Entry]) -> None:
    for place, entry in enumerate(entries):
        entry.place = place
