"""How an item looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invo_cli.gst.money import format_rate, from_thousandths
from invo_cli.views.listing import Column, Listing
from invo_cli.views.pages import print_fields

if TYPE_CHECKING:
    from invo_cli.models import Item

LISTING = Listing(
    (
        Column("code", "Code"),
        Column("name", "Name"),
        Column("kind", "Kind"),
        Column("hsn", "HSN/SAC"),
        Column("unit", "Unit"),
        Column("unit_price", "Price", right=True),
        Column("gst_rate", "GST %", right=True),
        Column("taxability", "Taxability", extra=True),
        Column("price_includes_tax", "Includes tax", extra=True),
        Column("cess_rate", "Cess %", right=True, extra=True),
        Column("cess_per_unit", "Cess a unit", right=True, extra=True),
        Column("is_deleted", "Deleted", extra=True),
    ),
    name="code",
)


def as_row(item: Item) -> dict[str, Any]:
    """An item as scripts see it; a rate of null is the default rate of the business."""
    rate = item.gst_rate_thousandths
    return {
        "code": item.code,
        "name": item.name,
        "kind": item.kind,
        "hsn": item.hsn,
        "unit": item.unit,
        "unit_price": str(from_thousandths(item.unit_price_thousandths)),
        "price_includes_tax": item.price_includes_tax,
        "taxability": item.taxability,
        "gst_rate": None if rate is None else format_rate(from_thousandths(rate)),
        "cess_rate": format_rate(from_thousandths(item.cess_rate_thousandths)),
        "cess_per_unit": str(from_thousandths(item.cess_per_unit_thousandths)),
        "is_deleted": item.is_deleted,
    }


def print_page(row: Any) -> None:
    """One item for a person; what is not so is left out."""
    print_fields(row["name"], {key: value for key, value in row.items() if value is not False}, skip=("name",))
