"""The order of documents in a return: by date, then by number with its digits as numbers."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

_DIGITS = re.compile("([0-9]+)")

NumberOrder = tuple[tuple[str, int, int], ...]
_END = ("", -1, 0)


def document_order(date: dt.date, number: str) -> tuple[dt.date, NumberOrder, str]:
    """A key that sorts documents as a return lists them."""
    return date, number_order(number), number


def number_order(number: str) -> NumberOrder:
    """A key that sorts numbers with their digits as numbers: INV-9 before INV-10, INV-010 after both."""
    head = number.rstrip("0123456789")
    before = _order(head)
    if len(head) == len(number):
        return before
    return (*before[:-1], (before[-1][0], int(number[len(head) :]), len(number) - len(head)), _END)


@lru_cache(maxsize=4096)
def _order(text: str) -> NumberOrder:
    """Numbers of one series begin alike, so that most of the work is done once."""
    parts = _DIGITS.split(text.upper())
    texts, digits = parts[::2], [*parts[1::2], ""]
    return tuple((text, int(run or -1), len(run)) for text, run in zip(texts, digits, strict=True))
