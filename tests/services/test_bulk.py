"""Documents issued in bulk: under the same rules as single ones, with the numbers they had, and proven by the trail."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.db.types import new_id
from invo_cli.gst.reading import read_document
from invo_cli.models import Business, Customer, ImportBatch, ImportRecord, Invoice, NumberCounter
from invo_cli.services import audit_chain, audit_documents, invoice_lookup, invoices, period_locks, series_audit
from invo_cli.services.bulk import Entry, Importer, Outcome, Stated, Verdict
from tests.factories import ACT, TODAY, make_business, make_customer

pytestmark = pytest.mark.integration
LINE = {"description": "Screen", "hsn": "998716", "quantity": "1.5", "unit_price": "999.99", "gst_rate": "18"}
WALK_IN = {"name": "Ravi Kumar", "mobile": "9876543210"}


@pytest.fixture
def business(db_session: Session) -> Business:
    """A business with the customer C-0001."""
    business = make_business(db_session, address_line1="12 MG Road")
    make_customer(db_session, business)
    return business


def importer(session: Session, business: Business) -> Importer:
    columns = {"name": f"batch {new_id()}", "data_set": "invoices", "file_name": "f", "sha256": "0", "counters": "{}"}
    batch = ImportBatch(business_id=business.id, id=new_id(), imported_at=ACT.at, imported_by=ACT.actor, **columns)
    session.add(batch)
    session.flush()
    return Importer(session, business, act=ACT, batch_id=batch.id)


def entry(number: str | None, line_no: int = 1, stated: Stated | None = None, **keys: Any) -> Entry:
    usual = {"customer": "C-0001", "number": number, "date": "2026-10-05", "lines": [LINE, LINE]}
    return Entry(line_no=line_no, document=read_document({**usual, **keys}), stated=stated)


def outcomes(verdicts: list[Verdict]) -> list[str]:
    return [verdict.outcome.value for verdict in verdicts]


def stored(session: Session, business: Business, number: str) -> dict[str, Any]:
    found = invoice_lookup.get(session, business, number)
    return invoice_lookup.document(session, business, found.id, today=TODAY)


def check_trail(session: Session, business: Business) -> None:
    assert list(audit_chain.verify(session, audit_chain.Tally())) == []
    assert list(audit_documents.verify(session, business, audit_chain.Tally())) == []


def test_a_document_is_stored_as_a_single_one_is(db_session: Session, business: Business) -> None:
    charges = [{"description": "Freight", "amount": "75.00"}]
    keys: dict[str, Any] = {"charges": charges, "discount": "10.00", "notes": "By hand"}
    single = invoices.create(db_session, business, entry(None, **keys).document, act=ACT).document
    verdict, *_ = importer(db_session, business).issue([entry(None, **keys)])
    bulk = stored(db_session, business, str(verdict.number))
    assert bulk | {"id": "D-1", "number": "INV/26-27/0001"} == single
    check_trail(db_session, business)


def test_a_series_goes_on_after_the_numbers_that_were_imported(db_session: Session, business: Business) -> None:
    history = [entry(f"INV/25-26/{serial:04}", date="2025-11-05") for serial in (7, 5, 6)]
    assert outcomes(importer(db_session, business).issue(history)) == ["issued"] * 3
    counter = db_session.scalars(select(NumberCounter).where(NumberCounter.financial_year == "2025-26")).one()
    assert (counter.first_serial, counter.last_serial) == (5, 7)
    later = invoices.create(db_session, business, entry(None, date="2025-11-06").document, act=ACT).document
    assert later["number"] == "INV/25-26/0008"
    db_session.expire_all()
    wrong = [account for account in series_audit.accounts(db_session, business.id) if not account.is_sound]
    assert wrong == []


def test_a_number_outside_every_series_stands_alone(db_session: Session, business: Business) -> None:
    importer(db_session, business).issue([entry("A-17"), entry(None)])
    found = db_session.execute(select(Invoice.number, Invoice.series).order_by(Invoice.number)).all()
    assert [tuple(row) for row in found] == [("A-17", None), ("INV/26-27/0001", "INV/{fy}/{seq:04}")]


def test_the_same_file_again_changes_nothing(db_session: Session, business: Business) -> None:
    file = [entry("A-1", customer=WALK_IN), entry(None, idempotency_key="k"), entry("A-1", customer=WALK_IN)]
    assert outcomes(importer(db_session, business).issue(file)) == ["issued", "issued", "known"]
    again = importer(db_session, business).issue(file)
    assert [(each.outcome, each.number) for each in again] == [
        (Outcome.KNOWN, "A-1"),
        (Outcome.KNOWN, "INV/26-27/0001"),
        (Outcome.KNOWN, "A-1"),
    ]
    assert db_session.scalar(select(func.count()).select_from(Invoice)) == 2


@pytest.mark.parametrize("chunks", [1, 2], ids=["one chunk", "two chunks"])
def test_a_number_with_other_content_is_refused(db_session: Session, business: Business, chunks: int) -> None:
    file = [entry("A-1"), entry("a-1", lines=[LINE])]
    bulk = importer(db_session, business)
    verdicts = bulk.issue(file) if chunks == 1 else [*bulk.issue(file[:1]), *bulk.issue(file[1:])]
    assert outcomes(verdicts) == ["issued", "refused"]
    assert "with other content" in verdicts[1].problems[0].message


def test_figures_that_differ_are_problems_at_their_place(db_session: Session, business: Business) -> None:
    right = Stated(document={"total": Decimal("3540")}, lines=({}, {"cgst": Decimal("135.00")}))
    wrong = Stated(document={"total": Decimal("3539.00")}, lines=({"igst": Decimal("1.00")}, {}))
    verdicts = importer(db_session, business).issue([entry("A-1", stated=right), entry("A-2", stated=wrong)])
    assert outcomes(verdicts) == ["issued", "refused"]
    assert [(each.path, each.value) for each in verdicts[1].problems] == [
        ("total", "3539.00"),
        ("lines[0].igst", "1.00"),
    ]


def test_rules_and_locks_refuse_and_name_the_field(db_session: Session, business: Business) -> None:
    period_locks.lock(db_session, business, "092026", act=ACT, reason="Filed")
    ended = [{**LINE, "gst_rate": "28"}]
    verdicts = importer(db_session, business).issue(
        [entry("A-1", lines=ended), entry("A-2", lines=ended, date="2025-09-01"), entry("A-3", date="2026-09-30")]
    )
    assert outcomes(verdicts) == ["refused", "issued", "refused"]
    assert verdicts[0].problems[0].path == "lines[0].gst_rate"
    assert verdicts[0].problems[0].rule
    assert db_session.scalar(select(func.count()).select_from(Invoice)) == 1


def test_customers_are_made_once_and_only_for_what_is_issued(db_session: Session, business: Business) -> None:
    refused = entry("A-9", customer={"name": "Nobody", "mobile": "9000000009"}, date="2030-01-01")
    file = [entry("A-1", 3, customer=WALK_IN), entry("A-2", 4, customer=WALK_IN), refused, entry("A-3", 9)]
    importer(db_session, business).issue(file)
    assert set(db_session.scalars(select(Customer.name))) == {"Asha Traders", "Ravi Kumar"}
    records = db_session.execute(select(ImportRecord.subject, ImportRecord.line_no).order_by(ImportRecord.line_no))
    assert sorted(tuple(row) for row in records) == [("customer", 3), ("invoice", 3), ("invoice", 4), ("invoice", 9)]
    check_trail(db_session, business)


def test_an_unknown_customer_is_refused_by_name(db_session: Session, business: Business) -> None:
    verdict, *_ = importer(db_session, business).issue([entry("A-1", customer="Asha Trader")])
    assert "No customer 'Asha Trader'" in verdict.problems[0].message.replace('"', "'")


def test_a_note_corrects_an_invoice_of_the_same_file(db_session: Session, business: Business) -> None:
    note: dict[str, Any] = {
        "kind": "credit_note",
        "against": "A-1",
        "reason": "Returned",
        "customer": None,
        "lines": [],
    }
    file = [entry("N-1", 1, date="2026-10-06", **note), entry("A-1", 2), entry("N-2", 3, date="2026-10-06", **note)]
    verdicts = importer(db_session, business).issue(file)
    assert outcomes(verdicts) == ["issued", "issued", "refused"]
    assert stored(db_session, business, "A-1")["outstanding"] == "0.00"
    assert outcomes(importer(db_session, business).issue(file)) == ["known", "known", "refused"]
    check_trail(db_session, business)
