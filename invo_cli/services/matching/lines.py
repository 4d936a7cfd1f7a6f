"""A line of a bank statement and what makes it that line: its fingerprint and its place among equal ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Protocol

from invo_cli.gst.money import to_paise


class Credit(Protocol):
    """Money that came in, as a statement says it; the amount in rupees."""

    @property
    def line(self) -> int:
        """Where it stands in the file."""

    @property
    def day(self) -> date:
        """When it came."""

    @property
    def amount(self) -> Decimal:
        """Above zero."""

    @property
    def reference(self) -> str:
        """UTR or cheque number, perhaps empty."""

    @property
    def narration(self) -> str:
        """What the bank wrote."""


@dataclass(frozen=True, slots=True)
class Line:
    """A credit with its identity; equal lines of one statement are told apart by their occurrence: 1, 2, …"""

    credit: Credit
    fingerprint: str
    occurrence: int

    @property
    def key(self) -> str:
        """What a review calls the line: no spreadsheet takes it for a number."""
        return f"L{self.fingerprint[:16]}-{self.occurrence}"

    @property
    def paise(self) -> int:
        """The amount in paise."""
        return to_paise(self.credit.amount)

    @property
    def text(self) -> str:
        """All that the bank says of it, in upper case."""
        return f"{self.credit.reference} {self.credit.narration}".upper()


def identified(credits: Iterable[Credit]) -> Iterator[Line]:
    """The lines with their fingerprints, in the order of the statement."""
    seen: Counter[str] = Counter()
    for credit in credits:
        print_ = fingerprint(credit)
        seen[print_] += 1
        yield Line(credit, print_, seen[print_])


def fingerprint(credit: Credit) -> str:
    """SHA-256 of day, paise, reference and narration.

    Blanks, case and leading zeros of the reference do not count: the csv and the xlsx of a bank differ in those.
    """
    parts = (
        credit.day.isoformat(),
        str(to_paise(credit.amount)),
        "".join(credit.reference.split()).upper().lstrip("0-"),
        " ".join(credit.narration.split()).upper(),
    )
    return sha256("\n".join(parts).encode()).hexdigest()


_METHODS = (
    (re.compile(r"\b(?:UPI|BHIM|VPA|QR)\b"), "upi"),
    (re.compile(r"\b(?:CHQ|CHEQUE|CLG|CLEARING|MICR|CTS)\b"), "cheque"),
    (re.compile(r"\b(?:POS|CARD|EDC)\b"), "card"),
    (re.compile(r"\bCASH\b"), "cash"),
)


def method_of(line: Line) -> str:
    """How the money came, as payments call it."""
    return next((method for pattern, method in _METHODS if pattern.search(line.text)), "bank")
