"""Who supplies whom: addresses, GSTINs and states of seller and buyer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Kind, Taxability
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.rules.base import Breach, Case, refuses, warns
from invo_cli.gst.supply import current_state

# CGST Rules 46(e): from this taxable value on, the address of an unregistered buyer is due unasked.
ADDRESS_THRESHOLD = Decimal(50_000)


@warns("GST-02", "A document carries the address of the seller.", "CGST Rules 46(a)")
def seller_address(case: Case) -> Iterator[Breach]:
    """The seller's address is on record."""
    if not case.document.seller.address.line1:
        yield Breach("The seller's address is missing.", "Add it with: invo business edit --address", "seller.address")


@warns("GST-03", "Only a registered person collects tax.", "CGST Act s.32(1)")
def seller_is_registered(case: Case) -> Iterator[Breach]:
    """A seller without GSTIN charges nothing."""
    document = case.document
    is_charging = not document.seller.is_composition and document.kind is not Kind.BILL_OF_SUPPLY
    taxed = (line for line in document.lines if line.taxability is Taxability.TAXABLE and line.gst_rate)
    if not document.seller.gstin and is_charging and any(taxed):
        yield Breach(
            "The seller charges tax without a GSTIN.",
            "Add the GSTIN with: invo business edit --gstin, or issue a bill of supply.",
            "seller.gstin",
        )


@refuses("GST-04", "The seller's GSTIN is right and belongs to the seller's state.", "CGST Rules 46(a)")
def seller_gstin(case: Case) -> Iterator[Breach]:
    """Check character, shape and state of the seller's GSTIN."""
    seller = case.document.seller
    yield from _gstin_breaches(seller.gstin, seller.state, "seller", case.document.date)


@refuses("GST-05", "The buyer's GSTIN is right and belongs to the buyer's state.", "CGST Rules 46(d)")
def buyer_gstin(case: Case) -> Iterator[Breach]:
    """Check character, shape and state of the buyer's GSTIN."""
    buyer = case.document.buyer
    yield from _gstin_breaches(buyer.gstin, buyer.state, "buyer", case.document.date)


@warns(
    "GST-06",
    "A document carries the address of a registered or overseas buyer.",
    "CGST Rules 46(d) and its proviso on exports",
)
def buyer_address(case: Case) -> Iterator[Breach]:
    """The address of a registered buyer, or of the recipient of an export, is on record."""
    document = case.document
    if (document.buyer.gstin or document.supply.is_export) and not document.buyer.address.line1:
        yield Breach("The buyer's address is missing.", "Add it with: invo customer edit", "customer.address")


@warns(
    "GST-08",
    "From a taxable value of 50,000 a document carries the address of an unregistered buyer.",
    "CGST Rules 46(e)",
)
def large_unregistered(case: Case) -> Iterator[Breach]:
    """Name and state of the buyer are always known; the address may not be."""
    document = case.document
    is_judged = not document.buyer.gstin and not document.supply.is_export
    if is_judged and case.taxable >= ADDRESS_THRESHOLD and not document.buyer.address.line1:
        yield Breach(
            f"The buyer's address is missing on a taxable value of {case.taxable}.",
            "Ask for it and add it with: invo customer edit",
            "customer.address",
        )


@warns("GST-09", "Seller and buyer are different registrations.", "CGST Act s.7(1), s.25(4)")
def not_to_oneself(case: Case) -> Iterator[Breach]:
    """The invoice portal does not take a supply to oneself."""
    document = case.document
    if document.buyer.gstin and document.buyer.gstin == document.seller.gstin:
        yield Breach(f"GSTIN {document.buyer.gstin} is of seller and buyer.", "Check the customer.", "customer.gstin")


def _gstin_breaches(gstin: str | None, state: str, party: str, on: dt.date) -> Iterator[Breach]:
    if gstin is None:
        return
    field = "customer" if party == "buyer" else party
    try:
        parsed = Gstin.parse(gstin)
    except InvalidError as error:
        yield Breach(error.message, error.hint or "Check the GSTIN.", f"{field}.gstin")
        return
    if parsed.state and current_state(parsed.state.code, on) != current_state(state, on):
        yield Breach(
            f"The {party}'s state is {state}, but GSTIN {parsed} is of {parsed.state.code} ({parsed.state.name}).",
            "Leave the state out: it is that of the GSTIN.",
            f"{field}.state",
        )


RULES = (
    seller_address,
    seller_is_registered,
    seller_gstin,
    buyer_gstin,
    buyer_address,
    large_unregistered,
    not_to_oneself,
)
