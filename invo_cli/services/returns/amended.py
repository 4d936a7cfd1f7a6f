"""Which documents of a return correct reported ones: chains of amendments, and the months whose rows they restate."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from invo_cli.gst.filing import Span
from invo_cli.gst.returns.books import Document
from invo_cli.gst.returns.choice import ordinal
from invo_cli.models import Invoice
from invo_cli.services.returns import papers

_Amended = aliased(Invoice)


@dataclass(frozen=True, slots=True)
class Version:
    """One document of a chain: the one before it, and the return that reports it."""

    id: int
    amends: int | None
    period: str
    is_registered: bool


class Chains:
    """The amendments of a business, as one return sees them.

    A document was reported before when its period is not of this return, or was furnished already (IFF).
    """

    def __init__(self, versions: dict[int, Version], span: Span, furnished: Collection[str]) -> None:
        self.span, self.furnished, self.versions = span, furnished, versions
        self.later = {each.amends: each for each in versions.values() if each.amends is not None}

    @property
    def amending(self) -> list[int]:
        """The amendments that this return reports."""
        mine = (each for each in self.versions.values() if each.period in self.span.periods)
        return [each.id for each in mine if each.amends is not None and not self.is_replaced(each.id)]

    def is_replaced(self, id: int) -> bool:
        """Whether another document of this return stands for it, so that it is never reported."""
        later = self.later.get(id)
        return later is not None and later.period in self.span.periods and not self._was_reported(self.versions[id])

    def base(self, id: int) -> Version | None:
        """The document reported before that this one replaces; None for what is no amendment."""
        found = self._before(id)
        while found is not None and not self._was_reported(found):
            found = self._before(found.id)
        return found

    def root(self, id: int) -> Version:
        """The first of the chain: its period is that of the first report."""
        found = self.versions[id]
        while (before := self._before(found.id)) is not None:
            found = before
        return found

    def newest(self, id: int) -> int:
        """The version that stands at the end of this return."""
        end = ordinal(self.span.period)
        while (later := self.later.get(id)) is not None and ordinal(later.period) <= end:
            id = later.id
        return id

    def _before(self, id: int) -> Version | None:
        version = self.versions.get(id)
        return self.versions[version.amends] if version is not None and version.amends is not None else None

    def _was_reported(self, version: Version) -> bool:
        if version.period not in self.span.periods:
            return True
        return version.period in self.furnished and version.is_registered


def chains(session: Session, business_id: int, span: Span, furnished: Collection[str]) -> Chains:
    """Every amendment of the business with what it amends."""
    query = (
        select(
            *(Invoice.id, Invoice.amends_id, Invoice.return_period, Invoice.buyer_gstin.is_not(None)),
            *(_Amended.id, _Amended.amends_id, _Amended.return_period, _Amended.buyer_gstin.is_not(None)),
        )
        .join(_Amended, (_Amended.business_id == Invoice.business_id) & (_Amended.id == Invoice.amends_id))
        .where(Invoice.business_id == business_id, Invoice.status.in_(("issued", "amended")))
    )
    versions: dict[int, Version] = {}
    for row in session.execute(query):
        for values in (row[:4], row[4:]):
            versions[values[0]] = Version(*values)
    return Chains(versions, span, furnished)


def with_bases(
    session: Session, business_id: int, documents: Iterator[tuple[int, Document]], found: Chains
) -> Iterator[Document]:
    """The documents, those that amend with what they replace as it was reported, under its first period."""
    for id, document in documents:
        base = found.base(id) if found.versions else None
        if base is None:
            yield document
            continue
        (_, before), *_ = papers.read(session, business_id, [base.id])
        yield document._replace(amends=before._replace(period=found.root(base.id).period))


def restated(session: Session, business_id: int, found: Chains) -> Iterator[Document]:
    """What was first reported in the months that this return corrects, as it stands now, under those months.

    Only months where a supply to the unregistered, or one through an operator, is corrected; only such supplies.
    """
    pairs = {id: base.id for id in found.amending if (base := found.base(id)) is not None}
    is_small = or_(Invoice.buyer_gstin.is_(None), Invoice.ecommerce_gstin.is_not(None))
    touched = Invoice.id.in_([*pairs, *pairs.values()])
    query = select(Invoice.id).where(Invoice.business_id == business_id, touched, is_small)
    months = {found.root(id).period for id in session.scalars(query)} if pairs else set()
    for month in sorted(months, key=ordinal):
        yield from _first_reported(session, business_id, month, is_small, found)


def _first_reported(session: Session, business_id: int, month: str, is_small: Any, found: Chains) -> Iterator[Document]:
    changed = [id for id, version in found.versions.items() if version.period == month and id in found.later]
    query = select(Invoice.dated_on, Invoice.number, Invoice.id).where(
        Invoice.business_id == business_id,
        Invoice.return_period == month,
        Invoice.amends_id.is_(None),
        Invoice.status.in_(("issued", "amended")),
        or_(is_small, Invoice.id.in_(changed)),
    )
    ids = [found.newest(id) for id in papers.in_order(session.execute(query))]
    for _, document in papers.read(session, business_id, ids):
        yield document._replace(period=month)
