"""Keeping the list of customers: search, edit, delete, restore, merge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import Session, aliased

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.contact import normalise_mobile
from invo_cli.models import Business, Customer, Invoice, Payment
from invo_cli.services import audit, books, customers
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act


@demands(Right.CUSTOMER_READ)
def look_up(session: Session, business_id: int, code_or_name: str) -> Customer:
    """The customer with this code, deleted or merged too, else the one with exactly this name."""
    return customers.find(session, business_id, code_or_name) or customers.get(session, business_id, code_or_name)


@demands(Right.CUSTOMER_READ)
def merged_into(session: Session, customer: Customer) -> str | None:
    """The code of the customer it was merged into."""
    if customer.merged_into_id is None:
        return None
    return session.get_one(Customer, (customer.business_id, customer.merged_into_id)).code


@demands(Right.CUSTOMER_READ)
def search(
    session: Session,
    business_id: int,
    *,
    text: str | None = None,
    deleted: bool = False,
    after: str | None = None,
    limit: int | None = None,
) -> Iterator[tuple[Customer, str | None]]:
    """Customers by code, with the code they were merged into, whose name, code, mobile or GSTIN holds the text.

    Deleted ones only when wanted; streamed.
    """
    into = aliased(Customer)
    is_target = (into.business_id == Customer.business_id) & (into.id == Customer.merged_into_id)
    query = select(Customer, into.code).outerjoin(into, is_target).where(Customer.business_id == business_id)
    if text is not None:
        query = query.where(Customer.search_key.contains(_searchable(text), autoescape=True))
    if not deleted:
        query = query.where(~Customer.is_deleted)
    if after is not None:
        query = query.where(Customer.code_key > after.strip().upper())
    query = query.order_by(Customer.code_key).limit(limit).execution_options(yield_per=500)
    with session.execute(query) as found:
        for row in found:
            yield row[0], row[1]


@demands(Right.CUSTOMER_WRITE)
def edit(
    session: Session, business_id: int, code_or_name: str, *, act: Act, values: Mapping[str, Any]
) -> tuple[Customer, list[str]]:
    """Change a customer and say what is doubtful about the changes; documents keep what they were issued with."""
    books.take(session, business_id)
    customer = customers.get(session, business_id, code_or_name)
    before = customers.state(customer)
    for name, value in customers.checked(values, gstin=customer.gstin, state=customer.state).items():
        setattr(customer, name, value)
    customers.index(customer)
    session.flush()
    changed = [name for name, value in customers.state(customer).items() if value != before[name]]
    if changed:
        customers.record(session, act, "edit", customer, before=before)
    keys = {"gstin": "gstin", "mobile": "mobile", "name": "name_key"}
    return customer, customers.doubts(session, customer, [key for name, key in keys.items() if name in changed])


@demands(Right.CUSTOMER_WRITE)
def delete(session: Session, business_id: int, code_or_name: str, *, act: Act) -> Customer:
    """Hide a customer; documents stay as they are. Nothing to do when it is hidden already."""
    books.take(session, business_id)
    customer = look_up(session, business_id, code_or_name)
    return customer if customer.is_deleted else _set_deleted(session, customer, True, "delete", act)


@demands(Right.CUSTOMER_WRITE)
def restore(session: Session, business_id: int, code: str, *, act: Act) -> Customer:
    """Show a hidden customer again; raise ConflictError for a merged one, whose documents lie elsewhere now."""
    books.take(session, business_id)
    customer = look_up(session, business_id, code)
    if customer.merged_into_id is not None:
        into = merged_into(session, customer)
        raise ConflictError(
            f"Customer {customer.code} was merged into {into}, which has its documents.", hint=f"Use {into}."
        )
    return _set_deleted(session, customer, False, "restore", act) if customer.is_deleted else customer


@demands(Right.CUSTOMER_READ)
def pair(session: Session, business: Business, source: str, target: str) -> tuple[Customer, Customer]:
    """The customers of a merge: the one to give up (a deleted one may be) and the one that stays."""
    gone, kept = look_up(session, business.id, source), customers.get(session, business.id, target)
    if gone.id == kept.id:
        raise InvalidError(f"{gone.code} cannot be merged into itself.", hint="Name two customers.")
    if gone.merged_into_id not in (None, kept.id):
        raise ConflictError(
            f"Customer {gone.code} was merged into {merged_into(session, gone)} already.",
            hint="Merge that one instead.",
        )
    return gone, kept


@demands(Right.CUSTOMER_WRITE)
def merge(
    session: Session, business: Business, source: str, target: str, *, act: Act, reason: str
) -> tuple[Customer, list[str]]:
    """Give documents and payments of one customer to another and hide the first; nothing to do when that was done.

    The one that stays is not changed, and documents keep the buyer they were issued to.
    """
    books.take(session, business.id)
    gone, kept = pair(session, business, source, target)
    if gone.merged_into_id == kept.id:
        return gone, []
    before = customers.state(gone)
    moved = _move(session, business.id, gone, kept, reason)
    gone.is_deleted, gone.merged_into_id = True, kept.id
    session.flush()
    customers.record(session, act, "merge", gone, before=before, reason=reason)
    if moved:
        audit.append(session, business.id, act, moved)
    if None in (gone.gstin, kept.gstin) or gone.gstin == kept.gstin:
        return gone, []
    return gone, [f"{gone.code} had GSTIN {gone.gstin} and {kept.code} has {kept.gstin}: they are two registrations."]


def _move(session: Session, business_id: int, gone: Customer, kept: Customer, reason: str) -> list[audit.Event]:
    """Let everything that names one customer name the other, with an event about each record so changed."""
    links: tuple[tuple[str, Any, Any], ...] = (
        ("invoice", Invoice.customer_id, literal("D-") + cast(Invoice.document_no, String)),
        ("payment", Payment.customer_id, Payment.number),
        ("customer", Customer.merged_into_id, Customer.code),
    )
    found: list[audit.Event] = []
    for noun, link, name in links:
        ours = (link.class_.business_id == business_id, link == gone.id)
        names = session.scalars(select(name).where(*ours).order_by(link.class_.id)).all()
        session.execute(update(link.class_).where(*ours).values({link: kept.id}))
        states: dict[str, Any] = {"before": {"customer": gone.code}, "after": {"customer": kept.code}}
        found += [
            audit.Event(action=f"{noun}.move", subject=f"{noun}:{each}", reason=reason, **states) for each in names
        ]
    return found


def _set_deleted(session: Session, customer: Customer, deleted: bool, verb: str, act: Act) -> Customer:
    before = customers.state(customer)
    customer.is_deleted = deleted
    session.flush()
    customers.record(session, act, verb, customer, before=before)
    return customer


def _searchable(text: str) -> str:
    """The text as search keys hold it; a whole mobile number in any spelling is its ten digits."""
    with suppress(InvalidError):
        return normalise_mobile(text)
    return customers.name_key(text)
