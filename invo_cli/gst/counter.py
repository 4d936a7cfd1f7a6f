"""The flags of the counter: `--line`, `--item` and `--charge`, each read from the right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.document import ChargeInput, LineInput
from invo_cli.gst.hsn import check_hsn
from invo_cli.gst.money import parse_counter_decimal
from invo_cli.gst.reading_values import LIMITS
from invo_cli.gst.text import clean_text, quoted

_COLON = re.compile(r"(?<!\\):")
_LINE_HINT = r"Write DESCRIPTION:QTY:PRICE[:HSN[:RATE]]; \: is a colon of the description."
_CHARGE_HINT = r"Write DESCRIPTION:AMOUNT[:RATE]; \: is a colon of the description."
_HIGHEST_RATE = Decimal(100)
_HSN = re.compile("[0-9]{4}|[0-9]{6}|[0-9]{8}")

# A price that is rather a rate given without its HSN code, or an HSN code with a digit missing.
_MISPLACED = re.compile(r"0|0\.1|0\.25|1|1\.5|3|5|6|7\.5|12|18|28|40|[0-9]{5}|[0-9]{7}")


def parse_line(text: str) -> LineInput:
    r"""The line of `DESCRIPTION:QTY:PRICE[:HSN[:RATE]]`.

    The most fields at the end that all read are taken: four, three or two. The HSN has 4, 6 or 8 digits, or is empty
    before a rate; the rate is at most 100. What stands before them is the description, colons and all.
    Raises InvalidError when not even quantity and price read, when the price looks like a misplaced rate or HSN, and
    when an HSN stands in the place of the quantity before a rate that is none.
    """
    fields = _COLON.split(text)
    if len(fields) < 3:
        raise InvalidError(f"Line {quoted(text)} has no quantity and price.", hint=_LINE_HINT)
    count, line = _longest_line(fields)
    if count == 2 and _can_be_read_otherwise(fields):
        raise InvalidError(
            f"Line {quoted(text)} can be read in two ways.",
            hint=r"Give QTY:PRICE:HSN:RATE (QTY:PRICE::RATE without HSN), or write \: in the description.",
        )
    return replace(line, description=_description(fields[:-count]))


def parse_item(text: str) -> LineInput:
    """The line of `CODE[:QTY]`; the quantity is 1 when left out."""
    code, colon, quantity = text.partition(":")
    return LineInput(
        item=clean_text(code, what="Item", limit=LIMITS["code"]),
        quantity=_quantity(quantity) if colon else Decimal(1),
    )


def parse_charge(text: str) -> ChargeInput:
    """The charge of `DESCRIPTION:AMOUNT[:RATE]`; a left-out rate is that of the principal supply."""
    fields = _COLON.split(text)
    if len(fields) < 2:
        raise InvalidError(f"Charge {quoted(text)} has no amount.", hint=_CHARGE_HINT)
    count, amount, rate = _longest_charge(fields)
    return ChargeInput(description=_description(fields[:-count]), amount=amount, gst_rate=rate)


def _longest_charge(fields: Sequence[str]) -> tuple[int, Decimal, Decimal | None]:
    if len(fields) > 2:
        with suppress(InvalidError):
            return 2, _amount(fields[-2]), _rate(fields[-1])
    return 1, _amount(fields[-1]), None


def _longest_line(fields: Sequence[str]) -> tuple[int, LineInput]:
    """How many fields at the end are figures, and the line they make."""
    for count in (4, 3):
        if len(fields) > count:
            with suppress(InvalidError):
                return count, _figures(*fields[-count:])
            if count == 4 and _has_high_rate(fields[-4:]):
                raise InvalidError(f"Rate {fields[-1].strip()} is more than 100.", hint=_LINE_HINT)
    try:
        return 2, _figures(*fields[-2:])
    except InvalidError as error:
        raise InvalidError(error.message, hint=_LINE_HINT) from None


def _has_high_rate(fields: Sequence[str]) -> bool:
    """Whether four fields are all figures but for a rate above 100: a slip, and never quantity, price and HSN code."""
    try:
        _figures(*fields[:3])
        rate = parse_counter_decimal(fields[3].strip(), what="Rate", places=3)
    except InvalidError:
        return False
    return bool(fields[2].strip()) and rate > _HIGHEST_RATE


def _figures(quantity: str, price: str, code: str | None = None, rate: str | None = None) -> LineInput:
    has_code = code is not None and (rate is None or code.strip())
    return LineInput(
        quantity=_quantity(quantity),
        unit_price=parse_counter_decimal(price.strip(), what="Price", places=3, negative=True),
        hsn=_code(code or "") if has_code else None,
        gst_rate=None if rate is None else _rate(rate),
    )


def _description(fields: Sequence[str]) -> str:
    text = ":".join(fields).replace(r"\:", ":")
    return clean_text(text, what="Description", limit=LIMITS["description"])


def _quantity(text: str) -> Decimal:
    return parse_counter_decimal(text.strip(), what="Quantity", places=3)


def _can_be_read_otherwise(fields: Sequence[str]) -> bool:
    """Whether the last two fields may be HSN and rate, one of them wrong, instead of quantity and price."""
    if len(fields) > 4 and _HSN.fullmatch(fields[-2].strip()) and all(map(_is_quantity, fields[-4:-2])):
        return True
    return len(fields) > 3 and bool(_MISPLACED.fullmatch(fields[-1].strip())) and _is_quantity(fields[-3])


def _is_quantity(text: str) -> bool:
    try:
        _quantity(text)
    except InvalidError:
        return False
    return True


def _amount(text: str) -> Decimal:
    return parse_counter_decimal(text.strip(), what="Amount", places=2)


def _code(text: str) -> str:
    code = check_hsn(text)
    if len(code) == 2:
        raise InvalidError(f"HSN code {code} has only two digits.", hint="Write 4, 6 or 8 digits.")
    return code


def _rate(text: str) -> Decimal:
    rate = parse_counter_decimal(text.strip(), what="Rate", places=3)
    if rate > _HIGHEST_RATE:
        raise InvalidError(f"Rate {rate} is more than 100 per cent.", hint="Write a rate such as 18.")
    return rate
