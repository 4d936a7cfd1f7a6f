"""The einvoice noun: what is reported, when it is due, and what the portal would refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.money import made, refused
from tests.conftest import GSTIN, Invo
from tests.einvoicing.reporting import ADDRESS, LINE, PUNE, TO_PUNE, issued

pytestmark = pytest.mark.integration


def test_a_file_is_built_and_judged_right(seller: Invo, tmp_path: Path) -> None:
    number, out = issued(seller), tmp_path / "e.json"
    (row,) = made(seller, "einvoice", "build", number, "--out", str(out))
    (content,) = json.loads(out.read_text(encoding="utf-8"))
    assert content["DocDtls"] == {"Typ": "INV", "No": number, "Dt": "05/10/2026"}
    assert content["ValDtls"]["TotInvVal"] == 1770
    assert made(seller, "einvoice", "validate", str(out)) == []
    computed = seller("einvoice", "irn", "--gstin", GSTIN, "--date", "2026-10-05", "--type", "INV", "--number", number)
    assert computed.stdout == f"{row['irn']}\n"
    assert out.read_text(encoding="utf-8") == seller("einvoice", "build", number).stdout
    assert refused(seller, 5, "einvoice", "build", number, "--out", str(out)).startswith("error: ")


def test_a_period_takes_what_is_reported_and_passes_over_the_rest(seller: Invo) -> None:
    first, second = issued(seller), issued(seller)
    made(seller, "invoice", "create", "--customer", "Asha", "--mobile", "9876543210", *LINE)
    made(seller, "invoice", "create", *TO_PUNE, *LINE, "--draft")
    cancelled = issued(seller)
    made(seller, "invoice", "cancel", cancelled, "--reason", "x")
    note = made(seller, "credit-note", "create", "--against", first, "--full", "--reason", "Returned")["number"]
    content = json.loads(seller("einvoice", "build", "--period", "2026-10").stdout)
    assert [each["DocDtls"]["No"] for each in content] == [first, second, note]
    assert content[2]["RefDtls"]["PrecDocDtls"] == [{"InvNo": first, "InvDt": "05/10/2026"}]
    assert [row["number"] for row in made(seller, "einvoice", "due")] == [first, second, note]
    nothing = seller("einvoice", "build", "--period", "2026-09")
    assert (nothing.exit_code, nothing.stdout, "Nothing is to be reported" in nothing.stderr) == (0, "", True)


def test_what_the_portal_takes_no_more_does_not_hold_up_the_rest_of_its_period(
    seller: Invo, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, open_ = issued(seller, "--date", "2026-10-04"), issued(seller)
    monkeypatch.setenv("INVO_NOW", "2026-11-03T12:00:00+05:30")
    done = seller("einvoice", "build", "--period", "2026-10")
    assert [each["DocDtls"]["No"] for each in json.loads(done.stdout)] == [open_]
    assert f"warning: {late} of 2026-10-04 could be reported until 2026-11-02. It is left out." in done.stderr
    assert "error 2305" in refused(seller, 3, "einvoice", "build", late, open_)


def test_a_note_against_several_documents_names_them_all(seller: Invo) -> None:
    first, second = issued(seller, "--date", "2026-10-04"), issued(seller, "--date", "2026-10-03")
    flags = ("--line", "Screen replacement:1:100:998716:18", "--reason", "Late discount")
    note = made(seller, "credit-note", "create", "--against", f"{first},{second}", *flags)["number"]
    (content,) = json.loads(seller("einvoice", "build", note).stdout)
    assert content["RefDtls"]["PrecDocDtls"] == [
        {"InvNo": second, "InvDt": "03/10/2026"},
        {"InvNo": first, "InvDt": "04/10/2026"},
    ]


def test_what_is_not_reported_says_why(seller: Invo) -> None:
    consumer = made(seller, "invoice", "create", "--customer", "Asha", "--mobile", "9876543210", *LINE)["number"]
    before = issued(seller, "--date", "2026-03-31")
    late = issued(seller, "--date", "2026-09-05")
    draft = made(seller, "invoice", "create", *TO_PUNE, *LINE, "--draft")["id"]
    cancelled = issued(seller)
    made(seller, "invoice", "cancel", cancelled, "--reason", "x")
    exempt = json.dumps({"customer": {"name": "Pune Motors", "gstin": PUNE},
                         "lines": [{"description": "Book", "unit_price": "99", "taxability": "exempt"}]})  # fmt: skip
    bill = json.loads(seller("invoice", "create", "--file", "-", "-o", "json", input=exempt).stdout)["number"]
    cases = {
        consumer: (3, "unregistered person (B2C)"),
        before: (3, "before 2026-04-01"),
        late: (3, "until 2026-10-04"),
        bill: (3, "a bill of supply"),
        draft: (5, "is a draft"),
        cancelled: (5, "is cancelled"),
        "INV/26-27/0999": (4, "No document"),
    }
    for name, (status, said) in cases.items():
        assert said in refused(seller, status, "einvoice", "build", name)
    assert "until 2026-10-04" in refused(seller, 3, "einvoice", "build", "--period", "2026-09")
    refused(seller, 2, "einvoice", "build")
    refused(seller, 2, "einvoice", "build", draft, "--period", "2026-10")


def test_what_the_portal_would_refuse_is_not_written(counter: Invo, tmp_path: Path) -> None:
    number, out = issued(counter), tmp_path / "e.json"
    said = refused(counter, 3, "einvoice", "build", number, "--out", str(out))
    assert "SellerDtls.Addr1" in said
    assert "invo customer edit" in said
    assert not out.exists()
    made(counter, "business", "edit", GSTIN, "--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    made(counter, "customer", "edit", "C-0001", *ADDRESS)
    done = counter("einvoice", "build", number)
    assert (done.exit_code, "reports no e-invoices yet" in done.stderr) == (0, True)


def test_what_a_document_was_issued_without_is_added_afterwards(counter: Invo) -> None:
    made(counter, "business", "edit", GSTIN, "--address", "12 MG Road", "--einvoice-from", "2026-04-01")
    made(counter, "customer", "create", "--name", "PM", "--gstin", PUNE, "--address", "1 Law College Road")
    number = made(counter, "invoice", "create", "--customer", "PM", *LINE)["number"]
    said = refused(counter, 3, "einvoice", "build", number)
    assert "BuyerDtls.LglNm has 2 characters" in said
    assert "(5 problems in all)" in said
    made(counter, "business", "edit", GSTIN, "--city", "Bengaluru", "--pincode", "560001")
    made(counter, "customer", "edit", "PM", "--name", "Pune Motors", "--city", "Pune", "--pincode", "411001")
    (content,) = json.loads(counter("einvoice", "build", number).stdout)
    assert [content["SellerDtls"][key] for key in ("Addr1", "Loc", "Pin")] == ["12 MG Road", "Bengaluru", 560001]
    assert [content["BuyerDtls"][key] for key in ("LglNm", "Loc", "Pin")] == ["Pune Motors", "Pune", 411001]


def test_a_wrong_pin_code_and_an_unknown_country_are_corrected_afterwards(seller: Invo) -> None:
    made(seller, "business", "edit", GSTIN, "--lut", "AD290326000001X")
    made(seller, "customer", "edit", "Pune Motors", "--pincode", "560001")
    abroad = ("--overseas", "--country", "Ceylonia", "--address", "4 Galle Road", "--city", "Colombo")
    made(seller, "customer", "create", "--name", "Perera Holdings", *abroad)
    export = ("--supply", "export_without_payment", "--line", "Screen:1:1500:85177090:18")
    wrong = issued(seller), made(seller, "invoice", "create", "--customer", "Perera Holdings", *export)["number"]
    assert "does not lie in state 27" in refused(seller, 3, "einvoice", "build", wrong[0])
    assert "no particulars of export" in refused(seller, 3, "einvoice", "build", wrong[1])
    made(seller, "customer", "edit", "Pune Motors", "--pincode", "411001")
    made(seller, "customer", "edit", "Perera Holdings", "--country", "Sri Lanka")
    content = json.loads(seller("einvoice", "build", *wrong).stdout)
    assert (content[0]["BuyerDtls"]["Pin"], content[1]["ExpDtls"]) == (411001, {"CntCode": "LK"})


def test_a_line_without_a_code_is_issued_anew(seller: Invo) -> None:
    number = made(seller, "invoice", "create", *TO_PUNE, "--line", "Screen:1:1500")["number"]
    said = refused(seller, 3, "einvoice", "build", number)
    assert "hint: Cancel the document and issue it with a code of 4, 6 or 8 digits on the line." in said


def test_a_whole_address_stays_as_it_was_issued_and_one_in_another_state_is_never_taken(seller: Invo) -> None:
    number = issued(seller)
    made(seller, "customer", "edit", "Pune Motors", "--address", "9 Camp", "--pincode", "411009")
    (content,) = json.loads(seller("einvoice", "build", number).stdout)
    assert content["BuyerDtls"]["Addr1"] == "1 Law College Road"
    made(seller, "customer", "create", "--name", "Goa Motors", "--gstin", "30AABCR1718E1Z2", "--address", "1 Beach")
    number = made(seller, "invoice", "create", "--customer", "Goa Motors", *LINE)["number"]
    made(seller, "customer", "edit", "Goa Motors", "--gstin", "29AABCR1718E1ZL", *ADDRESS)
    assert "BuyerDtls.Loc is missing" in refused(seller, 3, "einvoice", "build", number)


def test_due_counts_thirty_days_with_the_day_itself(seller: Invo) -> None:
    number, late = issued(seller), issued(seller, "--date", "2026-09-05")
    done = seller("einvoice", "due", "-o", "json")
    assert "1 can be reported no more" in done.stderr
    assert [(row["number"], row["last_day"], row["days_left"]) for row in json.loads(done.stdout)] == [
        (late, "2026-10-04", -1),
        (number, "2026-11-03", 29),
    ]
    made(seller, "business", "edit", GSTIN, "--turnover", "6,00,00,000")
    assert {row["days_left"] for row in made(seller, "einvoice", "due")} == {None}


def test_nothing_is_due_of_a_business_that_reports_nothing(counter: Invo) -> None:
    issued(counter)
    done = counter("einvoice", "due", "-o", "json")
    assert (done.stdout, "reports no e-invoices" in done.stderr) == ("[]\n", True)
    made(counter, "business", "edit", GSTIN, "--turnover", "6,00,00,000")
    assert len(made(counter, "einvoice", "due")) == 1


def test_a_unit_in_a_sez_reports_only_from_a_day_that_is_set(counter: Invo) -> None:
    made(counter, "business", "edit", GSTIN, "--turnover", "6,00,00,000", "--sez")
    issued(counter)
    assert made(counter, "einvoice", "due") == []
    made(counter, "business", "edit", GSTIN, "--einvoice-from", "2026-04-01")
    assert len(made(counter, "einvoice", "due")) == 1


def test_show_says_how_a_document_stands(seller: Invo) -> None:
    row = made(seller, "einvoice", "show", issued(seller))
    computed = seller(
        *("einvoice", "irn", "--gstin", GSTIN, "--date", "2026-10-05", "--type", "INV", "--number", row["number"])
    )
    assert (row["status"], row["expected_irn"], row["days_left"]) == ("due", computed.stdout.strip(), 29)
    consumer = made(seller, "invoice", "create", "--customer", "Asha", "--mobile", "9876543210", *LINE)["number"]
    row = made(seller, "einvoice", "show", consumer)
    assert (row["status"], row["expected_irn"], "unregistered" in row["reason"]) == ("not reported", None, True)
    draft = made(seller, "invoice", "create", *TO_PUNE, *LINE, "--draft")["id"]
    assert made(seller, "einvoice", "show", draft)["reason"] == f"{draft} is a draft."
    refused(seller, 4, "einvoice", "show", "INV/26-27/0999")
