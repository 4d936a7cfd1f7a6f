"""The report noun."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL

from invo_cli.models import Business, Customer
from tests.commands.hostile import HARMFUL, KEPT
from tests.conftest import Invo
from tests.factories import make_business, make_customer, make_invoice, stored

pytestmark = pytest.mark.integration
REPORTS = (
    *("sales", "sales --period fy --compare", "tax-summary", "tax-summary --by rate", "hsn", "daybook", "collections"),
    *("collections --by day", "items", "customers", "receivables", "ageing", "dashboard"),
)


@pytest.fixture
def filled(invo: Invo, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """The command over two invoices and a credit note in two states."""
    monkeypatch.setenv("INVO_NOW", "2026-10-20")
    with stored(database_url) as session:
        business = make_business(session)
        asha = make_customer(session, business)
        pune = make_customer(session, business, "Pune Motors", state="27")
        invoice = make_invoice(session, business, asha, [("1000.00", "18"), ("100.00", "5")])
        make_invoice(session, business, pune, [("500.00", "18")])
        make_invoice(session, business, asha, [("10.00", "18")], kind="credit_note", against_id=invoice.id)
    paid = invo("payment", "create", "--customer", "C-0001", "--amount", "85", "--method", "upi", "--auto", "oldest")
    assert paid.exit_code == 0, paid.stderr
    return invo


def rows(invo: Invo, *arguments: str) -> list[dict[str, object]]:
    result = invo("report", *arguments, "-o", "json")
    assert result.exit_code == 0, result.stderr
    return list(json.loads(result.stdout))


def test_sales_are_exact_text_for_scripts(filled: Invo) -> None:
    assert rows(filled, "sales") == [
        {
            "month": "2026-10",
            "documents": 3,
            "taxable_value": "1590.00",
            "cgst": "91.60",
            "sgst": "91.60",
            "igst": "90.00",
            "cess": "0.00",
            "total": "1863.20",
        }
    ]


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("customer", [("C-0001", "Asha Traders"), ("C-0002", "Pune Motors")]),
        ("item", [(None, "Work 1"), (None, "Work 2")]),
        ("state", [("27", "Maharashtra"), ("29", "Karnataka")]),
        ("rate", [("5", 1), ("18", 3)]),
        ("kind", [("credit_note", 1), ("tax_invoice", 2)]),
    ],
)
def test_sales_are_grouped(filled: Invo, by: str, keys: list[tuple[object, object]]) -> None:
    assert [tuple(row.values())[:2] for row in rows(filled, "sales", "--by", by)] == keys


@pytest.mark.parametrize("by", ["month", "customer", "item", "state", "rate", "kind"])
def test_every_grouping_comes_to_the_same_total(filled: Invo, by: str) -> None:
    table = filled("report", "sales", "--by", by, "-o", "table").stdout.splitlines()
    assert [line for line in table if "Total" in line][-1].split()[-1] == "1,863.20"


@pytest.mark.parametrize("report", REPORTS)
def test_totals_bars_and_headings_are_for_people_only(filled: Invo, report: str) -> None:
    shown = filled("report", *report.split(), "-o", "table")
    assert shown.exit_code == 0, shown.stderr
    for output in ("plain", "csv", "tsv", "json", "jsonl", "name"):
        told = filled("report", *report.split(), "-o", output)
        assert told.exit_code == 0, told.stderr
        assert not any(mark in told.stdout for mark in ("Total", "█", "▁", " from 20"))


@pytest.mark.parametrize("report", [report for report in REPORTS if report != "dashboard"])
def test_a_table_ends_with_its_totals(filled: Invo, report: str) -> None:
    assert re.search("\n +Total ", filled("report", *report.split(), "-o", "table").stdout)


def test_receivables_say_who_owes_what(filled: Invo) -> None:
    assert rows(filled, "receivables") == [
        {
            "customer_code": "C-0001",
            "customer_name": "Asha Traders",
            "documents": 1,
            "outstanding": "1200.00",
            "due": "1200.00",
            "overdue": "0.00",
            "unallocated": "11.80",
            "balance": "1188.20",
            "oldest_due_date": "2026-10-20",
        },
        {
            "customer_code": "C-0002",
            "customer_name": "Pune Motors",
            "documents": 1,
            "outstanding": "590.00",
            "due": "590.00",
            "overdue": "0.00",
            "unallocated": "0.00",
            "balance": "590.00",
            "oldest_due_date": "2026-10-20",
        },
    ]
    assert rows(filled, "receivables", "--as-of", "2026-10-19") == []
    later = rows(filled, "receivables", "--as-of", "2026-10-21")
    assert [(row["due"], row["overdue"]) for row in later] == [("0.00", "1200.00"), ("0.00", "590.00")]


def test_the_ageing_has_the_shape_that_scripts_rely_on(filled: Invo) -> None:
    assert rows(filled, "ageing", "--as-of", "2026-11-25") == [
        {
            "customer": "C-0001",
            "name": "Asha Traders",
            "buckets": ["0.00", "0.00", "1200.00", "0.00", "0.00"],
            "unallocated": "11.80",
            "total": "1188.20",
        },
        {
            "customer": "C-0002",
            "name": "Pune Motors",
            "buckets": ["0.00", "0.00", "590.00", "0.00", "0.00"],
            "unallocated": "0.00",
            "total": "590.00",
        },
    ]
    assert [row["buckets"] for row in rows(filled, "ageing", "--buckets", "7", "--by", "invoice")] == [
        ["1200.00", "0.00", "0.00"],
        ["590.00", "0.00", "0.00"],
    ]


def test_the_buckets_are_columns_for_people_and_in_csv(filled: Invo) -> None:
    written = filled("report", "ageing", "--buckets", "15,45", "-o", "csv").stdout.splitlines()
    assert written[:2] == [
        "customer,name,not due,1-15,16-45,over 45,unallocated,total",
        "C-0001,Asha Traders,1200.00,0.00,0.00,0.00,11.80,1188.20",
    ]
    assert filled("report", "ageing", "--fields", "customer,not due", "-o", "plain").stdout == (
        "C-0001\t1200.00\nC-0002\t590.00\n"
    )
    shown = filled("report", "ageing", "-o", "table").stdout
    assert "Over 90" in shown
    assert "1,778.20" in shown


def test_a_row_of_the_daybook(filled: Invo) -> None:
    book = rows(filled, "daybook")
    assert [(row["kind"], row["debit"], row["credit"]) for row in book] == [
        ("tax_invoice", "1285.00", "0.00"),
        ("tax_invoice", "590.00", "0.00"),
        ("credit_note", "0.00", "11.80"),
        ("payment", "0.00", "85.00"),
    ]
    assert book[-1] == {
        "date": "2026-10-20",
        "kind": "payment",
        "number": "PAY/26-27/0001",
        "customer_code": "C-0001",
        "customer_name": "Asha Traders",
        "debit": "0.00",
        "credit": "85.00",
        "total_debit": "1875.00",
        "total_credit": "96.80",
    }
    assert rows(filled, "daybook", "--period", "yesterday") == []


def test_a_row_of_the_tax_summary(filled: Invo) -> None:
    assert rows(filled, "tax-summary") == [
        {
            "month": "2026-10",
            "supply": "regular",
            "reverse_charge": False,
            "documents": 3,
            "taxable_value": "1590.00",
            "cgst": "91.60",
            "sgst": "91.60",
            "igst": "90.00",
            "cess": "0.00",
            "tax": "273.20",
        }
    ]


def test_a_row_of_the_collections(filled: Invo) -> None:
    amounts = {"payments": 1, "received": "85.00", "refunded": "0.00", "tds": "0.00", "net": "85.00"}
    assert rows(filled, "collections") == [{"method": "upi", **amounts}]
    assert rows(filled, "collections", "--by", "day") == [{"date": "2026-10-20", "method": "upi", **amounts}]


def test_a_voided_payment_was_never_collected(filled: Invo) -> None:
    assert filled("payment", "void", "PAY/26-27/0001", "--reason", "Bounced").exit_code == 0
    assert rows(filled, "collections") == []


def test_a_period_stands_beside_the_one_before(
    filled: Invo, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-11-02")
    with stored(database_url) as session:
        business = session.scalars(select(Business)).one()
        asha = session.scalars(select(Customer).order_by(Customer.code)).first()
        assert asha is not None
        make_invoice(session, business, asha, [("1500.00", "18")], dated_on=date(2026, 11, 2))
    (row,) = rows(filled, "sales", "--period", "this-month", "--compare")
    compared = ("month", "total", "previous_total", "change", "change_percent")
    assert [row[key] for key in compared] == ["2026-11", "1770.00", "1863.20", "-93.20", "-5.0"]
    by_customer = rows(filled, "sales", "--by", "customer", "--period", "this-month", "--compare")
    assert [[row[key] for key in ("customer_code", *compared[1:])] for row in by_customer] == [
        ["C-0001", "1770.00", "1273.20", "496.80", "39.0"],
        ["C-0002", "0.00", "590.00", "-590.00", "-100.0"],
    ]
    table = filled("report", "sales", "--by", "customer", "--period", "this-month", "--compare", "-o", "table").stdout
    total = next(line for line in table.splitlines() if line.startswith(" Total"))
    assert total.split()[-4:] == ["1,770.00", "1,863.20", "-93.20", "-5.0"]


def test_what_grew_from_nothing_has_no_per_cent(filled: Invo) -> None:
    (row,) = rows(filled, "tax-summary", "--period", "this-month", "--compare")
    assert (row["previous_tax"], row["change"], row["change_percent"]) == ("0.00", "273.20", None)


def test_without_a_last_day_a_comparison_ends_today(filled: Invo) -> None:
    (row,) = rows(filled, "sales", "--from", "2026-10-20", "--compare", "--by", "kind")[1:]
    assert (row["total"], row["previous_total"]) == ("1875.00", "0.00")


def test_the_best_can_be_limited(filled: Invo) -> None:
    result = filled("report", "customers", "--limit", "1", "-o", "plain", "--fields", "customer_code,share")
    assert (result.stdout, result.stderr) == ("C-0001\t68.6\n", "Showing 1 of 2; the rest: --all.\n")


@pytest.mark.parametrize("report", REPORTS)
def test_a_page_is_written_as_html_and_as_a_picture(filled: Invo, report: str, tmp_path: Path) -> None:
    html, svg = tmp_path / "page.html", tmp_path / "page.svg"
    result = filled("report", *report.split(), "--html", str(html), "--svg", str(svg))
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert result.stderr == f"Wrote {html}.\nWrote {svg}.\n"
    page, picture = html.read_text(encoding="utf-8"), svg.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"
    for text in (page, picture):
        assert not re.search(r"(?:url|src|href)\W*http", text)
    assert re.search("[0-9],[0-9]{3}|85.00", page)
    first = picture
    again = filled("report", *report.split(), "--svg", str(svg))
    assert (again.exit_code, svg.read_text(encoding="utf-8")) == (5, first)
    assert filled("report", *report.split(), "--svg", str(svg), "--force").exit_code == 0
    assert svg.read_text(encoding="utf-8") == first


def test_a_page_goes_to_stdout_and_is_the_same_in_every_terminal(filled: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    page = filled("report", "dashboard", "--html", "-")
    assert page.stdout.startswith("<!DOCTYPE html>\n")
    for name, value in (("TERM", "dumb"), ("COLUMNS", "40"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    assert filled("report", "dashboard", "--html", "-").stdout == page.stdout


def test_a_dumb_terminal_gets_ascii_bars(filled: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = filled("report", "customers", "-o", "table").stdout
    monkeypatch.setenv("TERM", "dumb")
    plain = filled("report", "customers", "-o", "table").stdout
    assert "█" in blocks
    assert "#" in plain
    assert not set("█▏▎▍▌▋▊▉▁▂▃▄▅▆▇") & set(plain)


def test_hostile_names_harm_no_report(counter: Invo, tmp_path: Path) -> None:
    for place, name in enumerate(KEPT.values()):
        customer = {"name": name, "mobile": f"98765432{place:02}"}
        document = {"customer": customer, "lines": [{"description": name, "unit_price": "9"}]}
        assert counter("invoice", "create", "--file", "-", input=json.dumps(document)).exit_code == 0
    page = tmp_path / "page"
    for report in REPORTS:
        shown = counter("report", *report.split(), "-o", "table")
        assert shown.exit_code == 0, shown.stderr
        assert not HARMFUL & set(shown.stdout)
        for how in ("--html", "--svg"):
            assert counter("report", *report.split(), how, str(page), "--force").exit_code == 0
            written = page.read_text(encoding="utf-8")
            assert not HARMFUL & set(written)
            assert "<a href" not in written
        ElementTree.parse(page)
    assert {row["customer_name"] for row in rows(counter, "customers")} == {name.strip() for name in KEPT.values()}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("sales", "--by", "stat"), 3),
        (("sales", "--period", "sometime"), 3),
        (("sales", "--from", "x"), 3),
        (("receivables", "--as-of", "31-12-2026"), 3),
        (("receivables", "--as-of", "0001-01-01"), 3),
        (("sales", "--fields", "nothing"), 3),
        (("sales", "--period", "fy", "--to", "2026-10-01"), 2),
        (("sales", "--compare"), 2),
        (("sales", "--compare", "--to", "2026-10-01"), 2),
        (("sales", "--compare", "--from", "0001-01-01"), 3),
        (("sales", "--compare", "--from", "2026-01-01", "--to", "9999-12-31"), 3),
        (("tax-summary", "--by", "item"), 3),
        (("collections", "--by", "rate"), 3),
        (("ageing", "--buckets", "30,30"), 3),
        (("ageing", "--buckets", "30,x"), 3),
        (("ageing", "--buckets", ""), 3),
        (("ageing", "--buckets", "0,30"), 3),
        (("ageing", "--buckets", "36501"), 3),
        (("ageing", "--by", "age"), 3),
        (("items", "--limit", "0"), 3),
        (("dashboard", "--html", "no/such/folder/page.html"), 4),
    ],
)
def test_what_cannot_be_read_is_refused(filled: Invo, arguments: tuple[str, ...], status: int) -> None:
    result = filled("report", *arguments)
    assert (result.exit_code, result.stdout) == (status, "")


@pytest.mark.parametrize("report", REPORTS)
def test_a_business_without_documents_has_reports_without_rows(counter: Invo, report: str) -> None:
    told = counter("report", *report.split(), "-o", "json")
    assert told.exit_code == 0
    assert json.loads(told.stdout) == [] or report == "dashboard"
    shown = counter("report", *report.split(), "-o", "table")
    assert (shown.exit_code, "Total " in shown.stdout.split("\n ", 1)[-1].split("─")[-1]) == (0, False)


def test_a_database_without_a_business_has_no_reports(invo: Invo) -> None:
    for report in REPORTS:
        assert invo("report", *report.split()).exit_code == 4


def test_another_business_is_never_reported(filled: Invo) -> None:
    assert filled("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV").exit_code == 0
    for report in REPORTS[:-1]:
        assert rows(filled, *report.split(), "--business", "27AAPFU0939F1ZV") == []
