"""What a manifest says of an export: how many rows, what the money comes to, and up to which event it goes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from invo_cli.gst.money import rupees
from invo_cli.models import Book
from invo_cli.services.access import Right, demands
from invo_cli.services.exporting.declaring import Field


@demands(Right.EXPORT_RUN)
def totals(session: Session, rows: Select[Any], fields: Sequence[Field]) -> dict[str, Decimal]:
    """The sum of every money field of the rows, in rupees."""
    found = rows.order_by(None).subquery()
    sums = [func.coalesce(func.sum(found.c[field.name]), 0) for field in fields if field.kind == "money"]
    if not sums:
        return {}
    values = session.execute(select(*sums)).one()
    names = [field.name for field in fields if field.kind == "money"]
    return {name: rupees(int(value)) for name, value in zip(names, values, strict=True)}


@demands(Right.EXPORT_RUN)
def count(session: Session, rows: Select[Any]) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0


@demands(Right.EXPORT_RUN)
def watermark(session: Session, book: int) -> int:
    """The number of the last audit event of a book that the session sees."""
    return session.scalar(select(Book.last_audit_seq).where(Book.business_id == book)) or 0
