"""Tool tips that show data: as the plain text that it is.

Pure. Qt guesses whether a tool tip is rich text, and there is no way to tell it; so what
could be taken for markup is handed over as markup that shows exactly the text.
"""

import html

_MOST = 2000  # characters; more doesn't fit a screen


def plain_tip(text: str) -> str:
    """What to give to `setToolTip` so that `text` shows as it is ("" for none)."""
    if not text:
        return ""
    shown = text if len(text) <= _MOST else text[: _MOST - 1] + "…"
    return f'<qt><p style="white-space: pre-wrap">{html.escape(shown)}</p></qt>'
