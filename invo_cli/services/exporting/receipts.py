"""Payments, and what they and credit notes are set against, as data sets."""

from __future__ import annotations

from sqlalchemy import String, case, cast, func, literal, or_
from sqlalchemy.orm import aliased, outerjoin

from invo_cli.models import Allocation, Business, Customer, Invoice, Payment
from invo_cli.services.exporting import events
from invo_cli.services.exporting.declaring import DataSet, Field, Subjects, money, text, word

_Note = aliased(Invoice)
_Receipt = aliased(Payment)
_PAYMENT = literal("payment:") + Payment.number
_SOURCE = func.coalesce(_PAYMENT, events.document(_Note))
_CUSTOMER_ID = func.coalesce(Payment.customer_id, _Note.customer_id)
_FREE = Payment.amount_paise + Payment.tds_paise - Payment.allocated_paise - Payment.refunded_paise

PAYMENTS = DataSet(
    name="payments",
    meaning="Receipts, advances and refunds, void ones too: one row each.",
    fields=(
        text("business", Business.code, "code of the business", is_key=True),
        text("number", Payment.number, "number", is_key=True),
        word("direction", Payment.direction, "receipt or refund"),
        word("status", case((Payment.voided_on.is_(None), "live"), else_="void"), "live or void"),
        Field("date", "date", Payment.dated_on, "day of the payment"),
        Field("financial_year", "word", Payment.financial_year, "2026-27: April to March", is_key=True),
        text("customer_code", Customer.code, "the customer"),
        word("method", Payment.method, "cash, upi, card, bank or cheque"),
        text("reference", Payment.reference, "UTR, cheque number and so on"),
        money("amount", Payment.amount_paise, "what was received or given back"),
        money("tds", Payment.tds_paise, "tax the customer deducted"),
        money("allocated", Payment.allocated_paise, "set against documents"),
        money("refunded", Payment.refunded_paise, "given back"),
        money(
            "unallocated",
            case((Payment.voided_on.is_(None) & (Payment.direction == "receipt"), _FREE), else_=0),
            "still free",
        ),
        Field("is_advance", "flag", Payment.is_advance, "whether GST is due on receipt"),
        text("voucher", Payment.voucher, "number of its receipt or refund voucher"),
        Field("gst_rate", "rate", Payment.gst_rate_thousandths, "of an advance: GST in per cent"),
        word("place_of_supply", Payment.place_of_supply, "of an advance: state, two digits"),
        money("taxable_value", Payment.taxable_paise, "of an advance: value before tax"),
        money("cgst", Payment.cgst_paise, "of an advance: central tax"),
        money("sgst", Payment.sgst_paise, "of an advance: state or union territory tax"),
        money("igst", Payment.igst_paise, "of an advance: integrated tax"),
        text("refund_of", func.coalesce(_Receipt.number, _Note.number), "of a refund: the payment or credit note"),
        text("notes", Payment.notes, "notes"),
        Field("voided_on", "date", Payment.voided_on, "when it was taken back"),
        text("void_reason", Payment.void_reason, "why it was taken back"),
        Field("created_at", "instant", Payment.created_at, "when it was entered"),
        events.change(Payment.business_id, _PAYMENT),
    ),
    rows=outerjoin(Payment, Business, Business.id == Payment.business_id)
    .outerjoin(Customer, (Customer.business_id == Payment.business_id) & (Customer.id == Payment.customer_id))
    .outerjoin(_Receipt, (_Receipt.business_id == Payment.business_id) & (_Receipt.id == Payment.refund_of_id))
    .outerjoin(_Note, (_Note.business_id == Payment.business_id) & (_Note.id == Payment.refund_of_note_id)),
    book=Payment.business_id,
    order=(Payment.dated_on, Payment.number_key, Payment.financial_year),
    subject=_PAYMENT,
    about=lambda subjects: events.named_among("payment", Payment.number, subjects),
    day=Payment.dated_on,
    statuses=("live", "void"),
)


def _about_sources(subjects: Subjects) -> object:
    return or_(
        events.named_among("payment", Payment.number, subjects),
        events.document_among(_Note, subjects),
    )


ALLOCATIONS = DataSet(
    name="allocations",
    meaning="What payments and credit notes are set against, undone ones too: one row each.",
    fields=(
        text("business", Business.code, "code of the business", is_key=True),
        word("id", cast(Allocation.id, String), "names the allocation", is_key=True),
        text("payment", Payment.number, "the payment, or none"),
        text("note", _Note.number, "the credit note, or none"),
        text("invoice", Invoice.number, "the document it is set against"),
        text("customer_code", Customer.code, "the customer of the payment or note"),
        money("amount", Allocation.amount_paise, "how much"),
        Field("date", "date", Allocation.allocated_on, "from when on it counts"),
        word("status", case((Allocation.undone_on.is_(None), "live"), else_="undone"), "live or undone"),
        Field("undone_on", "date", Allocation.undone_on, "from when on it counts no more"),
        Field("created_at", "instant", Allocation.created_at, "when it was entered"),
        events.change(Allocation.business_id, _SOURCE, "audit number of the last change of the payment or note"),
    ),
    rows=outerjoin(Allocation, Business, Business.id == Allocation.business_id)
    .outerjoin(Invoice, (Invoice.business_id == Allocation.business_id) & (Invoice.id == Allocation.invoice_id))
    .outerjoin(Payment, (Payment.business_id == Allocation.business_id) & (Payment.id == Allocation.payment_id))
    .outerjoin(_Note, (_Note.business_id == Allocation.business_id) & (_Note.id == Allocation.note_id))
    .outerjoin(Customer, (Customer.business_id == Allocation.business_id) & (Customer.id == _CUSTOMER_ID)),
    book=Allocation.business_id,
    order=(Allocation.allocated_on, Allocation.id),
    subject=_SOURCE,
    about=_about_sources,
    day=Allocation.allocated_on,
    statuses=("live", "undone"),
)
