"""What the connection picker offers: plain data. Any thread."""

from dataclasses import dataclass
from enum import StrEnum


class ItemKind(StrEnum):
    """Which part of the list an item stands in."""

    OPEN = "open"
    SAVED = "saved"
    SAMPLE = "sample"
    RECENT = "recent"


HEADINGS = {
    ItemKind.OPEN: "Open",
    ItemKind.SAVED: "Saved connections",
    ItemKind.SAMPLE: "Sample databases",
    ItemKind.RECENT: "Recent files",
}


@dataclass(frozen=True, slots=True)
class ConnectionItem:
    """One connection. `key` is the owner's (a name, a URL, a path) and comes back as it was.

    `title` is what it is called, `detail` is muted beside it ("DuckDB", a folder). `icon` is a
    name of the icon set.
    """

    key: str
    title: str
    detail: str = ""
    kind: ItemKind = ItemKind.SAVED
    production: bool = False
    read_only: bool = False
    icon: str = "database"

    @property
    def marks(self) -> str:
        """What the connection is besides its name, in words: "production, read-only"."""
        words = (("production", self.production), ("read-only", self.read_only))
        return ", ".join(word for word, holds in words if holds)
