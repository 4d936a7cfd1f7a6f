"""How each kind of value in a document file is read and written, and how large it may be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.contact import check_email, normalise_mobile
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.money import format_rate, parse_decimal
from invo_cli.gst.periods import parse_date
from invo_cli.gst.shapes import Field
from invo_cli.gst.states import parse_state
from invo_cli.gst.strict_json import kind_of
from invo_cli.gst.text import clean_text, nearest, quoted

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "address": 100,
        "city": 50,
        "code": 50,
        "country": 60,
        "customer": 200,
        "description": 500,
        "document": 15,
        "idempotency_key": 200,
        "name": 200,
        "notes": 2000,
        "number": 40,
        "pincode": 16,
        "reason": 500,
        "reference": 50,
        "serial": 100,
        "terms": 2000,
        "vehicle": 20,
        "lines": 10_000,
        "charges": 100,
    }
)
"""The most characters of each text, after normalising, and the most entries of each list."""
_CODE = re.compile("[A-Za-z0-9][A-Za-z0-9._/-]*")


def check_code(value: str) -> str:
    """A code to call a record by: letters, digits and . _ / - behind a letter or digit."""
    cleaned = clean_text(value, what="Code", limit=LIMITS["code"])
    if not _CODE.fullmatch(cleaned):
        raise InvalidError(
            f"Code {quoted(cleaned)} may hold only letters, digits and . _ / - and begins with a letter or digit.",
            hint="For example: SCREEN-A51",
        )
    return cleaned


def text(what: str, limit: str) -> Field:
    """Text of at most `LIMITS[limit]` characters."""
    return parsed(what, lambda value: clean_text(value, what=what, limit=LIMITS[limit]))


def parsed(what: str, parse: Callable[[str], Any], write: Callable[[Any], Any] = str) -> Field:
    """A text that `parse` turns into a value or refuses."""

    return Field(lambda value, path: parse(_as_text(value, what)), write)


def matching(what: str, pattern: str, hint: str) -> Field:
    """A text in capitals that fits a pattern completely."""

    def parse(value: str) -> str:
        if not re.fullmatch(pattern, value.strip().upper()):
            raise InvalidError(f"{what} {quoted(value)} has the wrong form.", hint=hint)
        return value.strip().upper()

    return parsed(what, parse)


def choice(what: str, words: type[StrEnum] | tuple[str, ...]) -> Field:
    """One of the words of an enumeration, or of a few texts."""
    known = {str(word): word for word in words}

    def parse(value: str) -> str:
        if value in known:
            return known[value]
        near = nearest(value, known)
        hint = f"Did you mean {near}?" if near else f"It is one of {', '.join(known)}."
        raise InvalidError(f"{what} cannot be {quoted(value)}.", hint=hint)

    return parsed(what, parse)


def decimal(what: str, places: int, *, negative: bool = False, most: Decimal | None = None) -> Field:
    """A number as text or JSON number, read exactly, with at most `places` decimals; written with all of them."""

    def read(value: Any, path: str) -> Decimal:
        number = parse_decimal(_as_number(value, what), what=what, places=places, negative=negative)
        if most is not None and number > most:
            raise InvalidError(f"{what} {number} is more than {most}.")
        return number

    return Field(read, lambda value: _fixed(value, places))


def rate(what: str, *, most: Decimal | None = None) -> Field:
    """A rate in per cent with at most three decimals; written without trailing zeros."""
    return Field(decimal(what, 3, most=most).read, format_rate)


def whole(what: str) -> Field:
    """A whole number that is not negative; written as a JSON number."""
    return Field(lambda value, path: int(parse_decimal(_as_number(value, what), what=what, places=0)))


def flag(what: str) -> Field:
    """Strictly true or false."""

    def read(value: Any, path: str) -> bool:
        if not isinstance(value, bool):
            raise InvalidError(f"{what} is {kind_of(value)}, not true or false.", hint="Write true or false unquoted.")
        return value

    return Field(read)


def date(what: str) -> Field:
    """A day as YYYY-MM-DD."""
    return parsed(what, lambda value: parse_date(value, what=what), dt.date.isoformat)


STATE = parsed("State", lambda value: parse_state(value).code)
GSTIN = parsed("GSTIN", lambda value: Gstin.parse(value).value)
MOBILE = parsed("Mobile number", normalise_mobile)
EMAIL = parsed("E-mail address", check_email)


def _fixed(value: Decimal, places: int) -> str:
    """The number with at least `places` decimals; never rounded."""
    decimals = max(places, -int(value.as_tuple().exponent))
    return f"{value:.{decimals}f}"


def _as_text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidError(f"{what} is {kind_of(value)}, not a text.", hint="Write it in double quotes.")
    return value


def _as_number(value: Any, what: str) -> str:
    """The digits of a text, an int or a Decimal; a float is refused, because it may already be inexact."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise InvalidError(f"{what} is {kind_of(value)}, not a number that can be read exactly.")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
