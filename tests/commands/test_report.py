"""The report noun."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.factories import make_business, make_customer, make_invoice, stored

pytestmark = pytest.mark.integration


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
        ("state", [("27", "Maharashtra"), ("29", "Karnataka")]),
        ("rate", [("5", 1), ("18", 3)]),
        ("kind", [("credit_note", 1), ("tax_invoice", 2)]),
    ],
)
def test_sales_are_grouped(filled: Invo, by: str, keys: list[tuple[object, object]]) -> None:
    assert [tuple(row.values())[:2] for row in rows(filled, "sales", "--by", by)] == keys


@pytest.mark.parametrize("by", ["month", "customer", "state", "rate", "kind"])
def test_every_grouping_comes_to_the_same_total(filled: Invo, by: str) -> None:
    table = filled("report", "sales", "--by", by, "-o", "table").stdout.splitlines()
    assert [line for line in table if "Total" in line][-1].split()[-1] == "1,863.20"


def test_totals_are_for_people_only(filled: Invo) -> None:
    assert "Total" in filled("report", "sales", "-o", "table").stdout.split("1,863.20", 1)[1]
    for output in ("plain", "csv", "tsv", "jsonl"):
        assert "Total" not in filled("report", "sales", "-o", output).stdout


def test_receivables_say_who_owes_what(filled: Invo) -> None:
    assert rows(filled, "receivables") == [
        {
            "customer_code": "C-0001",
            "customer_name": "Asha Traders",
            "documents": 1,
            "outstanding": "1285.00",
            "due": "1285.00",
            "overdue": "0.00",
            "oldest_due_date": None,
        },
        {
            "customer_code": "C-0002",
            "customer_name": "Pune Motors",
            "documents": 1,
            "outstanding": "590.00",
            "due": "590.00",
            "overdue": "0.00",
            "oldest_due_date": None,
        },
    ]
    assert rows(filled, "receivables", "--as-of", "2026-10-19") == []
    assert "1,875.00" in filled("report", "receivables", "-o", "table").stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("sales", "--by", "stat"), 3),
        (("sales", "--period", "sometime"), 3),
        (("sales", "--from", "x"), 3),
        (("receivables", "--as-of", "31-12-2026"), 3),
        (("sales", "--fields", "nothing"), 3),
        (("sales", "--period", "fy", "--to", "2026-10-01"), 2),
    ],
)
def test_what_cannot_be_read_is_refused(filled: Invo, arguments: tuple[str, ...], status: int) -> None:
    result = filled("report", *arguments)
    assert (result.exit_code, result.stdout) == (status, "")


def test_no_sales_are_no_rows(counter: Invo) -> None:
    assert rows(counter, "sales") == []
    assert "Total" not in counter("report", "sales", "-o", "plain").stdout
