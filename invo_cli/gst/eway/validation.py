"""Judging an e-way bill in bulk form as the portal does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeGuard

from invo_cli.gst.einvoice.facts import parse_day
from invo_cli.gst.einvoice.problems import Problem, Severity
from invo_cli.gst.eway.building import EXPORT, VERSION
from invo_cli.gst.eway.items import MOST
from invo_cli.gst.eway.journey import FARTHEST, MODES
from invo_cli.gst.states import STATES

TOLERANCE = Decimal(2)
"""Rupees by which the parts may exceed the total."""
LARGEST = Decimal("999999999999999.99")
_GSTIN = re.compile("[0-9]{2}[0-9A-Z]{13}|URP")
_ABROAD = "99"
_VALUES = ("totalValue", "cgstValue", "sgstValue", "igstValue", "cessValue", "TotNonAdvolVal")
_RATES = ("cgstRate", "sgstRate", "igstRate", "cessRate")


class _Text(NamedTuple):
    """A text that must be there: its longest length and its pattern."""

    most: int
    pattern: str = ".+"


_TEXTS = {
    "userGstin": _Text(15, _GSTIN.pattern),
    "supplyType": _Text(1, "[OI]"),
    "docType": _Text(3, "INV|BIL|BOE|CHL|OTH"),
    "docNo": _Text(16),
    "docDate": _Text(10),
    "fromGstin": _Text(15, _GSTIN.pattern),
    "fromTrdName": _Text(100),
    "fromAddr1": _Text(120),
    "fromPlace": _Text(50),
    "toGstin": _Text(15, _GSTIN.pattern),
    "toTrdName": _Text(100),
    "toAddr1": _Text(120),
    "toPlace": _Text(50),
    "mainHsnCode": _Text(8, "[0-9]{2,8}"),
}
_CODES = {"subSupplyType": range(1, 13), "transType": range(1, 5)}


def problems(bill: Any) -> list[Problem]:
    """Everything that is wrong with one bill, a value of `wire.read` or of `building.build`."""
    if not isinstance(bill, Mapping):
        return [_wrong("", bill, "type", "An e-way bill is an object.", "It begins with {.")]
    checks = (_texts, _codes, _places, _amounts, _journey, _items)
    return [problem for check in checks for problem in check(bill)]


def bulk_problems(content: Any) -> list[Problem]:
    """The problems of a bulk file."""
    bills = content.get("billLists") if isinstance(content, Mapping) else None
    if not isinstance(bills, list) or not bills:
        return [_wrong("billLists", None, "missing", "The file has no list of bills.", "It is a bulk file.")]
    found = []
    if content.get("version") != VERSION:
        found.append(_wrong("version", content.get("version"), "version", "The version is another.", VERSION))
    return [*found, *(p.below(f"billLists[{place}]") for place, bill in enumerate(bills) for p in problems(bill))]


def _texts(bill: Mapping[str, Any]) -> Iterator[Problem]:
    for key, rule in _TEXTS.items():
        value = bill.get(key)
        if value is None or value == "":
            yield _wrong(key, None, "missing", f"{key} is missing.", _hint(bill, key))
        elif not isinstance(value, str):
            yield _wrong(key, value, "type", f"{key} is not a text.", "Write it in quotes.")
        elif len(value) > rule.most or not re.fullmatch(rule.pattern, value, re.DOTALL):
            yield _wrong(key, value, "pattern", f"{key} is not right.", f"At most {rule.most} characters.")
    if isinstance(bill.get("docDate"), str) and parse_day(bill["docDate"]) is None:
        yield _wrong("docDate", bill["docDate"], "date", "docDate is no day.", "Write it as 31/10/2026.")


def _codes(bill: Mapping[str, Any]) -> Iterator[Problem]:
    for key, allowed in _CODES.items():
        if bill.get(key) not in allowed:
            yield _wrong(key, bill.get(key), "code", f"{key} is not a code from 1 to {allowed[-1]}.", "Correct it.")
    if bill.get("subSupplyType") == 8 and not bill.get("subSupplyDesc"):
        yield _wrong("subSupplyDesc", None, "missing", "Others need a description.", "Say what it is.")


def _places(bill: Mapping[str, Any]) -> Iterator[Problem]:
    """States are numbers here; a bill within one PIN code says how far."""
    for key in ("fromStateCode", "actualFromStateCode", "toStateCode", "actualToStateCode"):
        value = bill.get(key)
        code = f"{int(value):02}" if _is_whole(value) else None
        if code not in STATES and code != _ABROAD:
            yield _wrong(key, value, "state", f"{key} is not the number of a state.", "Such as 29 for Karnataka.")
    for key in ("fromPincode", "toPincode"):
        value = bill.get(key)
        if not (_is_whole(value) and 100_000 <= value <= 999_999):
            yield _wrong(key, value, "pin", f"{key} is not a PIN code.", _hint(bill, key))
    start, distance = bill.get("fromPincode"), bill.get("transDistance")
    is_same = start is not None and start == bill.get("toPincode")
    if is_same and _is_whole(distance) and not 1 <= distance <= 100:
        message = "Both places have the same PIN code, where the distance is 1 to 100 km."
        yield _wrong("transDistance", distance, "distance", message, "Give it with --distance.")


def _amounts(bill: Mapping[str, Any]) -> Iterator[Problem]:
    for key in (*_VALUES, "totInvValue"):
        value = bill.get(key)
        if not _is_number(value) or not 0 <= value <= LARGEST or value != round(value, 2):
            yield _wrong(key, value, "amount", f"{key} is not an amount of at most two decimals.", "Correct it.")
    others = bill.get("OthValue", Decimal(0))
    if not _is_number(others):
        yield _wrong("OthValue", others, "amount", "OthValue is not an amount.", "Correct it.")
        return
    parts = [value for value in map(bill.get, _VALUES) if _is_number(value)]
    total = bill.get("totInvValue")
    if _is_number(total) and sum(parts, others) - total > TOLERANCE:
        message = f"The parts come to {sum(parts, others)}, more than the total {total}."
        yield _wrong("totInvValue", total, "sums", message, "They may exceed it by 2.")


def _journey(bill: Mapping[str, Any]) -> Iterator[Problem]:
    """By road a vehicle or a transporter who names it; otherwise the paper of the carrier."""
    distance, mode = bill.get("transDistance"), bill.get("transMode")
    if not (_is_whole(distance) and 0 <= distance <= FARTHEST):
        message = f"transDistance is not within 0 and {FARTHEST}."
        yield _wrong("transDistance", distance, "distance", message, "0 lets the portal measure it.")
    if mode is not None and mode not in MODES.values():
        yield _wrong("transMode", mode, "code", "transMode is not 1 to 4.", "1 road, 2 rail, 3 air, 4 ship.")
    if mode in (MODES["rail"], MODES["air"], MODES["ship"]):
        for key in ("transDocNo", "transDocDate"):
            if not bill.get(key):
                hint = "Give it with --document and --document-date."
                yield _wrong(key, None, "missing", f"By rail, air and ship {key} is needed.", hint)
    elif not bill.get("vehicleNo") and not bill.get("transporterId"):
        message = "Neither the vehicle nor the transporter is known."
        yield _wrong("vehicleNo", None, "missing", message, "Give it with --vehicle or --transporter.")


def _items(bill: Mapping[str, Any]) -> Iterator[Problem]:
    items = bill.get("itemList")
    if not isinstance(items, Sequence) or isinstance(items, str) or not 1 <= len(items) <= MOST:
        yield _wrong("itemList", None, "count", f"itemList has not 1 to {MOST} entries.", "Split the document.")
        return
    for place, item in enumerate(items):
        if isinstance(item, Mapping):
            yield from (problem.below(f"itemList[{place}]") for problem in _item(item))
        else:
            yield _wrong(f"itemList[{place}]", item, "type", "An item is an object.", "It begins with {.")


def _item(item: Mapping[str, Any]) -> Iterator[Problem]:
    code = str(item.get("hsnCode") or "")
    if not re.fullmatch("[0-9]{4}|[0-9]{6}|[0-9]{8}", code):
        hint = "Give the code with the line or keep it with the item."
        yield _wrong("hsnCode", item.get("hsnCode"), "hsn", "hsnCode has not 4, 6 or 8 digits.", hint)
    if not re.fullmatch("[A-Z]{3}", str(item.get("qtyUnit") or "")):
        yield _wrong("qtyUnit", item.get("qtyUnit"), "unit", "qtyUnit is not a unit of three letters.", "Such as NOS.")
    for key in ("quantity", "taxableAmount", *_RATES):
        value = item.get(key)
        if not _is_number(value) or value < 0:
            yield _wrong(key, value, "amount", f"{key} is not a number from 0 on.", "Correct it.")
    if item.get("cgstRate") != item.get("sgstRate"):
        yield _wrong("sgstRate", item.get("sgstRate"), "heads", "CGST and SGST differ.", "They are half the rate each.")


def _is_number(value: Any) -> TypeGuard[Decimal]:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _is_whole(value: Any) -> TypeGuard[Decimal]:
    return _is_number(value) and value == int(value)


def _hint(bill: Mapping[str, Any], key: str) -> str:
    """What completes it: goods that come back start at the buyer's."""
    if not key.startswith(("from", "to")):
        return "It is mandatory."
    if key.startswith("to") and bill.get("subSupplyType") == EXPORT:
        return "Goods for abroad go to the port: its address is ship_to of the document."
    is_buyer = key.startswith("from" if bill.get("supplyType") == "I" else "to")
    return f"Complete it with: {'invo customer edit, or ship_to of the document' if is_buyer else 'invo business edit'}"


def _wrong(path: str, value: Any, rule: str, message: str, hint: str, severity: Severity = Severity.REFUSE) -> Problem:
    return Problem(path=path, value=value, rule=rule, message=message, hint=hint, severity=severity)
