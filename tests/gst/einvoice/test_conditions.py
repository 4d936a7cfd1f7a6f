"""What the fields of an e-invoice must say together."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.gst.einvoice.validation import bulk_problems, problems
from invo_cli.gst.einvoice.wire import read
from tests.gst import vectors
from tests.gst.einvoice.papers import SUPPLIES, TODAY, einvoice, judged, paper, refusals

pytestmark = pytest.mark.unit
Change = tuple[str, str, Any]


def changed(supply: str, *changes: Change) -> dict[str, Any]:
    """The e-invoice of a supply with values replaced (None: taken out) in sections, or in its first line."""
    content = einvoice(paper(**SUPPLIES[supply]))
    for section, key, value in changes:
        target = content["ItemList"][0] if section == "item" else content[section] if section else content
        if value is None:
            del target[key]
        else:
            target[key] = Decimal(value) if isinstance(value, int) else value
    return content


CASES: dict[str, tuple[str, list[Change], list[tuple[str, str]]]] = {
    "another version": ("B2B there", [("", "Version", "1.03")], [("Version", "version")]),
    "seller of another state": (
        "B2B there",
        [("SellerDtls", "Stcd", "27"), ("SellerDtls", "Pin", 411001)],
        [("SellerDtls.Stcd", "state"), ("ItemList[0].IgstAmt", "heads"), ("ItemList[1].IgstAmt", "heads")],
    ),
    "buyer of another state": (
        "B2B there",
        [("BuyerDtls", "Stcd", "29"), ("BuyerDtls", "Pin", 560001)],
        [("BuyerDtls.Stcd", "state")],
    ),
    "no such state": ("B2B there", [("BuyerDtls", "Stcd", "39")], [("BuyerDtls.Stcd", "state")]),
    "PIN code of another state": ("B2B there", [("BuyerDtls", "Pin", 560001)], [("BuyerDtls.Pin", "pin")]),
    "seller's PIN code abroad": ("B2B there", [("SellerDtls", "Pin", 999999)], [("SellerDtls.Pin", "pin")]),
    "no PIN code at home": ("B2B there", [("BuyerDtls", "Pin", None)], [("BuyerDtls.Pin", "missing")]),
    "to oneself": (
        "B2B here",
        [("BuyerDtls", "Gstin", "29AAGCB7383J1Z4")],
        [("BuyerDtls.Gstin", "parties")],
    ),
    "unregistered at home": ("B2B there", [("BuyerDtls", "Gstin", "URP")], [("BuyerDtls.Gstin", "registered")]),
    "registered, supplied abroad": ("B2B there", [("BuyerDtls", "Pos", "96")], [("BuyerDtls.Pos", "registered")]),
    "export to a GSTIN": (
        "EXPWP",
        [("BuyerDtls", "Gstin", "27AAPFU0939F1ZV")],
        [("BuyerDtls.Stcd", "state"), ("BuyerDtls.Gstin", "export")],
    ),
    "export to a state": ("EXPWP", [("BuyerDtls", "Pos", "27")], [("BuyerDtls.Pos", "export")]),
    "export with a PIN code": (
        "EXPWP",
        [("BuyerDtls", "Pin", 411001)],
        [("BuyerDtls.Pin", "export")],
    ),
    "export without particulars": ("EXPWP", [("", "ExpDtls", None)], [("ExpDtls", "export")]),
    "CGST without SGST": (
        "B2B here",
        [("item", "CgstAmt", 134)],
        [("ItemList[0].SgstAmt", "heads")],
    ),
    "IGST inside the state": (
        "B2B here",
        [("item", "IgstAmt", 270), ("item", "CgstAmt", 0), ("item", "SgstAmt", 0)],
        [("ItemList[0].IgstAmt", "heads"), ("ValDtls.IgstVal", "sums"), ("ValDtls.CgstVal", "sums"),
         ("ValDtls.SgstVal", "sums")],
    ),
    "IgstOnIntra between states": (
        "B2B there",
        [("TranDtls", "IgstOnIntra", "Y")],
        [("TranDtls.IgstOnIntra", "igst_on_intra")],
    ),
    "a service with a goods code": ("B2B there", [("item", "HsnCd", "8507")], [("ItemList[0].IsServc", "service")]),
    "goods without a unit": (
        "B2B there",
        [("item", "HsnCd", "8507"), ("item", "IsServc", "N"), ("item", "Unit", None)],
        [("ItemList[0].Unit", "missing")],
    ),
    "goods without a quantity": (
        "B2B there",
        [("item", "HsnCd", "8507"), ("item", "IsServc", "N"), ("item", "Qty", None)],
        [("ItemList[0].Qty", "missing")],
    ),
    "a service without either": ("B2B there", [("item", "Qty", None), ("item", "Unit", None)], []),
    "a line number twice": ("B2B there", [("item", "SlNo", "02")], [("ItemList[1].SlNo", "serial")]),
    "no day": ("B2B there", [("DocDtls", "Dt", "31/09/2026")], [("DocDtls.Dt", "date")]),
    "tomorrow": ("B2B there", [("DocDtls", "Dt", "21/10/2026")], [("DocDtls.Dt", "date")]),
    "before e-invoices": (
        "B2B there",
        [("DocDtls", "Dt", "30/09/2020")],
        [("DocDtls.Dt", "date")],
    ),
    "their first day": ("B2B there", [("DocDtls", "Dt", "01/10/2020")], []),
    "a shipping bill of no day": ("EXPWOP", [("ExpDtls", "ShipBDt", "32/10/2026")], [("ExpDtls.ShipBDt", "date")]),
    "tax without payment": (
        "SEZWOP",
        [("item", "IgstAmt", 270), ("item", "TotItemVal", 1770)],
        [("ItemList[0].IgstAmt", "zero_rated"), ("ValDtls.IgstVal", "sums")],
    ),
    "another taxable value": (
        "B2B there",
        [("item", "TotAmt", 1600)],
        [("ItemList[0].AssAmt", "sums")],
    ),
    "another rate": ("B2B there", [("item", "GstRt", 5)], [("ItemList[0].IgstAmt", "tax")]),
    "another rate on a note": ("credit note", [("item", "GstRt", 5)], []),
    "another line total": ("B2B there", [("item", "TotItemVal", 1500)], [("ItemList[0].TotItemVal", "sums")]),
    "reverse charge with tax in the totals": (
        "RCM",
        [("item", "TotItemVal", 1770), ("ValDtls", "TotInvVal", 3894)],
        [],
    ),
    "another total": ("B2B there", [("ValDtls", "TotInvVal", 3890)], [("ValDtls.TotInvVal", "sums")]),
    "a total off by a rupee": ("B2B there", [("ValDtls", "TotInvVal", 3893)], []),
    "a cess that no line has": (
        "B2B there",
        [("ValDtls", "CesVal", 5)],
        [("ValDtls.CesVal", "sums"), ("ValDtls.TotInvVal", "sums")],
    ),
    "a discount of the document": ("B2B there", [("ValDtls", "Discount", 94), ("ValDtls", "TotInvVal", 3800)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_conditions(name: str) -> None:
    supply, changes, expected = CASES[name]
    assert refusals(changed(supply, *changes)) == expected


def test_a_wrong_check_character_is_a_warning() -> None:
    content = changed("B2B there", ("BuyerDtls", "Gstin", "27AAPFU0939F1Z0"))
    (found,) = judged(content)
    assert (found.path, found.rule, found.severity) == ("BuyerDtls.Gstin", "gstin", "warn")


def test_a_problem_says_where_what_and_what_to_do() -> None:
    (found,) = judged(changed("B2B there", ("BuyerDtls", "Pin", 560001)))
    assert found.as_dict() == {
        "path": "BuyerDtls.Pin",
        "value": "560001",
        "rule": "pin",
        "severity": "refuse",
        "message": "PIN code 560001 does not lie in state 27 (Maharashtra).",
        "hint": "Correct the PIN code or the state; the portal answers 3038.",
    }


def test_a_bulk_file_names_the_place_and_refuses_a_number_twice() -> None:
    good, bad = (
        changed("B2B there"),
        changed("B2B there", ("BuyerDtls", "Pin", 560001), ("DocDtls", "No", "inv/26-27/0001")),
    )
    found = bulk_problems([good, bad, 7], today=TODAY)
    assert [problem.path for problem in found] == ["[1].BuyerDtls.Pin", "[2]", "[1].DocDtls.No"]
    note = changed("credit note")
    assert bulk_problems([good, note], today=TODAY) == []


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        "x",
        {"ItemList": [1]},
        {"ItemList": [{"SlNo": "1" * 5000}]},
        {"TranDtls": []},
        {"DocDtls": {"Dt": 5}},
    ],
)
def test_nonsense_is_named_and_never_fails(content: Any) -> None:
    assert problems(content, today=dt.date(2026, 10, 20))


@pytest.mark.parametrize("row", vectors.load("einvoices")["requests"], ids=lambda row: row["name"])
def test_what_the_portal_has_registered_is_right_but_for_its_sandbox_numbers(row: dict[str, Any]) -> None:
    content = read(json.dumps(row["request"]))
    content["DocDtls"]["No"] = "SINV-CFY-00067"
    assert {(problem.rule, problem.severity) for problem in judged(content)} == {("gstin", "warn")}
