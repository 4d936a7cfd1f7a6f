"""Which documents are reported, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Buyer, Kind, Taxability
from invo_cli.gst.einvoice import countries
from invo_cli.gst.einvoice.places import is_pin_of
from invo_cli.gst.einvoice.scope import CANCEL_REASONS, last_day, reason_code, why_not
from invo_cli.gst.eway.scope import CANCEL_REASONS as EWAY_REASONS
from tests.gst.documents import make_line
from tests.gst.einvoice.papers import SELLER, SUPPLIES, paper

pytestmark = pytest.mark.unit
BOOK = make_line("99.50", "0", hsn="4901", taxability=Taxability.NIL_RATED)


@pytest.mark.parametrize("name", SUPPLIES)
def test_what_is_reported(name: str) -> None:
    assert why_not(paper(**SUPPLIES[name])) is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"buyer": Buyer(name="Asha", state="29")}, "unregistered person (B2C)"),
        ({"buyer": Buyer(name="Embassy", state="07", gstin="0717UNO00157UNO")}, "UIN"),
        ({"kind": Kind.BILL_OF_SUPPLY}, "a bill of supply"),
        ({"kind": Kind.INVOICE_CUM_BILL_OF_SUPPLY}, "an invoice-cum-bill of supply"),
        ({"seller": replace(SELLER, gstin=None)}, "without GSTIN"),
        ({"seller": replace(SELLER, is_composition=True)}, "composition"),
        ({"amends": "INV/26-27/0001"}, "GSTR-1 does"),
        ({"lines": (BOOK,)}, "no taxable line"),
        ({"date": dt.date(2020, 9, 30)}, "2020-10-01"),
    ],
)
def test_what_is_not_reported(fields: dict[str, Any], why: str) -> None:
    assert why in str(why_not(replace(paper(), **fields)))


@pytest.mark.parametrize(
    ("on", "crores", "last"),
    [
        ("2025-04-01", "10", "2025-04-30"),
        ("2026-10-05", "10", "2026-11-03"),
        ("2026-10-05", "9.99", None),
        ("2025-03-31", "10", "2025-04-29"),
        ("2025-02-01", "10", "2025-03-31"),
        ("2024-01-01", "9.99", None),
        ("2025-03-31", "100", "2025-04-29"),
        ("2025-02-01", "100", "2025-03-02"),
        ("2023-10-31", "100", "2023-11-29"),
        ("2023-05-01", "100", "2023-10-31"),
    ],
)
def test_thirty_days_with_the_day_itself(on: str, crores: str, last: str | None) -> None:
    found = last_day(dt.date.fromisoformat(on), Decimal(crores) * 10_000_000)
    assert (found and found.isoformat()) == last
    assert last_day(dt.date.fromisoformat(on), None) is None


def test_reasons_go_by_number_or_name_and_differ_between_the_portals() -> None:
    assert [reason_code(word, CANCEL_REASONS) for word in ("2", "data-entry-mistake", "Order-Cancelled")] == [2, 2, 3]
    assert [reason_code(word, EWAY_REASONS) for word in ("2", "data-entry-mistake", "order-cancelled")] == [2, 3, 2]
    for word in ("5", "0", "", "²", "mistake"):
        with pytest.raises(InvalidError, match="There is no reason"):
            reason_code(word, CANCEL_REASONS)


def test_countries_go_by_letters_or_name() -> None:
    names = ("lk", "Sri Lanka", "UNITED STATES", "u.s.a.", "Cote d'Ivoire", "Narnia", None, "")
    assert [countries.country_code(name) for name in names] == ["LK", "LK", "US", "US", "CI", None, None, None]
    assert len(countries.CODES) == 248


def test_pin_codes_lie_in_their_states() -> None:
    assert [is_pin_of(560001, state) for state in ("29", "27", "36", "38")] == [True, False, True, True]
    assert [is_pin_of(pin, "34") for pin in (605001, 606001, 673310)] == [True, False, True]
