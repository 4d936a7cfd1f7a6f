"""The import noun: files into the books, at most once, whole or in part, and out again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from invo_cli.commands.entering import read
from invo_cli.models import AuditEvent, Customer, IdempotencyKey, ImportRecord, Invoice, Payment
from tests.conftest import Invo, Process
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
SCREEN = "Screen replacement,998716,1,1500.00,18"
HEADING = "number,date,customer_name,customer_mobile,total,description,hsn,quantity,unit_price,gst_rate\n"
HISTORY = HEADING + "".join(
    f"INV/25-26/{number:04},2025-06-{number:02},Asha,9876543210,1770.00,{SCREEN}\n" for number in range(1, 6)
)


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05")


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str, name: str = "file.csv") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def run(invo: Invo, *arguments: str, exit_code: int = 0, **options: Any) -> Any:
    result = invo("import", *arguments, "-o", "json", **options)
    assert result.exit_code == exit_code, result.output
    if exit_code in (2, 3, 4, 5):
        return json.loads(result.stderr.splitlines()[-1])["error"]
    return json.loads(result.stdout)


def done(invo: Invo, *arguments: str) -> Any:
    result = invo(*arguments, "-o", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def count(model: Any) -> int:
    return read(lambda session: session.scalar(select(func.count()).select_from(model)) or 0)


def counts(row: Any) -> tuple[int, int, int, int]:
    return row["read"], row["imported"], row["skipped"], row["rejected"]


def sound(invo: Invo) -> None:
    """The trail agrees with the documents, and every number of every series is there once."""
    for check in (("audit", "verify"), ("series", "audit")):
        result = invo(*check)
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize("how", ["csv", "jsonl", "xlsx"])
def test_every_template_can_be_imported_as_it_is_and_again(counter: Invo, tmp_path: Path, how: str) -> None:
    for what in ("customers", "items", "invoices", "payments"):
        made = counter("import", "template", what, "--format", how)
        (tmp_path / what).write_bytes(made.stdout_bytes)
        row = run(counter, what, str(tmp_path / what))
        assert (counts(row), row["batch"]) == ((1, 1, 0, 0), f"{what}-2026-10-05-1")
    events = count(AuditEvent)
    for what in ("customers", "items", "invoices", "payments"):
        assert run(counter, what, str(tmp_path / what)) == {
            "read": 1,
            "imported": 0,
            "skipped": 1,
            "rejected": 0,
            "batch": None,
        }
    assert count(AuditEvent) == events
    sound(counter)


def test_one_wrong_record_keeps_the_whole_file_out(counter: Invo, file: Any, tmp_path: Path) -> None:
    source = file("code,name,mobile\nA,Asha,9876543210\nB,Bina,12\nC,Chand,\n")
    error = run(counter, "customers", source, "--rejects", str(tmp_path / "r.csv"), exit_code=3)
    assert error["code"] == "rejected"
    assert [(each["line"], each["column"], each["value"]) for each in error["details"]["problems"]] == [
        (3, "mobile", "12")
    ]
    assert (count(Customer), count(ImportRecord)) == (0, 0)
    (rejected,) = csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text()))
    assert (rejected["code"], rejected["reject_reason"].startswith("mobile: '12' is not")) == ("B", True)


def test_rejects_are_skipped_when_asked_and_imported_once_corrected(counter: Invo, file: Any, tmp_path: Path) -> None:
    source, rejects = file("code,name,mobile\nA,Asha,9876543210\nB,Bina,12\n"), tmp_path / "r.csv"
    row = run(counter, "customers", source, "--on-error", "skip", "--rejects", str(rejects), exit_code=9)
    assert counts(row) == (2, 1, 0, 1)
    rejects.write_text(rejects.read_text().replace(",12,", ",9876543211,"))
    assert counts(run(counter, "customers", str(rejects))) == (1, 1, 0, 0)
    assert counts(run(counter, "customers", source, "--on-error", "skip", exit_code=9)) == (2, 0, 1, 1)


def test_a_person_sees_each_problem_on_a_line(counter: Invo, file: Any) -> None:
    result = counter("import", "customers", file("name,state\nAsha,7\n"))
    assert result.exit_code == 3
    assert result.stdout.split() == ["read", "1", "imported", "0", "skipped", "0", "rejected", "1", "batch"]
    assert "line 2, state '7': There is no state '7'. Write two digits: 07 for Delhi." in result.stderr
    assert "error: 1 of 1 records cannot be imported: nothing was imported." in result.stderr


def test_a_dry_run_tells_all_and_keeps_nothing(counter: Invo, file: Any) -> None:
    before = count(AuditEvent)
    row = run(counter, "invoices", file(HISTORY), "--dry-run")
    assert (counts(row), row["dry_run"]) == ((5, 5, 0, 0), True)
    assert (count(Invoice), count(AuditEvent)) == (0, before)


def test_too_many_errors_end_the_run(counter: Invo, file: Any) -> None:
    source = file("name,mobile\n" + "Asha,12\n" * 50)
    error = run(counter, "customers", source, "--on-error", "skip", "--max-errors", "3", exit_code=3)
    assert (error["details"]["rejected"], error["details"]["read"]) == (4, 4)


@pytest.mark.parametrize(
    ("first", "second", "skipped"),
    [
        ("code,name\nA,Asha\n", "code,name\na,Asha\n", True),
        ("code,name\nA,Asha\n", "code,name\nA,Bina\n", False),
        ("name,gstin\nAsha,27AAPFU0939F1ZV\n", "name,gstin\nASHA,27AAPFU0939F1ZV\n", True),
        ("name,mobile\nAsha,9876543210\n", "name,mobile,city\nasha,+91 98765 43210,Pune\n", False),
        ("name\nAsha\n", "name\nASHA\n", True),
    ],
)
def test_a_known_customer_is_skipped_and_never_changed(
    counter: Invo, file: Any, first: str, second: str, skipped: bool
) -> None:
    run(counter, "customers", file(first))
    if skipped:
        assert counts(run(counter, "customers", file(second))) == (1, 0, 1, 0)
    else:
        (problem,) = run(counter, "customers", file(second), exit_code=3)["details"]["problems"]
        assert (problem["code"], "differs from the stored one in" in problem["message"]) == ("differs", True)
    assert count(Customer) == 1


def test_codes_given_by_hand_are_passed_over(counter: Invo, file: Any) -> None:
    run(counter, "customers", file("code,name\n,Asha\nC-0002,Bina\n,Chand\n"))
    listed = done(counter, "customer", "list")
    assert [(row["code"], row["name"]) for row in listed] == [
        ("C-0001", "Asha"),
        ("C-0002", "Bina"),
        ("C-0003", "Chand"),
    ]


def test_imported_history_keeps_its_numbers_and_the_series_goes_on(counter: Invo, file: Any) -> None:
    run(counter, "invoices", file(HISTORY), "--batch", "books")
    made = done(
        counter, *("invoice", "create", "--customer", "Asha", "--date", "2025-06-30", "--line", "X:1:10:998716:18")
    )
    assert made["number"] == "INV/25-26/0006"
    sound(counter)
    error = run(counter, "undo", "books", exit_code=5)
    assert "other documents" in error["message"]


def test_undoing_removes_exactly_the_batch_and_turns_the_series_back(counter: Invo, file: Any) -> None:
    run(counter, "customers", file("code,name\nKEPT,Bina\n"))
    row = run(counter, "invoices", file(HISTORY), "--batch", "books")
    assert (row["batch"], count(Invoice), count(Customer)) == ("books", 5, 2)
    undone = run(counter, "undo", "books")
    assert undone["undone_at"] is not None
    assert (count(Invoice), count(Customer), count(IdempotencyKey)) == (0, 1, 0)
    assert run(counter, "undo", "books") == undone
    sound(counter)
    assert counts(run(counter, "invoices", file(HISTORY), "--batch", "books-again")) == (5, 5, 0, 0)
    assert run(counter, "invoices", file(HISTORY), "--batch", "books", exit_code=5)["code"] == "conflict"
    sound(counter)


def test_a_series_that_was_set_to_begin_later_begins_there_after_undoing(counter: Invo, file: Any) -> None:
    done(counter, "series", "set", "tax_invoice", "INV/{fy}/{seq:04}", "--next", "6", "--year", "2025-26")
    run(counter, "invoices", file(HISTORY), "--batch", "books")
    run(counter, "undo", "books")
    made = done(
        counter,
        *("invoice", "create", "--customer", "Asha", "--mobile", "9876543210", "--date", "2025-06-30"),
        *("--line", "X:1:10:998716:18"),
    )
    assert made["number"] == "INV/25-26/0006"


@pytest.mark.parametrize(
    ("lean", "named"),
    [
        (("payment", "create", "--customer", "Asha", "--amount", "10", "--method", "upi", "--auto", "oldest"), "paid"),
        (("credit-note", "create", "--against", "INV/25-26/0002", "--full", "--reason", "x"), "CN/26-27/0001"),
        (("period", "lock", "2025-06", "--reason", "filed"), "locked"),
        (("invoice", "cancel", "INV/25-26/0003", "--reason", "x"), "INV/25-26/0003"),
    ],
)
def test_what_leans_on_a_batch_is_named(counter: Invo, file: Any, lean: tuple[str, ...], named: str) -> None:
    run(counter, "invoices", file(HISTORY), "--batch", "books")
    done(counter, *lean)
    error = run(counter, "undo", "books", exit_code=5)
    assert named in error["message"]
    assert count(Invoice) >= 5


def test_notes_of_a_file_are_undone_with_what_they_changed(counter: Invo, file: Any) -> None:
    run(counter, "invoices", file(HISTORY), "--batch", "books")
    note: dict[str, Any] = {
        "kind": "credit_note",
        "number": "CN/25-26/0001",
        "date": "2025-07-01",
        "against": "INV/25-26/0001",
    }
    note |= {"reason": "Returned", "lines": [{"description": "Part", "hsn": "998716", "unit_price": "100"}]}
    run(counter, "invoices", file(json.dumps(note) + "\n", "notes.jsonl"), "--batch", "notes")
    assert done(counter, "invoice", "show", "INV/25-26/0001")["credited"] == "118.00"
    assert "CN/25-26/0001" in run(counter, "undo", "books", exit_code=5)["message"]
    run(counter, "undo", "notes")
    assert done(counter, "invoice", "show", "INV/25-26/0001")["credited"] == "0.00"
    sound(counter)
    run(counter, "undo", "books")
    sound(counter)


def test_stated_figures_must_be_those_that_come_out(counter: Invo, file: Any) -> None:
    error = run(counter, "invoices", file(HISTORY.replace("1770.00", "1771.00", 1)), exit_code=3)
    (problem,) = error["details"]["problems"]
    assert (problem["line"], problem["column"], problem["value"]) == (2, "total", "1771.00")


def test_what_a_record_names_and_is_not_there_is_told_with_its_column(counter: Invo, file: Any) -> None:
    done(counter, "customer", "create", "--name", "Asha")
    rows = "A/1,,2026-06-01,,,C-9999,,Screen\nA/2,,2026-06-01,,,C-0001,,Screen\nA/2,,,,,,NONE,Glass\n"
    rows += "CN/1,credit_note,2026-06-01,A/9,Returned,C-0001,,Screen\n"
    heading = "number,kind,date,against,reason,customer,item,description\n"
    error = run(counter, "invoices", file(heading + rows), exit_code=3)
    told = [(each["line"], each["column"], each["value"]) for each in error["details"]["problems"]]
    assert told == [(2, "customer", "C-9999"), (4, "item", "NONE"), (5, "against", "A/9")]
    rows = "P/1,2026-06-01,C-9999,10,upi,\nP/2,2026-06-01,C-0001,10,upi,A/9\n"
    error = run(counter, "payments", file("number,date,customer,amount,method,allocate\n" + rows), exit_code=3)
    told = [(each["line"], each["column"], each["value"]) for each in error["details"]["problems"]]
    assert told == [(2, "customer", "C-9999"), (3, "allocate", "A/9")]


def test_a_wrong_note_is_told_though_something_before_it_was_wrong(counter: Invo, file: Any) -> None:
    run(counter, "invoices", file(HISTORY))
    rows = "A/1,tax_invoice,2026-06-01,,,Asha,Screen,many\n"
    rows += "CN/1,credit_note,2025-07-01,INV/25-26/0001,Returned,Asha,Screen,99999\n"
    rows += "CN/2,credit_note,2025-07-01,INV/25-26/0001,Returned,Asha,Screen,1\n"
    rows += "CN/3,credit_note,2025-07-01,A/1,Returned,Asha,Screen,1\n"
    heading = "number,kind,date,against,reason,customer_name,description,unit_price\n"
    error = run(counter, "invoices", file(heading + rows), exit_code=3)
    assert [problem["line"] for problem in error["details"]["problems"]] == [2, 3]
    assert done(counter, "invoice", "show", "INV/25-26/0001")["credited"] == "0.00"


def test_a_document_never_comes_in_by_halves(counter: Invo, file: Any) -> None:
    rows = "A/1,2026-06-01,Asha,9876543210,,Screen,998716,1,100,18\nA/1,,,,,Glass,998716,1,many,18\n"
    rows += "A/2,2026-06-01,Asha,9876543210,,Glue,998716,1,10,18\n"
    row = run(counter, "invoices", file(HEADING + rows), "--on-error", "skip", exit_code=9)
    assert counts(row) == (2, 1, 0, 1)
    assert [each["number"] for each in done(counter, "invoice", "list")] == ["A/2"]


PAYMENTS = (
    "number,date,customer,amount,method,allocate\n"
    "R/1,2026-06-01,Asha,1000,upi,INV/25-26/0001:1000\n"
    "R/2,2026-06-01,Asha,1000,bank,INV/25-26/0001\n"
)


def test_payments_keep_their_numbers_and_pay_documents(counter: Invo, file: Any) -> None:
    run(counter, "invoices", file(HISTORY))
    run(counter, "payments", file(PAYMENTS), "--batch", "receipts")
    assert done(counter, "invoice", "show", "INV/25-26/0001")["outstanding"] == "0.00"
    assert done(counter, "payment", "show", "R/2")["unallocated"] == "230.00"
    assert counts(run(counter, "payments", file(PAYMENTS))) == (2, 0, 2, 0)
    other = run(
        counter, "payments", file(PAYMENTS.replace("R/2,2026-06-01,Asha,1000", "R/2,2026-06-01,Asha,999")), exit_code=3
    )
    assert "amount" in other["details"]["problems"][0]["message"]
    sound(counter)
    run(counter, "undo", "receipts")
    assert (count(Payment), done(counter, "invoice", "show", "INV/25-26/0001")["paid"]) == (0, "0.00")
    sound(counter)


def test_a_refused_payment_leaves_no_trace_in_the_trail_of_documents(counter: Invo, file: Any) -> None:
    run(counter, "invoices", file(HISTORY))
    wrong = PAYMENTS.replace("INV/25-26/0001:1000", "INV/25-26/0001:900; INV/25-26/0009:100")
    assert counts(run(counter, "payments", file(wrong), "--on-error", "skip", exit_code=9)) == (2, 1, 0, 1)

    def settled(session: Session) -> list[str]:
        events = select(AuditEvent.reason).where(AuditEvent.action == "invoice.settle")
        return [str(reason) for reason in session.scalars(events)]

    assert read(settled) == ["payment.create R/2"]
    sound(counter)


def test_a_payment_that_was_set_against_documents_later_is_not_undone(counter: Invo, file: Any) -> None:
    run(counter, "invoices", file(HISTORY))
    run(counter, "payments", file(PAYMENTS), "--batch", "receipts")
    done(counter, "payment", "allocate", "R/2", "INV/25-26/0002")
    assert "R/2" in run(counter, "undo", "receipts", exit_code=5)["message"]


def test_an_advance_keeps_its_voucher(counter: Invo, file: Any) -> None:
    run(counter, "customers", file("code,name\nA,Asha\n"))
    heading = "number,date,customer,amount,method,is_advance,voucher,place_of_supply\n"
    run(counter, "payments", file(heading + "R/1,2026-06-01,A,118,upi,yes,RV-77,29\n"), "--batch", "advances")
    shown = done(counter, "payment", "show", "R/1")
    assert (shown["voucher"], shown["tax"]["cgst"]) == ("RV-77", "9.00")
    sound(counter)
    run(counter, "undo", "advances")
    sound(counter)


def test_an_idempotency_key_stands_in_for_a_number(counter: Invo, file: Any) -> None:
    run(counter, "customers", file("code,name\nA,Asha\n"))
    source = file("idempotency_key,date,customer,amount,method\nk1,2026-06-01,A,118,upi\n")
    assert counts(run(counter, "payments", source, "--batch", "keys")) == (1, 1, 0, 0)
    assert counts(run(counter, "payments", source)) == (1, 0, 1, 0)
    run(counter, "undo", "keys")
    assert counts(run(counter, "payments", source)) == (1, 1, 0, 0)


def test_standard_input_is_read_like_a_file(counter: Invo) -> None:
    assert counts(run(counter, "items", "-", input="code;name;unit_price\nA;Tea;10.50\n")) == (1, 1, 0, 0)
    assert done(counter, "import", "list")[0]["file"] == "Standard input"


def test_rejects_never_overwrite_the_file_they_come_from(counter: Invo, file: Any) -> None:
    source = file("name\nAsha\n")
    assert run(counter, "customers", source, "--rejects", source, exit_code=5)["code"] == "conflict"
    assert run(counter, "customers", source, "--rejects", "-", exit_code=2)["code"] == "usage"


def test_only_the_name_of_the_batch_is_printed_for_scripts(counter: Invo, file: Any) -> None:
    source = file("name\nAsha\n")
    assert counter("import", "customers", source, "-o", "name").stdout == "customers-2026-10-05-1\n"
    assert counter("import", "customers", source, "-o", "name").stdout == ""


def test_nothing_but_the_result_is_written_without_a_terminal(
    counter: Invo, process: Process, file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_OUTPUT", "json")
    made = process("import", "customers", file("name\nAsha\n"))
    assert (made.returncode, made.stderr, json.loads(made.stdout)["imported"]) == (0, "", 1)


def test_a_second_run_changes_not_one_row(counter: Invo, tmp_path: Path, database_url: URL) -> None:
    line = {"description": "Screen", "hsn": "998716", "quantity": "1", "unit_price": "100", "gst_rate": "18"}
    document = {"customer": {"name": "Known by name alone"}, "number": "A/1", "date": "2026-06-01", "lines": [line]}
    (tmp_path / "documents.jsonl").write_text(json.dumps(document) + "\n", encoding="utf-8")
    run(counter, "invoices", str(tmp_path / "documents.jsonl"))
    before = facts.rows(database_url)
    assert counts(run(counter, "invoices", str(tmp_path / "documents.jsonl"))) == (1, 0, 1, 0)
    assert facts.rows(database_url) == before
