"""The GST document as values: what was entered, and what is complete enough to be taxed and judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Kind(StrEnum):
    """The documents of Rules 46, 46A, 49 and 53."""

    TAX_INVOICE = "tax_invoice"
    BILL_OF_SUPPLY = "bill_of_supply"
    INVOICE_CUM_BILL_OF_SUPPLY = "invoice_cum_bill_of_supply"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"

    @property
    def is_note(self) -> bool:
        """Credit and debit notes refer to an earlier document (s.34)."""
        return self in (Kind.CREDIT_NOTE, Kind.DEBIT_NOTE)


class Voucher(StrEnum):
    """The papers about money, each with a series of its own (Rules 50 and 51)."""

    PAYMENT = "payment"
    RECEIPT_VOUCHER = "receipt_voucher"
    REFUND_VOUCHER = "refund_voucher"


class Supply(StrEnum):
    """How the supply is treated: at home, to a SEZ, abroad."""

    REGULAR = "regular"
    SEZ_WITH_PAYMENT = "sez_with_payment"
    SEZ_WITHOUT_PAYMENT = "sez_without_payment"
    EXPORT_WITH_PAYMENT = "export_with_payment"
    EXPORT_WITHOUT_PAYMENT = "export_without_payment"
    DEEMED_EXPORT = "deemed_export"
    INTRA_STATE_IGST = "intra_state_igst"

    @property
    def is_export(self) -> bool:
        """Goods or services leave the country (IGST Act s.2(5), 2(6))."""
        return self in (Supply.EXPORT_WITH_PAYMENT, Supply.EXPORT_WITHOUT_PAYMENT)

    @property
    def is_sez(self) -> bool:
        """The recipient is a unit or developer of a special economic zone."""
        return self in (Supply.SEZ_WITH_PAYMENT, Supply.SEZ_WITHOUT_PAYMENT)

    @property
    def is_without_payment(self) -> bool:
        """Zero-rated under bond or letter of undertaking (IGST Act s.16): no tax is charged, the rate is kept."""
        return self in (Supply.SEZ_WITHOUT_PAYMENT, Supply.EXPORT_WITHOUT_PAYMENT)


class Taxability(StrEnum):
    """Whether a line bears tax, and if not, why."""

    TAXABLE = "taxable"
    NIL_RATED = "nil_rated"
    EXEMPT = "exempt"
    NON_GST = "non_gst"


class ServiceType(StrEnum):
    """The services whose place of supply has a rule of its own (IGST Act s.12, s.13)."""

    GENERAL = "general"
    IMMOVABLE_PROPERTY = "immovable_property"
    RESTAURANT_BEAUTY_FITNESS = "restaurant_beauty_fitness"
    GOODS_TRANSPORT = "goods_transport"
    INTERMEDIARY = "intermediary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; `state` is two digits, 96 for other countries."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    pincode: str | None = None
    state: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerInput:
    """A customer given inside a document instead of by code."""

    name: str
    gstin: str | None = None
    state: str | None = None
    mobile: str | None = None
    email: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """One line as entered; what is None is filled in from the item or the business."""

    item: str | None = None
    description: str | None = None
    serial: str | None = None
    hsn: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    discount_percent: Decimal | None = None
    taxability: Taxability | None = None
    gst_rate: Decimal | None = None
    cess_rate: Decimal | None = None
    cess_per_unit: Decimal | None = None
    against_line: int | None = None
    """Of a note: the line of the original document that it takes back or adds to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeInput:
    """Freight, packing or insurance taxed with the document (s.15(2)(c)); left-out rate: the principal supply's."""

    description: str
    amount: Decimal
    gst_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingBill:
    """The customs paper of an export: port code, number, date."""

    port: str | None = None
    number: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How goods travel, for the e-way bill."""

    mode: str | None = None
    vehicle: str | None = None
    distance_km: int | None = None
    transporter_id: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInput:
    """A document as entered by flags or file; the keys are those of docs/document.md."""

    customer: str | CustomerInput | None = None
    kind: Kind | None = None
    number: str | None = None
    date: dt.date | None = None
    due_date: dt.date | None = None
    supply: Supply | None = None
    place_of_supply: str | None = None
    reverse_charge: bool = False
    prices_include_tax: bool | None = None
    round_off: bool | None = None
    discount: Decimal = ZERO
    charges: tuple[ChargeInput, ...] = ()
    other_charges: Decimal = ZERO
    lines: tuple[LineInput, ...] = ()
    against: str | None = None
    reason: str | None = None
    amends: str | None = None
    shipping_bill: ShippingBill | None = None
    ship_to: Address | None = None
    transport: Transport | None = None
    ecommerce_gstin: str | None = None
    ecommerce_section: str | None = None
    differential_percent: Decimal | None = None
    return_period: str | None = None
    service_type: ServiceType | None = None
    reference: str | None = None
    notes: str | None = None
    terms: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """The supplier as printed on the document, with the settings the rules ask about."""

    name: str
    gstin: str | None
    state: str
    address: Address = field(default_factory=Address)
    is_composition: bool = False
    is_sez: bool = False
    lut: str | None = None
    turnover: Decimal | None = None
    """Aggregate turnover of the preceding year in rupees; None when not set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """The recipient as printed on the document."""

    name: str
    state: str
    code: str | None = None
    gstin: str | None = None
    mobile: str | None = None
    email: str | None = None
    address: Address = field(default_factory=Address)
    is_composition: bool = False
    is_sez: bool = False

    @property
    def is_overseas(self) -> bool:
        """State 96 stands for other countries."""
        return self.state == "96"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One complete line: every default filled in. Charges of the document come last, with `is_charge`."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = "NOS"
    hsn: str | None = None
    serial: str | None = None
    item: str | None = None
    discount: Decimal | None = None
    discount_percent: Decimal | None = None
    taxability: Taxability = Taxability.TAXABLE
    gst_rate: Decimal = ZERO
    cess_rate: Decimal = ZERO
    cess_per_unit: Decimal = ZERO
    is_charge: bool = False
    against_line: int | None = None

    @property
    def is_service(self) -> bool:
        """SAC codes begin with 99 (Scheme of Classification of Services)."""
        return self.hsn is not None and self.hsn.startswith("99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A document that a note corrects (Rule 53(1A))."""

    number: str
    date: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A complete document, ready to be taxed (`gst.tax`) and judged (`gst.rules`)."""

    kind: Kind
    date: dt.date
    seller: Seller
    buyer: Buyer
    lines: tuple[Line, ...]
    supply: Supply = Supply.REGULAR
    place_of_supply: str
    reverse_charge: bool = False
    prices_include_tax: bool = False
    round_off: bool = False
    discount: Decimal = ZERO
    other_charges: Decimal = ZERO
    due_date: dt.date | None = None
    number: str | None = None
    against: str | None = None
    against_date: dt.date | None = None
    originals: tuple[Original, ...] = ()
    """Of a note: all that it corrects, where they are asked for; `against` is the first."""
    reason: str | None = None
    amends: str | None = None
    shipping_bill: ShippingBill | None = None
    ship_to: Address | None = None
    transport: Transport | None = None
    ecommerce_gstin: str | None = None
    ecommerce_section: str | None = None
    differential_percent: Decimal | None = None
    return_period: str | None = None
    service_type: ServiceType = ServiceType.GENERAL
    reference: str | None = None
    notes: str | None = None
    terms: str | None = None
    allow_rate: str | None = None
    """Why a rate outside the list of its date is right; None when no rate may be outside it."""
