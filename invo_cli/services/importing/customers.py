"""Customers of a file: matched by code, else by GSTIN, else by name and mobile; stored some hundreds at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict
from invo_cli.errors import ConflictError, InvoError
from invo_cli.gst.records import CustomerRecord, Record
from invo_cli.models import Base, Customer
from invo_cli.services import audit, books, customers
from invo_cli.services.importing.matching import require_same
from invo_cli.services.importing.runs import Run

CHUNK = 500
_ADD = insert(Base.metadata.tables["customers"])
_NO_CODE = ""
Entry = Record[CustomerRecord]


def store(run: Run) -> None:
    """Import the customers of a file."""
    for chunk in run.chunks(CHUNK):
        _store(run, chunk)


def _store(run: Run, chunk: Sequence[Entry]) -> None:
    stored = _Stored(run.session, run.business.id, [entry.value for entry in chunk])
    made: list[tuple[Customer, int]] = []
    for entry in chunk:
        try:
            known = stored.match(entry.value)
            if known is not None:
                _require_same(entry.value, known)
                run.skip()
                continue
            new = _new(run, entry.value)
        except InvoError as error:
            run.refuse_for(entry, error)
            continue
        stored.add(new)
        made.append((new, entry.line))
    if made and not run.is_doomed:
        _name(run, [new for new, _ in made])
        run.session.execute(_ADD, [as_dict(new) for new, _ in made])
        audit.append(run.session, run.business.id, run.act, [customers.event("create", new) for new, _ in made])
    run.made("customer", [(new.id, line) for new, line in made])


def _new(run: Run, record: CustomerRecord) -> Customer:
    values = asdict(record) | {"code": None}
    fields = customers.checked(values, gstin=None, state=run.business.state)
    return customers.new(run.business, record.code or _NO_CODE, fields, act=run.act)


def _name(run: Run, chunk: Sequence[Customer]) -> None:
    """Give the next codes to those without one, passing over codes that were chosen by hand."""
    waiting = [new for new in chunk if new.code == _NO_CODE]
    chosen = {new.code_key for new in chunk}
    while waiting:
        last = books.take(run.session, run.business.id, customers=len(waiting)).customer_no
        codes = [f"C-{number:04}" for number in range(last - len(waiting) + 1, last + 1)]
        keys = select(Customer.code_key).where(Customer.business_id == run.business.id, Customer.code_key.in_(codes))
        used = chosen.union(run.session.scalars(keys))
        free = [code for code in codes if code not in used]
        for customer, code in zip(waiting, free, strict=False):
            customer.code = code
            customers.index(customer)
        waiting = waiting[len(free) :]


def _require_same(record: CustomerRecord, known: Customer) -> None:
    if known.is_deleted or known.merged_into_id is not None:
        raise ConflictError(
            f"Customer {known.code} is deleted or merged.", hint=f"See: invo customer show {known.code}", column="code"
        )
    given = asdict(record)
    given.pop("code")
    if customers.name_key(record.name) == known.name_key:
        given.pop("name")
    require_same(f"Customer {known.code or record.name}", given, known)


class _Stored:
    """The stored customers that the records of a chunk may mean, and those of the chunk itself."""

    def __init__(self, session: Session, business_id: int, records: Iterable[CustomerRecord]) -> None:
        self._by_code: dict[str, Customer] = {}
        self._by_gstin: defaultdict[str, list[Customer]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str | None], list[Customer]] = defaultdict(list)
        self._session, self._business_id = session, business_id
        given = list(records)
        self._load(Customer.code_key, {each.code.upper() for each in given if each.code})
        self._load(Customer.gstin, {each.gstin for each in given if each.gstin})
        self._load(Customer.mobile, {each.mobile for each in given if each.mobile})
        self._load(Customer.name_key, {customers.name_key(each.name) for each in given if _has_only_a_name(each)})

    def match(self, record: CustomerRecord) -> Customer | None:
        """The customer that a record means, as documents match theirs; a name alone means one that has no more."""
        if record.code:
            return self._by_code.get(record.code.upper())
        key = customers.name_key(record.name)
        registered = self._by_gstin[record.gstin] if record.gstin else []
        if registered:
            return min(registered, key=lambda customer: customer.name_key != key)
        if record.mobile is None and record.gstin is not None:
            return None
        # Another GSTIN is another registration, whatever the name.
        namesakes = self._by_name[key, record.mobile]
        is_other = record.gstin or not record.mobile
        return next((customer for customer in namesakes if not (is_other and customer.gstin)), None)

    def add(self, customer: Customer) -> None:
        """Let later records find a customer."""
        if customer.code:
            self._by_code[customer.code.upper()] = customer
        if customer.is_deleted:
            return
        if customer.gstin:
            self._by_gstin[customer.gstin].append(customer)
        self._by_name[customer.name_key, customer.mobile].append(customer)

    def _load(self, column: Any, keys: set[str]) -> None:
        if not keys:
            return
        condition: ColumnElement[bool] = column.in_(sorted(keys))
        query = select(Customer).where(Customer.business_id == self._business_id, condition)
        loaded = {id(customer) for group in self._by_name.values() for customer in group}
        for customer in self._session.scalars(query.order_by(Customer.created_at, Customer.id)):
            if id(customer) not in loaded:
                self.add(customer)


def _has_only_a_name(record: CustomerRecord) -> bool:
    return not (record.code or record.gstin or record.mobile)
