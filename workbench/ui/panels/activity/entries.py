"""What the activity panel is told of one live query, and the words it shows for it.

Frozen data and pure functions; any thread. Never looks at the registry: whoever owns it
makes the rows.
"""

from dataclasses import dataclass

from workbench.core.query.registry import Kind
from workbench.core.query.state import State


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One live query. `tab` is the tab's id, `title` what the tab is called.

    `elapsed_ms` counts from the start (or from being queued while it waits); `rows` is None
    where rows mean nothing (a schema refresh). `stop_text` overrides the button's word, which
    else is "Stop", and "Force stop" while a stop is under way.
    """

    id: str
    tab: str
    title: str
    connection: str
    state: State
    elapsed_ms: float
    rows: int | None = None
    statement: str = ""
    kind: Kind = Kind.QUERY
    stop_text: str = ""
    stoppable: bool = True

    @property
    def stop_word(self) -> str:
        """What the row's button says."""
        if self.stop_text:
            return self.stop_text
        return "Force stop" if self.state is State.CANCELLING else "Stop"

    @property
    def stop_name(self) -> str:
        """The button's accessible name: which query it stops."""
        where = f"in {self.title}" if self.title else f"on {self.connection}"
        parts = (self.stop_word, kind_noun(self.kind), one_line(self.statement, 60), where)
        return " ".join(part for part in parts if part)


_STATES = {
    State.QUEUED: ("Queued", "clock-outline", "muted"),
    State.RUNNING: ("Running", "play-circle-outline", "accent"),
    State.CANCELLING: ("Cancelling…", "close-circle-outline", "warning"),
    State.SUCCESS: ("Finished", "check-circle-outline", "ok"),
    State.FAILED: ("Failed", "alert-circle-outline", "danger"),
    State.CANCELLED: ("Cancelled", "cancel", "warning"),
}

_KINDS = {
    Kind.QUERY: ("Query", "query"),
    Kind.CATALOG: ("Schema refresh", "schema refresh"),
    Kind.TRANSACTION: ("Transaction", "transaction"),
    Kind.CONNECT: ("Connection attempt", "connection attempt"),
    Kind.CLEANUP: ("Clean-up", "clean-up"),
}


def state_word(state: State) -> str:
    """The state for people: "Running"."""
    return _STATES[state][0]


def state_icon(state: State) -> tuple[str, str]:
    """Icon and colour token of a state."""
    return _STATES[state][1:]


def kind_word(kind: Kind) -> str:
    """What it is, to begin a line with: "Schema refresh"."""
    return _KINDS[kind][0]


def kind_noun(kind: Kind) -> str:
    """What it is, inside a sentence: "schema refresh"."""
    return _KINDS[kind][1]


def statement_text(row: ActivityRow) -> str:
    """The last column: the statement on one line; what else it is, if it is no query."""
    text = one_line(row.statement, 200)
    if row.kind is Kind.QUERY:
        return text
    word = kind_word(row.kind)
    return f"{word}: {text}" if text and text != word else word


def elapsed_text(ms: float) -> str:
    """Milliseconds as "00:04.2", with hours once there are any: "1:02:03.4"."""
    tenths = max(0, int(ms)) // 100
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{minutes:02d}:{tenths // 10:02d}.{tenths % 10}"
    return f"{hours}:{tail}" if hours else tail


def rows_text(rows: int | None) -> str:
    """A count with thousands set apart, "" for none."""
    return "" if rows is None else f"{rows:,}"


def one_line(text: str, most: int) -> str:
    """The first `most` characters of `text`, white space joined, ended by "…" if cut."""
    head = " ".join(text[: most * 4].split())
    return head if len(head) <= most else head[: most - 1] + "…"
