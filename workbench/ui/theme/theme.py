"""Puts a theme on the application: Fusion, one palette, one short style sheet.

GUI thread only. `apply` is called at start-up and whenever the setting changes; with
"system" it also follows the desktop while the program runs. Widgets that paint by
themselves read `tokens.current()` in their paint routine and connect
`changes.theme_changed` to `update` (or use `repaint_on_change`).
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QToolTip, QWidget

from workbench.ui.theme import fonts, stylesheet, tokens
from workbench.ui.theme.tokens import DARK, LIGHT, Tokens

NAMES = ("system", "light", "dark")


class ThemeChanges(QObject):
    """Tells widgets that paint themselves.

    Signals: `theme_changed()` after palette, style sheet and `tokens.current()` are new.
    """

    theme_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = "system"
        self.followed: QApplication | None = None

    def _on_system_changed(self) -> None:
        if self.name == "system" and self.followed is not None:
            _show(self.followed, system_tokens(self.followed))


changes = ThemeChanges()


def apply(app: QApplication, name: str) -> None:
    """Show theme `name`: "light", "dark", or "system" to follow the desktop.

    Any other name is a bug of the caller's check and raises ValueError.
    """
    if name not in NAMES:
        raise ValueError(f"no theme {name!r}; there are {', '.join(NAMES)}")
    changes.name = name
    app.setStyle("Fusion")
    app.setFont(fonts.ui())
    QToolTip.setFont(fonts.ui(12))
    hints = app.styleHints()
    if changes.followed is not app:
        changes.followed = app
        hints.colorSchemeChanged.connect(changes._on_system_changed)
    # Lets the platform draw its own parts (title bar, file dialog) alike.
    if name == "system":
        hints.unsetColorScheme()
    else:
        dark = name == "dark"
        hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    chosen = {"light": LIGHT, "dark": DARK}.get(name) or system_tokens(app)
    _show(app, chosen)


def system_tokens(app: QApplication) -> Tokens:
    """The tokens that suit the desktop's colour scheme; light where it has none."""
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def repaint_on_change(widget: QWidget, also: Callable[[], None] | None = None) -> None:
    """Repaint `widget` on a change of theme; call `also` first (re-made icons, formats).

    `also` must be a bound method of a QObject, so that the connection ends with it.
    """
    if also is not None:
        changes.theme_changed.connect(also)
    changes.theme_changed.connect(widget.update)


def motion_ms(app: QApplication, wanted: int) -> int:
    """`wanted` milliseconds of motion (150 at most), 0 where the desktop asks for none."""
    animated = app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
    if not animated or not app.isEffectEnabled(Qt.UIEffect.UI_General):
        return 0
    return min(wanted, 150)


def set_danger(button: QWidget, danger: bool) -> None:
    """Turn the filled button red (`danger`) or back to the accent."""
    set_property(button, "danger", danger)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have it looked at again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def tooltip_below(widget: QWidget, text: str) -> None:
    """Show `text` as a tooltip under `widget` now (keyboard users never hover)."""
    QToolTip.showText(widget.mapToGlobal(QPoint(0, widget.height())), text, widget)


def _show(app: QApplication, chosen: Tokens) -> None:
    tokens.set_current(chosen)
    app.setPalette(palette(chosen))
    app.setStyleSheet(stylesheet.sheet(chosen))
    changes.theme_changed.emit()


def palette(t: Tokens) -> QPalette:
    """The palette of a theme, disabled colours included."""
    role = QPalette.ColorRole
    colours = {
        role.Window: t.background,
        role.WindowText: t.text,
        role.Base: t.panel,
        role.AlternateBase: t.stripe,
        role.Text: t.text,
        role.Button: t.panel,
        role.ButtonText: t.text,
        role.BrightText: t.danger,
        role.ToolTipBase: t.panel,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.muted,
        role.Highlight: t.selection,
        role.HighlightedText: t.text,
        role.Accent: t.accent,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.Light: t.panel,
        role.Midlight: t.hover,
        role.Mid: t.line,
        role.Dark: t.control_line,
        role.Shadow: t.control_line,
    }
    made = QPalette()
    for each, colour in colours.items():
        made.setColor(each, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(disabled, each, QColor(t.muted))
    return made


def toggle() -> None:
    """Switch between light and dark, for this window's life."""
    app = changes.followed
    if app is not None:
        apply(app, "light" if tokens.current() is DARK else "dark")
