"""The noun `return`: shown, checked, written, compared, locked, due."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GSTIN, Invo

pytestmark = pytest.mark.integration
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")
PUNE = ("--customer", "Pune Motors", "--gstin", "27AAPFU0939F1ZV")
SCREEN = ("--line", "Screen:1:1500:998716:18")
OCTOBER = ("--period", "2026-10")
NAME = f"returns_6112026_R1_{GSTIN}_offline.json"
ARN = ("--arn", "AA291026000001X")


@pytest.fixture
def shop(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """Two invoices of 5 October, seen on 6 November."""
    monkeypatch.setenv("INVO_NOW", "2026-10-05")
    for buyer in (ASHA, PUNE):
        assert counter("invoice", "create", *buyer, *SCREEN).exit_code == 0
    monkeypatch.setenv("INVO_NOW", "2026-11-06")
    return counter


def rows(invo: Invo, *arguments: str, code: int = 0) -> Any:
    done = invo("return", *arguments, "-o", "json")
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout)


def test_without_out_only_the_summary_is_printed(shop: Invo) -> None:
    found = rows(shop, "gstr1", *OCTOBER)
    assert [row["section"] for row in found] == ["b2b", "b2cs", "hsn_b2b", "hsn_b2c", "doc_issue"]
    assert found[0] == {
        "section": "b2b",
        "title": "Registered, SEZ and deemed exports - 4A, 4B, 6B, 6C",
        "count": 1,
        "value": "1770.00",
        "taxable_value": "1500.00",
        "igst": "270.00",
        "cgst": "0.00",
        "sgst": "0.00",
        "cess": "0.00",
    }


@pytest.mark.parametrize("period", ["2026-10", "102026", "last-month", "oct26"])
def test_a_period_has_several_spellings(shop: Invo, period: str) -> None:
    assert rows(shop, "gstr1", "--period", period) == rows(shop, "gstr1", *OCTOBER)


@pytest.mark.parametrize("period", ["2026-13", "132026", "062017", "2026", "2026-10-05", "fy", "x"])
def test_another_period_is_refused(shop: Invo, period: str) -> None:
    assert shop("return", "gstr1", "--period", period).exit_code == 3


def test_the_file_alone_goes_to_stdout(shop: Invo) -> None:
    done = shop("return", "gstr1", *OCTOBER, "--out", "-")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["gstin"], found["fp"]) == (0, GSTIN, "102026")
    assert done.stdout == shop("return", "gstr1", *OCTOBER, "--out", "-").stdout


def test_turnovers_are_in_the_file_only_when_they_are_given(shop: Invo) -> None:
    plain = shop("return", "gstr1", *OCTOBER, "--out", "-").stdout
    given = shop("return", "gstr1", *OCTOBER, "--out", "-", "--gt", "50,00,000", "--cur-gt", "1200000.50").stdout
    assert plain.replace('"fp":"102026"', '"fp":"102026","gt":5000000,"cur_gt":1200000.5') == given != plain


def test_a_folder_gets_the_file_under_the_name_of_the_tool(shop: Invo, tmp_path: Path) -> None:
    assert shop("return", "gstr1", *OCTOBER, "--out", str(tmp_path)).exit_code == 0
    data = (tmp_path / NAME).read_bytes()
    assert shop("return", "gstr1", *OCTOBER, "--out", str(tmp_path)).exit_code == 5
    assert shop("return", "gstr1", *OCTOBER, "--out", str(tmp_path), "--force").exit_code == 0
    assert (tmp_path / NAME).read_bytes() == data
    event = json.loads(shop("audit", "list", "--action", "return.write", "-o", "json").stdout)[-1]
    assert event["subject"] == "return:gstr1:2026-10"
    assert event["after"]["files"][0]["sha256"] == sha256(data).hexdigest()


def test_what_needs_parts_needs_a_folder(shop: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from invo_cli.gst.returns import writing

    monkeypatch.setattr(writing.parts, "__kwdefaults__", {"iff": False, "limit": 700})
    for target in ("-", str(tmp_path / "gstr1.json")):
        refused = shop("return", "gstr1", *OCTOBER, "--out", target)
        assert (refused.exit_code, refused.stdout) == (3, "")
        assert "--out FOLDER" in refused.stderr
    assert shop("return", "gstr1", *OCTOBER, "--out", str(tmp_path)).exit_code == 0
    made = sorted(path.name for path in tmp_path.glob("returns_*.json"))
    assert made[0] == NAME.replace(".json", "_1.json")
    assert len(made) > 1
    parts = [json.loads((tmp_path / name).read_text()) for name in made]
    assert {part["gstin"] for part in parts} == {GSTIN}
    monkeypatch.undo()
    monkeypatch.setenv("INVO_NOW", "2026-11-06")


def test_a_file_that_the_portal_would_refuse_is_not_written(shop: Invo, tmp_path: Path) -> None:
    assert shop("invoice", "create", *PUNE, "--line", "Fan:1:100:8414:18", "--date", "2026-10-06").exit_code == 0
    assert shop("business", "edit", GSTIN, "--turnover", "6,00,00,000").exit_code == 0
    refused = shop("return", "gstr1", *OCTOBER, "--out", str(tmp_path))
    assert (refused.exit_code, list(tmp_path.glob("*.json"))) == (3, [])
    assert "R1-22 INV/26-27/0003" in refused.stderr
    (finding,) = rows(shop, "gstr1", *OCTOBER, "--check", code=10)
    assert (finding["severity"], finding["rule"], finding["document"]) == ("refuse", "R1-22", "INV/26-27/0003")
    assert finding["fix"]
    checked = shop("return", "gstr1", *OCTOBER, "--check", "--out", str(tmp_path))
    assert (checked.exit_code, list(tmp_path.glob("*.json"))) == (10, [])


def test_a_check_of_a_right_return_finds_nothing(shop: Invo, tmp_path: Path) -> None:
    assert rows(shop, "gstr1", *OCTOBER, "--check", "--out", str(tmp_path / "checked.json")) == []
    assert json.loads((tmp_path / "checked.json").read_text())["fp"] == "102026"


def test_the_form_3b_agrees_with_the_sections(shop: Invo) -> None:
    found = {row["table"]: row for row in rows(shop, "gstr3b", *OCTOBER)}
    assert (found["3.1(a)"]["taxable_value"], found["3.1(a)"]["igst"], found["3.1(a)"]["cgst"]) == (
        "3000.00",
        "270.00",
        "135.00",
    )
    assert found["3.1(c)"]["igst"] is None
    text = shop("return", "gstr3b", *OCTOBER, "--out", "-").stdout
    assert json.loads(text)["sup_details"]["osup_det"]["txval"] == 3000


def test_a_workbook_has_a_sheet_for_each_section(shop: Invo, tmp_path: Path) -> None:
    import openpyxl

    assert shop("customer", "create", "--name", "=1+1", "--mobile", "9876500001").exit_code == 0
    target = tmp_path / "gstr1.xlsx"
    assert shop("return", "gstr1", *OCTOBER, "--xlsx", str(target)).exit_code == 0
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Summary", "b2b", "b2cs", "doc_issue", "hsn_b2b", "hsn_b2c"]
    heading, values = book["b2b"].iter_rows(values_only=True)
    row = dict(zip(heading, values, strict=True))
    assert (row["Recipient"], row["Number"], row["Invoice value"]) == ("27AAPFU0939F1ZV", "INV/26-27/0002", 1770)
    first = target.read_bytes()
    assert shop("return", "gstr1", *OCTOBER, "--xlsx", str(target), "--force").exit_code == 0
    assert target.read_bytes() == first


def test_a_section_with_too_many_rows_for_a_sheet_goes_on_in_another(
    shop: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    from invo_cli.exports import returns_workbook

    assert shop("invoice", "create", *PUNE, "--line", "Fan:1:100:8414:18", "--date", "2026-10-06").exit_code == 0
    monkeypatch.setattr(returns_workbook, "MOST_ROWS", 1)
    target = tmp_path / "gstr1.xlsx"
    assert shop("return", "gstr1", *OCTOBER, "--xlsx", str(target)).exit_code == 0
    book = openpyxl.load_workbook(target)
    assert [book[name]["B2"].value for name in ("b2b", "b2b (2)")] == ["INV/26-27/0002", "INV/26-27/0003"]


def test_locking_records_the_filing_and_closes_the_month(shop: Invo) -> None:
    locked = rows(shop, "lock", "2026-10", *ARN, "--filed-on", "2026-11-06")
    assert [(row["period"], row["arn"], row["filed_on"]) for row in locked] == [
        ("2026-10", "AA291026000001X", "2026-11-06")
    ]
    assert rows(shop, "lock", "2026-10", *ARN, "--filed-on", "2026-11-06") == locked
    assert shop("return", "lock", "2026-10", "--arn", "AA291026000002X").exit_code == 5
    assert shop("invoice", "cancel", "INV/26-27/0001", "--reason", "x").exit_code == 5
    states = {(row["return"], row["period"]): row["state"] for row in rows(shop, "status")}
    assert states[("gstr1", "2026-10")] == "filed"
    assert states[("gstr3b", "2026-10")] == "due"
    assert rows(shop, "unlock", "2026-10", "--reason", "Wrong ARN")[0]["is_locked"] is False
    assert shop("invoice", "cancel", "INV/26-27/0001", "--reason", "x").exit_code == 0


@pytest.mark.parametrize(
    "given", [("--arn", "12"), (*ARN, "--filed-on", "2026-11-07"), (*ARN, "--filed-on", "2026-09-30")]
)
def test_a_filing_that_cannot_be_is_refused(shop: Invo, given: tuple[str, ...]) -> None:
    assert shop("return", "lock", "2026-10", *given).exit_code == 3


def test_a_month_locked_for_another_reason_is_told_its_arn(shop: Invo) -> None:
    assert shop("period", "lock", "2026-10", "--reason", "closed").exit_code == 0
    (row,) = rows(shop, "lock", "2026-10", *ARN)
    assert (row["reason"], row["arn"]) == ("closed", "AA291026000001X")


def test_due_dates_are_usual_or_extended(shop: Invo) -> None:
    due = {(row["return"], row["period"]): row["due_date"] for row in rows(shop, "status")}
    assert (due["gstr1", "2026-10"], due["gstr3b", "2026-10"]) == ("2026-11-11", "2026-11-20")
    assert rows(shop, "due", "gstr1", "2026-10", "2026-11-13")["due_date"] == "2026-11-13"
    assert rows(shop, "status")[0]["due_date"] == "2026-11-13"
    assert rows(shop, "due", "gstr1", "2026-10", "usual")["due_date"] == "2026-11-11"
    assert shop("return", "due", "cmp08", "2026-10", "2026-11-13").exit_code == 3
    assert shop("return", "due", "gstr2", "2026-10", "2026-11-13").exit_code == 3


def test_a_return_is_overdue_after_its_day(shop: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-11-12")
    states = {(row["return"], row["period"]): row["state"] for row in rows(shop, "status")}
    assert states["gstr1", "2026-10"] == "overdue"
    assert states["gstr1", "2026-11"] == "running"


def test_the_status_is_that_of_every_business(shop: Invo) -> None:
    assert shop("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE").exit_code == 0
    assert {row["business"] for row in rows(shop, "status")} == {GSTIN, "PUNE"}
    assert {row["business"] for row in rows(shop, "status", "--business", "PUNE")} == {"PUNE"}


def test_a_quarterly_filer_has_an_iff_and_a_quarter(shop: Invo) -> None:
    assert shop("business", "edit", GSTIN, "--quarterly").exit_code == 0
    assert [row["section"] for row in rows(shop, "gstr1", *OCTOBER, "--iff")] == ["b2b"]
    assert shop("return", "gstr1", *OCTOBER).exit_code == 3
    assert rows(shop, "gstr1", "--period", "2026-Q4") == rows(shop, "gstr1", "--period", "2026-12")
    assert rows(shop, "lock", "2026-10", *ARN)[0]["reason"] == "IFF filed"
    quarter = json.loads(shop("return", "gstr1", "--period", "2026-Q4", "--out", "-").stdout)
    assert (quarter["fp"], "b2b" in quarter, "b2cs" in quarter) == ("122026", False, True)
    assert {row["return"]: row["due_date"] for row in rows(shop, "status")} == {
        "iff": "2026-12-13",
        "gstr1": "2027-01-13",
        "gstr3b": "2027-01-22",
    }


def test_a_monthly_filer_sees_what_a_quarterly_one_would_file(shop: Invo) -> None:
    for given, sections in (((*OCTOBER, "--iff"), {"b2b"}), (("--period", "2026-Q4"), {"b2b", "b2cs"})):
        done = shop("return", "gstr1", *given, "--out", "-")
        assert (done.exit_code, "files monthly" in done.stderr) == (0, True)
        assert sections <= set(json.loads(done.stdout))
    assert shop("return", "gstr1", "--period", "2026-12", "--iff").exit_code == 3
    assert shop("return", "lock", "2026-Q4", *ARN).exit_code == 3


def test_a_composition_taxpayer_has_a_statement(shop: Invo) -> None:
    who = ("--business", "STALL")
    given = ("--name", "Stall", "--gstin", "29AABCR1718E1ZL", "--code", "STALL", "--composition")
    assert shop("business", "create", *given).exit_code == 0
    assert shop("invoice", "create", *ASHA, "--line", "Tea:10:100:9963", "--date", "2026-10-07", *who).exit_code == 0
    found = rows(shop, "cmp08", "--quarter", "2026-Q4", "--class", "restaurant", *who)
    assert [(row["table"], row["taxable_value"], row["cgst"]) for row in found] == [
        ("1", "1000.00", "25.00"),
        ("2", "0.00", "0.00"),
        ("3", "1000.00", "25.00"),
    ]
    assert shop("return", "cmp08", "--quarter", "2026-Q4", "--business", GSTIN).exit_code == 3
    assert "files no GSTR-1" in shop("return", "gstr1", "--period", "2026-Q4", *who).stderr


def test_two_files_are_compared_in_words(shop: Invo, tmp_path: Path) -> None:
    ours = shop("return", "gstr1", *OCTOBER, "--out", "-").stdout
    portal = json.loads(ours) | {"filing_typ": "M"}
    portal["b2b"][0]["inv"][0] |= {"flag": "U", "chksum": "x", "updby": "S"}
    (tmp_path / "ours.json").write_text(ours)
    (tmp_path / "portal.json").write_text(json.dumps(portal))
    paths = (str(tmp_path / "ours.json"), str(tmp_path / "portal.json"))
    assert rows(shop, "diff", *paths) == []
    portal["b2b"][0]["inv"][0]["val"] = 1771.5
    portal["b2b"][0]["inv"][0]["itms"][0]["itm_det"]["iamt"] = 271.5
    del portal["b2cs"]
    (tmp_path / "portal.json").write_text(json.dumps(portal))
    found = rows(shop, "diff", *paths, code=10)
    assert [(row["subject"], row["field"], row["first"], row["second"]) for row in found] == [
        ("INV/26-27/0002", "val", "1770", "1771.5"),
        ("INV/26-27/0002", "iamt 18", "270", "271.5"),
        ("INTRA 29 18", None, "INTRA 29 18", None),
    ]
    assert "IGST at 18 % is 270 in" in found[1]["message"]
    assert shop("return", "diff", paths[0], str(tmp_path / "none.json")).exit_code == 4
    (tmp_path / "odd.json").write_text("[]")
    assert shop("return", "diff", paths[0], str(tmp_path / "odd.json")).exit_code == 3


def test_an_invoice_is_amended_by_a_flag(shop: Invo) -> None:
    assert shop("return", "lock", "2026-10", *ARN).exit_code == 0
    line = ("--line", "Screen:1:1400:998716:18")
    done = shop("invoice", "create", "--amends", "INV/26-27/0002", *line, "-o", "json")
    assert json.loads(done.stdout)["amends"] == "INV/26-27/0002"
    assert [row["section"] for row in rows(shop, "gstr1", "--period", "2026-11")][:1] == ["b2ba"]


def test_a_late_document_names_its_return(shop: Invo) -> None:
    late = ("--date", "2026-10-20", "--return-period", "2026-11")
    done = shop("invoice", "create", *PUNE, *SCREEN, *late, "-o", "json")
    assert json.loads(done.stdout)["return_period"] == "112026"
    assert rows(shop, "gstr1", "--period", "2026-11")[0]["count"] == 1
