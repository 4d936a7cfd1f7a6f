"""Comparing every issued document with the event that records its issue."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, String, cast, except_, func, literal, select, type_coerce
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import NullType

from invo_cli.models import AuditEvent, AuditPersonal, Business, Customer, Invoice, InvoiceLine
from invo_cli.services import audit
from invo_cli.services.audit_chain import Finding, Tally, shown
from invo_cli.services.documents import as_header, completed, party

BATCH = 500
ISSUE = "invoice.issue"
REMOVE = "invoice.remove"
"""An import was undone: the only way in which an issued document goes."""
CHANGEABLE = frozenset(
    {"status", "payment_status", "is_deleted", "paid", "credited", "outstanding", "irn", "cancel_reason"}
    | {"amount_in_words", "business", "customer.code"}
)
"""What may change after the issue, or is only another form of the rest."""
_FREE = tuple(CHANGEABLE - {"customer.code"})
_MOVING = ("status", "is_deleted", "paid", "credited", "cancel_reason", "irn", "customer")
_DAYS = ("dated_on", "due_on", "shipping_on")
_COLUMNS, _LINE_COLUMNS = (tuple(table.__table__.columns.keys()) for table in (Invoice, InvoiceLine))
_Original, _Amended = aliased(Invoice), aliased(Invoice)
Problem = tuple[int | None, str, str]
"""Sequence number, subject, sentence."""


def verify(session: Session, business: Business, tally: Tally) -> Iterator[Finding]:
    """Compare the issued documents of a business with their events, in bounded memory."""
    issued = (Invoice.business_id == business.id) & (Invoice.status != "draft")
    options = {"yield_per": BATCH}
    with session.connection().execute(_issued(issued), execution_options=options) as documents:
        for batch in documents.partitions():
            tally.documents += len(batch)
            for seq, subject, problem in _problems(session, business, batch):
                yield Finding(seq, subject, problem, business.code)
    for seq, subject, problem in _vanished(session, business.id, issued):
        yield Finding(seq, subject, problem, business.code)


def _problems(session: Session, business: Business, batch: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Problem]:
    events = _events_of(session, business.id, batch)
    lines = _lines_of(session, business.id, batch)
    for row in batch:
        subject = f"invoice:D-{row.document_no}"
        issue = next((event for event in events[subject] if event.action == ISSUE), None)
        if issue is None:
            yield None, subject, "It is issued, but the trail has no event of its issue."
            continue
        try:
            document = _as_now(row, lines[row.id], business)
            was = json.loads(issue.after)
            told = [was if event is issue else _told(event) for event in events[subject]]
            sentences = [
                *_moves(document | {"customer": row.customer_code}, told),
                *_reprinted(document, row.buyer),
                *_differences(document, audit.with_values(was, "after", json.loads(issue.fields or "{}"))),
                *("The trail says that it was removed." for event in events[subject] if event.action == REMOVE),
            ]
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            sentences = ["It, or the event of its issue, cannot be read."]
        yield from ((issue.seq, subject, sentence) for sentence in sentences)


def _as_now(row: Row[*tuple[Any, ...]], lines: Sequence[Mapping[str, Any]], business: Business) -> dict[str, Any]:
    values = dict(zip(_COLUMNS, row, strict=False))
    # SQLite's driver gives the text of a date, PostgreSQL's the date.
    days = {name: values[name] and date.fromisoformat(str(values[name])) for name in _DAYS}
    values |= days
    numbers = {"against": row.against_number, "amends": row.amends_number}
    header = as_header(values, business=business.code, customer="", today=days["dated_on"], **numbers)
    return completed(header, values, lines)


def _differences(is_now: dict[str, Any], was: Any) -> Iterator[str]:
    """Every value that both have and that differs but may not; most documents have none, which is quickly seen."""
    alike = is_now | {key: was[key] for key in _FREE if key in was}
    alike["customer"] = is_now["customer"] | {"code": was["customer"]["code"]}
    if alike != was:
        yield from _each_difference(is_now, was)


def _each_difference(is_now: Any, was: Any, path: str = "") -> Iterator[str]:
    """What differs, value by value; a digest stands for a value that was erased."""
    if path in CHANGEABLE or is_now == was:
        return
    if isinstance(was, dict) and isinstance(is_now, dict):
        for key in was.keys() & is_now.keys():
            yield from _each_difference(is_now[key], was[key], f"{path}.{key}" if path else key)
    elif isinstance(was, list) and isinstance(is_now, list):
        if len(is_now) != len(was):
            yield f"It has {len(is_now)} {path}, but was issued with {len(was)}."
        for place, pair in enumerate(zip(is_now, was, strict=False), 1):
            yield from _each_difference(*pair, f"{path}.{place}")
    elif is_now != was and not str(was).startswith("sha256:"):
        yield f"{path} is {shown(is_now)}, but was issued as {shown(was)}."


def _told(event: Row[*tuple[Any, ...]]) -> Mapping[str, Any]:
    """What an event says of the document; of what a credit note is set against it is told as of a payment."""
    noun = event.action.partition(".")[0]
    told: dict[str, Any] = json.loads(event.after) if event.after and noun in ("invoice", "einvoice") else {}
    return told if noun != "einvoice" else {"irn": told["irn"] if told["status"] == "live" else None}


def _moves(document: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What may change is what the last event that speaks of it says."""
    for name in _MOVING:
        said = next((values[name] for values in reversed(told) if name in values), document[name])
        if name == "customer" and isinstance(said, dict):
            said = said["code"]
        if said != document[name]:
            yield f"{name} is {shown(document[name])}, but the trail says {shown(said)}."


def _reprinted(document: Mapping[str, Any], buyer: str) -> Iterator[str]:
    """The buyer as printed is kept a second time, whole: both say the same."""
    kept = party(buyer)
    for name in ("name", "gstin", "state"):
        if kept[name] != document["customer"][name]:
            yield f"Its buyer's {name} on paper is {shown(kept[name])}, but it was issued to another."


def _vanished(session: Session, business_id: int, issued: ColumnElement[bool]) -> Iterator[Problem]:
    """Issue events whose document is gone or a draft again."""
    recorded = (AuditEvent.business_id == business_id) & (AuditEvent.action == ISSUE)
    removed = (AuditEvent.business_id == business_id) & (AuditEvent.action == REMOVE)
    names = select(literal("invoice:D-") + cast(Invoice.document_no, String)).where(issued)
    undone = select(AuditEvent.subject).where(removed)
    gone = except_(select(AuditEvent.subject).where(recorded), names, undone).subquery()
    first = func.min(AuditEvent.seq)
    query = select(first, AuditEvent.subject).where(recorded, AuditEvent.subject.in_(select(gone)))
    for seq, subject in session.execute(query.group_by(AuditEvent.subject).order_by(first)):
        yield seq, subject, "It was issued, but there is no such issued document any more: it was removed."


def _issued(issued: ColumnElement[bool]) -> Any:
    original = (_Original.business_id == Invoice.business_id) & (_Original.id == Invoice.against_id)
    amended = (_Amended.business_id == Invoice.business_id) & (_Amended.id == Invoice.amends_id)
    theirs = (Customer.business_id == Invoice.business_id) & (Customer.id == Invoice.customer_id)
    numbers = (_Original.number.label("against_number"), _Amended.number.label("amends_number"))
    query = select(*_raw(Invoice), *numbers, Customer.code.label("customer_code")).outerjoin(Customer, theirs)
    query = query.outerjoin(_Original, original).outerjoin(_Amended, amended)
    return query.where(issued).order_by(Invoice.document_no)


def _events_of(
    session: Session, business_id: int, batch: Sequence[Row[*tuple[Any, ...]]]
) -> Mapping[str, list[Row[*tuple[Any, ...]]]]:
    subjects = [f"invoice:D-{row.document_no}" for row in batch]
    same_event = (AuditPersonal.business_id == AuditEvent.business_id) & (AuditPersonal.seq == AuditEvent.seq)
    query = (
        select(AuditEvent.seq, AuditEvent.action, AuditEvent.subject, AuditEvent.after, AuditPersonal.fields)
        .outerjoin(AuditPersonal, same_event)
        .where(AuditEvent.business_id == business_id, AuditEvent.subject.in_(subjects))
        .order_by(AuditEvent.subject, AuditEvent.seq)  # as the index is: wide rows need no sorting
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for event in session.connection().execute(query).all():
        found[event.subject].append(event)
    return found


def _lines_of(
    session: Session, business_id: int, batch: Sequence[Row[*tuple[Any, ...]]]
) -> Mapping[int, list[dict[str, Any]]]:
    query = (
        select(*_raw(InvoiceLine))
        .where(InvoiceLine.business_id == business_id, InvoiceLine.invoice_id.in_([row.id for row in batch]))
        .order_by(InvoiceLine.invoice_id, InvoiceLine.line_no)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in session.connection().execute(query).all():
        values = dict(zip(_LINE_COLUMNS, line, strict=True))
        found[values["invoice_id"]].append(values)
    return found


def _raw(model: type[Invoice] | type[InvoiceLine]) -> list[Any]:
    """Every column as the driver gives it: a date that was made unreadable must not end the run."""
    return [type_coerce(column, NullType()).label(column.key) for column in model.__table__.columns]
