"""The page of one document: what a person needs to see of it before it is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Invo

pytestmark = pytest.mark.integration
SCREEN = {"description": "Screen", "hsn": "85177090", "unit_price": "2000.00"}
KENYA = {"line1": "1 Pier Road", "city": "Mombasa", "state": "96", "country": "Kenya"}
EXPORT = {
    "customer": {"name": "Pier Phones", "state": "96", "address": KENYA},
    "supply": "export_without_payment",
    "ship_to": {"line1": "12 MG Road", "city": "Pune", "pincode": "411001", "state": "27"},
    "shipping_bill": {"port": "INMAA1", "number": "7896542", "date": "2026-10-08"},
    "terms": "Payable in advance.",
    "lines": [SCREEN],
}


@pytest.fixture
def page(counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page of a document of these keys, in a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")

    def shown(**keys: Any) -> str:
        (tmp_path / "doc.json").write_text(json.dumps(keys), encoding="utf-8")
        made = counter("invoice", "create", "--file", str(tmp_path / "doc.json"), "-o", "table")
        assert made.exit_code == 0, made.stderr
        return str(made.stdout)

    return shown


def test_an_export_shows_where_it_goes_and_its_endorsement(counter: Invo, page: Any) -> None:
    counter("business", "edit", "29AAGCB7383J1Z4", "--lut", "AD290326000001A")
    text = page(**EXPORT)
    assert "1 Pier Road, Mombasa, Kenya" in text
    assert "Ship to         12 MG Road, Pune, 411001, 27 Maharashtra" in text
    assert "Shipping bill   7896542  of 2026-10-08  port INMAA1" in text
    assert "LUT             AD290326000001A" in text
    assert "Terms           Payable in advance." in text
    assert "LETTER OF UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX" in text


def test_a_domestic_document_has_no_endorsement_and_no_empty_particulars(page: Any) -> None:
    text = page(customer={"name": "Asha Traders", "mobile": "9876543210"}, lines=[SCREEN])
    for absent in ("INTEGRATED TAX", "Composition", "Ship to", "Shipping bill", "LUT", "Terms", "of the rate"):
        assert absent not in text
    assert "18 %" in text


def test_a_differential_rate_and_its_operator_are_shown(page: Any) -> None:
    text = page(
        customer={"name": "Asha Traders", "mobile": "9876543210"},
        lines=[SCREEN],
        differential_percent="65",
        ecommerce_gstin="29AABCF8078M1C8",
        ecommerce_section="52",
    )
    assert "Tax charged     65 % of the rate" in text
    assert "Operator        29AABCF8078M1C8  section 52" in text


def test_a_composition_bill_of_supply_shows_no_rate(counter: Invo, page: Any) -> None:
    counter("business", "edit", "29AAGCB7383J1Z4", "--composition")
    text = page(customer={"name": "Asha Traders", "mobile": "9876543210"}, lines=[SCREEN | {"gst_rate": "18"}])
    assert "Composition taxable person, not eligible to collect tax on supplies" in text
    assert "%" not in text
