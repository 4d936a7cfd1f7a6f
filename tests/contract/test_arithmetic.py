"""Published figures, through the command: a document file in, the figures out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Invo, Process
from tests.contract.running import record
from tests.gst.vectors import load

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine

ROWS: list[dict[str, Any]] = load("invoice_calc")["rows"]
OPTIONS = ("prices_include_tax", "reverse_charge", "discount", "other_charges", "charges", "supply")
CREATE = ("invoice", "create", "--file", "-", "--dry-run", "-o", "json", "--allow-rate", "As published")
NAMES = {"taxable": "taxable_value"}
THROUGH_THE_PROCESS = ("inter inclusive 100.00 @18", "7.60 twice at 12 %", "inter doc freight 75.55 @18")


def document_of(row: dict[str, Any]) -> str:
    """The document file of a vector; a buyer in Maharashtra makes a supply between states."""
    state = "29" if row["heads"] == "cgst_sgst" else "27"
    if row.get("supply", "").startswith("export"):
        state = "96"
    lines = [{"description": "Thing", "hsn": "84713010"} | line for line in row["lines"]]
    customer: dict[str, Any] = {
        "name": "Asha Traders",
        "state": state,
        "address": {"line1": "1 Main Road", "city": "X"},
    }
    if row.get("supply", "").startswith("sez"):
        customer |= {"gstin": "27AAPFU0939F1ZV"}
    given = {key: row[key] for key in OPTIONS if key in row}
    given["charges"] = [{"description": "Freight"} | charge for charge in row.get("charges", [])]
    return json.dumps({"customer": customer, "lines": lines, "round_off": row.get("round_off", False)} | given)


def figures(document: dict[str, Any], names: dict[str, Any]) -> dict[str, str]:
    return {key: document[NAMES.get(key, key)] for key in names}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_command_computes_the_published_figures(counter: Invo, row: dict[str, Any]) -> None:
    done = counter(*CREATE, input=document_of(row))
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    expected = {key: value for key, value in row["expect"].items() if key not in ("lines", "rates")}
    assert figures(document, expected) == expected
    for line, want in zip(document["lines"], row["expect"].get("lines", []), strict=False):
        assert figures(line, want) == want
    foots(document)


def foots(document: dict[str, Any]) -> None:
    """The lines add up to the header, and the header to its total."""
    heads = ("taxable_value", "cgst", "sgst", "igst", "cess")
    for head in heads:
        assert sum(Decimal(line[head]) for line in document["lines"]) == Decimal(document[head])
    charged = heads[:1] if document["reverse_charge"] else heads
    parts = (*charged, "other_charges", "round_off")
    assert sum(Decimal(document[part]) for part in parts) == Decimal(document["total"])
    assert document["cgst"] == document["sgst"]


@pytest.mark.parametrize("name", THROUGH_THE_PROCESS)
def test_the_process_computes_them_too(shop: Process, name: str) -> None:
    row = next(row for row in ROWS if row["name"] == name)
    document = record(shop(*CREATE, input=document_of(row)))
    expected = {key: value for key, value in row["expect"].items() if key not in ("lines", "rates")}
    assert figures(document, expected) == expected


def test_what_was_shown_is_what_is_stored(counter: Invo) -> None:
    for row in ROWS[::12]:
        shown = json.loads(counter(*CREATE, input=document_of(row)).stdout)
        made = json.loads(counter(*(word for word in CREATE if word != "--dry-run"), input=document_of(row)).stdout)
        read = json.loads(counter("invoice", "show", made["id"], "-o", "json").stdout)
        assert made == read
        assert {key: shown[key] for key in shown if key != "dry_run"} == made


def test_an_explanation_ends_with_the_total(counter: Invo) -> None:
    for row in ROWS[::15]:
        made = json.loads(counter(*(word for word in CREATE if word != "--dry-run"), input=document_of(row)).stdout)
        steps = json.loads(counter("invoice", "explain", made["id"], "-o", "json").stdout)
        assert made["total"] in [step["amount"] for step in steps]


@pytest.mark.parametrize("price", ["0.01", "0.005", "9999999999999.999", "0.000", "0.001"])
@pytest.mark.parametrize("quantity", ["0", "0.001", "1", "9999999999999.999"])
def test_the_smallest_and_the_largest_figures_are_exact_or_refused(counter: Invo, price: str, quantity: str) -> None:
    document = {"customer": {"name": "A"}, "lines": [{"description": "x", "quantity": quantity, "unit_price": price}]}
    done = counter(*CREATE, input=json.dumps(document))
    assert done.exit_code in (0, 3), done.stderr
    if done.exit_code == 0:
        made = json.loads(done.stdout)
        exact = Decimal(price) * Decimal(quantity)
        assert abs(Decimal(made["lines"][0]["gross"]) - exact) <= Decimal("0.005")
        foots(made)
