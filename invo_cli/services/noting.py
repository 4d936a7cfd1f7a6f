"""Credit and debit notes: written against originals, at their rates, never beyond what is left of them (s.34)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import ZERO, CustomerInput, DocumentInput, Kind, LineInput, ServiceType, Supply, Taxability
from invo_cli.gst.money import from_thousandths, round_paise, rupees
from invo_cli.gst.tax import DocumentTax
from invo_cli.models import Business, Invoice, InvoiceLine
from invo_cli.services import invoice_lookup

MOST_ROUNDING = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class Originals:
    """The documents a note is written against, locked by the book, and what is left of them in rupees."""

    invoices: tuple[Invoice, ...]
    is_closing: bool
    """Whether the note takes back everything that is left, so that its total must be exactly that."""

    @property
    def dated_on(self) -> date:
        """The date whose rates hold: that of the first original (s.34 with s.14)."""
        return self.invoices[0].dated_on

    @property
    def allow_rate(self) -> str | None:
        """Why the first original bears a rate outside the list, if it does."""
        return self.invoices[0].allow_rate

    @property
    def left(self) -> Decimal:
        """What credit notes may still take back in all."""
        return sum((left_of(invoice) for invoice in self.invoices), ZERO)


def left_of(invoice: Invoice) -> Decimal:
    """What credit notes may still take back of one document."""
    return rupees(invoice.total_paise + invoice.debit_noted_paise - invoice.credit_noted_paise)


def fill(session: Session, business: Business, entered: DocumentInput) -> tuple[DocumentInput, Originals]:
    """The note with everything its originals settle: customer, supply, place, and the lines that name theirs.

    Raises NotFoundError for an unknown original, ConflictError for one that cannot be corrected, InvalidError for a
    note that contradicts it or takes back more of a line than is left. The caller holds the book.
    """
    originals = _originals(session, business, entered)
    first = originals[0]
    filled = replace(
        entered,
        customer=_customer(session, entered, originals),
        supply=_same("supply", entered.supply, Supply(first.supply)),
        place_of_supply=_same("place_of_supply", entered.place_of_supply, first.place_of_supply),
        reverse_charge=first.reverse_charge,
        differential_percent=_percent(first),
        ecommerce_gstin=first.ecommerce_gstin,
        ecommerce_section=first.ecommerce_section,
        service_type=entered.service_type or ServiceType.GENERAL,
        lines=_lines(session, entered, first) if entered.lines else (),
    )
    if not entered.lines:
        filled = _whole(session, filled, originals)
    is_closing = entered.kind is Kind.CREDIT_NOTE and _is_closing(session, filled, originals)
    return filled, Originals(originals, is_closing)


def settle(tax: DocumentTax, kind: Kind, originals: Originals) -> DocumentTax:
    """The figures of a note, closed to the paisa when it takes back the rest; InvalidError beyond what is left."""
    if kind is not Kind.CREDIT_NOTE:
        return tax
    difference = originals.left - (tax.total - tax.round_off)
    if originals.is_closing and abs(difference) <= MOST_ROUNDING:
        return replace(tax, round_off=difference, total=originals.left)
    if tax.total > originals.left:
        names = ", ".join(str(invoice.number) for invoice in originals.invoices)
        raise InvalidError(
            f"The credit note comes to {tax.total}, more than the {originals.left} left of {names}.",
            hint="Take back less, or leave the lines out to take back all that is left.",
        )
    return tax


def _originals(session: Session, business: Business, entered: DocumentInput) -> tuple[Invoice, ...]:
    names = [name.strip() for name in (entered.against or "").split(",") if name.strip()]
    if not names:
        raise InvalidError(
            "A note needs the document it corrects.", hint="Name it with --against NUMBER (Rule 53(1A))."
        )
    found = tuple(dict.fromkeys(invoice_lookup.get(session, business, name) for name in names))
    for invoice in found:
        if invoice.status != "issued" or Kind(invoice.kind).is_note:
            what = "a note" if Kind(invoice.kind).is_note else invoice.status
            raise ConflictError(
                f"{invoice.number or f'D-{invoice.document_no}'} is {what}: no note can be written against it.",
                hint="Name an issued invoice or bill of supply.",
            )
        if entered.kind is Kind.CREDIT_NOTE and left_of(invoice) <= 0:
            raise ConflictError(f"Nothing is left of {invoice.number}.", hint="See: invo credit-note list")
    _require_alike(found)
    return found


def _require_alike(found: Sequence[Invoice]) -> None:
    ways = {
        (each.customer_id, each.supply, each.place_of_supply, each.reverse_charge, each.differential_thousandths)
        for each in found
    }
    if len(ways) > 1:
        raise InvalidError(
            "The originals differ in customer, supply or place of supply.", hint="Write a note for each of them."
        )


def _customer(session: Session, entered: DocumentInput, originals: Sequence[Invoice]) -> str:
    """The code of the originals' customer; another one named in the note is refused."""
    from invo_cli.models import Customer
    from invo_cli.services import customers

    first = originals[0]
    customer = session.get_one(Customer, (first.business_id, first.customer_id))
    given = entered.customer
    name = given.name if isinstance(given, CustomerInput) else given
    if name is not None and name.upper() != customer.code_key and customers.name_key(name) != customer.name_key:
        raise InvalidError(
            f"{first.number} was issued to {customer.code}, not to {name}.", hint="Leave the customer out of the note."
        )
    return customer.code


def _same(what: str, given: Any, original: Any) -> Any:
    if given is not None and given != original:
        raise InvalidError(f"The original has {what} {original}, the note {given}.", hint="Leave it out of the note.")
    return original


def _percent(invoice: Invoice) -> Decimal | None:
    thousandths = invoice.differential_thousandths
    return None if thousandths is None else from_thousandths(thousandths)


def _lines(session: Session, entered: DocumentInput, original: Invoice) -> tuple[LineInput, ...]:
    """The lines of the note: those that name a line of the original get its particulars and its value."""
    stored = {line.line_no: line for line in _stored(session, original)}
    taken = _taken(session, original)
    rates = {line.gst_rate_thousandths for line in stored.values()}
    return tuple(
        _free(number, line, rates, original)
        if line.against_line is None
        else _part(line, stored.get(line.against_line), taken.get(line.against_line, (0, 0)), entered, original)
        for number, line in enumerate(entered.lines, 1)
    )


def _free(number: int, line: LineInput, rates: set[int], original: Invoice) -> LineInput:
    """A line of the note's own: at a rate of the original, which is the only one when there is one."""
    given = None if line.gst_rate is None else int(line.gst_rate * 1000)
    if given is None and len(rates) == 1:
        return replace(line, gst_rate=from_thousandths(next(iter(rates))))
    is_untaxed = line.taxability not in (None, Taxability.TAXABLE)
    if given is None or (given not in rates and not is_untaxed):
        listed = ", ".join(f"{from_thousandths(rate):f}".rstrip("0").rstrip(".") for rate in sorted(rates))
        raise InvalidError(
            f"Line {number} of the note must bear a rate of {original.number}: {listed}.", hint="Give its gst_rate."
        )
    return line


def _part(
    line: LineInput, stored: InvoiceLine | None, taken: tuple[int, int], entered: DocumentInput, original: Invoice
) -> LineInput:
    """A line that takes back (or adds to) a quantity of an original line, at the value that quantity had there."""
    if stored is None:
        raise InvalidError(
            f"{original.number} has no line {line.against_line}.", hint=f"See: invo invoice show {original.number}"
        )
    is_credit = entered.kind is Kind.CREDIT_NOTE
    whole = from_thousandths(stored.quantity_thousandths)
    before, value_before = (from_thousandths(taken[0]), rupees(taken[1])) if is_credit else (ZERO, ZERO)
    quantity = whole - before if line.quantity is None else line.quantity
    if quantity <= 0 or (is_credit and before + quantity > whole):
        raise InvalidError(
            f"Line {line.against_line} of {original.number} has {whole - before:f} left, not {quantity:f}.",
            hint="Take back at most what is left.",
        )
    value = rupees(stored.taxable_paise) * (before + quantity) / whole
    return _priced(line, stored, quantity, round_paise(value) - value_before)


def _priced(line: LineInput, stored: InvoiceLine, quantity: Decimal, value: Decimal) -> LineInput:
    """The line at a price before tax whose product is the value, or above it by a discount."""
    price = from_thousandths(stored.unit_price_thousandths)
    if round_paise(quantity * price) < value or stored.gross_paise - stored.discount_paise != stored.taxable_paise:
        price = (value / quantity).quantize(Decimal("0.001"), rounding=ROUND_CEILING)
    return LineInput(
        description=line.description or stored.description,
        serial=stored.serial,
        hsn=stored.hsn,
        quantity=quantity,
        unit=stored.unit,
        unit_price=price,
        discount=round_paise(quantity * price) - value,
        taxability=Taxability(stored.taxability),
        gst_rate=from_thousandths(stored.gst_rate_thousandths),
        cess_rate=from_thousandths(stored.cess_rate_thousandths),
        cess_per_unit=from_thousandths(stored.cess_per_unit_thousandths),
        against_line=stored.line_no,
    )


def _whole(session: Session, entered: DocumentInput, originals: Sequence[Invoice]) -> DocumentInput:
    """A credit note of all that is left of its original."""
    if entered.kind is not Kind.CREDIT_NOTE or len(originals) > 1:
        raise InvalidError("The note has no lines.", hint="Give its lines, or take back one invoice whole with --full.")
    original = originals[0]
    taken = _taken(session, original)
    open_lines = [
        LineInput(against_line=line.line_no)
        for line in _stored(session, original)
        if line.quantity_thousandths > taken.get(line.line_no, (0, 0))[0]
    ]
    lines = _lines(session, replace(entered, lines=tuple(open_lines)), original)
    return replace(entered, lines=lines, other_charges=_other_charges_left(session, original))


def _is_closing(session: Session, note: DocumentInput, originals: Sequence[Invoice]) -> bool:
    """Whether nothing is left of the single original once this note is issued."""
    if len(originals) > 1 or any(line.against_line is None for line in note.lines):
        return False
    taken = _taken(session, originals[0])
    now: dict[int, int] = {}
    for line in note.lines:
        number = line.against_line or 0
        now[number] = now.get(number, 0) + int((line.quantity or ZERO) * 1000)
    is_all = all(
        taken.get(line.line_no, (0, 0))[0] + now.get(line.line_no, 0) == line.quantity_thousandths
        for line in _stored(session, originals[0])
    )
    return is_all and note.other_charges == _other_charges_left(session, originals[0])


def _stored(session: Session, invoice: Invoice) -> Sequence[InvoiceLine]:
    query = select(InvoiceLine).where(
        InvoiceLine.business_id == invoice.business_id, InvoiceLine.invoice_id == invoice.id
    )
    return session.scalars(query.order_by(InvoiceLine.line_no)).all()


def _live_credit_notes(invoice: Invoice) -> tuple[Any, ...]:
    return (
        Invoice.business_id == invoice.business_id,
        Invoice.against_id == invoice.id,
        Invoice.kind == Kind.CREDIT_NOTE.value,
        Invoice.status == "issued",
    )


def _taken(session: Session, invoice: Invoice) -> Mapping[int, tuple[int, int]]:
    """Quantity in thousandths and taxable paise that credit notes took back already, by original line."""
    query = (
        select(
            InvoiceLine.against_line_no,
            func.sum(InvoiceLine.quantity_thousandths),
            func.sum(InvoiceLine.taxable_paise),
        )
        .join(Invoice, (Invoice.business_id == InvoiceLine.business_id) & (Invoice.id == InvoiceLine.invoice_id))
        .where(*_live_credit_notes(invoice), InvoiceLine.against_line_no.is_not(None))
        .group_by(InvoiceLine.against_line_no)
    )
    return {int(row[0] or 0): (int(row[1]), int(row[2])) for row in session.execute(query)}


def _other_charges_left(session: Session, invoice: Invoice) -> Decimal:
    taken = session.scalar(select(func.sum(Invoice.other_charges_paise)).where(*_live_credit_notes(invoice))) or 0
    return rupees(invoice.other_charges_paise - int(taken))
