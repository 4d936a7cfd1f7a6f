"""Data sets for other systems: declared fields, streamed rows in a stable order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Select, String, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from invo_cli.errors import InvalidError
from invo_cli.gst.text import nearest
from invo_cli.models import AuditEvent, Business, Customer, Invoice

BATCH = 1000
_Original = aliased(Invoice)
_ID = literal("D-") + cast(Invoice.document_no, String)
_CHANGES = (
    select(AuditEvent.business_id, AuditEvent.subject, func.max(AuditEvent.seq).label("seq"))
    .where(AuditEvent.action != "invoice.print")
    .group_by(AuditEvent.business_id, AuditEvent.subject)
    .subquery()
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a data set: its name, what its values are, and where they come from; money is integer paise."""

    name: str
    kind: Literal["text", "money", "date", "flag", "count"]
    source: Any
    """A column or another SQL expression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which documents; none of `statuses` stands for every status, both days are included."""

    statuses: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    deleted: bool = False


def _text(name: str, source: Any) -> Field:
    return Field(name, "text", source)


def _money(name: str) -> Field:
    return Field(name, "money", getattr(Invoice, f"{name}_paise"))


INVOICES: tuple[Field, ...] = (
    _text("business", Business.code),
    *(_text(name, getattr(Invoice, name)) for name in ("number", "kind", "status")),
    Field("is_deleted", "flag", Invoice.is_deleted),
    Field("date", "date", Invoice.dated_on),
    Field("due_date", "date", Invoice.due_on),
    _text("financial_year", Invoice.financial_year),
    _text("return_period", Invoice.return_period),
    _text("customer_code", Customer.code),
    _text("customer_name", Invoice.buyer_name),
    _text("customer_gstin", Invoice.buyer_gstin),
    _text("place_of_supply", Invoice.place_of_supply),
    _text("supply", Invoice.supply),
    Field("reverse_charge", "flag", Invoice.reverse_charge),
    Field("taxable_value", "money", Invoice.taxable_paise),
    *map(_money, ("cgst", "sgst", "igst", "cess", "other_charges", "round_off", "total", "paid", "credited")),
    Field("outstanding", "money", Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise),
    _text("against", _Original.number),
    _text("irn", Invoice.irn),
    Field("change", "count", func.coalesce(_CHANGES.c.seq, 0)),
    _text("id", _ID),
)
"""The documents, one row each; `change` is the audit sequence of the last change, `id` names drafts too."""


def chosen(fields: Sequence[Field], names: str | None) -> tuple[Field, ...]:
    """The fields named in `a,b`, in that order; InvalidError names the nearest field for one that does not exist."""
    if names is None:
        return tuple(fields)
    known = {field.name: field for field in fields}
    return tuple(_known(known, name.strip()) for name in names.split(","))


def invoices(session: Session, business: Business, wanted: Wanted, fields: Sequence[Field]) -> Iterator[Sequence[Any]]:
    """The documents of a business by date and document number, streamed; the values of `fields` in their order."""
    query = _documents(fields).where(Invoice.business_id == business.id, *_conditions(wanted))
    query = query.order_by(Invoice.dated_on, Invoice.document_no)
    with session.execute(query, execution_options={"yield_per": BATCH}) as rows:
        yield from rows


def _documents(fields: Sequence[Field]) -> Select[Any]:
    customer = (Customer.business_id == Invoice.business_id) & (Customer.id == Invoice.customer_id)
    original = (_Original.business_id == Invoice.business_id) & (_Original.id == Invoice.against_id)
    subject = literal("invoice:") + _ID
    change = (_CHANGES.c.business_id == Invoice.business_id) & (_CHANGES.c.subject == subject)
    return (
        select(*(field.source.label(field.name) for field in fields))
        .select_from(Invoice)
        .join(Business, Business.id == Invoice.business_id)
        .join(Customer, customer)
        .outerjoin(_Original, original)
        .outerjoin(_CHANGES, change)
    )


def _conditions(wanted: Wanted) -> Iterator[Any]:
    if not wanted.deleted:
        yield Invoice.is_deleted.is_(False)
    if wanted.statuses:
        yield Invoice.status.in_(wanted.statuses)
    if wanted.first is not None:
        yield Invoice.dated_on >= wanted.first
    if wanted.last is not None:
        yield Invoice.dated_on <= wanted.last


def _known(known: Mapping[str, Field], name: str) -> Field:
    if name in known:
        return known[name]
    near = nearest(name, known)
    hint = f"Did you mean {near}? " if near else ""
    raise InvalidError(f"There is no field {name}.", hint=f"{hint}Fields: {', '.join(known)}.")
