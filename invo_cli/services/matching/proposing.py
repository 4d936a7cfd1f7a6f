"""What each line of a statement probably pays: a proposal with its confidence and its reason.

certain: the line names documents of one customer and pays exactly what is owed on them, or its mobile number, GSTIN
or known UPI id belongs to one customer who owes exactly that on one document and in no other way.
likely: the name fits instead, or a sum of a few documents, a part of what is named, or the amount less TDS.
unsure: everything else, above all whatever fits in two ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from invo_cli.gst.money import rupees
from invo_cli.services.matching.amounts import Reading, reading_of_named, readings
from invo_cli.services.matching.evidence import is_named, is_telling, possible_keys, possible_numbers, upi_ids
from invo_cli.services.matching.lines import Line
from invo_cli.services.matching.owing import OpenInvoice, Owing, Payer, keys_of

LEVELS = ("certain", "likely", "unsure")
MOST_NAMED = 5
"""So many documents are named in a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a line pays: `parts` in paise, what is left stays on account of the customer; `why` is a sentence."""

    line: Line
    confidence: str
    why: str
    customer_id: int | None = None
    parts: tuple[tuple[OpenInvoice, int], ...] = ()
    tds: int = 0


def propose(lines: Sequence[Line], owing: Owing) -> dict[Line, Proposal]:
    """A proposal for each line. What is certain is settled first, so that a guess never takes a document from it."""
    found = {line: _judged(line, owing) for line in lines}
    for level in LEVELS[:2]:
        for line in [line for line in lines if found[line].confidence == level]:
            # Once more: lines before this one may have taken what it pays.
            judged = _judged(line, owing)
            # What became unambiguous because other lines took the rest is no more than likely.
            found[line] = replace(judged, confidence=level) if judged.confidence == LEVELS[0] else judged
            if found[line].confidence == level:
                _take(found[line])
    return {line: _again(proposal, owing) for line, proposal in found.items()}


def _take(proposal: Proposal) -> None:
    for invoice, paise in proposal.parts:
        invoice.owed -= paise


def _again(proposal: Proposal, owing: Owing) -> Proposal:
    """What stays unsure is judged once more, by what the other lines left over."""
    if proposal.confidence != "unsure":
        return proposal
    judged = _judged(proposal.line, owing)
    if judged.confidence == "unsure":
        return judged
    return replace(judged, confidence="unsure", why=f"{judged.why} It fits only when the other lines are booked.")


def _judged(line: Line, owing: Owing) -> Proposal:
    numbers = set(possible_numbers(line.text))
    if settled := numbers & owing.settled:
        return _unsure(line, f"It names {', '.join(sorted(settled))}, on which nothing is owed.")
    known = {customer for key in (*keys_of(line), *upi_ids(line.text)) for customer in owing.known.get(key, ())}
    named = [invoice for number in numbers if is_telling(number) for invoice in owing.by_number.get(number, ())]
    if named := sorted((each for each in named if each.owed), key=lambda each: (each.dated_on, each.number)):
        return _by_number(line, owing, named, known)
    if len(known) > 1:
        return _unsure(line, f"{_names(owing, known)} share what identifies the payer.")
    if known:
        return _by_customer(line, owing, next(iter(known)))
    return _by_name(line, owing) or _by_amount(line, owing, numbers)


def _by_number(line: Line, owing: Owing, named: list[OpenInvoice], known: Set[int]) -> Proposal:
    customers = {invoice.customer_id for invoice in named}
    if len(customers) > 1 or len({invoice.number for invoice in named}) < len(named):
        return _unsure(line, f"It names {_numbers(named)}, which cannot be meant together.")
    customer = named[0].customer_id
    reading = reading_of_named(line.paise, named)
    if known and customer not in known:
        why = f"It names {_numbers(named)} of {_names(owing, customers)}, but the payer is {_names(owing, known)}."
        return _unsure(line, why)
    confidence = {"whole": "certain", "tds": "likely", "part": "likely"}.get(reading.how, "unsure")
    return _made(line, confidence, customer, reading, f"It names {_numbers(named)}{_how(reading)}")


def _by_customer(line: Line, owing: Owing, customer: int) -> Proposal:
    found = readings(line.paise, owing.open_of(customer))
    who = f"The payer is {_names(owing, {customer})}"
    if not found:
        return replace(_unsure(line, f"{who}; the amount fits nothing he owes."), customer_id=customer)
    if len(found) > 1:
        return replace(_unsure(line, f"{who}; the amount fits {_ways(found)}."), customer_id=customer)
    confidence = "certain" if found[0].how == "whole" and len(found[0].parts) == 1 else "likely"
    return _made(line, confidence, customer, found[0], f"{who} and owes this on {_paid(found[0])}{_how(found[0])}")


def _by_name(line: Line, owing: Owing) -> Proposal | None:
    """Customers whose whole name is there and who owe such an amount; None when nobody does."""
    words = frozenset("".join(sign if sign.isalnum() else " " for sign in line.text).split())
    customers = {
        customer
        for key in possible_keys(words)
        for customer, name in owing.by_name.get(key, ())
        if is_named(name, words)
    }
    fits = [(each, found) for each in sorted(customers) for found in readings(line.paise, owing.open_of(each))]
    if not fits:
        return None
    if len(fits) > 1:
        which = "; ".join(f"{_paid(reading)} of {_names(owing, {each})}" for each, reading in fits[:MOST_NAMED])
        return _unsure(line, f"The name and the amount fit {len(fits)} ways: {which}.")
    customer, reading = fits[0]
    who = _names(owing, {customer})
    return _made(line, "likely", customer, reading, f"The name is that of {who}, who owes this on {_paid(reading)}")


def _by_amount(line: Line, owing: Owing, numbers: Set[str]) -> Proposal:
    """By the amount alone; a number that may be an accident makes it likely."""
    exact = owing.open_at(line.paise)
    if not exact:
        return _unsure(line, "Neither reference, customer nor amount fits anything that is owed.")
    written = [each for each in exact for number in numbers if owing.by_number.get(number) == [each]]
    if len(written) == 1:
        reading = Reading("whole", ((written[0], line.paise),))
        why = f"It seems to name {written[0].number}, on which this is owed"
        return _made(line, "likely", written[0].customer_id, reading, why)
    if len(exact) > 1:
        return _unsure(line, f"Only the amount fits, and it fits {len(exact)} documents: {_numbers(exact)}.")
    reading = Reading("whole", ((exact[0], line.paise),))
    return _made(line, "unsure", exact[0].customer_id, reading, f"Only the amount fits: {exact[0].number}")


def _made(line: Line, confidence: str, customer: int, reading: Reading, why: str) -> Proposal:
    return Proposal(
        line=line,
        confidence=confidence,
        why=f"{why}.",
        customer_id=customer,
        parts=reading.parts,
        tds=reading.tds,
    )


def _unsure(line: Line, why: str) -> Proposal:
    return Proposal(line=line, confidence="unsure", why=why)


def _how(reading: Reading) -> str:
    if reading.how == "tds":
        return f", less {rupees(reading.tds)} TDS ({reading.note})"
    return {"part": ", and pays a part", "more": ", and pays more than is owed"}.get(reading.how, "")


def _paid(reading: Reading) -> str:
    return _numbers([invoice for invoice, _ in reading.parts])


def _ways(found: Sequence[Reading]) -> str:
    return " or ".join(_paid(reading) for reading in found[:MOST_NAMED])


def _numbers(invoices: Sequence[OpenInvoice]) -> str:
    more = f" and {len(invoices) - MOST_NAMED} more" if len(invoices) > MOST_NAMED else ""
    return " + ".join(invoice.number for invoice in invoices[:MOST_NAMED]) + more


def _names(owing: Owing, customers: Set[int]) -> str:
    return " and ".join(f"{payer.code} {payer.name}" for payer in _payers(owing, customers))


def _payers(owing: Owing, customers: Set[int]) -> Iterator[Payer]:
    yield from sorted((owing.payers[each] for each in customers), key=lambda payer: payer.code)
