"""Numbers are taken without a gap, and patterns do not let them meet."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Kind
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import NumberCounter, NumberSeries
from invo_cli.services import series
from tests.services.people import business_in

pytestmark = pytest.mark.integration
YEAR = FinancialYear(2026)


def test_numbers_count_from_one_in_each_kind_and_year(db_session: Session) -> None:
    business = business_in(db_session)
    taken = [series.take_number(db_session, business.id, Kind.TAX_INVOICE, YEAR) for _ in range(3)]
    assert [each.number for each in taken] == ["INV/26-27/0001", "INV/26-27/0002", "INV/26-27/0003"]
    assert [(each.series, each.serial) for each in taken][2] == ("INV/{fy}/{seq:04}", 3)
    assert series.take_number(db_session, business.id, Kind.CREDIT_NOTE, YEAR).number == "CN/26-27/0001"
    assert series.take_number(db_session, business.id, Kind.TAX_INVOICE, FinancialYear(2025)).serial == 1


def test_the_pattern_of_the_year_wins_over_the_one_for_every_year(db_session: Session) -> None:
    business = business_in(db_session)
    for year, pattern in (("", "A{seq}"), ("2026-27", "B{seq}")):
        db_session.add(NumberSeries(business_id=business.id, kind="tax_invoice", financial_year=year, pattern=pattern))
    db_session.flush()
    assert str(series.pattern_for(db_session, business.id, Kind.TAX_INVOICE, YEAR)) == "B{seq}"
    assert str(series.pattern_for(db_session, business.id, Kind.TAX_INVOICE, FinancialYear(2027))) == "A{seq}"


def test_a_serial_that_makes_the_number_too_long_is_refused(db_session: Session) -> None:
    business = business_in(db_session)
    db_session.add(
        NumberCounter(
            business_id=business.id,
            kind="tax_invoice",
            series="INV/{fy}/{seq:04}",
            financial_year="2026-27",
            first_serial=1,
            last_serial=999_999,
        )
    )
    db_session.flush()
    with pytest.raises(InvalidError) as refused:
        series.take_number(db_session, business.id, Kind.TAX_INVOICE, YEAR)
    assert "invo series set" in refused.value.advice
