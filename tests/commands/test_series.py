"""The series noun: patterns that never meet, and an account of every number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from invo_cli.commands.entering import read, write
from invo_cli.gst.document import CustomerInput, Kind
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import AuditEvent, NumberCounter
from invo_cli.services import businesses, customers, series
from tests.conftest import Invo
from tests.services.papers import paper
from tests.services.people import ACT

pytestmark = pytest.mark.integration
YEAR = FinancialYear(2026)


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")


def shown(invo: Invo, *arguments: str) -> Any:
    result = invo("series", *arguments, "-o", "json")
    assert result.exit_code in (0, 10), result.stderr
    return json.loads(result.stdout)


def issue(serials: list[int | None], counter_at: int, **values: Any) -> None:
    """Store documents with these serials and take as many numbers as the counter is to stand at."""

    def work(session: Session) -> None:
        business = businesses.current(session, None)
        customer, _ = customers.find_or_create(session, business, CustomerInput(name="Asha"), act=ACT)
        for _ in range(counter_at):
            series.take_number(session, business.id, Kind.TAX_INVOICE, YEAR)
        for serial in serials:
            paper(session, customer, serial, **values)

    write(work)


def test_every_kind_has_a_series_from_the_start(counter: Invo) -> None:
    rows = shown(counter, "list")
    assert [(row["kind"], row["next_number"]) for row in rows] == [
        ("tax_invoice", "INV/26-27/0001"),
        ("bill_of_supply", "BOS/26-27/0001"),
        ("invoice_cum_bill_of_supply", "ICB/26-27/0001"),
        ("credit_note", "CN/26-27/0001"),
        ("debit_note", "DN/26-27/0001"),
        ("payment", "PAY/26-27/0001"),
        ("receipt_voucher", "RV/26-27/0001"),
        ("refund_voucher", "RF/26-27/0001"),
    ]
    assert {row["set_for"] for row in rows} == {"default"}


def test_a_pattern_is_set_for_every_year_or_for_one(counter: Invo) -> None:
    assert shown(counter, "set", "tax-invoice", "A{fy}-{seq}")["next_number"] == "A26-27-1"
    assert shown(counter, "set", "tax_invoice", "B{seq:03}", "--year", "2026-27")["next_number"] == "B001"
    assert shown(counter, "show", "tax_invoice", "--year", "fy27-28")["next_number"] == "A27-28-1"


def test_setting_what_one_year_overrides_is_said(counter: Invo) -> None:
    counter("series", "set", "tax_invoice", "B{seq}", "--year", "2026-27")
    result = counter("series", "set", "tax_invoice", "C{seq}")
    assert (result.exit_code, result.stderr) == (
        0,
        "warning: 2026-27 keeps B{seq}, which was set for that year alone.\n",
    )
    assert counter("series", "set", "tax_invoice", "C{seq}", "--next", "7").exit_code == 5


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("tax_invoice", "INV/2026-27/{seq:06}"),
        ("tax_invoice", "INV/{fy}/"),
        ("tax_invoice", "/{seq}"),
        ("tax_invoice", "INV\x1b{seq}"),
        ("tax_invoice", "{seq}" * 2),
        ("tax_invoice", "इन{seq}"),
        ("tax_invoice", "A" * 10_000 + "{seq}"),
        ("invoices", "INV/{seq}"),
    ],
)
def test_a_pattern_or_kind_that_cannot_be_is_refused(counter: Invo, kind: str, pattern: str) -> None:
    result = counter("series", "set", kind, pattern)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("\n") == 2
    assert len(result.stderr) < 400


@pytest.mark.parametrize(
    "pattern", ["CN/{fy}/{seq:04}", "cn/{fy}/{seq}", "CN/26-27/{seq}", "CN/{fy}/1{seq}", "CN/{fy}/{seq}0"]
)
def test_two_kinds_whose_numbers_could_meet_are_refused(counter: Invo, pattern: str) -> None:
    result = counter("series", "set", "tax_invoice", pattern)
    assert (result.exit_code, result.stdout) == (5, "")
    assert "CN/{fy}/{seq:04}, the series of credit_note" in result.stderr


@pytest.mark.parametrize("pattern", ["CNX/{fy}/{seq}", "CN/{fy}/A{seq}", "CN/25-26/{seq}", "{seq}/CN/{fy}"])
def test_patterns_told_apart_by_more_than_digits_are_taken(counter: Invo, pattern: str) -> None:
    assert counter("series", "set", "tax_invoice", pattern).exit_code == 0


def test_a_used_series_is_not_met_by_its_successor_but_may_be_taken_up_again(counter: Invo) -> None:
    issue([1], 1)
    assert counter("series", "set", "tax_invoice", "INV/{fy}/{seq:05}").exit_code == 5
    counter("series", "set", "tax_invoice", "A{seq}")
    assert shown(counter, "set", "tax_invoice", "INV/{fy}/{seq:04}")["next_number"] == "INV/26-27/0002"


def test_the_first_serial_may_be_chosen_until_a_number_is_taken(counter: Invo) -> None:
    pattern = ("set", "tax_invoice", "INV/{fy}/{seq:04}")
    assert shown(counter, *pattern, "--next", "251")["next_number"] == "INV/26-27/0251"
    assert shown(counter, *pattern, "--next", "25")["next_number"] == "INV/26-27/0025"
    issue([25], 1)
    for serial in ("1", "25", "27"):
        assert counter("series", *pattern, "--next", serial).exit_code == 5
    assert shown(counter, *pattern, "--next", "26")["next_number"] == "INV/26-27/0026"
    assert shown(counter, "audit")[0]["missing"] is None


@pytest.mark.parametrize("serial", ["0", "-1", "1000000", "१", "1e3", "9" * 5000])
def test_a_serial_that_cannot_be_is_refused(counter: Invo, serial: str) -> None:
    assert counter("series", "set", "tax_invoice", "A{seq}", f"--next={serial}").exit_code == 3


def test_a_dry_run_shows_the_series_and_keeps_nothing(counter: Invo) -> None:
    row = shown(counter, "set", "tax_invoice", "A{seq}", "--next", "9", "--dry-run")
    assert (row["next_number"], row["dry_run"]) == ("A9", True)
    assert shown(counter, "show", "tax_invoice")["next_number"] == "INV/26-27/0001"


def test_every_change_is_in_the_audit_trail_and_no_change_is_not(counter: Invo) -> None:
    for _ in range(2):
        counter("series", "set", "tax_invoice", "A{seq}", "--next", "9")
    actions = read(lambda session: [event.action for event in session.query(AuditEvent).order_by(AuditEvent.seq)])
    assert actions == ["business.create", "series.set", "series.start"]


def test_a_complete_series_is_sound_and_its_documents_are_counted(counter: Invo) -> None:
    issue([1, 2, None], 2)
    issue([3], 1, status="cancelled")
    issue([4], 1, status="cancelled", is_deleted=True)
    result = counter("series", "audit", "-o", "json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)
    assert row == {
        "financial_year": "2026-27",
        "kind": "tax_invoice",
        "series": "INV/{fy}/{seq:04}",
        "first_serial": 1,
        "last_serial": 4,
        "issued": 2,
        "cancelled": 2,
        "deleted": 1,
        "missing": None,
        "duplicates": None,
        "beyond": None,
    }


def test_gaps_duplicates_and_numbers_never_given_out_are_findings(counter: Invo) -> None:
    issue([2, 5], 6)
    issue([5], 0, number="INV/26-27/5", number_key="INV/26-27/5")
    issue([9], 0)
    result = counter("series", "audit", "-o", "json")
    assert result.exit_code == 10
    (row,) = json.loads(result.stdout)
    assert (row["missing"], row["duplicates"], row["beyond"]) == ("1, 3-4, 6", "5", "9")
    assert "missing 1, 3-4, 6; twice 5; beyond its counter 9" in json.loads(result.stderr)["error"]["message"]


def test_a_counter_set_back_is_found(counter: Invo) -> None:
    issue([1, 2, 3], 3)
    write(lambda session: session.execute(update(NumberCounter).values(last_serial=2)) and None)
    assert shown(counter, "audit")[0]["beyond"] == "3"


def test_imported_numbers_are_counted_without_serials(counter: Invo) -> None:
    issue([1], 0, series=None, number="OLD-7", number_key="OLD-7")
    (row,) = shown(counter, "audit")
    assert (row["series"], row["issued"], row["first_serial"]) == (None, 1, None)


def test_an_audit_of_a_year_leaves_the_others_out(counter: Invo) -> None:
    issue([1], 1)
    assert shown(counter, "audit", "--year", "2025-26") == []
