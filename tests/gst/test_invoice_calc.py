from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from invo_cli.gst.document import Document, Line, Supply, Taxability
from invo_cli.gst.tax import DocumentTax, Heads, compute
from tests.gst.documents import make_document, make_line
from tests.gst.vectors import load

pytestmark = pytest.mark.unit

ROWS: list[dict[str, Any]] = load("invoice_calc")["rows"]
OPTIONS = ("prices_include_tax", "reverse_charge", "round_off", "discount", "other_charges")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_figures_agree_with_published_ones(row: dict[str, Any]) -> None:
    tax = compute(document_of(row), Heads(row["heads"]))
    expected = dict(row["expect"])
    lines, rates = expected.pop("lines", []), expected.pop("rates", None)
    assert {key: str(getattr(tax, key)) for key in expected} == expected
    found = [{key: str(getattr(line, key)) for key in want} for line, want in zip(tax.lines, lines, strict=bool(lines))]
    assert found == lines
    if rates is not None and "note" not in row:
        assert rates_of(tax) == [[Decimal(part) for part in rate] for rate in rates]


def test_every_vector_names_its_source() -> None:
    assert len(ROWS) == 77
    assert all(row["source"] for row in ROWS)


def document_of(row: dict[str, Any]) -> Document:
    lines = [line_of(line) for line in row["lines"]]
    lines += [make_line(charge["amount"], charge["gst_rate"], is_charge=True) for charge in row.get("charges", [])]
    options = {key: row[key] for key in OPTIONS if key in row}
    return make_document(*lines, supply=Supply(row.get("supply", "regular")), **options)


def line_of(entry: dict[str, str]) -> Line:
    given = dict(entry)
    price, rate = given.pop("unit_price"), given.pop("gst_rate")
    taxability = Taxability(given.pop("taxability", "taxable"))
    return make_line(price, rate, taxability=taxability, **given)


def rates_of(tax: DocumentTax) -> list[list[Decimal]]:
    return [[group.head_rate, group.taxable, group.cgst + group.igst] for group in tax.groups]
