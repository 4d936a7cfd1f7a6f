"""The order of documents in a return: by date, then by number with its digits as numbers."""

from __future__ import annotations

import datetime as dt
import re

_DIGITS = re.compile("([0-9]+)")

NumberOrder = tuple[tuple[str, int, int], ...]


def document_order(date: dt.date, number: str) -> tuple[dt.date, NumberOrder, str]:
    """A key that sorts documents as a return lists them."""
    return date, number_order(number), number


def number_order(number: str) -> NumberOrder:
    """A key that sorts numbers with their digits as numbers: INV-9 before INV-10, INV-010 after both."""
    parts = _DIGITS.split(number.upper())
    texts, digits = parts[::2], [*parts[1::2], ""]
    return tuple((text, int(run or -1), len(run)) for text, run in zip(texts, digits, strict=True))
