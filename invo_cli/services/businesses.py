"""The operator's own registrations: one business a GSTIN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, or_, select
from sqlalchemy.orm import Session

from invo_cli.db.types import as_dict, new_id
from invo_cli.errors import ConflictError, InvalidError, NotFoundError, UsageProblemError
from invo_cli.gst.document import Address, Seller
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.money import format_rate, from_thousandths, rupees
from invo_cli.gst.rates import rates_ever
from invo_cli.gst.states import OVERSEAS
from invo_cli.gst.text import nearest
from invo_cli.models import Book, Business
from invo_cli.services import audit
from invo_cli.services.access import Right, demands, principal_of
from invo_cli.services.acting import Act


@demands(Right.BUSINESS_READ)
def current(session: Session, wanted: str | None) -> Business:
    """The business asked for by code or GSTIN, else the only one; raise when none or several could be meant."""
    if wanted:
        return get(session, wanted)
    found = session.scalars(_reached(session).limit(2)).all()
    if not found:
        raise NotFoundError(
            "The database has no business yet.", hint="Make one with: invo init --name NAME --gstin GSTIN"
        )
    if len(found) > 1:
        raise UsageProblemError(
            "There are several businesses: say which one.",
            hint="Use --business CODE, INVO_BUSINESS or: invo business use CODE",
        )
    return found[0]


@demands(Right.BUSINESS_READ)
def get(session: Session, code: str) -> Business:
    """The business with this code or GSTIN, whatever the case; one of others is not found."""
    business = session.scalars(_reached(session).where(_is_called(code))).first()
    if business is None:
        codes = [each.code for each in session.scalars(_reached(session))]
        near = nearest(code, codes)
        raise NotFoundError(f"No business {code}.", hint=f"Did you mean {near}?" if near else "See: invo business list")
    return business


@demands(Right.BUSINESS_READ)
def search(session: Session) -> Sequence[Business]:
    """Every business that whoever asks may see, by code."""
    return session.scalars(_reached(session).order_by(Business.code_key, Business.id)).all()


def count(session: Session) -> int:
    """How many businesses there are."""
    return session.scalar(select(func.count()).select_from(Business).where(~Business.is_deleted)) or 0


@demands(Right.BUSINESS_CREATE)
def create(session: Session, *, act: Act, values: Mapping[str, Any]) -> Business:
    """Make a business; `values` holds its columns: a name, a GSTIN or a state, and settings."""
    fields = checked(values)
    if not fields.get("name"):
        raise InvalidError("A business needs a name.", hint="Give it with --name.")
    if not fields.get("state"):
        raise InvalidError("A business needs a GSTIN or a state.", hint="Give --gstin GSTIN or --state SS.")
    code = fields.get("code") or fields.get("gstin")
    if not code:
        code = f"B{count(session) + 1}"
    _refuse_twin(session, code, fields.get("gstin"))
    business = Business(**(fields | {"id": new_id(), "code": code, "code_key": code.upper(), "created_at": act.at}))
    session.execute(insert(Book).values(business_id=business.id, last_audit_hash=""))
    session.add(business)
    session.flush()
    event = audit.Event(action="business.create", subject=f"business:{code}", after=state(business))
    audit.append(session, business.id, act, [event])
    return business


@demands(Right.BUSINESS_WRITE)
def edit(session: Session, business: Business, *, act: Act, values: Mapping[str, Any]) -> Business:
    """Change settings and particulars; documents already issued keep what they were issued with."""
    before = state(business)
    fields = checked(values)
    if "gstin" in fields and business.gstin not in (None, fields["gstin"]):
        raise ConflictError(
            f"{business.code} has the GSTIN {business.gstin}: another GSTIN is another business.",
            hint="Make it with: invo business create",
        )
    for name, value in fields.items():
        setattr(business, name, value)
    session.flush()
    event = audit.Event(
        action="business.edit", subject=f"business:{business.code}", before=before, after=state(business)
    )
    audit.append(session, business.id, act, [event])
    return business


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The given values as columns; the GSTIN decides the state and must agree with one that is given."""
    fields = {name: value for name, value in values.items() if value is not None}
    if "gstin" in fields:
        gstin = Gstin.parse(fields["gstin"])
        if gstin.state is None:
            raise InvalidError(f"{gstin.value} belongs to no state.", hint="A business needs a GSTIN of its own state.")
        if fields.setdefault("state", gstin.state.code) != gstin.state.code:
            raise InvalidError(
                f"GSTIN {gstin.value} belongs to state {gstin.state.code}, not {fields['state']}.",
                hint="Leave --state out.",
            )
        fields["gstin"] = gstin.value
    if fields.get("state") == OVERSEAS:
        raise InvalidError("A business cannot be in another country.", hint="Give the state of its registration.")
    _check_default_rate(fields.get("default_rate_thousandths"))
    return fields


def seller(business: Business) -> Seller:
    """The business as it is printed on a document issued now."""
    return Seller(
        name=business.name,
        gstin=business.gstin,
        state=business.state,
        address=Address(
            line1=business.address_line1,
            line2=business.address_line2,
            city=business.city,
            pincode=business.pincode,
            state=business.state,
        ),
        is_composition=business.is_composition,
        is_sez=business.is_sez,
        lut=business.lut,
        turnover=None if business.turnover_paise is None else rupees(business.turnover_paise),
    )


def state(business: Business) -> dict[str, Any]:
    """What an audit event keeps of a business."""
    return {name: value for name, value in as_dict(business).items() if name not in ("id", "code_key")}


def _reached(session: Session) -> Select[Business]:
    """The businesses that whoever asks may see."""
    limits = principal_of(session).businesses
    seen = select(Business).where(~Business.is_deleted)
    return seen if limits is None else seen.where(Business.id.in_(limits))


def _is_called(code: str) -> ColumnElement[bool]:
    key = code.strip().upper()
    return or_(Business.code_key == key, Business.gstin == key)


def _check_default_rate(thousandths: int | None) -> None:
    rates = rates_ever()
    if thousandths is not None and from_thousandths(thousandths) not in rates:
        known = ", ".join(format_rate(rate) for rate in rates)
        raise InvalidError(
            f"{format_rate(from_thousandths(thousandths))} % has never been a rate of GST.", hint=f"Rates are {known}."
        )


def _refuse_twin(session: Session, code: str, gstin: str | None) -> None:
    for given in (gstin, code):
        twins = select(Business).where(_is_called(given or ""), ~Business.is_deleted)
        twin = session.scalars(twins).first() if given else None
        if twin is not None:
            raise ConflictError(
                f"There is a business {twin.code} already.", hint=f"See: invo business show {twin.code}"
            )
