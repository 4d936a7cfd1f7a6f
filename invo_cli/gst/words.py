"""An amount in words, as Indian invoices print it."""

from __future__ import annotations

from decimal import Decimal

from invo_cli.gst.money import round_paise, to_paise

# fmt: off
_SMALL = (
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine",
    "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
)
# fmt: on
_TENS = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_SCALES = ((10**7, "Crore"), (10**5, "Lakh"), (1000, "Thousand"), (100, "Hundred"))


def amount_in_words(amount: Decimal) -> str:
    """Rupees, rounded to paise, in words of any size: Rupees One Thousand Five Hundred and Paise Seventy Five Only.

    Above 99,99,99,999 the crores are counted in the same units: One Hundred Crore, One Lakh Crore.
    """
    paise = to_paise(round_paise(amount))
    whole, fraction = divmod(abs(paise), 100)
    minus = "Minus " if paise < 0 else ""
    and_paise = f" and Paise {_number(fraction)}" if fraction else ""
    return f"{minus}Rupees {_number(whole)}{and_paise} Only"


def _number(value: int) -> str:
    if value < len(_SMALL):
        return _SMALL[value]
    for scale, name in _SCALES:
        if value >= scale:
            count, rest = divmod(value, scale)
            return f"{_number(count)} {name}" + (f" {_number(rest)}" if rest else "")
    tens, rest = divmod(value, 10)
    return _TENS[tens - 2] + (f" {_SMALL[rest]}" if rest else "")
