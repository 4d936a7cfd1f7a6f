"""Pages as pictures: which pixels have ink."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import typst

from invo_cli.exports.pdf.typesetting import FONTS, template_file

PPI = 36
WHITE = 255
_CHANNELS = 4  # red, green, blue, alpha


def pictures(papers: Sequence[dict[str, Any]], template: str) -> list[list[bytes]]:
    """The pages of the papers as rows of pixels, half a millimetre or so each."""
    file = template_file(template)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    data = json.dumps({"format": 1, "papers": papers})
    pages = typst.compile(
        str(file), root=str(file.parent), font_paths=fonts, sys_inputs={"data": data}, format="png", ppi=PPI
    )
    return [rows_of(page) for page in (pages if isinstance(pages, list) else [pages]) if page]


def ink_between(rows: Sequence[bytes], left: int, right: int) -> bool:
    """Whether any pixel of these columns is not white; negative columns count from the right edge."""
    width = len(rows[0]) // _CHANNELS
    first, last = (column % width if column < 0 else column for column in (left, right))
    return any(
        row[place] < WHITE
        for row in rows
        for column in range(first, last)
        for place in range(column * _CHANNELS, column * _CHANNELS + 3)
    )


def rows_of(png: bytes) -> list[bytes]:
    """The rows of an 8-bit RGBA picture (PNG, second edition, clauses 9 and 11)."""
    width, _, depth, colour = struct.unpack_from(">LLBB", png, 16)
    assert (depth, colour) == (8, 6), "typst writes 8-bit RGBA"
    content, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack_from(">L", png, place)
        if png[place + 4 : place + 8] == b"IDAT":
            content += png[place + 8 : place + 8 + length]
        place += length + 12
    return _unfiltered(zlib.decompress(content), width * _CHANNELS)


def _unfiltered(raw: bytes, stride: int) -> list[bytes]:
    rows = [bytes(stride)]
    for start in range(0, len(raw), stride + 1):
        row, above = bytearray(raw[start + 1 : start + 1 + stride]), rows[-1]
        for index in range(stride):
            left = row[index - _CHANNELS] if index >= _CHANNELS else 0
            corner = above[index - _CHANNELS] if index >= _CHANNELS else 0
            row[index] = (row[index] + _predicted(raw[start], left, above[index], corner)) & 0xFF
        rows.append(bytes(row))
    return rows[1:]


def _predicted(filter_type: int, left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    nearest = min((left, above, corner), key=lambda value: abs(estimate - value))
    return (0, left, above, (left + above) // 2, nearest)[filter_type]
