"""The made-up business put into a database: every record through the service that makes real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from invo_cli.demo.catalogue import ARTICLES
from invo_cli.demo.papers import Fate, Paper
from invo_cli.demo.people import BUSINESS, Group, Person
from invo_cli.services import businesses, customers, invoice_lookup, invoices, items
from invo_cli.services.acting import Act

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.models import Business

CLERK, COUNTER = "kavya", "counter-1"


@dataclass(frozen=True, slots=True)
class Shop:
    """The business and its customers, all by their codes."""

    business: str
    customers: Mapping[Group, Sequence[str]]


def open_shop(session: Session, people: Iterable[Person], *, at: datetime) -> Shop:
    """Make the business, its items and its customers; `at` is a time in India."""
    act = _act(at)
    business = businesses.create(session, act=act, values=BUSINESS)
    for article in ARTICLES.values():
        items.create(session, business.id, act=act, values=article.columns())
    codes: dict[Group, list[str]] = {}
    for person in people:
        customer = customers.create(session, business, act=act, values=person.columns())
        codes.setdefault(person.group, []).append(customer.code)
    return Shop(business.code, codes)


def keep(session: Session, shop: Shop, papers: Iterable[Paper]) -> list[str]:
    """Enter the documents and let become of them what becomes of them; return what the rules find doubtful."""
    business = businesses.get(session, shop.business)
    return [warning for paper in papers for warning in _keep(session, business, paper)]


def _keep(session: Session, business: Business, paper: Paper) -> tuple[str, ...]:
    act = _act(paper.at)
    made = invoices.create(session, business, paper.entered, act=act, draft=paper.fate is Fate.DRAFT)
    if paper.reason is not None:
        invoice = invoice_lookup.get(session, business, made.document["id"])
        take_back = invoices.cancel if paper.fate is Fate.CANCELLED else invoices.delete
        take_back(session, business, invoice, act=act, reason=paper.reason)
    return made.warnings


def _act(at: datetime) -> Act:
    return Act(actor=CLERK, os_user=CLERK, host=COUNTER, at=at.astimezone(UTC), today=at.date())
