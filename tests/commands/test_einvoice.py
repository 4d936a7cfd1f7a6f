"""The einvoice noun. The portal is imitated: it signs with a key of the test's own (tests/portal/imitation.py)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, cast

import pytest

from tests.commands.money import actions, made, refused, shown
from tests.conftest import GSTIN, Invo
from tests.portal.imitation import ACK_NO, answer, public_key

pytestmark = pytest.mark.integration
PUNE = "27AAPFU0939F1ZV"
ADDRESS = ("--address", "1 Law College Road", "--city", "Pune", "--pincode", "411001")
TO_PUNE = ("--customer", "Pune Motors", "--gstin", PUNE)
LINE = ("--line", "Screen replacement:1:1500:998716:18")


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-05T12:00:00+05:30")
    monkeypatch.setenv("INVO_ACTOR", "asha")


@pytest.fixture
def seller(counter: Invo) -> Invo:
    """A business that reports e-invoices and has a customer in Pune with an address."""
    where = ("--address", "12 MG Road", "--city", "Bengaluru", "--pincode", "560001")
    made(counter, "business", "edit", GSTIN, *where, "--einvoice-from", "2026-04-01", "--turnover", "12,00,00,000")
    made(counter, "customer", "create", "--name", "Pune Motors", "--gstin", PUNE, *ADDRESS)
    return counter


def issued(invo: Invo, *flags: str) -> str:
    return str(made(invo, "invoice", "create", *TO_PUNE, *LINE, *flags)["number"])


def record(invo: Invo, folder: Path, content: Any, *flags: str, status: int = 0) -> Any:
    """Record what the imitated portal answers."""
    file = folder / "answer.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    done = invo("einvoice", "record", str(file), *flags, "-o", "json")
    assert done.exit_code == status, done.output
    return json.loads(done.stdout) if done.stdout else done.stderr


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


def test_an_answer_is_recorded_once(seller: Invo, tmp_path: Path) -> None:
    number = issued(seller)
    given = answer(shown(seller, number))
    trial = record(seller, tmp_path, given, "--dry-run")
    assert (trial["dry_run"], shown(seller, number)["irn"]) == (True, None)
    row = record(seller, tmp_path, given)
    assert (row["result"], row["ack_no"], row["status"]) == ("recorded", str(ACK_NO), "live")
    assert row["acknowledged_at"] == "2026-10-05T05:45:00+00:00"
    assert shown(seller, number)["irn"] == given["Irn"] == row["irn"]
    assert record(seller, tmp_path, given)["result"] == "known"
    assert actions(seller, "einvoice") == ["einvoice.record"]
    assert made(seller, "einvoice", "due") == []
    assert "reported already" in refused(seller, 5, "einvoice", "build", number)
    shown_row = made(seller, "einvoice", "show", number)
    assert (shown_row["signed_qr"], shown_row["total"]) == (given["SignedQRCode"], "1770.00")
    assert "another acknowledgement" in record(seller, tmp_path, given | {"AckNo": 5}, status=5)


def test_the_portal_registers_no_document_to_a_consumer(seller: Invo, tmp_path: Path) -> None:
    consumer = ("--customer", "Asha", "--mobile", "9876543210")
    number = made(seller, "invoice", "create", *consumer, *LINE)["number"]
    given = answer(shown(seller, number)) | {"SignedQRCode": None, "SignedInvoice": None, "DocNo": number}
    assert "unregistered person (B2C)" in record(seller, tmp_path, given, status=3)


def test_tokens_may_come_later(seller: Invo, tmp_path: Path) -> None:
    number = issued(seller)
    given = answer(shown(seller, number))
    record(seller, tmp_path, given | {"SignedQRCode": None, "SignedInvoice": None, "DocNo": number})
    assert made(seller, "einvoice", "show", number)["signed_qr"] is None
    assert [record(seller, tmp_path, given)["result"] for _ in range(2)] == ["recorded", "known"]
    row = made(seller, "einvoice", "show", number)
    assert (row["signed_qr"], row["signed_invoice"]) == (given["SignedQRCode"], given["SignedInvoice"])
    assert actions(seller, "einvoice") == ["einvoice.record"] * 2


def test_wrong_answers_are_rejected_one_by_one(seller: Invo, tmp_path: Path) -> None:
    first, second = (shown(seller, issued(seller)) for _ in range(2))
    wrong = {
        "another value": (answer(second, TotInvVal=1.0), "1.0"),
        "another number": (answer(second, DocNo=first["number"]), "IRN"),
        "another date": (answer(second, DocDt="04/10/2026"), "date"),
        "another seller": (answer(second, SellerGstin=PUNE), "seller"),
        "another buyer": (answer(second, BuyerGstin=GSTIN), "buyer"),
        "an acknowledgement before its day": (answer(second) | {"AckDt": "2026-10-04 11:15:00"}, "before its day"),
        "an acknowledgement of the first year": (answer(second) | {"AckDt": "0001-01-01 00:00:00"}, "before its day"),
        "an unknown number": (answer(second, DocNo="INV/26-27/0999"), "There is no INV INV/26-27/0999"),
        "a failure": ({"Status": 0, "ErrorDetails": [{"ErrorCode": "2150", "ErrorMessage": "Duplicate IRN"}]}, "2150"),
    }
    for name, (given, said) in wrong.items():
        problem = record(seller, tmp_path, given, status=4 if "unknown" in name else 3)
        assert said in problem, (name, problem)
    rows = record(seller, tmp_path, [given for given, _ in wrong.values()] + [answer(first)], status=9)
    assert [row["result"] for row in rows] == ["rejected"] * len(wrong) + ["recorded"]
    assert all(said in row["reason"] for row, (_, said) in zip(rows, wrong.values(), strict=False))
    assert [shown(seller, each["number"])["irn"] is None for each in (first, second)] == [False, True]
    record(seller, tmp_path, [given for given, _ in wrong.values()], status=3)


def test_a_key_file_proves_who_signed(seller: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = shown(seller, issued(seller))
    file = tmp_path / "nic.pem"
    monkeypatch.setenv("INVO_NIC_KEY", str(file))
    assert "cannot be read" in record(seller, tmp_path, answer(document), status=4)
    file.write_bytes(public_key())
    assert "has not signed" in record(seller, tmp_path, answer(document, signer="other"), status=3)
    mixed = answer(document) | {"SignedQRCode": answer(document, signer="other")["SignedQRCode"]}
    assert "has not signed" in record(seller, tmp_path, mixed, status=3)
    bare = answer(document) | {"SignedQRCode": None, "SignedInvoice": None, "DocNo": document["number"]}
    assert "has not signed" in record(seller, tmp_path, bare, status=3)
    assert record(seller, tmp_path, answer(document))["result"] == "recorded"


def test_without_a_key_file_it_is_said(seller: Invo, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(answer(shown(seller, issued(seller)))), encoding="utf-8")
    assert "signatures are not checked" in seller("einvoice", "record", str(tmp_path / "a.json")).stderr


def test_a_live_irn_keeps_a_document_until_its_cancellation_is_recorded(seller: Invo, tmp_path: Path) -> None:
    number = issued(seller)
    record(seller, tmp_path, answer(shown(seller, number)))
    said = refused(seller, 5, "invoice", "cancel", number, "--reason", "x")
    assert f"invo einvoice cancel {number}" in said
    cancel = ("einvoice", "cancel", number, "--code", "2", "--remark", "Wrong price")
    trial = made(seller, *cancel, "--dry-run")
    assert (trial["status"], shown(seller, number)["irn"] is None) == ("cancelled", False)
    row = made(seller, *cancel)
    assert (row["cancel_code"], row["cancel_reason"], row["cancel_remark"]) == (2, "data-entry-mistake", "Wrong price")
    assert made(seller, *cancel) == row
    assert actions(seller, "einvoice") == ["einvoice.record", "einvoice.cancel"]
    assert made(seller, "invoice", "cancel", number, "--reason", "Wrong price")["status"] == "cancelled"
    assert made(seller, "einvoice", "show", number)["status"] == "cancelled"


def test_a_cancelled_report_is_never_made_again(seller: Invo, tmp_path: Path) -> None:
    number = issued(seller)
    record(seller, tmp_path, answer(shown(seller, number)))
    done = seller("einvoice", "cancel", number, "--code", "2", "--remark", "Wrong price")
    assert f"still stands in the books. Cancel it there too: invo invoice cancel {number}" in done.stderr
    assert made(seller, "einvoice", "due") == []
    assert "error 2150" in refused(seller, 5, "einvoice", "build", number)
    assert seller("einvoice", "build", "--period", "2026-10").stdout == ""


def test_a_cancellation_lies_within_24_hours(seller: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = issued(seller)
    usual = ("einvoice", "cancel", number, "--code", "others", "--remark", "x")
    assert "has no recorded e-invoice" in refused(seller, 5, *usual)
    record(seller, tmp_path, answer(shown(seller, number)))
    monkeypatch.setenv("INVO_NOW", "2026-10-07T12:00:00+05:30")
    assert "until 2026-10-06 11:15 (India)" in refused(seller, 3, *usual)
    assert "acknowledged later" in refused(seller, 3, *usual, "--at", "2026-10-05 11:14")
    assert "future" in refused(seller, 3, *usual, "--at", "2026-10-08 11:00")
    for wrong in ("2026-10-06", "noon", "2026-10-06 25:00"):
        refused(seller, 3, *usual, "--at", wrong)
    refused(seller, 3, "einvoice", "cancel", number, "--code", "5", "--remark", "x")
    refused(seller, 3, "einvoice", "cancel", number, "--code", "1", "--remark", "x" * 101)
    assert made(seller, *usual, "--at", "2026-10-06 11:15")["cancelled_at"] == "2026-10-06T05:45:00+00:00"


def test_businesses_do_not_see_each_others_documents(seller: Invo, tmp_path: Path) -> None:
    given = answer(shown(seller, issued(seller)))
    made(seller, "business", "create", "--name", "Pune branch", "--gstin", PUNE)
    assert "There is no INV" in record(seller, tmp_path, given, "--business", PUNE, status=4)
    assert made(seller, "einvoice", "due", "--business", PUNE) == []
    assert record(seller, tmp_path, given, "--business", GSTIN)["result"] == "recorded"


def test_the_signed_code_is_printed_untouched(seller: Invo, tmp_path: Path) -> None:
    from invo_cli.commands.entering import read
    from invo_cli.exports.pdf.extras import Extras
    from invo_cli.exports.pdf.paper import paper
    from invo_cli.exports.pdf.sheet import Sheet
    from invo_cli.services import businesses, invoice_lookup, printing
    from tests.exports.modules import modules_of, symbol_of

    number = issued(seller)
    given = answer(shown(seller, number))
    record(seller, tmp_path, given)

    def work(session: Any) -> Any:
        import datetime as dt

        business = businesses.get(session, GSTIN)
        invoice = invoice_lookup.get(session, business, number)
        return printing.paper(session, business, invoice, today=dt.date(2026, 10, 5))

    document, extras = read(work)
    assert (extras["signed_qr"], extras["ack_date"]) == (given["SignedQRCode"], "2026-10-05")
    printed = paper(Sheet(document=document, extras=cast(Extras, extras)), ())["registration"]
    assert [[label, text.replace("\u200b", "")] for label, text in printed["facts"]] == [
        ["IRN", given["Irn"]],
        ["Acknowledgement", str(ACK_NO)],
        ["Acknowledged on", "05-10-2026"],
    ]
    assert modules_of(printed["qr"]) == symbol_of(given["SignedQRCode"])
    pdf = seller("invoice", "pdf", number, "--out", str(tmp_path / "out"))
    assert pdf.exit_code == 0, pdf.output
    made(seller, "einvoice", "cancel", number, "--code", "3", "--remark", "x")
    assert "signed_qr" not in read(work)[1]


def test_a_note_is_reported_and_kept_like_an_invoice(seller: Invo, tmp_path: Path) -> None:
    number = issued(seller)
    note = made(seller, "credit-note", "create", "--against", number, "--full", "--reason", "Returned")
    assert record(seller, tmp_path, answer(note))["irn"] == answer(note)["Irn"]
    assert "live IRN" in refused(seller, 5, "credit-note", "cancel", note["number"], "--reason", "x")
    made(seller, "einvoice", "cancel", note["number"], "--code", "4", "--remark", "x")
    assert made(seller, "credit-note", "cancel", note["number"], "--reason", "x")["status"] == "cancelled"


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


ABROAD = {
    "name": "Perera Holdings",
    "state": "96",
    "address": {"line1": "4 Galle Road", "city": "Colombo", "country": "Sri Lanka"},
}
SCREEN = {"description": "Screen", "hsn": "998716", "unit": "NA", "unit_price": "1499.995", "gst_rate": "18"}
CABLE = {
    "description": "Cable",
    "hsn": "8544",
    "quantity": "3.333",
    "unit": "MTR",
    "unit_price": "7.605",
    "gst_rate": "5",
}
BOOK = {"description": "Book", "hsn": "4901", "unit_price": "99.50", "taxability": "exempt"}
COLA = {"description": "Cola", "hsn": "2202", "unit_price": "40", "gst_rate": "40", "quantity": "12"}
STORED: dict[str, dict[str, Any]] = {
    "mixed": {"lines": [SCREEN, CABLE, BOOK], "discount": "10.01", "other_charges": "5"},
    "inclusive": {"lines": [SCREEN, CABLE, COLA], "prices_include_tax": True, "round_off": False},
    "charges": {"lines": [CABLE], "charges": [{"description": "Freight", "amount": "75.00"}]},
    "reverse": {"lines": [SCREEN, CABLE], "reverse_charge": True},
    "export": {
        "customer": ABROAD,
        "lines": [CABLE | {"hsn": "85444299"}],
        "supply": "export_without_payment",
        "shipping_bill": {"port": "INMAA1", "number": "7896542", "date": "2026-10-05"},
    },
    "differential": {"lines": [SCREEN], "differential_percent": "65"},
    "negative": {"lines": [COLA, COLA | {"description": "Taken back", "unit_price": "-10", "quantity": "1"}]},
}


@pytest.mark.parametrize("name", STORED)
def test_what_is_stored_is_what_is_reported(seller: Invo, name: str) -> None:
    document = {"customer": {"name": "Pune Motors", "gstin": PUNE}} | STORED[name]
    issued_now = seller("invoice", "create", "--file", "-", "-o", "json", input=json.dumps(document))
    assert issued_now.exit_code == 0, issued_now.stderr
    stored = json.loads(issued_now.stdout)
    (content,) = json.loads(seller("einvoice", "build", stored["number"]).stdout, parse_float=str, parse_int=str)
    totals, items = content["ValDtls"], content["ItemList"]
    taxable = [line for line in stored["lines"] if line["taxability"] == "taxable"]
    assert (totals["TotInvVal"], totals["IgstVal"]) == (stored["total"], stored["igst"])
    assert [item["AssAmt"] for item in items] == [line["taxable_value"] for line in taxable]
    assert [item["IgstAmt"] for item in items] == [line["igst"] for line in taxable]
    assert [item["TotItemVal"] for item in items] == [line["total"] for line in taxable]


class TestIrn:
    GIVEN = ("einvoice", "irn", "--gstin", "01AMBPG7773M002", "--date", "2022-09-16", "--type", "INV")
    IRN = "706daeccda0ef6f818da78f3a2a05a1288731057373002289b46c3229289a2e7"

    def test_it_needs_no_database(self, invo: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        done = invo(*self.GIVEN, "--number", "SINV-CFY-00067")
        assert (done.exit_code, done.stdout) == (0, f"{self.IRN}\n")
        assert "sandbox" in done.stderr

    def test_any_fifteen_characters_are_hashed_with_a_warning(self, invo: Invo) -> None:
        for gstin in ("X" * 15, "12345678901234É"):
            done = invo("einvoice", "irn", "--gstin", gstin, "--date", "2022-09-16", "--type", "INV", "--number", "A1")
            assert (done.exit_code, done.stderr.startswith("warning: ")) == (0, True)
            assert done.stdout == hashlib.sha256(f"{gstin}2022-23INVA1".encode()).hexdigest() + "\n"

    def test_json_names_what_was_hashed(self, invo: Invo) -> None:
        assert made(invo, *self.GIVEN, "--number", "SINV-CFY-00067") == {
            "irn": self.IRN,
            "gstin": "01AMBPG7773M002",
            "date": "2022-09-16",
            "type": "INV",
            "number": "SINV-CFY-00067",
        }

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--gstin", "29AAGCB7383J1Z"),
            ("--date", "2022-02-30"),
            ("--date", "16/09/2022"),
            ("--type", "BOS"),
            ("--number", "0001"),
            ("--number", "/1"),
            ("--number", "-1"),
            ("--number", "A" * 17),
            ("--number", ""),
        ],
    )
    def test_what_cannot_be_hashed_is_refused(self, invo: Invo, option: str, value: str) -> None:
        given = {"--gstin": GSTIN, "--date": "2026-10-05", "--type": "INV", "--number": "1"} | {option: value}
        refused(invo, 3, "einvoice", "irn", *(f"{key}={text}" for key, text in given.items()))


class TestValidate:
    def judge(self, invo: Invo, folder: Path, text: str) -> Any:
        (folder / "file.json").write_text(text, encoding="utf-8")
        return invo("einvoice", "validate", str(folder / "file.json"), "-o", "json")

    def test_problems_are_listed_by_path(self, seller: Invo, tmp_path: Path) -> None:
        (content,) = json.loads(seller("einvoice", "build", issued(seller)).stdout)
        content["DocDtls"]["No"] = "0001"
        del content["SellerDtls"]["Loc"]
        for text, prefix in ((json.dumps(content), ""), (json.dumps([content]), "[0].")):
            done = self.judge(seller, tmp_path, text)
            assert done.exit_code == 3
            rows = {row["path"]: (row["rule"], row["value"]) for row in json.loads(done.stdout)}
            assert rows == {f"{prefix}DocDtls.No": ("pattern", "0001"), f"{prefix}SellerDtls.Loc": ("missing", None)}

    @pytest.mark.parametrize("text", ["", "{", "[]", "[1]", "5", "null", '{"a": 1, "a": 2}', "[1e400]"])
    def test_what_is_no_e_invoice_is_refused(self, invo: Invo, tmp_path: Path, text: str) -> None:
        assert self.judge(invo, tmp_path, text).exit_code == 3


def test_who_may_only_look_may_not_record(seller: Invo, tmp_path: Path) -> None:
    number = issued(seller)
    given = answer(shown(seller, number))
    password = {"input": "correct horse battery\n"}
    for name, role in (("boss", "admin"), ("guest", "viewer")):
        made_user = seller("user", "create", name, "--role", role, "--password-stdin", **password)
        assert made_user.exit_code == 0, made_user.stderr
        assert seller("auth", "login", name, "--password-stdin", **password).exit_code == 0
    assert [row["number"] for row in made(seller, "einvoice", "due")] == [number]
    assert "lacks the right einvoice.write" in record(seller, tmp_path, given, status=6)
    said = refused(seller, 6, "eway", "record", "--number", "331001234567", "--invoice", number, "--date", "2026-10-05")
    assert "lacks the right einvoice.write" in said
