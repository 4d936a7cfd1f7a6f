"""Credit and debit notes: written against originals, at their rates, never beyond what is left of them (s.34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import ZERO, CustomerInput, DocumentInput, Kind, LineInput, ServiceType, Supply, Taxability
from invo_cli.gst.money import format_rate, from_thousandths, rupees, to_paise
from invo_cli.gst.tax import DocumentTax
from invo_cli.models import Business, Customer, Invoice
from invo_cli.services import customers, invoice_lookup, note_lines
from invo_cli.services.note_lines import Remains

MOST_ROUNDING = Decimal("0.50")
_FREE_LINE = 'Take back less, or the rest with a line of the note\'s own: --line "DESCRIPTION:1:PRICE:HSN:RATE".'


@dataclass(frozen=True, slots=True)
class Originals:
    """The documents a note is written against, locked by the book, and what is left of them."""

    remains: tuple[Remains, ...]

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        """The documents themselves, in the order they were named."""
        return tuple(each.invoice for each in self.remains)

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
        """What credit notes may still take back in all, in rupees."""
        return sum((left_of(invoice) for invoice in self.invoices), ZERO)


def left_of(invoice: Invoice) -> Decimal:
    """What credit notes may still take back of one document, debit notes included."""
    return rupees(invoice.total_paise + invoice.debit_noted_paise - invoice.credit_noted_paise)


def fill(session: Session, business: Business, entered: DocumentInput) -> tuple[DocumentInput, Originals]:
    """The note with everything its originals settle: customer, supply, place, and the lines that name theirs.

    Raises NotFoundError for an unknown original, ConflictError for one that cannot be corrected, InvalidError for a
    note that contradicts it or takes back more of a line than is left. The caller holds the book.
    """
    invoices = _originals(session, business, entered)
    first = invoices[0]
    originals = Originals(tuple(note_lines.remains_of(session, invoice) for invoice in invoices))
    filled = replace(
        entered,
        customer=_customer(session, entered, first),
        supply=_same("supply", entered.supply, Supply(first.supply)),
        place_of_supply=_same("place_of_supply", entered.place_of_supply, first.place_of_supply),
        reverse_charge=first.reverse_charge,
        differential_percent=_percent(first),
        ecommerce_gstin=first.ecommerce_gstin,
        ecommerce_section=first.ecommerce_section,
        service_type=entered.service_type or ServiceType.GENERAL,
        lines=_lines(entered, originals.remains),
    )
    if not entered.lines:
        filled = replace(filled, other_charges=rupees(originals.remains[0].other_charges))
    return filled, originals


def settle(tax: DocumentTax, kind: Kind, originals: Originals) -> DocumentTax:
    """The figures of a note, closed to the paisa when it takes back the rest; InvalidError beyond what is left."""
    if kind is not Kind.CREDIT_NOTE:
        return tax
    if len(originals.remains) == 1:
        tax = _closed(tax, originals.remains[0])
    if tax.total > originals.left:
        names = ", ".join(str(invoice.number) for invoice in originals.invoices)
        raise InvalidError(
            f"The credit note comes to {tax.total}, more than the {originals.left} left of {names}.", hint=_FREE_LINE
        )
    return tax


def _closed(tax: DocumentTax, remains: Remains) -> DocumentTax:
    """The note, rounded off to what is left of the original when nothing taxable and no other charge is left of it.

    Raises InvalidError when a rate is taken back beyond what the original and its debit notes bear at it.
    """
    noted = note_lines.by_rate(tax.lines)
    for (rate, taxability), paise in noted.items():
        left = max(remains.own.get((rate, taxability), 0) + remains.added.get((rate, taxability), 0), 0)
        if taxability == Taxability.TAXABLE.value and paise > left:
            raise InvalidError(
                f"{remains.invoice.number} has {rupees(left)} left at {format_rate(from_thousandths(rate))} %,"
                f" not {rupees(paise)}.",
                hint=_FREE_LINE,
            )
    is_rest = to_paise(tax.other_charges) == remains.other_charges and all(
        noted.get(key, 0) == max(remains.own.get(key, 0), 0) for key in noted.keys() | remains.own.keys()
    )
    if is_rest and not remains.added:
        tax = _with_rest_of_tax(tax, remains)
    difference = rupees(remains.total) - (tax.total - tax.round_off)
    if is_rest and abs(difference) <= MOST_ROUNDING:
        return replace(tax, round_off=difference, total=rupees(remains.total))
    return tax


def _with_rest_of_tax(tax: DocumentTax, remains: Remains) -> DocumentTax:
    """The note that takes back the rest takes back the rest of each tax too: earlier ones were rounded for themselves.

    The few paise between go to the line that bears the most tax.
    """
    rest = {head: rupees(paise) - getattr(tax, head) for head, paise in remains.heads.items()}
    if not tax.lines or not any(rest.values()) or max(map(abs, rest.values())) > MOST_ROUNDING:
        return tax
    payable = ZERO if remains.invoice.reverse_charge else sum(rest.values(), ZERO)
    place = max(range(len(tax.lines)), key=lambda number: tax.lines[number].cgst + tax.lines[number].igst)
    line = tax.lines[place]
    moved = {head: getattr(line, head) + paise for head, paise in rest.items()}
    lines = (*tax.lines[:place], replace(line, **moved, total=line.total + payable), *tax.lines[place + 1 :])
    heads = {head: getattr(tax, head) + paise for head, paise in rest.items()}
    return replace(tax, lines=lines, **heads, total=tax.total + payable)


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
    if entered.date is not None and len(found) > 1 and entered.date < max(invoice.dated_on for invoice in found):
        raise InvalidError(f"One of the originals is dated after {entered.date}.", hint="Date the note later.")
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


def _customer(session: Session, entered: DocumentInput, first: Invoice) -> str:
    """The code of the original's customer; another one named in the note is refused."""
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


def _lines(entered: DocumentInput, originals: Sequence[Remains]) -> tuple[LineInput, ...]:
    """The lines of the note: those that name a line of the original get its particulars and its value."""
    is_credit, is_one = entered.kind is Kind.CREDIT_NOTE, len(originals) == 1
    if not entered.lines:
        if not is_credit or not is_one:
            raise InvalidError(
                "The note has no lines.", hint="Give its lines, or take back one invoice whole with --full."
            )
        return note_lines.whole(originals[0])
    names_lines = any(line.against_line is not None for line in entered.lines)
    if names_lines and (not is_one or entered.prices_include_tax):
        raise InvalidError(
            "Lines of the original can be named in a note against one document, with prices before tax.",
            hint="Give lines of the note's own, or write a note for each document.",
        )
    return tuple(
        note_lines.own(number, line, originals)
        if line.against_line is None
        else note_lines.part(line, originals[0], is_credit=is_credit)
        for number, line in enumerate(entered.lines, 1)
    )
