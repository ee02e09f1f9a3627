"""The two typefaces: one for the window, one for code and cells.

GUI thread only, after QApplication exists. Reads no setting: a caller that lets the user
choose passes the family.
"""

from PySide6.QtGui import QFont, QFontDatabase

UI_PIXELS = 13
CODE_PIXELS = 13
_UI_FALLBACKS = ("Inter", "Noto Sans", "DejaVu Sans")
_CODE_FALLBACKS = ("Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono", "monospace")
# What a platform without a desktop calls its font; not a family, so fallbacks go first.
_GENERIC = frozenset({"", "Sans Serif", "Sans", "sans-serif", "monospace", "Monospace", "fixed"})


def ui(pixels: int = UI_PIXELS) -> QFont:
    """The system's window font at `pixels` (13 by default), with fallbacks that have Latin."""
    return _font(
        QFontDatabase.SystemFont.GeneralFont, _UI_FALLBACKS, QFont.StyleHint.SansSerif, pixels
    )


def code(pixels: int = CODE_PIXELS, family: str = "") -> QFont:
    """The system's monospace at `pixels`, or `family` where the user chose one."""
    font = _font(
        QFontDatabase.SystemFont.FixedFont, _CODE_FALLBACKS, QFont.StyleHint.Monospace, pixels
    )
    if family:
        font.setFamilies([family, *font.families()])
    font.setFixedPitch(True)
    return font


def _font(
    kind: QFontDatabase.SystemFont,
    fallbacks: tuple[str, ...],
    hint: QFont.StyleHint,
    pixels: int,
) -> QFont:
    font = QFontDatabase.systemFont(kind)
    system = font.family()
    families = list(fallbacks) if system in _GENERIC else [system, *fallbacks]
    font.setFamilies(families)
    font.setStyleHint(hint)
    font.setPixelSize(pixels)
    return font
