"""Documents that are reported, complete and random, for the tests of e-invoices and e-way bills."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from invo_cli.gst.document import (
    Address,
    Buyer,
    Document,
    Kind,
    Line,
    Original,
    Seller,
    ShippingBill,
    Supply,
    Taxability,
)
from invo_cli.gst.einvoice.building import build
from invo_cli.gst.einvoice.problems import Problem
from invo_cli.gst.einvoice.validation import problems
from invo_cli.gst.einvoice.wire import read, write
from invo_cli.gst.supply import heads_for
from invo_cli.gst.tax import DocumentTax, compute
from tests.gst.documents import make_line

TODAY = dt.date(2026, 10, 20)
BENGALURU = Address(line1="12 MG Road", city="Bengaluru", pincode="560001", state="29")
PUNE = Address(line1="1 Law College Road", city="Pune", pincode="411001", state="27")
COLOMBO = Address(line1="4 Galle Road", city="Colombo", state="96", country="Sri Lanka")
SELLER = Seller(name="Bengaluru Service Centre", gstin="29AAGCB7383J1Z4", state="29", address=BENGALURU)
HERE = Buyer(name="Mysuru Motors", gstin="29AABCR1718E1ZL", state="29", address=BENGALURU)
THERE = Buyer(name="Pune Motors", gstin="27AAPFU0939F1ZV", state="27", address=PUNE)
ABROAD = Buyer(name="Perera Holdings", state="96", address=COLOMBO)
ORIGINAL = Original(number="INV/1", date=dt.date(2026, 9, 1))
SCREEN = make_line("1500", hsn="998716")
BATTERY = make_line("900", quantity="2", hsn="850760", unit="PCS", description="Battery")


def paper(*lines: Line, **fields: Any) -> Document:
    """A tax invoice to Pune with a number; whatever the test is about replaces the rest."""
    usual: dict[str, Any] = {
        "kind": Kind.TAX_INVOICE,
        "date": dt.date(2026, 10, 5),
        "number": "INV/26-27/0001",
        "seller": SELLER,
        "buyer": THERE,
        "place_of_supply": "27",
    }
    return Document(lines=lines or (SCREEN, BATTERY), **(usual | fields))


def taxed(document: Document) -> DocumentTax:
    """Its figures."""
    heads = heads_for(document.seller, document.kind, document.supply, document.place_of_supply)
    return compute(document, heads)


def einvoice(document: Document) -> dict[str, Any]:
    """Its e-invoice as it is read back from the file."""
    content: dict[str, Any] = read(write(build(document, taxed(document))))
    return content


def judged(content: Any) -> list[Problem]:
    """What the portal would say."""
    return problems(content, today=TODAY)


def refusals(content: Any) -> list[tuple[str, str]]:
    """Where and why the portal would refuse it."""
    return [(problem.path, problem.rule) for problem in judged(content) if problem.severity.value == "refuse"]


EXPORT: dict[str, Any] = {"buyer": ABROAD, "place_of_supply": "96"}
SEZ: dict[str, Any] = {"buyer": replace(HERE, is_sez=True), "place_of_supply": "29"}
SUPPLIES: dict[str, dict[str, Any]] = {
    "B2B here": {"buyer": HERE, "place_of_supply": "29"},
    "B2B there": {},
    "RCM": {"reverse_charge": True},
    "IGST inside": {
        "buyer": HERE,
        "place_of_supply": "29",
        "supply": Supply.INTRA_STATE_IGST,
        "reverse_charge": True,
    },
    "SEZWP": SEZ | {"supply": Supply.SEZ_WITH_PAYMENT},
    "SEZWOP": SEZ | {"supply": Supply.SEZ_WITHOUT_PAYMENT},
    "EXPWP": EXPORT | {"supply": Supply.EXPORT_WITH_PAYMENT},
    "EXPWOP": EXPORT
    | {
        "supply": Supply.EXPORT_WITHOUT_PAYMENT,
        "shipping_bill": ShippingBill(port="INMAA1", number="7896542", date=dt.date(2026, 10, 8)),
    },
    "DEXP": {"supply": Supply.DEEMED_EXPORT},
    "ECom": {"ecommerce_gstin": "29AABCF8078M1C8", "ecommerce_section": "52"},
    "credit note": {
        "kind": Kind.CREDIT_NOTE,
        "originals": (ORIGINAL,),
        "reason": "x",
    },
    "debit note": {
        "kind": Kind.DEBIT_NOTE,
        "originals": (replace(ORIGINAL, number="7"),),
        "reason": "x",
    },
}
"""Every way in which a document is reported."""

_prices = st.integers(0, 10**9).map(lambda thousandths: Decimal(thousandths) / 1000)
_texts = st.text(min_size=1, max_size=320).filter(lambda text: text.strip() and "\0" not in text)


@st.composite
def _random_lines(draw: st.DrawFn) -> Line:
    is_taxable = draw(st.integers(0, 4)) > 0
    rate = draw(st.sampled_from(("0", "0.25", "3", "5", "12", "18", "28", "40")))
    return Line(
        description=draw(_texts),
        quantity=Decimal(draw(st.integers(0, 10**6))) / 1000,
        unit_price=draw(_prices),
        unit=draw(st.sampled_from(("NOS", "KGS", "NA", "OTH"))),
        hsn=draw(st.sampled_from(("998716", "8507", "84713010", "010121"))),
        discount_percent=draw(st.sampled_from((None, Decimal(5), Decimal(100)))),
        taxability=Taxability.TAXABLE if is_taxable else draw(st.sampled_from(list(Taxability)[1:])),
        gst_rate=Decimal(rate) if is_taxable else Decimal(0),
        cess_rate=Decimal(draw(st.sampled_from(("0", "0", "12"))) if is_taxable else 0),
        cess_per_unit=Decimal(draw(st.sampled_from(("0", "0", "2.076"))) if is_taxable else 0),
        is_charge=draw(st.booleans()),
    )


@st.composite
def random_papers(draw: st.DrawFn) -> Document:
    """A document that is reported, of any supply, with hostile texts and figures."""
    fields = draw(st.sampled_from(sorted(SUPPLIES)))
    lines = draw(st.lists(_random_lines(), min_size=1, max_size=8))
    # 65 per cent of 0.25 has more decimals than a rate may have; it is a rate of vehicles.
    has_share = draw(st.integers(0, 3)) == 0 and all(line.gst_rate != Decimal("0.25") for line in lines)
    is_inclusive = draw(st.booleans()) and not any(line.cess_per_unit for line in lines)
    return paper(
        *lines,
        make_line("10", hsn="998716"),
        **SUPPLIES[fields],
        round_off=draw(st.booleans()),
        prices_include_tax=is_inclusive,
        other_charges=Decimal(draw(st.sampled_from(("0", "10.05")))),
        differential_percent=Decimal(65) if has_share else None,
    )
