"""What a paper carries besides the document itself: the settings of the business, and particulars kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict


class Extras(TypedDict, total=False):
    """Every key may be left out or None; dates, amounts, rates and addresses are written as in the document."""

    logo: str | None
    """Path of a PNG, JPEG, GIF, WebP or SVG picture."""
    bank: str | None
    """Bank account as it is to be printed; it may have several lines."""
    upi: str | None
    """UPI address of the payee, `shop@bank`: an unpaid document gets a QR code."""
    mobile: str | None
    """Of the seller."""
    email: str | None
    """Of the seller."""
    terms: str | None
    jurisdiction: str | None
    """Place whose courts decide, such as Bengaluru."""
    composition: bool | None
    """The seller pays tax under section 10: a bill of supply says so (Rule 5(1)(f))."""
    lut: str | None
    """Number of the letter of undertaking, for zero-rated supplies without payment of tax."""
    turnover: str | None
    """Rupees in the preceding year: above 500 crore the UPI code carries the tax (14/2020-Central Tax)."""
    differential_percent: str | None
    """Of the rate that is charged, such as 65."""
    ship_to: Mapping[str, Any] | None
    """An address; it may have a `name`."""
    transport: Mapping[str, Any] | None
    """`vehicle` and `document` are printed."""
    shipping_bill: Mapping[str, Any] | None
    """`number`, `date` and `port` of an export."""
    ecommerce_gstin: str | None
    reason: str | None
    """Of a note (s.34)."""
    originals: Sequence[Mapping[str, str | None]]
    """`number` and `date` of every document that a note corrects (Rule 53)."""
    against_date: str | None
    """Date of the receipt that a refund voucher refers to (Rule 51)."""
    signed_qr: str | None
    """The signed QR code of the invoice portal, as it came (Rule 46(r))."""
    ack_number: str | None
    ack_date: str | None
