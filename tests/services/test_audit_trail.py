"""The audit trail read, and every way to tamper with it found."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from invo_cli.gst.document import DocumentInput
from invo_cli.gst.reading import read_document
from invo_cli.models import Business
from invo_cli.services import audit_trail, invoice_lookup, invoices
from invo_cli.services.audit_chain import Finding, Tally
from tests.conftest import ON_POSTGRESQL
from tests.factories import ACT, make_business, make_customer, make_invoice

pytestmark = pytest.mark.integration


def entered(name: str = "Asha Traders") -> DocumentInput:
    customer = {"name": name, "mobile": "9876543210"}
    lines = [
        {"description": "Screen replacement", "hsn": "998716", "quantity": "1", "unit_price": "1500.00"},
        {"description": "Fan", "hsn": "8414", "quantity": "2", "unit_price": "100.00", "gst_rate": "5"},
    ]
    return read_document({"customer": customer, "lines": lines})


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business whose trail is: 1 business, 2 customer, 3 issue D-1, 4 issue D-2, 5 draft D-3, 6 cancel D-2."""
    business = make_business(db_session)
    for draft in (False, False, True):
        invoices.create(db_session, business, entered(), act=ACT, draft=draft)
    invoice = invoice_lookup.get(db_session, business, "D-2")
    invoices.cancel(db_session, business, invoice, act=ACT, reason="Wrong customer")
    return business


def findings(session: Session) -> list[Finding]:
    session.flush()
    return list(audit_trail.verify(session, Tally()))


def tamper(session: Session, *statements: str) -> None:
    """Act as somebody who owns the database: the triggers and foreign keys do not stop that person."""
    if ON_POSTGRESQL:
        session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        triggers = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in triggers.scalars().all():
            session.execute(text(f"DROP TRIGGER {name}"))
    for statement in statements:
        session.execute(text(statement))
    session.expire_all()


def test_an_honest_trail_has_no_findings(db_session: Session, business: Business) -> None:
    tally = Tally()
    assert list(audit_trail.verify(db_session, tally)) == []
    assert tally.events >= 6


def test_drafts_edited_issued_deleted_and_restored_have_no_findings(db_session: Session, business: Business) -> None:
    draft = invoice_lookup.get(db_session, business, "D-3")
    invoices.edit(db_session, business, draft, entered("Ravi Stores"), act=ACT)
    invoices.issue(db_session, business, draft, act=ACT)
    invoices.delete(db_session, business, draft, act=ACT, reason="Duplicate")
    assert findings(db_session) == []
    invoices.restore(db_session, business, draft, act=ACT)
    assert findings(db_session) == []


ON_THE_CHAIN = {
    "another actor": ("UPDATE audit_events SET actor = 'nobody' WHERE seq = 3", 3),
    "another time": ("UPDATE audit_events SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 4", 4),
    "another reason": ("UPDATE audit_events SET reason = 'None' WHERE seq = 6", 6),
    "another amount": ("UPDATE audit_events SET after = replace(after, '1980.00', '1980.01') WHERE seq = 3", 3),
    "no state": ("UPDATE audit_events SET after = NULL WHERE seq = 5", 5),
    "another hash": ("UPDATE audit_events SET hash = 'f00' WHERE seq = 6", 6),
    "one removed": ("DELETE FROM audit_events WHERE seq = 5", 6),
    "the first removed": ("DELETE FROM audit_events WHERE seq = 1", 2),
    "the end cut off": ("DELETE FROM audit_events WHERE seq > 4", 4),
    "all removed": ("DELETE FROM audit_events", None),
    "one added": (
        "INSERT INTO audit_events SELECT business_id, 7, at, actor, os_user, host, action, subject, reason,"
        " before, after, hash, via FROM audit_events WHERE seq = 6",
        7,
    ),
    "the book set back": ("UPDATE books SET last_audit_seq = 5", 6),
    "another hash in the book": ("UPDATE books SET last_audit_hash = 'f00'", 6),
    "a personal value": ("UPDATE audit_personal SET fields = replace(fields, 'Asha', 'Usha') WHERE seq = 2", 2),
    "personal values of nothing": (
        'UPDATE audit_personal SET fields = \'{"after": 1, "after.x.0": 2, "after.lines.9.x": 3}\' WHERE seq = 3',
        3,
    ),
    "unreadable personal values": ("UPDATE audit_personal SET fields = '[' WHERE seq = 2", 2),
}


@pytest.mark.parametrize("attack", ON_THE_CHAIN)
def test_every_change_of_the_trail_is_found(db_session: Session, business: Business, attack: str) -> None:
    statement, seq = ON_THE_CHAIN[attack]
    # The book of the system has events of its own: only this business is tampered with.
    own = f"business_id = {business.id}"
    glue = " AND " if " WHERE " in statement else " WHERE "
    tamper(db_session, statement + glue + own)
    found = [finding for finding in findings(db_session) if finding.business == business.code]
    assert found
    assert found[0].seq == seq


def test_an_event_removed_and_written_again_is_found(db_session: Session, business: Business) -> None:
    own = f"business_id = {business.id}"
    tamper(
        db_session,
        f"CREATE TEMPORARY TABLE taken AS SELECT * FROM audit_events WHERE {own} AND seq = 6",
        f"DELETE FROM audit_events WHERE {own} AND seq = 6",
        "UPDATE taken SET reason = 'A better one'",
        "INSERT INTO audit_events SELECT * FROM taken",
    )
    assert [finding.seq for finding in findings(db_session)] == [6]


@pytest.mark.parametrize("place", ["invoices SET buyer", "audit_events SET after", "audit_personal SET fields"])
def test_what_is_nested_too_deep_to_be_read_is_a_finding(db_session: Session, business: Business, place: str) -> None:
    tamper(db_session, f"UPDATE {place} = '{50_000 * '['}'")
    assert "invoice:D-1" in {finding.subject for finding in findings(db_session)}


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL stores no text among numbers")
def test_a_balance_that_is_no_number_is_a_finding(db_session: Session, business: Business) -> None:
    unchecked = "PRAGMA ignore_check_constraints = {}"
    tamper(db_session, unchecked.format("ON"), "UPDATE invoices SET paid_paise = 'all'", unchecked.format("OFF"))
    assert any("not the 'all'" in finding.problem for finding in findings(db_session))


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL stores no text that is not UTF-8, no time that is none")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = CAST(x'ff' AS TEXT) WHERE seq = 3",
        "UPDATE audit_events SET at = 'yesterday' WHERE seq = 3",
        "UPDATE audit_events SET subject = x'ff' WHERE seq = 3",
        "UPDATE audit_events SET after = 'x', action = x'00' WHERE seq = 3",
    ],
)
def test_damaged_values_are_findings_too(db_session: Session, business: Business, statement: str) -> None:
    tamper(db_session, f"{statement} AND business_id = {business.id}")
    found = findings(db_session)
    assert [finding.seq for finding in found][:1] == [3]
    assert json.dumps(found)


def test_personal_values_that_nobody_erased_are_missed(db_session: Session, business: Business) -> None:
    tamper(db_session, "DELETE FROM audit_personal WHERE seq = 3")
    (found,) = findings(db_session)
    assert (found.seq, found.subject) == (3, "invoice:D-1")
    assert found.problem == "Personal values kept beside it are missing, and nobody erased them."


def test_one_personal_value_that_is_missing_is_missed(db_session: Session, business: Business) -> None:
    (fields,) = db_session.execute(text("SELECT fields FROM audit_personal WHERE seq = 3")).scalars()
    kept = {path: value for path, value in json.loads(fields).items() if path != "after.customer.mobile"}
    db_session.execute(text("UPDATE audit_personal SET fields = :kept WHERE seq = 3"), {"kept": json.dumps(kept)})
    assert [found.seq for found in findings(db_session)] == [3]


ON_A_DOCUMENT = {
    "total_paise = total_paise + 100, other_charges_paise = 100": "total is 1981.00, but was issued as 1980.00.",
    "cgst_paise = 13999, sgst_paise = 13999, total_paise = 197998": "cgst is 139.99, but was issued as 140.00.",
    "number = 'INV/26-27/0009', number_key = 'INV/26-27/0009'": "number is INV/26-27/0009, but was issued as INV/",
    "dated_on = '2026-10-01'": "date is 2026-10-01, but was issued as 2026-10-20.",
    "return_period = '112026'": "return_period is 112026, but was issued as 102026.",
    "buyer_name = 'Usha Traders'": "customer.name is Usha Traders, but was issued as Asha Traders.",
    "buyer_gstin = '29AAGCB7383J1Z4'": "customer.gstin is 29AAGCB7383J1Z4, but was issued as null.",
    "place_of_supply = '27'": "place_of_supply is 27, but was issued as 29.",
    "status = 'cancelled'": "status is cancelled, but the trail says issued.",
    "is_deleted = (1 = 1)": "is_deleted is true, but the trail says false.",
    "buyer = replace(buyer, 'Asha Traders', 'Usha Traders')": "Its buyer's name on paper is Usha Traders, but",
    f"irn = '{64 * 'a'}'": f"irn is {64 * 'a'}, but the trail says null.",
    "customer_id = 1": "customer is null, but the trail says C-0001.",
    "status = 'draft', number = NULL, number_key = NULL": "It was issued, but there is no such",
}


@pytest.mark.parametrize("change", ON_A_DOCUMENT)
def test_every_change_of_an_issued_document_is_found(db_session: Session, business: Business, change: str) -> None:
    tamper(db_session, f"UPDATE invoices SET {change} WHERE document_no = 1")
    found = findings(db_session)
    assert {(finding.seq, finding.subject, finding.business) for finding in found} == {
        (3, "invoice:D-1", business.code)
    }
    assert any(finding.problem.startswith(ON_A_DOCUMENT[change]) for finding in found), found


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE invoice_lines SET description = 'Battery' WHERE line_no = 2", "lines.2.description is Battery"),
        ("UPDATE invoice_lines SET gst_rate_thousandths = 12000 WHERE line_no = 2", "lines.2.gst_rate is 12"),
        ("DELETE FROM invoice_lines WHERE line_no = 2", "It has 1 lines, but was issued with 2."),
        ("DELETE FROM invoice_lines WHERE line_no > 0", "It has 0 lines, but was issued with 2."),
    ],
)
def test_every_change_of_a_line_is_found(db_session: Session, business: Business, statement: str, problem: str) -> None:
    first = f"invoice_id = (SELECT id FROM invoices WHERE document_no = 1 AND business_id = {business.id})"
    tamper(db_session, f"{statement} AND {first}")
    found = findings(db_session)
    assert [finding.subject for finding in found] == ["invoice:D-1"]
    assert found[0].problem.startswith(problem)


def test_an_uncancelled_document_is_found(db_session: Session, business: Business) -> None:
    tamper(db_session, "UPDATE invoices SET status = 'issued', cancel_reason = NULL WHERE document_no = 2")
    assert [finding.problem for finding in findings(db_session)] == [
        "status is issued, but the trail says cancelled.",
        "cancel_reason is null, but the trail says Wrong customer.",
    ]


def test_a_removed_document_is_found(db_session: Session, business: Business) -> None:
    gone = "(SELECT id FROM invoices WHERE document_no = 1)"
    tamper(
        db_session,
        f"DELETE FROM invoice_lines WHERE invoice_id = {gone}",
        "DELETE FROM invoices WHERE document_no = 1",
    )
    assert [(finding.seq, finding.subject) for finding in findings(db_session)] == [(3, "invoice:D-1")]


def test_a_document_without_an_event_is_found(db_session: Session, business: Business) -> None:
    invoice = make_invoice(db_session, business, make_customer(db_session, business, "Ravi Stores"))
    (found,) = findings(db_session)
    assert (found.seq, found.subject) == (None, f"invoice:D-{invoice.document_no}")


def test_many_documents_are_compared_in_batches(
    db_session: Session, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from invo_cli.services import audit_chain, audit_documents

    monkeypatch.setattr(audit_chain, "BATCH", 2)
    monkeypatch.setattr(audit_documents, "BATCH", 2)
    for _ in range(5):
        invoices.create(db_session, business, entered(), act=ACT)
    assert findings(db_session) == []
    tamper(db_session, "UPDATE invoices SET return_period = '112026' WHERE document_no IN (1, 8)")
    assert [finding.subject for finding in findings(db_session)] == ["invoice:D-1", "invoice:D-8"]


def test_a_finding_names_its_business(db_session: Session, business: Business) -> None:
    other = make_business(db_session, gstin="27AAPFU0939F1ZV", code="PUNE")
    invoices.create(db_session, other, entered(), act=ACT)
    tamper(db_session, f"UPDATE audit_events SET actor = 'x' WHERE seq = 1 AND business_id = {other.id}")
    assert [(finding.seq, finding.business) for finding in findings(db_session)] == [(1, "PUNE")]


def listed(session: Session, business: Business, **wanted: object) -> list[int]:
    return [row["seq"] for row in audit_trail.search(session, business.id, audit_trail.Wanted(**wanted))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "seqs"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"subject": "invoice:D-2"}, [4, 6]),
        ({"action": "invoice.issue"}, [3, 4]),
        ({"actor": "nobody"}, []),
        ({"after": 4}, [5, 6]),
        ({"action": "invoice.issue", "after": 3}, [4]),
        ({"since": ACT.at}, [1, 2, 3, 4, 5, 6]),
        ({"since": ACT.at + timedelta(microseconds=1)}, []),
        ({"until": ACT.at}, [1, 2, 3, 4, 5, 6]),
        ({"until": ACT.at - timedelta(microseconds=1)}, []),
    ],
)
def test_events_are_chosen(db_session: Session, business: Business, wanted: dict[str, object], seqs: list[int]) -> None:
    assert listed(db_session, business, **wanted) == seqs


def test_personal_values_are_read_until_they_are_erased(db_session: Session, business: Business) -> None:
    def name() -> object:
        (event,) = audit_trail.search(db_session, business.id, audit_trail.Wanted(action="customer.create"))
        return event["after"]["name"]

    assert name() == "Asha Traders"
    tamper(db_session, "DELETE FROM audit_personal")
    assert str(name()).startswith("sha256:")
