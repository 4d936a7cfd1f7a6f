"""Statements of Indian banks: headings, dates and amounts as each bank writes them."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from invo_cli.errors import InvalidError
from invo_cli.imports.bank_dates import parse_bank_amount, parse_bank_date
from tests.imports.files import statement_of as read

pytestmark = pytest.mark.unit

HDFC = """HDFC BANK Ltd.,,,Page No .: 1,,,
"MS. BENGALURU SERVICE CENTRE, 12 MG ROAD",,,Branch : MG ROAD,,,
Statement From : 01/10/2026 To : 31/10/2026,,,,,,

Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance
********,**************,*****,********,****,****,****
01/10/26,UPI-ASHA TRADERS-ASHA@OKHDFC-412345678901-INV/26-27/0001,0000412345678901,01/10/26,,"1,770.00","11,770.00"
02/10/26,NEFT DR-SUPPLIER,N276,02/10/26,"1,18,000.00",,"-1,06,230.00"
03/10/26,"CHQ DEP, MICR CLG",000123,03/10/26,,"2,500.50","-1,03,729.50"
********,**************,*****,********,****,****,****
STATEMENT SUMMARY :-,,,,,,
Opening Balance,Dr Count,Cr Count,Debits,Credits,Closing Bal,
"10,000.00",1,2,"1,18,000.00","4,270.50","-1,03,729.50",
"""
SBI = """Account Name  :\tBengaluru Service Centre
Account Number  :\t00000012345678901
Txn Date\tValue Date\tDescription\tRef No./Cheque No.\t        Debit\tCredit\tBalance
1 Oct 2026\t1 Oct 2026\tBY TRANSFER-UPI/CR/41234567/ASHA TRA/asha@okh\tTRANSFER FROM 4897\t \t1,770.00\t11,770.00
2 Oct 2026\t2 Oct 2026\tTO TRANSFER-INB\tTRANSFER TO 1\t1,18,000.00\t \t10.00
3 Oct 2026\t3 Oct 2026\tCHQ DEP\t000123\t \t2,500.50\t0.00
**This is a computer generated statement
"""
ICICI = """DETAILED STATEMENT
S No.,Value Date,Transaction Date,Transaction Remarks,Withdrawal Amount (INR ),Deposit Amount (INR ),Balance (INR )
1,01/10/2026,01/10/2026,UPI/412345678901/INV 0001/asha@okhdfc,0.0,1770.0,11770.0
2,02/10/2026,02/10/2026,NEFT-SUPPLIER,118000.0,0.0,10.0
3,03/10/2026,03/10/2026,CLG,0.0,2500.50,0.0
Legends :,,,,,,,
"""
AXIS = """Name :- BENGALURU SERVICE CENTRE
Tran Date;CHQNO;PARTICULARS;DR;CR;BAL;SOL
01-10-2026;-;UPI/P2M/412345678901/ASHA TRADERS;;1770.00;11770.00;123
02-10-2026;-;NEFT/SUPPLIER; 118000.00;;10.00;123
03-10-2026;000123;CLG;;2500.50;0.00;123
TRANSACTION TOTAL;;;118000.00;4270.50;;
"""
KOTAK = """Sl. No.,Date,Description,Chq / Ref number,Amount,Dr / Cr,Balance,Dr / Cr
1,01-Oct-2026 10:12 AM,UPI/ASHA TRADERS/412345678901,UPI-412345678901,"1,770.00",CR,"11,770.00",CR
2,02-Oct-2026 11:00 AM,NEFT SUPPLIER,N1,"1,18,000.00",DR,10.00,DR
3,03-Oct-26,CLG,000123,"2,500.50",CR,0.00,CR
"""
KOTAK_OLD = """Date,Narration,Chq/Ref No,Withdrawal (Dr)/Deposit (Cr),Balance
01-10-2026,UPI/ASHA,UPI-1,"1,770.00(Cr)","11,770.00(Cr)"
02-10-2026,NEFT,N1,"1,18,000.00(Dr)",10.00(Dr)
03-10-2026,CLG,000123,"2,500.50(Cr)",0.00(Cr)
"""
SIGNED = "Date,Remarks,Amount (Rs.)\n2026-10-01,UPI,1770.00\n2026-10-02,NEFT,-118000\n2026-10-03,CLG,2500.5\n"


def found(text: str) -> list[tuple[dt.date, Decimal]]:
    return [(credit.day, credit.amount) for credit in read(text.encode()).credits]


@pytest.mark.parametrize(
    "text",
    [HDFC, SBI, ICICI, AXIS, KOTAK, KOTAK_OLD, SIGNED],
    ids=["HDFC", "SBI", "ICICI", "Axis", "Kotak", "Kotak old", "signed"],
)
def test_the_statement_of_a_bank_is_read(text: str) -> None:
    statement = read(text.encode())
    assert statement.problems == []
    assert statement.debits == 1
    assert [(credit.day, credit.amount) for credit in statement.credits] == [
        (dt.date(2026, 10, 1), Decimal("1770.00")),
        (dt.date(2026, 10, 3), Decimal("2500.50")),
    ]


def test_a_line_keeps_its_place_reference_and_narration() -> None:
    credit = read(HDFC.encode()).credits[1]
    assert (credit.line, credit.reference, credit.narration) == (9, "000123", "CHQ DEP, MICR CLG")


def test_a_workbook_with_real_dates_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Statement"],
        ["Txn Date", "Description", "Debit", "Credit", "Balance"],
        [dt.date(2026, 10, 1), "UPI", None, 1770.1, 5],
        [dt.datetime.combine(dt.date(2026, 10, 2), dt.time(9, 30)), "NEFT", 20, None, 5],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    statement = read(out.getvalue())
    assert [(credit.line, credit.day, credit.amount) for credit in statement.credits] == [
        (3, dt.date(2026, 10, 1), Decimal("1770.10"))
    ]
    assert statement.debits == 1


def test_a_line_that_cannot_be_read_is_named() -> None:
    text = "Date,Narration,Credit\n31/02/26,A,5\n01/10/26,B,1.2.3\n10/13/2026,C,5\n01/10/26,D,7\nTotal,,17\n"
    statement = read(text.encode())
    assert [problem.split(":")[0] for problem in statement.problems] == ["Line 2", "Line 3", "Line 4"]
    assert (len(statement.credits), statement.undated) == (1, 1)


def test_a_mapping_names_the_headings_of_another_bank() -> None:
    text = "Wann,Was,Gut\n01/10/2026,UPI,5.00\n"
    with pytest.raises(InvalidError):
        read(text.encode())
    mapping = {"Wann": "date", "Was": "narration", "Gut": "credit"}
    assert len(read(text.encode(), mapping).credits) == 1


def test_a_reference_guarded_against_spreadsheets_is_read_bare() -> None:
    (credit,) = read(b'Date,Narration,Ref No,Credit\n01/10/2026,UPI,="000123",5.00\n').credits
    assert credit.reference == "000123"


def test_amounts_without_any_sign_are_not_guessed() -> None:
    with pytest.raises(InvalidError, match="do not say what came in"):
        read(b"Date,Narration,Amount\n01/10/2026,UPI,5.00\n")


@pytest.mark.parametrize(
    ("text", "rupees"),
    [
        ("1,18,000.00", "118000.00"),
        ("118,000", "118000"),
        ("₹ 5.00", "5.00"),
        ("Rs. 5", "5"),
        ("INR 5.0000", "5.00"),
        ("(5.00)", "-5.00"),
        ("5.00 Dr", "-5.00"),
        ("5.00(Cr)", "5.00"),
        ("+5.00", "5.00"),
        ("-", "0"),
        ("", "0"),
    ],
)
def test_amounts_are_read_as_banks_write_them(text: str, rupees: str) -> None:
    assert parse_bank_amount(text) == Decimal(rupees)


@pytest.mark.parametrize("text", ["1.2.3", "5e3", "५", "1,2,3", "5.001", "five"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_bank_amount(text)


@pytest.mark.parametrize("text", ["05/10/26", "5-10-2026", "05.10.2026", "05-Oct-26", "5 October 2026", "2026-10-05"])
def test_dates_are_read_day_first(text: str) -> None:
    assert parse_bank_date(text) == dt.date(2026, 10, 5)
