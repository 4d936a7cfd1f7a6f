"""How a customer looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invo_cli.gst.states import OVERSEAS
from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from invo_cli.models import Customer

LISTING = Listing(
    (
        Column("code", "Code"),
        Column("name", "Name"),
        Column("mobile", "Mobile"),
        Column("gstin", "GSTIN"),
        Column("state", "State"),
        Column("city", "City"),
        Column("email", "E-mail", extra=True),
        Column("is_composition", "Composition", extra=True),
        Column("is_sez", "SEZ", extra=True),
        Column("is_overseas", "Overseas", extra=True),
        Column("notes", "Notes", extra=True),
        Column("is_deleted", "Deleted", extra=True),
        Column("merged_into", "Merged into", extra=True),
    ),
    name="code",
)


def as_row(customer: Customer, merged_into: str | None = None) -> dict[str, Any]:
    """A customer as scripts see it; `merged_into` is a code."""
    return {
        "code": customer.code,
        "name": customer.name,
        "gstin": customer.gstin,
        "state": customer.state,
        "mobile": customer.mobile,
        "email": customer.email,
        "address": {
            "line1": customer.address_line1,
            "line2": customer.address_line2,
            "city": customer.city,
            "pincode": customer.pincode,
            "country": customer.country,
        },
        "city": customer.city,
        "is_composition": customer.is_composition,
        "is_sez": customer.is_sez,
        "is_overseas": customer.state == OVERSEAS,
        "notes": customer.notes,
        "is_deleted": customer.is_deleted,
        "merged_into": merged_into,
    }


def print_page(row: Any) -> None:
    """One customer for a person; what is not so is left out."""
    known = {key: value for key, value in row.items() if value is not False}
    print_fields(row["name"], known, skip=("name", "city"))
