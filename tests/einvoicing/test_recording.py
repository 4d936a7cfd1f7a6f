"""Answers of the portal, which is imitated: it signs with a key of the test's own (tests/portal/imitation.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from tests.commands.money import actions, made, refused, shown
from tests.conftest import GSTIN, Invo
from tests.einvoicing.reporting import LINE, PUNE, issued, record
from tests.portal.imitation import ACK_NO, answer, public_key

pytestmark = pytest.mark.integration


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
