"""What a return is made from: the reported documents, advances and number series of one GSTIN and one period.

Amounts are integer paise, quantities and rates integer thousandths. Documents and lines are named tuples, not
dataclasses: a return reads hundreds of thousands of them. Notes carry positive amounts; their kind has the sign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from invo_cli.gst.document import Kind, Supply, Taxability


class Line(NamedTuple):
    """One line of a reported document; its value and taxes after discount, as printed."""

    taxability: Taxability
    rate: int
    """GST rate in thousandths of a per cent: 18000 is 18 %."""
    taxable_paise: int
    igst_paise: int = 0
    cgst_paise: int = 0
    sgst_paise: int = 0
    cess_paise: int = 0
    """Ad valorem and specific cess together."""
    hsn: str | None = None
    """A charge (freight, packing) has the code of the document's principal line."""
    description: str = ""
    uqc: str = "NOS"
    quantity: int = 0
    """Thousandths of the unit."""


class Original(NamedTuple):
    """The invoice that a note stands against."""

    number: str
    date: dt.date
    value_paise: int
    period: str
    """MMYYYY in which the invoice was first reported."""


class Document(NamedTuple):
    """One document as the books hold it, complete with what decides where it is reported."""

    kind: Kind
    number: str
    date: dt.date
    period: str
    """MMYYYY of the return that reports it."""
    pos: str
    value_paise: int
    """The total as printed: tax included, except under reverse charge."""
    lines: tuple[Line, ...]
    gstin: str | None = None
    """GSTIN or UIN of the recipient."""
    supply: Supply = Supply.REGULAR
    reverse_charge: bool = False
    differential: int | None = None
    """65000 where 65 % of the rate is charged."""
    ecommerce_gstin: str | None = None
    ecommerce_section: str | None = None
    """`52` or `9(5)`."""
    shipping_port: str | None = None
    shipping_number: str | None = None
    shipping_date: dt.date | None = None
    buyer_is_composition: bool = False
    original: Original | None = None
    """Of a note: what it stands against."""
    amends: Document | None = None
    """Of an amending document: the one it replaces, as it was reported; `amends.period` is when that was first."""
    is_furnished: bool = False
    """Already sent by the invoice furnishing facility of an earlier month of the quarter: it counts in the totals and
    in table 12, but b2b, cdnr and their amendments do not repeat it."""
    is_cancelled: bool = False
    """Cancelled documents have a number (table 13) and no value; they may be passed or left out."""

    @property
    def is_note(self) -> bool:
        """Credit and debit notes, which have sections of their own."""
        return self.kind is Kind.CREDIT_NOTE or self.kind is Kind.DEBIT_NOTE

    @property
    def sign(self) -> int:
        """-1 for a credit note, which takes back."""
        return -1 if self.kind is Kind.CREDIT_NOTE else 1


class Advance(NamedTuple):
    """Advances of one place of supply and rate, net of refunds: received and not yet invoiced, or now adjusted."""

    pos: str
    rate: int
    """Thousandths of a per cent."""
    amount_paise: int
    """Without tax. Positive in both tables; negative where refunds exceed receipts."""
    igst_paise: int = 0
    cgst_paise: int = 0
    sgst_paise: int = 0
    cess_paise: int = 0
    differential: int | None = None
    is_adjustment: bool = False
    """Reported in 11A when received (False), in 11B when adjusted against an invoice (True)."""
    amended_period: str | None = None
    """MMYYYY whose row this restates (tables 11A and 11B amended); None for the advances of this period."""
    before: Advance | None = None
    """Of a restated row: what was reported; only the difference is due now."""


class Nature(IntEnum):
    """The natures of document of table 13; the value is `doc_num`."""

    INVOICE = 1
    SELF_INVOICE = 2
    REVISED_INVOICE = 3
    DEBIT_NOTE = 4
    CREDIT_NOTE = 5
    RECEIPT_VOUCHER = 6
    PAYMENT_VOUCHER = 7
    REFUND_VOUCHER = 8
    CHALLAN_JOB_WORK = 9
    CHALLAN_ON_APPROVAL = 10
    CHALLAN_LIQUID_GAS = 11
    CHALLAN_OTHER = 12


class Numbered(NamedTuple):
    """One number that was taken in the period, whatever became of it."""

    nature: Nature
    number: str
    is_cancelled: bool = False
    """Also of a draft that consumed its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filer:
    """Whose return it is."""

    gstin: str
    state: str
    """The first two digits of the GSTIN."""
    is_sez: bool = False
    is_composition: bool = False
    turnover_paise: int | None = None
    """Aggregate turnover of the preceding year; None when it is not set (then HSN codes need 4 digits)."""
    gt_paise: int | None = None
    """`gt` of the file: gross turnover of the preceding year, only when it is to be written."""
    cur_gt_paise: int | None = None
    """`cur_gt`: gross turnover of the current year so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inward:
    """What the filer received and must pay tax on itself (3.1(d) of GSTR-3B, row 2 of CMP-08), in paise."""

    taxable_paise: int = 0
    igst_paise: int = 0
    cgst_paise: int = 0
    sgst_paise: int = 0
    cess_paise: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything one return is made from. The iterables are read once, in order, and never held in memory."""

    filer: Filer
    period: str
    """MMYYYY; of a quarterly return its last month."""
    documents: Iterable[Document]
    """What the period reports, in the order of `ordering.document_order`; late and amending documents included."""
    months: int = 1
    """3 where the return is for the quarter that ends with `period`."""
    restated: Iterable[Document] = ()
    """Every document first reported in a period that a document amended now was first reported in, as it stands now:
    amended ones in their newest version, `period` being the earlier one. Needed where the amended document or its
    correction is a small B2C supply or went through an e-commerce operator: tables 10 and 14A state the whole revised
    row of that period. Documents of other sections may be passed or left out."""
    advances: Iterable[Advance] = ()
    numbers: Iterable[Numbered] = ()
    """Every number taken in the period, in any order."""
    inward: Inward = field(default_factory=Inward)
    hsn_descriptions: Mapping[str, str] = field(default_factory=dict)
    """Official description by HSN code, as far as the list is loaded."""
