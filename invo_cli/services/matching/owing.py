"""What is owed and by whom, looked up once for a whole statement and kept up to date while lines are matched."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.models import BankLine, Business, Customer, Invoice, Payment
from invo_cli.services.matching.evidence import compact, is_telling, name_key, name_words, upi_ids, written_numbers
from invo_cli.services.matching.lines import Line

AT_ONCE = 500


@dataclass(slots=True)
class OpenInvoice:
    """A document that is not wholly paid; `owed` is what is left of it in paise, less what lines took meanwhile."""

    number: str
    year: str
    customer_id: int
    dated_on: date
    total: int
    taxable: int
    owed: int

    @property
    def name(self) -> str:
        """The number with its year: another year may have it too."""
        return f"{self.number}@{self.year}"


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer who may have paid."""

    code: str
    name: str


@dataclass(slots=True)
class Owing:
    """Open documents by number and customer, and what tells customers apart."""

    by_number: dict[str, list[OpenInvoice]] = field(default_factory=lambda: defaultdict(list))
    by_customer: dict[int, list[OpenInvoice]] = field(default_factory=lambda: defaultdict(list))
    by_owed: dict[int, list[OpenInvoice]] = field(default_factory=lambda: defaultdict(list))
    settled: set[str] = field(default_factory=set)
    """Numbers that lines name, of documents on which nothing is owed."""
    payers: dict[int, Payer] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[tuple[int, Sequence[str]]]] = field(default_factory=lambda: defaultdict(list))
    """Customers with open documents by `name_key` of the words of their name."""
    known: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Customers by mobile number, GSTIN, or UPI id of an earlier line."""

    def open_of(self, customer_id: int) -> list[OpenInvoice]:
        """What a customer owes, the oldest first."""
        return [invoice for invoice in self.by_customer.get(customer_id, ()) if invoice.owed]

    def open_at(self, paise: int) -> list[OpenInvoice]:
        """The documents on which exactly this is owed."""
        return [invoice for invoice in self.by_owed.get(paise, ()) if invoice.owed == paise]


def owing(session: Session, business: Business, lines: Sequence[Line]) -> Owing:
    """All that is owed to the business now, with what the lines say of customers looked up."""
    found = Owing()
    _load_open(session, business.id, found)
    _load_settled(session, business.id, lines, found)
    _load_known(session, business.id, lines, found)
    _load_payers(session, business.id, found)
    return found


def _load_open(session: Session, business_id: int, found: Owing) -> None:
    query = (
        select(
            *(Invoice.number, Invoice.financial_year, Invoice.customer_id, Invoice.dated_on),
            *(Invoice.total_paise, Invoice.taxable_paise),
            (Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise).label("owed"),
        )
        .where(
            Invoice.business_id == business_id,
            Invoice.status == "issued",
            Invoice.kind != Kind.CREDIT_NOTE.value,
            Invoice.total_paise > Invoice.paid_paise + Invoice.credited_paise,
        )
        .order_by(Invoice.dated_on, Invoice.document_no)
    )
    rows: Any = session.execute(query)
    for row in rows:
        invoice = OpenInvoice(*row)
        found.by_number[compact(invoice.number)].append(invoice)
        found.by_customer[invoice.customer_id].append(invoice)
        found.by_owed[invoice.owed].append(invoice)


def _load_settled(session: Session, business_id: int, lines: Sequence[Line], found: Owing) -> None:
    named = {number for line in lines for number in written_numbers(line.text) if is_telling(compact(number))}
    for keys in _chunks(named):
        query = select(Invoice.number).where(Invoice.business_id == business_id, Invoice.number_key.in_(keys))
        found.settled |= {compact(number) for number in session.scalars(query) if number}
    found.settled -= found.by_number.keys()


def _load_known(session: Session, business_id: int, lines: Sequence[Line], found: Owing) -> None:
    keys = {key for line in lines for key in keys_of(line)}
    for column in (Customer.mobile, Customer.gstin):
        for some in _chunks(keys):
            query = select(column, Customer.id).where(
                Customer.business_id == business_id, ~Customer.is_deleted, column.in_(some)
            )
            for key, customer_id in session.execute(query):
                found.known[str(key)].add(customer_id)
    wanted = {each for line in lines for each in upi_ids(line.text)}
    if wanted:
        _learn(session, business_id, wanted, found)


def _learn(session: Session, business_id: int, wanted: set[str], found: Owing) -> None:
    """Whose UPI id it is, from the lines that were booked before and still stand."""
    query = (
        select(BankLine.narration, Payment.customer_id)
        .join(Payment, (Payment.business_id == BankLine.business_id) & (Payment.id == BankLine.payment_id))
        .where(BankLine.business_id == business_id, Payment.voided_on.is_(None), BankLine.narration.contains("@"))
    )
    for narration, customer_id in session.execute(query):
        for each in wanted.intersection(upi_ids(narration.upper())):
            found.known[each].add(customer_id)


def _load_payers(session: Session, business_id: int, found: Owing) -> None:
    ids = set(found.by_customer).union(*found.known.values()) if found.known else set(found.by_customer)
    for some in _chunks(ids):
        query = select(Customer.id, Customer.code, Customer.name).where(
            Customer.business_id == business_id, Customer.id.in_(some)
        )
        for customer_id, code, name in session.execute(query):
            found.payers[customer_id] = Payer(code, name)
            words = name_words(name)
            if words and customer_id in found.by_customer:
                found.by_name[name_key(words)].append((customer_id, words))


def keys_of(line: Line) -> set[str]:
    """The mobile numbers and GSTINs in what the bank wrote."""
    mobiles = re.findall(r"(?<![0-9])(?:\+91)?([6-9][0-9]{9})(?![0-9])", line.text)
    gstins = re.findall(r"(?<![A-Z0-9])[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]{3}(?![A-Z0-9])", line.text)
    return {*mobiles, *gstins}


def _chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    ordered = sorted(values)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
