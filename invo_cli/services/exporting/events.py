"""Audit events as the clock of exports: which of them change a record, and which record each one is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, literal, select

from invo_cli.models import AuditEvent, Invoice
from invo_cli.services.exporting.declaring import Field, Subjects

NO_CHANGES = ("invoice.print", "payment.print", "invoice.send", "remind.send", "export.run")
"""What is noted in the trail and leaves the record as it was."""
_DOCUMENT = "invoice:D-"


def changes(book: Any, after: int | None = None, until: int | None = None) -> Select[Any]:
    """The subjects of the changes of one book; `after` is excluded, `until` included."""
    found = select(AuditEvent.subject).where(AuditEvent.business_id == book, AuditEvent.action.not_in(NO_CHANGES))
    if after is not None:
        found = found.where(AuditEvent.seq > after)
    return found if until is None else found.where(AuditEvent.seq <= until)


def change(book: Any, subject: Any, meaning: str = "audit number of its last change") -> Field:
    """The field that tells the last event that changed a record; 0 when there is none."""
    last = select(func.max(AuditEvent.seq)).where(
        AuditEvent.business_id == book, AuditEvent.subject == subject, AuditEvent.action.not_in(NO_CHANGES)
    )
    return Field("change", "count", func.coalesce(last.correlate_except(AuditEvent).scalar_subquery(), 0), meaning)


def document(invoice: Any = Invoice) -> ColumnElement[str]:
    """The subject of a document."""
    return literal(_DOCUMENT) + cast(invoice.document_no, String)


def document_among(invoice: Any, subjects: Subjects) -> ColumnElement[bool]:
    """Whether a document is among subjects (a list of them, or a SELECT of the column `subject`), by its number."""
    if isinstance(subjects, Select):
        found = subjects.subquery()
        numbers = select(cast(func.substr(found.c.subject, len(_DOCUMENT) + 1), BigInteger))
        return invoice.document_no.in_(numbers.where(found.c.subject.like(f"{_DOCUMENT}%")))  # type: ignore[no-any-return]
    texts = [each.removeprefix(_DOCUMENT) for each in subjects if each.startswith(_DOCUMENT)]
    return invoice.document_no.in_(list(map(int, texts)))  # type: ignore[no-any-return]


def named_among(noun: str, column: Any, subjects: Subjects) -> ColumnElement[bool]:
    """Whether a record called by a code or number is among subjects; the column holds it as the subject does."""
    prefix = f"{noun}:"
    if isinstance(subjects, Select):
        found = subjects.subquery()
        names = select(func.substr(found.c.subject, len(prefix) + 1)).where(found.c.subject.like(f"{prefix}%"))
        return column.in_(names)  # type: ignore[no-any-return]
    return column.in_([each.removeprefix(prefix) for each in subjects if each.startswith(prefix)])  # type: ignore[no-any-return]
