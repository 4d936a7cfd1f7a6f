"""What each line is worth before tax: gross, its own discount, folded negative lines, its share of the document's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Document, Line, Taxability
from invo_cli.gst.money import round_paise, split_by_largest_remainder

WORKING = Context(prec=80)
"""Wide enough that no product of entered figures is rounded before its time; `price_lines` is called inside it."""
NOTHING = Decimal("0.00")
"""No rupees; amounts keep two decimals."""

_RateKey = tuple[Taxability, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line in rupees before tax is worked out; with tax-inclusive prices every figure includes tax."""

    line: Line
    gross: Decimal
    own: Decimal
    """The line's own discount."""
    folded: Decimal
    """What negative lines of the same rate took from this one."""
    share: Decimal
    """This line's part of the document's discount."""

    @property
    def discount(self) -> Decimal:
        """All three discounts together."""
        return self.own + self.folded + self.share

    @property
    def value(self) -> Decimal:
        """What is left to pay for the line, never negative."""
        return self.gross - self.discount

    @property
    def settled(self) -> Line:
        """The line as the document keeps it: what was folded in becomes its own discount."""
        return replace(self.line, discount=self.own + self.folded, discount_percent=None) if self.folded else self.line


def price_lines(document: Document) -> tuple[PricedLine, ...]:
    """Price the lines of a document, in order; a line with a negative price disappears into the others (s.15(3)(a)).

    The invoice portal refuses negative lines, so such a line is taken off the largest line of the same taxability, GST
    and cess rate, then off the next. Pricing the `settled` lines again gives the same figures.

    Raises:
        InvalidError: a discount, or a negative line, is larger than what it is taken from.
    """
    for number, line in enumerate(document.lines, 1):
        _check(number, line)
    kept = [(number, line) for number, line in enumerate(document.lines, 1) if line.unit_price >= 0]
    gross = [gross_of(line) for _, line in kept]
    own = [_own_discount(number, line, amount) for (number, line), amount in zip(kept, gross, strict=True)]
    lines = [line for _, line in kept]
    values = [amount - taken for amount, taken in zip(gross, own, strict=True)]
    folded = _fold(document.lines, lines, values)
    shares = _share(document.discount, lines, [value - taken for value, taken in zip(values, folded, strict=True)])
    return tuple(map(PricedLine, lines, gross, own, folded, shares))


def gross_of(line: Line) -> Decimal:
    """Return quantity × unit price in rupees, to the paisa (s.15(1))."""
    return round_paise(line.quantity * line.unit_price)


def _check(number: int, line: Line) -> None:
    if line.quantity < 0:
        raise InvalidError(f"Line {number} has a negative quantity.", hint="Issue a credit note to take goods back.")
    if line.gst_rate < 0 or line.cess_rate < 0 or line.cess_per_unit < 0:
        raise InvalidError(f"Line {number} has a negative rate of tax.", hint="Rates are 0 or more.")
    if line.unit_price < 0 and (line.discount or line.discount_percent or line.cess_per_unit):
        raise InvalidError(
            f"Line {number} has a negative price together with a discount or a cess per unit.",
            hint="Give the net amount as the negative price.",
        )


def _own_discount(number: int, line: Line, gross: Decimal) -> Decimal:
    if line.discount_percent is not None:
        discount = round_paise(gross * line.discount_percent / 100)
    elif line.discount:
        discount = round_paise(line.discount)
    else:
        return NOTHING
    if not 0 <= discount <= gross:
        raise InvalidError(
            f"The discount of line {number} is {discount}, but the line is worth {gross}.",
            hint="A discount lies between 0 and the value of its line.",
        )
    return discount


def _rate_key(line: Line) -> _RateKey:
    return line.taxability, line.gst_rate, line.cess_rate


def _fold(entered: Iterable[Line], lines: Sequence[Line], values: Sequence[Decimal]) -> list[Decimal]:
    """What each of the kept `lines` loses to the negative ones."""
    owed: defaultdict[_RateKey, Decimal] = defaultdict(lambda: NOTHING)
    for line in entered:
        if line.unit_price < 0:
            owed[_rate_key(line)] -= gross_of(line)
    folded = [NOTHING] * len(lines)
    if owed:
        for index in sorted(range(len(lines)), key=lambda index: -values[index]):
            key = _rate_key(lines[index])
            if key in owed and not lines[index].is_charge:
                folded[index] = min(owed[key], values[index])
                owed[key] -= folded[index]
    for (_, rate, _), left in owed.items():
        if left:
            raise InvalidError(
                f"The negative lines at {rate:f} % exceed the other lines of that rate by {left}.",
                hint="Issue a credit note for what is given back.",
            )
    return folded


def _share(entered: Decimal, lines: Sequence[Line], values: Sequence[Decimal]) -> list[Decimal]:
    """The parts of the document's discount; charges for freight and packing bear none."""
    discount = round_paise(entered)
    if not discount:
        return [NOTHING] * len(lines)
    weights = [NOTHING if line.is_charge else value for line, value in zip(lines, values, strict=True)]
    total = sum(weights, NOTHING)
    if not 0 <= discount <= total:
        raise InvalidError(
            f"The document discount is {discount}, but the lines are worth {total}.",
            hint="A discount lies between 0 and the value of the lines, charges left out.",
        )
    return split_by_largest_remainder(discount, weights)
