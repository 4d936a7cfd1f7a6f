"""The customer noun."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.commands.entering import read, write
from invo_cli.models import AuditEvent, Invoice
from invo_cli.services import businesses, customers
from tests.commands.hostile import HARMFUL, KEPT, REFUSED
from tests.conftest import Invo
from tests.services.papers import paper

pytestmark = pytest.mark.integration
KARNATAKA, MAHARASHTRA = "29AABCR1718E1ZL", "27AAPFU0939F1ZV"


def made(invo: Invo, *arguments: str) -> Any:
    result = invo("customer", *arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def add(invo: Invo, name: str, *arguments: str) -> str:
    return str(made(invo, "create", f"--name={name}", *arguments)["code"])


def listed(invo: Invo, *arguments: str) -> list[str]:
    result = invo("customer", "list", "-o", "name", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()


def documents_of(code: str) -> list[int | None]:
    def work(session: Session) -> list[int | None]:
        business_id = businesses.current(session, None).id
        owner = customers.find(session, business_id, code)
        assert owner is not None
        return list(
            session.scalars(select(Invoice.serial).where(Invoice.customer_id == owner.id).order_by(Invoice.serial))
        )

    return read(work)


def give_document(code: str, serial: int) -> None:
    def work(session: Session) -> None:
        business_id = businesses.current(session, None).id
        paper(session, customers.get(session, business_id, code), serial)

    write(work)


def test_a_customer_gets_the_next_code_and_a_normalised_mobile(counter: Invo) -> None:
    row = made(counter, "create", "--name", " Asha Traders ", "--mobile", "+91 98765-43210")
    assert row == {
        "code": "C-0001",
        "name": "Asha Traders",
        "gstin": None,
        "state": "29",
        "mobile": "9876543210",
        "email": None,
        "address": {"line1": None, "line2": None, "city": None, "pincode": None, "country": None},
        "city": None,
        "is_composition": False,
        "is_sez": False,
        "is_overseas": False,
        "notes": None,
        "is_deleted": False,
        "merged_into": None,
    }
    assert add(counter, "Ravi") == "C-0002"


def test_everything_about_a_customer_is_kept(counter: Invo) -> None:
    flags = ["--address", "1 MG Road", "--address2", "2nd floor", "--city", "Pune", "--pincode", "411001"]
    more = ["--email", "a@example.com", "--notes", "pays late", "--composition", "--sez", "--gstin", MAHARASHTRA]
    row = made(counter, "create", "--name", "Asha", "--code", "asha-1", *flags, *more)
    assert row["address"] == {
        "line1": "1 MG Road",
        "line2": "2nd floor",
        "city": "Pune",
        "pincode": "411001",
        "country": None,
    }
    assert (row["code"], row["state"], row["notes"]) == ("asha-1", "27", "pays late")
    assert (row["is_composition"], row["is_sez"], row["email"]) == (True, True, "a@example.com")
    assert made(counter, "show", "ASHA-1") == row


def test_a_customer_abroad_has_state_96_and_any_postal_code(counter: Invo) -> None:
    row = made(counter, "create", "--name", "Lanka", "--overseas", "--pincode", "CO 00100", "--country", "Sri Lanka")
    assert (row["state"], row["is_overseas"], row["address"]["country"]) == ("96", True, "Sri Lanka")


@pytest.mark.parametrize(
    "flags",
    [
        ["--gstin", MAHARASHTRA, "--state", "29"],
        ["--gstin", MAHARASHTRA, "--overseas"],
        ["--gstin", "27AAPFU0939F1ZX"],
        ["--overseas", "--state", "29"],
        ["--mobile", "12345"],
        ["--mobile", "९८७६५४३२१०"],
        ["--pincode", "012345"],
        ["--email", "asha"],
        ["--state", "99"],
        ["--code", "a b"],
        ["--code=-x"],
        ["--notes", "x" * 10_000],
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(counter: Invo, flags: list[str]) -> None:
    result = counter("customer", "create", "--name", "Asha", *flags)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("\n") == 2
    assert listed(counter) == []


def test_a_customer_without_a_name_is_refused(counter: Invo) -> None:
    assert counter("customer", "create", "--mobile", "9876543210").exit_code == 3


def test_a_code_twice_is_a_conflict_whatever_the_case(counter: Invo) -> None:
    add(counter, "Asha", "--code", "ASHA")
    assert counter("customer", "create", "--name", "Other", "--code", "asha").exit_code == 5


def test_a_likely_duplicate_is_warned_about_and_stored(counter: Invo) -> None:
    add(counter, "Asha Traders", "--mobile", "9876543210", "--gstin", KARNATAKA)
    result = counter(
        *("customer", "create", "--name", "ASHA traders", "--mobile", "919876543210"), *("--gstin", KARNATAKA)
    )
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"warning: GSTIN {KARNATAKA} is also that of C-0001 'Asha Traders'.",
        "warning: Mobile number 9876543210 is also that of C-0001 'Asha Traders'.",
        "warning: Name 'ASHA traders' is also that of C-0001 'Asha Traders'.",
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("TRADE", ["C-0001"]),
        ("76543", ["C-0001"]),
        ("+91 98765 43210", ["C-0001"]),
        ("aapfu", ["C-0002"]),
        ("c-000", ["C-0001", "C-0002", "C-0003"]),
        ("100%", ["C-0003"]),
        ("%", ["C-0003"]),
        ("_", ["C-0003"]),
        ("STRASSE", ["C-0003"]),
        ("traders\n98", []),
        ("nothing", []),
    ],
)
def test_a_search_finds_any_part_literally(counter: Invo, text: str, codes: list[str]) -> None:
    add(counter, "Asha Traders", "--mobile", "9876543210")
    add(counter, "Pune Motors", "--gstin", MAHARASHTRA)
    add(counter, "100%_Straße")
    assert listed(counter, "--search", text) == codes


def test_a_list_goes_on_behind_a_code(counter: Invo) -> None:
    for name in ("A", "B", "C"):
        add(counter, name)
    first = counter("customer", "list", "--limit", "2", "-o", "name")
    assert (first.stdout, first.stderr) == (
        "C-0001\nC-0002\n",
        "Showing 2; there are more: --after C-0002, or --all.\n",
    )
    assert listed(counter, "--limit", "2", "--after", "c-0002") == ["C-0003"]


def test_an_empty_list_is_an_empty_array(counter: Invo) -> None:
    assert made(counter, "list") == []


def test_an_edit_changes_what_is_given_and_nothing_else(counter: Invo) -> None:
    add(counter, "Asha", "--mobile", "9876543210", "--city", "Pune")
    row = made(counter, "edit", "asha", "--gstin", MAHARASHTRA, "--name", "Asha & Co")
    assert (row["name"], row["state"], row["mobile"], row["city"]) == ("Asha & Co", "27", "9876543210", "Pune")
    assert listed(counter, "--search", "& co") == ["C-0001"]
    assert counter("customer", "edit", "C-0001", "--state", "29").exit_code == 3


def test_an_edit_warns_only_about_what_it_changes(counter: Invo) -> None:
    add(counter, "Asha")
    add(counter, "Asha")
    assert counter("customer", "edit", "C-0001", "--city", "Pune").stderr == ""
    assert "Name 'asha'" in counter("customer", "edit", "C-0001", "--name", "asha").stderr


def test_an_edit_that_changes_nothing_leaves_no_trace(counter: Invo) -> None:
    add(counter, "Asha", "--city", "Pune")
    counter("customer", "edit", "C-0001", "--city", "Pune")
    assert [action for action, _ in customer_events()] == ["customer.create"]


def test_a_deleted_customer_is_hidden_until_it_is_restored(counter: Invo) -> None:
    add(counter, "Asha")
    give_document("C-0001", 1)
    for _ in range(2):
        assert made(counter, "delete", "C-0001")["is_deleted"] is True
    assert listed(counter) == []
    assert listed(counter, "--include", "deleted") == ["C-0001"]
    assert made(counter, "show", "C-0001")["is_deleted"] is True
    refused = counter("customer", "edit", "C-0001", "--city", "Pune")
    assert refused.exit_code == 5
    assert "invo customer restore C-0001" in refused.stderr
    for _ in range(2):
        assert made(counter, "restore", "C-0001")["is_deleted"] is False
    assert [action for action, _ in customer_events()] == ["customer.create", "customer.delete", "customer.restore"]
    assert documents_of("C-0001") == [1]


def test_only_deleted_ones_may_be_included(counter: Invo) -> None:
    assert counter("customer", "list", "--include", "drafts").exit_code == 3


def test_a_merge_moves_the_documents_and_hides_the_customer(counter: Invo) -> None:
    for name in ("Asha", "Asha T", "Asha Traders"):
        add(counter, name)
    give_document("C-0001", 1)
    give_document("C-0002", 2)
    row = made(counter, "merge", "C-0001", "C-0002", "--reason", "entered twice", "--yes")
    assert (row["code"], row["is_deleted"], row["merged_into"]) == ("C-0001", True, "C-0002")
    made(counter, "merge", "C-0002", "C-0003", "--reason", "thrice", "--yes")
    assert documents_of("C-0003") == [1, 2]
    assert made(counter, "show", "C-0001")["merged_into"] == "C-0003"
    assert ("customer.merge", "entered twice") in customer_events()


def test_a_merge_done_again_does_nothing(counter: Invo) -> None:
    add(counter, "Asha")
    add(counter, "Asha T")
    for _ in range(2):
        assert made(counter, "merge", "C-0001", "C-0002", "--reason", "twice", "--yes")["merged_into"] == "C-0002"
    assert [action for action, _ in customer_events()].count("customer.merge") == 1


def test_a_merged_customer_leads_to_the_one_that_stayed(counter: Invo) -> None:
    add(counter, "Asha")
    add(counter, "Asha T")
    made(counter, "merge", "C-0001", "C-0002", "--reason", "twice", "--yes")
    for arguments in (["edit", "C-0001", "--city", "Pune"], ["restore", "C-0001"]):
        refused = counter("customer", *arguments)
        assert refused.exit_code == 5
        assert "hint: Use C-0002." in refused.stderr


def test_a_merge_needs_a_confirmation_two_customers_and_a_reason(counter: Invo) -> None:
    add(counter, "Asha")
    add(counter, "Asha T")
    assert counter("customer", "merge", "C-0001", "C-0002", "--reason", "twice").exit_code == 2
    assert counter("customer", "merge", "C-0001", "C-0002", "--yes").exit_code == 2
    assert counter("customer", "merge", "C-0001", "c-0001", "--reason", "twice", "--yes").exit_code == 3
    assert counter("customer", "merge", "C-0001", "C-0009", "--reason", "twice", "--yes").exit_code == 4
    assert listed(counter) == ["C-0001", "C-0002"]


def test_a_merge_of_two_registrations_is_warned_about(counter: Invo) -> None:
    add(counter, "Asha", "--gstin", KARNATAKA)
    add(counter, "Asha T", "--gstin", MAHARASHTRA)
    result = counter("customer", "merge", "C-0001", "C-0002", "--reason", "twice", "--yes")
    assert result.exit_code == 0
    assert "two registrations" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["create", "--name", "Ravi"],
        ["edit", "C-0001", "--city", "Pune"],
        ["delete", "C-0001"],
        ["merge", "C-0001", "C-0002", "--reason", "twice"],
    ],
)
def test_a_dry_run_keeps_nothing(counter: Invo, arguments: list[str]) -> None:
    add(counter, "Asha")
    add(counter, "Asha T")
    before = made(counter, "list", "--include", "deleted"), customer_events()
    assert made(counter, *arguments, "--dry-run")["dry_run"] is True
    assert (made(counter, "list", "--include", "deleted"), customer_events()) == before


def test_a_customer_of_another_business_is_not_there(counter: Invo) -> None:
    add(counter, "Asha")
    counter("business", "create", "--name", "Pune", "--gstin", MAHARASHTRA, "--code", "PUNE")
    assert counter("customer", "show", "C-0001", "--business", "PUNE").exit_code == 4
    assert counter("customer", "list", "--business", "PUNE").stdout == ""


def test_a_wrong_name_is_not_found_and_the_nearest_is_named(counter: Invo) -> None:
    add(counter, "Asha Traders")
    result = counter("customer", "show", "Asha Trader", "-o", "json")
    assert (result.exit_code, result.stdout) == (4, "")
    assert json.loads(result.stderr)["error"]["hint"] == "Did you mean 'Asha Traders'?"


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_hostile_text_is_kept_as_it_is_and_shown_harmlessly(counter: Invo, text: str) -> None:
    code = add(counter, text, f"--notes={text}")
    for command in (["show", "-o", "json", "--", text], ["list", "-o", "jsonl", f"--search={text}"]):
        row = json.loads(counter("customer", *command).stdout)
        assert (row["code"], row["name"], row["notes"]) == (code, text.strip(), text.strip())
    for command in (["list", "-o", "table"], ["list", "-o", "plain"], ["show", code, "-o", "table"]):
        shown = counter("customer", *command)
        assert shown.exit_code == 0
        assert not HARMFUL & set(shown.stdout)
    assert counter("customer", "list", "-o", "plain").stdout.count("\n") == 1


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_text_that_cannot_be_kept_is_refused_in_two_lines(counter: Invo, text: str) -> None:
    for arguments in (["create", f"--name={text}"], ["show", text], ["list", f"--search={text}"]):
        result = counter("customer", *arguments)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.count("\n") == 2
        assert len(result.stderr) < 400


def customer_events() -> list[tuple[str, str | None]]:
    def work(session: Session) -> list[tuple[str, str | None]]:
        events = select(AuditEvent).where(AuditEvent.subject.startswith("customer:")).order_by(AuditEvent.seq)
        return [(event.action, event.reason) for event in session.scalars(events)]

    return read(work)
