"""GSTR-1 as a workbook an accountant reads: the summary, then one sheet per section."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from invo_cli.gst.return_diff import WORDS
from invo_cli.gst.returns.arrays import ORDER
from invo_cli.gst.returns.gstr1 import Gstr1
from invo_cli.gst.returns.summary import SectionSummary

MOST_ROWS = 1_048_575
"""Of a sheet, under its heading."""
_HEADINGS = {
    **WORDS,
    "inum": "number", "nt_num": "number", "rt": "rate", "hsn_sc": "HSN", "uqc": "unit", "desc": "description",
    "user_desc": "own description", "num": "no.", "sply_ty": "supply", "doc_typ": "nature", "etin": "operator",
    "from": "from", "to": "to", "omon": "original month", "val": "invoice value",
}  # fmt: skip
_MONEY = frozenset(
    ("val", "txval", "ad_amt", "iamt", "camt", "samt", "csamt", "expt_amt", "nil_amt", "ngsup_amt", "suppval")
) | {"igst", "cgst", "sgst", "cess", "qty"}
_COUNTS = frozenset(("num", "totnum", "cancel", "net_issue", "rt", "diff_percent"))
_LEFT_OUT = frozenset(("doc_num",))
Record = dict[str, Any]


def workbook(found: Gstr1, summary: Sequence[SectionSummary]) -> bytes:
    """The workbook; texts are texts and never formulas, amounts are numbers with two decimals."""
    import datetime as dt

    import xlsxwriter  # type: ignore[import-untyped]

    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(out, options)
    # The same return is the same file, whenever it is written.
    book.set_properties({"created": dt.datetime(2017, 7, 1, tzinfo=dt.UTC), "title": f"GSTR-1 {found.books.period}"})
    styles = {
        "heading": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "count": book.add_format({"num_format": "0.###"}),
        "text": book.add_format({"num_format": "@"}),
    }
    _write(book, "Summary", list(_summary(summary)), styles)
    for name, records in _sections(found):
        for sheet, part in _sheets(name, records):
            _write(book, sheet, part, styles)
    book.close()
    return out.getvalue()


def _summary(rows: Sequence[SectionSummary]) -> Iterator[Record]:
    for row in rows:
        yield {
            "section": row.section,
            "table": row.title,
            "num": row.count,
            "val": None if row.value_paise is None else _rupees(row.value_paise),
            "txval": _rupees(row.taxable_paise),
            "iamt": _rupees(row.igst_paise),
            "camt": _rupees(row.cgst_paise),
            "samt": _rupees(row.sgst_paise),
            "csamt": _rupees(row.cess_paise),
        }


def _sections(found: Gstr1) -> Iterator[tuple[str, list[Record]]]:
    """Each section with its records, one row for each item."""
    for top, member in ORDER:
        if (top, member) in found.arrays:
            array = found.arrays[top, member]
            name = member if top in ("hsn", "supeco", "supecoa") and member != "data" else top
            records = [
                record
                for group in array
                for piece in group.pieces
                for record in _flat(json.loads(piece, parse_float=Decimal), _outer(group.opening, group.closing))
            ]
            if records:
                yield str(name), records


def _sheets(name: str, records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    """A section in as many sheets as its rows need."""
    for number, start in enumerate(range(0, len(records), MOST_ROWS), 1):
        yield name if number == 1 else f"{name} ({number})", records[start : start + MOST_ROWS]


def _outer(opening: str, closing: str) -> Record:
    """What the documents of a group have in common, from the text around them."""
    if not opening:
        return {}
    whole = json.loads(opening + closing)
    return {key: value for key, value in whole.items() if not isinstance(value, list)}


def _flat(piece: Record, outer: Record) -> Iterator[Record]:
    items = piece.pop("itms", None)
    whole = outer | piece
    for item in [{}] if items is None else items:
        detail = item.get("itm_det", {key: value for key, value in item.items() if key != "num"})
        yield whole | detail


def _write(book: Any, name: str, records: Sequence[Record], styles: Any) -> None:
    sheet = book.add_worksheet(name)
    columns = [key for key in dict.fromkeys(key for record in records for key in record) if key not in _LEFT_OUT]
    for at, key in enumerate(columns):
        sheet.write_string(0, at, _HEADINGS.get(key, key).capitalize(), styles["heading"])
        sheet.set_column(at, at, _width(key, records))
    sheet.freeze_panes(1, 0)
    for row, record in enumerate(records, 1):
        for at, key in enumerate(columns):
            _cell(sheet, row, at, key, record.get(key), styles)


def _cell(sheet: Any, row: int, at: int, key: str, value: Any, styles: Any) -> None:
    if value is None:
        return
    if key in _MONEY:
        sheet.write_number(row, at, value, styles["money"])
    elif key in _COUNTS:
        sheet.write_number(row, at, value, styles["count"])
    else:
        sheet.write_string(row, at, str(value), styles["text"])


def _width(key: str, records: Sequence[Record]) -> int:
    longest = max((len(str(record.get(key, ""))) for record in records[:200]), default=0)
    return max(10, min(longest + 3, 48))


def _rupees(paise: int) -> Decimal:
    return Decimal(paise) / 100
