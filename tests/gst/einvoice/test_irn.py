"""The reference number, against those of signed answers of the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from invo_cli.gst.einvoice.facts import parse_day
from invo_cli.gst.einvoice.irn import DocumentType, irn
from invo_cli.gst.periods import FinancialYear
from tests.gst import vectors

pytestmark = pytest.mark.unit
IRNS = vectors.load("irn")


@pytest.mark.parametrize("row", IRNS["vectors"], ids=lambda row: row["doc_no"])
def test_the_portals_numbers(row: dict[str, Any]) -> None:
    on = parse_day(row["doc_date"])
    assert on is not None
    assert FinancialYear.of(on).label == row["fy"]
    assert irn(row["seller_gstin"], on, DocumentType(row["doc_type"]), row["doc_no"]) == row["irn"]


@pytest.mark.parametrize(
    ("row", "on"), list(zip(IRNS["derived"], ("2025-06-01", "2025-03-31", "2000-03-31"), strict=True))
)
def test_the_rules_around_it(row: dict[str, Any], on: str) -> None:
    day = dt.date.fromisoformat(on)
    assert irn(row["seller_gstin"], day, DocumentType(row["doc_type"]), row["doc_no"]) == row["irn"]


def test_case_counts_until_the_last_of_may_2025() -> None:
    def of(number: str, day: str) -> str:
        return irn("24AACCT6304M1ZB", dt.date.fromisoformat(day), DocumentType.INVOICE, number)

    assert of("abc", "2025-05-31") != of("ABC", "2025-05-31")
    assert of("abc", "2025-06-01") == of("ABC", "2025-06-01")
    assert of("ABC", "2025-03-31") != of("ABC", "2025-04-01")
