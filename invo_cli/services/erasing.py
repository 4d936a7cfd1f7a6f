"""Erasing what is personal of a customer whose documents the law keeps no longer, or who never had any.

Documents stay as they were issued. The audit trail stays whole: its events hold salted digests only, and what is erased
are the values and salts beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError
from invo_cli.gst.retention import keep_until
from invo_cli.models import AuditEvent, AuditPersonal, Business, Customer, Invoice, Payment
from invo_cli.services import audit, books, customer_upkeep, customers
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.rereading import reread

ERASED = "Erased customer"
FIELDS = (
    *("name", "gstin", "mobile", "email", "address_line1", "address_line2", "city", "pincode", "country", "notes"),
)
"""What is personal of a customer; the name is replaced, the rest removed. State and flags name nobody."""
MAX_SUBJECTS = 500


@demands(Right.CUSTOMER_ERASE)
def erase(session: Session, business: Business, code_or_name: str, *, act: Act, reason: str) -> Customer:
    """Erase and hide a customer and those merged into it. Again: nothing to do.

    Raises ConflictError while the law keeps a document or payment of theirs, naming the last day, while there are
    drafts, and for a customer who was merged into another.
    """
    books.take(session, business.id)
    customer = customer_upkeep.look_up(session, business.id, code_or_name)
    reread(session, customer)
    _require_erasable(session, customer, act.today)
    people = [customer, *_merged_into(session, customer)]
    found = {each.code: [name for name in FIELDS if getattr(each, name) not in (None, ERASED)] for each in people}
    if not any(found.values()):
        return customer
    _erase_values(session, business.id, [f"customer:{code}" for code in found])
    for each in people:
        _mask(each)
    session.flush()
    audit.append(session, business.id, act, list(_events(found, reason)))
    return customer


def _require_erasable(session: Session, customer: Customer, today: date) -> None:
    into = customer_upkeep.merged_into(session, customer)
    if into is not None:
        raise ConflictError(f"Customer {customer.code} was merged into {into}.", hint=f"Erase {into}.")
    last = max(filter(None, (_last_day(session, customer, table) for table in (Invoice, Payment))), default=None)
    if last is not None and keep_until(last) >= today:
        raise ConflictError(
            f"The law keeps the documents of {customer.code} until {keep_until(last)}, and its particulars with them.",
            hint=f"Hide it with: invo customer delete {customer.code}",
            keep_until=keep_until(last).isoformat(),
        )
    drafts = (Invoice.business_id == customer.business_id, Invoice.customer_id == customer.id)
    numbers = session.scalars(select(Invoice.document_no).where(*drafts, Invoice.status == "draft").limit(5)).all()
    if numbers:
        named = ", ".join(f"D-{number}" for number in numbers)
        raise ConflictError(
            f"{named} name{'s' * (len(numbers) == 1)} {customer.code}.",
            hint="Give drafts to another customer first: invo invoice edit D-1 --customer CODE",
        )


def _last_day(session: Session, customer: Customer, table: type[Invoice] | type[Payment]) -> date | None:
    """The latest date on a document with a number, or on a payment."""
    mine = (table.business_id == customer.business_id, table.customer_id == customer.id, table.number.is_not(None))
    return session.scalar(select(func.max(table.dated_on)).where(*mine))


def _merged_into(session: Session, customer: Customer) -> Sequence[Customer]:
    """Every record of the same person that was given up for this one."""
    mine = (Customer.business_id == customer.business_id, Customer.merged_into_id == customer.id)
    return session.scalars(select(Customer).where(*mine).order_by(Customer.id)).all()


def _erase_values(session: Session, business_id: int, subjects: Sequence[str]) -> None:
    """Erase the values and salts beside the events about these customers."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # Else what was erased could be read in the free pages of the file.
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    for start in range(0, len(subjects), MAX_SUBJECTS):
        some = subjects[start : start + MAX_SUBJECTS]
        events = select(AuditEvent.seq).where(AuditEvent.business_id == business_id, AuditEvent.subject.in_(some))
        mine = (AuditPersonal.business_id == business_id, AuditPersonal.seq.in_(events))
        session.execute(delete(AuditPersonal).where(*mine).execution_options(synchronize_session=False))


def _mask(customer: Customer) -> None:
    values: dict[str, Any] = dict.fromkeys(FIELDS) | {"name": ERASED, "is_deleted": True}
    for name, value in values.items():
        setattr(customer, name, value)
    customers.index(customer)


def _events(found: dict[str, list[str]], reason: str) -> Iterator[audit.Event]:
    """What was erased by the names of the fields, never by their values."""
    for code, fields in found.items():
        states: dict[str, Any] = {"before": {"fields": fields}, "after": {"fields": [], "name": ERASED}}
        yield audit.Event(action="customer.erase", subject=f"customer:{code}", reason=reason, **states)
