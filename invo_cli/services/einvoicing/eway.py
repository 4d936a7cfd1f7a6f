"""E-way bills: the bulk file of documents, and what the portal answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, InvoError, NotFoundError
from invo_cli.gst.einvoice.problems import Problem
from invo_cli.gst.eway.building import build
from invo_cli.gst.eway.journey import Journey
from invo_cli.gst.eway.scope import THRESHOLD, consignment_value, is_needed, why_not
from invo_cli.gst.eway.validation import problems
from invo_cli.models import Business, EwayBill, Invoice
from invo_cli.services import audit, books, invoice_lookup
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.einvoicing import answering, eway_rows, papers, standing
from invo_cli.services.einvoicing.papers import Paper
from invo_cli.services.rereading import reread


@dataclass(frozen=True, slots=True)
class Built:
    """One bill ready to be written, its row for people, its problems, and what is doubtful about it."""

    content: dict[str, Any]
    row: dict[str, Any]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the portal says of one bill; without `invoice` it does not say which document it is of."""

    number: str
    generated_on: date
    valid_until: date | None
    invoice: str | None


@demands(Right.EINVOICE_READ)
def bills(session: Session, business: Business, names: Sequence[str], journey: Journey, *, today: date) -> list[Built]:
    """The bills of these documents, in their order.

    Raises ConflictError for a document that is not issued, InvalidError for one without goods.
    """
    invoices = [invoice_lookup.get(session, business, name) for name in dict.fromkeys(names)]
    for invoice in invoices:
        if invoice.status not in ("issued", "amended"):
            state = f"{standing.named(invoice)} is {standing.state_of(invoice)}"
            raise ConflictError(f"{state}: no goods move with it.", hint="Only issued documents have e-way bills.")
    return [_built(session, paper, journey, today) for paper in papers.load(session, business, invoices)]


@demands(Right.EINVOICE_WRITE)
def record(
    session: Session, business: Business, answers: Sequence[Answer | InvalidError], *, act: Act
) -> tuple[list[dict[str, Any]], list[InvoError]]:
    """Record the bills that are right; the same again changes nothing but a later last day. As `recording.record`."""
    books.take(session, business.id)
    return answering.one_by_one(answers, lambda answer: _record(session, business, answer, act), _called)


@demands(Right.EINVOICE_WRITE)
def cancel(session: Session, business: Business, number: str, *, act: Act, on: date, code: int) -> dict[str, Any]:
    """Record that a bill was cancelled on the portal, within 24 hours of its making. Again: nothing to do."""
    books.take(session, business.id)
    bill = session.get(EwayBill, (business.id, number))
    if bill is None:
        raise NotFoundError(f"There is no e-way bill {number}.", hint="See: invo eway list")
    invoice = session.get_one(Invoice, (business.id, bill.invoice_id))
    before = eway_rows.as_row(invoice, bill, today=act.today)
    if bill.cancelled_on is not None:
        return before
    if not bill.generated_on <= on <= act.today or (on - bill.generated_on).days > 1:
        raise InvalidError(
            f"E-way bill {number} of {bill.generated_on} cannot have been cancelled on {on}.",
            hint="The portal cancels one within 24 hours; give the day with --date.",
        )
    ours = (EwayBill.business_id == business.id) & (EwayBill.number == number)
    session.execute(update(EwayBill).where(ours).values(cancelled_on=on, cancel_code=code))
    reread(session, bill)
    after = eway_rows.as_row(invoice, bill, today=act.today)
    _note(session, business, act, "eway.cancel", number, before=before, after=after)
    return after


@demands(Right.EINVOICE_READ)
def search(session: Session, business: Business, *, today: date, name: str | None = None) -> list[dict[str, Any]]:
    """The bills of a business, or of one document, the newest first."""
    ours = (Invoice.business_id == EwayBill.business_id) & (Invoice.id == EwayBill.invoice_id)
    query = select(EwayBill, Invoice).join(Invoice, ours).where(EwayBill.business_id == business.id)
    if name is not None:
        query = query.where(EwayBill.invoice_id == invoice_lookup.get(session, business, name).id)
    rows = session.execute(query.order_by(EwayBill.generated_on.desc(), EwayBill.number.desc()))
    return [eway_rows.as_row(invoice, bill, today=today) for bill, invoice in rows]


def _called(answer: Answer | InvalidError) -> dict[str, Any]:
    if isinstance(answer, InvalidError):
        return {"number": None, "invoice": None}
    return {"number": answer.number, "invoice": answer.invoice}


def _built(session: Session, paper: Paper, journey: Journey, today: date) -> Built:
    document, tax = paper.document, paper.tax
    reason = why_not(document, today)
    if reason is not None:
        raise InvalidError(f"{document.number} {reason}.", hint="Leave it out.")
    content = build(document, tax, journey.over(document.transport))
    row = {
        "number": document.number,
        "date": document.date.isoformat(),
        "type": content["docType"],
        "to": content["toGstin"],
        "items": len(content["itemList"]),
        "value": str(consignment_value(tax)),
        "total": str(tax.total),
        "needed": is_needed(tax),
    }
    return Built(content, row, tuple(problems(content)), tuple(_doubts(session, paper, today)))


def _doubts(session: Session, paper: Paper, today: date) -> Iterator[str]:
    number = paper.document.number
    if not is_needed(paper.tax):
        value = consignment_value(paper.tax)
        yield f"{number} is worth {value}: up to {THRESHOLD:,} none is needed (but for job work and handicraft)."
    query = select(EwayBill).where(
        EwayBill.business_id == paper.invoice.business_id, EwayBill.invoice_id == paper.invoice.id
    )
    for bill in session.scalars(query.order_by(EwayBill.number)):
        if eway_rows.status(bill, today) == "live":
            yield f"{number} has the live e-way bill {bill.number}."


def _record(session: Session, business: Business, answer: Answer | InvalidError, act: Act) -> dict[str, Any]:
    if isinstance(answer, InvalidError):
        raise answer
    if answer.invoice is None:
        raise InvalidError(
            f"E-way bill {answer.number} does not say which document it is of.",
            hint="Record it with: invo eway record --number NUMBER --invoice NUMBER --date DATE",
        )
    invoice = invoice_lookup.get(session, business, answer.invoice)
    known = session.get(EwayBill, (business.id, answer.number))
    if known is not None:
        return _again(session, business, invoice, known, answer, act)
    _require_possible(invoice, answer, act)
    values = {"business_id": business.id, "number": answer.number, "invoice_id": invoice.id}
    days = {"generated_on": answer.generated_on, "valid_until": answer.valid_until}
    session.execute(insert(EwayBill).values(**values, **days, recorded_at=act.at, recorded_by=act.actor))
    bill = session.get_one(EwayBill, (business.id, answer.number))
    row = eway_rows.as_row(invoice, bill, today=act.today)
    _note(session, business, act, "eway.record", answer.number, after=row)
    return row | {"result": "recorded", "reason": None}


def _again(
    session: Session, business: Business, invoice: Invoice, known: EwayBill, answer: Answer, act: Act
) -> dict[str, Any]:
    """The bill as it is known, or with a later last day: the portal gives one with the vehicle, and extends it."""
    if known.invoice_id != invoice.id:
        raise ConflictError(
            f"E-way bill {answer.number} is recorded with another document.", hint="See: invo eway list"
        )
    before = eway_rows.as_row(invoice, known, today=act.today)
    if known.cancelled_on is not None or answer.valid_until is None:
        return before | {"result": "known", "reason": None}
    if known.valid_until is not None and answer.valid_until <= known.valid_until:
        return before | {"result": "known", "reason": None}
    _require_possible(invoice, answer, act)
    ours = (EwayBill.business_id == business.id) & (EwayBill.number == known.number)
    session.execute(update(EwayBill).where(ours).values(valid_until=answer.valid_until))
    reread(session, known)
    after = eway_rows.as_row(invoice, known, today=act.today)
    _note(session, business, act, "eway.record", known.number, before=before, after=after)
    return after | {"result": "recorded", "reason": None}


def _require_possible(invoice: Invoice, answer: Answer, act: Act) -> None:
    """The bill is of an issued document and made neither before it nor tomorrow."""
    if invoice.status not in ("issued", "amended"):
        raise ConflictError(
            f"{answer.invoice} is {standing.state_of(invoice)} in the books.", hint="Cancel the bill on the portal."
        )
    if not invoice.dated_on <= answer.generated_on <= act.today:
        raise InvalidError(
            f"E-way bill {answer.number} of {answer.generated_on} cannot be that of {invoice.number}, "
            f"which is of {invoice.dated_on}.",
            hint="Give the day on which the portal made it.",
        )
    if answer.valid_until is not None and answer.valid_until < answer.generated_on:
        raise InvalidError(f"E-way bill {answer.number} ends before it begins.", hint="Check the last day.")


def _note(session: Session, business: Business, act: Act, action: str, number: str, **states: Any) -> None:
    audit.append(session, business.id, act, [audit.Event(action=action, subject=f"eway:{number}", **states)])
