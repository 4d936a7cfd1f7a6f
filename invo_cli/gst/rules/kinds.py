"""Which document records a supply: invoice, bill of supply, credit and debit note."""

from __future__ import annotations

from collections.abc import Iterator

from invo_cli.gst.document import Document, Kind, Taxability
from invo_cli.gst.rules.base import Breach, Case, refuses, warns
from invo_cli.gst.rules.dates import correctable_until
from invo_cli.gst.rules.supplies import is_between_states


@refuses("GST-50", "A composition taxable person issues bills of supply.", "CGST Act s.31(3)(c); CGST Rules 49")
def composition_kind(case: Case) -> Iterator[Breach]:
    """Notes to such bills are right too."""
    document = case.document
    if document.seller.is_composition and document.kind in (Kind.TAX_INVOICE, Kind.INVOICE_CUM_BILL_OF_SUPPLY):
        yield Breach("A composition taxable person cannot issue a tax invoice.", "Leave the kind out.", "kind")


@refuses("GST-51", "A composition taxable person supplies inside the state only.", "CGST Act s.10(2)(c)")
def composition_place(case: Case) -> Iterator[Breach]:
    """Exports and supplies to a SEZ are inter-state supplies."""
    document = case.document
    is_inter_state = is_between_states(case) or document.supply.is_export or document.supply.is_sez
    if document.seller.is_composition and is_inter_state:
        yield Breach(
            "A composition taxable person cannot make an inter-state supply.",
            "Check the customer's state and the place of supply.",
            "place_of_supply",
        )


@refuses("GST-52", "A bill of supply of a regular seller has no taxable line.", "CGST Act s.31(1), s.31(3)(c)")
def bill_of_supply(case: Case) -> Iterator[Breach]:
    """Taxable supplies need a tax invoice."""
    document = case.document
    if document.kind is Kind.BILL_OF_SUPPLY and _is_regular(document):
        for at, line in enumerate(document.lines, 1):
            if line.taxability is Taxability.TAXABLE:
                yield Breach(f"Line {at} of the bill of supply is taxable.", "Leave the kind out.", "kind", at)


@warns("GST-53", "A document without a taxable line is a bill of supply.", "CGST Act s.31(3)(c)")
def tax_invoice(case: Case) -> Iterator[Breach]:
    """A tax invoice shows tax."""
    document = case.document
    is_taxed = any(line.taxability is Taxability.TAXABLE for line in document.lines)
    if document.kind is Kind.TAX_INVOICE and _is_regular(document) and document.lines and not is_taxed:
        yield Breach("No line of the tax invoice is taxable.", "Leave the kind out.", "kind")


@refuses("GST-54", "An invoice-cum-bill of supply goes to an unregistered person.", "CGST Rules 46A")
def invoice_cum_bill(case: Case) -> Iterator[Breach]:
    """A registered person gets an invoice, whose exempt lines bear no tax."""
    document = case.document
    if document.kind is Kind.INVOICE_CUM_BILL_OF_SUPPLY and document.buyer.gstin:
        yield Breach("An invoice-cum-bill of supply cannot go to a registered person.", "Leave the kind out.", "kind")


@refuses("GST-55", "A credit or debit note names its original.", "CGST Act s.34(1), s.34(3); CGST Rules 53(1A)")
def note_original(case: Case) -> Iterator[Breach]:
    """By its number."""
    if case.document.kind.is_note and not case.document.against:
        yield Breach(f"{_named(case)} names no original.", "Give the number of the original.", "against")


@refuses("GST-56", "A credit or debit note says why it is issued.", "CGST Act s.34(1), s.34(3)")
def note_reason(case: Case) -> Iterator[Breach]:
    """The law allows notes for certain reasons only."""
    if case.document.kind.is_note and not case.document.reason:
        yield Breach(f"{_named(case)} has no reason.", "Give the reason, such as: goods returned.", "reason")


@refuses("GST-57", "A credit or debit note is not dated before its original.", "CGST Act s.34(1), s.34(3)")
def note_date(case: Case) -> Iterator[Breach]:
    """The same day is right."""
    document = case.document
    original = document.against_date
    if document.kind.is_note and original is not None and document.date < original:
        yield Breach(f"{_named(case)} is dated before its original of {original}.", "Check the date.", "date")


@warns(
    "GST-58",
    "A credit note reduces tax until 30 November after the financial year of its original.",
    "CGST Act s.34(2)",
)
def credit_note_in_time(case: Case) -> Iterator[Breach]:
    """Later it settles accounts, but the tax stays paid."""
    document = case.document
    if document.kind is not Kind.CREDIT_NOTE or document.against_date is None:
        return
    last = correctable_until(document.against_date)
    if document.date > last:
        yield Breach(
            f"The credit note comes after {last}: it no longer reduces tax.",
            "Ask the accountant whether a credit note without tax is meant.",
            "date",
        )


def _is_regular(document: Document) -> bool:
    return document.seller.gstin is not None and not document.seller.is_composition


def _named(case: Case) -> str:
    return f"The {case.document.kind.value.replace('_', ' ')}"


RULES = (
    composition_kind,
    composition_place,
    bill_of_supply,
    tax_invoice,
    invoice_cum_bill,
    note_original,
    note_reason,
    note_date,
    credit_note_in_time,
)
