"""How returns look: what their sections state, what is wrong with them, and which are due."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from invo_cli.gst.money import rupees
from invo_cli.gst.return_diff import Difference
from invo_cli.gst.returns.cmp08 import Cmp08
from invo_cli.gst.returns.figures import Figures
from invo_cli.gst.returns.findings import Finding
from invo_cli.gst.returns.gstr3b import Difference as Unequal
from invo_cli.gst.returns.gstr3b import Row as FormRow
from invo_cli.gst.returns.summary import SectionSummary
from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields

_AMOUNTS = tuple(
    Column(key, heading, money=True)
    for key, heading in (
        ("taxable_value", "Taxable"), ("igst", "IGST"), ("cgst", "CGST"), ("sgst", "SGST"), ("cess", "Cess"),
    )
)  # fmt: skip
SUMMARY = Listing(
    (
        Column("section", "Section"),
        Column("title", "Table", wraps=True),
        Column("count", "Count", right=True),
        Column("value", "Value", money=True),
        *_AMOUNTS,
    ),
    name="section",
)
FORM = Listing(
    (Column("table", "Table"), Column("title", "Row", wraps=True), Column("place_of_supply", "Place"), *_AMOUNTS),
    name="table",
)
FINDINGS = Listing(
    (
        Column("severity", "Severity"),
        Column("rule", "Rule"),
        Column("document", "Document"),
        Column("section", "Section"),
        Column("field", "Field"),
        Column("message", "What", wraps=True),
        Column("fix", "Fix", wraps=True),
    ),
    name="rule",
)
DIFFERENCES = Listing(
    (
        Column("section", "Section"),
        Column("subject", "Document"),
        Column("field", "Field", extra=True),
        Column("first", "First", extra=True),
        Column("second", "Second", extra=True),
        Column("message", "What", wraps=True),
    ),
    name="subject",
)
STATUS = Listing(
    (
        Column("business", "Business"),
        Column("return", "Return"),
        Column("period", "Period"),
        Column("due_date", "Due"),
        Column("state", "State"),
        Column("filed_on", "Filed on"),
        Column("arn", "ARN"),
        Column("gstin", "GSTIN", extra=True),
        Column("is_locked", "Locked", extra=True),
    ),
    name="period",
)
DUE = Listing(
    (
        Column("business", "Business"),
        Column("return", "Return"),
        Column("period", "Period"),
        Column("due_date", "Due"),
        Column("usual", "Usual"),
        Column("dry_run", "Dry run", extra=True),
    ),
    name="due_date",
)


def summary_row(found: SectionSummary) -> dict[str, Any]:
    """A section as scripts see it."""
    return {
        "section": found.section,
        "title": found.title,
        "count": found.count,
        "value": None if found.value_paise is None else _money(found.value_paise),
        **_figures(
            (found.taxable_paise, found.igst_paise, found.cgst_paise, found.sgst_paise, found.cess_paise),
        ),
    }


def form_row(found: FormRow) -> dict[str, Any]:
    """A row of GSTR-3B as scripts see it; taxes that the row does not have are null."""
    amounts = _figures(found.figures.heads)
    heads = {"iamt": "igst", "camt": "cgst", "samt": "sgst", "csamt": "cess"}
    absent = {head: None for key, head in heads.items() if key not in found.keys}
    return {"table": found.table, "title": found.title, "place_of_supply": found.pos, **amounts, **absent}


def statement_rows(found: Cmp08) -> list[dict[str, Any]]:
    """The rows of CMP-08 as scripts see them."""
    rows = (
        ("1", "Outward supplies, exempt ones included", found.outward),
        ("2", "Inward supplies under reverse charge", found.inward),
        ("3", "Tax payable (1 + 2)", found.payable),
    )
    return [{"table": table, "title": title, "place_of_supply": None, **_of(each)} for table, title, each in rows]


def finding_row(found: Finding) -> dict[str, Any]:
    """A finding as scripts see it."""
    return {
        "severity": "refuse" if found.hard else "warn",
        "rule": found.rule,
        "document": found.document,
        "section": found.section,
        "field": found.field,
        "message": found.message,
        "fix": found.fix,
    }


def unequal_row(found: Unequal) -> dict[str, Any]:
    """Where GSTR-3B and GSTR-1 do not agree, as a finding."""
    here, there = _money(found.gstr1_paise), _money(found.gstr3b_paise)
    return {
        "severity": "refuse",
        "rule": "R3B",
        "document": None,
        "section": found.table,
        "field": found.field,
        "message": f"GSTR-1 says {here}, GSTR-3B {there}.",
        "fix": "Report this as a bug.",
    }


def difference_row(found: Difference, first: str, second: str) -> dict[str, Any]:
    """Where two files differ, as scripts see it; `field` is null where one lacks the whole."""
    return {
        "section": found.section,
        "subject": found.subject,
        "field": found.field,
        "first": _plain(found.first),
        "second": _plain(found.second),
        "message": found.message(first, second),
    }


def print_due(row: Row) -> None:
    """A due date for a person."""
    print_fields(f"{row['return']} of {row['period']}", row, skip=("return", "period"))


def _of(figures: Figures) -> dict[str, str]:
    return _figures(figures.heads)


def _figures(heads: Sequence[int]) -> dict[str, Any]:
    names = ("taxable_value", "igst", "cgst", "sgst", "cess")
    return {name: _money(paise) for name, paise in zip(names, heads, strict=True)}


def _money(paise: int) -> str:
    return str(rupees(paise))


def _plain(value: object) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
