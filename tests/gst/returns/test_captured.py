"""A file that the government's offline tool wrote: books that say the same give the same file, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.gst.returns import writing
from invo_cli.gst.returns.books import Advance, Books, Document, Filer, Line, Nature, Numbered
from invo_cli.gst.returns.choice import INVOICE_TYPES
from invo_cli.gst.returns.gstr1 import Gstr1, build
from invo_cli.gst.returns.ordering import number_order
from invo_cli.gst.returns.summary import summarize
from tests.gst.vectors import load

pytestmark = pytest.mark.unit

CAPTURED = load("returns_captured")
FILE: dict[str, Any] = CAPTURED["file"]
FILER = Filer(gstin=FILE["gstin"], state="27")
PERIOD: str = FILE["fp"]
SUPPLIES = {code: supply for supply, code in INVOICE_TYPES.items() if not supply.is_export}
EXPORTS = {
    "WPAY": Supply.EXPORT_WITH_PAYMENT,
    "WOPAY": Supply.EXPORT_WITHOUT_PAYMENT,
    "EXPWP": Supply.EXPORT_WITH_PAYMENT,
    "EXPWOP": Supply.EXPORT_WITHOUT_PAYMENT,
}
KINDS = {"C": Kind.CREDIT_NOTE, "D": Kind.DEBIT_NOTE}


def _paise(value: object) -> int:
    return int(Decimal(str(value)) * 100)


def _date(text: str) -> dt.date:
    day, month, year = map(int, text.split("-"))
    return dt.date(year, month, day)


def _line(item: dict[str, Any], **fields: Any) -> Line:
    item = item.get("itm_det", item)
    taxable, *taxes = (abs(_paise(item.get(key, 0))) for key in ("txval", "iamt", "camt", "samt", "csamt"))
    igst, cgst, sgst, cess = taxes
    return Line(Taxability.TAXABLE, int(Decimal(str(item["rt"])) * 1000), taxable, igst, cgst, sgst, cess, **fields)


def _document(entry: dict[str, Any], group: dict[str, Any]) -> Document:
    """The document of an entry; of an amendment the one it replaces says the same under its own number and date."""
    kind = entry.get("typ") or group.get("exp_typ", "")
    supply = EXPORTS.get(kind) or SUPPLIES.get(entry.get("inv_typ", "R"), Supply.REGULAR)
    made = Document(
        kind=KINDS.get(entry.get("ntty", ""), Kind.TAX_INVOICE),
        number=entry.get("inum") or entry["nt_num"],
        date=_date(entry.get("idt") or entry["nt_dt"]),
        period=PERIOD,
        pos="96" if supply.is_export else entry.get("pos") or group["pos"],
        value_paise=_paise(entry["val"]),
        lines=tuple(_line(item) for item in entry["itms"]),
        gstin=group.get("ctin"),
        supply=supply,
        reverse_charge=entry.get("rchrg") == "Y",
        differential=65000 if "diff_percent" in entry else None,
        shipping_port=entry.get("sbpcode"),
        shipping_number=entry.get("sbnum"),
        shipping_date=_date(entry["sbdt"]) if "sbdt" in entry else None,
    )
    number, date = entry.get("oinum") or entry.get("ont_num"), entry.get("oidt") or entry.get("ont_dt")
    if number is None or date is None:
        return made
    return made._replace(amends=made._replace(number=number, date=_date(date), period="052025"))


def _singly() -> Iterator[Document]:
    for section in ("b2b", "b2ba", "b2cl", "b2cla", "exp", "expa", "cdnr", "cdnra"):
        for group in FILE[section]:
            for entry in group.get("inv") or group["nt"]:
                yield _document(entry, group)
    for section in ("cdnur", "cdnura"):
        for entry in FILE[section]:
            yield _document(entry, {})


def _small(row: dict[str, Any], item: dict[str, Any], period: str) -> Document:
    """One document with the figures of a row of table 7 or 10; a negative row is a credit note."""
    kind = Kind.CREDIT_NOTE if item["txval"] < 0 else Kind.TAX_INVOICE
    share = 65000 if "diff_percent" in row else None
    return Document(kind, "S-1", dt.date(2025, 6, 1), period, row["pos"], 100, (_line(item),), differential=share)


def _restated() -> list[Document]:
    return [_small(row, item, row["omon"]) for row in FILE["b2csa"] for item in row["itms"]]


def _untaxed() -> Iterator[Document]:
    keys = {"expt_amt": Taxability.EXEMPT, "nil_amt": Taxability.NIL_RATED, "ngsup_amt": Taxability.NON_GST}
    for row in FILE["nil"]["inv"]:
        lines = tuple(Line(kind, 0, _paise(row[key])) for key, kind in keys.items())
        pos = "27" if row["sply_ty"].startswith("INTRA") else "29"
        gstin = "29AAGCB7383J1Z4" if row["sply_ty"].endswith("B2B") else None
        yield Document(Kind.BILL_OF_SUPPLY, row["sply_ty"], dt.date(2025, 6, 1), PERIOD, pos, 0, lines, gstin=gstin)


def _advances() -> Iterator[Advance]:
    for section in ("at", "ata", "txpd", "txpda"):
        for row in FILE[section]:
            for item in row["itms"]:
                igst, cgst, sgst, cess = (_paise(item.get(key, 0)) for key in ("iamt", "camt", "samt", "csamt"))
                yield Advance(
                    row["pos"],
                    item["rt"] * 1000,
                    _paise(item["ad_amt"]),
                    igst,
                    cgst,
                    sgst,
                    cess,
                    is_adjustment=section.startswith("txpd"),
                    amended_period=row.get("omon"),
                )


def _numbers() -> Iterator[Numbered]:
    for record in FILE["doc_issue"]["doc_det"]:
        for found in record["docs"]:
            prefix, width = found["from"][:-3], 3
            first = int(found["from"][-3:])
            for at in range(found["totnum"]):
                number = f"{prefix}{first + at:0{width}}"
                yield Numbered(Nature(record["doc_num"]), number, is_cancelled=at < found["cancel"])


def _return() -> Gstr1:
    restated = _restated()
    small = [_small(row, row, PERIOD) for row in FILE["b2cs"]]
    corrected = [each._replace(period=PERIOD, amends=each) for each in restated]
    documents = [*_singly(), *small, *corrected, *_untaxed()]
    return build(
        Books(
            filer=FILER,
            period=PERIOD,
            documents=documents,
            restated=restated,
            advances=_advances(),
            numbers=list(_numbers())[::-1],
        )
    )


def _hsn_return() -> Gstr1:
    """Table 12 by itself: in the captured file it has nothing to do with the sections."""
    documents = []
    for member, gstin in (("hsn_b2b", "29AAGCB7383J1Z4"), ("hsn_b2c", None)):
        for row in FILE["hsn"][member]:
            fields = {"hsn": row["hsn_sc"], "description": row["user_desc"], "uqc": row["uqc"]}
            line = _line(row, quantity=row["qty"] * 1000, **fields)
            documents.append(
                Document(Kind.TAX_INVOICE, "H", dt.date(2025, 6, 1), PERIOD, "27", 100, (line,), gstin=gstin)
            )
    words = {row["hsn_sc"]: row["desc"] for row in FILE["hsn"]["hsn_b2b"]}
    return build(Books(filer=FILER, period=PERIOD, documents=documents, hsn_descriptions=words))


def test_the_same_books_give_the_captured_file_byte_for_byte() -> None:
    expected = dict(FILE)
    # The workbook listed credit notes before debit notes; a return of ours lists natures by their number.
    natures = sorted(FILE["doc_issue"]["doc_det"], key=lambda record: record["doc_num"])
    expected["doc_issue"] = {"doc_det": natures}
    expected.pop("hsn")
    (text,) = writing.parts(_return())
    assert text == json.dumps(expected, separators=(",", ":"))


def test_table_12_is_that_of_the_captured_file() -> None:
    (text,) = writing.parts(_hsn_return())
    hsn = text[text.index('"hsn":') : -1]
    assert hsn == f'"hsn":{json.dumps(FILE["hsn"], separators=(",", ":"))}'


def test_the_summary_is_that_of_the_tool() -> None:
    made = {row.section: row for row in (*summarize(_hsn_return()), *summarize(_return()))}
    for section, (count, *taxes) in CAPTURED["view_summary"].items():
        if section == "columns":
            continue
        row = made[section]
        found = [row.cgst_paise, row.sgst_paise, row.igst_paise, row.cess_paise]
        assert (row.count, found) == (count, [tax * 100 for tax in taxes]), section


def test_numbers_sort_with_their_digits_as_numbers() -> None:
    assert sorted(["INV-10", "INV-9", "INV-010", "A-1", "inv-2"], key=number_order) == [
        *("A-1", "inv-2", "INV-9", "INV-10", "INV-010"),
    ]
