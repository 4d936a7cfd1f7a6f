"""The invoice portal's answers: acknowledgement, reference number and the two signed tokens."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice import wire
from invo_cli.gst.einvoice.facts import parse_day
from invo_cli.gst.einvoice.irn import DocumentType
from invo_cli.gst.text import quoted
from invo_cli.portal import times, tokens
from invo_cli.portal.envelopes import Answer, text_of, unwrapped, value_of
from invo_cli.portal.tokens import Token

_IRN = re.compile("[0-9a-f]{64}")
_ACK_NO = re.compile("[0-9]{1,20}")
_NUMBER = re.compile("[A-Za-z0-9/-]{1,16}")
_FAILED = ("0", "N", "false")
_HINT = "Take the file as the portal gave it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One document that the portal has registered; what is None the answer does not say."""

    irn: str
    ack_no: str
    acknowledged_at: dt.datetime
    number: str
    seller: str | None
    buyer: str | None
    type: str | None
    date: dt.date | None
    total: Decimal | None
    signed_invoice: str | None
    signed_qr: str | None
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that cannot be recorded: what it is called, and why."""

    number: str
    problem: InvalidError


def read(text: str) -> list[Registration | Unread]:
    """Every answer in a file, in its order. Raises InvalidError for a file that is not JSON or holds none."""
    found = [_judged(answer, place) for place, answer in enumerate(unwrapped(wire.read(text), _is_answer), 1)]
    if not found:
        raise InvalidError("The file holds no answer of the invoice portal.", hint=_HINT)
    return found


def _is_answer(found: Answer) -> bool:
    has_content = any(value_of(found, key) for key in ("Irn", "SignedQRCode", "SignedInvoice"))
    return has_content or any(value_of(found, key) for key in ("ErrorDetails", "ErrorMessage", "error_message"))


def _judged(answer: Answer, place: int) -> Registration | Unread:
    said = text_of(answer, "DocNo")
    name = said if said and _NUMBER.fullmatch(said) else f"Answer {place}"
    try:
        return _registration(answer, name)
    except InvalidError as problem:
        return Unread(name, problem)


def _registration(answer: Answer, name: str) -> Registration:
    _refuse_failed(answer, name)
    invoice, inner = _token(answer, "SignedInvoice", f"The signed invoice of {name}")
    code, qr = _token(answer, "SignedQRCode", f"The signed QR code of {name}")
    said = {**_from_invoice(inner.data if inner else {}), **_from_qr(qr.data if qr else {})}
    number = _number(answer, said, name)
    irn = _irn(answer, [token.data for token in (inner, qr) if token], number)
    return Registration(
        irn=irn,
        ack_no=_ack_no(answer, said, number),
        acknowledged_at=_acknowledged(answer, said, number),
        number=number,
        seller=said.get("seller") or text_of(answer, "SellerGstin", "Gstin"),
        buyer=said.get("buyer") or text_of(answer, "BuyerGstin"),
        type=_type(said.get("type") or text_of(answer, "DocTyp", "DocType"), number),
        date=said.get("date") or parse_day(text_of(answer, "DocDt", "DocDate")),
        total=said.get("total"),
        signed_invoice=invoice,
        signed_qr=code,
        tokens=tuple(token for token in (inner, qr) if token),
    )


def _token(answer: Answer, key: str, what: str) -> tuple[str | None, Token | None]:
    """A signed token as it stands and taken apart; neither where the answer has none."""
    found = value_of(answer, key)
    if found is None or found == "":
        return None, None
    if not isinstance(found, str):
        raise InvalidError(f"{what} is not a text.", hint=_HINT)
    return found.strip(), tokens.read(found.strip(), what=what)


def _number(answer: Answer, said: Mapping[str, Any], name: str) -> str:
    """The document that the answer is of, which must be the same wherever the answer names it."""
    found = list(filter(None, (said.get("number"), text_of(answer, "DocNo"))))
    if not found:
        raise InvalidError(f"{name} does not say which document it is.", hint="It needs DocNo or a signed token.")
    for each in found:
        if not _NUMBER.fullmatch(each):
            raise InvalidError(f"{quoted(each)} is not the number of a document.", hint=_HINT)
    if len({each.upper() for each in found}) > 1:
        raise InvalidError(f"The answer for {name} was signed for {found[0]}.", hint=_HINT)
    return str(found[0])


def _type(found: str | None, number: str) -> str | None:
    if found is not None and found not in list(DocumentType):
        raise InvalidError(f"The type of {number} is {quoted(found)}, not INV, CRN or DBN.", hint=_HINT)
    return found


def _ack_no(answer: Answer, said: Mapping[str, Any], number: str) -> str:
    found = _needed(answer, said, "AckNo", number)
    if not _ACK_NO.fullmatch(found):
        raise InvalidError(f"AckNo of {number} is not a number of digits: {quoted(found)}.", hint=_HINT)
    return found


def _refuse_failed(answer: Answer, name: str) -> None:
    problem = value_of(answer, "ErrorDetails", "ErrorMessage", "error_message")
    status = (text_of(answer, "Status", "Success") or "").upper()
    if status in ("CNL", "CANCELLED"):
        raise InvalidError(f"{name} is cancelled on the portal.", hint="Record that with: invo einvoice cancel")
    if problem or (status in _FAILED and not value_of(answer, "Irn")):
        said = problem if isinstance(problem, str) else wire.write(problem)
        raise InvalidError(f"The portal did not register {name}: {said[:200]}.", hint="Correct it and report it again.")


def _from_qr(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the QR code says of the document."""
    total = data.get("TotInvVal")
    return _said(
        seller=text_of(data, "SellerGstin"),
        buyer=text_of(data, "BuyerGstin"),
        number=text_of(data, "DocNo"),
        type=text_of(data, "DocTyp"),
        date=parse_day(text_of(data, "DocDt")),
        total=total if isinstance(total, Decimal) else None,
    )


def _from_invoice(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the signed invoice says of the document; it is the INV-01 that was sent, with the acknowledgement."""
    sections = (_section(data, key) for key in ("DocDtls", "SellerDtls", "BuyerDtls", "ValDtls"))
    details, seller, buyer, totals = sections
    total = totals.get("TotInvVal")
    return _said(
        seller=text_of(seller, "Gstin"),
        buyer=text_of(buyer, "Gstin"),
        number=text_of(details, "No"),
        type=text_of(details, "Typ"),
        date=parse_day(text_of(details, "Dt")),
        total=total if isinstance(total, Decimal) else None,
        AckNo=text_of(data, "AckNo"),
        AckDt=text_of(data, "AckDt"),
    )


def _section(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key)
    return found if isinstance(found, Mapping) else {}


def _said(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _irn(answer: Answer, signed: list[Mapping[str, Any]], number: str) -> str:
    """The reference number, which must be the same wherever the answer has it."""
    found = {text.lower() for text in (text_of(part, "Irn") for part in (answer, *signed)) if text}
    if len(found) != 1:
        problem = "has no IRN" if not found else "has different IRNs in its parts"
        raise InvalidError(f"The answer for {number} {problem}.", hint=_HINT)
    irn = found.pop()
    if not _IRN.fullmatch(irn):
        raise InvalidError(f"The IRN of {number} is not 64 hexadecimal digits.", hint=_HINT)
    return irn


def _needed(answer: Answer, said: Mapping[str, Any], key: str, number: str) -> str:
    found = text_of(answer, key) or said.get(key)
    if not found:
        raise InvalidError(f"The answer for {number} has no {key}.", hint=_HINT)
    return str(found)


def _acknowledged(answer: Answer, said: Mapping[str, Any], number: str) -> dt.datetime:
    text = _needed(answer, said, "AckDt", number)
    found = times.parse(text)
    if found is None:
        raise InvalidError(
            f"AckDt of {number} is not a time: {quoted(text)}.", hint="It is written 2026-10-05 15:08:00."
        )
    return found
