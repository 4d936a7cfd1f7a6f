"""The e-way bill portal's answers: number, day and validity."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice import wire
from invo_cli.gst.text import quoted
from invo_cli.portal import times, tokens
from invo_cli.portal.envelopes import Answer, text_of, unwrapped, value_of

_NUMBER = re.compile("[0-9]{12}")
_HINT = "Take the file as the portal gave it, or use --number with --invoice and --date."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One e-way bill; `invoice` is the number of its document, None when the answer does not say."""

    number: str
    generated_on: dt.date
    valid_until: dt.date | None
    invoice: str | None


def read(text: str) -> list[Bill | InvalidError]:
    """Every answer in a file, in its order, or why it cannot be taken. Raises InvalidError for a file without any."""
    found = [_judged(answer) for answer in unwrapped(wire.read(text), _is_answer)]
    if not found:
        raise InvalidError("The file holds no answer of the e-way bill portal.", hint=_HINT)
    return found


def check_number(text: str) -> str:
    """The twelve digits of an e-way bill, spaces dropped; InvalidError otherwise."""
    number = re.sub("[ -]", "", text.strip())
    if not _NUMBER.fullmatch(number):
        raise InvalidError(f"{quoted(text.strip())} is not the number of an e-way bill.", hint="It has twelve digits.")
    return number


def _is_answer(found: Answer) -> bool:
    return value_of(found, "ewayBillNo", "EwbNo", "ewbNo") is not None


def _judged(answer: Answer) -> Bill | InvalidError:
    try:
        return _bill(answer)
    except InvalidError as problem:
        return problem


def _bill(answer: Answer) -> Bill:
    number = check_number(text_of(answer, "ewayBillNo", "EwbNo") or "")
    on = times.parse(text_of(answer, "ewayBillDate", "EwbDt", "ewbDate"))
    until = text_of(answer, "validUpto", "EwbValidTill")
    valid = times.parse(until)
    if on is None or (until is not None and valid is None):
        raise InvalidError(f"The dates of e-way bill {number} cannot be read.", hint=_HINT)
    return Bill(
        number=number,
        generated_on=on.date(),
        valid_until=valid and valid.date(),
        invoice=text_of(answer, "docNo", "DocNo") or _signed_number(answer, number),
    )


def _signed_number(answer: Answer, number: str) -> str | None:
    """The document of a bill that the invoice portal made along with its e-invoice."""
    code = text_of(answer, "SignedQRCode")
    return text_of(tokens.read(code, what=f"The signed QR code of {number}").data, "DocNo") if code else None
