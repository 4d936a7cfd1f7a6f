"""What a document is completed with: how its charges are taxed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from invo_cli.gst.completing import Defaults, complete
from invo_cli.gst.document import ChargeInput, Document, DocumentInput, Kind, Line, LineInput, Taxability
from tests.gst.documents import BUYER, SELLER

pytestmark = pytest.mark.unit

BOOKS = LineInput(description="Books", hsn="4901", unit_price=Decimal(900), taxability=Taxability.EXEMPT, unit="PCS")
PEN = LineInput(description="Pen", hsn="9608", unit_price=Decimal(10), gst_rate=Decimal(18), unit="NOS")
PAPER = LineInput(description="Paper", hsn="4802", unit_price=Decimal(20), gst_rate=Decimal(18), unit="KGS")
DEFAULTS = Defaults(gst_rate=Decimal(18), round_off=False, today=dt.date(2026, 10, 5))


def completed(*lines: LineInput, rate: str | None) -> Document:
    freight = ChargeInput(description="Freight", amount=Decimal(75), gst_rate=None if rate is None else Decimal(rate))
    entered = DocumentInput(lines=lines, charges=(freight,))
    return complete(entered, seller=SELLER, buyer=BUYER, defaults=DEFAULTS)


def taxed(charge: Line) -> tuple[Taxability, str, str | None]:
    return charge.taxability, str(charge.gst_rate), charge.hsn


def test_a_charge_is_taxed_like_the_principal_supply() -> None:
    document = completed(PEN, PAPER, rate=None)
    assert taxed(document.lines[-1]) == (Taxability.TAXABLE, "18", "4802")


@pytest.mark.parametrize("rate", [None, "0"])
def test_a_charge_beside_an_exempt_supply_is_exempt(rate: str | None) -> None:
    document = completed(BOOKS, PEN, rate=rate)
    assert taxed(document.lines[-1]) == (Taxability.EXEMPT, "0", "4901")


def test_a_charge_with_a_rate_is_taxed_with_the_largest_taxable_line() -> None:
    document = completed(PEN, BOOKS, PAPER, rate="5")
    assert taxed(document.lines[-1]) == (Taxability.TAXABLE, "5", "4802")


def test_a_charge_with_a_rate_is_taxable_beside_exempt_lines_alone() -> None:
    document = completed(BOOKS, rate="18")
    assert taxed(document.lines[-1]) == (Taxability.TAXABLE, "18", None)
    assert document.kind is Kind.INVOICE_CUM_BILL_OF_SUPPLY


def test_exempt_lines_and_their_charge_are_a_bill_of_supply() -> None:
    assert completed(BOOKS, rate=None).kind is Kind.BILL_OF_SUPPLY
