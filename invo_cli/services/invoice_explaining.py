"""How the figures of a stored document came about: made again from what was entered, step by step."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import InvoError
from invo_cli.gst.completing import Defaults, complete
from invo_cli.gst.document import Document
from invo_cli.gst.explain import explain as explain_figures
from invo_cli.gst.money import from_thousandths, rupees, to_paise
from invo_cli.gst.supply import heads_for
from invo_cli.gst.tax import compute
from invo_cli.models import Business, Invoice
from invo_cli.services import composing, invoices, items, snapshots
from invo_cli.services.access import Right, demands


@demands(Right.INVOICE_READ)
def explain(session: Session, business: Business, invoice: Invoice) -> list[dict[str, Any]]:
    """The steps of the computation; each says what, by which formula, how much, and after which rule."""
    document = document_of(session, business, invoice)
    heads = heads_for(document.seller, document.kind, document.supply, document.place_of_supply)
    tax = compute(document, heads)
    if document.kind.is_note:
        # A note that takes back the rest of its original was closed to the paisa.
        tax = replace(tax, round_off=rupees(invoice.round_off_paise), total=rupees(invoice.total_paise))
    if to_paise(tax.total) != invoice.total_paise:
        raise InvoError(
            f"{invoices.called(invoice)} was stored with another total than its entries give.",
            hint="Look for what changed it with: invo audit verify",
        )
    return [
        {"what": step.what, "formula": step.formula, "amount": str(step.amount), "rule": step.rule}
        for step in explain_figures(document, tax, heads)
    ]


def document_of(session: Session, business: Business, invoice: Invoice) -> Document:
    """The complete document of a stored one, with the seller and buyer of its time."""
    entered = invoices.entered_of(invoice)
    if invoice.status == "draft":
        entered = composing.with_items(entered, partial(items.get, session, business.id))[0]
    return complete(
        replace(entered, number=invoice.number),
        seller=snapshots.seller_of(invoice.seller),
        buyer=snapshots.buyer_of(invoice.buyer),
        defaults=Defaults(
            gst_rate=from_thousandths(business.default_rate_thousandths),
            round_off=business.is_rounded,
            today=invoice.dated_on,
        ),
        allow_rate=invoice.allow_rate,
    )
