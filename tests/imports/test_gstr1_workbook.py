"""The GSTR-1 workbook of the official offline tool: its sheets become the sections of the JSON."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from invo_cli.errors import InvalidError
from invo_cli.imports import gstr1_workbook, sources

pytestmark = pytest.mark.unit
GSTIN, BUYER, OTHER = "29AAGCB7383J1Z4", "29AAFCD5862R1ZR", "27AAPFU0939F1ZV"
B2B = (
    *("GSTIN/UIN of Recipient", "Receiver Name", "Invoice Number", "Invoice date", "Invoice Value", "Place Of Supply"),
    *("Reverse Charge", "Applicable % of Tax Rate", "Invoice Type", "E-Commerce GSTIN", "Rate", "Taxable Value"),
    "Cess Amount",
)
CDNR = (
    *("GSTIN/UIN of Recipient", "Receiver Name", "Note Number", "Note Date", "Note Type", "Place Of Supply"),
    *("Reverse Charge", "Note Supply Type", "Note Value", "Applicable % of Tax Rate", "Rate", "Taxable Value"),
    "Cess Amount",
)
HSN = (
    *("HSN", "Description", "UQC", "Total Quantity", "Total Value", "Rate", "Taxable Value", "Integrated Tax Amount"),
    *("Central Tax Amount", "State/UT Tax Amount", "Cess Amount"),
)
AT = ("Place Of Supply", "Applicable % of Tax Rate", "Rate", "Gross Advance Received", "Cess Amount")


def read(folder: Path, **sheets: Any) -> gstr1_workbook.Gstr1Workbook:
    """The workbook with three rows of summary above the headings of each sheet."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Help Instruction"
    book.worksheets[0].append(("Invoice Number", "Explains the sheets"))
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in (("Summary", None, "HELP"), ("No. of Recipients",), ("=SUMPRODUCT(A5:A9)", 5), *rows):
            sheet.append(row)
    book.save(folder / "gstr1.xlsx")
    with sources.opened(str(folder / "gstr1.xlsx"), None) as source:
        return gstr1_workbook.read(source, gstin=GSTIN, fp="102026")


def sections(folder: Path, **sheets: Any) -> dict[str, Any]:
    return read(folder, **sheets).sections


def number(text: str) -> Decimal:
    return Decimal(text)


def test_invoices_of_a_recipient_stand_together_and_rates_become_items(tmp_path: Path) -> None:
    day = dt.date(2026, 10, 5)
    found = sections(
        tmp_path,
        **{
            "b2b,sez,de": [
                B2B,
                (BUYER, "A", "INV/1", day, 1680, "29-Karnataka", "N", "", "Regular B2B", "", 18, 1000, ""),
                (
                    OTHER,
                    "B",
                    "INV/2",
                    "06-Oct-2026",
                    118.5,
                    "27-Maharashtra",
                    "Y",
                    "65.00",
                    "Regular B2B",
                    "",
                    18,
                    100,
                    1.5,
                ),
                (BUYER, "A", "INV/1", day, 1680, "29-Karnataka", "N", "", "Regular B2B", "", 0.25, 500, 10),
                (
                    BUYER,
                    "A",
                    "INV/3",
                    day,
                    100,
                    "29-Karnataka",
                    "N",
                    "",
                    "SEZ supplies without payment",
                    "",
                    18,
                    100,
                    0,
                ),
            ]
        },
    )
    assert found == {
        "gstin": GSTIN,
        "fp": "102026",
        "b2b": [
            {
                "ctin": BUYER,
                "inv": [
                    {
                        **{"inum": "INV/1", "idt": "05-10-2026", "val": number("1680"), "pos": "29"},
                        **{"rchrg": "N", "inv_typ": "R"},
                        "itms": [
                            {"num": 1801, "itm_det": {"txval": 1000, "rt": 18, "camt": 90, "samt": 90, "csamt": 0}},
                            {
                                "num": 26,
                                "itm_det": {
                                    **{"txval": 500, "rt": number("0.25"), "csamt": 10},
                                    **{"camt": number("0.63"), "samt": number("0.63")},
                                },
                            },
                        ],
                    },
                    {
                        **{"inum": "INV/3", "idt": "05-10-2026", "val": 100, "pos": "29", "rchrg": "N"},
                        "inv_typ": "SEWOP",
                        "itms": [{"num": 1801, "itm_det": {"txval": 100, "rt": 18, "iamt": 0, "csamt": 0}}],
                    },
                ],
            },
            {
                "ctin": OTHER,
                "inv": [
                    {
                        **{"inum": "INV/2", "idt": "06-10-2026", "val": number("118.5"), "pos": "27", "rchrg": "Y"},
                        **{"diff_percent": number("0.65"), "inv_typ": "R"},
                        "itms": [
                            {
                                "num": 1801,
                                "itm_det": {"txval": 100, "rt": 18, "iamt": number("11.70"), "csamt": number("1.5")},
                            }
                        ],
                    }
                ],
            },
        ],
    }


def test_notes_exports_and_large_invoices_keep_their_shapes(tmp_path: Path) -> None:
    found = sections(
        tmp_path,
        b2cl=[
            ("Invoice Number", "Invoice date", "Invoice Value", "Place Of Supply", "Rate", "Taxable Value"),
            ("INV/7", "05-10-2026", "1,18,000.00", "27-Maharashtra", 18, "1,00,000.00"),
        ],
        cdnr=[CDNR, (BUYER, "A", "CN/1", "05-Oct-26", "C", "29-Karnataka", "N", "Regular B2B", 118, "", 18, 100, "")],
        cdnur=[
            (
                "UR Type",
                "Note Number",
                "Note Date",
                "Note Type",
                "Place Of Supply",
                "Note Value",
                "Rate",
                "Taxable Value",
            ),
            ("EXPWOP", "CN/2", "05-Oct-26", "C", "", 100, 18, 100),
            ("B2CL", "CN/3", "05-Oct-26", "D", "27-Maharashtra", 118, 18, 100),
        ],
        exp=[
            (
                *("Export Type", "Invoice Number", "Invoice date", "Invoice Value", "Port Code"),
                *("Shipping Bill Number", "Shipping Bill Date", "Rate", "Taxable Value", "Cess Amount"),
            ),
            ("WPAY", "EXP/1", "05-Oct-26", 118, "INMAA1", 7896542, "08-Oct-26", 18, 100, ""),
        ],
    )
    assert found["b2cl"][0]["pos"] == "27"
    assert found["b2cl"][0]["inv"][0]["itms"][0]["itm_det"]["iamt"] == 18000
    note = found["cdnr"][0]["nt"][0]
    assert (note["ntty"], note["nt_dt"], note["itms"][0]["itm_det"]["camt"]) == ("C", "05-10-2026", 9)
    abroad, large = found["cdnur"]
    assert ("pos" in abroad, abroad["itms"][0]["itm_det"]["iamt"], large["pos"]) == (False, 0, "27")
    assert found["exp"] == [
        {
            "exp_typ": "WPAY",
            "inv": [
                {
                    **{"inum": "EXP/1", "idt": "05-10-2026", "val": 118, "sbpcode": "INMAA1", "sbnum": "7896542"},
                    **{"sbdt": "08-10-2026", "itms": [{"txval": 100, "rt": 18, "iamt": 18, "csamt": 0}]},
                }
            ],
        }
    ]


def test_sums_advances_codes_and_documents_keep_their_shapes(tmp_path: Path) -> None:
    found = sections(
        tmp_path,
        **{
            "b2cs": [
                ("Type", "Place Of Supply", "Applicable % of Tax Rate", "Rate", "Taxable Value", "Cess Amount"),
                ("OE", "29-Karnataka", "", 18, 100, ""),
                ("OE", "29-Karnataka", "", 18, -50, ""),
                ("OE", "27-Maharashtra", "", 5, 100, 2),
            ],
            "b2csa": [
                ("Financial Year", "Original Month", "Place Of Supply", "Type", "Rate", "Taxable Value"),
                ("2025-26", "JANUARY", "29-Karnataka", "OE", 18, 100),
            ],
            "at": [AT, ("29-Karnataka", "", 18, 100, ""), ("29-Karnataka", "", 5, 100, "")],
            "atadj": [(*AT[:3], "Gross Advance Adjusted", AT[4]), ("27-Maharashtra", "", 18, 100, "")],
            "exemp": [
                (
                    *("Description", "Nil Rated Supplies", "Exempted (other than nil rated/non GST supply )"),
                    "Non-GST supplies",
                ),
                ("Inter-State supplies to registered persons", "", 5, ""),
                ("Intra-State supplies to unregistered persons", "", "", ""),
            ],
            "hsn(b2b)": [HSN, (1012100, "Horses", "NOS-NUMBERS", 1, 105, 5, 100, 0, 2.5, 2.5, "")],
            "hsn(b2c)": [HSN, ("998716", "", "NA", 0, 118, 18, 100, 0, 9, 9, "")],
            "docs": [
                ("Nature of Document", "Sr. No. From", "Sr. No. To", "Total Number", "Cancelled"),
                ("Invoices for outward supply", "INV/0001", "INV/0009", 9, 1),
                ("Invoices for outward supply", "X1", "X2", 2, ""),
                ("Credit Note", "CN/1", "CN/1", 1, 0),
            ],
        },
    )
    assert found["b2cs"] == [
        {
            **{"sply_ty": "INTRA", "rt": 18, "typ": "OE", "pos": "29", "txval": 50, "csamt": 0},
            **{"camt": number("4.5"), "samt": number("4.5")},
        },
        {"sply_ty": "INTER", "rt": 5, "typ": "OE", "pos": "27", "txval": 100, "iamt": 5, "csamt": 2},
    ]
    assert found["b2csa"][0]["omon"] == "012026"
    assert found["at"] == [
        {
            **{"pos": "29", "sply_ty": "INTRA"},
            "itms": [
                {"rt": 18, "ad_amt": 100, "camt": 9, "samt": 9, "csamt": 0},
                {"rt": 5, "ad_amt": 100, "camt": number("2.5"), "samt": number("2.5"), "csamt": 0},
            ],
        }
    ]
    assert found["txpd"][0]["itms"][0]["iamt"] == 18
    assert found["nil"] == {"inv": [{"sply_ty": "INTRB2B", "expt_amt": 5, "nil_amt": 0, "ngsup_amt": 0}]}
    assert [row["hsn_sc"] for name in ("hsn_b2b", "hsn_b2c") for row in found["hsn"][name]] == ["01012100", "998716"]
    assert [each["doc_num"] for each in found["doc_issue"]["doc_det"]] == [1, 5]
    assert [each["net_issue"] for each in found["doc_issue"]["doc_det"][0]["docs"]] == [8, 2]


def test_every_wrong_cell_is_named_with_sheet_row_and_heading(tmp_path: Path) -> None:
    with pytest.raises(InvalidError) as caught:
        read(
            tmp_path,
            **{
                "b2b,sez,de": [
                    B2B,
                    ("29AAFCD5862R1ZA", "", "INV/1", "31-02-2026", "x", "Karnataka", "?", "50", "?", "", 18, 1.005, ""),
                    (BUYER, "", "", "05-10-2026", 5, "29-Karnataka", "N", "", "Regular", "", 18, 1, ""),
                    (BUYER, "", "INV/2", "05-10-2026", 5, "29-Karnataka", "N", "", "Regular", "", 18, 1, ""),
                    (BUYER, "", "INV/2", "05-10-2026", 6, "29-Karnataka", "N", "", "Regular", "", 5, 1, ""),
                ],
                "b2cl": [("Invoice Number", "Invoice date"), ("INV/1", "05-10-2026")],
            },
        )
    problems = caught.value.details["problems"]
    places = [problem.split(":")[0] for problem in problems]
    columns = ("GSTIN/UIN of Recipient", "Invoice date", "Invoice Value", "Place Of Supply", "Reverse Charge")
    assert places[:5] == [f"Sheet b2b,sez,de, row 5, {column}" for column in columns]
    assert "Sheet b2b,sez,de, row 6, Invoice Number: The cell is empty." in problems
    assert "Sheet b2b,sez,de, row 8: INV/2 has another val than in a row above." in problems
    assert problems[-1].startswith("Sheet b2cl has no heading for val")


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    found = read(tmp_path, eco=[("Nature of Supply",), ("Liable to collect tax u/s 52(TCS)",)], b2cs=[])
    assert (found.unread, set(found.sections)) == (["eco"], {"gstin", "fp"})


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="no sheet of a GSTR-1"):
        read(tmp_path)
