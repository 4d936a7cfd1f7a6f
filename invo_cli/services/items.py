"""Parts and labour a business sells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict, new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.document import Taxability
from invo_cli.gst.money import format_rate, from_thousandths
from invo_cli.gst.rates import cess_problem, rate_problem, rates_ever
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import Item
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.customers import name_key

SERVICES = "99"
"""The chapter of every SAC."""
_KEYS = ("id", "business_id", "code_key", "search_key")


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


@demands(Right.ITEM_READ)
def search(
    session: Session,
    business_id: int,
    *,
    text: str | None = None,
    deleted: bool = False,
    after: str | None = None,
    limit: int | None = None,
) -> Iterator[Item]:
    """Items by code whose name, code or HSN holds the text; deleted ones only when wanted; streamed."""
    query = select(Item).where(Item.business_id == business_id)
    if text is not None:
        query = query.where(Item.search_key.contains(name_key(text), autoescape=True))
    if not deleted:
        query = query.where(~Item.is_deleted)
    if after is not None:
        query = query.where(Item.code_key > after.strip().upper())
    query = query.order_by(Item.code_key).limit(limit).execution_options(yield_per=500)
    with session.execute(query) as found:
        yield from found.scalars()


@demands(Right.ITEM_WRITE)
def create(session: Session, business_id: int, *, act: Act, values: Mapping[str, Any]) -> Item:
    """Make an item of columns such as name, hsn, unit_price_thousandths; the next code unless `code` is given."""
    fields = checked(values)
    for name, flag in (("name", "--name"), ("unit_price_thousandths", "--price")):
        if name not in fields:
            raise InvalidError(f"An item needs a {flag.strip('-')}.", hint=f"Give it with {flag}.")
    code = fields.pop("code", None) or _next_code(session, business_id)
    if find(session, business_id, code) is not None:
        raise ConflictError(f"There is an item {code} already.", hint=f"See: invo item show {code}")
    item = new(business_id, code, fields, act=act)
    session.add(item)
    session.flush()
    _record(session, act, "create", item)
    return item


def new(business_id: int, code: str, fields: Mapping[str, Any], *, act: Act) -> Item:
    """An item of `checked` columns, ready to be stored."""
    usual = {
        "kind": "labour" if fields.get("hsn", "").startswith(SERVICES) else "part",
        "unit": "NOS",
        "gst_rate_thousandths": None,
        "cess_rate_thousandths": 0,
        "cess_per_unit_thousandths": 0,
        "taxability": Taxability.TAXABLE.value,
        "price_includes_tax": False,
    }
    columns = {"business_id": business_id, "id": new_id(), "code": code, "created_at": act.at, "is_deleted": False}
    item = Item(**(usual | columns | dict(fields)))
    _index(item)
    return item


@demands(Right.ITEM_WRITE)
def edit(session: Session, business_id: int, code: str, *, act: Act, values: Mapping[str, Any]) -> Item:
    """Change an item; lines of documents keep the figures they were issued with."""
    books.take(session, business_id)
    item = get(session, business_id, code)
    before = state(item)
    for name, value in checked(values, Taxability(item.taxability)).items():
        setattr(item, name, value)
    _index(item)
    session.flush()
    if state(item) != before:
        _record(session, act, "edit", item, before)
    return item


@demands(Right.ITEM_WRITE)
def set_deleted(session: Session, business_id: int, code: str, deleted: bool, *, act: Act) -> Item:
    """Hide an item, or show it again; nothing to do when it is so already."""
    books.take(session, business_id)
    item = look_up(session, business_id, code)
    if item.is_deleted != deleted:
        before = state(item)
        item.is_deleted = deleted
        session.flush()
        _record(session, act, "delete" if deleted else "restore", item, before)
    return item


@demands(Right.ITEM_READ)
def look_up(session: Session, business_id: int, code: str) -> Item:
    """The item with this code, deleted or not; NotFoundError when there is none."""
    return find(session, business_id, code) or get(session, business_id, code)


def doubts(item: Item, on: date) -> list[str]:
    """What does not fit together in an item, as sentences: HSN and kind, rates that may not be charged today."""
    sentences = []
    if item.hsn and item.hsn.startswith(SERVICES) != (item.kind == "labour"):
        expected = "a SAC, which begins with 99" if item.kind == "labour" else "an HSN code that does not begin with 99"
        sentences.append(f"{item.code} is {item.kind} and should have {expected}: {item.hsn}.")
    rate = item.gst_rate_thousandths
    problems = [
        None if rate is None else rate_problem(from_thousandths(rate), on, item.hsn),
        cess_problem(
            from_thousandths(item.cess_rate_thousandths),
            from_thousandths(item.cess_per_unit_thousandths),
            on,
            item.hsn,
        ),
    ]
    return sentences + [f"{problem.reason} {problem.hint}" for problem in problems if problem]


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


def state(item: Item) -> dict[str, Any]:
    """What an audit event keeps of an item."""
    return {name: value for name, value in as_dict(item).items() if name not in _KEYS}


def checked(values: Mapping[str, Any], taxability: Taxability = Taxability.TAXABLE) -> dict[str, Any]:
    """The given values as columns; `taxability` is the one stored before. What bears no tax has no rate."""
    fields = {name: value for name, value in values.items() if value is not None}
    if Taxability(fields.get("taxability", taxability)) is not Taxability.TAXABLE:
        if fields.get("gst_rate_thousandths"):
            raise InvalidError(
                "Only a taxable item has a rate of GST.", hint="Leave --rate out, or use --taxability taxable."
            )
        fields["gst_rate_thousandths"] = None
    rate = from_thousandths(fields.get("gst_rate_thousandths") or 0)
    if rate not in rates_ever():
        known = ", ".join(map(format_rate, rates_ever()))
        raise InvalidError(f"{format_rate(rate)} % has never been a rate of GST.", hint=f"Rates were {known}.")
    return fields


def event(verb: str, item: Item, before: Mapping[str, Any] | None = None) -> audit.Event:
    """What happened to an item, for the audit trail."""
    return audit.Event(action=f"item.{verb}", subject=f"item:{item.code}", before=before, after=state(item))


def _index(item: Item) -> None:
    item.code_key = item.code.upper()
    item.search_key = "\n".join(name_key(part) for part in (item.name, item.code, item.hsn) if part)


def _record(session: Session, act: Act, verb: str, item: Item, before: Mapping[str, Any] | None = None) -> None:
    audit.append(session, item.business_id, act, [event(verb, item, before)])


def _next_code(session: Session, business_id: int) -> str:
    """I-0001 and so on, passing over codes that were chosen by hand."""
    while True:
        code = f"I-{books.take(session, business_id, items=1).item_no:04}"
        if find(session, business_id, code) is None:
            return code


def _not_found(session: Session, business_id: int, code: str) -> NotFoundError:
    codes = session.scalars(select(Item.code).where(Item.business_id == business_id, ~Item.is_deleted))
    near = nearest(code, codes)
    hint = f"Did you mean {near}?" if near else "See: invo item list"
    return NotFoundError(f"No item {quoted(code)}.", hint=hint, wanted=code)
