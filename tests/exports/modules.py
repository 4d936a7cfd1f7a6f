"""QR symbols as sets of dark modules: what an SVG shows, and what a text makes."""

from __future__ import annotations

import re

import segno

from invo_cli.exports.pdf.qr import MASK

Modules = frozenset[tuple[int, int]]


def modules_of(svg: str) -> Modules:
    """The dark modules (column, row) of an SVG of strokes one unit high, as they are drawn: M, m and h commands."""
    (path,) = re.findall(r' d="([^"]*)"', svg)
    dark: set[tuple[int, int]] = set()
    column, row = 0.0, 0.0
    for command, text in re.findall(r"([Mmh])([^Mmh]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", text)]
        if command == "h":
            dark |= {(place, int(row)) for place in range(int(column), int(column + numbers[0]))}
            column += numbers[0]
        else:
            x, y = numbers
            column, row = (x, y) if command == "M" else (column + x, row + y)
    return frozenset(dark)


def symbol_of(text: str) -> Modules:
    """The dark modules of the symbol of a text, with the correction level of signed codes."""
    rows = segno.make_qr(text, error="l", mask=MASK, boost_error=False).matrix
    return frozenset((column, row) for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell)
