"""Dates and amounts as Indian banks write them in statements."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.money import parse_counter_decimal
from invo_cli.gst.text import quoted

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"[ T,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?$")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/., ]+([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SIGN = re.compile(r"\(?\s*(?P<word>cr|dr)\.?\s*\)?$", re.IGNORECASE)
_NOTHING = frozenset(("", "-", "--", "nil", "na", "n/a"))


def is_date_like(text: str) -> bool:
    """Whether somebody meant a date: a total or a heading is none."""
    bare = _TIME.sub("", text.strip())
    return _DAY_FIRST.fullmatch(bare) is not None or _YEAR_FIRST.fullmatch(bare) is not None


def parse_bank_date(text: str) -> dt.date:
    """The day of 05/10/26, 05-10-2026, 05-Oct-2026, 5 Oct 2026 or 2026-10-05; the day first, any time dropped."""
    bare = _TIME.sub("", text.strip())
    if match := _YEAR_FIRST.fullmatch(bare):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.fullmatch(bare):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
        year += 2000 if year < 100 else 0
    else:
        raise InvalidError(f"Date {quoted(text)} is not a date.", hint="Write it as 05/10/2026 or 05-Oct-2026.")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise InvalidError(
            f"Date {quoted(text)} is not a day of the calendar.", hint="Dates are read day, month, year."
        ) from None


def parse_bank_amount(text: str) -> Decimal:
    """Rupees of 1,18,000.00, ₹ 118000, (500.00), 500.00 Cr, 500.00(Dr): below zero for money that went out."""
    bare = re.sub("^(?:₹|rs\\.?|inr)\\s*", "", text.strip(), flags=re.IGNORECASE)
    sign = _SIGN.search(bare)
    word = sign["word"].lower() if sign else ""
    bare = bare[: sign.start()].strip() if sign else bare
    if bare.lower() in _NOTHING:
        return Decimal(0)
    in_brackets = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1].strip() if in_brackets else bare.removeprefix("+")
    amount = parse_counter_decimal(_two_places(bare), what="Amount", places=2, negative=True)
    return -abs(amount) if in_brackets or word == "dr" else amount


def has_sign(text: str) -> bool:
    """Whether an amount says itself if money came or went."""
    bare = text.strip()
    return bare[:1] in ("-", "+", "(") or _SIGN.search(bare) is not None


def _month(text: str) -> int:
    if text[0].isdigit():
        return int(text)
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0


def _two_places(text: str) -> str:
    """Without the zeros that some banks write behind the paise: 1180.0000."""
    return re.sub(r"(\.[0-9]{2})0+$", r"\1", text)
