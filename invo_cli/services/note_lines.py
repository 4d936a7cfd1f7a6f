"""The lines of a note: parts of its original's lines at their value there, or its own at the original's rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Kind, LineInput, Taxability
from invo_cli.gst.money import format_rate, from_thousandths, rupees, to_paise, to_thousandths
from invo_cli.gst.tax import LineTax
from invo_cli.models import Invoice, InvoiceLine

Key = tuple[int, str]
"""Rate in thousandths of a per cent, and taxability."""


@dataclass(slots=True)
class Remains:
    """What live notes left of one original; amounts are taxable paise, quantities thousandths.

    `taken` (quantity and value by line) grows while the lines of a note are written, so that none is taken twice.
    """

    invoice: Invoice
    lines: dict[int, InvoiceLine]
    taken: dict[int, tuple[int, int]]
    own: dict[Key, int]
    """By rate: of the lines of the original itself; below zero where debit notes were taken back too."""
    loose: dict[Key, int]
    """By rate: taken back by lines that name no line of the original."""
    added: dict[Key, int]
    """By rate: added by debit notes."""
    other_charges: int
    heads: dict[str, int]
    """What is left of CGST, SGST and IGST, in paise."""

    @property
    def total(self) -> int:
        """What is left of the total of the original itself."""
        return self.invoice.total_paise - self.invoice.credit_noted_paise


def remains_of(session: Session, invoice: Invoice) -> Remains:
    """What is left of an original; the caller holds the book."""
    ours = (InvoiceLine.business_id == invoice.business_id, InvoiceLine.invoice_id == invoice.id)
    lines = {line.line_no: line for line in session.scalars(select(InvoiceLine).where(*ours))}
    own, loose, added = (defaultdict[Key, int](int) for _ in range(3))
    left = _header_left(session, invoice)
    found = Remains(invoice, dict(sorted(lines.items())), {}, own, loose, added, left.pop("other_charges"), left)
    for line in lines.values():
        own[line.gst_rate_thousandths, line.taxability] += line.taxable_paise
    for part in _noted(session, invoice):
        key, paise = (part.gst_rate_thousandths, part.taxability), int(part.paise)
        if part.kind == Kind.DEBIT_NOTE.value:
            added[key] += paise
            continue
        own[key] -= paise
        if part.against_line_no is None:
            loose[key] += paise
            continue
        quantity, value = found.taken.get(part.against_line_no, (0, 0))
        found.taken[part.against_line_no] = quantity + int(part.quantity), value + paise
    return found


def by_rate(lines: Iterable[LineTax]) -> dict[Key, int]:
    """Taxable paise by rate and taxability."""
    found: dict[Key, int] = defaultdict(int)
    for taxed in lines:
        found[to_thousandths(taxed.line.gst_rate), taxed.line.taxability.value] += to_paise(taxed.taxable)
    return found


def own(number: int, line: LineInput, originals: Sequence[Remains]) -> LineInput:
    """A line of the note's own: at a rate of the originals, which is the only one when there is one; or untaxed."""
    rates = {stored.gst_rate_thousandths for each in originals for stored in each.lines.values()}
    is_untaxed = line.taxability not in (None, Taxability.TAXABLE)
    if line.gst_rate is None and is_untaxed:
        return replace(line, gst_rate=Decimal(0))
    if line.gst_rate is None and len(rates) == 1:
        return replace(line, gst_rate=from_thousandths(next(iter(rates))))
    if line.gst_rate is None or (to_thousandths(line.gst_rate) not in rates and not is_untaxed):
        listed = ", ".join(format_rate(from_thousandths(rate)) for rate in sorted(rates))
        raise InvalidError(
            f"Line {number} of the note must bear a rate of {originals[0].invoice.number}: {listed}.",
            hint="Give its gst_rate.",
        )
    return line


def part(line: LineInput, remains: Remains, *, is_credit: bool) -> LineInput:
    """A quantity of an original line, taken back (or added) at the value that quantity had there."""
    stored = remains.lines.get(line.against_line or 0)
    if stored is None:
        number = remains.invoice.number
        raise InvalidError(f"{number} has no line {line.against_line}.", hint=f"See: invo invoice show {number}")
    whole = stored.quantity_thousandths
    before, value_before = remains.taken.get(stored.line_no, (0, 0)) if is_credit else (0, 0)
    quantity = whole - before if line.quantity is None else to_thousandths(line.quantity)
    if quantity <= 0 or (is_credit and before + quantity > whole):
        raise InvalidError(
            f"Line {stored.line_no} of {remains.invoice.number} has {from_thousandths(whole - before)} left,"
            f" not {from_thousandths(quantity)}.",
            hint="Take back at most what is left.",
        )
    value = _rounded(stored.taxable_paise * (before + quantity), whole) - value_before
    if is_credit:
        remains.taken[stored.line_no] = before + quantity, value_before + value
    return _priced(line, stored, quantity, value)


def whole(remains: Remains) -> tuple[LineInput, ...]:
    """All that is left; what was taken back at a rate without naming a line comes off the first lines of that rate."""
    loose, found = dict(remains.loose), []
    for line in remains.lines.values():
        quantity_taken, value_taken = remains.taken.get(line.line_no, (0, 0))
        quantity, value = line.quantity_thousandths - quantity_taken, line.taxable_paise - value_taken
        if quantity <= 0:
            continue
        key = (line.gst_rate_thousandths, line.taxability)
        gone = min(value, loose.get(key, 0))
        loose[key] = loose.get(key, 0) - gone
        if value > gone or not line.taxable_paise:
            found.append(_priced(LineInput(against_line=line.line_no), line, quantity, value - gone))
    return tuple(found)


def _noted(session: Session, invoice: Invoice) -> Sequence[Any]:
    query = (
        select(
            Invoice.kind,
            InvoiceLine.against_line_no,
            InvoiceLine.gst_rate_thousandths,
            InvoiceLine.taxability,
            func.sum(InvoiceLine.quantity_thousandths).label("quantity"),
            func.sum(InvoiceLine.taxable_paise).label("paise"),
        )
        .join(InvoiceLine, (InvoiceLine.business_id == Invoice.business_id) & (InvoiceLine.invoice_id == Invoice.id))
        .where(*_live_notes(invoice))
        .group_by(Invoice.kind, InvoiceLine.against_line_no, InvoiceLine.gst_rate_thousandths, InvoiceLine.taxability)
    )
    return session.execute(query).all()


def _header_left(session: Session, invoice: Invoice) -> dict[str, int]:
    """What credit notes left of the other charges and of each tax of the original, in paise."""
    names = ("other_charges", "cgst", "sgst", "igst")
    is_credit = Invoice.kind == Kind.CREDIT_NOTE.value
    sums = (func.coalesce(func.sum(getattr(Invoice, f"{name}_paise")), 0) for name in names)
    taken = session.execute(select(*sums).where(*_live_notes(invoice), is_credit)).one()
    return {name: getattr(invoice, f"{name}_paise") - int(paise) for name, paise in zip(names, taken, strict=True)}


def _live_notes(invoice: Invoice) -> tuple[Any, ...]:
    return (
        Invoice.business_id == invoice.business_id,
        Invoice.against_id == invoice.id,
        Invoice.status == "issued",
        Invoice.kind.in_((Kind.CREDIT_NOTE.value, Kind.DEBIT_NOTE.value)),
    )


def _priced(line: LineInput, stored: InvoiceLine, quantity: int, value: int) -> LineInput:
    """The line at the price it had if a discount leads to the value, else at the price before tax just above it."""
    price = stored.unit_price_thousandths
    is_before_tax = stored.gross_paise - stored.discount_paise == stored.taxable_paise
    if not is_before_tax or _rounded(quantity * price, 10_000) < value:
        price = -(-value * 10_000 // quantity)
    return LineInput(
        description=line.description or stored.description,
        serial=stored.serial,
        hsn=stored.hsn,
        quantity=from_thousandths(quantity),
        unit=stored.unit,
        unit_price=from_thousandths(price),
        discount=rupees(_rounded(quantity * price, 10_000) - value),
        taxability=Taxability(stored.taxability),
        gst_rate=from_thousandths(stored.gst_rate_thousandths),
        cess_rate=from_thousandths(stored.cess_rate_thousandths),
        cess_per_unit=from_thousandths(stored.cess_per_unit_thousandths),
        against_line=stored.line_no,
    )


def _rounded(dividend: int, divisor: int) -> int:
    """A quotient of numbers that are not negative, rounded half up."""
    return (2 * dividend + divisor) // (2 * divisor)
