"""The eway noun: the bulk file, and what the portal answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.money import actions, made, refused, shown
from tests.conftest import Invo
from tests.einvoicing.reporting import PUNE, TO_PUNE
from tests.portal.imitation import answer

pytestmark = pytest.mark.integration
GOODS = ("--line", "Battery:60:900:850760:18")
EWB = "331001234567"


def issued(invo: Invo, *flags: str) -> str:
    return str(made(invo, "invoice", "create", *TO_PUNE, *(flags or GOODS))["number"])


def by_hand(number: str, *flags: str) -> tuple[str, ...]:
    return ("eway", "record", "--number", EWB, "--invoice", number, "--date", "2026-10-05", *flags)


def test_a_file_is_built(office: Invo, tmp_path: Path) -> None:
    number, out = issued(office), tmp_path / "eway.json"
    flags = ("--vehicle", "ka 01 ab 1234", "--distance", "840")
    (row,) = made(office, "eway", "build", number, *flags, "--out", str(out))
    assert (row["value"], row["needed"], row["to"]) == ("63720.00", True, PUNE)
    content = json.loads(out.read_text(encoding="utf-8"))
    (bill,) = content["billLists"]
    assert (content["version"], bill["vehicleNo"], bill["transDistance"]) == ("1.0.0621", "KA01AB1234", 840)
    assert office("eway", "build", number, *flags).stdout == out.read_text(encoding="utf-8")


def test_the_document_says_how_it_travels(office: Invo) -> None:
    document = {
        "customer": {"name": "Pune Motors", "gstin": PUNE},
        "lines": [{"description": "Battery", "hsn": "850760", "quantity": "60", "unit_price": "900"}],
        "transport": {"mode": "road", "vehicle": "KA01AB1234", "distance_km": 840},
    }
    number = json.loads(office("invoice", "create", "--file", "-", "-o", "json", input=json.dumps(document)).stdout)[
        "number"
    ]
    (bill,) = json.loads(office("eway", "build", number).stdout)["billLists"]
    assert (bill["vehicleNo"], bill["transDistance"]) == ("KA01AB1234", 840)
    (bill,) = json.loads(office("eway", "build", number, "--distance", "850").stdout)["billLists"]
    assert bill["transDistance"] == 850


def test_below_the_threshold_it_is_a_warning(office: Invo) -> None:
    done = office("eway", "build", issued(office, "--line", "Battery:1:900:850760:18"), "--vehicle", "KA01AB1234")
    assert (done.exit_code, "none is needed" in done.stderr) == (0, True)


def test_what_has_no_bill_says_why(office: Invo) -> None:
    service = issued(office, "--line", "Screen:1:60000:998716:18")
    draft = made(office, "invoice", "create", *TO_PUNE, *GOODS, "--draft")["id"]
    assert "services need no e-way bill" in refused(office, 3, "eway", "build", service, "--vehicle", "KA01AB1234")
    assert "is a draft" in refused(office, 5, "eway", "build", draft, "--vehicle", "KA01AB1234")
    assert "--vehicle" in refused(office, 3, "eway", "build", issued(office))
    for flags in (("--vehicle", "K!"), ("--mode", "raod"), ("--distance", "4001"), ("--transporter", "29")):
        refused(office, 3, "eway", "build", draft, *flags)
    made(office, "business", "create", "--name", "Pune branch", "--gstin", PUNE)
    refused(office, 4, "eway", "build", service, "--business", PUNE)


def test_a_bill_is_recorded_by_hand_and_once(office: Invo) -> None:
    number = issued(office)
    trial = made(office, *by_hand(number), "--dry-run")
    assert (trial["dry_run"], made(office, "eway", "list")) == (True, [])
    row = made(office, *by_hand(number, "--valid-until", "2026-10-10"))
    assert (row["result"], row["status"], row["valid_until"]) == ("recorded", "live", "2026-10-10")
    assert made(office, *by_hand(number))["result"] == "known"
    assert [bill["number"] for bill in made(office, "eway", "list", "--invoice", number)] == [EWB]
    assert made(office, "einvoice", "show", number)["eway_bills"][0]["number"] == EWB
    assert actions(office, "eway") == ["eway.record"]
    assert "live e-way bill" in office("eway", "build", number, "--vehicle", "KA01AB1234").stderr
    assert "with another document" in refused(office, 5, *by_hand(issued(office)))


def test_a_later_last_day_is_kept_and_an_earlier_one_is_not(office: Invo) -> None:
    bill = by_hand(issued(office))
    assert made(office, *bill)["valid_until"] is None
    for last, result in (("2026-10-06", "recorded"), ("2026-10-06", "known"), ("2026-10-08", "recorded")):
        row = made(office, *bill, "--valid-until", last)
        assert (row["result"], row["valid_until"]) == (result, last)
    assert made(office, *bill, "--valid-until", "2026-10-07")["valid_until"] == "2026-10-08"
    made(office, "eway", "cancel", EWB, "--code", "1")
    assert made(office, *bill, "--valid-until", "2026-10-09")["valid_until"] == "2026-10-08"
    assert actions(office, "eway") == ["eway.record"] * 3 + ["eway.cancel"]


def test_what_cannot_be_recorded_by_hand(office: Invo) -> None:
    number = issued(office)
    draft = made(office, "invoice", "create", *TO_PUNE, *GOODS, "--draft")["id"]
    cases: dict[tuple[str, ...], int] = {
        ("--number", EWB, "--invoice", number, "--date", "2026-10-04"): 3,
        ("--number", EWB, "--invoice", number, "--date", "2026-10-06"): 3,
        ("--number", EWB, "--invoice", number, "--date", "2026-10-05", "--valid-until", "2026-10-04"): 3,
        ("--number", "33100", "--invoice", number, "--date", "2026-10-05"): 3,
        ("--number", EWB, "--invoice", draft, "--date", "2026-10-05"): 5,
        ("--number", EWB, "--invoice", "INV/26-27/0999", "--date", "2026-10-05"): 4,
        ("--number", EWB, "--invoice", number): 2,
        ("-", "--number", EWB): 2,
        (): 2,
    }
    for flags, status in cases.items():
        refused(office, status, "eway", "record", *flags)


def test_the_portals_file_is_recorded_one_by_one(office: Invo, tmp_path: Path) -> None:
    number = issued(office)
    given: list[dict[str, Any]] = [
        {"ewayBillNo": int(EWB), "ewayBillDate": "05/10/2026 11:30:00 AM", "validUpto": None, "docNo": number},
        {"ewayBillNo": 331001234568, "ewayBillDate": "05/10/2026 11:30:00 AM"},
        {"ewayBillNo": 5, "ewayBillDate": "05/10/2026 11:30:00 AM", "docNo": number},
    ]
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    done = office("eway", "record", str(file), "-o", "json")
    assert done.exit_code == 9
    assert [row["result"] for row in json.loads(done.stdout)] == ["recorded", "rejected", "rejected"]
    assert [bill["number"] for bill in made(office, "eway", "list")] == [EWB]


def test_a_cancellation_is_recorded_within_a_day(office: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    made(office, *by_hand(issued(office)))
    cancel = ("eway", "cancel", EWB, "--code", "2")
    assert "no e-way bill" in refused(office, 4, "eway", "cancel", "331001234560", "--code", "2")
    for day in ("2026-10-04", "2026-10-06"):
        refused(office, 3, *cancel, "--date", day)
    monkeypatch.setenv("INVO_NOW", "2026-10-09T12:00:00+05:30")
    refused(office, 3, *cancel)
    row = made(office, *cancel, "--date", "2026-10-06")
    assert (row["status"], row["cancel_reason"], row["cancelled_on"]) == ("cancelled", "order-cancelled", "2026-10-06")
    assert made(office, *cancel) == row
    assert actions(office, "eway") == ["eway.record", "eway.cancel"]


def test_a_bill_ends_with_its_last_day(office: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    made(office, *by_hand(issued(office), "--valid-until", "2026-10-06"))
    monkeypatch.setenv("INVO_NOW", "2026-10-07T00:00:00+05:30")
    assert [bill["status"] for bill in made(office, "eway", "list")] == ["expired"]


def test_a_live_bill_keeps_an_e_invoice_until_its_own_cancellation_is_recorded(office: Invo, tmp_path: Path) -> None:
    number = issued(office)
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer(shown(office, number))), encoding="utf-8")
    made(office, "einvoice", "record", str(file))
    made(office, *by_hand(number))
    cancel = ("einvoice", "cancel", number, "--code", "1", "--remark", "Twice")
    assert f"record it: invo eway cancel {EWB}" in refused(office, 5, *cancel)
    made(office, "eway", "cancel", EWB, "--code", "1")
    assert made(office, *cancel)["status"] == "cancelled"
