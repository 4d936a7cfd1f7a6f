"""Text of strangers in every newer view and every file for a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import GSTIN, Invo
from tests.hostile.texts import harmful

pytestmark = pytest.mark.integration

ESCAPES = "Acme \x1b[31m\x1b]52;c;aGk=\x07 \x9b2J \u202egnp\u2066 [red]x[/red]\nerror: forged"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://example.com","x")')
STARTS = ("=", "+", "-", "@", "\t", "\r")
VIEWS = (
    *("import list", "export job list", "export job show nightly", "export batch list nightly"),
    *("return gstr1 --period 2026-10", "return gstr1 --period 2026-10 --check", "return gstr3b --period 2026-10"),
    *("einvoice due", "return status", "eway list", "hsn show 85", "hsn search acme", "user list", "token list"),
    *("audit list", "remind history", "report sales", "report customers", "report daybook", "report receivables"),
    *("customer list", "customer show C-0001", "item list", "payment list", "business list", f"business show {GSTIN}"),
)


@pytest.fixture
def shop(counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """A business whose every text is hostile."""
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hsn.csv").write_text(f'HSN_CD,HSN_Description\n85,"{ESCAPES}"\n', encoding="utf-8")
    file = tmp_path / "cus\x1b[31mtomers\u202e\nerror: forged.csv"
    file.write_text('code,name,mobile\nA,"' + ESCAPES + '",9876543299\n', encoding="utf-8")
    pune = ("--gstin=27AAPFU0939F1ZV", f"--address={ESCAPES}", f"--city={ESCAPES[:40]}", "--pincode=411001")
    sold = ("--line=x:60:900:850760:18", f"--notes={ESCAPES}", "--reference=" + ESCAPES[:40])
    for command in (
        ("business", "edit", GSTIN, f"--name={ESCAPES}", "--einvoice-from=2026-04-01", "--turnover=6,00,00,000"),
        ("customer", "create", f"--name={ESCAPES}", *pune),
        ("item", "create", f"--name={ESCAPES}", "--hsn=850760", "--price=900", "--rate=18"),
        ("hsn", "import", "hsn.csv"),
        ("invoice", "create", "--customer=C-0001", *sold),
        ("payment", "create", "--customer=C-0001", "--amount=1", "--method=upi", f"--reference={ESCAPES[:40]}"),
        ("import", "customers", str(file), "--batch=one"),
        ("export", "customers", "--since-last", "nightly", "--format=jsonl", "--out=nightly.jsonl"),
    ):
        done = counter(*command)
        assert done.exit_code == 0, (command, done.stderr)
        assert not harmful(done.stdout + done.stderr), command
    return counter


@pytest.mark.parametrize("how", ["table", "plain"])
def test_no_view_does_anything_to_a_terminal(shop: Invo, how: str) -> None:
    for view in VIEWS:
        done = shop(*view.split(), "-o", how)
        assert done.exit_code in (0, 10), (view, done.stderr)
        said = done.stdout + done.stderr
        assert not harmful(said), view
        assert not any(line.startswith("error: forged") for line in said.splitlines()), view


def test_no_line_of_the_log_can_be_forged(shop: Invo) -> None:
    """What an error quotes stays on its line, in a traceback too."""
    for command in (("customer", "show", ESCAPES), ("import", "customers", ESCAPES), ("invoice", "show", ESCAPES)):
        for loud in ((), ("--debug", "-v")):
            done = shop(*command, *loud)
            lines = done.stderr.splitlines()
            assert not harmful(done.stderr), command
            assert all(line.startswith(("error: ", "hint: ", "debug: ", "sql ")) for line in lines), lines
            assert not any(line.startswith("error: forged") for line in lines)


@pytest.fixture
def formulas(counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """A customer, an item and an invoice for each way to begin a formula."""
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    monkeypatch.chdir(tmp_path)
    for at, text in enumerate(FORMULAS):
        entry: dict[str, Any] = {"customer": {"name": f"{text} {at}", "state": "29"}, "notes": text, "reference": text}
        entry |= {"lines": [{"description": text, "hsn": "998716", "quantity": 1, "unit_price": 1}]}
        done = counter("invoice", "create", "--file", "-", input=json.dumps(entry))
        assert done.exit_code == 0, done.stderr
        counter("item", "create", f"--name={text} {at}", "--price=1", "--code", f"I{at}")
        counter(
            "payment", "create", "--customer", f"C-{at + 1:04}", "--amount=1", "--method=upi", f"--reference={text}"
        )
    return counter


@pytest.mark.parametrize("data_set", ["invoices", "lines", "customers", "items", "payments", "audit"])
def test_no_cell_of_an_export_is_a_formula(formulas: Invo, tmp_path: Path, data_set: str) -> None:
    for ending in ("csv", "tsv"):
        path = tmp_path / f"out.{ending}"
        assert formulas("export", data_set, "--out", str(path)).exit_code == 0
        with path.open(newline="", encoding="utf-8") as file:
            rows = [*csv.reader(file, delimiter="\t" if ending == "tsv" else ",")]
        assert len(rows) > len(FORMULAS)
        assert not [cell for row in rows for cell in row if is_formula(cell)]
    assert formulas("export", data_set, "--out", str(tmp_path / "out.xlsx")).exit_code == 0
    assert formula_cells(tmp_path / "out.xlsx") == []


def test_no_cell_of_a_return_a_review_or_a_reject_is_a_formula(formulas: Invo, tmp_path: Path) -> None:
    heading = "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
    rows = "".join(
        f'03/10/26,"{text.replace(chr(34), "")}",{at},03/10/26,,1.00,1.00\n' for at, text in enumerate(FORMULAS)
    )
    (tmp_path / "statement.csv").write_text(heading + rows, encoding="utf-8")
    assert formulas("return", "gstr1", "--period=2026-10", "--xlsx=return.xlsx").exit_code == 0
    done = formulas("import", "payments", "statement.csv", "--match", "--review=review.csv")
    assert done.exit_code == 0, done.stderr
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["code", "name", "mobile"])
    for at, text in enumerate(FORMULAS[:4]):
        sheet.append(["A", text, str(at)])
        sheet.cell(at + 2, 2).data_type = "s"
    book.save(tmp_path / "bad.xlsx")
    assert formulas("import", "customers", "bad.xlsx", "--rejects=rejects.xlsx").exit_code == 3
    for name in ("return.xlsx", "rejects.xlsx"):
        assert formula_cells(tmp_path / name) == []
    with (tmp_path / "review.csv").open(newline="", encoding="utf-8") as file:
        assert not [cell for row in csv.reader(file) for cell in row if is_formula(cell)]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute it: a negative number is none."""
    return cell.startswith(STARTS) and not cell.removeprefix("-").replace(".", "").isdigit()


def formula_cells(path: Path) -> list[str]:
    """The cells of a workbook that are formulas."""
    book = openpyxl.load_workbook(path)
    found = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    book.close()
    return found
