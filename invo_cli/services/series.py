"""Number series: which pattern a kind of document has, and the next number of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from invo_cli.gst.numbering import DEFAULT_PATTERNS, Numbered, NumberPattern
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import NumberSeries

EVERY_YEAR = ""
"""The financial year of a pattern that holds for all years without one of their own."""
# One statement finds the pattern, and makes the counter of a new year or moves the one that is there.
_TAKE = text("""
    INSERT INTO number_counters (business_id, kind, series, financial_year, first_serial, last_serial)
    SELECT :business, :kind, coalesce(
        (SELECT pattern FROM number_series WHERE business_id = :business AND kind = :kind
         AND financial_year IN ('', :year) ORDER BY financial_year DESC LIMIT 1), :usual), :year, 1, 1
    WHERE true
    ON CONFLICT (business_id, kind, series, financial_year)
    DO UPDATE SET last_serial = number_counters.last_serial + 1
    RETURNING series, last_serial
""")


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """A document number with the series (the text of its pattern) and the serial it was made of."""

    number: str
    series: str
    serial: int
    previous: str | None
    """The number before it in the series; None for the first."""


def pattern_for(session: Session, business_id: int, kind: Numbered, year: FinancialYear) -> NumberPattern:
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


def take_number(session: Session, business_id: int, kind: Numbered, year: FinancialYear) -> TakenNumber:
    """Take the next number of a series; the caller has locked the book, and a rollback gives the number back.

    Raises InvalidError when the serial makes the number longer than the law allows.
    """
    wanted = {"business": business_id, "kind": kind.value, "year": year.label, "usual": DEFAULT_PATTERNS[kind]}
    pattern, serial = session.execute(_TAKE, wanted).one()
    render = NumberPattern(pattern).render
    previous = render(year, serial - 1) if serial > 1 else None
    return TakenNumber(render(year, serial), pattern, serial, previous)
