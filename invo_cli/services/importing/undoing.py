"""Undoing a batch: exactly what it made is removed, while nothing else leans on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, delete, select, update
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.money import rupees
from invo_cli.models import (
    Allocation,
    BankLine,
    Business,
    Customer,
    IdempotencyKey,
    ImportBatch,
    ImportRecord,
    Invoice,
    InvoiceLine,
    Item,
    NoteOriginal,
    NumberCounter,
    Payment,
)
from invo_cli.services import audit, books, customers, settling
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.importing import batches, leaning

CHUNK = 500
_NO_SYNC = {"synchronize_session": False}


@demands(Right.IMPORT_RUN)
def undo(session: Session, business: Business, name: str, *, act: Act) -> ImportBatch:
    """Remove what a batch made and keep the batch, marked. Again: nothing to do.

    Raises ConflictError naming what leans on its records: payments, notes, e-mails, a locked month, changes since.
    """
    books.take(session, business.id)
    batch = batches.get(session, business, name)
    if batch.undone_at is not None:
        return batch
    leaning.require_free(session, business, batch)
    # Marked first: the database lets issued documents go only then.
    batch.undone_at = act.at
    session.flush()
    for subject, remove in _REMOVERS.items():
        _Removal(session, business, batch, subject, act).run(remove)
    _turn_back_series(session, business, batch)
    event = audit.Event(
        action="import.undo",
        subject=f"import:{batch.name}",
        before={"imported": batch.imported},
        after={"undone_at": act.at.isoformat()},
    )
    audit.append(session, business.id, act, [event])
    return batch


class _Removal:
    """The records of one kind that go, some hundreds at a time."""

    def __init__(self, session: Session, business: Business, batch: ImportBatch, subject: str, act: Act) -> None:
        self.session, self.business, self.batch, self.subject, self.act = session, business, batch, subject, act

    def run(self, remove: Any) -> None:
        """Remove chunk after chunk, the newest first: notes lean on documents made before them."""
        last = None
        while ids := self._ids(last):
            last = ids[-1]
            events = remove(self, ids)
            audit.append(self.session, self.business.id, self.act, events)
            self.session.expire_all()

    def _ids(self, before: int | None) -> list[int]:
        mine = (ImportRecord.business_id == self.business.id, ImportRecord.batch_id == self.batch.id)
        query = select(ImportRecord.subject_id).where(*mine, ImportRecord.subject == self.subject)
        if before is not None:
            query = query.where(ImportRecord.subject_id < before)
        return list(self.session.scalars(query.order_by(ImportRecord.subject_id.desc()).limit(CHUNK)))

    def found(self, table: Any, ids: Iterable[int]) -> list[Any]:
        """The rows with these ids, in order."""
        query = select(*table.__table__.c).where(table.business_id == self.business.id, table.id.in_(ids))
        return list(self.session.execute(query.order_by(table.id)))

    def delete(self, table: Any, *conditions: ColumnElement[bool]) -> None:
        """Remove the rows of the business that meet the conditions."""
        statement: Delete = delete(table).where(table.business_id == self.business.id, *conditions)
        self.session.execute(statement.execution_options(**_NO_SYNC))

    def event(self, subject: str, before: Mapping[str, Any], personal: frozenset[str] = frozenset()) -> audit.Event:
        """That a record was removed, and by which batch it had come."""
        after = {"import": self.batch.name}
        action = f"{self.subject}.remove"
        return audit.Event(action=action, subject=subject, before=before, after=after, personal=personal)


def _remove_payments(removal: _Removal, ids: list[int]) -> list[audit.Event]:
    rows = removal.found(Payment, ids)
    parts = _allocation_ids(removal, Allocation.payment_id, ids)
    settled = _take_back(removal, Allocation.payment_id.in_(ids), "paid_paise", "import.undo")
    removal.delete(BankLine, BankLine.payment_id.in_(ids))
    removal.delete(IdempotencyKey, IdempotencyKey.subject == "payment", IdempotencyKey.subject_id.in_(ids))
    removal.delete(Payment, Payment.id.in_(ids))
    events = [
        removal.event(
            f"payment:{row.number}",
            {"number": row.number, "date": row.dated_on.isoformat(), "amount": str(rupees(row.amount_paise))}
            | parts.get(row.id, {}),
        )
        for row in rows
    ]
    return events + settled


def _remove_invoices(removal: _Removal, ids: list[int]) -> list[audit.Event]:
    rows = removal.found(Invoice, ids)
    notes = [row for row in rows if Kind(row.kind).is_note]
    parts = _allocation_ids(removal, Allocation.note_id, ids)
    settled = _take_back_notes(removal, notes) if notes else []
    removal.delete(IdempotencyKey, IdempotencyKey.subject == "invoice", IdempotencyKey.subject_id.in_(ids))
    # The document first: lines of an issued one are guarded, and their key to it is checked at the end.
    removal.delete(Invoice, Invoice.id.in_(ids))
    removal.delete(InvoiceLine, InvoiceLine.invoice_id.in_(ids))
    events = [
        removal.event(f"invoice:D-{row.document_no}", _document_state(row) | parts.get(row.id, {})) for row in rows
    ]
    return events + settled


def _document_state(row: Any) -> dict[str, Any]:
    return {
        "id": f"D-{row.document_no}",
        "number": row.number,
        "kind": row.kind,
        "financial_year": row.financial_year,
        "date": row.dated_on.isoformat(),
        "total": str(rupees(row.total_paise)),
    }


def _take_back_notes(removal: _Removal, notes: list[Any]) -> list[audit.Event]:
    """What notes took back or added is owed as before."""
    ids = [note.id for note in notes]
    kinds = {note.id: note.kind for note in notes}
    settled = _take_back(removal, Allocation.note_id.in_(ids), "credited_paise", None)
    mine = (NoteOriginal.business_id == removal.business.id, NoteOriginal.note_id.in_(ids))
    for part in removal.session.execute(select(*NoteOriginal.__table__.c).where(*mine)).all():
        is_credit = kinds[part.note_id] == Kind.CREDIT_NOTE.value
        column = "credit_noted_paise" if is_credit else "debit_noted_paise"
        _change(removal, part.invoice_id, column, -part.amount_paise)
    removal.delete(NoteOriginal, NoteOriginal.note_id.in_(ids))
    return settled + settling.events(removal.session, removal.business.id, "import.undo")


def _allocation_ids(removal: _Removal, source: Any, ids: list[int]) -> dict[int, dict[str, list[int]]]:
    """The allocations of some payments or notes: incremental exports say later that these are gone."""
    query = select(source, Allocation.id).where(Allocation.business_id == removal.business.id, source.in_(ids))
    found: dict[int, dict[str, list[int]]] = {}
    for owner, allocation_id in removal.session.execute(query.order_by(Allocation.id)):
        found.setdefault(owner, {"allocation_ids": []})["allocation_ids"].append(allocation_id)
    return found


def _take_back(removal: _Removal, condition: ColumnElement[bool], column: str, reason: str | None) -> list[audit.Event]:
    """Remove allocations; what they paid is owed again."""
    query = select(*Allocation.__table__.c).where(Allocation.business_id == removal.business.id, condition)
    for part in removal.session.execute(query).all():
        _change(removal, part.invoice_id, column, -part.amount_paise)
    removal.delete(Allocation, condition)
    return settling.events(removal.session, removal.business.id, reason) if reason else []


def _change(removal: _Removal, invoice_id: int, column: str, paise: int) -> None:
    mine = (Invoice.business_id == removal.business.id) & (Invoice.id == invoice_id)
    invoice = removal.session.scalars(select(Invoice).where(mine).execution_options(populate_existing=True)).one()
    settling.touch(removal.session, invoice)
    values = {column: getattr(Invoice, column) + paise}
    removal.session.execute(update(Invoice).where(mine).values(**values).execution_options(**_NO_SYNC))


def _remove_customers(removal: _Removal, ids: list[int]) -> list[audit.Event]:
    rows = removal.session.scalars(_whole(removal, Customer, ids)).all()
    events = [removal.event(f"customer:{row.code}", customers.state(row), customers.PERSONAL) for row in rows]
    removal.delete(Customer, Customer.id.in_(ids))
    return events


def _remove_items(removal: _Removal, ids: list[int]) -> list[audit.Event]:
    rows = removal.session.scalars(_whole(removal, Item, ids)).all()
    events = [removal.event(f"item:{row.code}", {"code": row.code, "name": row.name}) for row in rows]
    removal.delete(Item, Item.id.in_(ids))
    return events


def _whole(removal: _Removal, table: Any, ids: list[int]) -> Select[Any]:
    return select(table).where(table.business_id == removal.business.id, table.id.in_(ids)).order_by(table.id)


_REMOVERS = {
    "payment": _remove_payments,
    "invoice": _remove_invoices,
    "customer": _remove_customers,
    "item": _remove_items,
}
"""In the order in which they lean on each other."""


def _turn_back_series(session: Session, business: Business, batch: ImportBatch) -> None:
    """Series that gave no number since go back to where they were, but never behind a number that is there."""
    for key, before in json.loads(batch.counters).items():
        kind, year, pattern = key.split(" ", 2)
        counter = session.get(NumberCounter, (business.id, kind, pattern, year), populate_existing=True)
        if counter is None:
            continue
        left = leaning.serials(session, business, kind, year, pattern)
        ends = [end for end in (before, left) if end is not None]
        if not ends:
            session.delete(counter)
            continue
        counter.first_serial = min(first for first, _ in ends)
        counter.last_serial = max(last for _, last in ends)
    session.flush()
