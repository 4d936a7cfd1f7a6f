"""Customers of a business: found by code, name, GSTIN or mobile, and made when a document names a new one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict, new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.contact import check_pincode
from invo_cli.gst.document import Address, Buyer, CustomerInput
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.states import OVERSEAS
from invo_cli.gst.text import nearest, quoted
from invo_cli.models import Business, Customer
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act

PERSONAL = audit.PERSONAL | {"gstin", "notes"}
SUGGESTIONS = 500
"""How many names a refusal compares to find the nearest."""
MOST_TWINS = 5
"""How many customers that are alike are looked at."""
_SHARED = {"gstin": "GSTIN", "mobile": "Mobile number", "name_key": "Name"}
_KEYS = ("id", "business_id", "code_key", "name_key", "search_key")

_BY_CODE = select(Customer).where(Customer.business_id == bindparam("business"), Customer.code_key == bindparam("code"))


@demands(Right.CUSTOMER_READ)
def get(session: Session, business_id: int, code_or_name: str) -> Customer:
    """The customer with this code, else the one with exactly this name in any case.

    Raises NotFoundError, or ConflictError when several have the name and when the code is deleted or merged.
    """
    customer = find(session, business_id, code_or_name)
    if customer is not None:
        return _refuse_gone(session, customer)
    named = _living(session, business_id, Customer.name_key == name_key(code_or_name))
    if len(named) > 1:
        codes = [customer.code for customer in named]
        raise ConflictError(
            f"{len(named)} customers are named {quoted(code_or_name)}: {', '.join(codes)}.",
            hint="Use the code of the one you mean.",
            codes=codes,
        )
    if not named:
        raise _not_found(session, business_id, code_or_name)
    return named[0]


def find(session: Session, business_id: int, code: str) -> Customer | None:
    """The customer with this code, deleted or not, or None."""
    return session.scalars(_BY_CODE, {"business": business_id, "code": code.strip().upper()}).first()


def find_or_create(
    session: Session, business: Business, given: CustomerInput, *, act: Act
) -> tuple[Customer, list[str]]:
    """The stored customer that is meant, else a new one with the warnings about it.

    Matched by GSTIN, else by name and mobile together; a name alone never matches. The stored one is not changed.
    """
    customer = _match(session, business.id, given)
    if customer is None:
        # Whoever is making the same customer right now has committed once the book is locked.
        books.take(session, business.id)
        customer = _match(session, business.id, given)
    if customer is not None:
        return customer, []
    customer = create(session, business, act=act, values=columns(given))
    return customer, doubts(session, customer, about=("mobile",))


@demands(Right.CUSTOMER_WRITE)
def create(session: Session, business: Business, *, act: Act, values: Mapping[str, Any]) -> Customer:
    """Make a customer of columns such as name, gstin, mobile; the next code unless `code` is given."""
    fields = checked(values, gstin=None, state=business.state)
    if "name" not in fields:
        raise InvalidError("A customer needs a name.", hint="Give it with --name.")
    code = fields.pop("code", None) or _next_code(session, business.id)
    if find(session, business.id, code) is not None:
        raise ConflictError(f"There is a customer {code} already.", hint=f"See: invo customer show {code}")
    customer = new(business, code, fields, act=act)
    session.add(customer)
    session.flush()
    record(session, act, "create", customer)
    return customer


def new(business: Business, code: str, fields: Mapping[str, Any], *, act: Act) -> Customer:
    """A customer of `checked` columns, ready to be stored."""
    flags = dict.fromkeys(("is_composition", "is_sez", "is_deleted"), False)
    columns = {"business_id": business.id, "id": new_id(), "code": code, "created_at": act.at}
    customer = Customer(**(flags | columns | dict(fields)))
    index(customer)
    return customer


def checked(values: Mapping[str, Any], *, gstin: str | None, state: str) -> dict[str, Any]:
    """The given values as columns; `gstin` and `state` are those stored before, or the usual ones.

    The GSTIN decides the state and must agree with one that is given; a PIN code of India has six digits.
    """
    fields = {name: value for name, value in values.items() if value is not None}
    if "gstin" in fields:
        fields["gstin"] = Gstin.parse(fields["gstin"]).value
    gstin = fields.get("gstin", gstin)
    if gstin is not None:
        own = state_of(gstin)
        if fields.setdefault("state", own) != own:
            raise InvalidError(
                f"GSTIN {gstin} belongs to state {own}, not {fields['state']}.",
                hint="Leave the state out: the GSTIN decides it.",
            )
    if fields.setdefault("state", state) != OVERSEAS and "pincode" in fields:
        fields["pincode"] = check_pincode(fields["pincode"])
    return fields


@demands(Right.CUSTOMER_READ)
def doubts(session: Session, customer: Customer, about: Sequence[str] = ("gstin", "mobile", "name_key")) -> list[str]:
    """What is unusual about the GSTIN, and who else has the same GSTIN, mobile or name: sentences, never refusals."""
    sentences = list(Gstin.parse(customer.gstin).warnings) if customer.gstin and "gstin" in about else []
    for key in about:
        value, column = getattr(customer, key), getattr(Customer, key)
        twins = value and _living(session, customer.business_id, column == value, Customer.id != customer.id)
        if twins:
            sentences.append(shared(key, customer, twins))
    return sentences


def shared(key: str, customer: Customer, twins: Sequence[Customer]) -> str:
    """That others have the same gstin, mobile or name_key as a customer, as a sentence."""
    shown = quoted(customer.name) if key == "name_key" else getattr(customer, key)
    return f"{_SHARED[key]} {shown} is also that of {_listed(twins)}."


def buyer_of(customer: Customer, given: CustomerInput | None = None) -> Buyer:
    """The recipient as printed: what the document says, the rest as stored."""
    said = given or CustomerInput(name=customer.name)
    gstin = said.gstin or customer.gstin
    state = said.state or (state_of(said.gstin) if said.gstin else customer.state)
    return Buyer(
        name=said.name,
        state=state,
        code=customer.code,
        gstin=gstin,
        mobile=said.mobile or customer.mobile,
        email=said.email or customer.email,
        address=said.address or address_of(customer),
        is_composition=customer.is_composition,
        is_sez=customer.is_sez,
    )


def address_of(customer: Customer) -> Address:
    """The stored address."""
    return Address(
        line1=customer.address_line1,
        line2=customer.address_line2,
        city=customer.city,
        pincode=customer.pincode,
        state=customer.state,
        country=customer.country,
    )


def state_of(gstin: str) -> str:
    """The state of a GSTIN; online services from abroad (OIDAR) are overseas."""
    state = Gstin.parse(gstin).state
    return OVERSEAS if state is None else state.code


def name_key(name: str) -> str:
    """What makes names equal: NFC and no case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def record(
    session: Session,
    act: Act,
    verb: str,
    customer: Customer,
    *,
    before: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Append the audit event of a change to a customer."""
    audit.append(session, customer.business_id, act, [event(verb, customer, before=before, reason=reason)])


def event(
    verb: str, customer: Customer, *, before: Mapping[str, Any] | None = None, reason: str | None = None
) -> audit.Event:
    """What happened to a customer, for the audit trail."""
    return audit.Event(
        action=f"customer.{verb}",
        subject=f"customer:{customer.code}",
        before=before,
        after=state(customer),
        reason=reason,
        personal=PERSONAL,
    )


def state(customer: Customer) -> dict[str, Any]:
    """What an audit event keeps of a customer."""
    return {name: value for name, value in as_dict(customer).items() if name not in _KEYS}


def index(customer: Customer) -> None:
    """Fill in the keys by which a customer is found; to be called after every change."""
    parts = (customer.name, customer.code, customer.mobile, customer.gstin)
    customer.code_key = customer.code.upper()
    customer.name_key = name_key(customer.name)
    customer.search_key = "\n".join(name_key(part) for part in parts if part)


def choose(
    given: CustomerInput, registered: Sequence[Customer], namesakes: Callable[[], Sequence[Customer]]
) -> Customer | None:
    """The one that is meant, or None: of those with its GSTIN, else of those with its name and its mobile number."""
    if registered:
        key = name_key(given.name)
        return min(registered, key=lambda customer: customer.name_key != key)
    if not given.mobile:
        return None
    # Another GSTIN is another registration, whatever the name.
    return next((customer for customer in namesakes() if not (given.gstin and customer.gstin)), None)


def _match(session: Session, business_id: int, given: CustomerInput) -> Customer | None:
    registered = _living(session, business_id, Customer.gstin == given.gstin) if given.gstin else []
    is_namesake = (Customer.mobile == given.mobile, Customer.name_key == name_key(given.name))
    return choose(given, registered, lambda: _living(session, business_id, *is_namesake))


def _living(session: Session, business_id: int, *conditions: ColumnElement[bool]) -> Sequence[Customer]:
    """The first few customers, oldest first, that are not deleted."""
    query = select(Customer).where(Customer.business_id == business_id, ~Customer.is_deleted, *conditions)
    return session.scalars(query.order_by(Customer.created_at, Customer.id).limit(MOST_TWINS)).all()


def _listed(customers: Sequence[Customer]) -> str:
    shown = ", ".join(f"{customer.code} {quoted(customer.name)}" for customer in customers)
    return f"{shown} and perhaps others" if len(customers) == MOST_TWINS else shown


def _refuse_gone(session: Session, customer: Customer) -> Customer:
    """The customer itself unless it was merged or deleted."""
    if customer.merged_into_id is not None:
        into = session.get_one(Customer, (customer.business_id, customer.merged_into_id))
        raise ConflictError(f"Customer {customer.code} was merged into {into.code}.", hint=f"Use {into.code}.")
    if customer.is_deleted:
        raise ConflictError(
            f"Customer {customer.code} is deleted.", hint=f"Bring it back with: invo customer restore {customer.code}"
        )
    return customer


def _not_found(session: Session, business_id: int, wanted: str) -> NotFoundError:
    query = select(Customer.code, Customer.name).where(Customer.business_id == business_id, ~Customer.is_deleted)
    alike = Customer.search_key.startswith(name_key(wanted)[:1], autoescape=True)
    rows = session.execute(query.order_by(alike.desc(), Customer.code_key).limit(SUGGESTIONS))
    near = nearest(wanted, (spelling for row in rows for spelling in row))
    unknown = "See: invo customer list --search TEXT; a new one needs --mobile, --gstin or --state."
    hint = f"Did you mean {quoted(near)}?" if near else unknown
    return NotFoundError(f"No customer {quoted(wanted)}.", hint=hint, wanted=wanted)


def _next_code(session: Session, business_id: int) -> str:
    """C-0001 and so on, passing over codes that were chosen by hand."""
    while True:
        code = f"C-{books.take(session, business_id, customers=1).customer_no:04}"
        if find(session, business_id, code) is None:
            return code


def columns(given: CustomerInput) -> dict[str, Any]:
    """A customer described inside a document as columns."""
    address = given.address or Address()
    return {
        "name": given.name,
        "gstin": given.gstin,
        "state": given.state,
        "mobile": given.mobile,
        "email": given.email,
        "address_line1": address.line1,
        "address_line2": address.line2,
        "city": address.city,
        "pincode": address.pincode,
        "country": address.country,
    }
