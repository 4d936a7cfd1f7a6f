"""Payments at the counter: shapes, allocation, part payments, overpayment, TDS, voiding, and what is refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.commands.hostile import HARMFUL, KEPT, REFUSED
from tests.commands.money import ASHA, WHO, actions, invoice, made, pay, payment, refused, shown
from tests.conftest import Invo

pytestmark = pytest.mark.integration
PROMISED = (*("number", "date", "customer", "method", "amount", "allocated", "unallocated", "allocations", "voucher"),)


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-20")


def test_a_payment_is_what_scripts_expect(counter: Invo) -> None:
    number = invoice(counter)
    row = pay(counter, "1,180.00", "--date", "2026-10-19", "--reference", "UTR 42", "--allocate", f"{number}:1000")
    assert {key: row[key] for key in PROMISED} == {
        "number": "PAY/26-27/0001",
        "date": "2026-10-19",
        "customer": "C-0001",
        "method": "upi",
        "amount": "1180.00",
        "allocated": "1000.00",
        "unallocated": "180.00",
        "allocations": [{"invoice": number, "amount": "1000.00", "date": "2026-10-20"}],
        "voucher": None,
    }
    assert payment(counter, "PAY/26-27/0001") == row
    (listed,) = made(counter, "payment", "list")
    assert {key: listed[key] for key in PROMISED} == {key: row[key] for key in PROMISED}
    assert payment(counter, "pay/26-27/0001@2026-27") == row


def test_part_payments_make_an_invoice_partial_then_paid(counter: Invo) -> None:
    number = invoice(counter, "1000", "--due-date", "2026-10-31")
    seen = []
    for amount in ("0.01", "1179.98", "0.01"):
        pay(counter, amount, "--allocate", number)
        row = shown(counter, number)
        seen.append((row["payment_status"], row["paid"], row["outstanding"]))
    assert seen == [("partial", "0.01", "1179.99"), ("partial", "1179.99", "0.01"), ("paid", "1180.00", "0.00")]


def test_overdue_wins_over_partial_until_it_is_paid(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    number = invoice(counter, "1000", "--due-date", "2026-10-31")
    pay(counter, "100", "--allocate", number)
    monkeypatch.setenv("INVO_NOW", "2026-11-01")
    assert shown(counter, number)["payment_status"] == "overdue"
    pay(counter, "1080", "--allocate", number)
    assert shown(counter, number)["payment_status"] == "paid"


def test_what_is_paid_too_much_stays_on_account(counter: Invo) -> None:
    number = invoice(counter)
    row = pay(counter, "1500", "--allocate", number)
    assert (row["allocated"], row["unallocated"]) == ("1180.00", "320.00")
    second = invoice(counter, "100")
    row = made(counter, "payment", "allocate", row["number"], second)
    assert (row["allocated"], row["unallocated"]) == ("1298.00", "202.00")
    assert made(counter, "payment", "list", "--unallocated", "--fields", "number") == [{"number": row["number"]}]


def test_one_payment_goes_to_the_oldest_documents_first(counter: Invo) -> None:
    late = invoice(counter, "100", "--date", "2026-10-10")
    early = invoice(counter, "100", "--date", "2026-09-10")
    middle = invoice(counter, "100", "--date", "2026-10-01")
    row = pay(counter, "300", "--allocate", f"{late}:50", "--auto", "oldest")
    parts = [(part["invoice"], part["amount"]) for part in row["allocations"]]
    assert sorted(parts) == sorted([(late, "50.00"), (early, "118.00"), (middle, "118.00"), (late, "14.00")])


def test_many_documents_are_paid_at_once(counter: Invo) -> None:
    numbers = [invoice(counter, "100") for _ in range(12)]
    row = pay(counter, "1416", *(word for number in numbers for word in ("--allocate", number)))
    assert (len(row["allocations"]), row["unallocated"]) == (12, "0.00")
    assert {shown(counter, number)["payment_status"] for number in numbers} == {"paid"}


def test_tax_deducted_by_the_customer_settles_and_is_not_given_back(counter: Invo) -> None:
    number = invoice(counter)
    row = pay(counter, "1062", "--tds", "118", "--allocate", number)
    assert (row["amount"], row["tds"], row["allocated"], row["unallocated"]) == ("1062.00", "118.00", "1180.00", "0.00")
    assert shown(counter, number)["payment_status"] == "paid"
    made(counter, "payment", "unallocate", row["number"])
    refused(counter, 5, "payment", "refund", row["number"], "--method", "bank", "--amount", "1062.01")
    back = made(counter, "payment", "refund", row["number"], "--method", "bank")
    assert (back["amount"], payment(counter, row["number"])["unallocated"]) == ("1062.00", "118.00")


def test_unallocating_makes_a_document_owed_again(counter: Invo) -> None:
    first, second = invoice(counter, "100"), invoice(counter, "200")
    number = pay(counter, "354", "--auto", "oldest")["number"]
    row = made(counter, "payment", "unallocate", number, "--from", first)
    assert [part["invoice"] for part in row["allocations"]] == [second]
    assert (shown(counter, first)["outstanding"], shown(counter, second)["outstanding"]) == ("118.00", "0.00")
    assert made(counter, "payment", "unallocate", number)["unallocated"] == "354.00"
    assert made(counter, "payment", "unallocate", number)["unallocated"] == "354.00"
    assert actions(counter, "payment") == ["payment.create", "payment.unallocate", "payment.unallocate"]


def test_voiding_undoes_allocations_and_keeps_the_number(counter: Invo) -> None:
    number = invoice(counter)
    paid = pay(counter, "1180", "--allocate", number)["number"]
    row = made(counter, "payment", "void", paid, "--reason", "Cheque bounced")
    assert (row["status"], row["allocated"], row["unallocated"]) == ("void", "0.00", "0.00")
    assert (row["void_reason"], row["allocations"]) == ("Cheque bounced", [])
    assert shown(counter, number)["payment_status"] == "unpaid"
    assert made(counter, "payment", "void", paid, "--reason", "Again") == row
    assert pay(counter, "1")["number"] == "PAY/26-27/0002"
    refused(counter, 5, "payment", "allocate", paid, number)
    refused(counter, 5, "payment", "refund", paid, "--method", "cash")
    assert counter("series", "audit").exit_code == 0
    assert actions(counter, "payment") == ["payment.create", "payment.void", "payment.create"]
    assert counter("audit", "verify").exit_code == 0


def test_a_refund_is_a_payment_of_its_own(counter: Invo) -> None:
    invoice(counter, "0")
    paid = pay(counter, "500")["number"]
    row = made(counter, "payment", "refund", paid, "--method", "bank", "--amount", "200", "--reference", "NEFT 1")
    assert (row["number"], row["direction"], row["amount"]) == ("PAY/26-27/0002", "refund", "200.00")
    assert row["refund_of"] == {"number": paid, "date": "2026-10-20", "voucher": None}
    assert (payment(counter, paid)["refunded"], payment(counter, paid)["unallocated"]) == ("200.00", "300.00")
    refused(counter, 5, "payment", "refund", paid, "--method", "bank", "--amount", "300.01")
    refused(counter, 5, "payment", "void", paid, "--reason", "x")
    refused(counter, 5, "payment", "allocate", row["number"], "--auto", "oldest")
    refused(counter, 5, "payment", "refund", row["number"], "--method", "cash")
    made(counter, "payment", "void", row["number"], "--reason", "Never left")
    assert payment(counter, paid)["unallocated"] == "500.00"
    assert made(counter, "customer", "balance", "Asha Traders")["balance"] == "-500.00"
    each_of_both = ["payment.refund", "payment.settle", "payment.void", "payment.settle"]
    assert actions(counter, "payment") == ["payment.create", *each_of_both]


@pytest.fixture
def asha(counter: Invo) -> Invo:
    """The command with an invoice of 1180 and a payment of 500 that is set against nothing."""
    invoice(counter)
    pay(counter, "500")
    return counter


WRITES = (
    ("create", *WHO, "--amount", "100", "--method", "cash", "--auto", "oldest"),
    ("create", *WHO, "--amount", "100", "--method", "cash", "--advance"),
    ("allocate", "PAY/26-27/0001", "INV/26-27/0001"),
    ("refund", "PAY/26-27/0001", "--method", "cash"),
    ("void", "PAY/26-27/0001", "--reason", "x"),
)


@pytest.mark.parametrize("words", WRITES, ids=lambda words: f"{words[0]} {words[-1]}")
def test_a_dry_run_keeps_nothing(asha: Invo, words: tuple[str, ...]) -> None:
    def state() -> Any:
        lists = [made(asha, *noun) for noun in (("payment", "list"), ("invoice", "list"), ("audit", "list"))]
        return lists, made(asha, "customer", "balance", "Asha Traders")

    before = state()
    row = made(asha, "payment", *words, "--dry-run")
    assert row["dry_run"] is True
    assert state() == before
    again = made(asha, "payment", *words)
    assert again["number"] == row["number"]


def test_a_dry_run_of_taking_back_keeps_nothing(asha: Invo) -> None:
    made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001")
    row = made(asha, "payment", "unallocate", "PAY/26-27/0001", "--dry-run")
    assert (row["dry_run"], row["allocations"]) == (True, [])
    assert payment(asha, "PAY/26-27/0001")["allocated"] == "500.00"


AMOUNTS = ("0", "0.00", "-1", "1e3", "NaN", "Infinity", "1_000", "10,00", "0.001", "", " ", "١٠٠", "1" * 14, "₹5", "+5")


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("flag", ["--amount", "--allocate", "refund"])
def test_an_amount_that_is_none_is_refused(asha: Invo, flag: str, amount: str) -> None:
    usual = ("payment", "create", *WHO, "--method", "cash")
    words = {
        "--amount": (*usual, f"--amount={amount}"),
        "--allocate": (*usual, "--amount", "9", "--allocate", f"INV/26-27/0001:{amount}"),
        "refund": ("payment", "refund", "PAY/26-27/0001", "--method", "cash", f"--amount={amount}"),
    }
    refused(asha, 3, *words[flag])


DATES = ("2026-10-21", "2017-06-30", "0001-01-01", "9999-12-31", "2026-02-29", "20-10-2026", "soon", "2026-1-1", "")


@pytest.mark.parametrize("day", DATES)
def test_a_day_that_has_not_come_or_is_none_is_refused(asha: Invo, day: str) -> None:
    refused(asha, 3, "payment", "create", *WHO, "--amount", "1", "--method", "cash", f"--date={day}")
    refused(asha, 3, "payment", "refund", "PAY/26-27/0001", "--method", "cash", f"--date={day}")
    if day not in ("2017-06-30", "0001-01-01"):  # an allocation of an earlier day begins with the documents
        refused(asha, 3, "payment", "allocate", "PAY/26-27/0001", "--auto", "oldest", f"--date={day}")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (2, ("create", "--amount", "1", "--method", "cash")),
        (2, ("create", *WHO, "--method", "cash")),
        (2, ("create", *WHO, "--amount", "1")),
        (2, ("create", *WHO, "--amount", "1", "--method", "cash", "--gst-rate", "5")),
        (2, ("create", *WHO, "--amount", "1", "--method", "cash", "--description", "Fan")),
        (2, ("allocate", "PAY/26-27/0001")),
        (2, ("void", "PAY/26-27/0001")),
        (3, ("create", *WHO, "--amount", "1", "--method", "barter")),
        (3, ("create", *WHO, "--amount", "1", "--method", "cash", "--auto", "newest")),
        (3, ("create", *WHO, "--amount", "1", "--method", "cash", "--tds=-1")),
        (3, ("create", *WHO, "--amount", "1", "--method", "cash", "--tds", "1.01")),
        (3, ("create", *WHO, "--amount", "1", "--method", "cash", "--date", "2017-06-30")),
        (3, ("create", *WHO, "--amount", "1", "--method", "cash", "--advance", "--gst-rate", "17")),
        (3, ("create", *WHO, "--amount", "1", "--method", "cash", "--advance", "--place-of-supply", "99")),
        (4, ("create", "--customer", "Nobody", "--amount", "1", "--method", "cash")),
        (4, ("create", *WHO, "--amount", "1", "--method", "cash", "--allocate", "INV/26-27/0009")),
        (4, ("show", "PAY/26-27/0009")),
        (4, ("allocate", "PAY/26-27/0009", "--auto", "oldest")),
        (4, ("unallocate", "PAY/26-27/0001", "--from", "INV/26-27/0009")),
        (4, ("refund", "PAY/26-27/0009", "--method", "cash")),
        (4, ("void", "PAY/26-27/0009", "--reason", "x")),
        (5, ("create", *WHO, "--amount", "1", "--method", "cash", "--allocate", "INV/26-27/0001:1.01")),
        (5, ("allocate", "PAY/26-27/0001", "INV/26-27/0001:500.01")),
        (5, ("allocate", "INV/26-27/0001", "--auto", "oldest")),
        (5, ("refund", "PAY/26-27/0001", "--method", "cash", "--amount", "500.01")),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(asha: Invo, status: int, words: tuple[str, ...]) -> None:
    before = made(asha, "payment", "list"), made(asha, "audit", "list")
    refused(asha, status, "payment", *words)
    assert (made(asha, "payment", "list"), made(asha, "audit", "list")) == before


def test_a_mistyped_number_finds_the_nearest_payment(asha: Invo) -> None:
    for words in (("show",), ("allocate",), ("refund", "--method", "cash")):
        verb, *more = words
        given = ("payment", verb, "PAY/26-27/001", *more, *(("--auto", "oldest") if verb == "allocate" else ()))
        assert "Did you mean PAY/26-27/0001?" in refused(asha, 4, *given)


def test_a_document_of_another_customer_or_state_takes_no_payment(asha: Invo) -> None:
    line = ("--line", "Repair:1:1000:998713:18")
    other = made(asha, "invoice", "create", "--customer", "Ravi", "--mobile", "9876543211", *line)["number"]
    assert "customer merge" in refused(asha, 3, "payment", "allocate", "PAY/26-27/0001", other)
    draft = made(asha, "invoice", "create", *ASHA, *line, "--draft")["id"]
    refused(asha, 5, "payment", "allocate", "PAY/26-27/0001", draft)
    gone = invoice(asha)
    made(asha, "invoice", "cancel", gone, "--reason", "x")
    refused(asha, 5, "payment", "allocate", "PAY/26-27/0001", gone)


def test_a_paid_invoice_is_cancelled_only_when_the_payment_is_taken_back(asha: Invo) -> None:
    made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001")
    assert "Take those back first" in refused(asha, 5, "invoice", "cancel", "INV/26-27/0001", "--reason", "x")
    made(asha, "payment", "unallocate", "PAY/26-27/0001")
    assert made(asha, "invoice", "cancel", "INV/26-27/0001", "--reason", "x")["status"] == "cancelled"


def test_an_allocation_begins_when_both_sides_are_free(asha: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001")
    monkeypatch.setenv("INVO_NOW", "2026-10-25")
    made(asha, "payment", "unallocate", "PAY/26-27/0001")
    row = made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001", "--date", "2026-10-21")
    assert [part["date"] for part in row["allocations"]] == ["2026-10-25"]
    made(asha, "payment", "unallocate", "PAY/26-27/0001")
    said = refused(asha, 3, "payment", "refund", "PAY/26-27/0001", "--method", "cash", "--date", "2026-10-24")
    assert "2026-10-25" in said


def test_a_locked_month_takes_no_payment_and_gives_none_up(asha: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001")
    monkeypatch.setenv("INVO_NOW", "2026-11-02")
    paid = pay(asha, "10")["number"]
    made(asha, "period", "lock", "2026-10", "--reason", "Filed")
    usual = ("payment", "create", *WHO, "--amount", "1", "--method", "cash", "--date", "2026-10-31")
    refund = ("payment", "refund", paid, "--method", "cash", "--date", "2026-11-01")
    assert "invo period unlock 2026-10" in refused(asha, 5, *usual)
    refused(asha, 3, *refund)
    assert "Record a refund instead" in refused(asha, 5, "payment", "void", "PAY/26-27/0001", "--reason", "x")
    made(asha, "payment", "unallocate", "PAY/26-27/0001")
    assert made(asha, "payment", "refund", "PAY/26-27/0001", "--method", "bank")["date"] == "2026-11-02"
    made(asha, "payment", "allocate", paid, "INV/26-27/0001")
    made(asha, "period", "lock", "2026-11", "--reason", "Filed")
    refused(asha, 5, "payment", "unallocate", paid)
    made(asha, "period", "unlock", "2026-11", "--reason", "Not yet")
    made(asha, "payment", "unallocate", paid)


def test_lists_are_narrowed_and_paged(counter: Invo) -> None:
    invoice(counter)
    made(counter, "invoice", "create", "--customer", "Ravi", "--mobile", "9876543211", "--line", "X:1:1:998713:18")
    days = ("2026-09-30", "2026-10-01", "2026-10-01", "2026-10-20")
    numbers = [pay(counter, "1", "--date", day)["number"] for day in days]
    made(
        counter, "payment", "create", "--customer", "Ravi", "--amount", "1", "--method", "cash", "--date", "2026-10-02"
    )

    def listed(*words: str) -> list[str]:
        return counter("payment", "list", *words, "-o", "name").stdout.split()

    mine = listed(*WHO)
    assert mine == [numbers[3], numbers[2], numbers[1], numbers[0]]
    assert listed(*WHO, "--limit", "2") == mine[:2]
    assert listed(*WHO, "--after", mine[1]) == mine[2:]
    assert listed(*WHO, "--period", "2026-09") == [numbers[0]]
    assert listed(*WHO, "--from", "2026-10-01", "--to", "2026-10-01") == [numbers[2], numbers[1]]
    assert len(listed()) == 5


def test_lists_come_in_every_format(asha: Invo) -> None:
    made(asha, "payment", "allocate", "PAY/26-27/0001", "INV/26-27/0001")
    rows = list(csv.DictReader(io.StringIO(asha("payment", "list", "-o", "csv").stdout)))
    assert (rows[0]["number"], rows[0]["amount"]) == ("PAY/26-27/0001", "500.00")
    assert asha("payment", "list", "-o", "plain").stdout.startswith("PAY/26-27/0001\t2026-10-20\tC-0001\tupi")
    assert "500.00" in asha("payment", "list", "-o", "table").stdout
    page = asha("payment", "show", "PAY/26-27/0001", "-o", "table").stdout
    assert "INV/26-27/0001" in page
    assert "Set against" in page
    assert asha("payment", "show", "PAY/26-27/0001", "-o", "name").stdout == "PAY/26-27/0001\n"
    wanted = asha("payment", "list", "-o", "json", "--fields", "number,allocations,voucher,tax").stdout
    assert '"allocations": [{"invoice": "INV/26-27/0001"' in wanted


@pytest.mark.parametrize("kind", KEPT)
def test_hostile_words_are_kept_and_shown_harmlessly(asha: Invo, kind: str) -> None:
    words = KEPT[kind]
    row = pay(asha, "1", f"--notes={words}", f"--reference={words[:50].strip()}")
    assert payment(asha, row["number"])["notes"] == row["notes"]
    for how in ("plain", "table"):
        assert not HARMFUL & set(asha("payment", "show", row["number"], "-o", how).stdout)


@pytest.mark.parametrize("kind", REFUSED)
def test_words_that_are_none_are_refused(asha: Invo, kind: str) -> None:
    refused(asha, 3, "payment", "create", *WHO, "--amount", "1", "--method", "cash", f"--reference={REFUSED[kind]}")
    refused(asha, 3, "payment", "void", "PAY/26-27/0001", f"--reason={REFUSED[kind]}")


def test_a_payment_of_another_business_is_never_found(asha: Invo) -> None:
    made(asha, "business", "create", "--name", "Pune Branch", "--gstin", "27AAPFU0939F1ZV")
    there = ("--business", "27AAPFU0939F1ZV")
    assert made(asha, "payment", "list", *there) == []
    refused(asha, 4, "payment", "show", "PAY/26-27/0001", *there)
    refused(asha, 4, "payment", "void", "PAY/26-27/0001", "--reason", "x", *there)
    assert payment_count(asha) == 1


def payment_count(invo: Invo) -> int:
    return len(made(invo, "payment", "list", "--business", "29AAGCB7383J1Z4"))
