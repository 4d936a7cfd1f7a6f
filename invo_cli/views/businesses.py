"""How a business looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invo_cli.gst.money import format_rate, from_thousandths, rupees
from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from invo_cli.models import Business

LISTING = Listing(
    (
        Column("code", "Code"),
        Column("name", "Name", wraps=True),
        Column("gstin", "GSTIN"),
        Column("state", "State"),
        Column("city", "City", wraps=True),
        Column("is_composition", "Composition", extra=True),
        Column("turnover", "Turnover", money=True, extra=True),
    ),
    name="code",
)


def as_row(business: Business) -> dict[str, Any]:
    """A business as scripts see it."""
    turnover = business.turnover_paise
    return {
        "code": business.code,
        "name": business.name,
        "gstin": business.gstin,
        "state": business.state,
        "address": {
            "line1": business.address_line1,
            "line2": business.address_line2,
            "city": business.city,
            "pincode": business.pincode,
        },
        "city": business.city,
        "mobile": business.mobile,
        "email": business.email,
        "is_composition": business.is_composition,
        "is_sez": business.is_sez,
        "files_quarterly": business.files_quarterly,
        "lut": business.lut,
        "turnover": None if turnover is None else str(rupees(turnover)),
        "einvoice_from": business.einvoice_from and business.einvoice_from.isoformat(),
        "bank": business.bank,
        "upi": business.upi,
        "logo": business.logo,
        "default_rate": format_rate(from_thousandths(business.default_rate_thousandths)),
        "round_off": business.is_rounded,
        "strict": business.is_strict,
    }


def print_page(row: Any) -> None:
    """One business for a person."""
    print_fields(f"{row['name']}", row, skip=("name",))
