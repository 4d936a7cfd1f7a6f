"""What the fonts can print: characters without a glyph are written as escapes, so that none vanishes from the paper."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

LONGEST_WORD = 16
"""Characters of a word that is never broken: a document number, a GSTIN."""
LONGEST_PIECE = 8
"""Characters between the places where a longer word may be broken: what the narrowest column holds."""
_BREAK = "\N{ZERO WIDTH SPACE}"
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")  # Indic scripts are spelt with them
_VIRAMA = 9  # canonical combining class
_FIGURE = re.compile(r"[0-9.,%₹-]+")
_FORMATS = (4, 12)


def visible(value: Any, fonts: tuple[Path, ...]) -> Any:
    """The same mapping, list or text with every text as `visible_text` gives it."""
    if isinstance(value, str):
        return visible_text(value, fonts)
    if isinstance(value, dict):
        return {key: visible(each, fonts) for key, each in value.items()}
    if isinstance(value, list):
        return [visible(each, fonts) for each in value]
    return value


def visible_text(text: str, fonts: tuple[Path, ...]) -> str:
    r"""The text with what cannot be seen, or has no glyph in any of the fonts, as an escape such as `\u202e`.

    A tab is a space. Words too long for a column may be broken, figures never.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(_shown(character, lambda: coverage(fonts)) for character in text.replace("\t", " "))
    return " ".join(map(_breakable, text.split(" "))) if len(text) > LONGEST_WORD else text


@cache
def coverage(fonts: tuple[Path, ...]) -> frozenset[int]:
    """The code points that at least one of the fonts has a glyph for."""
    return frozenset(point for font in fonts for point in code_points(font.read_bytes()))


def code_points(font: bytes) -> Iterator[int]:
    """The code points of a TrueType or OpenType font, from its `cmap` table (formats 4 and 12)."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    for entry in range(count):
        (offset,) = struct.unpack_from(">L", cmap, 4 + 8 * entry + 4)
        (form,) = struct.unpack_from(">H", cmap, offset)
        if form in _FORMATS:
            yield from (_segments if form == _FORMATS[0] else _groups)(cmap[offset:])


def _shown(character: str, known: Callable[[], frozenset[int]]) -> str:
    is_seen = character.isprintable() or character in _JOINERS
    if is_seen and (character.isascii() or ord(character) in known() or unicodedata.category(character) == "Zs"):
        return character
    return character.encode("unicode_escape").decode("ascii")


def _breakable(word: str) -> str:
    if len(word) <= LONGEST_WORD or _FIGURE.fullmatch(word):
        return word
    return "".join(_with_breaks(word))


def _with_breaks(word: str) -> Iterator[str]:
    since, before = 0, ""
    for character in word:
        if since >= LONGEST_PIECE and not _is_joined(before, character):
            yield _BREAK
            since = 0
        yield character
        since, before = since + 1, character


def _is_joined(before: str, after: str) -> bool:
    """Whether two characters are drawn as one: a letter and its mark, or consonants joined by a virama."""
    is_mark = unicodedata.category(after).startswith("M")
    return is_mark or unicodedata.combining(before) == _VIRAMA or bool({before, after} & _JOINERS)


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for entry in range(count):
        name, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * entry)
        if name == tag:
            return font[offset : offset + length]
    return b"\0\0\0\0"


def _segments(table: bytes) -> Iterator[int]:
    """Format 4: segments of the Basic Multilingual Plane, the last of them a terminator."""
    (doubled,) = struct.unpack_from(">H", table, 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 2 * doubled)
    at_offsets = 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", table, at_offsets)
    for segment, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            if not offsets[segment]:
                glyph = (point + deltas[segment]) & 0xFFFF
            else:
                place = at_offsets + 2 * segment + offsets[segment] + 2 * (point - start)
                (glyph,) = struct.unpack_from(">H", table, place)
            if glyph:
                yield point


def _groups(table: bytes) -> Iterator[int]:
    """Format 12: groups of any plane."""
    (count,) = struct.unpack_from(">L", table, 12)
    for group in range(count):
        start, end, _ = struct.unpack_from(">LLL", table, 16 + 12 * group)
        yield from range(start, end + 1)
