"""How a document stands with the invoice portal: reported, to be reported and until when, or not reported at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Supply
from invo_cli.gst.einvoice.irn import TYPES, irn
from invo_cli.gst.einvoice.scope import last_day, why_not
from invo_cli.gst.money import rupees
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Business, EInvoice, Invoice
from invo_cli.services.einvoicing.papers import Paper

THRESHOLD = Decimal(50_000_000)
"""Aggregate turnover above which e-invoices are due (Notification 10/2023-Central Tax, from 2023-08-01)."""
_KINDS = [kind.value for kind in TYPES]
_EXPORTS = [supply.value for supply in Supply if supply.is_export]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which the portal takes a document, and how many days are left; below 0 it is over."""

    last_day: date
    days_left: int


def state_of(invoice: Invoice) -> str:
    """The state of a document as the end of a sentence: "INV/1 is …"."""
    return "a draft" if invoice.status == "draft" else invoice.status


def named(invoice: Invoice) -> str:
    """How a document is called: by its number, a draft by its id."""
    return invoice.number or f"D-{invoice.document_no}"


def turnover(business: Business) -> Decimal | None:
    """Aggregate turnover in rupees as set; None when it is not."""
    return None if business.turnover_paise is None else rupees(business.turnover_paise)


def begins(business: Business, today: date) -> date | None:
    """From which day documents are reported: as set, else this financial year above the threshold, else never.

    Units in a special economic zone are exempt (Notification 13/2020-Central Tax), unless a day is set.
    """
    if business.einvoice_from is not None:
        return business.einvoice_from
    is_bound = (turnover(business) or Decimal(0)) > THRESHOLD and not business.is_sez
    return FinancialYear.of(today).first_day if is_bound else None


def unreported(paper: Paper, business: Business) -> str | None:
    """Why a document is not for the portal, as the rest of a sentence; None when it is."""
    reason = why_not(paper.document)
    if reason is None and business.einvoice_from is not None and paper.document.date < business.einvoice_from:
        return f"is dated before {business.einvoice_from}, from when the business reports e-invoices"
    return reason


def irn_of(paper: Paper) -> str:
    """The reference number that the portal gives the document; for documents that are reported."""
    document = paper.document
    return irn(document.seller.gstin or "", document.date, TYPES[document.kind], document.number or "")


def deadline(paper: Paper, business: Business, today: date) -> Deadline | None:
    """Until when the portal takes the document; None where it has no such clock."""
    last = last_day(paper.document.date, turnover(business))
    return None if last is None else Deadline(last, (last - today).days)


def candidates(session: Session, business: Business, first: date, last: date) -> Sequence[Invoice]:
    """Issued documents of these days that may be for the portal and were never reported, by date.

    A report that was cancelled stays one: the portal takes no number twice (error 2150).
    """
    reported = (EInvoice.business_id == Invoice.business_id) & (EInvoice.invoice_id == Invoice.id)
    query = select(Invoice).where(
        Invoice.business_id == business.id,
        Invoice.status == "issued",
        Invoice.kind.in_(_KINDS),
        Invoice.dated_on >= first,
        Invoice.dated_on <= last,
        or_(Invoice.buyer_gstin.is_not(None), Invoice.supply.in_(_EXPORTS)),
        Invoice.irn.is_(None),
        ~exists().where(reported),
    )
    return session.scalars(query.order_by(Invoice.dated_on, Invoice.document_no)).all()
