"""The arithmetic of a document: taxable values, tax per head, cess, round-off and total, to the paisa.

Tax is computed once per document, rate and head, rounded half away from zero, and spread over the lines by rounding the
running total, so that the lines, the groups and the header always add up. CGST and SGST are one figure, used twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from invo_cli.errors import InvalidError
from invo_cli.gst import inclusive
from invo_cli.gst.discounts import NOTHING, WORKING, PricedLine, price_lines
from invo_cli.gst.document import Document, Line, Taxability
from invo_cli.gst.money import round_paise
from invo_cli.gst.text import quoted

LARGEST_AMOUNT = Decimal("99999999999999.99")
"""The invoice portal takes 14 digits before the point (INV-01, ValDtls)."""
_PERCENT = Decimal("0.01")


class Heads(StrEnum):
    """Which taxes the document charges (CGST Act s.9, IGST Act s.5)."""

    CGST_SGST = "cgst_sgst"
    IGST = "igst"
    NONE = "none"
    """A bill of supply charges nothing (CGST Act s.10, s.31(3)(c))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTax:
    """The figures of one line, in rupees; with tax-inclusive prices `gross` and `discount` include tax."""

    line: Line
    """The line as entered; one that took in negative lines has them in its own discount."""
    gross: Decimal
    discount: Decimal
    """The line's own discount, folded negative lines and its share of the document's discount."""
    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess_ad_valorem: Decimal
    cess_specific: Decimal
    total: Decimal
    """What the buyer pays the seller for the line: without the taxes under reverse charge."""

    @property
    def cess(self) -> Decimal:
        """Both parts of the compensation cess."""
        return self.cess_ad_valorem + self.cess_specific


@dataclass(frozen=True, slots=True, kw_only=True)
class CessGroup:
    """The ad valorem cess of the taxable lines of one GST and cess rate."""

    cess_rate: Decimal
    taxable: Decimal
    cess: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """The tax of the taxable lines of one GST rate, as computed once for the whole document."""

    gst_rate: Decimal
    head_rate: Decimal
    """Per cent of each head that is charged: half the rate for CGST and SGST, 0 without payment of tax."""
    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess_groups: tuple[CessGroup, ...]
    left_over: Decimal
    """Paise of a tax-inclusive price that no split into value and tax can reach; they go to the round-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTax:
    """Everything a document's figures are, in rupees; every sum equals the sum over its lines."""

    lines: tuple[LineTax, ...]
    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess: Decimal
    discount: Decimal
    """The document's discount as entered; it is already inside the discounts of the lines."""
    other_charges: Decimal
    round_off: Decimal
    total: Decimal
    groups: tuple[TaxGroup, ...]


@dataclass(frozen=True, slots=True)
class _Levy:
    """How a document charges: rate × `head_scale` is the factor of each of `head_count` heads."""

    heads: Heads
    head_scale: Decimal
    head_count: int
    cess_scale: Decimal
    is_reverse: bool
    is_inclusive: bool


@dataclass(frozen=True, slots=True)
class _Share:
    """What one line gets of its group: taxable value, tax of each head, both parts of its cess."""

    taxable: Decimal
    head: Decimal = NOTHING
    ad_valorem: Decimal = NOTHING
    specific: Decimal = NOTHING


def compute(document: Document, heads: Heads) -> DocumentTax:
    """Work out every figure of a document whose taxes are `heads`.

    A line with a negative price is folded into the discounts of the others and is not among the resulting lines.

    Raises:
        InvalidError: a negative figure, a discount larger than what it is taken from, or an amount too large to print.
    """
    with localcontext(WORKING):
        priced = price_lines(document)
        levy = _levy(document, heads)
        shares = [_Share(each.value) for each in priced]
        groups = []
        for gst_rate, places in _places_by_rate(priced, heads).items():
            group, parts = _charge(gst_rate, [priced[place] for place in places], levy)
            groups.append(group)
            for place, part in zip(places, parts, strict=True):
                shares[place] = part
        lines = tuple(_line_tax(each, share, levy) for each, share in zip(priced, shares, strict=True))
        return _document_tax(document, lines, tuple(groups))


def running_shares(values: Iterable[Decimal], factor: Decimal) -> list[Decimal]:
    """Spread round(Σ values × factor) over the values by rounding the running total; the last one closes the group."""
    shares = []
    running = given = NOTHING
    for value in values:
        running += value
        due = round_paise(running * factor)
        shares.append(due - given)
        given = due
    return shares


def _levy(document: Document, heads: Heads) -> _Levy:
    is_charged = heads is not Heads.NONE and not document.supply.is_without_payment
    scale = _PERCENT if is_charged else Decimal(0)
    # A differential rate (65 % for leased vehicles, 37/2017-Central Tax (Rate)) reduces GST and leaves cess alone.
    gst_scale = scale if document.differential_percent is None else scale * document.differential_percent * _PERCENT
    count = 2 if heads is Heads.CGST_SGST else 1
    return _Levy(heads, gst_scale / count, count, scale, document.reverse_charge, document.prices_include_tax)


def _places_by_rate(priced: Sequence[PricedLine], heads: Heads) -> dict[Decimal, list[int]]:
    """Where the lines that bear tax stand, by GST rate."""
    places: dict[Decimal, list[int]] = {}
    if heads is not Heads.NONE:
        for place, each in enumerate(priced):
            if each.line.taxability is Taxability.TAXABLE:
                places.setdefault(each.line.gst_rate, []).append(place)
    return places


def _charge(gst_rate: Decimal, members: Sequence[PricedLine], levy: _Levy) -> tuple[TaxGroup, list[_Share]]:
    """Tax the lines of one GST rate together; return the group and the share of each line."""
    factor = gst_rate * levy.head_scale
    cess_factors = [each.line.cess_rate * levy.cess_scale for each in members]
    specific = [_specific_cess(each.line, levy) for each in members]
    values = [each.value for each in members]
    if levy.is_inclusive:
        prices = list(map(_less_cess, members, specific))
        values = inclusive.taxable_values(prices, cess_factors, head_factor=factor, head_count=levy.head_count)
    ad_valorem, cess_groups = _ad_valorem(members, values, levy)
    parts = list(map(_Share, values, running_shares(values, factor), ad_valorem, specific))
    return _group(gst_rate, members, parts, cess_groups, levy), parts


def _specific_cess(line: Line, levy: _Levy) -> Decimal:
    return round_paise(line.quantity * line.cess_per_unit) if line.cess_per_unit and levy.cess_scale else NOTHING


def _less_cess(priced: PricedLine, specific: Decimal) -> Decimal:
    """The inclusive price without the cess per unit, which depends on the quantity alone."""
    if specific > priced.value:
        raise InvalidError(
            f"{quoted(priced.line.description)} costs {priced.value} with tax, less than its cess of {specific}.",
            hint="Raise the price, or give prices without tax.",
        )
    return priced.value - specific


def _ad_valorem(
    members: Sequence[PricedLine], values: Sequence[Decimal], levy: _Levy
) -> tuple[list[Decimal], tuple[CessGroup, ...]]:
    """The cess of each line, computed once per cess rate."""
    cess = [NOTHING] * len(members)
    groups = []
    for cess_rate, chosen in inclusive.places_by(each.line.cess_rate for each in members).items():
        if not cess_rate:
            continue
        bases = [values[place] for place in chosen]
        shares = running_shares(bases, cess_rate * levy.cess_scale)
        for place, share in zip(chosen, shares, strict=True):
            cess[place] = share
        groups.append(CessGroup(cess_rate=cess_rate, taxable=sum(bases, NOTHING), cess=sum(shares, NOTHING)))
    return cess, tuple(groups)


def _group(
    gst_rate: Decimal,
    members: Sequence[PricedLine],
    parts: Sequence[_Share],
    cess_groups: tuple[CessGroup, ...],
    levy: _Levy,
) -> TaxGroup:
    head = sum((part.head for part in parts), NOTHING)
    left_over = NOTHING
    if levy.is_inclusive and not levy.is_reverse:
        left_over = sum((each.value for each in members), NOTHING) - sum(_payable(part, levy) for part in parts)
    is_split = levy.heads is Heads.CGST_SGST
    return TaxGroup(
        gst_rate=gst_rate,
        head_rate=gst_rate * levy.head_scale * 100,
        taxable=sum((part.taxable for part in parts), NOTHING),
        cgst=head if is_split else NOTHING,
        sgst=head if is_split else NOTHING,
        igst=NOTHING if is_split else head,
        cess_groups=cess_groups,
        left_over=left_over,
    )


def _payable(share: _Share, levy: _Levy) -> Decimal:
    """What the buyer pays the seller: under reverse charge (s.9(3), 9(4)) the taxes go to the government instead."""
    if levy.is_reverse:
        return share.taxable
    return share.taxable + share.head * levy.head_count + share.ad_valorem + share.specific


def _line_tax(priced: PricedLine, share: _Share, levy: _Levy) -> LineTax:
    is_split = levy.heads is Heads.CGST_SGST
    return LineTax(
        line=priced.settled,
        gross=priced.gross,
        discount=priced.discount,
        taxable=share.taxable,
        cgst=share.head if is_split else NOTHING,
        sgst=share.head if is_split else NOTHING,
        igst=NOTHING if is_split else share.head,
        cess_ad_valorem=share.ad_valorem,
        cess_specific=share.specific,
        total=_payable(share, levy),
    )


def _document_tax(document: Document, lines: tuple[LineTax, ...], groups: tuple[TaxGroup, ...]) -> DocumentTax:
    other_charges = round_paise(document.other_charges)
    if other_charges < 0:
        raise InvalidError("The other charges are negative.", hint="Give what is taken off as a discount.")
    exact = sum((line.total for line in lines), other_charges)
    # Rounding to the rupee looks at the sum of the figures, so paise left over by inclusive prices vanish in it.
    round_off = (
        exact.quantize(Decimal(1), ROUND_HALF_UP) - exact
        if document.round_off
        else sum((group.left_over for group in groups), NOTHING)
    )
    taxable = sum((line.taxable for line in lines), NOTHING)
    if max(taxable, exact) > LARGEST_AMOUNT:
        raise InvalidError(f"The document is worth {exact}, more than can be invoiced.", hint="Check the prices.")
    return DocumentTax(
        lines=lines,
        taxable=taxable,
        cgst=sum((group.cgst for group in groups), NOTHING),
        sgst=sum((group.sgst for group in groups), NOTHING),
        igst=sum((group.igst for group in groups), NOTHING),
        cess=sum((line.cess for line in lines), NOTHING),
        discount=round_paise(document.discount),
        other_charges=other_charges,
        round_off=round_off,
        total=exact + round_off,
        groups=groups,
    )
