"""Documents found by number or id, and whole documents as scripts see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, aliased

from invo_cli.errors import ConflictError, NotFoundError
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.text import nearest
from invo_cli.models import Business, Customer, Invoice, InvoiceLine
from invo_cli.services.access import Right, demands
from invo_cli.services.documents import as_document

HEADER = Invoice.__table__.c
LINES = InvoiceLine.__table__.c
_Original, _Amended = aliased(Invoice), aliased(Invoice)


@demands(Right.INVOICE_READ)
def get(session: Session, business: Business, name: str) -> Invoice:
    """The document called by its number, by NUMBER@2026-27, or by its id D-n; deleted ones too.

    Raises NotFoundError with the nearest number, ConflictError when several bear the number.
    """
    number, _, year = name.strip().partition("@")
    key = number_key(number)
    meant = [Invoice.number_key == key]
    if key.startswith("D-") and key[2:].isascii() and key[2:].isdigit() and len(key) < 18:
        meant.append(Invoice.document_no == int(key[2:]))
    query = select(Invoice).where(Invoice.business_id == business.id, or_(*meant))
    if year:
        query = query.where(Invoice.financial_year == FinancialYear.parse(year).label)
    found = session.scalars(query.order_by(Invoice.financial_year, Invoice.document_no)).all()
    if not found:
        raise _not_found(session, business, name)
    if len(found) > 1:
        raise ConflictError(
            f"{number} names {len(found)} documents.",
            hint="Say which: "
            + ", ".join(f"{each.number}@{each.financial_year} (D-{each.document_no})" for each in found),
        )
    return found[0]


@demands(Right.INVOICE_READ)
def document(session: Session, business: Business, invoice_id: int, *, today: date) -> dict[str, Any]:
    """One document with its lines in the form of docs/document.md."""
    row = session.execute(headers(business).where(Invoice.id == invoice_id)).one()
    lines = session.execute(
        select(*LINES).where(LINES.business_id == business.id, LINES.invoice_id == invoice_id).order_by(LINES.line_no)
    )
    return as_document(
        dict(row._mapping),
        [dict(line._mapping) for line in lines],
        business=business.code,
        customer=row.customer_code,
        today=today,
        against=row.against_number,
        amends=row.amends_number,
    )


def headers(business: Business) -> Select[Any]:
    """The headers of a business with the code of the customer and the numbers of the original and amended document."""
    numbers = (_Original.number.label("against_number"), _Amended.number.label("amends_number"))
    return (
        select(*HEADER, Customer.code.label("customer_code"), *numbers)
        .select_from(Invoice)
        .join(Customer, (Customer.business_id == Invoice.business_id) & (Customer.id == Invoice.customer_id))
        .outerjoin(_Original, (_Original.business_id == Invoice.business_id) & (_Original.id == Invoice.against_id))
        .outerjoin(_Amended, (_Amended.business_id == Invoice.business_id) & (_Amended.id == Invoice.amends_id))
        .where(Invoice.business_id == business.id)
    )


def _not_found(session: Session, business: Business, name: str) -> NotFoundError:
    newest = select(Invoice.number).where(Invoice.business_id == business.id, Invoice.number.is_not(None))
    numbers: list[Row[Any]] = list(session.execute(newest.order_by(Invoice.dated_on.desc()).limit(500)))
    near = nearest(name.upper(), [row[0] for row in numbers])
    hint = f"Did you mean {near}?" if near else "See: invo invoice list"
    return NotFoundError(f"No document {name}.", hint=hint, wanted=name)
