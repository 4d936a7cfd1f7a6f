"""Every report against what `invoice list`, `invoice show` and `payment list` say of the same documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.commands.trade import TODAY, Trade, rupees, sign
from tests.conftest import Invo

pytestmark = pytest.mark.integration
HEADS = ("taxable_value", "cgst", "sgst", "igst", "cess", "total")
MONTH = ("--period", "2026-09")
Row = dict[str, Any]


@pytest.fixture(params=[3, 4])
def trade(counter: Invo, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Trade:
    monkeypatch.setenv("INVO_NOW", str(TODAY))
    return Trade(counter, request.param)


def sums(rows: Iterable[tuple[Row, Row]], key: Callable[[Row, Row], Any], fields: tuple[str, ...]) -> dict[Any, Row]:
    """The sums of (document, document or line) by a key of both."""
    found: dict[Any, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(fields, Decimal(0)))
    for document, part in rows:
        for field in fields:
            found[key(document, part)][field] += sign(document) * Decimal(part[field])
    return {name: {field: rupees(amount) for field, amount in amounts.items()} for name, amounts in found.items()}


def reported(rows: Iterable[Row], keys: tuple[str, ...], fields: tuple[str, ...]) -> dict[Any, Row]:
    found = {tuple(row[key] for key in keys): {field: row[field] for field in fields} for row in rows}
    assert len(found) == len(list(rows)), "a key stands twice"
    return found


def whole(documents: Iterable[Row]) -> list[tuple[Row, Row]]:
    return [(document, document) for document in documents]


def lines(documents: Iterable[Row]) -> list[tuple[Row, Row]]:
    return [(document, line) for document in documents for line in document["lines"]]


def test_reports_say_what_the_documents_say(trade: Trade) -> None:
    for days in ((), MONTH):
        documents = trade.documents(*days)
        check_sales(trade, documents, days)
        check_tax(trade, documents, days)
        check_hsn(trade, documents, days)


def of_whole(key: Callable[[Row], Any]) -> Callable[[Row, Row], Any]:
    return lambda _, document: key(document)


def of_supply(key: Callable[[Row], Any]) -> Callable[[Row, Row], Any]:
    return lambda _, document: (key(document), document["supply"], document["reverse_charge"])


def check_sales(trade: Trade, documents: list[Row], days: tuple[str, ...]) -> None:
    keys: dict[str, tuple[tuple[str, ...], Callable[[Row], tuple[Any, ...]]]] = {
        "month": (("month",), lambda document: (document["date"][:7],)),
        "customer": (("customer_code",), lambda document: (document["customer"]["code"],)),
        "state": (("place_of_supply",), lambda document: (document["place_of_supply"],)),
        "kind": (("kind",), lambda document: (document["kind"],)),
    }
    for by, (names, key) in keys.items():
        rows = trade.run("report", "sales", "--by", by, *days)
        assert reported(rows, names, HEADS) == sums(whole(documents), of_whole(key), HEADS), by
        assert sum(row["documents"] for row in rows) == len(documents)
    rows = trade.run("report", "sales", "--by", "rate", *days)
    assert reported(rows, ("gst_rate",), HEADS) == sums(lines(documents), lambda _, part: (part["gst_rate"],), HEADS)
    for row in rows:
        having = [each for each in documents if any(line["gst_rate"] == row["gst_rate"] for line in each["lines"])]
        assert row["documents"] == len(having)
    for report in (("sales", "--by", "item"), ("items",)):
        # A line typed by hand and an item may bear one name.
        rows = [({"kind": None}, row) for row in trade.run("report", *report, *days)]
        parts = (
            sums(each, lambda _, part: (part["description"], part["unit"]), HEADS) for each in (rows, lines(documents))
        )
        assert next(parts) == next(parts)
    best = trade.run("report", "customers", *days)
    assert [Decimal(row["taxable_value"]) for row in best] == sorted(
        (Decimal(row["taxable_value"]) for row in best), reverse=True
    )
    assert {row["customer_code"] for row in best} == {each["customer"]["code"] for each in documents}


def check_tax(trade: Trade, documents: list[Row], days: tuple[str, ...]) -> None:
    fields = HEADS[:-1]
    keys: dict[str, tuple[str, Callable[[Row], Any]]] = {
        "month": ("month", lambda document: f"{document['return_period'][2:]}-{document['return_period'][:2]}"),
        "state": ("place_of_supply", lambda document: document["place_of_supply"]),
        "kind": ("kind", lambda document: document["kind"]),
    }
    for by, (name, key) in keys.items():
        rows = trade.run("report", "tax-summary", "--by", by, *days)
        expected = sums(whole(documents), of_supply(key), fields)
        assert reported(rows, (name, "supply", "reverse_charge"), fields) == expected
        for row in rows:
            assert Decimal(row["tax"]) == sum(Decimal(row[head]) for head in ("cgst", "sgst", "igst", "cess"))
    rows = trade.run("report", "tax-summary", "--by", "rate", *days)
    expected = sums(
        lines(documents),
        lambda document, line: (line["gst_rate"], line["taxability"], document["supply"], document["reverse_charge"]),
        fields,
    )
    assert reported(rows, ("gst_rate", "taxability", "supply", "reverse_charge"), fields) == expected


def check_hsn(trade: Trade, documents: list[Row], days: tuple[str, ...]) -> None:
    def key(document: Row, line: Row) -> tuple[Any, ...]:
        is_export = document["supply"].startswith("export")
        section = "b2b" if document["customer"]["gstin"] and not is_export else "b2c"
        service = (line["hsn"] or "").startswith("99")
        return line["hsn"], "NA" if service else line["unit"], line["gst_rate"], section

    rows = trade.run("report", "hsn", *days)
    assert reported(rows, ("hsn", "uqc", "gst_rate", "section"), HEADS) == sums(lines(documents), key, HEADS)
    quantities: dict[Any, Decimal] = defaultdict(Decimal)
    for document, line in lines(documents):
        quantities[key(document, line)] += sign(document) * Decimal(line["quantity"])
    for row in rows:
        expected = Decimal(0) if row["uqc"] == "NA" else quantities[tuple(list(row.values())[:4])]
        assert Decimal(row["quantity"]) == expected
        assert len(row["quantity"].partition(".")[2]) == 3
    for head in HEADS[:-1]:
        assert sum(Decimal(row[head]) for row in rows) == sum(sign(each) * Decimal(each[head]) for each in documents)


def test_collections_say_what_the_payments_say(trade: Trade) -> None:
    payments = [row for row in trade.run("payment", "list") if row["status"] != "void"]
    keys: dict[str, tuple[tuple[str, ...], Callable[[Row], tuple[Any, ...]]]] = {
        "method": (("method",), lambda row: (row["method"],)),
        "day": (("date", "method"), lambda row: (row["date"], row["method"])),
        "month": (("month", "method"), lambda row: (row["date"][:7], row["method"])),
        "customer": (("customer_code",), lambda row: (row["customer"],)),
    }
    for by, (names, key) in keys.items():
        rows = trade.run("report", "collections", "--by", by)
        expected: dict[Any, Decimal] = defaultdict(Decimal)
        for payment in payments:
            refunded = payment["direction"] == "refund"
            expected[key(payment)] += Decimal(payment["amount"]) * (-1 if refunded else 1)
        assert reported(rows, names, ("net",)) == {name: {"net": rupees(net)} for name, net in expected.items()}
        assert sum(row["payments"] for row in rows) == len(payments)


def test_receivables_ageing_balances_and_the_daybook_agree_at_every_date(trade: Trade) -> None:
    codes = [row["code"] for row in trade.run("customer", "list")]
    for day in (date(2026, 4, 1), *trade.days[::3]):
        balances = {code: trade.run("customer", "balance", code, "--as-of", str(day)) for code in codes}
        owed = {code: row["balance"] for code, row in balances.items()}
        receivables = trade.run("report", "receivables", "--as-of", str(day))
        ageing = trade.run("report", "ageing", "--as-of", str(day))
        assert {row["customer_code"]: row["balance"] for row in receivables} == {
            row["customer"]: row["total"] for row in ageing
        }
        named = {row["customer"]: row["total"] for row in ageing}
        assert {code: named.get(code, "0.00") for code in codes} == owed
        for row, other in zip(receivables, ageing, strict=True):
            late = sum(map(Decimal, other["buckets"][1:]))
            assert (Decimal(row["overdue"]), row["due"]) == (late, other["buckets"][0])
            assert Decimal(row["outstanding"]) - Decimal(row["unallocated"]) == Decimal(row["balance"])
        moved = trade.run("report", "daybook", "--from", "2017-07-01", "--to", str(day))
        if moved:
            debit, credit = Decimal(moved[-1]["total_debit"]), Decimal(moved[-1]["total_credit"])
            assert debit - credit == sum(map(Decimal, owed.values()))


def test_the_daybook_has_the_entries_of_all_statements_in_order(trade: Trade) -> None:
    days = ("--period", f"2026-01-01..{TODAY}")
    book = trade.run("report", "daybook", *days)
    assert [row["date"] for row in book] == sorted(row["date"] for row in book)
    fields = ("date", "kind", "number", "debit", "credit")
    found = []
    for row in trade.run("customer", "list"):
        entries = trade.run("customer", "statement", row["code"], *days)["entries"]
        found += [(row["code"], *(entry[field] for field in fields)) for entry in entries]
    assert sorted((row["customer_code"], *(row[field] for field in fields)) for row in book) == sorted(found)
    debit = credit = Decimal(0)
    seen = set()
    for row in book:
        debit, credit = debit + Decimal(row["debit"]), credit + Decimal(row["credit"])
        assert (row["total_debit"], row["total_credit"]) == (rupees(debit), rupees(credit))
        if row["kind"] in ("cancellation", "void"):
            assert row["number"] in seen, "taken back before it was there"
        seen.add(row["number"])


def test_the_dashboard_is_made_of_the_other_reports(trade: Trade) -> None:
    page = trade.run("report", "dashboard", *MONTH)
    (sales,) = trade.run("report", "sales", *MONTH, "--compare") or [None]
    if sales is not None:
        compared = ("total", "previous_total", "change", "change_percent")
        assert {key: page["sales"][key] for key in compared} == {key: sales[key] for key in compared}
        assert page["sales"]["documents"] == sales["documents"]
    assert page["as_of"] == "2026-09-30"
    ageing = trade.run("report", "ageing", "--as-of", "2026-09-30")
    assert page["receivables"]["total"] == rupees(sum(Decimal(row["total"]) for row in ageing))
    buckets = [rupees(sum(map(Decimal, amounts))) for amounts in zip(*(row["buckets"] for row in ageing), strict=True)]
    assert [bucket["amount"] for bucket in page["receivables"]["buckets"]] == (buckets or ["0.00"] * 5)
    drafts = trade.run("invoice", "list", "--status", "draft")
    total = rupees(sum(Decimal(row["total"]) for row in drafts))
    assert page["drafts"] == {"documents": len(drafts), "total": total}
