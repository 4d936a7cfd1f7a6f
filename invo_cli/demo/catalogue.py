"""The parts and labour of the made-up business, with real HSN and SAC codes, units and rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from invo_cli.gst.document import Taxability
from invo_cli.gst.money import to_thousandths


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One item: price in rupees a unit, rate in per cent (None: it bears no tax), and the quantities usually sold."""

    code: str
    name: str
    hsn: str
    price: str
    unit: str = "NOS"
    rate: str | None = "18"
    includes_tax: bool = False
    quantities: tuple[str, ...] = ("1",)

    def columns(self) -> dict[str, Any]:
        """The columns of an item."""
        is_taxable = self.rate is not None
        return {
            "code": self.code,
            "name": self.name,
            "hsn": self.hsn,
            "unit": self.unit,
            "unit_price_thousandths": to_thousandths(Decimal(self.price)),
            "gst_rate_thousandths": to_thousandths(Decimal(self.rate)) if self.rate else None,
            "taxability": (Taxability.TAXABLE if is_taxable else Taxability.EXEMPT).value,
            "price_includes_tax": self.includes_tax,
        }


def _part(code: str, name: str, hsn: str, price: str, **more: Any) -> Article:
    return Article(code=code, name=name, hsn=hsn, price=price, **more)


def _labour(code: str, name: str, sac: str, price: str) -> Article:
    # NA is the unit quantity code of services in GSTR-1.
    return Article(code=code, name=name, hsn=sac, price=price, unit="NA")


_ARTICLES = (
    _labour("L-PHONE", "Mobile phone repair", "998716", "450"),
    _labour("L-LAPTOP", "Laptop service and cleaning", "998713", "850"),
    _labour("L-DATA", "Data recovery", "998713", "2400"),
    _labour("L-PRINTER", "Printer service", "998712", "650"),
    _labour("L-WASHER", "Washing machine repair", "998715", "700"),
    _labour("L-AC", "Air conditioner gas charging and service", "998715", "1200"),
    _labour("L-UPS", "UPS and inverter installation", "998736", "900"),
    _labour("L-NETWORK", "Network and server installation", "998733", "6500"),
    _labour("L-REMOTE", "Remote IT support, monthly", "998313", "38000"),
    _part("SCREEN", "Display assembly, 6.5 inch", "85177990", "2850"),
    _part("PHONE-BATT", "Phone battery, 5000 mAh", "85076000", "1150"),
    _part("LAPTOP-BATT", "Laptop battery, 56 Wh", "85076000", "3990"),
    _part("SSD-512", "Solid-state drive, 512 GB", "85235100", "3425.50", quantities=("1", "1", "2")),
    _part("KEYBOARD", "Laptop keyboard", "84716040", "1475"),
    _part("TONER", "Toner cartridge, black", "84439959", "2260", quantities=("1", "2", "4")),
    _part("WASHER-PUMP", "Washing machine drain pump", "84509010", "1340"),
    _part("CAPACITOR", "Motor run capacitor, 50 µF", "85322500", "285"),
    _part("REFRIGERANT", "Refrigerant R-32", "29034200", "1180", unit="KGS", quantities=("0.450", "0.750", "1.200")),
    _part("COPPER-PIPE", "Copper pipe, 1/4 inch", "74111000", "412.50", unit="MTR", quantities=("2.5", "3", "4.5")),
    _part("COMPRESSOR", "Compressor, 1.5 ton", "84143000", "11400"),
    _part("UPS-BATT", "Battery, 12 V 150 Ah", "85072000", "13200", quantities=("1", "1", "2", "4")),
    _part("SOLAR", "Solar lantern, 7 W", "94054100", "1650", rate="5", quantities=("1", "2", "6")),
    _part("CHARGER", "Fast charger, 33 W", "85044030", "1299", includes_tax=True),
    _part("EARPHONES", "Wireless earphones", "85183020", "1999", includes_tax=True),
    _part("CARD-128", "Memory card, 128 GB", "85235220", "1149", includes_tax=True, quantities=("1", "2")),
    _part("HEARING-AID", "Hearing aid, behind the ear", "90214090", "8900", rate=None, quantities=("1", "1", "2")),
    _part("MANUAL", "Printed repair manual", "49011010", "420", rate=None),
)
ARTICLES: Mapping[str, Article] = MappingProxyType({article.code: article for article in _ARTICLES})
"""Every item by its code."""
