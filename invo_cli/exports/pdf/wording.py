"""What is printed word for word: which copy it is, endorsements, watermark, amount in words."""

from __future__ import annotations

from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.exports.pdf import hindi
from invo_cli.exports.pdf.sheet import NOTES, VOUCHERS, Sheet, rupee
from invo_cli.gst import endorsements as gst_endorsements
from invo_cli.gst.document import Supply
from invo_cli.gst.text import nearest, quoted

COPIES = ("original", "duplicate", "triplicate")


def copies_of(sheet: Sheet) -> tuple[str, ...]:
    """The copies a document is made out in: three for goods, two for services, notes and vouchers (Rule 48)."""
    has_three = sheet.has_goods and sheet.kind not in NOTES + VOUCHERS
    return COPIES if has_three else COPIES[:2]


def copy_mark(sheet: Sheet) -> str | None:
    """What Rule 48 wants printed on this copy; InvalidError for a copy that the document does not have."""
    if sheet.copy is None:
        return None
    copies = copies_of(sheet)
    if sheet.copy not in copies:
        near = nearest(sheet.copy, copies)
        hint = f"Did you mean {near}?" if near else f"Its copies are {', '.join(copies)}."
        raise InvalidError(f"This document has no copy {quoted(sheet.copy)}.", hint=hint)
    if sheet.copy == "duplicate":
        return sheet.say("duplicate_transporter" if len(copies) == len(COPIES) else "duplicate_supplier")
    return sheet.say(sheet.copy)


def endorsements(sheet: Sheet) -> list[str]:
    """The sentences that the law wants on the document, in the law's own words where it has them."""
    supply = Supply(sheet.document["supply"])
    found = gst_endorsements.endorsements(supply, is_composition=bool(sheet.extras.get("composition")))
    if sheet.document.get("reverse_charge") and sheet.heads:
        taxes = sum((sheet.money(head) for head in (*sheet.heads, "cess")), Decimal(0))
        found.append(sheet.say("recipient_pays", tax=rupee(taxes)))
    return found


def watermark(sheet: Sheet) -> str | None:
    """What is written across the paper of a document that is none: a draft, a cancelled one."""
    status = sheet.document.get("status")
    return sheet.say(status) if status in ("draft", "cancelled") else None


def cancellation(sheet: Sheet) -> str | None:
    """Why a cancelled document was cancelled."""
    if sheet.document.get("status") != "cancelled":
        return None
    reason = sheet.document.get("cancel_reason")
    return f"{sheet.say('cancelled_because')}: {reason}" if reason else None


def total_in_words(sheet: Sheet) -> str:
    """The total in words, in the language of the sheet."""
    if sheet.language == "hi":
        return hindi.amount_in_words(sheet.money("total"))
    return str(sheet.document["amount_in_words"])
