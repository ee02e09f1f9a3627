"""Every colour of the window, by what it means. Nothing else in the program names a colour.

Plain data, no Qt. `current()` may be read from any thread; only `theme.apply` sets it, on
the GUI thread. A painter reads `current()` inside its paint routine and keeps no copy, so
a change of theme needs no more than a repaint.

`TEXT_PAIRS` lists the colours that are drawn as text and the grounds they are drawn on; a
test holds each pair to a contrast of 4.5:1 (WCAG AA), and `SHAPE_PAIRS` to 3:1. A new
use of a colour as text goes into the list first.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Each value is "#rrggbb"."""

    dark: bool
    background: str  # the window
    panel: str  # cards, the editor, the grid
    line: str  # 1 px borders
    text: str
    muted: str  # second-rank text: types, units, line numbers
    null: str  # NULL in the grid
    accent: str  # Run, focus, the current tab
    on_accent: str
    selection: str
    danger: str  # Cancel, errors
    on_danger: str
    ok: str  # verified
    warning: str  # unconfirmed, partial
    keyword: str
    function: str
    string: str
    number: str
    comment: str
    # Derived grounds and shades.
    stripe: str  # every other row
    hover: str  # under the pointer
    current_line: str
    selection_muted: str  # muted text on a selected row
    control_line: str  # borders that say "this can be operated": 3:1 against the ground
    accent_hover: str
    danger_hover: str
    error_ground: str  # a banner that reports an error
    warning_ground: str  # a banner that warns: partial rows
    ok_ground: str
    match: str  # ground of a hit of the search, and of a bracket's partner
    match_current: str


LIGHT = Tokens(
    dark=False,
    background="#f6f7f9",
    panel="#ffffff",
    line="#e3e6ea",
    text="#1d2329",
    muted="#66707c",
    null="#6c737c",
    accent="#2b68e0",
    on_accent="#ffffff",
    selection="#dbe7ff",
    danger="#c53e37",
    on_danger="#ffffff",
    ok="#187b4c",
    warning="#8a5b17",
    keyword="#7a3ff2",
    function="#0f6abb",
    string="#1c7f46",
    number="#ac5900",
    comment="#69717b",
    stripe="#fafbfc",
    hover="#f1f3f6",
    current_line="#f5f8fc",
    selection_muted="#5a6470",
    control_line="#848d99",
    accent_hover="#245bc9",
    danger_hover="#ad332d",
    error_ground="#fdeeed",
    warning_ground="#fdf4e0",
    ok_ground="#e6f6ee",
    match="#fdecb8",
    match_current="#ffd166",
)

DARK = Tokens(
    dark=True,
    background="#15181c",
    panel="#1c2025",
    line="#2c323a",
    text="#e4e8ed",
    muted="#8d97a5",
    null="#868e99",
    accent="#5b8cff",
    on_accent="#0d1117",
    selection="#27406f",
    danger="#ff6b62",
    on_danger="#0d1117",
    ok="#4cc38a",
    warning="#e0b252",
    keyword="#b692ff",
    function="#6cb6ff",
    string="#7fd39b",
    number="#f0a45d",
    comment="#858e99",
    stripe="#1f2329",
    hover="#282e36",
    current_line="#21262c",
    selection_muted="#a9b4c4",
    control_line="#6f7a88",
    accent_hover="#7aa2ff",
    danger_hover="#ff8a83",
    error_ground="#3a2022",
    warning_ground="#352c1a",
    ok_ground="#1a3027",
    match="#4d4423",
    match_current="#7a6420",
)

_GROUNDS = ("background", "panel", "stripe", "current_line")

# (text, ground) by token name.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((name, ground) for name in ("text", "muted") for ground in (*_GROUNDS, "hover")),
    *(
        (name, ground)
        for name in ("accent", "danger", "ok", "warning")
        for ground in ("background", "panel", "stripe")
    ),
    *(("null", ground) for ground in ("panel", "stripe")),
    *(
        (name, ground)
        for name in ("keyword", "function", "string", "number", "comment")
        for ground in ("panel", "current_line")
    ),
    ("text", "selection"),
    ("selection_muted", "selection"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    ("text", "error_ground"),
    ("danger", "error_ground"),
    ("text", "warning_ground"),
    ("warning", "warning_ground"),
    ("text", "ok_ground"),
    ("ok", "ok_ground"),
    ("text", "match"),
    ("text", "match_current"),
)

# (shape, ground): focus rings, borders of controls, the bar of the current tab, state dots.
SHAPE_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (name, ground)
    for name in ("accent", "control_line", "danger", "warning", "ok")
    for ground in ("background", "panel")
)


_shown = [LIGHT]


def current() -> Tokens:
    """The theme being shown. Any thread."""
    return _shown[0]


def set_current(tokens: Tokens) -> None:
    """Make `tokens` the theme being shown; `theme.apply` calls this, then tells the widgets."""
    _shown[0] = tokens
