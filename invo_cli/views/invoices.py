"""How documents look: a listing, and a page worth printing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from invo_cli.gst.money import format_indian
from invo_cli.gst.states import STATES
from invo_cli.views.listing import Column, Listing, Row
from invo_cli.views.tables import print_table
from invo_cli.views.terminal import console
from invo_cli.views.text import safe

LISTING = Listing(
    (
        Column("id", "Id"),
        Column("number", "Number"),
        Column("date", "Date"),
        Column("customer_name", "Customer", wraps=True),
        Column("kind", "Kind", extra=True),
        Column("status", "Status"),
        Column("payment_status", "Payment"),
        Column("total", "Total", money=True),
        Column("outstanding", "Owed", money=True),
        *(
            Column(key, key.replace("_", " ").capitalize(), extra=True)
            for key in (
                *("business", "financial_year", "return_period", "due_date", "is_deleted", "supply", "place_of_supply"),
                *("reverse_charge", "prices_include_tax", "customer", "customer_code", "customer_gstin"),
                *("customer_state", "reference", "notes", "against", "amends", "irn", "cancel_reason"),
            )
        ),
        *(
            Column(key, key.replace("_", " ").capitalize(), money=True, extra=True)
            for key in (
                *("taxable_value", "cgst", "sgst", "igst", "cess", "discount", "other_charges", "round_off"),
                *("paid", "credited"),
            )
        ),
        *(Column(key, key.capitalize(), extra=True) for key in ("lines", "amount_in_words", "seller", "dry_run")),
    ),
    name="number",
    fallback_name="id",
)
PRINTS = Listing(
    (
        Column("number", "Number"),
        Column("file", "File", wraps=True),
        Column("bytes", "Bytes", right=True, extra=True),
        Column("id", "Id", extra=True),
        Column("copy", "Copy", extra=True),
        Column("language", "Language", extra=True),
    ),
    name="file",
)
STEPS = Listing(
    (
        Column("what", "What", wraps=True),
        Column("formula", "How", wraps=True),
        Column("amount", "Amount", money=True),
        Column("rule", "Rule", wraps=True),
    ),
    name="what",
)
KINDS = {
    "tax_invoice": "Tax invoice",
    "bill_of_supply": "Bill of supply",
    "invoice_cum_bill_of_supply": "Invoice-cum-bill of supply",
    "credit_note": "Credit note",
    "debit_note": "Debit note",
}


_DISCOUNT = 5


def print_page(row: Row) -> None:
    """One document for a person: parties, lines, taxes, total."""
    from rich.text import Text

    target = console()
    heading = f"{KINDS[row['kind']]} {row['number'] or row['id']}"
    mark = "" if row["status"] == "issued" else f"  {str(row['status']).upper()}"
    target.print(Text(safe(heading + mark), style="bold"))
    for label, value in _particulars(row):
        target.print(Text(f"{label:<16}", style="dim") + Text(safe(value)), soft_wrap=True)
    _print_lines(row)
    for label, amount in _totals(row):
        target.print(Text(f"{label:>40}  {format_indian(Decimal(amount)):>18}"))
    target.print(Text(f"{'Total ₹':>40}  {format_indian(Decimal(row['total'])):>18}", style="bold"))
    target.print(Text(row["amount_in_words"], style="italic"), soft_wrap=True)
    if row.get("dry_run"):
        target.print(Text("Dry run: nothing was stored.", style="bold"))


def _particulars(row: Row) -> Iterator[tuple[str, str]]:
    """What Rule 46 asks for beside the lines, as far as it is known."""
    seller, customer = row["seller"], row["customer"]
    yield "Date", row["date"] + (f"  due {row['due_date']}" if row["due_date"] else "")
    yield "Seller", _party(seller)
    yield from _address("", seller.get("address"))
    yield "Customer", _party(customer) + (f"  ({customer['code']})" if customer["code"] else "")
    yield from _address("", customer.get("address"))
    place = row["place_of_supply"]
    yield "Place of supply", f"{place} {STATES[place].name}" if place in STATES else place
    yield "Reverse charge", "Yes" if row["reverse_charge"] else "No"
    optional = {
        "Supply": None if row["supply"] == "regular" else row["supply"].replace("_", " "),
        "Against": row["against"],
        "Reference": row["reference"],
        "IRN": row["irn"],
        "Cancelled": row["cancel_reason"],
        "Payment": row["payment_status"],
        "Notes": row["notes"],
    }
    yield from ((label, value) for label, value in optional.items() if value)


def _party(party: Row) -> str:
    gstin = f"  GSTIN {party['gstin']}" if party["gstin"] else ""
    return f"{party['name']}{gstin}  state {party['state']}"


def _address(label: str, address: Row | None) -> Iterator[tuple[str, str]]:
    parts = [address.get(key) for key in ("line1", "line2", "city", "pincode")] if address else []
    if any(parts):
        yield label, ", ".join(part for part in parts if part)


def _print_lines(row: Row) -> None:
    headings = [("#", True, False), ("Description", False, True), ("HSN", False, False)]
    headings += [(words, True, False) for words in ("Qty", "Price", "Discount", "Taxable", "Rate", "Tax", "Total")]
    rows = [_cells(line) for line in row["lines"]]
    if all(cells[_DISCOUNT] == "" for cells in rows):
        headings.pop(_DISCOUNT)
        rows = [(*cells[:_DISCOUNT], *cells[_DISCOUNT + 1 :]) for cells in rows]
    print_table(headings, rows)


def _cells(line: Row) -> tuple[str, ...]:
    tax = sum((Decimal(line[head]) for head in ("cgst", "sgst", "igst", "cess")), Decimal(0))
    quantity = line["quantity"].rstrip("0").rstrip(".")
    amounts = (line["discount"], line["taxable_value"])
    discount, taxable = (format_indian(Decimal(amount)) for amount in amounts)
    return (
        str(line["line"]),
        line["description"] + (f" ({line['serial']})" if line["serial"] else ""),
        line["hsn"] or "",
        f"{quantity} {line['unit']}",
        _price(line["unit_price"]),
        "" if discount == "0.00" else discount,
        taxable,
        f"{line['gst_rate']} %" if line["taxability"] == "taxable" else line["taxability"].replace("_", " "),
        format_indian(tax),
        format_indian(Decimal(line["total"])),
    )


def _price(text: str) -> str:
    """Two decimals, or three when the third says something."""
    return format_indian(Decimal(text), 3).removesuffix("0")


def _totals(row: Row) -> Iterator[tuple[str, str]]:
    yield "Taxable value", row["taxable_value"]
    labels = {
        "cgst": "CGST",
        "sgst": "UTGST" if _has_union_territory_tax(row) else "SGST",
        "igst": "IGST",
        "cess": "Cess",
        "other_charges": "Other charges",
        "round_off": "Round-off",
    }
    for key, label in labels.items():
        if row[key] != "0.00":
            payable = (
                " (payable by recipient)" if row["reverse_charge"] and key in ("cgst", "sgst", "igst", "cess") else ""
            )
            yield f"{label}{payable}", row[key]


def _has_union_territory_tax(row: Row) -> bool:
    state = STATES.get(row["seller"]["state"])
    return state is not None and state.is_union_territory_tax
