"""A GST document and its lines: what was entered, what was computed, and what happened to it since."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from invo_cli.db.types import Flag, Instant, Key, Paise, Thousandths
from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.models.base import Base, one_of

STATUSES = ("draft", "issued", "cancelled", "amended")
_CHARGED_TAX = "CASE WHEN reverse_charge THEN 0 ELSE cgst_paise + sgst_paise + igst_paise + cess_paise END"


class Invoice(Base):
    """The header. Once issued only status, payment, cancellation, IRN, customer link and visibility may change."""

    __tablename__ = "invoices"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "customer_id"], ["customers.business_id", "customers.id"]),
        ForeignKeyConstraint(["business_id", "against_id"], ["invoices.business_id", "invoices.id"]),
        ForeignKeyConstraint(["business_id", "amends_id"], ["invoices.business_id", "invoices.id"]),
        UniqueConstraint("business_id", "kind", "financial_year", "number_key"),
        UniqueConstraint("business_id", "document_no"),
        Index("ix_invoices_business_id_number_key", "business_id", "number_key"),
        Index("ix_invoices_business_id_dated_on_document_no", "business_id", "dated_on", "document_no"),
        Index(
            "ix_invoices_business_id_customer_id_dated_on_document_no",
            *("business_id", "customer_id", "dated_on", "document_no"),
        ),
        Index("ix_invoices_business_id_return_period", "business_id", "return_period"),
        Index("ix_invoices_business_id_against_id", "business_id", "against_id"),
        Index("ix_invoices_business_id_amends_id", "business_id", "amends_id"),
        Index(
            "ix_invoices_business_id_reference",
            *("business_id", "reference"),
            sqlite_where=text("reference IS NOT NULL"),
            postgresql_where=text("reference IS NOT NULL"),
        ),
        CheckConstraint(one_of("kind", Kind), "kind"),
        CheckConstraint(one_of("supply", Supply), "supply"),
        CheckConstraint(one_of("status", STATUSES), "status"),
        CheckConstraint("(status = 'draft') = (number IS NULL)", "number_when_issued"),
        CheckConstraint("number IS NULL OR length(number) BETWEEN 1 AND 16", "number_length"),
        CheckConstraint("(number IS NULL) = (number_key IS NULL)", "number_key"),
        CheckConstraint("length(place_of_supply) = 2", "place_of_supply"),
        CheckConstraint("cgst_paise = sgst_paise", "cgst_equals_sgst"),
        CheckConstraint(
            "taxable_paise >= 0 AND cgst_paise >= 0 AND sgst_paise >= 0 AND igst_paise >= 0 AND cess_paise >= 0"
            " AND discount_paise >= 0 AND other_charges_paise >= 0 AND total_paise >= 0",
            "amounts",
        ),
        CheckConstraint("round_off_paise BETWEEN -50 AND 50", "round_off"),
        CheckConstraint(
            f"total_paise = taxable_paise + {_CHARGED_TAX} + other_charges_paise + round_off_paise", "total"
        ),
        CheckConstraint(
            "paid_paise >= 0 AND credited_paise >= 0 AND paid_paise + credited_paise <= total_paise", "outstanding"
        ),
        CheckConstraint("debit_noted_paise >= 0", "debit_noted"),
        CheckConstraint(
            "credit_noted_paise >= 0 AND credit_noted_paise <= total_paise + debit_noted_paise", "credit_noted"
        ),
        CheckConstraint("allocated_paise >= 0 AND allocated_paise <= total_paise", "allocated"),
    )

    business_id: Mapped[Key]
    id: Mapped[Key]
    document_no: Mapped[int]
    """n of the D-n by which a draft, too, is called."""
    kind: Mapped[str]
    status: Mapped[str]
    number: Mapped[str | None]
    number_key: Mapped[str | None]
    """Upper case: the portal takes numbers without regard to case."""
    series: Mapped[str | None]
    serial: Mapped[int | None]
    financial_year: Mapped[str]
    return_period: Mapped[str]
    """MMYYYY of the return that reports the document."""
    dated_on: Mapped[date]
    due_on: Mapped[date | None]
    customer_id: Mapped[int]
    buyer_name: Mapped[str]
    buyer_gstin: Mapped[str | None]
    buyer_state: Mapped[str]
    seller: Mapped[str]
    """The seller as printed, JSON."""
    buyer: Mapped[str]
    """The buyer as printed, JSON."""
    entered: Mapped[str]
    """What was entered, JSON in the form of docs/document.md: the source of drafts, copies and explanations."""
    supply: Mapped[str]
    place_of_supply: Mapped[str]
    reverse_charge: Mapped[Flag]
    prices_include_tax: Mapped[Flag]
    taxable_paise: Mapped[Paise]
    cgst_paise: Mapped[Paise]
    sgst_paise: Mapped[Paise]
    igst_paise: Mapped[Paise]
    cess_paise: Mapped[Paise]
    discount_paise: Mapped[Paise]
    other_charges_paise: Mapped[Paise]
    round_off_paise: Mapped[Paise]
    total_paise: Mapped[Paise]
    paid_paise: Mapped[Paise]
    credited_paise: Mapped[Paise]
    against_id: Mapped[int | None]
    amends_id: Mapped[int | None]
    reason: Mapped[str | None]
    shipping_port: Mapped[str | None]
    shipping_number: Mapped[str | None]
    shipping_on: Mapped[date | None]
    ecommerce_gstin: Mapped[str | None]
    ecommerce_section: Mapped[str | None]
    differential_thousandths: Mapped[int | None]
    """65000 where 65 % of the rate is charged."""
    allow_rate: Mapped[str | None]
    """Why a rate outside the list of its date was taken."""
    reference: Mapped[str | None]
    notes: Mapped[str | None]
    irn: Mapped[str | None]
    created_at: Mapped[Instant]
    created_by: Mapped[str]
    issued_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    cancel_reason: Mapped[str | None]
    is_deleted: Mapped[Flag]
    cancelled_on: Mapped[date | None]
    """The day in India on which the ledger takes the document back."""
    credit_noted_paise: Mapped[Paise]
    """What the live credit notes against this document come to."""
    debit_noted_paise: Mapped[Paise]
    allocated_paise: Mapped[Paise]
    """Of a credit note: what is set against documents or refunded."""


class InvoiceLine(Base):
    """One line as taxed; charges of the document are lines too."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        # Lines are stored before their document: nothing can be added to one that is issued.
        ForeignKeyConstraint(
            ["business_id", "invoice_id"],
            ["invoices.business_id", "invoices.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(["business_id", "item_id"], ["items.business_id", "items.id"]),
        CheckConstraint(one_of("taxability", Taxability), "taxability"),
        CheckConstraint("cgst_paise = sgst_paise", "cgst_equals_sgst"),
        CheckConstraint(
            "quantity_thousandths >= 0 AND gross_paise >= 0 AND discount_paise >= 0 AND taxable_paise >= 0"
            " AND cgst_paise >= 0 AND sgst_paise >= 0 AND igst_paise >= 0 AND cess_ad_valorem_paise >= 0"
            " AND cess_specific_paise >= 0 AND total_paise >= 0",
            "amounts",
        ),
    )

    business_id: Mapped[Key]
    invoice_id: Mapped[Key]
    line_no: Mapped[Key]
    item_id: Mapped[int | None]
    is_charge: Mapped[Flag]
    description: Mapped[str]
    serial: Mapped[str | None]
    hsn: Mapped[str | None]
    quantity_thousandths: Mapped[Thousandths]
    unit: Mapped[str]
    unit_price_thousandths: Mapped[Thousandths]
    gross_paise: Mapped[Paise]
    discount_paise: Mapped[Paise]
    taxable_paise: Mapped[Paise]
    taxability: Mapped[str]
    gst_rate_thousandths: Mapped[Thousandths]
    cess_rate_thousandths: Mapped[Thousandths]
    cess_per_unit_thousandths: Mapped[Thousandths]
    cgst_paise: Mapped[Paise]
    sgst_paise: Mapped[Paise]
    igst_paise: Mapped[Paise]
    cess_ad_valorem_paise: Mapped[Paise]
    cess_specific_paise: Mapped[Paise]
    total_paise: Mapped[Paise]
    against_line_no: Mapped[int | None]
    """Of a note: the line of the original document it takes back."""


class NoteOriginal(Base):
    """How much of a credit or debit note concerns which original document (s.34)."""

    __tablename__ = "note_originals"
    __table_args__ = (
        ForeignKeyConstraint(["business_id", "note_id"], ["invoices.business_id", "invoices.id"]),
        ForeignKeyConstraint(["business_id", "invoice_id"], ["invoices.business_id", "invoices.id"]),
        Index("ix_note_originals_business_id_invoice_id", "business_id", "invoice_id"),
        CheckConstraint("amount_paise >= 0", "amount"),
    )

    business_id: Mapped[Key]
    note_id: Mapped[Key]
    invoice_id: Mapped[Key]
    amount_paise: Mapped[Paise]
