"""How every figure of a document came about: the formula, the rounding and the rule behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from invo_cli.gst.discounts import NOTHING, WORKING, PricedLine, gross_of, price_lines
from invo_cli.gst.document import Document, Taxability
from invo_cli.gst.money import format_rate
from invo_cli.gst.tax import CessGroup, DocumentTax, Heads, LineTax, TaxGroup

_VALUE = "CGST Act s.15(1)"
_DISCOUNT = "CGST Act s.15(3)(a)"
_SHARE = f"{_DISCOUNT}: in proportion to value, largest remainder, ties to the earlier line"
_FOLD = "Negative lines come off the largest line of their rate, then off the next"
_INCLUSIVE = "CGST Rules, rule 35: the nearest value that adds up to the price"
_SPREAD = "The running total is rounded to the paisa; the last line closes the group"
_CESS = "GST (Compensation to States) Act s.8: on the value, never on tax"
_REVERSE = "CGST Act s.9(3), s.9(4): the recipient pays the tax"
_NO_TAX = {
    Taxability.NIL_RATED: "Nil rated: taxable at 0 %",
    Taxability.EXEMPT: "Exempt: CGST Act s.11, IGST Act s.6",
    Taxability.NON_GST: "Outside GST: CGST Act s.9(1), s.9(2)",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One figure in rupees: what it is, how it was computed, and by which rule."""

    what: str
    formula: str
    amount: Decimal
    rule: str


@dataclass(frozen=True, slots=True)
class _Member:
    """A line of a group under its number on the document, from 1."""

    number: int
    tax: LineTax


def explain(document: Document, tax: DocumentTax, heads: Heads) -> list[Step]:
    """Explain the figures that `compute(document, heads)` gave, in the order in which they arise."""
    with localcontext(WORKING):
        priced = price_lines(document)
        steps = [*_folded_lines(document)]
        base = sum((line.value + line.share for line in priced if not line.line.is_charge), NOTHING)
        for number, (line, figures) in enumerate(zip(priced, tax.lines, strict=True), 1):
            steps += _gross_steps(number, line)
            if line.share:
                formula = f"{tax.discount} × {line.value + line.share} ÷ {base}"
                steps.append(Step(f"Line {number} share of the discount", formula, line.share, _SHARE))
            steps += _value_steps(number, line, figures, document, heads)
        for group in tax.groups:
            steps += _group_steps(group, tax, document, heads)
        return [*steps, *_total_steps(document, tax)]


def _folded_lines(document: Document) -> Iterator[Step]:
    for line in document.lines:
        if line.unit_price < 0:
            amount = gross_of(line)
            formula = _rounding(f"{line.quantity:f} × {line.unit_price:f}", line.quantity * line.unit_price, amount)
            yield Step(f"Negative line {line.description}", formula, amount, _FOLD)


def _gross_steps(number: int, priced: PricedLine) -> Iterator[Step]:
    line, gross = priced.line, priced.gross
    product = f"{line.quantity:f} × {line.unit_price:f}"
    yield Step(f"Line {number} gross", _rounding(product, line.quantity * line.unit_price, gross), gross, _VALUE)
    if priced.own and line.discount_percent is not None:
        product = f"{gross} × {_per_cent(line.discount_percent)}"
        formula = _rounding(product, gross * line.discount_percent / 100, priced.own)
        yield Step(f"Line {number} discount", formula, priced.own, _DISCOUNT)
    elif priced.own:
        yield Step(f"Line {number} discount", "as entered", priced.own, _DISCOUNT)
    if priced.folded:
        yield Step(f"Line {number} reduced by negative lines", "folded in", priced.folded, _FOLD)


def _value_steps(number: int, priced: PricedLine, figures: LineTax, document: Document, heads: Heads) -> Iterator[Step]:
    if not document.prices_include_tax or not _is_taxed(figures, heads):
        formula = f"{priced.gross} − {priced.discount}" if priced.discount else "the gross value"
        yield Step(f"Line {number} taxable value", formula, figures.taxable, _VALUE)
    if priced.line.taxability in _NO_TAX:
        yield Step(f"Line {number} tax", "none", NOTHING, _NO_TAX[priced.line.taxability])
    elif heads is Heads.NONE:
        yield Step(f"Line {number} tax", "none", NOTHING, "A bill of supply charges no tax: CGST Act s.31(3)(c)")


def _group_steps(group: TaxGroup, tax: DocumentTax, document: Document, heads: Heads) -> Iterator[Step]:
    members = [
        _Member(number, line)
        for number, line in enumerate(tax.lines, 1)
        if _is_taxed(line, heads) and line.line.gst_rate == group.gst_rate
    ]
    if document.prices_include_tax:
        yield from _inclusive_steps(group, members)
    yield from _head_steps(group, members, document, heads)
    for cess in group.cess_groups:
        yield from _cess_steps(cess, [member for member in members if member.tax.line.cess_rate == cess.cess_rate])
    for member in members:
        if member.tax.cess_specific:
            yield _specific_step(member)


def _inclusive_steps(group: TaxGroup, members: Sequence[_Member]) -> Iterator[Step]:
    by_cess: dict[Decimal, list[_Member]] = {}
    for each in members:
        by_cess.setdefault(each.tax.line.cess_rate, []).append(each)
    for cess_rate, chosen in by_cess.items():
        yield from _solved_steps(group, cess_rate, chosen)
    if group.left_over:
        rule = "No value and tax add up to the price; what is left goes to the round-off"
        yield Step(f"Left over at {_per_cent(group.gst_rate)}", "price − value − taxes", group.left_over, rule)


def _solved_steps(group: TaxGroup, cess_rate: Decimal, members: Sequence[_Member]) -> Iterator[Step]:
    prices = [each.tax.gross - each.tax.discount - each.tax.cess_specific for each in members]
    price, value = sum(prices, NOTHING), sum((each.tax.taxable for each in members), NOTHING)
    rates = " + ".join(format_rate(rate) for rate in (_charged_rate(group), cess_rate) if rate)
    formula = f"{price} with tax ÷ (100 + {rates}) %" if rates else f"{price}"
    yield Step(f"Taxable value at {_per_cent(group.gst_rate)}", formula, value, _INCLUSIVE)
    for each, part in zip(members, prices, strict=True):
        yield Step(f"Line {each.number} taxable value", f"{value} × {part} ÷ {price}", each.tax.taxable, _SPREAD)


def _charged_rate(group: TaxGroup) -> Decimal:
    return group.head_rate * 2 if group.sgst else group.head_rate


def _head_steps(group: TaxGroup, members: Sequence[_Member], document: Document, heads: Heads) -> Iterator[Step]:
    first = "CGST" if heads is Heads.CGST_SGST else "IGST"
    amount = group.cgst + group.igst
    name = _per_cent(group.gst_rate)
    rate = _per_cent(group.head_rate)
    exact = group.taxable * group.head_rate / 100
    formula = _rounding(f"{group.taxable} × {rate}", exact, amount)
    yield Step(f"{first} at {name}", formula, amount, _head_rule(document, heads))
    if heads is Heads.CGST_SGST:
        yield Step(f"SGST at {name}", "equal to CGST", group.sgst, "Half the rate each, computed once")
    if len(members) > 1:
        shares = [each.tax.cgst + each.tax.igst for each in members]
        yield from _spread_steps(first, members, shares, group.head_rate)


def _head_rule(document: Document, heads: Heads) -> str:
    if document.supply.is_without_payment:
        return "IGST Act s.16(3): zero-rated, supplied without payment of tax"
    rule = "CGST Act s.9 and the State's or Union territory's" if heads is Heads.CGST_SGST else "IGST Act s.5"
    if document.differential_percent is not None:
        rule += f"; {_per_cent(document.differential_percent)} of the rate: 37/2017-Central Tax (Rate)"
    return f"{rule}; {_REVERSE}" if document.reverse_charge else rule


def _spread_steps(what: str, members: Sequence[_Member], shares: Sequence[Decimal], rate: Decimal) -> Iterator[Step]:
    running = given = NOTHING
    for each, share in zip(members, shares, strict=True):
        running += each.tax.taxable
        formula = _rounding(f"{running} × {_per_cent(rate)}", running * rate / 100, given + share)
        if given:
            formula += f", less {given} given to earlier lines"
        given += share
        yield Step(f"Line {each.number} {what}", formula, share, _SPREAD)


def _cess_steps(cess: CessGroup, members: Sequence[_Member]) -> Iterator[Step]:
    rate = _per_cent(cess.cess_rate)
    formula = _rounding(f"{cess.taxable} × {rate}", cess.taxable * cess.cess_rate / 100, cess.cess)
    yield Step(f"Cess at {rate}", formula, cess.cess, _CESS)
    if len(members) > 1:
        yield from _spread_steps("cess", members, [each.tax.cess_ad_valorem for each in members], cess.cess_rate)


def _specific_step(member: _Member) -> Step:
    line = member.tax.line
    exact = line.quantity * line.cess_per_unit
    formula = _rounding(f"{line.quantity:f} × {line.cess_per_unit:f}", exact, member.tax.cess_specific)
    return Step(f"Line {member.number} cess per unit", formula, member.tax.cess_specific, _CESS)


def _total_steps(document: Document, tax: DocumentTax) -> Iterator[Step]:
    yield Step("Taxable value", "sum of the lines", tax.taxable, _VALUE)
    for head, amount in (("CGST", tax.cgst), ("SGST", tax.sgst), ("IGST", tax.igst), ("Cess", tax.cess)):
        if amount:
            yield Step(head, "sum over the rates", amount, "Rounded once per rate, then only added")
    if tax.other_charges:
        yield Step("Other charges", "as entered", tax.other_charges, "After tax, outside the value of the supply")
    before = tax.total - tax.round_off
    if document.round_off:
        yield Step("Round-off", f"{tax.total} − {before}", tax.round_off, "To the nearest rupee, half away from zero")
    elif tax.round_off:
        yield Step("Round-off", f"{tax.total} − {before}", tax.round_off, "Paise left over by prices that include tax")
    yield Step(
        "Total",
        _total_formula(document, tax),
        tax.total,
        _REVERSE if document.reverse_charge else "What the buyer pays",
    )


def _total_formula(document: Document, tax: DocumentTax) -> str:
    taxes = [] if document.reverse_charge else [tax.cgst, tax.sgst, tax.igst, tax.cess]
    parts = [tax.taxable, *(part for part in (*taxes, tax.other_charges, tax.round_off) if part)]
    return " + ".join(map(str, parts)).replace("+ -", "− ")


def _per_cent(rate: Decimal) -> str:
    return f"{format_rate(rate)} %"


def _is_taxed(figures: LineTax, heads: Heads) -> bool:
    return heads is not Heads.NONE and figures.line.taxability is Taxability.TAXABLE


def _rounding(formula: str, exact: Decimal, amount: Decimal) -> str:
    """Complete a formula with its exact result, and with the rounded one where they differ."""
    if exact == amount:
        return f"{formula} = {amount}"
    return f"{formula} = {format_rate(exact)}, rounded half away from zero to {amount}"
