"""Number series: which pattern a kind of document has, and the next number of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from invo_cli.gst.numbering import DEFAULT_PATTERNS, Numbered, NumberPattern
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import NumberCounter, NumberSeries
from invo_cli.services.batching import Answer, Prepared

EVERY_YEAR = ""
"""The financial year of a pattern that holds for all years without one of their own."""
# One statement finds the pattern, and makes the counter of a new year or moves the one that is there.
_TAKE = Prepared(
    text("""
    INSERT INTO number_counters (business_id, kind, series, financial_year, first_serial, last_serial)
    SELECT :business, :kind, coalesce(
        (SELECT pattern FROM number_series WHERE business_id = :business AND kind = :kind
         AND financial_year IN ('', :year) ORDER BY financial_year DESC LIMIT 1), :usual), :year, 1, :count
    WHERE true
    ON CONFLICT (business_id, kind, series, financial_year)
    DO UPDATE SET last_serial = number_counters.last_serial + :count
    RETURNING series, last_serial
""")
)

_COVER = text("""
    INSERT INTO number_counters (business_id, kind, series, financial_year, first_serial, last_serial)
    VALUES (:business, :kind, :series, :year, :first, :last)
    ON CONFLICT (business_id, kind, series, financial_year) DO UPDATE SET
    first_serial = CASE WHEN number_counters.first_serial < :first THEN number_counters.first_serial ELSE :first END,
    last_serial = CASE WHEN number_counters.last_serial > :last THEN number_counters.last_serial ELSE :last END
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
    return take_numbers(session, business_id, kind, year, 1)[0]


def take_numbers(
    session: Session, business_id: int, kind: Numbered, year: FinancialYear, count: int
) -> list[TakenNumber]:
    """Take the next numbers of a series, as `take_number` takes one."""
    return numbers_of(ask(session, business_id, kind, year, count), year, count)


def ask(session: Session, business_id: int, kind: Numbered, year: FinancialYear, count: int) -> Answer:
    """Like `take_numbers`, as one of the statements of a batch; `numbers_of` reads the answer."""
    wanted = {"kind": kind.value, "year": year.label, "usual": DEFAULT_PATTERNS[kind]}
    return _TAKE.run(session, business=business_id, count=count, **wanted)


def numbers_of(answer: Answer, year: FinancialYear, count: int) -> list[TakenNumber]:
    """The numbers that `ask` took; InvalidError when one is longer than the law allows."""
    pattern, last = answer.one()
    render = NumberPattern(pattern).render
    first = last - count + 1
    previous = render(year, first - 1) if first > 1 else None
    taken = []
    for serial in range(first, last + 1):
        number = render(year, serial)
        taken.append(TakenNumber(number, pattern, serial, previous))
        previous = number
    return taken


def patterns(session: Session, business_id: int, kind: Numbered, year: FinancialYear) -> list[NumberPattern]:
    """The patterns whose numbers are numbers of a series: the present one, and those that gave numbers that year."""
    query = select(NumberCounter.series).where(
        NumberCounter.business_id == business_id,
        NumberCounter.kind == kind.value,
        NumberCounter.financial_year == year.label,
    )
    present = pattern_for(session, business_id, kind, year)
    earlier = session.scalars(query.order_by(NumberCounter.series))
    return list(dict.fromkeys([present, *map(NumberPattern, earlier)]))


def place(number: str, year: FinancialYear, among: Iterable[NumberPattern]) -> tuple[str, int] | None:
    """The series and the serial of a number that was given before; None when it is outside every series."""
    for pattern in among:
        serial = pattern.serial_of(year, number)
        if serial is not None:
            return pattern.text, serial
    return None


def cover(
    session: Session, business_id: int, kind: Numbered, year: FinancialYear, *, series: str, first: int, last: int
) -> None:
    """Let a series reach from `first` to `last` at least, so that it goes on after numbers that were given before."""
    key = {"business": business_id, "kind": kind.value, "year": year.label, "series": series}
    session.execute(_COVER, key | {"first": first, "last": last})
