"""Text that cannot harm a terminal: what is not printable is shown by its code."""

from __future__ import annotations

import unicodedata

# Joiners shape Devanagari and emoji; every other format character may reorder or hide text.
_JOINERS = {"\u200c", "\u200d"}
_SHOWN_BY_CODE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe(value: str) -> str:
    """The text on one line with control, bidi and unassigned characters as \\x1b or \\u202e."""
    if value.isascii() and value.isprintable():
        return value
    return "".join(_shown(character) for character in value)


def _shown(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _SHOWN_BY_CODE:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
