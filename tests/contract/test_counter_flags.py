"""What the counter types on one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Invo
from tests.contract.running import ASHA, LINE

pytestmark = pytest.mark.contract  # the shape of the command line, whatever the engine


def made(counter: Invo, *arguments: str) -> dict[str, Any]:
    done = counter("invoice", "create", *arguments, "--dry-run", "-o", "json")
    assert done.exit_code == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.mark.parametrize(
    ("text", "description", "quantity", "price", "hsn", "rate"),
    [
        ("Screen replacement:1:1500:998716:18", "Screen replacement", "1.000", "1500.000", "998716", "18"),
        ("Screen:2:1,18,000.50:998716:5", "Screen", "2.000", "118000.500", "998716", "5"),
        ("Screen:2:118,000:998716", "Screen", "2.000", "118000.000", "998716", "18"),
        ("Screen:0.5:10::5", "Screen", "0.500", "10.000", None, "5"),
        ("Screen:1:1500", "Screen", "1.000", "1500.000", None, "18"),
        (r"Cable 1\:2 m:1:99", "Cable 1:2 m", "1.000", "99.000", None, "18"),
        ("Ratio 3:4 thing:1:99", "Ratio 3:4 thing", "1.000", "99.000", None, "18"),
        ("  Screen  : 1 : 1500 ", "Screen", "1.000", "1500.000", None, "18"),
        ("स्क्रीन:1:1500:998716:18", "स्क्रीन", "1.000", "1500.000", "998716", "18"),
    ],
)
def test_a_line_is_read_from_the_right(
    counter: Invo, text: str, description: str, quantity: str, price: str, hsn: str | None, rate: str
) -> None:
    (line,) = made(counter, *ASHA, "--line", text)["lines"]
    assert (line["description"], line["quantity"], line["unit_price"], line["hsn"], line["gst_rate"]) == (
        description, quantity, price, hsn, rate,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "Screen", "Screen:1", ":1:100", "Screen:a:100", "Screen:1:x", "Screen:-1:100", "Screen:1:1,00", "Screen:1:1e3",
     "Screen:१:100", "Screen:1:1_000", "Screen:1:NaN", "Screen:1:1.2345", "Screen:1:99999999999999",
     "Screen:1:100:998716:101"],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_refused(counter: Invo, text: str) -> None:
    done = counter("invoice", "create", *ASHA, "--line", text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.startswith("error: ")


def test_an_item_fills_in_what_it_knows(counter: Invo) -> None:
    item = ("--code", "SCREEN", "--name", "Screen", "--hsn", "998716", "--price", "1,500", "--rate", "5")
    assert counter("item", "create", *item).exit_code == 0
    (line,) = made(counter, *ASHA, "--item", "screen:2")["lines"]
    assert (line["description"], line["quantity"], line["hsn"], line["unit_price"], line["gst_rate"]) == (
        "Screen", "2.000", "998716", "1500.000", "5",
    )  # fmt: skip
    assert made(counter, *ASHA, "--item", "SCREEN")["lines"][0]["quantity"] == "1.000"


def test_a_customer_is_a_code_else_an_exact_name(counter: Invo) -> None:
    counter("invoice", "create", *ASHA, "--line", LINE)
    for name in ("C-0001", "c-0001", "Asha Traders", "asha traders", "  ASHA TRADERS "):
        assert made(counter, "--customer", name, "--line", LINE)["customer"]["code"] == "C-0001"
    assert counter("invoice", "create", "--customer", "Asha", "--line", LINE).exit_code == 4


def test_a_customer_with_a_mobile_is_found_by_both_else_made(counter: Invo) -> None:
    counter("invoice", "create", *ASHA, "--line", LINE)
    same = made(counter, "--customer", "ASHA traders", "--mobile", "+91 98765-43210", "--line", LINE)
    assert same["customer"]["code"] == "C-0001"
    other = made(counter, "--customer", "Asha Traders", "--mobile", "9876543211", "--line", LINE)
    assert other["customer"]["code"] == "C-0002"
    warned = counter("invoice", "create", "--customer", "Ravi", "--mobile", "9876543210", "--line", LINE)
    assert (warned.exit_code, "warning: " in warned.stderr) == (0, True)


def test_a_gstin_decides_state_and_tax(counter: Invo) -> None:
    document = made(counter, "--customer", "Pune Motors", "--gstin", "27AAPFU0939F1ZV", "--line", LINE)
    assert (document["customer"]["state"], document["place_of_supply"]) == ("27", "27")
    assert (document["igst"], document["cgst"]) == ("270.00", "0.00")


def test_charges_discounts_and_terms(counter: Invo) -> None:
    document = made(
        counter, *ASHA, "--line", LINE, "--charge", "Freight:1,000:5", "--discount", "100", "--other-charges", "2.50",
        "--reference", "JC-17", "--notes", "Handle with care", "--terms", "30 days", "--no-round-off",
        "--due-date", "2999-01-01",
    )  # fmt: skip
    assert (document["other_charges"], document["reference"], document["notes"]) == (
        "2.50",
        "JC-17",
        "Handle with care",
    )
    assert [line["gst_rate"] for line in document["lines"]] == ["18", "5"]
    assert document["discount"] == "100.00"


def test_prices_may_include_the_tax(counter: Invo) -> None:
    document = made(counter, *ASHA, "--line", "Screen:1:118:998716:18", "--prices-include-tax")
    assert (document["taxable_value"], document["cgst"], document["total"]) == ("100.00", "9.00", "118.00")


def test_a_document_may_be_dated_back_to_the_beginning_of_gst(counter: Invo) -> None:
    document = made(counter, *ASHA, "--line", LINE, "--date", "2017-07-01")
    assert (document["number"], document["financial_year"]) == ("INV/17-18/0001", "2017-18")
    yesterday = made(counter, *ASHA, "--line", LINE, "--date", "yesterday")
    assert yesterday["date"] < made(counter, *ASHA, "--line", LINE)["date"]
