"""The one place where Python's offsets meet Qt's.

Python counts code points, a QTextDocument counts UTF-16 units: they part at the first
character outside the BMP (an emoji in a comment). Everything outside this folder speaks
code points; everything that touches a QTextCursor speaks units; these functions translate.
Pure apart from reading the document; GUI thread.

PySide turns a QString with half a surrogate pair into a Python string without it, and takes
U+FEFF or U+FFFE at the start for a byte order mark. So `clean` replaces what can't make the
round trip before it enters a document, and `document_text` repairs what came in otherwise.
"""

import re

from PySide6.QtGui import QTextDocument

_REPLACEMENT = "\ufffd"
# Halves of pairs; non-characters that Qt keeps for its own frames; a byte-swapped mark.
_UNSAFE = re.compile("[\ud800-\udfff\ufdd0\ufdd1\ufffe]")
_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")


def clean(text: str) -> str:
    """`text` as a document can hold it: newlines as LF, unpaired surrogates as U+FFFD.

    A byte order mark is dropped. NUL and everything else stays.
    """
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    text = _UNSAFE.sub(_REPLACEMENT, text.replace("\ufeff", ""))
    return _BREAKS.sub("\n", text)


def line_ending(text: str) -> str:
    r"""The line ending that most lines of `text` have: "\n", "\r\n" or "\r"."""
    crlf = text.count("\r\n")
    lone_cr = text.count("\r") - crlf
    lone_lf = text.count("\n") - crlf
    if crlf and crlf >= max(lone_cr, lone_lf):
        return "\r\n"
    return "\r" if lone_cr > lone_lf else "\n"


def document_text(document: QTextDocument) -> str:
    """The document's text, exactly (`toPlainText` would turn NBSP into a space).

    Its length in UTF-16 units equals the document's, whatever was pasted.
    """
    units = document.characterCount() - 1  # the last paragraph's separator
    text = document.toRawText()
    if utf16_length(text) != units:
        # Half a pair is in it: PySide gives single characters whole, so put them together.
        # Slow (0.3 us each), and seen only if an input method misbehaves.
        halves = "".join(document.characterAt(at) for at in range(units))
        text = _UNSAFE.sub(_REPLACEMENT, _units(halves).decode("utf-16-le", "surrogatepass"))
    return text if text.isascii() else _BREAKS.sub("\n", text)


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` takes."""
    return len(text) if text.isascii() else len(_units(text)) // 2


def to_utf16(text: str, offset: int) -> int:
    """The position in UTF-16 units of code point `offset` in `text`; clamped to its ends."""
    offset = max(0, min(offset, len(text)))
    return offset if text.isascii() else len(_units(text[:offset])) // 2


def from_utf16(text: str, units: int) -> int:
    """The code point at UTF-16 position `units` in `text`; clamped; inside a pair, its start."""
    if text.isascii():
        return max(0, min(units, len(text)))
    raw = _units(text)
    at = max(0, min(units, len(raw) // 2)) * 2
    if 0 < at < len(raw) and 0xDC <= raw[at + 1] <= 0xDF and 0xD8 <= raw[at - 1] <= 0xDB:
        at -= 2
    return len(raw[:at].decode("utf-16-le", "surrogatepass"))


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
