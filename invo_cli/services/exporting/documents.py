"""The documents and their lines as data sets."""

from __future__ import annotations

from sqlalchemy import String, cast, literal
from sqlalchemy.orm import aliased, outerjoin

from invo_cli.models import Business, Customer, Invoice, InvoiceLine, Item
from invo_cli.models.invoice import STATUSES
from invo_cli.services.exporting import events
from invo_cli.services.exporting.declaring import DataSet, Field, money, text, word

_Original = aliased(Invoice)
_Amended = aliased(Invoice)
_SUBJECT = events.document()
_CHANGE = events.change(Invoice.business_id, _SUBJECT)
_ID = literal("D-") + cast(Invoice.document_no, String)

# Every join to what must be there is an outer one, too, so that SQLite reads the documents in the order of their index.
_DOCUMENTS = outerjoin(Invoice, Business, Business.id == Invoice.business_id).outerjoin(
    Customer, (Customer.business_id == Invoice.business_id) & (Customer.id == Invoice.customer_id)
)

INVOICES = DataSet(
    name="invoices",
    meaning="Invoices, bills of supply, credit and debit notes, drafts too: one row each.",
    fields=(
        text("business", Business.code, "code of the business", is_key=True),
        text("number", Invoice.number, "number; none for a draft"),
        word("kind", Invoice.kind, "tax_invoice, bill_of_supply, credit_note and so on"),
        word("status", Invoice.status, "draft, issued, cancelled or amended"),
        Field("is_deleted", "flag", Invoice.is_deleted, "whether it is hidden"),
        Field("date", "date", Invoice.dated_on, "date of the document"),
        Field("due_date", "date", Invoice.due_on, "when it is to be paid"),
        word("financial_year", Invoice.financial_year, "2026-27: April to March"),
        word("return_period", Invoice.return_period, "MMYYYY of the return that reports it"),
        text("customer_code", Customer.code, "the customer who has it now"),
        text("customer_name", Invoice.buyer_name, "the recipient as printed"),
        word("customer_gstin", Invoice.buyer_gstin, "GSTIN of the recipient as printed"),
        word("place_of_supply", Invoice.place_of_supply, "state, two digits"),
        word("supply", Invoice.supply, "regular, export_with_payment and so on"),
        Field("reverse_charge", "flag", Invoice.reverse_charge, "whether the recipient pays the tax"),
        money("taxable_value", Invoice.taxable_paise, "value before tax"),
        money("cgst", Invoice.cgst_paise, "central tax"),
        money("sgst", Invoice.sgst_paise, "state or union territory tax"),
        money("igst", Invoice.igst_paise, "integrated tax"),
        money("cess", Invoice.cess_paise, "compensation cess"),
        money("other_charges", Invoice.other_charges_paise, "charges after tax"),
        money("round_off", Invoice.round_off_paise, "what rounding the total added"),
        money("total", Invoice.total_paise, "value of the document"),
        money("paid", Invoice.paid_paise, "settled by payments and deducted tax"),
        money("credited", Invoice.credited_paise, "settled by credit notes"),
        money(
            "outstanding",
            Invoice.total_paise - Invoice.paid_paise - Invoice.credited_paise,
            "total less paid less credited",
        ),
        text("against", _Original.number, "of a note: number of the first original"),
        word("irn", Invoice.irn, "invoice reference number of the portal"),
        _CHANGE,
        word("id", _ID, "D-17: names drafts too", is_key=True),
        money("discount", Invoice.discount_paise, "discount on the whole document"),
        text("amends", _Amended.number, "number of the document it replaces in the returns"),
        text("reason", Invoice.reason, "of a note: why"),
        text("reference", Invoice.reference, "the customer's order, job card and so on"),
        text("notes", Invoice.notes, "notes printed on it"),
        Field("issued_at", "instant", Invoice.issued_at, "when it got its number"),
        Field("cancelled_at", "instant", Invoice.cancelled_at, "when it was cancelled"),
        text("cancel_reason", Invoice.cancel_reason, "why it was cancelled"),
    ),
    rows=_DOCUMENTS.outerjoin(
        _Original, (_Original.business_id == Invoice.business_id) & (_Original.id == Invoice.against_id)
    ).outerjoin(_Amended, (_Amended.business_id == Invoice.business_id) & (_Amended.id == Invoice.amends_id)),
    book=Invoice.business_id,
    order=(Invoice.dated_on, Invoice.document_no),
    subject=_SUBJECT,
    about=lambda subjects: events.document_among(Invoice, subjects),
    day=Invoice.dated_on,
    statuses=STATUSES,
    hidden=Invoice.is_deleted,
)

LINES = DataSet(
    name="lines",
    meaning="The lines of documents as taxed, charges too: one row each.",
    fields=(
        text("business", Business.code, "code of the business", is_key=True),
        text("number", Invoice.number, "number of the document; none for a draft"),
        word("kind", Invoice.kind, "kind of the document"),
        word("status", Invoice.status, "draft, issued, cancelled or amended"),
        Field("is_deleted", "flag", Invoice.is_deleted, "whether the document is hidden"),
        Field("date", "date", Invoice.dated_on, "date of the document"),
        text("customer_code", Customer.code, "the customer who has the document now"),
        Field("line", "count", InvoiceLine.line_no, "place in the document, from 1", is_key=True),
        text("item", Item.code, "code of the item"),
        Field("is_charge", "flag", InvoiceLine.is_charge, "whether it is a charge of the document, such as freight"),
        text("description", InvoiceLine.description, "what was supplied"),
        text("serial", InvoiceLine.serial, "serial number"),
        word("hsn", InvoiceLine.hsn, "HSN code or SAC"),
        Field("quantity", "quantity", InvoiceLine.quantity_thousandths, "quantity"),
        word("unit", InvoiceLine.unit, "unit quantity code"),
        Field("unit_price", "quantity", InvoiceLine.unit_price_thousandths, "rupees a unit"),
        money("gross", InvoiceLine.gross_paise, "quantity times price"),
        money("discount", InvoiceLine.discount_paise, "discount"),
        money("taxable_value", InvoiceLine.taxable_paise, "value before tax"),
        word("taxability", InvoiceLine.taxability, "taxable, nil_rated, exempt or non_gst"),
        Field("gst_rate", "rate", InvoiceLine.gst_rate_thousandths, "GST in per cent"),
        Field("cess_rate", "rate", InvoiceLine.cess_rate_thousandths, "cess in per cent"),
        Field("cess_per_unit", "quantity", InvoiceLine.cess_per_unit_thousandths, "cess in rupees a unit"),
        money("cgst", InvoiceLine.cgst_paise, "central tax"),
        money("sgst", InvoiceLine.sgst_paise, "state or union territory tax"),
        money("igst", InvoiceLine.igst_paise, "integrated tax"),
        money("cess", InvoiceLine.cess_ad_valorem_paise + InvoiceLine.cess_specific_paise, "compensation cess"),
        money("total", InvoiceLine.total_paise, "value of the line"),
        Field("against_line", "count", InvoiceLine.against_line_no, "of a note: line of the original"),
        _CHANGE,
        word("id", _ID, "D-17: the document", is_key=True),
    ),
    rows=_DOCUMENTS.join(
        InvoiceLine, (InvoiceLine.business_id == Invoice.business_id) & (InvoiceLine.invoice_id == Invoice.id)
    ).outerjoin(Item, (Item.business_id == InvoiceLine.business_id) & (Item.id == InvoiceLine.item_id)),
    book=Invoice.business_id,
    order=(Invoice.dated_on, Invoice.document_no, InvoiceLine.line_no),
    subject=_SUBJECT,
    about=lambda subjects: events.document_among(Invoice, subjects),
    day=Invoice.dated_on,
    statuses=STATUSES,
    hidden=Invoice.is_deleted,
)
