"""QR codes as SVG text."""

from __future__ import annotations

MASK = 0
"""Any of the eight patterns is a valid symbol (ISO/IEC 18004, 7.8); trying all of them takes most of the time."""


def svg(content: str, *, error: str) -> str:
    """The symbol without quiet zone, one unit a module; `error` is the correction level: l, m, q or h."""
    import segno

    symbol = segno.make_qr(content, error=error, mask=MASK, boost_error=False)
    return symbol.svg_inline(border=0, omitsize=True)
