"""Books made through the services for tests of returns: documents of any day, reported, locked and amended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.gst.filing import Span
from invo_cli.gst.reading import read_document
from invo_cli.gst.returns import gstr1, writing
from invo_cli.gst.returns.gstr1 import Gstr1
from invo_cli.models import Business
from invo_cli.services import invoice_lookup, invoices, payments, period_locks
from invo_cli.services.acting import Act
from invo_cli.services.payments import Receipt
from invo_cli.services.returns import filing, reading

ASHA = {"name": "Asha Traders", "mobile": "9876543210"}
PUNE = {"name": "Pune Motors", "gstin": "27AAPFU0939F1ZV"}
SCREEN = {"description": "Screen", "hsn": "998716", "unit_price": "1500", "gst_rate": "18"}


def act_on(day: str) -> Act:
    """Somebody who acts at noon of a day."""
    on = dt.date.fromisoformat(day)
    return Act(
        actor="asha", os_user="asha", host="counter", at=dt.datetime.combine(on, dt.time(6, 30), dt.UTC), today=on
    )


def issue(session: Session, business: Business, day: str, **document: Any) -> dict[str, Any]:
    """Issue a document on a day, by default a screen for Asha; the document as scripts see it."""
    entered = {"customer": ASHA, "lines": [SCREEN], "round_off": False, "date": day} | document
    entered = {key: value for key, value in entered.items() if value is not None}
    act = act_on(document.pop("issued", day) if "issued" in document else day)
    entered.pop("issued", None)
    return invoices.create(session, business, read_document(entered), act=act).document


def amend(session: Session, business: Business, day: str, number: str, **document: Any) -> dict[str, Any]:
    """Issue the amendment of a reported document."""
    return issue(session, business, day, amends=number, **document)


def cancel(session: Session, business: Business, day: str, number: str) -> None:
    """Cancel a document."""
    found = invoice_lookup.get(session, business, number)
    invoices.cancel(session, business, found, act=act_on(day), reason="wrong")


def advance(session: Session, business: Business, day: str, amount: str, **more: Any) -> dict[str, Any]:
    """Receive an advance of the customer C-0001."""
    from invo_cli.services import customers

    customer = customers.get(session, business.id, "C-0001")
    wanted = more.pop("wanted", ())
    values: dict[str, Any] = {"place_of_supply": "29", "is_advance": True, "method": "upi"} | more
    receipt = Receipt(amount=Decimal(amount), on=dt.date.fromisoformat(day), **values)
    return payments.create(session, business, customer, receipt, act=act_on(day), wanted=wanted)


def close(session: Session, business: Business, day: str, period: str) -> None:
    """Lock a month as filed."""
    period_locks.lock(session, business, period, act=act_on(day), reason="filed")


def made(session: Session, business: Business, period: str, months: int = 1) -> Gstr1:
    """The return of a period."""
    span = Span(period, months)
    furnished = filing.furnished(session, business, span)
    return gstr1.build(reading.books_of(session, business, span, furnished=furnished))


def text(session: Session, business: Business, period: str, *, iff: bool = False) -> str:
    """The file of a period, of one part."""
    (only,) = writing.parts(made(session, business, period), iff=iff)
    return only


def rules(found: Gstr1) -> Sequence[str]:
    """The codes of what is wrong with a return."""
    return [finding.rule for finding in found.findings]
