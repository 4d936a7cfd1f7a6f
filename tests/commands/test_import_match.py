"""Bank statements: what each line pays, what is booked, and that nothing is booked twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.commands.entering import read
from invo_cli.models import AuditEvent, BankLine, Payment
from tests.conftest import Invo

pytestmark = pytest.mark.integration
HEADING = "Date,Narration,Chq./Ref.No.,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
Match = Callable[..., list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-20")


@pytest.fixture
def shop(counter: Invo) -> Invo:
    """INV/26-27/0001 and 0002 of Asha (1770, 590), 0003 of Ravi Kumar (1770), 0004 of Meera Stores (11,800)."""
    for who, mobile, price in (
        ("Asha Traders", "9876543210", "1500"),
        ("Asha Traders", "9876543210", "500"),
        ("Ravi Kumar", "9876543211", "1500"),
        ("Meera Stores Pvt Ltd", "9876543212", "10000"),
    ):
        line = ("--line", f"Repair:1:{price}:998716:18", "--date", "2026-10-01")
        assert counter("invoice", "create", "--customer", who, "--mobile", mobile, *line).exit_code == 0
    return counter


@pytest.fixture
def match(shop: Invo, tmp_path: Path) -> Match:
    """Match a statement of lines `(day, narration, reference, amount)` and give its rows."""

    def run(*lines: tuple[int, str, str, str], flags: tuple[str, ...] = (), status: int = 0) -> list[dict[str, Any]]:
        write(tmp_path, *lines)
        result = shop("import", "payments", str(tmp_path / "bank.csv"), "--match", "-o", "json", *flags)
        assert result.exit_code == status, result.stderr
        rows: list[dict[str, Any]] = json.loads(result.stdout) if status == 0 else []
        return rows

    return run


def write(folder: Path, *lines: tuple[int, str, str, str]) -> Path:
    rows = "".join(f'{day:02}/10/26,"{text}",{reference},,"{amount}",0.00\n' for day, text, reference, amount in lines)
    path = folder / "bank.csv"
    path.write_text(HEADING + rows + '05/10/26,NEFT TO SUPPLIER,N1,"5,000.00",,0.00\n', encoding="utf-8")
    return path


def what(row: dict[str, Any]) -> tuple[str, str | None, list[str]]:
    return row["confidence"], row["customer"], [each["number"][-4:] for each in row["invoices"]]


def payments() -> int:
    query = select(func.count()).select_from(Payment).where(Payment.voided_on.is_(None))
    return read(lambda session: session.scalar(query) or 0)


PROPOSALS: tuple[tuple[str, str, tuple[str, str | None, list[str]]], ...] = (
    ("UPI-ASHA-INV/26-27/0001-X", "1,770.00", ("certain", "C-0001", ["0001"])),
    ("NEFT INV 26-27 0001 INV26270002", "2,360.00", ("certain", "C-0001", ["0001", "0002"])),
    ("UPI/9876543210@ybl/Payment", "590.00", ("certain", "C-0001", ["0002"])),
    ("UPI/9876543210@ybl/Payment", "2360.00", ("likely", "C-0001", ["0001", "0002"])),
    ("NEFT-RAVI KUMAR-HDFC", "1770", ("likely", "C-0002", ["0003"])),
    ("NEFT-MEERA STO", "11800", ("likely", "C-0003", ["0004"])),
    ("NEFT-INV/26-27/0004", "11,600.00", ("likely", "C-0003", ["0004"])),  # less 2 % TDS
    ("NEFT-INV/26-27/0004", "5,000.00", ("likely", "C-0003", ["0004"])),  # a part
    ("NEFT-INV/26-27/0004", "12,000.00", ("unsure", "C-0003", ["0004"])),
    ("INV/26-27/0001 INV/26-27/0003", "3,540.00", ("unsure", None, [])),
    ("INV/26-27/0001 9876543211", "1,770.00", ("unsure", None, [])),
    ("UPI/9876543210@ybl/Payment", "777.00", ("unsure", "C-0001", [])),
    ("BY CASH", "11,800.00", ("unsure", "C-0003", ["0004"])),
    ("BY CASH", "1,770.00", ("unsure", None, [])),
    ("ASHA TRADERS RAVI KUMAR", "1,770.00", ("unsure", None, [])),
    ("INTEREST", "3.21", ("unsure", None, [])),
)


def test_a_line_is_proposed_with_its_confidence(match: Match) -> None:
    for narration, amount, expected in PROPOSALS:
        (row,) = match((3, narration, "U1", amount))
        assert what(row) == expected, f"{narration} {amount}: {row['why']}"
    assert payments() == 0


def test_tds_is_told_and_booked(match: Match, shop: Invo) -> None:
    line = (3, "NEFT-INV/26-27/0004", "U1", "11,600.00")
    assert "200.00 TDS (2 %)" in match(line)[0]["why"]
    (row,) = match(line, flags=("--book", "likely"))
    payment = json.loads(shop("payment", "show", row["payment"], "-o", "json").stdout)
    assert (payment["amount"], payment["tds"], payment["unallocated"]) == ("11600.00", "200.00", "0.00")


def test_only_what_is_certain_is_booked_and_a_second_run_books_nothing(match: Match, shop: Invo) -> None:
    lines = ((3, "UPI INV/26-27/0001", "U1", "1,770.00"), (4, "RAVI KUMAR", "U2", "1,770.00"))
    first, second = match(*lines, flags=("--book", "certain"))
    assert (first["payment"], second["payment"]) == ("PAY/26-27/0001", None)
    paid = json.loads(shop("payment", "show", "PAY/26-27/0001", "-o", "json").stdout)
    assert (paid["method"], paid["reference"], paid["date"]) == ("upi", "U1", "2026-10-03")
    assert paid["allocations"][0]["invoice"] == "INV/26-27/0001"
    again = match(*lines, flags=("--book", "certain"))
    assert [(row["confidence"], row["payment"]) for row in again] == [("booked", "PAY/26-27/0001"), ("likely", None)]
    assert payments() == 1


def test_two_equal_payments_on_one_day_are_both_booked_and_never_again(match: Match, shop: Invo) -> None:
    shop("invoice", "create", "--customer", "C-0002", "--line", "Repair:1:1500:998716:18", "--date", "2026-10-02")
    equal = (3, "UPI/9876543211@ybl", "U9", "1,770.00")
    rows = match(equal, equal)
    assert [row["confidence"] for row in rows] == ["unsure", "unsure"]  # two documents of the same amount
    assert rows[0]["key"] != rows[1]["key"]
    named = ((3, "INV/26-27/0001", "U9", "885.00"),) * 2
    assert [row["payment"] for row in match(*named, flags=("--book", "likely"))] == ["PAY/26-27/0001", "PAY/26-27/0002"]
    overlapping = match((2, "SOMETHING ELSE", "U0", "1.00"), *named, flags=("--book", "likely"))
    assert [row["confidence"] for row in overlapping] == ["unsure", "booked", "booked"]
    assert payments() == 2


def test_a_guess_never_takes_a_document_from_what_is_certain(match: Match) -> None:
    rows = match((3, "RAVI KUMAR", "U1", "1,770.00"), (4, "INV/26-27/0003", "U2", "1,770.00"))
    assert [row["confidence"] for row in rows] == ["unsure", "certain"]


def test_the_same_line_in_another_spelling_is_the_same_line(match: Match) -> None:
    match((3, "UPI INV/26-27/0001", "000412345678901", "1,770.00"), flags=("--book", "certain"))
    (row,) = match((3, "upi  inv/26-27/0001", "412345678901", "1770"))
    assert row["confidence"] == "booked"


def test_a_paid_document_is_not_paid_by_another_line_that_names_it(match: Match) -> None:
    match((3, "UPI INV/26-27/0001", "U1", "1,770.00"), flags=("--book", "certain"))
    for narration in ("UPI INV/26-27/0001 9876543211", "UPI/9876543211/INV/26-27/0001-PAYMENT"):
        (row,) = match((4, narration, "U2", "1,770.00"))
        assert (row["confidence"], "nothing is owed" in row["why"]) == ("unsure", True)


def test_the_upi_id_of_a_booked_line_is_known_from_then_on(match: Match, shop: Invo) -> None:
    match((3, "UPI/ravi.k@okaxis/INV/26-27/0003", "U1", "1,770.00"), flags=("--book", "certain"))
    shop("invoice", "create", "--customer", "C-0002", "--line", "Repair:1:70:998716:18", "--date", "2026-10-04")
    (row,) = match((5, "UPI/RAVI.K@OKAXIS/thanks", "U2", "83.00"))
    assert what(row)[:2] == ("certain", "C-0002")


def test_a_review_is_gone_through_and_booked(match: Match, shop: Invo, tmp_path: Path) -> None:
    lines = (
        (3, "UPI INV/26-27/0001", "U1", "1,770.00"),
        (4, "=BY CASH", "U2", "1,000.00"),
        (5, "NEFT SOMEBODY", "U3", "50.00"),
    )
    review = tmp_path / "review.csv"
    match(*lines, flags=("--review", str(review)))
    with review.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["book"] for row in rows] == ["yes", "", ""]
    assert rows[1]["narration"] == "'=BY CASH"
    rows[1] |= {"customer": "C-0003", "invoices": "INV/26-27/0004", "book": "Yes", "amount": "1,000,000"}
    with review.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    booked = match(*lines, flags=("--reviewed", str(review)))
    assert [row["payment"] for row in booked] == ["PAY/26-27/0001", "PAY/26-27/0002", None]
    paid = json.loads(shop("payment", "show", "PAY/26-27/0002", "-o", "json").stdout)
    assert (paid["amount"], paid["customer"], paid["unallocated"]) == ("1000.00", "C-0003", "0.00")
    assert payments() == 2
    match(*lines, flags=("--reviewed", str(review)))  # again: nothing to do
    assert payments() == 2
    match((9, "another", "U9", "1.00"), flags=("--reviewed", str(review)), status=3)
    match(*lines, flags=("--reviewed", str(tmp_path / "bank.csv")), status=3)
    match(*lines, flags=("--review", str(review)), status=5)  # it is there already


def test_a_review_that_cannot_be_written_stops_the_booking(match: Match, tmp_path: Path) -> None:
    line = (3, "UPI INV/26-27/0001", "U1", "1,770.00")
    match(line, flags=("--book", "certain", "--review", str(tmp_path / "none" / "review.csv")), status=4)
    match(line, flags=("--book", "certain", "--review", str(tmp_path / "bank.csv")), status=5)
    assert payments() == 0


def test_a_wrong_decision_books_nothing(match: Match, tmp_path: Path) -> None:
    lines = ((3, "UPI INV/26-27/0001", "U1", "1,770.00"), (4, "CASH", "U2", "10.00"))
    review = tmp_path / "review.csv"
    match(*lines, flags=("--review", str(review)))
    text = review.read_text(encoding="utf-8").splitlines()
    text[2] = text[2].rsplit(",,,,", 1)[0] + ",C-0001,Asha,INV/26-27/0003:10,0.00,yes"
    review.write_text("\n".join(text), encoding="utf-8")
    match(*lines, flags=("--reviewed", str(review)), status=3)
    assert payments() == 0


def test_undoing_the_batch_frees_the_lines(match: Match, shop: Invo) -> None:
    line = (3, "UPI INV/26-27/0001", "U1", "1,770.00")
    match(line, flags=("--book", "certain", "--batch", "october"))
    undone = shop("import", "undo", "october", "--debug")
    assert undone.exit_code == 0, undone.stderr
    assert payments() == 0
    assert match(line)[0]["confidence"] == "certain"
    assert match(line, flags=("--book", "certain"))[0]["payment"] == "PAY/26-27/0001"


def test_the_line_of_a_voided_payment_can_be_booked_again(match: Match, shop: Invo) -> None:
    line = (3, "UPI INV/26-27/0001", "U1", "1,770.00")
    match(line, flags=("--book", "certain"))
    assert shop("payment", "void", "PAY/26-27/0001", "--reason", "wrong").exit_code == 0
    assert match(line, flags=("--book", "certain"))[0]["payment"] == "PAY/26-27/0002"
    assert read(lambda session: session.scalar(select(func.count()).select_from(BankLine))) == 1


def test_a_dry_run_shows_the_numbers_and_stores_nothing(match: Match) -> None:
    (row,) = match((3, "UPI INV/26-27/0001", "U1", "1,770.00"), flags=("--book", "certain", "--dry-run"))
    assert (row["payment"], row["dry_run"]) == ("PAY/26-27/0001", True)
    assert payments() == 0


def test_days_on_which_nothing_can_be_booked_are_unsure(match: Match, shop: Invo) -> None:
    assert shop("period", "lock", "2026-10", "--reason", "filed").exit_code == 0
    rows = match((3, "INV/26-27/0001", "U1", "1,770.00"), (28, "INV/26-27/0002", "U2", "590.00"))
    assert [row["why"] for row in rows] == ["2026-10 is locked.", "2026-10-28 has not come yet."]
    assert match((3, "INV/26-27/0001", "U1", "1,770.00"), flags=("--book", "likely"))[0]["payment"] is None


def test_the_summary_counts_debits_and_the_audit_trail_has_the_batch(shop: Invo, tmp_path: Path) -> None:
    path = write(tmp_path, (3, "INV/26-27/0001", "U1", "1,770.00"))
    result = shop("import", "payments", str(path), "--match", "--book", "certain")
    assert "1 lines of money that came in: 1 certain; 1 debits left out." in result.stderr
    assert "invo import undo payments-2026-10-20-1" in result.stderr

    def actions(session: Session) -> list[str]:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.business_id, AuditEvent.seq)))

    assert read(actions)[-3:] == ["payment.create", "invoice.settle", "import.create"]
    assert shop("audit", "verify").exit_code == 0


def test_a_statement_with_a_broken_line_is_not_matched(shop: Invo, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(HEADING + "31/02/26,INV/26-27/0001,U1,,5.00,0\n", encoding="utf-8")
    result = shop("import", "payments", str(path), "--match", "--book", "certain")
    assert (result.exit_code, "Line 2: Date '31/02/26'" in result.stderr) == (3, True)
    assert payments() == 0


def test_headings_of_another_bank_are_mapped(shop: Invo, tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text("When,What,In\n03/10/2026,INV/26-27/0001,1770\n", encoding="utf-8")
    (tmp_path / "map.toml").write_text('[columns]\nWhen = "date"\nWhat = "narration"\nIn = "credit"\n')
    arguments = ("import", "payments", str(tmp_path / "bank.csv"), "--match", "--fields", "confidence")
    assert shop(*arguments).exit_code == 3
    assert shop(*arguments, "--map", str(tmp_path / "map.toml")).stdout == "certain\n"


@pytest.mark.parametrize(
    "flags",
    [
        ("--book", "certain"),
        ("--review", "x.csv"),
        ("--match", "--rejects", "x.csv"),
        ("--match", "--on-error", "skip"),
        ("--match", "--book", "certain", "--reviewed", "x.csv"),
    ],
)
def test_options_that_would_be_ignored_are_refused(shop: Invo, tmp_path: Path, flags: tuple[str, ...]) -> None:
    assert shop("import", "payments", str(write(tmp_path)), *flags).exit_code == 2


def test_another_confidence_is_refused(shop: Invo, tmp_path: Path) -> None:
    assert shop("import", "payments", str(write(tmp_path)), "--match", "--book", "unsure").exit_code == 3
