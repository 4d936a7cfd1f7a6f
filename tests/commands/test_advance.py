"""Advances: the tax inside them, receipt and refund vouchers with every particular (Rules 50, 51), later adjustment."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from invo_cli.commands.entering import read
from invo_cli.models import AuditEvent
from tests.commands.money import ASHA, actions, invoice, made, pay, payment, refused
from tests.conftest import GSTIN, Invo

pytestmark = pytest.mark.integration
TAX = ("gst_rate", "place_of_supply", "taxable_value", "cgst", "sgst", "igst")


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-20")


@pytest.fixture
def shop(counter: Invo) -> Invo:
    """The command with a customer in Karnataka."""
    made(counter, "customer", "create", "--name", "Asha Traders", "--mobile", "9876543210")
    return counter


def tax(row: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(row["tax"][key] for key in TAX)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ("18", None, "1000.00", "0.00", "0.00", "180.00")),
        (("--place-of-supply", "29"), ("18", "29", "1000.00", "90.00", "90.00", "0.00")),
        (("--place-of-supply", "27"), ("18", "27", "1000.00", "0.00", "0.00", "180.00")),
        (("--place-of-supply", "96"), ("18", "96", "1000.00", "0.00", "0.00", "180.00")),
        (("--gst-rate", "5", "--place-of-supply", "29"), ("5", "29", "1123.80", "28.10", "28.10", "0.00")),
        (("--gst-rate", "0", "--place-of-supply", "29"), ("0", "29", "1180.00", "0.00", "0.00", "0.00")),
        (("--gst-rate", "12", "--place-of-supply", "29"), ("12", "29", "1053.58", "63.21", "63.21", "0.00")),
        (("--gst-rate", "0.25"), ("0.25", None, "1177.06", "0.00", "0.00", "2.94")),
    ],
)
def test_an_advance_includes_its_tax(shop: Invo, words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    row = pay(shop, "1180", "--advance", *words)
    assert tax(row) == expected
    assert row["voucher"] == "RV/26-27/0001"
    assert row["is_advance"] is True


def test_a_rate_is_one_of_the_day_of_the_advance(shop: Invo) -> None:
    assert pay(shop, "128", "--advance", "--gst-rate", "28", "--date", "2025-09-21")["tax"]["igst"] == "28.00"
    usual = ("payment", "create", "--customer", "Asha Traders", "--amount", "1", "--method", "cash", "--advance")
    assert "ended on" in refused(shop, 3, *usual, "--gst-rate", "28")
    assert "never" in refused(shop, 3, *usual, "--gst-rate", "19")


@pytest.mark.parametrize("place", [(), ("--place-of-supply", "29"), ("--place-of-supply", "27")])
def test_a_composition_seller_collects_no_tax_on_advances(shop: Invo, place: tuple[str, ...]) -> None:
    made(shop, "business", "edit", GSTIN, "--composition")
    row = pay(shop, "1180", "--advance", *place)
    assert tax(row) == ("0", place[1] if place else None, "1180.00", "0.00", "0.00", "0.00")
    back = made(shop, "payment", "refund", row["number"], "--method", "bank")
    assert (back["voucher"], tax(back)[2:]) == ("RF/26-27/0001", ("1180.00", "0.00", "0.00", "0.00"))


def test_a_seller_without_gstin_collects_no_tax_on_advances(invo: Invo) -> None:
    made(invo, "business", "create", "--name", "Corner Shop", "--state", "29")
    made(invo, "customer", "create", "--name", "Asha Traders")
    assert tax(pay(invo, "1180", "--advance"))[2:] == ("1180.00", "0.00", "0.00", "0.00")


def test_an_advance_of_a_sez_customer_is_inter_state(counter: Invo) -> None:
    made(counter, "customer", "create", "--name", "Asha Traders", "--gstin", "29AABCR1718E1ZL", "--sez")
    assert tax(pay(counter, "1180", "--advance", "--place-of-supply", "29"))[3:] == ("0.00", "0.00", "180.00")


def test_tax_deducted_by_the_customer_is_part_of_the_advance(shop: Invo) -> None:
    row = pay(shop, "1062", "--tds", "118", "--advance")
    assert tax(row)[2:] == ("1000.00", "0.00", "0.00", "180.00")


def test_a_voucher_keeps_every_particular_that_is_printed(counter: Invo) -> None:
    made(counter, "business", "edit", GSTIN, "--address", "12 MG Road", "--pincode", "560001")
    who = ("--name", "Asha Traders", "--gstin", "29AABCR1718E1ZL", "--address", "4 Hill Road", "--city", "Mysuru")
    made(counter, "customer", "create", *who)
    row = pay(counter, "1180", "--advance", "--description", "Compressor overhaul", "--place-of-supply", "29")
    made(counter, "customer", "edit", "Asha Traders", "--name", "Asha and Sons", "--city", "Hubballi")
    made(counter, "business", "edit", GSTIN, "--name", "Renamed Centre", "--address", "1 New Road")
    kept = payment(counter, row["voucher"])
    assert kept == row
    assert (kept["description"], kept["tax"]["reverse_charge"]) == ("Compressor overhaul", False)
    assert (kept["seller"]["name"], kept["seller"]["gstin"]) == ("Bengaluru Service Centre", GSTIN)
    assert kept["seller"]["address"]["line1"] == "12 MG Road"
    assert (kept["buyer"]["name"], kept["buyer"]["gstin"]) == ("Asha Traders", "29AABCR1718E1ZL")
    assert kept["buyer"]["address"]["city"] == "Mysuru"
    back = made(counter, "payment", "refund", row["number"], "--method", "bank", "--amount", "590")
    assert (back["voucher"], back["description"]) == ("RF/26-27/0001", "Compressor overhaul")
    assert back["refund_of"] == {"number": row["number"], "date": "2026-10-20", "voucher": "RV/26-27/0001"}
    assert tax(back) == ("18", "29", "500.00", "45.00", "45.00", "0.00")
    assert back["buyer"]["name"] == "Asha and Sons"


def test_refunds_together_give_back_exactly_the_tax_of_the_advance(shop: Invo) -> None:
    row = pay(shop, "100", "--advance", "--gst-rate", "5", "--place-of-supply", "29")
    parts = [
        made(shop, "payment", "refund", row["number"], "--method", "cash", "--amount", amount)
        for amount in ("33.33", "33.33", "33.34")
    ]
    for key in TAX[2:]:
        assert sum(Decimal(part["tax"][key]) for part in parts) == Decimal(row["tax"][key]), key
    assert [part["voucher"] for part in parts] == ["RF/26-27/0001", "RF/26-27/0002", "RF/26-27/0003"]
    refused(shop, 5, "payment", "refund", row["number"], "--method", "cash")


def test_an_advance_is_adjusted_later_and_only_the_rest_is_given_back(shop: Invo) -> None:
    row = pay(shop, "2000", "--advance", "--place-of-supply", "29", "--date", "2026-10-01")
    number = invoice(shop)
    adjusted = made(shop, "payment", "allocate", row["voucher"], number)
    assert adjusted["allocations"] == [{"invoice": number, "amount": "1180.00", "date": "2026-10-20"}]
    refused(shop, 5, "payment", "refund", row["number"], "--method", "bank", "--amount", "820.01")
    back = made(shop, "payment", "refund", row["number"], "--method", "bank")
    assert (back["amount"], back["tax"]["taxable_value"]) == ("820.00", "694.92")
    assert actions(shop, "payment") == ["payment.create", "payment.allocate", "payment.refund", "payment.settle"]


def test_vouchers_have_sound_series_even_when_void(shop: Invo) -> None:
    rows = [pay(shop, "118", "--advance") for _ in range(3)]
    made(shop, "payment", "void", rows[1]["number"], "--reason", "Never came")
    made(shop, "payment", "refund", rows[2]["number"], "--method", "cash")
    assert [row["voucher"] for row in rows] == ["RV/26-27/0001", "RV/26-27/0002", "RV/26-27/0003"]
    accounts = {row["kind"]: row for row in made(shop, "series", "audit")}
    assert {kind: (row["issued"], row["cancelled"]) for kind, row in accounts.items()} == {
        "payment": (3, 1),
        "receipt_voucher": (2, 1),
        "refund_voucher": (1, 0),
    }


def test_a_payment_without_advance_has_no_voucher(counter: Invo) -> None:
    invoice(counter)
    row = pay(counter, "1180", "--auto", "oldest")
    back = made(counter, "payment", "refund", pay(counter, "5")["number"], "--method", "cash")
    for each in (row, back):
        assert [each[key] for key in ("voucher", "tax", "description", "seller", "buyer")] == [None] * 5


def test_personal_particulars_stand_in_the_trail_as_digests(shop: Invo) -> None:
    pay(shop, "118", "--advance")
    newest = select(AuditEvent.after).where(AuditEvent.action == "payment.create")
    stored = read(lambda session: json.loads(session.scalars(newest).one() or ""))
    assert stored["buyer"].startswith("sha256:")
    assert ASHA[3] not in str(stored)
    assert shop("audit", "verify").exit_code == 0
