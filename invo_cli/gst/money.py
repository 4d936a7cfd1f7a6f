"""Rupees as Decimal and paise as int: exact conversion, rounding, strict reading, splitting and printing.

Rounding is always half away from zero, which `decimal` calls ROUND_HALF_UP; the usual half-even would be wrong
(CGST Act s.170 and the portal's own utilities round 50 paise up).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted

# The default context keeps 28 digits, too few for a 16-digit quantity times a 16-digit price. Do not divide with it:
# the quotient would be as long as memory.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_UP)

MAX_WHOLE_DIGITS = 13

_NUMBER = re.compile(r"(?P<minus>-?)(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))?")
_INDIAN_GROUPS = re.compile(r"-?[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3}(?:\.[0-9]+)?")
_WESTERN_GROUPS = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def round_paise(value: Decimal) -> Decimal:
    """Rupees rounded half away from zero to two decimals; never a negative zero."""
    return _round(value, 2)


def to_paise(amount: Decimal) -> int:
    """Paise of a rupee amount; ValueError when it is not a whole number of paise."""
    return _to_units(amount, 2)


def rupees(paise: int) -> Decimal:
    """Rupees with exactly two decimals of a number of paise."""
    return Decimal(paise).scaleb(-2, EXACT)


def to_thousandths(value: Decimal) -> int:
    """Thousandths of a quantity, unit price or rate; ValueError when it has more than three decimals."""
    return _to_units(value, 3)


def from_thousandths(thousandths: int) -> Decimal:
    """The quantity, unit price or rate with exactly three decimals."""
    return Decimal(thousandths).scaleb(-3, EXACT)


def parse_decimal(text: str, *, what: str, places: int, negative: bool = False) -> Decimal:
    """The number that a file or flag holds: optional minus, ASCII digits, optional point with digits on both sides.

    At most 13 digits before the point and `places` after it, both as written. `what` begins the refusal's sentence.
    Raises InvalidError for everything else: commas, exponents, `_`, plus signs, spaces, NaN, digits of other scripts.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _not_a_number(text, what)
    if match["minus"] and not negative:
        raise InvalidError(f"{what} {quoted(text)} is negative.", hint="Write it without the minus sign.")
    _check_digits(match["whole"], match["decimals"] or "", what, places)
    return EXACT.add(Decimal(text), Decimal(0))


def parse_counter_decimal(text: str, *, what: str, places: int, negative: bool = False) -> Decimal:
    """Like `parse_decimal`, and also reads correct Indian (1,18,000.00) or Western (118,000.00) commas."""
    if "," in text:
        if not (_INDIAN_GROUPS.fullmatch(text) or _WESTERN_GROUPS.fullmatch(text)):
            raise InvalidError(
                f"{what} {quoted(text)} has a comma in the wrong place.",
                hint="Group as 1,18,000.00 or 118,000.00, or leave the commas out.",
            )
        text = text.replace(",", "")
    return parse_decimal(text, what=what, places=places, negative=negative)


def split_by_largest_remainder(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Shares of `total` in proportion to non-negative weights, in whole paise, that add up to it exactly.

    The paise left after rounding down go to the largest remainders, ties to the earlier. A zero weight gets nothing,
    unless every weight is zero: then the first takes all. ValueError when there is no weight to carry a non-zero total.
    """
    paise, ratios = to_paise(total), _ratios(total, weights)
    exact = [abs(paise) * ratio for ratio in ratios]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: shares[i] - exact[i])
    for index in by_remainder[: abs(paise) - sum(shares)]:
        shares[index] += 1
    return [rupees(share if paise >= 0 else -share) for share in shares]


def split_by_running_total(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Shares of `total` in proportion to non-negative weights: the running sum is rounded, its differences are given.

    `total` may have more than two decimals, such as the unrounded tax of a group over its taxable values: the first n
    shares then add up to the rounded tax of the first n lines, and all of them to `round_paise(total)`. So 0.912 over
    7.60 and 7.60 gives 0.46 and 0.45.
    Zero weights and the refusal are those of `split_by_largest_remainder`.
    """
    exact_paise = Fraction(total) * 100
    running = [_round_fraction(exact_paise * part) for part in accumulate(_ratios(total, weights))]
    return [rupees(here - before) for before, here in pairwise([0, *running])]


def format_indian(value: Decimal, places: int = 2) -> str:
    """The rounded value with lakh and crore commas, of any size: 12,34,56,789.00, minus first (CLDR en_IN)."""
    rounded = _round(value, places)
    whole, point, decimals = f"{rounded.copy_abs():f}".partition(".")
    head, last_three = whole[:-3], whole[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ("-" if rounded < 0 else "") + ",".join([*reversed(pairs), last_three]) + point + decimals


def format_rate(rate: Decimal) -> str:
    """A rate in per cent without trailing zeros: 18, 7.5, 0.25."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _round(value: Decimal, places: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    return EXACT.add(rounded, Decimal(0))  # turns -0.00 into 0.00


def _to_units(value: Decimal, places: int) -> int:
    scaled = value.scaleb(places, EXACT)
    if scaled != (units := int(scaled)):
        raise ValueError(f"{value} has more than {places} decimals")
    return units


def _not_a_number(text: str, what: str) -> InvalidError:
    if not text:
        return InvalidError(f"{what} is empty.", hint="Write a number such as 1500.00.")
    if "," in text:
        return InvalidError(f"{what} {quoted(text)} has a comma.", hint="Write the number without commas.")
    return InvalidError(
        f"{what} {quoted(text)} is not a number.",
        hint="Write digits 0-9 with at most one point, such as 1500.00.",
    )


def _check_digits(whole: str, decimals: str, what: str, places: int) -> None:
    if len(whole) > MAX_WHOLE_DIGITS:
        raise InvalidError(
            f"{what} has {len(whole)} digits before the point; at most {MAX_WHOLE_DIGITS} are allowed.",
            hint="Check the amount for surplus digits.",
        )
    if len(decimals) > places:
        raise InvalidError(
            f"{what} has {len(decimals)} decimals; at most {places} are allowed.",
            hint="Round it first: invo does not round what is entered.",
        )


def _ratios(total: Decimal, weights: Sequence[Decimal]) -> list[Fraction]:
    """Each weight's part of their sum; all of it on the first when every weight is zero."""
    if any(weight < 0 for weight in weights) or (total and not weights):
        raise ValueError(f"cannot split {total} over {list(weights)}")
    whole = sum(map(Fraction, weights), Fraction(0))
    if not whole:
        return [Fraction(index == 0) for index in range(len(weights))]
    return [Fraction(weight) / whole for weight in weights]


def _round_fraction(value: Fraction) -> int:
    magnitude = int(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude
