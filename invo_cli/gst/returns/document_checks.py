"""Checks of one document as a section states it: number, place, taxes, shipping bill, widths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from invo_cli.gst.document import Supply
from invo_cli.gst.periods import GST_BEGAN
from invo_cli.gst.returns.books import Document
from invo_cli.gst.returns.choice import Section, is_foreign
from invo_cli.gst.returns.figures import Breakdown, Figures
from invo_cli.gst.returns.json_text import rate
from invo_cli.gst.states import OBSOLETE, OVERSEAS

Problem = tuple[str, str, str, str]
"""Field, rule, message and fix."""

RATES = frozenset((0, 100, 250, 1000, 1500, 3000, 5000, 6000, 7500, 12000, 18000, 28000, 40000))
"""What the portal's tool V3.2.4 takes, in thousandths of a per cent."""

RANGE_END = re.compile("(?=.{1,16}$)[/0-]*[A-Za-z0-9/-]*[A-Za-z1-9]+[A-Za-z0-9/-]*")
_NUMBER = re.compile("(?!0+\\Z)[A-Za-z0-9/-]{1,16}")
_PLACES = frozenset([*(f"{code:02}" for code in range(1, 39)), "96", "97"])
_USUAL_PLACES = _PLACES.difference(OBSOLETE)
_PORT = re.compile("[A-Za-z0-9]{1,6}")
_BILL = re.compile("[0-9]{3,7}")
_WIDEST_VALUE, _WIDEST_AMOUNT = 10**15, 10**13


def number_problems(number: str, where: str) -> list[Problem]:
    """What is wrong with the number of a document."""
    if _NUMBER.fullmatch(number):
        return []
    message = f"The portal does not take the number {number}."
    return [(where, "R1-01", message, "It needs 1 to 16 letters, digits, hyphens and slashes.")]


def problems(document: Document, parts: Breakdown, section: Section, intra: bool) -> list[Problem]:
    """What is wrong with one document."""
    found: list[Problem] = []
    if document.pos not in _USUAL_PLACES:
        found += _place(document)
    if document.supply is not Supply.REGULAR:
        found += _supply(document, parts, section)
    if document.differential is not None:
        found += _differential(document)
    if section is Section.EXP:
        found += _shipping(document)
    taxed = parts.taxed
    if document.value_paise >= _WIDEST_AMOUNT or taxed.taxable >= _WIDEST_AMOUNT or taxed.tax >= _WIDEST_AMOUNT:
        found += _widths(document, taxed)
    if taxed.cgst != taxed.sgst or (taxed.igst if intra else taxed.cgst):
        found += _heads(document, taxed, intra)
    is_note = section is Section.CDNR or section is Section.CDNUR
    if is_note or not RATES.issuperset(parts.rates):
        found += _rates(parts, is_note=is_note)
    return found


def _place(document: Document) -> Iterator[Problem]:
    if document.pos not in _PLACES:
        yield "pos", "R1-06", f"There is no place of supply {document.pos}.", "Use 01 to 38, 96 or 97."
    else:
        yield (
            "pos",
            "R1-07",
            f"Place of supply {document.pos} is obsolete.",
            f"Use {OBSOLETE[document.pos][0]} unless the supply is older.",
        )


def _supply(document: Document, parts: Breakdown, section: Section) -> Iterator[Problem]:
    supply = document.supply
    if supply is Supply.INTRA_STATE_IGST and not document.reverse_charge:
        yield "rchrg", "R1-09", "IGST within the State needs reverse charge.", "Mark the supply as reverse charge."
    if supply is Supply.DEEMED_EXPORT and document.reverse_charge:
        yield "rchrg", "R1-09", "A deemed export has reverse charge.", "Take the reverse charge off."
    if supply.is_without_payment and parts.taxed.tax:
        yield "iamt", "R1-15", "Tax is charged on a supply without payment.", "Correct the kind of supply."
    if document.gstin is None and not supply.is_export:
        yield "ctin", "R1-16", f"A {supply.value} supply has no recipient's GSTIN.", "Enter it with the customer."
    if supply.is_export and section is not Section.PAYTX and document.pos != OVERSEAS:
        yield "pos", "R1-16", f"An export has place of supply {document.pos}.", "Use 96."


def _differential(document: Document) -> Iterator[Problem]:
    if document.differential != 65000:
        share = rate(document.differential or 0)
        yield "diff_percent", "R1-13", f"The differential rate is {share} per cent.", "Use 65 or none."
    if is_foreign(document):
        yield "diff_percent", "R1-13", "An export has a differential rate.", "Leave it out."


def _shipping(document: Document) -> Iterator[Problem]:
    number, date, port = document.shipping_number, document.shipping_date, document.shipping_port
    if (number is None) != (date is None):
        missing = "number" if number is None else "date"
        yield "sbnum", "R1-10", f"The shipping bill has no {missing}.", "Give number and date, or neither."
    if date is not None and date < GST_BEGAN:
        yield "sbdt", "R1-02", f"The shipping bill is dated {date}.", f"It cannot be before {GST_BEGAN}."
    if number is not None and not _BILL.fullmatch(number):
        yield "sbnum", "R1-10", f"The portal does not take shipping bill {number}.", "It needs 3 to 7 digits."
    if port is not None and not _PORT.fullmatch(port):
        yield "sbpcode", "R1-10", f"The portal does not take port {port}.", "It needs 1 to 6 letters and digits."


def _widths(document: Document, taxed: Figures) -> Iterator[Problem]:
    if document.value_paise >= _WIDEST_VALUE:
        yield "val", "R1-11", "The value has more than 13 digits before the point.", "Split the document."
    if taxed.taxable >= _WIDEST_AMOUNT or taxed.tax >= _WIDEST_AMOUNT:
        yield "txval", "R1-11", "An amount has more than 11 digits before the point.", "Split the document."


def _heads(document: Document, taxed: Figures, intra: bool) -> Iterator[Problem]:
    if taxed.igst if intra else taxed.cgst or taxed.sgst:
        should = "CGST and SGST" if intra else "IGST"
        yield "iamt", "R1-14", f"Place of supply {document.pos} asks for {should}.", "Correct the place or the tax."
    if taxed.cgst != taxed.sgst:
        yield "camt", "R1-14", "CGST and SGST differ.", "Correct the tax of the document."


def _rates(parts: Breakdown, *, is_note: bool) -> Iterator[Problem]:
    stated = parts.telling()
    for rt, figures in parts.rates.items():
        if rt not in RATES:
            yield "rt", "R1-05", f"The portal does not take the rate {rate(rt)} %.", "Use a rate of its list."
        if is_note and not figures.taxable and rt in stated:
            yield "txval", "R1-12", f"The note has no taxable value at {rate(rt)} %.", "Leave the line out of the note."
