"""Amendments: who may be amended, and what becomes of the money."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, NotFoundError
from invo_cli.gst.reading import read_document
from invo_cli.models import AuditEvent, Business
from invo_cli.services import ageing, audit_documents, customers, invoice_lookup, invoices, ledger, reports
from invo_cli.services.audit_chain import Tally
from tests.services.people import business_in
from tests.services.returned import ASHA, PUNE, SCREEN, act_on, advance, amend, cancel, close, issue, text

pytestmark = pytest.mark.integration
CHEAPER = {**SCREEN, "unit_price": "1000"}
FIRST = "INV/26-27/0001"


@pytest.fixture
def business(db_session: Session) -> Business:
    return business_in(db_session)


@pytest.fixture
def reported(db_session: Session, business: Business) -> str:
    """An invoice of 1770 in September, which is closed."""
    number: str = issue(db_session, business, "2026-09-10")["number"]
    close(db_session, business, "2026-10-05", "092026")
    return number


def shown(session: Session, business: Business, number: str, day: str = "2026-10-20") -> dict[str, object]:
    found = invoice_lookup.get(session, business, number)
    return invoice_lookup.document(session, business, found.id, today=dt.date.fromisoformat(day))


def balance(session: Session, business: Business, day: str, code: str = "C-0001") -> str:
    customer = customers.get(session, business.id, code)
    row = ledger.balance(session, business, customer, as_of=dt.date.fromisoformat(day))
    rows = ageing.ageing(session, business, as_of=dt.date.fromisoformat(day))
    assert sum(float(each["total"]) for each in rows) == float(row["balance"])
    return str(row["balance"])


def test_an_amendment_takes_a_number_of_its_own_and_the_first_stays(
    db_session: Session, business: Business, reported: str
) -> None:
    made = amend(db_session, business, "2026-10-06", reported, lines=[CHEAPER])
    assert (made["number"], made["amends"], made["status"]) == ("INV/26-27/0002", reported, "issued")
    first = shown(db_session, business, reported)
    assert (first["status"], first["payment_status"], first["total"]) == ("amended", None, "1770.00")
    assert (first["return_period"], made["return_period"]) == ("092026", "102026")


def test_both_documents_have_an_audit_event(db_session: Session, business: Business, reported: str) -> None:
    amend(db_session, business, "2026-10-06", reported, lines=[CHEAPER])
    events = db_session.execute(select(AuditEvent.action, AuditEvent.subject).order_by(AuditEvent.seq)).all()
    assert [tuple(event) for event in events][-2:] == [
        ("invoice.issue", "invoice:D-2"),
        ("invoice.amend", "invoice:D-1"),
    ]
    assert not list(audit_documents.verify(db_session, business, Tally()))


def test_the_customer_owes_one_of_the_two_on_every_day(db_session: Session, business: Business, reported: str) -> None:
    amend(db_session, business, "2026-10-06", reported, lines=[CHEAPER])
    days = ("2026-09-30", "2026-10-05", "2026-10-06", "2026-10-20")
    assert [balance(db_session, business, day) for day in days] == ["1770.00", "1770.00", "1180.00", "1180.00"]


def test_what_was_paid_is_set_against_the_amendment(db_session: Session, business: Business) -> None:
    number = issue(db_session, business, "2026-09-10")["number"]
    advance(db_session, business, "2026-09-12", "1770", is_advance=False, place_of_supply=None, wanted=[(number, None)])
    close(db_session, business, "2026-10-05", "092026")
    made = amend(db_session, business, "2026-10-06", number, lines=[CHEAPER])
    assert (made["paid"], made["outstanding"], made["payment_status"]) == ("1180.00", "0.00", "paid")
    assert shown(db_session, business, number)["paid"] == "0.00"
    assert [balance(db_session, business, day) for day in ("2026-09-30", "2026-10-06")] == ["0.00", "-590.00"]


def test_a_paid_document_keeps_its_customer(db_session: Session, business: Business) -> None:
    number = issue(db_session, business, "2026-09-10")["number"]
    advance(db_session, business, "2026-09-12", "100", is_advance=False, place_of_supply=None, wanted=[(number, None)])
    close(db_session, business, "2026-10-05", "092026")
    with pytest.raises(ConflictError, match="names another"):
        amend(db_session, business, "2026-10-06", number, customer=PUNE)


def test_sales_count_the_amendment_alone(db_session: Session, business: Business, reported: str) -> None:
    amend(db_session, business, "2026-10-06", reported, lines=[CHEAPER])
    rows = reports.sales(db_session, business, by="month", days=(None, None))
    assert [(row["month"], str(row["total"])) for row in rows] == [("2026-10", "1180.00")]


def test_the_customer_and_the_nature_of_a_note_are_those_of_what_is_amended(
    db_session: Session, business: Business
) -> None:
    original = issue(db_session, business, "2026-09-10")["number"]
    note = issue(
        db_session, business, "2026-09-12", customer=None, kind="credit_note", against=original, reason="x", lines=None
    )
    close(db_session, business, "2026-10-05", "092026")
    made = amend(
        db_session,
        business,
        "2026-10-06",
        note["number"],
        customer=None,
        reason="half",
        lines=[{**SCREEN, "unit_price": "500"}],
    )
    assert (made["kind"], made["against"], made["total"]) == ("credit_note", original, "590.00")
    assert shown(db_session, business, original)["outstanding"] == "1180.00"
    assert [balance(db_session, business, day) for day in ("2026-10-05", "2026-10-06")] == ["0.00", "1180.00"]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"number": "INV/26-27/0099"}, NotFoundError, "No document"),
        ({"kind": "credit_note", "reason": "x", "against": FIRST}, InvalidError, "its amendment is one too"),
        ({"day": "2026-09-01"}, InvalidError, "before INV/26-27/0001"),
        ({"issued": "2027-12-05", "day": "2027-12-05"}, InvalidError, "could be corrected until 2027-11-30"),
    ],
)
def test_what_cannot_be_amended_is_refused(
    db_session: Session, business: Business, reported: str, change: dict[str, str], error: type[Exception], words: str
) -> None:
    given = {"number": reported, "day": "2026-10-06"} | change
    with pytest.raises(error, match=words):
        amend(db_session, business, given.pop("day"), given.pop("number"), **given)


def test_what_was_not_reported_is_cancelled_instead(db_session: Session, business: Business) -> None:
    number = issue(db_session, business, "2026-10-05")["number"]
    with pytest.raises(ConflictError, match="not reported yet"):
        amend(db_session, business, "2026-10-06", number)


def test_a_document_of_an_earlier_month_is_amended_before_that_is_locked(
    db_session: Session, business: Business
) -> None:
    number = issue(db_session, business, "2026-09-10")["number"]
    entered = read_document({"lines": [CHEAPER], "round_off": False, "date": "2026-10-06", "amends": number})
    outcome = invoices.create(db_session, business, entered, act=act_on("2026-10-06"))
    (warning,) = [each for each in outcome.warnings if "amended" in each]
    assert warning.startswith(f"GST-24 {number} is amended, and its month is not locked yet")
    assert json.loads(text(db_session, business, "092026"))["b2cs"][0]["txval"] == 1500
    assert json.loads(text(db_session, business, "102026"))["b2csa"][0]["itms"][0]["txval"] == 1000


def test_a_document_with_notes_is_corrected_by_notes(db_session: Session, business: Business) -> None:
    number = issue(db_session, business, "2026-09-10")["number"]
    issue(db_session, business, "2026-09-11", customer=None, kind="debit_note", against=number, reason="x")
    close(db_session, business, "2026-10-05", "092026")
    with pytest.raises(ConflictError, match="Notes were issued"):
        amend(db_session, business, "2026-10-06", number)


def test_an_amended_document_takes_no_payment_and_no_second_amendment(
    db_session: Session, business: Business, reported: str
) -> None:
    amend(db_session, business, "2026-10-06", reported, lines=[CHEAPER])
    with pytest.raises(ConflictError, match="is amended"):
        amend(db_session, business, "2026-10-07", reported)
    with pytest.raises(ConflictError, match="is amended"):
        advance(db_session, business, "2026-10-07", "10", wanted=[(reported, None)])


def test_an_amendment_is_not_cancelled_but_amended_again(
    db_session: Session, business: Business, reported: str
) -> None:
    second = amend(db_session, business, "2026-10-06", reported, lines=[CHEAPER])["number"]
    with pytest.raises(ConflictError, match="replaces a reported document"):
        cancel(db_session, business, "2026-10-07", second)
    third = amend(db_session, business, "2026-10-07", second)
    assert (third["amends"], shown(db_session, business, second)["status"]) == (second, "amended")
    assert balance(db_session, business, "2026-10-07") == "1770.00"


def test_a_copy_of_an_amendment_amends_nothing(db_session: Session, business: Business, reported: str) -> None:
    made = amend(db_session, business, "2026-10-06", reported, customer=ASHA)
    found = invoice_lookup.get(db_session, business, made["number"])
    copy = invoices.duplicate(db_session, business, found, act=act_on("2026-10-08"), draft=False)
    assert copy.document["amends"] is None


def test_a_draft_becomes_the_amendment_when_it_is_issued(
    db_session: Session, business: Business, reported: str
) -> None:
    from invo_cli.gst.reading import read_document

    entered = read_document({"amends": reported, "lines": [CHEAPER], "date": "2026-10-06"})
    made = invoices.create(db_session, business, entered, act=act_on("2026-10-06"), draft=True).document
    assert shown(db_session, business, reported)["status"] == "issued"
    draft = invoice_lookup.get(db_session, business, made["id"])
    invoices.issue(db_session, business, draft, act=act_on("2026-10-06"))
    assert shown(db_session, business, reported)["status"] == "amended"
