"""Accounting for every number: each serial of each series has exactly one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import case, false, func, literal, select, union_all
from sqlalchemy.orm import Session

from invo_cli.gst.document import Voucher
from invo_cli.models import Invoice, NumberCounter, Payment
from invo_cli.services.access import Right, demands
from invo_cli.services.given_numbers import OUTSIDE

Range = tuple[int, int]
Key = tuple[str, str, str | None]
"""Financial year, kind and series; no series for numbers that came with imported documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of the serials of one series in one year; ranges include both ends."""

    financial_year: str
    kind: str
    series: str | None
    first_serial: int | None
    last_serial: int | None
    issued: int = 0
    cancelled: int = 0
    deleted: int = 0
    """How many of the cancelled ones are hidden as well."""
    missing: Sequence[Range] = ()
    duplicates: Sequence[Range] = ()
    beyond: Sequence[Range] = ()
    """Serials of documents outside those the counter gave out: a later document would repeat them."""

    @property
    def is_sound(self) -> bool:
        """Whether every number is accounted for, once."""
        return not (self.missing or self.duplicates or self.beyond)


@demands(Right.SERIES_READ)
def accounts(session: Session, business_id: int, year: str | None = None) -> list[Account]:
    """Every series with its numbers, of one year such as 2026-27 or of all, by year, kind and series."""
    return accounted(session, business_id, year)


def accounted(session: Session, business_id: int, year: str | None = None) -> list[Account]:
    """The same for who may prove the books without reading the series."""
    counters = _counters(session, business_id, year)
    documents = _documents(session, business_id, year)
    keys = sorted(counters.keys() | documents.keys(), key=lambda key: (key[0], key[1], key[2] or ""))
    return [_account(session, business_id, key, counters.get(key), documents.get(key)) for key in keys]


def as_row(account: Account) -> dict[str, Any]:
    """The account of a series as scripts see it: counts, and serials such as `3, 5-9` where something is wrong."""
    return {
        "financial_year": account.financial_year,
        "kind": account.kind,
        "series": account.series,
        "first_serial": account.first_serial,
        "last_serial": account.last_serial,
        "issued": account.issued,
        "cancelled": account.cancelled,
        "deleted": account.deleted,
        "missing": _shown(account.missing),
        "duplicates": _shown(account.duplicates),
        "beyond": _shown(account.beyond),
    }


def finding(account: Account) -> str:
    """What is wrong with a series, in a few words."""
    found = {"missing": account.missing, "twice": account.duplicates, "beyond its counter": account.beyond}
    wrong = "; ".join(f"{word} {_shown(ranges)}" for word, ranges in found.items() if ranges)
    return f"{account.series} of {account.financial_year} ({account.kind}): {wrong}"


def _counters(session: Session, business_id: int, year: str | None) -> dict[Key, Range]:
    """The first and last serial given out of every series that gave out any."""
    query = select(NumberCounter).where(
        NumberCounter.business_id == business_id, NumberCounter.last_serial >= NumberCounter.first_serial
    )
    if year is not None:
        query = query.where(NumberCounter.financial_year == year)
    return {
        (row.financial_year, row.kind, row.series): (row.first_serial, row.last_serial)
        for row in session.scalars(query)
    }


def _papers(business_id: int) -> Any:
    """Everything that bears a number of a series: documents, payments, receipt and refund vouchers."""
    no = false()
    documents = select(
        Invoice.financial_year,
        Invoice.kind,
        Invoice.series,
        Invoice.serial,
        (Invoice.status == "cancelled").label("is_cancelled"),
        Invoice.is_deleted,
    ).where(Invoice.business_id == business_id, Invoice.number.is_not(None))
    is_void = Payment.voided_on.is_not(None).label("is_cancelled")
    payments = select(
        Payment.financial_year,
        literal(Voucher.PAYMENT.value).label("kind"),
        func.nullif(Payment.series, OUTSIDE),
        Payment.serial,
        is_void,
        no.label("is_deleted"),
    ).where(Payment.business_id == business_id)
    kind = case((Payment.direction == "refund", Voucher.REFUND_VOUCHER.value), else_=Voucher.RECEIPT_VOUCHER.value)
    vouchers = select(
        Payment.financial_year,
        kind,
        func.nullif(Payment.voucher_series, OUTSIDE),
        Payment.voucher_serial,
        is_void,
        no.label("is_deleted"),
    ).where(Payment.business_id == business_id, Payment.voucher.is_not(None))
    return union_all(documents, payments, vouchers).subquery("papers").c


def _documents(session: Session, business_id: int, year: str | None) -> dict[Key, Any]:
    """Counts of the documents of each series, and how far and how evenly their serials go."""
    papers = _papers(business_id)
    key = (papers.financial_year, papers.kind, papers.series)
    query = select(
        *key,
        func.count().label("documents"),
        func.sum(case((papers.is_cancelled, 1), else_=0)).label("cancelled"),
        func.sum(case((papers.is_deleted, 1), else_=0)).label("deleted"),
        func.min(papers.serial).label("first"),
        func.max(papers.serial).label("last"),
        func.count(papers.serial.distinct()).label("serials"),
    ).group_by(*key)
    if year is not None:
        query = query.where(papers.financial_year == year)
    return {(row.financial_year, row.kind, row.series): row for row in session.execute(query)}


def _account(session: Session, business_id: int, key: Key, counter: Range | None, found: Any) -> Account:
    year, kind, series = key
    first, last = counter or (None, None)
    account = Account(financial_year=year, kind=kind, series=series, first_serial=first, last_serial=last)
    if found is not None:
        account = replace(account, **_counts(found))
    if series is None or _is_even(counter, found):
        return account
    return replace(account, **_findings(counter or (1, 0), _serials(session, business_id, key)))


def _counts(found: Any) -> dict[str, Any]:
    cancelled = int(found.cancelled)
    return {"issued": found.documents - cancelled, "cancelled": cancelled, "deleted": int(found.deleted)}


def _is_even(counter: Range | None, found: Any) -> bool:
    """Whether the counts alone prove that each serial given out has one document."""
    first, last = counter or (1, 0)
    if found is None:
        return last < first
    even = found.documents == found.serials == last - first + 1
    return bool(even and (found.first, found.last) == (first, last))


def _serials(session: Session, business_id: int, key: Key) -> list[int]:
    year, kind, series = key
    papers = _papers(business_id)
    query = select(papers.serial).where(
        papers.financial_year == year, papers.kind == kind, papers.series == series, papers.serial.is_not(None)
    )
    return [serial for serial in session.scalars(query.order_by(papers.serial)) if serial is not None]


def _findings(counter: Range, serials: Sequence[int]) -> dict[str, Any]:
    """Gaps between the counter's first and last serial, serials found twice, and serials outside; `serials` sorted."""
    first, last = counter
    inside = [first - 1, *(serial for serial in serials if first <= serial <= last), last + 1]
    return {
        "missing": [(before + 1, after - 1) for before, after in pairwise(inside) if after - before > 1],
        "duplicates": _ranges({before for before, after in pairwise(serials) if before == after}),
        "beyond": _ranges({serial for serial in serials if not first <= serial <= last}),
    }


def _ranges(serials: Iterable[int]) -> list[Range]:
    """Consecutive serials as ranges."""
    ranges: list[Range] = []
    for serial in sorted(serials):
        if ranges and ranges[-1][1] == serial - 1:
            ranges[-1] = (ranges[-1][0], serial)
        else:
            ranges.append((serial, serial))
    return ranges


def _shown(ranges: Sequence[Range]) -> str | None:
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges) or None
