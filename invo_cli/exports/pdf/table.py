"""The lines of a document as a table, and its tax summary by HSN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from invo_cli.exports.pdf.sheet import VOUCHERS, Sheet
from invo_cli.gst.money import format_indian, from_thousandths, to_thousandths

Row = Mapping[str, Any]
Cell = dict[str, str]
_LEFT = ("line", "description", "hsn")
_SUMMED = ("discount", "taxable_value", "cgst", "sgst", "igst", "cess", "total")
_MONEY_PLACES = 2


def lines_table(sheet: Sheet) -> dict[str, Any]:
    """Columns, rows and sums of the lines; a column that every line leaves empty is not there."""
    lines: Sequence[Row] = sheet.document["lines"]
    rows = [_cells(sheet, line) for line in lines]
    keys = ["line", "description", *_filled(rows, ("hsn", "quantity", "unit_price", "discount"))]
    keys += ["taxable_value", *sheet.heads, *_filled(rows, ("cess",))]
    if sheet.heads:
        keys.append("total")
    return {
        "columns": [_column(sheet, key) for key in keys],
        "rows": [{key: row[key] for key in keys} for row in rows],
        "sums": {key: format_indian(_sum(lines, key)) for key in keys if key in _SUMMED},
    }


def summary_table(sheet: Sheet) -> dict[str, Any] | None:
    """Taxable value and tax per HSN and rate; None when the document charges no tax."""
    if not sheet.heads or sheet.kind in VOUCHERS:
        return None
    groups: dict[tuple[str, str], list[Row]] = {}
    for line in sheet.document["lines"]:
        groups.setdefault((line.get("hsn") or "", _rate_of(line)), []).append(line)
    rows = [_summary_row(sheet, hsn, members) for (hsn, _), members in sorted(groups.items())]
    keys = ["hsn", "taxable_value", *sheet.heads, *_filled(rows, ("cess",)), "tax"]
    taxes = sum((sheet.money(head) for head in (*sheet.heads, "cess")), Decimal(0))
    sums = {key: format_indian(sheet.money(key)) for key in keys if key in _SUMMED}
    return {
        "title": sheet.say("summary"),
        "columns": [_column(sheet, key) for key in keys],
        "rows": [{key: row[key] for key in keys} for row in rows],
        "sums": sums | {"tax": format_indian(taxes)},
    }


def _column(sheet: Sheet, key: str) -> dict[str, str]:
    return {"key": key, "label": _label(sheet, key), "align": "left" if key in _LEFT else "right"}


def _label(sheet: Sheet, key: str) -> str:
    if key == "unit_price" and sheet.document.get("prices_include_tax"):
        return sheet.say("unit_price_inclusive")
    if key == "taxable_value" and not sheet.heads:
        return sheet.say("value")
    return sheet.head_label(key) if key in sheet.heads else sheet.say(key)


def _cells(sheet: Sheet, line: Row) -> dict[str, Cell]:
    serial = line.get("serial")
    return {
        "line": _cell(str(line["line"])),
        "description": _cell(line["description"], sheet.say("serial", serial=serial) if serial else ""),
        "hsn": _cell(line.get("hsn") or ""),
        "quantity": _cell(_quantity(line)),
        "unit_price": _cell(_price(line.get("unit_price"))),
        "discount": _cell(_unless_zero(line.get("discount"))),
        "taxable_value": _cell(format_indian(Decimal(line["taxable_value"])), _untaxed(sheet, line)),
        "total": _cell(format_indian(Decimal(line["total"]))),
        **_taxes(sheet, line),
    }


def _taxes(sheet: Sheet, line: Row) -> dict[str, Cell]:
    """Rate and amount per head (Rule 46(l), (m)); a line without tax has neither."""
    cess = _cell(_unless_zero(line.get("cess")), _cess_rate(sheet, line))
    if not _is_taxable(line):
        return {head: _cell("–") for head in sheet.heads} | {"cess": cess}
    rate = sheet.head_rate(line["gst_rate"]) if sheet.heads else ""
    return {head: _cell(format_indian(Decimal(line[head])), rate) for head in sheet.heads} | {"cess": cess}


def _summary_row(sheet: Sheet, hsn: str, members: Sequence[Row]) -> dict[str, Cell]:
    first = members[0]
    heads = {
        head: _cell(format_indian(_sum(members, head)), sheet.head_rate(first["gst_rate"]))
        if _is_taxable(first)
        else _cell("–")
        for head in sheet.heads
    }
    taxes = sum((_sum(members, head) for head in (*sheet.heads, "cess")), Decimal(0))
    return {
        "hsn": _cell(hsn or "–"),
        "taxable_value": _cell(format_indian(_sum(members, "taxable_value")), _untaxed(sheet, first)),
        **heads,
        "cess": _cell(_unless_zero(str(_sum(members, "cess")))),
        "tax": _cell(format_indian(taxes)),
    }


def _cell(text: str, note: str = "") -> Cell:
    return {"text": text, "note": note}


def _filled(rows: Iterable[Mapping[str, Cell]], keys: Sequence[str]) -> list[str]:
    rows = list(rows)
    return [key for key in keys if any(row[key]["text"] for row in rows)]


def _sum(lines: Iterable[Row], key: str) -> Decimal:
    return sum((Decimal(line.get(key) or 0) for line in lines), Decimal(0))


def _is_taxable(line: Row) -> bool:
    return (line.get("taxability") or "taxable") == "taxable"


def _untaxed(sheet: Sheet, line: Row) -> str:
    return "" if _is_taxable(line) else sheet.say(line["taxability"])


def _rate_of(line: Row) -> str:
    return f"{Decimal(line['gst_rate']):09.3f}" if _is_taxable(line) else line["taxability"]


def _cess_rate(sheet: Sheet, line: Row) -> str:
    """Both parts of the cess as entered: 12% + 4.17/unit."""
    rate, per_unit = line.get("cess_rate"), _unless_zero(line.get("cess_per_unit"))
    parts = [f"{rate}%"] if rate and Decimal(rate) else []
    return " + ".join([*parts, sheet.say("per_unit", amount=per_unit)] if per_unit else parts)


def _quantity(line: Row) -> str:
    if line.get("quantity") is None:
        return ""
    unit = line.get("unit") or "NA"
    return _shortest(Decimal(line["quantity"])) + ("" if unit == "NA" else f" {unit}")


def _price(value: str | None) -> str:
    return "" if value is None else _shortest(Decimal(value), least=_MONEY_PLACES)


def _unless_zero(value: str | None) -> str:
    return _price(value) if value and Decimal(value) else ""


def _shortest(value: Decimal, least: int = 0) -> str:
    """Grouped digits with as many of the three decimals as say something, at least so many."""
    decimals = f"{from_thousandths(to_thousandths(value))}".partition(".")[2].rstrip("0")
    return format_indian(value, max(len(decimals), least))
