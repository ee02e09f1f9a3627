"""What comes back after a quit or a crash, as plain data, and its form in a file.

Pure, no Qt; any thread. `to_json` and `from_json` carry everything but the tabs' texts,
which the journal keeps in files of their own, named by their digest.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class TabSnapshot:
    """One tab. `caret` and `anchor` count code points; `connection` is a name or a URL.

    A password in a URL is taken out before anything is written.
    """

    tab_id: str
    title: str
    text: str = ""
    caret: int = 0
    anchor: int = 0
    connection: str | None = None
    file_path: str | None = None
    dirty: bool = False
    splitter: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    """The window: tabs from left to right, the id of the one in front, its geometry.

    `geometry` and `window_state` are what Qt's save functions gave; `splitters` the sizes by
    the splitter's name.
    """

    tabs: tuple[TabSnapshot, ...] = ()
    current: str = ""
    geometry: bytes = b""
    window_state: bytes = b""
    splitters: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def to_json(workspace: Workspace, digests: Mapping[str, str]) -> str:
    """The workspace as JSON (ASCII), each text by its digest from `digests` (by tab id)."""
    return json.dumps(
        {
            "tabs": [
                {
                    "id": tab.tab_id,
                    "title": tab.title,
                    "text": digests[tab.tab_id],
                    "caret": tab.caret,
                    "anchor": tab.anchor,
                    "connection": without_password(tab.connection),
                    "file": tab.file_path,
                    "dirty": tab.dirty,
                    "splitter": list(tab.splitter),
                }
                for tab in workspace.tabs
            ],
            "current": workspace.current,
            "geometry": base64.b64encode(workspace.geometry).decode("ascii"),
            "window_state": base64.b64encode(workspace.window_state).decode("ascii"),
            "splitters": {name: list(sizes) for name, sizes in workspace.splitters.items()},
        }
    )


def from_json(body: str, read_text: Callable[[str], str]) -> Workspace:
    """The workspace of `body`; `read_text` gives the text of a digest.

    Raises ValueError, KeyError or TypeError if `body` isn't one, and what `read_text` does.
    """
    found: dict[str, Any] = json.loads(body)
    return Workspace(
        tabs=tuple(
            TabSnapshot(
                tab_id=tab["id"],
                title=tab["title"],
                text=read_text(tab["text"]),
                caret=tab["caret"],
                anchor=tab["anchor"],
                connection=tab["connection"],
                file_path=tab["file"],
                dirty=tab["dirty"],
                splitter=tuple(tab["splitter"]),
            )
            for tab in found["tabs"]
        ),
        current=found["current"],
        geometry=base64.b64decode(found["geometry"], validate=True),
        window_state=base64.b64decode(found["window_state"], validate=True),
        splitters={name: tuple(sizes) for name, sizes in found["splitters"].items()},
    )


def merged(first: Workspace, others: list[Workspace], new_id: Callable[[], str]) -> Workspace:
    """`first` with the tabs of the `others` after its own; its window and front tab stay.

    A tab that is there already (same id and text) isn't repeated; one with the same id and
    another text gets an id from `new_id`.
    """
    tabs = list(first.tabs)
    for other in others:
        for tab in other.tabs:
            twin = next((each for each in tabs if each.tab_id == tab.tab_id), None)
            if twin is None:
                tabs.append(tab)
            elif twin.text != tab.text:
                tabs.append(replace(tab, tab_id=new_id()))
    return replace(first, tabs=tuple(tabs))


def without_password(connection: str | None) -> str | None:
    """A connection's URL without its password; a name as it is."""
    if connection is None or "://" not in connection:
        return connection
    head, at, tail = connection.rpartition("@")
    if not at:
        return connection
    scheme, mark, user = head.partition("://")
    return f"{scheme}{mark}{user.partition(':')[0]}@{tail}"
