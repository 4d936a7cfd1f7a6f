"""Documents: issued, drafted, cancelled, hidden; the number is taken last, just before the document is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import update
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.document import DocumentInput, Kind
from invo_cli.gst.reading import load_json, read_document, write_document
from invo_cli.models import Business, Customer, Invoice, InvoiceLine
from invo_cli.services import (
    books,
    idempotency,
    invoice_lookup,
    invoice_rows,
    issuing,
    note_effects,
    period_locks,
)
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.composing import Composed, compose
from invo_cli.services.invoice_storing import Outcome, recorded, store
from invo_cli.services.rereading import reread

__all__ = [
    "Outcome",
    "called",
    "cancel",
    "create",
    "delete",
    "duplicate",
    "edit",
    "entered_of",
    "issue",
    "restore",
]


@demands(Right.INVOICE_WRITE)
def create(
    session: Session,
    business: Business,
    entered: DocumentInput,
    *,
    act: Act,
    draft: bool = False,
    allow_rate: str | None = None,
    imported: bool = False,
) -> Outcome:
    """Issue a document, or store it as a draft; with an idempotency key at most once; an imported one has its number.

    Raises InvalidError for what a rule refuses, ConflictError for a key used for something else.
    """
    key, request = entered.idempotency_key, ""
    if key is not None:
        books.take(session, business.id)
        request = idempotency.fingerprint({"document": write_document(entered), "draft": draft})
        known = idempotency.recall(session, business.id, key, request)
        if known is not None:
            return Outcome(invoice_lookup.document(session, business, known, today=act.today))
    composed = compose(session, business, entered, act=act, allow_rate=allow_rate, draft=draft, imported=imported)
    invoice_id, outcome = store(session, business, composed, act=act, draft=draft)
    if key is not None:
        idempotency.remember(session, business.id, key, request, subject="invoice", subject_id=invoice_id, act=act)
    return outcome


@demands(Right.INVOICE_WRITE)
def edit(session: Session, business: Business, invoice: Invoice, entered: DocumentInput, *, act: Act) -> Outcome:
    """Replace what was entered in a draft; a draft keeps its customer unless another is named."""
    _require_draft(invoice)
    before = invoice_lookup.document(session, business, invoice.id, today=act.today)
    composed = compose(
        session,
        business,
        entered,
        act=act,
        allow_rate=invoice.allow_rate,
        customer=_kept(session, invoice, entered),
        draft=True,
    )
    values = {**invoice_rows.header_values(composed), "entered": invoice_rows.entered_as_is(composed)}
    _rewrite(session, invoice, composed, values)
    return recorded(session, business, invoice.id, act, "invoice.edit", before=before, warnings=composed.warnings)


@demands(Right.INVOICE_WRITE)
def issue(
    session: Session, business: Business, invoice: Invoice, *, act: Act, allow_rate: str | None = None
) -> Outcome:
    """Issue a draft under the rules and prices of now; an issued document is left as it is."""
    _lock(session, invoice)
    if invoice.status != "draft":
        return Outcome(invoice_lookup.document(session, business, invoice.id, today=act.today))
    _require_draft(invoice)
    before = invoice_lookup.document(session, business, invoice.id, today=act.today)
    entered = entered_of(invoice)
    composed = compose(
        session,
        business,
        entered,
        act=act,
        allow_rate=allow_rate or invoice.allow_rate,
        customer=_customer_of(session, invoice),
    )
    number, doubts = issuing.numbered(session, business, composed, act)
    values = invoice_rows.header_values(composed) | number.columns
    _rewrite(session, invoice, composed, values | {"entered": invoice_rows.entered_settled(composed)})
    also = issuing.apply(session, business, invoice.id, composed, act)
    warnings = (*composed.warnings, *doubts)
    return recorded(session, business, invoice.id, act, "invoice.issue", before=before, warnings=warnings, also=also)


@demands(Right.INVOICE_WRITE)
def cancel(session: Session, business: Business, invoice: Invoice, *, act: Act, reason: str) -> Outcome:
    """Cancel an issued document: its number stays taken and is reported as cancelled. Again: nothing to do."""
    _lock(session, invoice)
    if invoice.status == "cancelled":
        return Outcome(invoice_lookup.document(session, business, invoice.id, today=act.today))
    _refuse_cancelling(invoice)
    _require_open(session, invoice)
    before = invoice_lookup.document(session, business, invoice.id, today=act.today)
    if Kind(invoice.kind).is_note:
        note_effects.undo(session, invoice, act)
    changes = {"status": "cancelled", "cancelled_at": act.at, "cancel_reason": reason}
    changes["cancelled_on"] = max(act.today, invoice.dated_on)
    _change(session, invoice, changes)
    return recorded(session, business, invoice.id, act, "invoice.cancel", before=before, reason=reason)


@demands(Right.INVOICE_WRITE)
def delete(session: Session, business: Business, invoice: Invoice, *, act: Act, reason: str | None) -> Outcome:
    """Hide a document; an issued one is cancelled first, which needs a reason. Again: nothing to do."""
    _lock(session, invoice)
    if invoice.is_deleted:
        return Outcome(invoice_lookup.document(session, business, invoice.id, today=act.today))
    if invoice.status == "issued":
        if reason is None:
            raise InvalidError(
                f"{called(invoice)} is issued: deleting it cancels it, which needs a reason.",
                hint='Run it again with --reason "…".',
            )
        cancel(session, business, invoice, act=act, reason=reason)
    before = invoice_lookup.document(session, business, invoice.id, today=act.today)
    _change(session, invoice, {"is_deleted": True})
    return recorded(session, business, invoice.id, act, "invoice.delete", before=before, reason=reason)


@demands(Right.INVOICE_WRITE)
def restore(session: Session, business: Business, invoice: Invoice, *, act: Act) -> Outcome:
    """Show a hidden document again; a cancelled one stays cancelled. Again: nothing to do."""
    _lock(session, invoice)
    if not invoice.is_deleted:
        return Outcome(invoice_lookup.document(session, business, invoice.id, today=act.today))
    before = invoice_lookup.document(session, business, invoice.id, today=act.today)
    _change(session, invoice, {"is_deleted": False})
    return recorded(session, business, invoice.id, act, "invoice.restore", before=before)


@demands(Right.INVOICE_WRITE)
def duplicate(session: Session, business: Business, invoice: Invoice, *, act: Act, draft: bool) -> Outcome:
    """A new document with the same customer, lines and terms, dated today."""
    if Kind(invoice.kind).is_note:
        raise ConflictError(f"{called(invoice)} is a note.", hint="Make another note against its invoice.")
    once: dict[str, Any] = dict.fromkeys(("date", "due_date", "return_period", "idempotency_key", "amends"))
    entered = replace(entered_of(invoice), **once)
    customer = _customer_of(session, invoice)
    composed = compose(session, business, entered, act=act, customer=customer, draft=draft)
    return store(session, business, composed, act=act, draft=draft)[1]


def entered_of(invoice: Invoice) -> DocumentInput:
    """What was entered in a document: of a draft as it was, of an issued one with every default written down."""
    return read_document(load_json(invoice.entered))


def called(invoice: Invoice) -> str:
    """How people call a document: by its number, a draft by its id."""
    return invoice.number or f"Draft D-{invoice.document_no}"


def _lock(session: Session, invoice: Invoice) -> None:
    """Lock the book, then look again: somebody may have changed the document since it was found."""
    books.take(session, invoice.business_id)
    reread(session, invoice)


def _require_draft(invoice: Invoice) -> None:
    if invoice.status != "draft":
        raise ConflictError(
            f"{called(invoice)} is {invoice.status}: only drafts can be edited.",
            hint="Cancel it and issue another, or correct it by a credit or debit note.",
        )
    if invoice.is_deleted:
        raise ConflictError(
            f"{called(invoice)} is deleted.", hint=f"Restore it with: invo invoice restore D-{invoice.document_no}"
        )


def _refuse_cancelling(invoice: Invoice) -> None:
    if invoice.status != "issued":
        raise ConflictError(
            f"{called(invoice)} is {'a draft' if invoice.status == 'draft' else invoice.status}.",
            hint=f"A draft is deleted, not cancelled: invo invoice delete D-{invoice.document_no}",
        )
    if invoice.amends_id is not None:
        raise ConflictError(
            f"{called(invoice)} replaces a reported document: without it neither would stand.",
            hint=f"Correct it by another: invo invoice create --amends {called(invoice)}, or issue a credit note.",
        )
    if any((invoice.paid_paise, invoice.credited_paise, invoice.credit_noted_paise, invoice.debit_noted_paise)):
        raise ConflictError(
            f"{called(invoice)} has payments or notes against it.",
            hint="Take those back first: invo payment unallocate, invo credit-note cancel. Or issue a credit note.",
        )
    if invoice.irn:
        raise ConflictError(
            f"{called(invoice)} has a live IRN.",
            hint=f"Cancel it on the portal within 24 hours, then record that: invo einvoice cancel {invoice.number}",
        )


def _require_open(session: Session, invoice: Invoice) -> None:
    period_locks.require_open(
        session, invoice.business_id, called(invoice), invoice.dated_on, periods=[invoice.return_period]
    )


def _kept(session: Session, invoice: Invoice, entered: DocumentInput) -> Customer | None:
    return _customer_of(session, invoice) if entered.customer == entered_of(invoice).customer else None


def _customer_of(session: Session, invoice: Invoice) -> Customer:
    return session.get_one(Customer, (invoice.business_id, invoice.customer_id))


def _rewrite(session: Session, invoice: Invoice, composed: Composed, values: Mapping[str, Any]) -> None:
    """Write a draft anew; the lines go first, since those of an issued document cannot be touched."""
    ours = (InvoiceLine.business_id == invoice.business_id) & (InvoiceLine.invoice_id == invoice.id)
    session.execute(sql_delete(InvoiceLine).where(ours).execution_options(synchronize_session=False))
    invoice_rows.add_lines(session, invoice_rows.line_values(composed, invoice.business_id, invoice.id))
    _change(session, invoice, values)


def _change(session: Session, invoice: Invoice, values: Mapping[str, Any]) -> None:
    ours = (Invoice.business_id == invoice.business_id) & (Invoice.id == invoice.id)
    session.execute(update(Invoice).where(ours).values(**values).execution_options(synchronize_session=False))
    reread(session, invoice)
