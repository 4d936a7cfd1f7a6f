"""Recording what the invoice portal answered, and that a report was cancelled there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, InvoError, NotFoundError
from invo_cli.gst.einvoice.conditions import UNREGISTERED
from invo_cli.gst.einvoice.facts import INDIA
from invo_cli.gst.einvoice.irn import TYPES
from invo_cli.gst.einvoice.scope import CANCEL_WITHIN
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Business, EInvoice, EwayBill, Invoice
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.einvoicing import answering, eway_rows, papers, rows, standing
from invo_cli.services.einvoicing.papers import Paper
from invo_cli.services.rereading import reread

CLOCK_SKEW = timedelta(minutes=10)
"""How far the portal's clock may be ahead of this machine's."""
_SHOWN = 64
"""Characters of what the portal said that an error shows: an IRN whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the portal says of one document; what is None it does not say."""

    irn: str
    ack_no: str
    acknowledged_at: datetime
    number: str
    seller: str | None
    buyer: str | None
    type: str | None
    date: date | None
    total: Decimal | None
    signed_invoice: str | None
    signed_qr: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that cannot be recorded, whatever the books say: what it is called, and why."""

    number: str
    problem: InvoError


@demands(Right.EINVOICE_WRITE)
def record(
    session: Session, business: Business, answers: Sequence[Answer | Unread], *, act: Act
) -> tuple[list[dict[str, Any]], list[InvoError]]:
    """Record the answers that are right; the same answer again changes nothing.

    The rows are in the order of the answers, each with `result` recorded, known or rejected; the refusals are those
    of the rejected ones.
    """
    books.take(session, business.id)
    return answering.one_by_one(
        answers, lambda answer: _record(session, business, answer, act), lambda answer: {"number": answer.number}
    )


@demands(Right.EINVOICE_WRITE)
def cancel(
    session: Session, business: Business, invoice: Invoice, *, act: Act, at: datetime, code: int, remark: str
) -> tuple[dict[str, Any], list[str]]:
    """Record that the report of a document was cancelled on the portal, and what is doubtful about it.

    Again: nothing to do. Raises ConflictError without a report and with a live e-way bill, InvalidError outside the
    24 hours.
    """
    books.take(session, business.id)
    reread(session, invoice)
    found = session.get(EInvoice, (business.id, invoice.id), populate_existing=True)
    if found is None:
        raise ConflictError(
            f"{standing.named(invoice)} has no recorded e-invoice.",
            hint="Record the portal's answer first: invo einvoice record FILE",
        )
    if found.cancelled_at is not None:
        return rows.as_row(invoice, found), []
    _require_within_a_day(invoice, found, at, act)
    _require_no_live_bill(session, invoice, act)
    before = rows.as_row(invoice, found)
    ours = (EInvoice.business_id == business.id) & (EInvoice.invoice_id == invoice.id)
    session.execute(update(EInvoice).where(ours).values(cancelled_at=at, cancel_code=code, cancel_remark=remark))
    _set_irn(session, invoice, None)
    reread(session, found)
    after = rows.as_row(invoice, found)
    _note(session, business, act, "einvoice.cancel", invoice, before=before, after=after, reason=remark)
    return after, _left(invoice)


def _record(session: Session, business: Business, answer: Answer | Unread, act: Act) -> dict[str, Any]:
    if isinstance(answer, Unread):
        raise answer.problem
    paper = _paper(session, business, answer)
    invoice = paper.invoice
    _compare(answer, paper, business)
    known = session.get(EInvoice, (business.id, invoice.id))
    if known is not None:
        return _again(session, business, invoice, known, answer, act)
    if invoice.status != "issued":
        raise ConflictError(
            f"{invoice.number} is {standing.state_of(invoice)} in the books.",
            hint="Cancel it on the portal too, within 24 hours of its acknowledgement.",
        )
    _require_possible(answer, invoice, act)
    values = {
        "business_id": business.id,
        "invoice_id": invoice.id,
        "irn": answer.irn,
        "ack_no": answer.ack_no,
        "acknowledged_at": answer.acknowledged_at,
        "signed_invoice": answer.signed_invoice,
        "signed_qr": answer.signed_qr,
        "recorded_at": act.at,
        "recorded_by": act.actor,
    }
    session.execute(insert(EInvoice).values(**values))
    _set_irn(session, invoice, answer.irn)
    row = rows.as_row(invoice, session.get_one(EInvoice, (business.id, invoice.id)))
    _note(session, business, act, "einvoice.record", invoice, after=row)
    return row | {"result": "recorded", "reason": None}


def _require_possible(answer: Answer, invoice: Invoice, act: Act) -> None:
    """Nothing is acknowledged before its day, nor tomorrow."""
    if answer.acknowledged_at.astimezone(INDIA).date() < invoice.dated_on:
        raise InvalidError(
            f"{invoice.number} of {invoice.dated_on} is acknowledged before its day.",
            hint="The answer is of another document.",
        )
    if answer.acknowledged_at > act.at + CLOCK_SKEW:
        raise InvalidError(f"{invoice.number} is acknowledged in the future.", hint="Check the clock of this machine.")


def _again(
    session: Session, business: Business, invoice: Invoice, known: EInvoice, answer: Answer, act: Act
) -> dict[str, Any]:
    """The answer as it is known, or with the signed tokens that it came without before."""
    if (known.irn, known.ack_no) != (answer.irn, answer.ack_no):
        raise ConflictError(
            f"{invoice.number} has another acknowledgement, {known.ack_no}.",
            hint=f"See: invo einvoice show {invoice.number}",
        )
    tokens = {"signed_invoice": answer.signed_invoice, "signed_qr": answer.signed_qr}
    missing = {name: token for name, token in tokens.items() if token and getattr(known, name) is None}
    row = rows.as_row(invoice, known)
    if not missing:
        return row | {"result": "known", "reason": None}
    ours = (EInvoice.business_id == business.id) & (EInvoice.invoice_id == invoice.id)
    session.execute(update(EInvoice).where(ours).values(**missing))
    reread(session, known)
    _note(session, business, act, "einvoice.record", invoice, before=row, after=row | {"tokens": sorted(missing)})
    return row | {"result": "recorded", "reason": None}


def _paper(session: Session, business: Business, answer: Answer) -> Paper:
    """The document that an answer is about, by number, type and year."""
    query = select(Invoice).where(
        Invoice.business_id == business.id,
        Invoice.number_key == number_key(answer.number),
        Invoice.kind.in_([kind.value for kind, type_ in TYPES.items() if answer.type in (None, type_.value)]),
    )
    if answer.date is not None:
        query = query.where(Invoice.financial_year == FinancialYear.of(answer.date).label)
    found = session.scalars(query).all()
    meant = list(papers.load(session, business, found))
    if len(meant) > 1:
        # The reference number says which of several it is.
        meant = [paper for paper in meant if standing.irn_of(paper) == answer.irn]
    if len(meant) != 1:
        name = f"{answer.type or 'document'} {answer.number}"
        raise NotFoundError(f"There is no {name} in the books of {business.code}.", hint="Check --business.")
    return meant[0]


def _compare(answer: Answer, paper: Paper, business: Business) -> None:
    """Raise InvalidError when the portal has registered something else than the document."""
    document = paper.document
    if not (document.buyer.gstin or document.supply.is_export):
        raise InvalidError(
            f"{document.number} goes to an unregistered person (B2C): the portal registers none.",
            hint="The answer is of another document.",
        )
    expected = standing.irn_of(paper)
    facts = {
        "seller": (answer.seller, document.seller.gstin),
        "buyer": (answer.buyer, UNREGISTERED if document.supply.is_export else document.buyer.gstin),
        "date": (answer.date, document.date),
        "IRN": (answer.irn, expected),
    }
    for what, (said, ours) in facts.items():
        if said is not None and said != ours:
            raise InvalidError(
                f"The portal's {what} of {document.number} is {str(said)[:_SHOWN]}, that of the books {ours}.",
                hint="The answer is of another document.",
            )
    totals = {paper.tax.total, paper.tax.total + _payable_by_recipient(paper)}
    if answer.total is not None and answer.total not in totals:
        raise InvalidError(
            f"The portal registered {document.number} with {answer.total}, the books have {paper.tax.total}.",
            hint="Cancel it on the portal within 24 hours and report the document as it is.",
        )


def _payable_by_recipient(paper: Paper) -> Decimal:
    """The taxes that reverse charge leaves out of the total; some programs report them inside."""
    tax = paper.tax
    return tax.cgst + tax.sgst + tax.igst + tax.cess if paper.document.reverse_charge else Decimal(0)


def _require_within_a_day(invoice: Invoice, found: EInvoice, at: datetime, act: Act) -> None:
    last = found.acknowledged_at + CANCEL_WITHIN
    if at > act.at + CLOCK_SKEW:
        raise InvalidError("The cancellation lies in the future.", hint="Give with --at when the portal cancelled it.")
    if at < found.acknowledged_at:
        raise InvalidError(
            f"{invoice.number} was acknowledged later than that.", hint="Give with --at when the portal cancelled it."
        )
    if at > last:
        raise InvalidError(
            f"{invoice.number} could be cancelled on the portal until {last.astimezone(INDIA):%Y-%m-%d %H:%M} (India).",
            hint="When it was cancelled in time, give the time with --at; else issue a credit note.",
        )


def _require_no_live_bill(session: Session, invoice: Invoice, act: Act) -> None:
    """The portal cancels no report while goods travel with it."""
    query = select(EwayBill).where(EwayBill.business_id == invoice.business_id, EwayBill.invoice_id == invoice.id)
    for bill in session.scalars(query.order_by(EwayBill.number)):
        if eway_rows.status(bill, act.today) == "live":
            raise ConflictError(
                f"{invoice.number} has the live e-way bill {bill.number}: the portal cancels no e-invoice with one.",
                hint=f"When that was cancelled first, record it: invo eway cancel {bill.number}",
            )


def _left(invoice: Invoice) -> list[str]:
    """What is still to be done after the cancellation: the number is not reported a second time."""
    if invoice.status != "issued":
        return []
    return [f"{invoice.number} still stands in the books. Cancel it there too: invo invoice cancel {invoice.number}"]


def _set_irn(session: Session, invoice: Invoice, irn: str | None) -> None:
    ours = (Invoice.business_id == invoice.business_id) & (Invoice.id == invoice.id)
    session.execute(update(Invoice).where(ours).values(irn=irn).execution_options(synchronize_session=False))
    reread(session, invoice)


def _note(session: Session, business: Business, act: Act, action: str, invoice: Invoice, **states: Any) -> None:
    event = audit.Event(action=action, subject=f"invoice:D-{invoice.document_no}", **states)
    audit.append(session, business.id, act, [event])
