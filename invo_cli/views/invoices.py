"""How documents look: a listing, and a page worth printing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from invo_cli.gst.document import Supply
from invo_cli.gst.endorsements import endorsements
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
        *(
            Column(key, key.replace("_", " ").capitalize(), extra=True)
            for key in (
                *("reason", "lines", "amount_in_words", "seller", "shipping_bill", "ship_to", "transport"),
                *("ecommerce_gstin", "ecommerce_section", "differential_percent", "service_type", "terms", "dry_run"),
            )
        ),
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
    for sentence in endorsements(Supply(row["supply"]), is_composition=row["seller"]["is_composition"]):
        target.print(Text(sentence, style="bold"), soft_wrap=True)
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
    yield from _address("Ship to", row["ship_to"], with_state=True)
    yield "Place of supply", _state(row["place_of_supply"])
    yield "Reverse charge", "Yes" if row["reverse_charge"] else "No"
    optional = {
        "Supply": None if row["supply"] == "regular" else row["supply"].replace("_", " "),
        "LUT": seller["lut"] if Supply(row["supply"]).is_without_payment else None,
        "Shipping bill": _shipping_bill(row["shipping_bill"] or {}),
        "Tax charged": row["differential_percent"] and f"{row['differential_percent']} % of the rate",
        "Operator": row["ecommerce_gstin"] and f"{row['ecommerce_gstin']}  section {row['ecommerce_section']}",
        "Against": row["against"],
        "Reference": row["reference"],
        "IRN": row["irn"],
        "Cancelled": row["cancel_reason"],
        "Payment": row["payment_status"],
        "Notes": row["notes"],
        "Terms": row["terms"],
    }
    yield from ((label, value) for label, value in optional.items() if value)


def _party(party: Row) -> str:
    gstin = f"  GSTIN {party['gstin']}" if party["gstin"] else ""
    return f"{party['name']}{gstin}  state {party['state']}"


def _address(label: str, address: Row | None, *, with_state: bool = False) -> Iterator[tuple[str, str]]:
    parts = [address.get(key) for key in ("line1", "line2", "city", "pincode", "country")] if address else []
    if address and with_state:
        parts.append(_state(address["state"]))
    if any(parts):
        yield label, ", ".join(part for part in parts if part)


def _state(code: str) -> str:
    return f"{code} {STATES[code].name}" if code in STATES else code


def _shipping_bill(bill: Row) -> str:
    known = {"": bill.get("number"), "of ": bill.get("date"), "port ": bill.get("port")}
    return "  ".join(word + value for word, value in known.items() if value)


def _print_lines(row: Row) -> None:
    headings = [("#", True, False), ("Description", False, True), ("HSN", False, False)]
    headings += [(words, True, False) for words in ("Qty", "Price", "Discount", "Taxable", "Rate", "Tax", "Total")]
    rows = [_cells(line, has_rate=not row["seller"]["is_composition"]) for line in row["lines"]]
    if all(cells[_DISCOUNT] == "" for cells in rows):
        headings.pop(_DISCOUNT)
        rows = [(*cells[:_DISCOUNT], *cells[_DISCOUNT + 1 :]) for cells in rows]
    print_table(headings, rows)


def _cells(line: Row, *, has_rate: bool) -> tuple[str, ...]:
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
        _rate(line) if has_rate else "",
        format_indian(tax),
        format_indian(Decimal(line["total"])),
    )


def _rate(line: Row) -> str:
    return f"{line['gst_rate']} %" if line["taxability"] == "taxable" else line["taxability"].replace("_", " ")


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
