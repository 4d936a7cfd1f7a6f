"""Reading a JSON e-invoice whose fields may be missing or wrong: what has not its shape counts as absent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from invo_cli.gst.periods import FinancialYear

INDIA = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
"""The portals' dates and clocks."""
ZERO = Decimal(0)
_DAY = re.compile("([0-9]{2})/([0-9]{2})/([0-9]{4})")


def parse_day(text: str | None) -> dt.date | None:
    """The day of DD/MM/YYYY; None when it is no day of the calendar."""
    match = _DAY.fullmatch(text or "")
    try:
        return dt.date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def write_day(day: dt.date) -> str:
    """DD/MM/YYYY, as the portals write dates."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


class Section:
    """One object of the file."""

    def __init__(self, content: Any, path: str) -> None:
        self.content: Mapping[str, Any] = content if isinstance(content, Mapping) else {}
        self.path = path

    def text(self, key: str) -> str | None:
        """A text, None when it is absent or something else."""
        value = self.content.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> Decimal | None:
        """A number, None when it is absent or something else."""
        value = self.content.get(key)
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            return None
        return Decimal(value)

    def amount(self, *keys: str) -> Decimal:
        """The sum of the amounts of these keys; absent ones are nothing."""
        return sum((self.number(key) or ZERO for key in keys), ZERO)

    def state(self, key: str) -> str | None:
        """A state as two digits, of one digit or two."""
        found = self.text(key)
        return found.zfill(2) if found else None

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}"


class Facts:
    """The sections of an e-invoice that rules ask about."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.transaction = self._section("TranDtls")
        self.details = self._section("DocDtls")
        self.seller = self._section("SellerDtls")
        self.buyer = self._section("BuyerDtls")
        self.totals = self._section("ValDtls")

    def _section(self, key: str) -> Section:
        return Section(self._document.get(key), key)

    def optional(self, key: str) -> Section | None:
        """A section that need not be there."""
        return self._section(key) if isinstance(self._document.get(key), Mapping) else None

    @cached_property
    def items(self) -> list[Section]:
        """The lines."""
        found = self._document.get("ItemList")
        return [
            Section(item, f"ItemList[{place}]") for place, item in enumerate(found if isinstance(found, list) else [])
        ]

    @property
    def version(self) -> str | None:
        """The version of the form; None when it is absent."""
        found = self._document.get("Version")
        return found if isinstance(found, str) else None

    @property
    def supply(self) -> str:
        """SupTyp in capitals; empty when it is absent."""
        return (self.transaction.text("SupTyp") or "").upper()

    @property
    def type(self) -> str:
        """INV, CRN or DBN; empty when it is absent."""
        return (self.details.text("Typ") or "").upper()

    @property
    def is_export(self) -> bool:
        """With or without payment of tax."""
        return self.supply.startswith("EXP")

    @property
    def is_sez(self) -> bool:
        """With or without payment of tax."""
        return self.supply.startswith("SEZ")

    @property
    def is_without_payment(self) -> bool:
        """Zero-rated under bond or letter of undertaking."""
        return self.supply in ("SEZWOP", "EXPWOP")

    @property
    def is_reverse_charge(self) -> bool:
        """The recipient pays the tax."""
        return self.transaction.text("RegRev") == "Y"

    @cached_property
    def date(self) -> dt.date | None:
        """The document date."""
        return parse_day(self.details.text("Dt"))

    @property
    def identity(self) -> tuple[str, ...] | None:
        """What the portal tells documents apart by: GSTIN, year, type and number; None when one of them is absent."""
        gstin, number = self.seller.text("Gstin"), self.details.text("No")
        if not (gstin and number and self.date):
            return None
        return gstin, FinancialYear.of(self.date).label, self.type, number.upper()
