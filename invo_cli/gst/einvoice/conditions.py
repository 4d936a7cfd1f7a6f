"""What the fields of an e-invoice must say together: exports, SEZ, states, PIN codes, goods and services, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice.facts import Facts, Section, parse_day
from invo_cli.gst.einvoice.places import OVERSEAS_PIN, is_pin_of
from invo_cli.gst.einvoice.problems import Problem, Severity
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.states import OVERSEAS, STATES

EARLIEST = dt.date(2020, 10, 1)
"""The day on which e-invoices began."""
UNREGISTERED = "URP"
VERSION = "1.1"
_SERIAL = re.compile("[0-9]{1,6}")
Check = Callable[[Facts], Iterator[Problem]]


def problems(facts: Facts, *, today: dt.date) -> list[Problem]:
    """Every condition that is not met."""
    return [*_date(facts, today), *(problem for check in CHECKS for problem in check(facts))]


def _wrong(
    section: Section, key: str, rule: str, message: str, hint: str, severity: Severity = Severity.REFUSE
) -> Problem:
    return Problem(
        path=section.at(key), value=section.content.get(key), rule=rule, message=message, hint=hint, severity=severity
    )


def _date(facts: Facts, today: dt.date) -> Iterator[Problem]:
    details, on = facts.details, facts.date
    if details.text("Dt") is None:
        return
    if on is None:
        yield _wrong(details, "Dt", "date", "The document date is no day of the calendar.", "Write it as 31/10/2026.")
    elif on < EARLIEST:
        yield _wrong(details, "Dt", "date", f"The document is dated before {EARLIEST}.", "The portal takes none.")
    elif on > today:
        yield _wrong(details, "Dt", "date", f"The document is dated after today, {today}.", "Report it on its day.")


def _version(facts: Facts) -> Iterator[Problem]:
    """This is the table of one version."""
    version = facts.version
    if version not in (None, VERSION):
        message = f"The version is {version}."
        yield Problem(path="Version", value=version, rule="version", message=message, hint=f"Write {VERSION}.")


def _states(facts: Facts) -> Iterator[Problem]:
    """The state is that of the GSTIN, and there is such a state."""
    optional = [facts.optional(key) for key in ("DispDtls", "ShipDtls")]
    for party in (facts.seller, facts.buyer, *(found for found in optional if found)):
        gstin, state = party.text("Gstin"), party.state("Stcd")
        if state is not None and state not in STATES:
            yield _wrong(
                party, "Stcd", "state", f"There is no state {state}.", "Write the first two digits of a GSTIN."
            )
        elif gstin and gstin != UNREGISTERED and state is not None and gstin[:2] != state:
            message = f"State {state} is not that of GSTIN {gstin}."
            yield _wrong(party, "Stcd", "state", message, f"Write {gstin[:2]}; the portal answers 2258.")


def _pins(facts: Facts) -> Iterator[Problem]:
    """A PIN code lies in its state."""
    optional = [facts.optional(key) for key in ("DispDtls", "ShipDtls")]
    for party in (facts.seller, facts.buyer, *(found for found in optional if found)):
        pin, state = party.number("Pin"), party.state("Stcd")
        is_abroad = pin == OVERSEAS_PIN and state == OVERSEAS
        if pin is None or state is None or state not in STATES or is_abroad or is_pin_of(int(pin), state):
            continue
        message = f"PIN code {pin} does not lie in state {state} ({STATES[state].name})."
        yield _wrong(party, "Pin", "pin", message, "Correct the PIN code or the state; the portal answers 3038.")


def _gstins(facts: Facts) -> Iterator[Problem]:
    """Seller and buyer are two registrations; a check character that is wrong may be one of the portal's sandbox."""
    seller, buyer = facts.seller.text("Gstin"), facts.buyer.text("Gstin")
    if seller and seller == buyer:
        yield _wrong(facts.buyer, "Gstin", "parties", "Seller and buyer have the same GSTIN.", "Correct the buyer.")
    for party, gstin in ((facts.seller, seller), (facts.buyer, buyer)):
        if gstin and gstin != UNREGISTERED:
            try:
                Gstin.parse(gstin)
            except InvalidError as error:
                hint = error.hint or "Check the GSTIN."
                yield _wrong(party, "Gstin", "gstin", error.message, hint, Severity.WARN)


def _exports(facts: Facts) -> Iterator[Problem]:
    """An export goes to somebody without registration, in state 96, with the particulars of the export."""
    if not facts.is_export:
        return
    buyer = facts.buyer
    wanted = {"Gstin": UNREGISTERED, "Stcd": OVERSEAS, "Pos": OVERSEAS}
    for key, value in wanted.items():
        if buyer.text(key) not in (None, value):
            yield _wrong(buyer, key, "export", f"{key} of the buyer of an export is {value}.", f"Write {value}.")
    if buyer.number("Pin") != OVERSEAS_PIN:
        message = f"The PIN code of the buyer of an export is {OVERSEAS_PIN}."
        yield _wrong(buyer, "Pin", "export", message, f"Write {OVERSEAS_PIN}.")
    if facts.optional("ExpDtls") is None:
        hint = "Give the country of the buyer or the shipping bill."
        yield Problem(
            path="ExpDtls", value=None, rule="export", message="An export has no particulars of export.", hint=hint
        )


def _domestic(facts: Facts) -> Iterator[Problem]:
    """Who is not abroad is registered, has a PIN code, and is supplied in India."""
    if facts.is_export or not facts.supply:
        return
    buyer = facts.buyer
    if buyer.text("Gstin") == UNREGISTERED:
        hint = "Supplies to consumers are not reported."
        yield _wrong(buyer, "Gstin", "registered", "Only the buyer of an export is URP.", hint)
    for key, what in (("Pos", "place of supply"), ("Stcd", "state")):
        if buyer.state(key) == OVERSEAS:
            message = f"The {what} is 96, but the supply is {facts.supply}."
            yield _wrong(buyer, key, "registered", message, "96 is for exports.")
    if buyer.content and "Pin" not in buyer.content:
        yield _wrong(buyer, "Pin", "missing", "The buyer's PIN code is missing.", "Only exports may have none.")


def _place(facts: Facts) -> Iterator[Problem]:
    place = facts.buyer.state("Pos")
    if place is not None and place not in STATES:
        hint = "Write two digits, such as 29."
        yield _wrong(facts.buyer, "Pos", "state", f"There is no place of supply {place}.", hint)
    is_elsewhere = None not in (place, facts.seller.state("Stcd")) and place != facts.seller.state("Stcd")
    if facts.transaction.text("IgstOnIntra") == "Y" and is_elsewhere:
        message = "IGST inside a state is marked, but the place of supply is another state."
        yield _wrong(facts.transaction, "IgstOnIntra", "igst_on_intra", message, "Write N.")


def _heads(facts: Facts) -> Iterator[Problem]:
    """CGST and SGST inside a state, both alike; IGST between states, for SEZ and exports."""
    seller, place = facts.seller.state("Stcd"), facts.buyer.state("Pos")
    if not (seller and place and facts.supply):
        return
    is_igst = seller != place or facts.is_export or facts.is_sez or facts.transaction.text("IgstOnIntra") == "Y"
    for item in facts.items:
        if item.amount("CgstAmt") != item.amount("SgstAmt"):
            yield _wrong(item, "SgstAmt", "heads", "CGST and SGST are not the same.", "They are half the tax each.")
        for key in ("CgstAmt", "SgstAmt") if is_igst else ("IgstAmt",):
            if item.amount(key):
                due = "IGST" if is_igst else "CGST and SGST"
                message = f"{due} is due on a supply from {seller} to {place} ({facts.supply})."
                yield _wrong(item, key, "heads", message, f"Write 0 as {key}.")


def _items(facts: Facts) -> Iterator[Problem]:
    """Goods have a quantity and a unit; services have codes that begin with 99; line numbers differ."""
    seen: set[int] = set()
    for item in facts.items:
        code, is_service = item.text("HsnCd"), item.text("IsServc")
        if code and is_service in ("Y", "N") and code.startswith("99") != (is_service == "Y"):
            said = "goods" if is_service == "N" else "a service"
            yield _wrong(item, "IsServc", "service", f"HSN {code} is not {said}.", "Services have codes from 99 on.")
        if is_service == "N":
            for key in ("Qty", "Unit"):
                if item.content.get(key) is None:
                    yield _wrong(item, key, "missing", f"{item.at(key)} is missing.", "Goods have it.")
        number = item.text("SlNo")
        if number and _SERIAL.fullmatch(number):
            if int(number) in seen:
                yield _wrong(item, "SlNo", "serial", f"Line number {number} is there twice.", "Number the lines.")
            seen.add(int(number))


def _dates(facts: Facts) -> Iterator[Problem]:
    """Every other date is a day of the calendar."""
    found = (facts.optional("ExpDtls"), "ShipBDt"), (facts.optional("EwbDtls"), "TransDocDt")
    for section, key in found:
        text = section.text(key) if section else None
        if section and text is not None and parse_day(text) is None:
            yield _wrong(
                section, key, "date", f"{section.at(key)} is no day of the calendar.", "Write it as 31/10/2026."
            )


CHECKS: tuple[Check, ...] = (_version, _states, _pins, _gstins, _exports, _domestic, _place, _heads, _items, _dates)
