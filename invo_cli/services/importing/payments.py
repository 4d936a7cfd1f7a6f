"""Payments of a file: under the numbers they had, each stored and set against documents as a single one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from invo_cli.errors import ConflictError, InvoError, NotFoundError
from invo_cli.gst.document import ZERO
from invo_cli.gst.money import to_paise
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.record_reading import PAYMENT
from invo_cli.gst.records import PaymentRecord, Record
from invo_cli.models import Customer, Payment
from invo_cli.services import customers, idempotency, payments
from invo_cli.services.importing.matching import require_same
from invo_cli.services.importing.runs import Run

CHUNK = 200
_RECEIPT = (
    *("amount", "method", "reference", "notes", "is_advance", "gst_rate", "place_of_supply", "description"),
    *("number", "voucher"),
)
Key = tuple[str, str]
"""Financial year and number, as keys."""


def store(run: Run) -> None:
    """Import the payments of a file."""
    for chunk in run.chunks(CHUNK):
        stored = _stored(run, [entry.value for entry in chunk])
        for entry in chunk:
            try:
                payment_id = _store(run, entry, stored)
            except InvoError as error:
                run.refuse_for(entry, _placed(error, entry.value))
                continue
            if payment_id is None:
                run.skip()
            else:
                run.made("payment", [(payment_id, entry.line)])


def _placed(error: InvoError, record: PaymentRecord) -> InvoError:
    """The error with the column that names what is not there."""
    if isinstance(error, NotFoundError) and error.wanted is not None:
        error.details["column"] = "customer" if error.wanted == record.customer else "allocate"
    return error


def _store(run: Run, entry: Record[PaymentRecord], stored: Mapping[Key, tuple[Payment, str]]) -> int | None:
    """The id of the payment that was made, None when it is there already."""
    record, session = entry.value, run.session
    request = idempotency.fingerprint({"payment": PAYMENT.write(record)}) if record.idempotency_key else ""
    if record.idempotency_key and idempotency.recall(session, run.business.id, record.idempotency_key, request):
        return None
    known = stored.get(_key(record))
    if known is not None:
        _require_same(run, record, *known)
        return None
    with session.begin_nested():
        payment_id = _create(run, record)
        if record.idempotency_key:
            key = record.idempotency_key
            idempotency.remember(
                session, run.business.id, key, request, subject="payment", subject_id=payment_id, act=run.act
            )
    return payment_id


def _create(run: Run, record: PaymentRecord) -> int:
    session, business = run.session, run.business
    payer = customers.get(session, business.id, record.customer)
    receipt = payments.Receipt(
        on=record.date, tds=record.tds or ZERO, **{name: getattr(record, name) for name in _RECEIPT}
    )
    _require_free(run, record)
    row = payments.create(session, business, payer, receipt, act=run.act, wanted=record.allocate)
    query = select(Payment.id).where(
        Payment.business_id == business.id,
        Payment.number_key == number_key(row["number"]),
        Payment.financial_year == FinancialYear.of(record.date).label,
    )
    return session.scalars(query).one()


def _require_free(run: Run, record: PaymentRecord) -> None:
    """A number or a voucher that another payment of the file or of the books has cannot be given again."""
    year = FinancialYear.of(record.date).label
    mine = (Payment.business_id == run.business.id, Payment.financial_year == year)
    wanted = {"number": record.number, "voucher": record.voucher}
    for name, number in wanted.items():
        column = Payment.number_key if name == "number" else Payment.voucher
        value = number and (number_key(number) if name == "number" else number)
        if value and run.session.scalars(select(Payment.id).where(*mine, column == value)).first() is not None:
            raise ConflictError(
                f"There is a payment {number} of {year} already.", hint=f"See: invo payment show {number}", column=name
            )


def _stored(run: Run, records: Sequence[PaymentRecord]) -> dict[Key, tuple[Payment, str]]:
    """The payments of the books that bear the numbers of a chunk, with the codes of their customers."""
    numbers = sorted({number_key(each.number) for each in records if each.number})
    query = (
        select(Payment, Customer.code)
        .join(Customer, (Customer.business_id == Payment.business_id) & (Customer.id == Payment.customer_id))
        .where(Payment.business_id == run.business.id, Payment.number_key.in_(numbers))
    )
    found = run.session.execute(query).all() if numbers else []
    return {(payment.financial_year, payment.number_key): (payment, code) for payment, code in found}


def _key(record: PaymentRecord) -> Key:
    return FinancialYear.of(record.date).label, number_key(record.number or "")


def _require_same(run: Run, record: PaymentRecord, payment: Payment, customer: str) -> None:
    """Raise ConflictError unless the stored payment is what the file says; allocations may have changed since."""
    given: dict[str, Any] = {
        name: value
        for name, value in asdict(record).items()
        if name in ("method", "reference", "notes", "place_of_supply", "description", "voucher")
    }
    given |= {
        "direction": "receipt",
        "dated_on": record.date,
        "amount_paise": to_paise(record.amount),
        "tds_paise": to_paise(record.tds) if record.tds is not None else None,
        "is_advance": record.is_advance,
    }
    require_same(f"Payment {payment.number}", given, payment)
    if record.customer.strip().upper() != customer.upper():
        payer = customers.get(run.session, run.business.id, record.customer)
        if payer.id != payment.customer_id:
            raise ConflictError(
                f"Payment {payment.number} differs from the stored one in customer: {customer} there.",
                hint="An import changes nothing that is there: edit the record, or take the row out.",
                code="differs",
                column="customer",
            )
