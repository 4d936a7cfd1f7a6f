"""How e-invoices and e-way bills look."""

from __future__ import annotations

from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.pages import print_fields


def _extras(*keys: str) -> tuple[Column, ...]:
    return tuple(Column(key, key.replace("_", " ").capitalize(), extra=True) for key in keys)


BUILT = Listing(
    (
        Column("number", "Number"),
        Column("date", "Date"),
        Column("type", "Type"),
        Column("supply_type", "Supply"),
        Column("buyer", "Buyer"),
        Column("items", "Lines", right=True),
        Column("total", "Total", money=True),
        Column("irn", "IRN", wraps=True),
    ),
    name="number",
)
PROBLEMS = Listing(
    (
        Column("path", "Where", wraps=True),
        Column("value", "Value", wraps=True),
        Column("rule", "Rule"),
        Column("severity", "Severity"),
        Column("message", "Problem", wraps=True),
        Column("hint", "What to do", wraps=True),
    ),
    name="path",
)
IRN = Listing((Column("irn", "IRN"), *_extras("gstin", "date", "type", "number")), name="irn")
LISTING = Listing(
    (
        Column("number", "Number"),
        Column("status", "Status"),
        Column("result", "Result"),
        Column("ack_no", "Acknowledgement"),
        Column("acknowledged_at", "Acknowledged at"),
        Column("irn", "IRN", wraps=True),
        Column("reason", "Reason", wraps=True),
        Column("total", "Total", money=True, extra=True),
        *_extras("date", "kind", "expected_irn", "last_day", "days_left", "recorded_at", "recorded_by"),
        *_extras("cancelled_at", "cancel_code", "cancel_reason", "cancel_remark", "signed_qr", "signed_invoice"),
        *_extras("eway_bills", "dry_run"),
    ),
    name="number",
)
DUE = Listing(
    (
        Column("number", "Number"),
        Column("date", "Date"),
        Column("kind", "Kind"),
        Column("buyer", "Buyer", wraps=True),
        Column("buyer_gstin", "GSTIN"),
        Column("total", "Total", money=True),
        Column("last_day", "Last day"),
        Column("days_left", "Days left", right=True),
    ),
    name="number",
)
EWAY_BUILT = Listing(
    (
        Column("number", "Number"),
        Column("date", "Date"),
        Column("type", "Type"),
        Column("to", "To"),
        Column("items", "Lines", right=True),
        Column("value", "Consignment", money=True),
        Column("total", "Total", money=True),
        Column("needed", "Needed"),
    ),
    name="number",
)
EWAY = Listing(
    (
        Column("number", "E-way bill"),
        Column("invoice", "Invoice"),
        Column("status", "Status"),
        Column("generated_on", "Made on"),
        Column("valid_until", "Valid until"),
        Column("result", "Result", extra=True),
        Column("reason", "Reason", wraps=True, extra=True),
        *_extras("recorded_at", "recorded_by", "cancelled_on", "cancel_code", "cancel_reason", "dry_run"),
    ),
    name="number",
)


def print_page(row: Row) -> None:
    """One document and the portal, for a person; the tokens are for files, not for eyes."""
    bills = ", ".join(f"{bill['number']} ({bill['status']})" for bill in row.get("eway_bills") or ()) or None
    print_fields(
        f"{row['number'] or 'Draft'}: {row['status']}",
        {**row, "eway_bills": bills},
        skip=("number", "status", "signed_qr", "signed_invoice"),
    )


def print_bill(row: Row) -> None:
    """One e-way bill, for a person."""
    print_fields(f"E-way bill {row['number']}: {row['status']}", row, skip=("number", "status"))


def print_irn(row: Row) -> None:
    """A computed reference number, for a person."""
    print_fields(str(row["irn"]), row, skip=("irn",))
