"""What is to be paid and how: the totals, the balance, the bank account, the UPI code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from invo_cli.exports.pdf.qr import svg
from invo_cli.exports.pdf.sheet import Sheet, rupee
from invo_cli.gst.money import format_indian

PAYABLE = ("tax_invoice", "bill_of_supply", "invoice_cum_bill_of_supply", "debit_note")
DYNAMIC_QR_TURNOVER = Decimal(5_000_000_000)
"""Above it the code of a consumer's invoice carries GSTIN and tax (14/2020-Central Tax, Circular 156/12/2021)."""
_INDIAN_TIME = "T00:00:00+05:30"


def totals(sheet: Sheet) -> list[list[str]]:
    """Value, taxes, charges and round-off, in the order in which they add up to the total."""
    rows = [(sheet.say("taxable_value" if sheet.heads else "value"), sheet.money("taxable_value"))]
    if not sheet.document.get("reverse_charge"):
        rows += [(sheet.head_label(head), sheet.money(head)) for head in sheet.heads]
        rows += _unless_zero(sheet, "cess")
    rows += _unless_zero(sheet, "other_charges") + _unless_zero(sheet, "round_off")
    return [[label, format_indian(amount)] for label, amount in rows]


def grand_total(sheet: Sheet) -> list[str]:
    """The total with its label."""
    return [sheet.say("grand_total"), rupee(sheet.money("total"))]


def settled(sheet: Sheet) -> list[list[str]]:
    """What was paid and credited since, and what is left; nothing while nothing was."""
    if sheet.kind not in PAYABLE or sheet.document.get("status") in ("draft", "cancelled"):
        return []
    rows = _unless_zero(sheet, "paid") + _unless_zero(sheet, "credited")
    if rows:
        rows.append((sheet.say("outstanding"), sheet.money("outstanding")))
    return [[label, format_indian(amount)] for label, amount in rows]


def payment(sheet: Sheet) -> dict[str, Any] | None:
    """How to pay what is unpaid: the bank account as given and a UPI code; None when there is nothing to pay."""
    upi, bank = sheet.extras.get("upi"), sheet.extras.get("bank")
    if not is_due(sheet) or not (upi or bank):
        return None
    caption = sheet.say("scan", amount=rupee(sheet.money("outstanding")))
    return {
        "title": sheet.say("pay"),
        "bank": (bank or "").splitlines(),
        "upi": upi,
        "caption": caption if upi else None,
        "qr": svg(upi_link(sheet, upi), error="m") if upi else None,
    }


def is_due(sheet: Sheet) -> bool:
    """Whether the document asks for money now."""
    is_live = sheet.kind in PAYABLE and sheet.document.get("status") == "issued"
    return is_live and sheet.money("outstanding") > 0


def upi_link(sheet: Sheet, payee: str) -> str:
    """The `upi://pay` link for the balance, with the tax where the law asks for it."""
    number = str(sheet.document["number"])
    pairs = {
        "pa": payee,
        "pn": sheet.document["seller"]["name"],
        "tr": number,
        "tn": f"Invoice {number}",
        "am": f"{sheet.money('outstanding'):.2f}",
        "cu": "INR",
    }
    if _is_dynamic(sheet):
        pairs |= _tax_pairs(sheet, number)
    return "upi://pay?" + "&".join(f"{key}={quote(str(value), safe='@')}" for key, value in pairs.items())


def _is_dynamic(sheet: Sheet) -> bool:
    turnover = Decimal(sheet.extras.get("turnover") or 0)
    return turnover > DYNAMIC_QR_TURNOVER and bool(sheet.heads) and not sheet.document["customer"].get("gstin")


def _tax_pairs(sheet: Sheet, number: str) -> dict[str, str]:
    heads = [head for head in (*sheet.heads, "cess") if sheet.money(head)]
    taxes = sum((sheet.money(head) for head in heads), Decimal(0))
    parts = [("GST", taxes), *((head.upper(), sheet.money(head)) for head in heads)]
    return {
        "invoiceNo": number,
        "invoiceDate": f"{sheet.document['date']}{_INDIAN_TIME}",
        "gstIn": sheet.document["seller"].get("gstin") or "",
        "gstBrkUp": "|".join(f"{name}:{amount:.2f}" for name, amount in parts),
    }


def _unless_zero(sheet: Sheet, key: str) -> list[tuple[str, Decimal]]:
    return [(sheet.say(key), sheet.money(key))] if sheet.money(key) else []
