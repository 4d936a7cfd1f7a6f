"""Where composing finds the records that a document names: here one by one, in a bulk all looked up before."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import CustomerInput, Seller
from invo_cli.models import Business, Customer, Item, PeriodLock
from invo_cli.services import businesses, customers, items
from invo_cli.services.acting import Act
from invo_cli.services.batching import Prepared

LOCKED = Prepared(
    select(PeriodLock.period).where(
        PeriodLock.business_id == bindparam("business"),
        or_(PeriodLock.period == bindparam("dated"), PeriodLock.period == bindparam("reported")),
    )
)
"""Which of two months, that in which a document is dated and that of its return, are locked."""


class Records:
    """The customers, items and locked months of a business, asked of the database at each call."""

    def __init__(self, session: Session, business: Business, act: Act) -> None:
        self.session, self.business, self.act = session, business, act

    @cached_property
    def seller(self) -> Seller:
        """The business as its documents show it now."""
        return businesses.seller(self.business)

    def customer(self, given: str | CustomerInput) -> tuple[Customer, list[str]]:
        """The customer that is meant, made when it is described and new; sentences about a new one."""
        if isinstance(given, CustomerInput):
            return customers.find_or_create(self.session, self.business, given, act=self.act)
        return customers.get(self.session, self.business.id, given), []

    def item(self, code: str) -> Item:
        """The item with this code; raises when there is none."""
        return items.get(self.session, self.business.id, code)

    def is_locked(self, periods: Collection[str]) -> bool:
        """Whether one of these months (MMYYYY), two at most, is locked."""
        dated, *reported = periods
        months = {"dated": dated, "reported": reported[0] if reported else dated}
        return bool(LOCKED.run(self.session, business=self.business.id, **months).rows())
