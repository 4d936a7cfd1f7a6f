"""Numbers that a paper may have had before it was imported; without one it takes the next of its series."""

from __future__ import annotations

from sqlalchemy.orm import Session

from invo_cli.gst.numbering import Numbered
from invo_cli.gst.periods import FinancialYear
from invo_cli.services import series
from invo_cli.services.series import TakenNumber

OUTSIDE = ""
"""The series of a payment or voucher whose number is of no series; its serial is 0."""


def take(session: Session, business_id: int, kind: Numbered, year: FinancialYear, number: str | None) -> TakenNumber:
    """The number it had, after which its series goes on, or the next one; the caller has locked the book."""
    if number is None:
        return series.take_number(session, business_id, kind, year)
    found = series.place(number, year, series.patterns(session, business_id, kind, year))
    if found is None:
        return TakenNumber(number, OUTSIDE, 0, None)
    text, serial = found
    series.cover(session, business_id, kind, year, series=text, first=serial, last=serial)
    return TakenNumber(number, text, serial, None)
