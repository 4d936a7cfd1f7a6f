"""Document numbers: the pattern of a series, and the rule that every number keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Kind, Voucher
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.text import quoted

MAX_LENGTH = 16
LAST_SERIAL = 999_999
"""The serial with which a pattern must still fit when it is set."""

# Rule 46(b) allows 16 letters, digits, hyphens and slashes; the e-invoice portal refuses 0, / and - in front.
# So the plain number 0, which GSTR-1 refuses, cannot occur.
_NUMBER = re.compile(r"[A-Za-z1-9][A-Za-z0-9/-]{0,15}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SEQ = re.compile("seq(?::0([1-9]))?")

Numbered = Kind | Voucher
"""What has a number series."""
DEFAULT_PATTERNS: Mapping[Numbered, str] = MappingProxyType(
    {
        Kind.TAX_INVOICE: "INV/{fy}/{seq:04}",
        Kind.BILL_OF_SUPPLY: "BOS/{fy}/{seq:04}",
        Kind.INVOICE_CUM_BILL_OF_SUPPLY: "ICB/{fy}/{seq:04}",
        Kind.CREDIT_NOTE: "CN/{fy}/{seq:04}",
        Kind.DEBIT_NOTE: "DN/{fy}/{seq:04}",
        Voucher.PAYMENT: "PAY/{fy}/{seq:04}",
        Voucher.RECEIPT_VOUCHER: "RV/{fy}/{seq:04}",
        Voucher.REFUND_VOUCHER: "RF/{fy}/{seq:04}",
    }
)


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A series such as `INV/{fy}/{seq:04}`: the financial year as 26-27, and one serial, filled with zeros if asked.

    A series counts anew each year and numbers are unique per year, so a pattern without the year is lawful.
    """

    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> NumberPattern:
        """The pattern, if every number up to serial 999999 keeps the rule; InvalidError otherwise."""
        pattern = cls(text.strip())
        _check_placeholders(pattern.text)
        for serial in (1, LAST_SERIAL):
            number = pattern._fill(FinancialYear(2026), serial)
            problem = _problem(number)
            if problem:
                raise InvalidError(
                    f"Pattern {quoted(pattern.text)} gives {quoted(number)}, which {problem}.",
                    hint="Use a pattern such as INV/{fy}/{seq:04}.",
                )
        return pattern

    def render(self, year: FinancialYear, serial: int) -> str:
        """The number of a serial from 1 on; InvalidError when it is too long."""
        number = self._fill(year, serial)
        problem = _problem(number)
        if problem:
            raise InvalidError(
                f"Serial {serial} of series {quoted(self.text)} gives {quoted(number)}, which {problem}.",
                hint="Choose a shorter pattern with: invo series set",
            )
        return number

    def serial_of(self, year: FinancialYear, number: str) -> int | None:
        """The serial that gives the number, in any case; None for a number that is not of this series and year."""
        match = _reader(self.text, year.short).fullmatch(number_key(number))
        serial = int(match[1]) if match else 0
        return serial if serial and number_key(self._fill(year, serial)) == number_key(number) else None

    def _fill(self, year: FinancialYear, serial: int) -> str:
        def value(match: re.Match[str]) -> str:
            seq = _SEQ.fullmatch(match[1])
            return str(serial).zfill(int(seq[1] or 1)) if seq else year.short

        return _PLACEHOLDER.sub(value, self.text)


def check_number(text: str) -> str:
    """The number itself when it keeps the rule of invoices, returns and the e-invoice; InvalidError otherwise."""
    problem = _problem(text)
    if problem:
        raise InvalidError(
            f"Number {quoted(text)} {problem}.",
            hint="A number has 1 to 16 letters, digits, hyphens and slashes, and begins with a letter or 1-9.",
        )
    return text


def number_key(text: str) -> str:
    """What makes numbers equal: returns and the e-invoice portal ignore case (since 2025-06-01)."""
    return text.upper()


@lru_cache(256)
def _reader(pattern: str, year: str) -> re.Pattern[str]:
    """What every number of a pattern in a year looks like, its key; the group holds the serial."""
    parts = enumerate(_PLACEHOLDER.split(pattern))
    read = (
        ("([0-9]{1,15})" if _SEQ.fullmatch(part) else re.escape(year)) if place % 2 else re.escape(number_key(part))
        for place, part in parts
    )
    return re.compile("".join(read))


def _check_placeholders(text: str) -> None:
    names = _PLACEHOLDER.findall(text)
    unknown = [name for name in names if name != "fy" and not _SEQ.fullmatch(name)]
    if unknown:
        raise InvalidError(
            f"Pattern {quoted(text)} has the unknown placeholder {quoted('{' + unknown[0] + '}')}.",
            hint="Use {fy}, {seq}, or {seq:04} for at least four digits.",
        )
    serials = len(names) - names.count("fy")
    if serials != 1:
        raise InvalidError(
            f"Pattern {quoted(text)} has {serials or 'no'} serial{'s' * (serials > 1)} instead of one.",
            hint="Write {seq} or {seq:04} once.",
        )


def _problem(number: str) -> str | None:
    """What is wrong with a number, as the end of a sentence; None when it keeps the rule."""
    if _NUMBER.fullmatch(number):
        return None
    if not number:
        return "is empty"
    if len(number) > MAX_LENGTH:
        return f"has {len(number)} characters; at most {MAX_LENGTH} are allowed"
    strange = re.search("[^A-Za-z0-9/-]", number)
    if strange:
        return f"has {quoted(strange[0])}; only letters, digits, hyphens and slashes are allowed"
    return f"begins with {number[0]}"
