"""Parts and labour a business sells."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, NotFoundError
from invo_cli.gst.document import Taxability
from invo_cli.gst.money import from_thousandths
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import Item


def get(session: Session, business_id: int, code: str) -> Item:
    """The item with this code, whatever the case; raise when there is none or it is deleted."""
    item = find(session, business_id, code)
    if item is None:
        raise _not_found(session, business_id, code)
    if item.is_deleted:
        raise ConflictError(f"Item {item.code} is deleted.", hint=f"Bring it back with: invo item restore {item.code}")
    return item


def find(session: Session, business_id: int, code: str) -> Item | None:
    """The item with this code, deleted or not, or None."""
    query = select(Item).where(Item.business_id == business_id, Item.code_key == code.strip().upper())
    return session.scalars(query).first()


def as_line_defaults(item: Item) -> dict[str, Any]:
    """What a line of this item has unless it says otherwise, by the names of LineInput; a rate of None: the usual."""
    rate = item.gst_rate_thousandths
    return {
        "description": item.name,
        "hsn": item.hsn,
        "unit": item.unit,
        "unit_price": from_thousandths(item.unit_price_thousandths),
        "taxability": Taxability(item.taxability),
        "gst_rate": None if rate is None else from_thousandths(rate),
        "cess_rate": from_thousandths(item.cess_rate_thousandths),
        "cess_per_unit": from_thousandths(item.cess_per_unit_thousandths),
    }


def _not_found(session: Session, business_id: int, code: str) -> NotFoundError:
    codes = session.scalars(select(Item.code).where(Item.business_id == business_id, ~Item.is_deleted))
    near = nearest(code, codes)
    hint = f"Did you mean {near}?" if near else "See: invo item list"
    return NotFoundError(f"No item {quoted(code)}.", hint=hint)
