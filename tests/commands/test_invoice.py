"""The invoice noun: what is entered, issued, changed and refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Invo

pytestmark = pytest.mark.integration
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")
SCREEN = ("--line", "Screen replacement:1:1500:998716:18")


def create(invo: Invo, *arguments: str) -> dict[str, Any]:
    result = invo("invoice", "create", *(arguments or (*ASHA, *SCREEN)), "-o", "json")
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def listed(invo: Invo, *arguments: str) -> list[str]:
    result = invo("invoice", "list", *arguments, "-o", "name")
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()


def test_an_invoice_is_issued_in_one_line(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    made = create(counter)
    assert made["number"] == "INV/26-27/0001"
    assert (made["id"], made["status"], made["payment_status"]) == ("D-1", "issued", "unpaid")
    assert (made["taxable_value"], made["cgst"], made["sgst"], made["total"]) == (
        "1500.00",
        "135.00",
        "135.00",
        "1770.00",
    )
    assert (made["date"], made["financial_year"], made["return_period"]) == ("2026-10-05", "2026-27", "102026")
    assert made["amount_in_words"] == "Rupees One Thousand Seven Hundred Seventy Only"


def test_numbers_follow_each_other_and_years_count_apart(counter: Invo) -> None:
    numbers = [create(counter)["number"] for _ in range(3)]
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]
    assert create(counter, *ASHA, *SCREEN, "--date", "2025-03-31")["number"] == "INV/24-25/0001"


def test_the_same_name_and_mobile_is_the_same_customer(counter: Invo) -> None:
    first, second = (
        create(counter),
        create(counter, "--customer", "asha traders", "--mobile", "+91 98765 43210", *SCREEN),
    )
    assert first["customer"]["code"] == second["customer"]["code"]
    other = create(counter, "--customer", "Asha Traders", "--mobile", "9876543211", *SCREEN)
    assert other["customer"]["code"] != first["customer"]["code"]


def test_a_supply_to_another_state_bears_igst(counter: Invo) -> None:
    made = create(counter, "--customer", "Pune Motors", "--gstin", "27AAPFU0939F1ZV", *SCREEN)
    assert (made["place_of_supply"], made["igst"], made["cgst"]) == ("27", "270.00", "0.00")


def test_totals_are_rounded_to_the_rupee_unless_forbidden(counter: Invo) -> None:
    line = ("--line", "Cable:1:99.50:8544:18")
    rounded = create(counter, *ASHA, *line)
    assert (rounded["round_off"], rounded["total"]) == ("-0.42", "117.00")
    exact = create(counter, *ASHA, *line, "--no-round-off")
    assert (exact["round_off"], exact["total"]) == ("0.00", "117.42")


def test_items_fill_their_lines(counter: Invo) -> None:
    counter("item", "create", "--name", "Battery", "--code", "BAT", "--hsn", "8507", "--price", "1200", "--rate", "18")
    made = create(counter, *ASHA, "--item", "bat:2")
    assert [(line["description"], line["quantity"], line["taxable_value"]) for line in made["lines"]] == [
        ("Battery", "2.000", "2400.00")
    ]


def test_a_charge_is_taxed_like_the_principal_supply(counter: Invo) -> None:
    made = create(counter, *ASHA, "--line", "Tyre:1:1000:4011:28", "--date", "2025-04-01", "--charge", "Freight:50")
    assert [(line["description"], line["hsn"], line["gst_rate"]) for line in made["lines"]] == [
        ("Tyre", "4011", "28"),
        ("Freight", "4011", "28"),
    ]


def test_a_document_comes_from_a_file(counter: Invo, tmp_path: Path) -> None:
    path = tmp_path / "doc.json"
    document = {
        "customer": {"name": "ಆಶಾ", "mobile": "9876543210"},
        "lines": [{"description": "Repair", "quantity": "2", "unit_price": 99.5, "hsn": "998713", "gst_rate": "18"}],
    }
    path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")
    made = create(counter, "--file", str(path))
    assert (made["customer"]["name"], made["taxable_value"]) == ("ಆಶಾ", "199.00")


def test_an_unknown_key_names_the_nearest(counter: Invo) -> None:
    refused = counter("invoice", "create", "--file", "-", input='{"custmer": "C-0001", "lines": []}')
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "customer" in refused.stderr


def test_a_file_and_flags_do_not_mix(counter: Invo) -> None:
    assert counter("invoice", "create", "--file", "-", *SCREEN, input="{}").exit_code == 2


def test_a_dry_run_shows_the_number_and_keeps_nothing(counter: Invo) -> None:
    dry = create(counter, *ASHA, *SCREEN, "--dry-run")
    assert (dry["dry_run"], dry["number"][-4:]) == (True, "0001")
    assert listed(counter) == []
    assert json.loads(counter("customer", "list", "-o", "json").stdout) == []
    assert create(counter)["number"][-4:] == "0001"


def test_an_idempotency_key_makes_one_document(counter: Invo) -> None:
    first = create(counter, *ASHA, *SCREEN, "--idempotency-key", "order-1")
    again = create(counter, *ASHA, *SCREEN, "--idempotency-key", "order-1")
    assert first["number"] == again["number"]
    other = counter("invoice", "create", *ASHA, "--line", "Other:1:1:998716:18", "--idempotency-key", "order-1")
    assert other.exit_code == 5
    assert len(listed(counter)) == 1


def test_a_draft_takes_its_number_when_it_is_issued(counter: Invo) -> None:
    draft = create(counter, *ASHA, *SCREEN, "--draft")
    assert (draft["number"], draft["status"], draft["payment_status"]) == (None, "draft", None)
    create(counter)
    issued = json.loads(counter("invoice", "issue", "D-1", "-o", "json").stdout)
    assert (issued["id"], issued["number"][-4:], issued["status"]) == ("D-1", "0002", "issued")
    assert json.loads(counter("invoice", "issue", "D-1", "-o", "json").stdout)["number"] == issued["number"]


def test_a_draft_keeps_its_customer_when_it_is_issued(counter: Invo) -> None:
    draft = create(counter, "--customer", "Walk-in", "--state", "29", *SCREEN, "--draft")
    counter("invoice", "issue", "D-1")
    customers = json.loads(counter("customer", "list", "-o", "json").stdout)
    assert [customer["code"] for customer in customers] == [draft["customer"]["code"]]


def test_all_drafts_are_issued_and_what_fails_is_named(counter: Invo) -> None:
    create(counter, *ASHA, *SCREEN, "--draft")
    create(counter, *ASHA, "--line", "Odd:1:100:998716:17", "--draft")
    result = counter("invoice", "issue", "--all-drafts", "-o", "json")
    assert result.exit_code == 9
    assert [row["id"] for row in json.loads(result.stdout)] == ["D-1"]
    assert "D-2: GST-" in result.stderr


def test_a_draft_is_edited_and_an_issued_invoice_is_not(counter: Invo) -> None:
    create(counter, *ASHA, *SCREEN, "--draft")
    edited = json.loads(
        counter("invoice", "edit", "D-1", "--line", "Glass:1:100:998716:18", "--notes", "n", "-o", "json").stdout
    )
    assert (edited["total"], edited["notes"], edited["customer"]["name"]) == ("118.00", "n", "Asha Traders")
    create(counter)
    assert counter("invoice", "edit", "D-2", "--notes", "n").exit_code == 5


def test_cancelling_keeps_the_number_taken(counter: Invo) -> None:
    first = create(counter)
    gone = json.loads(counter("invoice", "cancel", first["number"], "--reason", "Wrong customer", "-o", "json").stdout)
    assert (gone["status"], gone["payment_status"], gone["cancel_reason"]) == ("cancelled", None, "Wrong customer")
    assert counter("invoice", "cancel", first["number"], "--reason", "again").exit_code == 0
    assert create(counter)["number"][-4:] == "0002"
    assert len(listed(counter)) == 2


def test_deleting_an_issued_invoice_needs_a_reason_and_cancels_it(counter: Invo) -> None:
    number = create(counter)["number"]
    assert counter("invoice", "delete", number).exit_code == 3
    gone = json.loads(counter("invoice", "delete", number, "--reason", "Twice", "-o", "json").stdout)
    assert (gone["status"], gone["is_deleted"]) == ("cancelled", True)
    assert listed(counter) == []
    assert listed(counter, "--include", "deleted") == [number]
    back = json.loads(counter("invoice", "restore", number, "-o", "json").stdout)
    assert (back["status"], back["is_deleted"]) == ("cancelled", False)


def test_deleting_and_restoring_twice_is_nothing_to_do(counter: Invo) -> None:
    create(counter, *ASHA, *SCREEN, "--draft")
    assert [counter("invoice", "delete", "D-1").exit_code for _ in range(2)] == [0, 0]
    assert counter("invoice", "issue", "D-1").exit_code == 5
    assert [counter("invoice", "restore", "D-1").exit_code for _ in range(2)] == [0, 0]
    assert counter("invoice", "issue", "D-1").exit_code == 0


def test_a_copy_is_a_draft_of_today(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    number = create(counter, *ASHA, *SCREEN, "--date", "2026-09-01")["number"]
    copy = json.loads(counter("invoice", "duplicate", number, "-o", "json").stdout)
    assert (copy["status"], copy["date"], copy["total"]) == ("draft", "2026-10-05", "1770.00")
    issued = json.loads(counter("invoice", "duplicate", number, "--issue", "-o", "json").stdout)
    assert issued["number"][-4:] == "0002"


def test_a_number_is_found_in_any_case_by_year_and_by_id(counter: Invo) -> None:
    made = create(counter)
    for name in (made["number"].lower(), f"{made['number']}@{made['financial_year']}", made["id"], "d-1"):
        assert json.loads(counter("invoice", "show", name, "-o", "json").stdout)["number"] == made["number"]
    missing = counter("invoice", "show", made["number"][:-1] + "9")
    assert missing.exit_code == 4
    assert f"Did you mean {made['number']}" in missing.stderr


def test_a_number_used_in_two_years_must_say_which(counter: Invo) -> None:
    counter("series", "set", "tax_invoice", "S-{seq:04}")
    create(counter, *ASHA, *SCREEN, "--date", "2025-03-31")
    create(counter, *ASHA, *SCREEN, "--date", "2025-04-01")
    both = counter("invoice", "show", "S-0001")
    assert both.exit_code == 5
    assert "S-0001@2024-25" in both.stderr
    assert json.loads(counter("invoice", "show", "S-0001@2025-26", "-o", "json").stdout)["date"] == "2025-04-01"


def test_lists_are_filtered(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    old = create(counter, *ASHA, *SCREEN, "--date", "2026-08-01", "--due-date", "2026-08-31")["number"]
    new = create(counter, "--customer", "Ravi", "--mobile", "9000000001", "--line", "Part:1:10:8544:18")["number"]
    create(counter, *ASHA, *SCREEN, "--draft")
    assert listed(counter) == ["D-3", new, old]
    assert listed(counter, "--status", "overdue") == [old]
    assert listed(counter, "--status", "unpaid", "--status", "draft") == ["D-3", new]
    assert listed(counter, "--customer", "ravi") == [new]
    assert listed(counter, "--period", "2026-08") == [old]
    assert listed(counter, "--from", "2026-08-02", "--to", "today") == ["D-3", new]
    assert listed(counter, "--min", "1,770") == ["D-3", old]
    assert listed(counter, "--max", "100") == [new]
    assert listed(counter, "--search", "90000") == [new]
    assert listed(counter, "--search", "%") == []
    assert listed(counter, "--search", "INV/26-27/0001") == [old]
    assert listed(counter, "--search", "0002") == [new]
    assert listed(counter, "--search", "inv/26-27/") == [new, old]
    assert listed(counter, "--search", "asha trad") == ["D-3", old]
    assert listed(counter, "--sort", "total", "--status", "issued") == [new, old]
    assert counter("invoice", "list", "--status", "overdu").exit_code == 3
    assert counter("invoice", "list", "--from", "2026-10-02", "--to", "2026-10-01").exit_code == 3


@pytest.mark.parametrize("sort", ["date", "-date", "total", "-number", "due", "customer"])
def test_pages_join_to_the_whole_list(counter: Invo, sort: str) -> None:
    for price in (5, 3, 3, 4):
        create(counter, *ASHA, "--line", f"Part:1:{price}:8544:18")
    create(counter, *ASHA, *SCREEN, "--draft")
    whole = listed(counter, "--sort", sort, "--fields", "id")
    pages, after = list[str](), list[str]()
    while page := listed(counter, "--sort", sort, "--limit", "2", *after):
        pages += page
        after = ["--after", page[-1]]
    assert pages == whole
    assert len(set(pages)) == 5


def test_truncation_is_announced_with_the_cursor(counter: Invo) -> None:
    for _ in range(3):
        create(counter)
    page = counter("invoice", "list", "--limit", "2")
    assert len(page.stdout.splitlines()) == 2
    assert "--after D-2" in page.stderr


def test_prices_with_and_without_tax_do_not_mix_unnoticed(counter: Invo) -> None:
    counter(
        "item", "create", "--name", "Case", "--code", "CASE", "--price", "118", "--rate", "18", "--price-includes-tax"
    )
    assert create(counter, *ASHA, "--item", "CASE")["taxable_value"] == "100.00"
    assert counter("invoice", "create", *ASHA, "--item", "CASE", "--line", "Part:1:10:8544:18").exit_code == 3


def test_explain_ends_with_the_total(counter: Invo) -> None:
    number = create(counter, *ASHA, "--line", "Fan:2:1,180.35::18", "--prices-include-tax", "--discount", "10")[
        "number"
    ]
    shown = json.loads(counter("invoice", "show", number, "-o", "json").stdout)
    steps = json.loads(counter("invoice", "explain", number, "-o", "json").stdout)
    assert (steps[-1]["what"], steps[-1]["amount"]) == ("Total", shown["total"])
    assert all(step["rule"] for step in steps)


def test_warnings_are_coded_and_refuse_a_strict_business(counter: Invo) -> None:
    assert "warning: GST-" in counter("invoice", "create", *ASHA, *SCREEN).stderr
    counter("business", "edit", "29AAGCB7383J1Z4", "--strict")
    refused = counter("invoice", "create", *ASHA, *SCREEN)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert refused.stderr.startswith("error: GST-")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((*ASHA, "--line", "Odd:1:100:998716:17"), 3),
        ((*ASHA, *SCREEN, "--date", "2017-06-30"), 3),
        ((*ASHA, *SCREEN, "--date", "2999-01-01"), 3),
        ((*ASHA, *SCREEN, "--date", "2026-02-30"), 3),
        ((*ASHA, "--line", "Odd:NaN:100"), 3),
        ((*ASHA, "--line", "Odd:-1:100"), 3),
        (ASHA, 3),
        (SCREEN, 3),
        (("--customer", "Nobody", *SCREEN), 4),
        (("--customer", "X", "--gstin", "29AAGCB7383J1Z5", *SCREEN), 3),
        (("--mobile", "9876543210", *SCREEN), 2),
        ((*ASHA, "--item", "NOPE"), 4),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_lost(counter: Invo, arguments: tuple[str, ...], code: int) -> None:
    refused = counter("invoice", "create", *arguments)
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert create(counter)["number"][-4:] == "0001"


def test_a_rate_outside_the_list_needs_a_reason(counter: Invo) -> None:
    line = ("--line", "Brick:1:100:6815:12")
    assert counter("invoice", "create", *ASHA, "--line", "Part:1:100:8544:12").exit_code == 3
    assert create(counter, *ASHA, *line)["cgst"] == "6.00"
    allowed = create(counter, *ASHA, "--line", "Part:1:100:8544:12", "--allow-rate", "Court order 12/2026")
    assert allowed["cgst"] == "6.00"


@pytest.mark.parametrize("extra", [{"number": "INV/26-27/0099"}, {"against": "X/1", "reason": "x"}])
def test_what_would_be_ignored_is_refused(counter: Invo, extra: dict[str, str]) -> None:
    create(counter)
    document = {"customer": "C-0001", "lines": [{"description": "Part", "unit_price": "10"}], **extra}
    assert counter("invoice", "create", "--file", "-", input=json.dumps(document)).exit_code == 3


def test_a_strict_business_keeps_numbers_in_the_order_of_dates(counter: Invo) -> None:
    address = ("--address", "1 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    assert counter("business", "edit", "29AAGCB7383J1Z4", "--strict", *address).exit_code == 0
    create(counter)
    refused = counter("invoice", "create", *ASHA, *SCREEN, "--date", "2026-11-01")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "ORD-01" in refused.stderr


def test_a_protected_profile_wants_its_name_before_a_document_is_cancelled(counter: Invo, home: Path) -> None:
    number = create(counter)["number"]
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text("[profiles.live]\nprotected = true\n")
    refused = counter("invoice", "cancel", number, "--reason", "x", "--profile", "live", "--yes")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "protected" in refused.stderr
    assert counter("invoice", "cancel", number, "--reason", "x").exit_code == 0
