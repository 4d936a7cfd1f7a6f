"""Items by code, and what a line takes from them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from invo_cli.errors import NotFoundError
from invo_cli.gst.document import LineInput, Taxability
from invo_cli.models import Item
from invo_cli.services import items
from tests.services.people import ACT, business_in

pytestmark = pytest.mark.integration


def stored(session: Session, **values: object) -> Item:
    business = business_in(session)
    columns = {
        "code": "SCREEN",
        "code_key": "SCREEN",
        "search_key": "",
        "kind": "part",
        "unit": "PCS",
        "name": "Screen",
    }
    item = Item(business_id=business.id, id=1, created_at=ACT.at, **(columns | values))
    session.add(item)
    session.flush()
    return item


def test_a_line_takes_description_code_unit_price_and_rates(db_session: Session) -> None:
    item = stored(db_session, hsn="8517", unit_price_thousandths=1_500_500, gst_rate_thousandths=18_000)
    line = LineInput(item=item.code, quantity=Decimal(1), **items.as_line_defaults(item))
    assert (line.description, line.hsn, line.unit, line.unit_price) == ("Screen", "8517", "PCS", Decimal("1500.500"))
    assert (line.gst_rate, line.cess_rate, line.taxability) == (Decimal(18), Decimal(0), Taxability.TAXABLE)


def test_an_item_without_a_rate_leaves_it_to_the_business(db_session: Session) -> None:
    assert items.as_line_defaults(stored(db_session))["gst_rate"] is None


def test_a_code_is_read_in_any_case_and_a_wrong_one_names_the_nearest(db_session: Session) -> None:
    item = stored(db_session)
    assert items.get(db_session, item.business_id, "screen") is item
    with pytest.raises(NotFoundError) as missing:
        items.get(db_session, item.business_id, "SCRENE")
    assert missing.value.advice == "Did you mean SCREEN?"
