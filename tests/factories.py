"""Rows for tests of what reads documents: stored directly, with every figure in agreement with every constraint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from invo_cli.db.engines import engine_for
from invo_cli.db.types import new_id
from invo_cli.gst.money import round_paise, to_paise, to_thousandths
from invo_cli.gst.periods import FinancialYear, return_period
from invo_cli.models import Business, Customer, Invoice, InvoiceLine
from invo_cli.services import books, businesses, customers
from invo_cli.services.access import OWNER, attach
from invo_cli.services.acting import Act
from invo_cli.services.audit import canonical
from tests.conftest import GSTIN

TODAY = date(2026, 10, 20)
ACT = Act(actor="tester", os_user="tester", host="bench", at=datetime(2026, 10, 20, 6, 30, tzinfo=UTC), today=TODAY)
Lines = Sequence[tuple[str, str]]
"""Taxable value and rate of each line."""


@contextmanager
def stored(url: URL) -> Iterator[Session]:
    """A session whose rows are committed for the commands to find."""
    engine = engine_for(url.render_as_string(hide_password=False))
    with engine.connect().execution_options(invo_writes=True) as connection, Session(connection) as session:
        attach(session, OWNER)
        yield session
        session.commit()


def make_business(session: Session, **values: Any) -> Business:
    """A business in Karnataka."""
    return businesses.create(session, act=ACT, values={"name": "Service Centre", "gstin": GSTIN} | values)


def make_customer(session: Session, business: Business, name: str = "Asha Traders", **columns: Any) -> Customer:
    """A customer in Karnataka."""
    number = books.take(session, business.id, customers=1).customer_no
    code = f"C-{number:04}"
    given = {"business_id": business.id, "id": new_id(), "code": code, "code_key": code, "name": name}
    keys = {"name_key": name.casefold(), "search_key": name.casefold(), "state": "29", "created_at": ACT.at}
    customer = Customer(**(given | keys | columns))
    session.add(customer)
    session.flush()
    customers.record(session, ACT, "create", customer)
    return customer


def make_invoice(
    session: Session, business: Business, customer: Customer, lines: Lines = (("1000.00", "18"),), **columns: Any
) -> Invoice:
    """A document with its lines, issued unless `status` says otherwise, without an audit event."""
    document_no = books.take(session, business.id, documents=1).document_no
    header = _header(business, customer, document_no, columns)
    rows = [_line(place, line, header["place_of_supply"] == business.state) for place, line in enumerate(lines, 1)]
    heads = ("taxable_paise", "cgst_paise", "sgst_paise", "igst_paise", "total_paise")
    invoice = Invoice(**(header | {head: sum(row[head] for row in rows) for head in heads} | columns))
    owner = {"business_id": business.id, "invoice_id": invoice.id}
    session.add_all(InvoiceLine(**(owner | row)) for row in rows)
    session.flush()
    session.add(invoice)
    session.flush()
    return invoice


def _header(business: Business, customer: Customer, document_no: int, columns: dict[str, Any]) -> dict[str, Any]:
    dated_on = columns.get("dated_on", TODAY)
    number = None if columns.get("status") == "draft" else columns.get("number", f"INV/26-27/{document_no:04}")
    return {
        "business_id": business.id,
        "id": new_id(),
        "document_no": document_no,
        "kind": "tax_invoice",
        "status": "issued",
        "number": number,
        "number_key": number,
        "financial_year": FinancialYear.of(dated_on).label,
        "return_period": return_period(dated_on),
        "dated_on": dated_on,
        "customer_id": customer.id,
        "buyer_name": customer.name,
        "buyer_gstin": customer.gstin,
        "buyer_state": customer.state,
        "seller": canonical(asdict(businesses.seller(business))),
        "buyer": canonical(asdict(customers.buyer_of(customer))),
        "entered": "{}",
        "supply": "regular",
        "place_of_supply": customer.state,
        "created_at": ACT.at,
        "created_by": ACT.actor,
    }


def _line(place: int, line: tuple[str, str], is_intra_state: bool) -> dict[str, Any]:
    taxable, rate = Decimal(line[0]), Decimal(line[1])
    half = round_paise(taxable * rate / 200)
    igst = round_paise(taxable * rate / 100)
    cgst, igst = (half, Decimal(0)) if is_intra_state else (Decimal(0), igst)
    return {
        "line_no": place,
        "description": f"Work {place}",
        "quantity_thousandths": 1000,
        "unit": "NOS",
        "unit_price_thousandths": to_thousandths(taxable),
        "gross_paise": to_paise(taxable),
        "taxable_paise": to_paise(taxable),
        "taxability": "taxable",
        "gst_rate_thousandths": to_thousandths(rate),
        "cgst_paise": to_paise(cgst),
        "sgst_paise": to_paise(cgst),
        "igst_paise": to_paise(igst),
        "total_paise": to_paise(taxable + cgst + cgst + igst),
    }
