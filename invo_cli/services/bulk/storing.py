"""Composed documents stored by the chunk: numbers, rows, audit events and records of the batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict, new_id
from invo_cli.models import Business, Customer
from invo_cli.services import audit, books, customers, documents, idempotency, invoice_rows
from invo_cli.services.acting import Act
from invo_cli.services.bulk.known import request_of
from invo_cli.services.bulk.numbers import Numbers
from invo_cli.services.composing import Composed
from invo_cli.services.row_writing import plan_anew, write_rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document accepted: its place in the chunk, its line in the file."""

    place: int
    line_no: int
    composed: Composed


class Store:
    """Writes what a batch makes; the caller holds the book."""

    def __init__(self, session: Session, business: Business, act: Act, batch_id: int) -> None:
        self._session, self._business, self._act, self._batch_id = session, business, act, batch_id
        self._numbers = Numbers(session, business.id)

    def add(self, chunk: Sequence[Made], new: Sequence[tuple[Customer, int]]) -> list[str]:
        """Store new customers, each with the line that named it first, and issue the documents; their numbers."""
        numbers = self._numbers.give([each.composed for each in chunk])
        book = books.take(self._session, self._business.id, documents=len(chunk))
        headers, lines, events = [], list[Row](), [customers.event("create", customer) for customer, _ in new]
        for document_no, (made, number) in enumerate(
            zip(chunk, numbers, strict=True), book.document_no - len(chunk) + 1
        ):
            header = self._header(made.composed, document_no) | number
            own = invoice_rows.line_values(made.composed, self._business.id, header["id"])
            after = invoice_rows.as_stored(
                made.composed, header, own, business=self._business.code, today=self._act.today
            )
            headers.append(header)
            lines += own
            events.append(documents.event("invoice.issue", after))
        write_rows(self._session, "customers", (as_dict(customer) for customer, _ in new))
        # The lines go first, since the database lets nobody add a line to an issued document.
        write_rows(self._session, "invoice_lines", lines)
        write_rows(self._session, "invoices", headers)
        self._record(events, book)
        plan_anew(self._session)
        ids = [header["id"] for header in headers]
        self._remember(chunk, ids)
        self.note("customer", ((customer.id, line_no) for customer, line_no in new))
        self.note("invoice", zip(ids, (made.line_no for made in chunk), strict=True))
        return [header["number"] for header in headers]

    def note(self, subject: str, made: Iterable[tuple[int, int]]) -> None:
        """Note what the batch made, as ids with their lines in the file."""
        key = {"business_id": self._business.id, "batch_id": self._batch_id, "subject": subject}
        rows = [key | {"subject_id": subject_id, "line_no": line_no} for subject_id, line_no in made]
        write_rows(self._session, "import_records", rows)

    def _header(self, composed: Composed, document_no: int) -> Row:
        return invoice_rows.header_values(composed) | {
            "business_id": self._business.id,
            "id": new_id(),
            "document_no": document_no,
            "entered": invoice_rows.entered_settled(composed),
            "created_at": self._act.at,
            "created_by": self._act.actor,
            "issued_at": self._act.at,
        }

    def _record(self, events: Iterable[audit.Event], book: books.Taken) -> None:
        rows, personal = audit.linked(self._business.id, self._act, events, book)
        write_rows(self._session, "audit_events", rows)
        write_rows(self._session, "audit_personal", personal)
        audit.close(self._session, book, rows)

    def _remember(self, chunk: Sequence[Made], ids: Sequence[int]) -> None:
        """Note the idempotency keys that were used."""
        rows = [
            idempotency.used(self._business.id, key, request_of(made.composed.entered), "invoice", subject, self._act)
            for made, subject in zip(chunk, ids, strict=True)
            if (key := made.composed.entered.idempotency_key) is not None
        ]
        write_rows(self._session, "idempotency_keys", rows)
