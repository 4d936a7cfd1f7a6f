"""Particulars that the returns take in one form only: shipping bill, operator, differential rate."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.gstin import Gstin, GstinKind
from invo_cli.gst.rules.base import Breach, Case, refuses, warns

# 37/2017-Central Tax (Rate): leased motor vehicles bought before GST bear 65 per cent of the rate.
DIFFERENTIAL = Decimal(65)
SECTIONS = ("52", "9(5)")


@refuses("GST-43", "A shipping bill has both number and date.", "GSTR-1 table 6A")
def shipping_bill(case: Case) -> Iterator[Breach]:
    """It may be added later, but not by halves."""
    bill = case.document.shipping_bill
    if bill is not None and (bill.number is None) != (bill.date is None):
        missing = "number" if bill.number is None else "date"
        yield Breach(f"The {missing} of the shipping bill is missing.", "Give both or neither.", "shipping_bill")


@warns("GST-49", "A shipping bill is of an export.", "GSTR-1 table 6A")
def shipped_abroad(case: Case) -> Iterator[Breach]:
    """The returns state it for exports only."""
    if case.document.shipping_bill is not None and not case.document.supply.is_export:
        yield Breach("A shipping bill is given, but the supply is no export.", "Leave it out.", "shipping_bill")


@refuses("GST-44", "The differential rate is 65 per cent and not of an export.", "37/2017-Central Tax (Rate); GSTR-1")
def differential(case: Case) -> Iterator[Breach]:
    """The returns take no other share, and none on exports."""
    percent = case.document.differential_percent
    if percent is None:
        return
    if percent != DIFFERENTIAL:
        yield Breach(
            f"The differential rate is {percent} per cent.", "Give 65 or leave it out.", "differential_percent"
        )
    if case.document.supply.is_export:
        yield Breach("An export has no differential rate.", "Leave it out.", "differential_percent")


@refuses("GST-45", "The GSTIN of an e-commerce operator is a right one for collecting tax at source.", "CGST Act s.52")
def operator_gstin(case: Case) -> Iterator[Breach]:
    """Its fourteenth character is C."""
    text = case.document.ecommerce_gstin
    if text is None:
        return
    try:
        gstin = Gstin.parse(text)
    except InvalidError as error:
        yield Breach(error.message, error.hint or "Check the GSTIN.", "ecommerce_gstin")
        return
    if gstin.kind is not GstinKind.TCS:
        yield Breach(
            f"GSTIN {gstin} is not that of an e-commerce operator.",
            "Ask the operator for the number with C as character 14.",
            "ecommerce_gstin",
        )


@refuses("GST-46", "A supply through an operator has its GSTIN and the section, 52 or 9(5).", "CGST Act s.52, s.9(5)")
def operator_section(case: Case) -> Iterator[Breach]:
    """The section decides who pays the tax, and the table of the return."""
    document = case.document
    section = document.ecommerce_section
    if section is not None and section not in SECTIONS:
        yield Breach("The section of the operator is neither 52 nor 9(5).", "Give 52 or 9(5).", "ecommerce_section")
    if (section is None) != (document.ecommerce_gstin is None):
        missing = "ecommerce_section" if section is None else "ecommerce_gstin"
        yield Breach(f"A supply through an operator lacks {missing}.", "Give both or neither.", missing)


RULES = (shipping_bill, shipped_abroad, differential, operator_gstin, operator_section)
