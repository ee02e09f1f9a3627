"""Icons by name, drawn from the icon font in a token's colour.

GUI thread only. The only file that imports qtawesome, and it does so at the first icon
drawn, not at start-up: loading the font costs about 100 ms. An icon re-colours itself
when the theme changes, because its engine reads `tokens.current()` while painting and
tells Qt a new cache key per theme.
"""

from functools import lru_cache
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from workbench.ui.theme import tokens


class _TokenIconEngine(QIconEngine):
    """Paints one glyph in the colour that the token has now."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        muted = mode == QIcon.Mode.Disabled
        colour = getattr(tokens.current(), "muted" if muted else self._token)
        if muted:
            painter.setOpacity(0.6)
        _glyph(self._name, colour).paint(painter, rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return drawn

    def clone(self) -> "_TokenIconEngine":
        return _TokenIconEngine(self._name, self._token)


@lru_cache(maxsize=512)
def icon(name: str, color_token: str = "text") -> QIcon:
    """Icon `name` of the Material set ("play", "close", "database") in a token's colour.

    An unknown token is a ValueError here; an unknown glyph shows when it is first drawn.
    """
    if color_token not in tokens.Tokens.__slots__:
        raise ValueError(f"no colour token {color_token!r}")
    return QIcon(_TokenIconEngine(name.removeprefix("mdi6."), color_token))


@lru_cache(maxsize=512)
def _glyph(name: str, colour: str) -> Any:
    import qtawesome  # here: not before the first paint

    return qtawesome.icon(f"mdi6.{name}", color=colour)
