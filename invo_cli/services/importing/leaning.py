"""What stands in the way of undoing a batch: everything that leans on its records and did not come with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from invo_cli.errors import ConflictError
from invo_cli.gst.document import Voucher
from invo_cli.gst.periods import return_period
from invo_cli.models import (
    Allocation,
    AuditEvent,
    Business,
    Customer,
    EInvoice,
    EwayBill,
    ImportBatch,
    ImportRecord,
    Invoice,
    InvoiceLine,
    Item,
    NoteOriginal,
    Payment,
    SentMail,
)
from invo_cli.services import period_locks

_MOVES = ("payment.allocate", "payment.unallocate", "payment.refund", "payment.void", "payment.amend")
NAMED = 5
"""A refusal names at most so many."""
_Other = aliased(Invoice)


def require_free(session: Session, business: Business, batch: ImportBatch) -> None:
    """Raise ConflictError when something leans on a record of the batch; it names the first few."""
    _require_open(session, business, batch)
    for sentence, hint, query in _queries(business, batch):
        found = [str(name) for name in session.scalars(query.limit(NAMED + 1))]
        if found:
            shown = ", ".join(found[:NAMED]) + (" and others" if len(found) > NAMED else "")
            raise ConflictError(
                f"Import {batch.name} cannot be undone: {sentence.format(shown)}.", hint=hint, leaning=found[:NAMED]
            )


def serials(session: Session, business: Business, kind: str, year: str, pattern: str) -> tuple[int, int] | None:
    """The first and the last serial that papers of a series bear."""
    if kind == Voucher.PAYMENT.value:
        serial, of_series, table = Payment.serial, Payment.series == pattern, Payment
    elif kind in (Voucher.RECEIPT_VOUCHER.value, Voucher.REFUND_VOUCHER.value):
        direction = "refund" if kind == Voucher.REFUND_VOUCHER.value else "receipt"
        of_series = and_(Payment.voucher_series == pattern, Payment.direction == direction)
        return _ends(session, Payment.voucher_serial, Payment.financial_year == year, of_series, business)
    else:
        of_kind = and_(Invoice.series == pattern, Invoice.kind == kind)
        return _ends(session, Invoice.serial, Invoice.financial_year == year, of_kind, business)
    return _ends(session, serial, table.financial_year == year, of_series, business)


def _ends(
    session: Session, serial: Any, of_year: ColumnElement[bool], of_series: ColumnElement[bool], business: Business
) -> tuple[int, int] | None:
    query = select(func.min(serial), func.max(serial)).where(serial.class_.business_id == business.id)
    first, last = session.execute(query.where(of_year, of_series)).one()
    return None if first is None else (first, last)


def _require_open(session: Session, business: Business, batch: ImportBatch) -> None:
    """Nothing dated or reported in a locked month may go."""
    what = f"What import {batch.name} made"
    documents = _mine(business, batch, "invoice", Invoice.id)
    dated = session.execute(select(Invoice.dated_on, Invoice.return_period).distinct().where(documents)).all()
    paid = session.scalars(select(Payment.dated_on).distinct().where(_mine(business, batch, "payment", Payment.id)))
    periods = {row.return_period for row in dated} | {return_period(row.dated_on) for row in dated}
    periods |= {return_period(day) for day in paid}
    period_locks.require_open(session, business.id, what, periods=periods, way_out="Cancel single documents instead")


def _queries(business: Business, batch: ImportBatch) -> Iterator[tuple[str, str, Select[Any]]]:
    """What is asked, with the sentence for what is found, and what to do about it."""
    yield from _about_documents(business, batch)
    yield from _about_payments(business, batch)
    yield from _about_records(business, batch)


def _about_documents(business: Business, batch: ImportBatch) -> Iterator[tuple[str, str, Select[Any]]]:
    mine = _mine(business, batch, "invoice", Invoice.id)
    number = select(Invoice.number).order_by(Invoice.document_no)
    yield (
        "{} changed since (cancelled, amended or deleted)",
        "It is part of the books now.",
        number.where(mine, or_(Invoice.status != "issued", Invoice.is_deleted)),
    )
    yield (
        "{} has an IRN or an e-way bill",
        "Cancel it on the portal, and the document with: invo invoice cancel",
        number.where(mine, or_(Invoice.irn.is_not(None), _has(EInvoice), _has(EwayBill))),
    )
    yield "{} was sent by e-mail", "Cancel single documents instead.", number.where(mine, _has(SentMail))
    yield (
        "{} amends a reported document",
        "Cancel it instead: invo invoice cancel",
        number.where(mine, Invoice.amends_id.is_not(None), ~_in(business, batch, "invoice", Invoice.amends_id)),
    )
    strange = ~_in(business, batch, "invoice", _Other.id)
    yield (
        "{} is written against its documents",
        "Cancel the notes first.",
        select(_Other.number)
        .join(NoteOriginal, (NoteOriginal.business_id == _Other.business_id) & (NoteOriginal.note_id == _Other.id))
        .where(_in(business, batch, "invoice", NoteOriginal.invoice_id), _Other.business_id == business.id, strange),
    )
    yield (
        "{} of its documents is paid or credited by others",
        "Take that back first: invo payment unallocate",
        number.where(mine, _has_foreign_allocation(business, batch)),
    )
    credit = (Payment.business_id == business.id, _in(business, batch, "invoice", Payment.refund_of_note_id))
    yield "{} refunds a credit note of it", "Void the refund first.", select(Payment.number).where(*credit)


def _about_payments(business: Business, batch: ImportBatch) -> Iterator[tuple[str, str, Select[Any]]]:
    mine = _mine(business, batch, "payment", Payment.id)
    number = select(Payment.number).order_by(Payment.number_key)
    yield "{} was voided", "It is part of the books now.", number.where(mine, Payment.voided_on.is_not(None))
    refunded = (Payment.business_id == business.id, _in(business, batch, "payment", Payment.refund_of_id))
    yield "{} refunds a payment of it", "Void the refund first.", select(Payment.number).where(*refunded)
    yield (
        "{} was set against documents since, taken back from some, or corrected",
        "It is part of the books now: void the payment, or record a refund.",
        number.where(mine, _moved_since(business, batch, literal("payment:") + Payment.number)),
    )


def _about_records(business: Business, batch: ImportBatch) -> Iterator[tuple[str, str, Select[Any]]]:
    code = select(Customer.code).order_by(Customer.code_key).where(_mine(business, batch, "customer", Customer.id))
    ours = Invoice.business_id == Customer.business_id, Invoice.customer_id == Customer.id
    foreign = select(Invoice.id).where(*ours, ~_in(business, batch, "invoice", Invoice.id))
    yield "{} has other documents", "Its documents keep it.", code.where(foreign.exists())
    paid = Payment.business_id == Customer.business_id, Payment.customer_id == Customer.id
    foreign = select(Payment.id).where(*paid, ~_in(business, batch, "payment", Payment.id))
    yield "{} has other payments", "Its payments keep it.", code.where(foreign.exists())
    merged = _mine(business, batch, "customer", Customer.merged_into_id)
    yield "{} was merged into one of it", "The merge keeps it.", select(Customer.code).where(merged)
    item = select(Item.code).order_by(Item.code_key).where(_mine(business, batch, "item", Item.id))
    lines = InvoiceLine.business_id == Item.business_id, InvoiceLine.item_id == Item.id
    yield "{} stands on documents", "They keep it.", item.where(select(InvoiceLine.line_no).where(*lines).exists())


def _mine(business: Business, batch: ImportBatch, subject: str, column: Any) -> ColumnElement[bool]:
    """Rows of the business whose key is that of a record of the batch."""
    return and_(column.class_.business_id == business.id, _in(business, batch, subject, column))


def _in(business: Business, batch: ImportBatch, subject: str, column: Any) -> ColumnElement[bool]:
    mine = (ImportRecord.business_id == business.id, ImportRecord.batch_id == batch.id)
    found: ColumnElement[bool] = (
        select(ImportRecord.subject_id)
        .where(*mine, ImportRecord.subject == subject, ImportRecord.subject_id == column)
        .exists()
    )
    return found


def _has(table: Any) -> ColumnElement[bool]:
    """Whether a document is named by a row of another table."""
    same = (table.business_id == Invoice.business_id, table.invoice_id == Invoice.id)
    found: ColumnElement[bool] = select(table.invoice_id).where(*same).exists()
    return found


def _has_foreign_allocation(business: Business, batch: ImportBatch) -> ColumnElement[bool]:
    """Whether a document is paid by something that did not come with the batch, or its credit is used elsewhere."""
    here = Allocation.business_id == Invoice.business_id
    by_others = and_(
        Allocation.invoice_id == Invoice.id,
        or_(
            and_(Allocation.payment_id.is_not(None), ~_in(business, batch, "payment", Allocation.payment_id)),
            and_(Allocation.note_id.is_not(None), ~_in(business, batch, "invoice", Allocation.note_id)),
        ),
    )
    subject = literal("invoice:D-") + cast(Invoice.document_no, String)
    found: ColumnElement[bool] = select(Allocation.id).where(here, by_others).exists()
    return or_(found, _moved_since(business, batch, subject))


def _moved_since(business: Business, batch: ImportBatch, subject: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a payment or a credit note was set against documents, or taken back, after the import."""
    ours = AuditEvent.business_id == business.id
    imported = select(func.max(AuditEvent.seq)).where(
        ours, AuditEvent.subject == f"import:{batch.name}", AuditEvent.action == "import.create"
    )
    found: ColumnElement[bool] = (
        select(AuditEvent.seq)
        .where(ours, AuditEvent.subject == subject, AuditEvent.action.in_(_MOVES))
        .where(AuditEvent.seq > imported.scalar_subquery())
        .exists()
    )
    return found
