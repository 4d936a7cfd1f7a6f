"""The arithmetic of an e-invoice: each line by itself, and the totals of all lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from invo_cli.gst.einvoice.facts import Facts, Section
from invo_cli.gst.einvoice.problems import Problem

TOLERANCE = Decimal(1)
"""Rupees that a figure may be off; the portal's own figure is not published."""
_TAXES = ("IgstAmt", "CgstAmt", "SgstAmt")
_CESSES = ("CesAmt", "CesNonAdvlAmt", "StateCesAmt", "StateCesNonAdvlAmt")
_TOTALS = {
    "AssVal": ("AssAmt",),
    "IgstVal": ("IgstAmt",),
    "CgstVal": ("CgstAmt",),
    "SgstVal": ("SgstAmt",),
    "CesVal": ("CesAmt", "CesNonAdvlAmt"),
    "StCesVal": ("StateCesAmt", "StateCesNonAdvlAmt"),
}


def problems(facts: Facts) -> list[Problem]:
    """Every figure that does not follow from the others."""
    found = [problem for item in facts.items for problem in _item(facts, item)]
    return [*found, *_totals(facts)]


def _item(facts: Facts, item: Section) -> Iterator[Problem]:
    yield from _off(item, "AssAmt", "sums", [item.amount("TotAmt") - item.amount("Discount")], "TotAmt less Discount")
    yield from _tax(facts, item)
    if facts.is_without_payment:
        for key in (*_TAXES, *_CESSES):
            if item.amount(key):
                yield _wrong(item, key, "zero_rated", "A supply without payment of tax bears none.", "Write 0.")
    charges = item.amount("AssAmt", "OthChrg")
    taxed = charges + item.amount(*_TAXES, *_CESSES)
    allowed = [taxed, charges] if _may_leave_tax_out(facts) else [taxed]
    yield from _off(item, "TotItemVal", "sums", allowed, "AssAmt with taxes, cess and OthChrg")


def _tax(facts: Facts, item: Section) -> Iterator[Problem]:
    """The portal computes the tax of invoices again, that of notes not; under reverse charge it may be left out."""
    rate, tax = item.number("GstRt"), item.amount(*_TAXES)
    if rate is None or facts.type != "INV" or facts.is_without_payment:
        return
    due = item.amount("AssAmt") * rate / 100
    is_left_out = facts.is_reverse_charge and not tax
    if abs(tax - due) > TOLERANCE and not is_left_out:
        key = "IgstAmt" if item.amount("IgstAmt") or not item.amount("CgstAmt") else "CgstAmt"
        message = f"The tax is {tax}; {rate} per cent of AssAmt is {due:.2f}."
        yield _wrong(item, key, "tax", message, "Correct the rate, the value or the tax.")


def _totals(facts: Facts) -> Iterator[Problem]:
    totals = facts.totals
    if not totals.content or not facts.items:
        return
    for key, parts in _TOTALS.items():
        if key == "AssVal" or totals.amount(key) or any(item.amount(*parts) for item in facts.items):
            total = sum((item.amount(*parts) for item in facts.items), Decimal(0))
            yield from _off(totals, key, "sums", [total], "the sum of the lines")
    plain = totals.amount("AssVal", "OthChrg", "RndOffAmt") - totals.amount("Discount")
    taxed = plain + totals.amount("CgstVal", "SgstVal", "IgstVal", "CesVal", "StCesVal")
    allowed = [taxed, plain] if _may_leave_tax_out(facts) else [taxed]
    yield from _off(
        totals, "TotInvVal", "sums", allowed, "AssVal with taxes, cess, OthChrg and RndOffAmt, less Discount"
    )


def _may_leave_tax_out(facts: Facts) -> bool:
    return facts.is_reverse_charge or facts.supply == "EXPWP"


def _off(section: Section, key: str, rule: str, allowed: list[Decimal], what: str) -> Iterator[Problem]:
    """A problem when the figure is none of those allowed; an absent optional one counts as 0."""
    value = section.amount(key)
    if all(abs(value - each) > TOLERANCE for each in allowed):
        yield _wrong(section, key, rule, f"{section.at(key)} is {value}, not {allowed[0]:.2f}.", f"It is {what}.")


def _wrong(section: Section, key: str, rule: str, message: str, hint: str) -> Problem:
    return Problem(path=section.at(key), value=section.content.get(key), rule=rule, message=message, hint=hint)
