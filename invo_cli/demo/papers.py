"""The documents of the made-up year, as they would have been entered at the counter, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from invo_cli.demo.catalogue import ARTICLES
from invo_cli.demo.people import Group
from invo_cli.gst.document import ZERO, ChargeInput, DocumentInput, LineInput, Supply
from invo_cli.gst.periods import FinancialYear

SHORTEST_YEAR = timedelta(days=90)
OPENS, MINUTES_OPEN = time(10), 9 * 60
SUNDAY = 6
DRAFTS = 3


class Fate(StrEnum):
    """What becomes of a document."""

    ISSUED = "issued"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A usual sale: to whom, which items together, how many days of credit, and what is special about it."""

    to: Group
    baskets: tuple[tuple[str, ...], ...]
    credit_days: int | None = None
    is_discounted: bool = False
    has_freight: bool = False
    supply: Supply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document: when it was made, what was entered, and what became of it."""

    at: datetime
    entered: DocumentInput
    fate: Fate
    reason: str | None = None


_REPAIRS = (
    ("L-PHONE", "SCREEN"),
    ("L-PHONE", "PHONE-BATT"),
    ("L-LAPTOP", "SSD-512"),
    ("L-LAPTOP", "LAPTOP-BATT", "KEYBOARD"),
    ("L-WASHER", "WASHER-PUMP"),
    ("L-AC", "REFRIGERANT", "COPPER-PIPE"),
    ("L-AC", "CAPACITOR"),
    ("L-DATA",),
    ("L-PRINTER",),
)
_OFFICE = (
    ("L-PRINTER", "TONER"),
    ("L-NETWORK", "SSD-512"),
    ("L-UPS", "UPS-BATT", "SOLAR"),
    ("L-AC", "COMPRESSOR", "REFRIGERANT"),
)
_STORES = (("UPS-BATT",), ("TONER", "KEYBOARD"), ("COMPRESSOR", "CAPACITOR"), ("SOLAR", "UPS-BATT"))
_COUNTER_SALES = (("CHARGER",), ("EARPHONES",), ("CARD-128", "CHARGER"))

TRADES = (
    *[Trade(to=Group.WALK_IN, baskets=_REPAIRS)] * 6,
    *[Trade(to=Group.WALK_IN, baskets=_COUNTER_SALES)] * 2,
    *[Trade(to=Group.LOCAL_FIRM, baskets=_OFFICE, credit_days=15)] * 2,
    Trade(to=Group.LOCAL_FIRM, baskets=_OFFICE, credit_days=30, is_discounted=True, has_freight=True),
    *[Trade(to=Group.DISTANT_FIRM, baskets=_STORES, credit_days=30, has_freight=True)] * 2,
    Trade(to=Group.DISTANT_FIRM, baskets=_STORES, credit_days=45, is_discounted=True),
    Trade(to=Group.VISITOR, baskets=_REPAIRS),
    Trade(to=Group.VISITOR, baskets=_COUNTER_SALES, credit_days=7),
    Trade(to=Group.SEZ_UNIT, baskets=_OFFICE, credit_days=30),
    Trade(to=Group.OVERSEAS, baskets=(("L-REMOTE",),), credit_days=45, supply=Supply.EXPORT_WITHOUT_PAYMENT),
    Trade(to=Group.WALK_IN, baskets=(("HEARING-AID",), ("MANUAL",))),
    Trade(to=Group.WALK_IN, baskets=(("L-LAPTOP", "KEYBOARD", "MANUAL"),)),
)
"""The mix: of twenty documents one is of each of these."""
REASONS = ("Entered twice at the counter.", "The customer withdrew the order.", "Wrong customer was chosen.")


def first_day(today: date) -> date:
    """1 April of this financial year; earlier in spring, so that some bills are overdue on every day of the year."""
    return min(FinancialYear.of(today).first_day, today - SHORTEST_YEAR)


def plan(
    chance: Random, count: int, *, customers: Mapping[Group, Sequence[str]], first: date, now: datetime
) -> Iterator[Paper]:
    """So many documents in the order of their making, from the first day until now (a time in India).

    `customers` are codes. The same `chance` and days give the same documents.
    """
    for place, (at, trade) in enumerate(zip(_moments(chance, count, first, now), _mix(chance), strict=False)):
        fate = fate_of(place, count)
        reason = chance.choice(REASONS) if fate in (Fate.CANCELLED, Fate.DELETED) else None
        entered = _entered(chance, trade, customer=chance.choice(customers[trade.to]), on=at.date(), job=place + 1)
        yield Paper(at=at, entered=entered, fate=fate, reason=reason)


def fate_of(place: int, count: int) -> Fate:
    """What becomes of one of `count` documents: the newest are drafts, a few were taken back."""
    if count > DRAFTS and place >= count - DRAFTS:
        return Fate.DRAFT
    if place % 20 == 7:
        return Fate.CANCELLED
    return Fate.DELETED if place % 30 == 11 else Fate.ISSUED


def _moments(chance: Random, count: int, first: date, now: datetime) -> list[datetime]:
    """Times of opening until now, in order; closed on Sundays."""
    days = [first + timedelta(days=ahead) for ahead in range((now.date() - first).days + 1)]
    opened = [datetime.combine(day, OPENS, now.tzinfo) for day in days if day.weekday() != SUNDAY]
    times = (chance.choice(opened) + timedelta(minutes=chance.randrange(MINUTES_OPEN)) for _ in range(count))
    return sorted(min(now, at) for at in times)


def _mix(chance: Random) -> Iterator[Trade]:
    while True:
        yield from chance.sample(TRADES, len(TRADES))


def _entered(chance: Random, trade: Trade, *, customer: str, on: date, job: int) -> DocumentInput:
    basket = chance.choice(trade.baskets)
    return DocumentInput(
        customer=customer,
        date=on,
        due_date=None if trade.credit_days is None else on + timedelta(days=trade.credit_days),
        supply=trade.supply,
        lines=tuple(_line(chance, code, trade.is_discounted and code == basket[0]) for code in basket),
        discount=Decimal(50 * chance.randint(2, 8)) if trade.is_discounted else ZERO,
        charges=_freight(chance) if trade.has_freight else (),
        reference=f"JC-{job:05}",
    )


def _line(chance: Random, code: str, is_discounted: bool) -> LineInput:
    return LineInput(
        item=code,
        quantity=Decimal(chance.choice(ARTICLES[code].quantities)),
        discount_percent=Decimal(chance.choice((5, 10))) if is_discounted else None,
    )


def _freight(chance: Random) -> tuple[ChargeInput, ...]:
    return (ChargeInput(description="Freight", amount=Decimal(25 * chance.randint(6, 24))),)
