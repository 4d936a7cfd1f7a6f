"""Number series: which pattern a kind of document has, and the next number of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.numbering import DEFAULT_PATTERNS, NumberPattern
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import NumberCounter, NumberSeries

EVERY_YEAR = ""
"""The financial year of a pattern that holds for all years without one of their own."""


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """A document number with the series (the text of its pattern) and the serial it was made of."""

    number: str
    series: str
    serial: int


def pattern_for(session: Session, business_id: int, kind: Kind, year: FinancialYear) -> NumberPattern:
    """The pattern set for the kind in that year, else the one set for every year, else the usual one."""
    query = (
        select(NumberSeries.pattern)
        .where(
            NumberSeries.business_id == business_id,
            NumberSeries.kind == kind.value,
            NumberSeries.financial_year.in_((EVERY_YEAR, year.label)),
        )
        .order_by(NumberSeries.financial_year.desc())
    )
    return NumberPattern(session.scalars(query).first() or DEFAULT_PATTERNS[kind])


def take_number(session: Session, business_id: int, kind: Kind, year: FinancialYear) -> TakenNumber:
    """Take the next number of a series; the caller has locked the book, and a rollback gives the number back.

    Raises InvalidError when the serial makes the number longer than the law allows.
    """
    pattern = pattern_for(session, business_id, kind, year)
    serial = _next_serial(session, business_id, kind, pattern.text, year)
    return TakenNumber(pattern.render(year, serial), pattern.text, serial)


def _next_serial(session: Session, business_id: int, kind: Kind, series: str, year: FinancialYear) -> int:
    """One statement makes the counter of a new year or moves the one that is there."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(NumberCounter)
        .values(
            business_id=business_id,
            kind=kind.value,
            series=series,
            financial_year=year.label,
            first_serial=1,
            last_serial=1,
        )
        .on_conflict_do_update(
            index_elements=list(NumberCounter.__table__.primary_key),
            set_={"last_serial": NumberCounter.last_serial + 1},
        )
        .returning(NumberCounter.last_serial)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).scalar_one()
