"""Whose data a run exports: one business, or every one that whoever runs it may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services import books, businesses
from invo_cli.services.access import Right, demands, principal_of
from invo_cli.services.access.guarding import require
from invo_cli.services.exporting import catalogue
from invo_cli.services.exporting.declaring import DataSet

ALL = "all"
"""What --business says for every business."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One book, and the code of its business; that of the system has none."""

    book: int
    code: str | None


_SYSTEM = Scope(books.SYSTEM, None)


@demands(Right.EXPORT_RUN)
def chosen(session: Session, code: str | None) -> list[Scope]:
    """The books of a run by the code of their businesses: one business, or for `all` every one in reach."""
    if (code or "").lower() != ALL:
        return [_of(businesses.current(session, code))]
    return [_of(business) for business in businesses.search(session)]


@demands(Right.EXPORT_RUN)
def allowed(session: Session) -> list[DataSet]:
    """The data sets that whoever asks may read: that of users takes a further right."""
    may_see_users = principal_of(session).has(Right.USER_MANAGE)
    return [data_set for data_set in catalogue.DATA_SETS.values() if data_set.book is not None or may_see_users]


@demands(Right.EXPORT_RUN)
def of(session: Session, data_set: DataSet, scopes: Sequence[Scope], *, everything: bool) -> list[Scope]:
    """The books among these that a data set is read from; DeniedError for what takes a further right.

    Users belong to no business; with `everything` the trail has the events of the system, too.
    """
    principal = principal_of(session)
    if data_set.book is None:
        require(principal, Right.USER_MANAGE)
        return [_SYSTEM]
    with_system = data_set.is_log and everything and principal.businesses is None
    return [*scopes, _SYSTEM] if with_system else list(scopes)


def _of(business: Business) -> Scope:
    return Scope(business.id, business.code)
