"""One document on its way to paper, in one language, as one copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from invo_cli.exports.pdf.extras import Extras
from invo_cli.exports.pdf.labels import LABELS, Language
from invo_cli.gst.money import format_indian, format_rate
from invo_cli.gst.states import STATES

NOTES = ("credit_note", "debit_note")
VOUCHERS = ("receipt_voucher", "refund_voucher")
_ORDINARY = (None, "regular", "deemed_export")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A document as scripts see it (docs/document.md); vouchers have the same keys."""

    document: Mapping[str, Any]
    extras: Extras = field(default_factory=Extras)
    copy: str | None = None
    """`original`, `duplicate` or `triplicate`."""
    language: Language = "en"

    @property
    def kind(self) -> str:
        """One of the kinds of documents, `receipt_voucher` or `refund_voucher`."""
        return str(self.document["kind"])

    def say(self, key: str, **values: str) -> str:
        """A label in the language of the sheet."""
        return LABELS[self.language][key].format(**values)

    def money(self, key: str) -> Decimal:
        """An amount of the header in rupees; 0 when the document has none."""
        return Decimal(self.document.get(key) or 0)

    @cached_property
    def has_goods(self) -> bool:
        """Whether any line is not known to be a service (SAC codes begin with 99)."""
        return any(not str(line.get("hsn") or "").startswith("99") for line in self.document["lines"])

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The keys of the taxes that the document charges; none on a bill of supply."""
        if self.kind == "bill_of_supply" or self.extras.get("composition"):
            return ()
        return ("cgst", "sgst") if self._is_split else ("igst",)

    @property
    def _is_split(self) -> bool:
        if self.money("cgst") or self.money("igst"):
            return bool(self.money("cgst"))
        place, seller = self.document["place_of_supply"], self.document["seller"]
        return self.document.get("supply") in _ORDINARY and place == seller["state"]

    def head_label(self, head: str) -> str:
        """A tax by its name; UTGST takes the place of SGST in Union territories without legislature."""
        state = STATES.get(self.document["place_of_supply"])
        is_union = head == "sgst" and state is not None and state.is_union_territory_tax
        return self.say("utgst" if is_union else head)

    def head_rate(self, gst_rate: str) -> str:
        """The rate of each head as printed: half of 18 is 9%, and 65 per cent of that is 5.85%."""
        share = Decimal(self.extras.get("differential_percent") or 100) / 100
        return f"{format_rate(Decimal(gst_rate) * share / len(self.heads))}%"


def rupee(amount: Decimal) -> str:
    """An amount with the rupee sign, minus first: -₹1,500.75."""
    text = format_indian(amount)
    return f"-₹{text[1:]}" if text.startswith("-") else f"₹{text}"


def printed_date(iso: str | None) -> str | None:
    """An ISO date as it is written in India: 05-10-2026."""
    return dt.date.fromisoformat(iso[:10]).strftime("%d-%m-%Y") if iso else None
