"""Numbers, dates and names as the portal's files write them: compact JSON, amounts in rupees with no idle zeros."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from json.encoder import encode_basestring as quoted_text

__all__ = ["amount", "day", "item_number", "quantity", "quoted_text", "rate"]


def amount(paise: int) -> str:
    """Rupees of a number of paise as JSON writes them: 118000, 12.5, -0.05."""
    if not paise:
        return "0"
    if paise < 0:
        return "-" + amount(-paise)
    whole, cents = divmod(paise, 100)
    if not cents:
        return str(whole)
    if cents % 10:
        return f"{whole}.{cents:02}"
    return f"{whole}.{cents // 10}"


def quantity(thousandths: int) -> str:
    """A quantity with at most two decimals, rounded half away from zero."""
    magnitude = (abs(thousandths) + 5) // 10
    return amount(-magnitude if thousandths < 0 else magnitude)


@lru_cache(maxsize=256)
def rate(thousandths: int) -> str:
    """A rate in per cent: 18, 7.5, 0.25."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)


def item_number(rate_thousandths: int) -> int:
    """`num` of an item, which the tool makes of its rate: 18 gives 1801, 0.25 gives 26, 0 gives 1."""
    return rate_thousandths // 10 + 1


@lru_cache(maxsize=4096)
def day(date: dt.date) -> str:
    """DD-MM-YYYY."""
    return f"{date.day:02}-{date.month:02}-{date.year:04}"
