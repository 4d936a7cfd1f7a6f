"""A whole statement: proposed for, and booked as far as somebody wants, in one batch that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError, InvoError
from invo_cli.gst.money import rupees
from invo_cli.models import Business
from invo_cli.services import books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.importing import Run, Wanted, batches
from invo_cli.services.matching.booking import Decision, Judged, book, decision_of, judge
from invo_cli.services.matching.lines import Credit, Line, identified
from invo_cli.services.matching.proposing import LEVELS, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The lines as scripts see them, and the batch of those that were booked now."""

    rows: list[dict[str, Any]]
    batch: str | None = None


@demands(Right.IMPORT_READ)
def propose(session: Session, business: Business, credits: Iterable[Credit], *, act: Act) -> Matched:
    """What each line probably pays; nothing is stored."""
    lines = list(identified(credits))
    return Matched(rows=_rows(lines, judge(session, business, lines, act=act), {}))


@demands(Right.IMPORT_RUN)
def book_level(
    session: Session, business: Business, credits: Iterable[Credit], level: str, *, act: Act, wanted: Wanted
) -> Matched:
    """Book the lines of this confidence or a better one."""
    books.take(session, business.id)
    lines = list(identified(credits))
    judged = judge(session, business, lines, act=act)
    levels = LEVELS[: LEVELS.index(level) + 1]
    chosen = {
        line: decision_of(proposal, judged.owing)
        for line, proposal in judged.proposals.items()
        if proposal.confidence in levels
    }
    return _book(session, business, lines, judged, chosen, act=act, wanted=wanted)


@demands(Right.IMPORT_RUN)
def book_decided(
    session: Session,
    business: Business,
    credits: Iterable[Credit],
    decisions: Mapping[str, Decision],
    *,
    act: Act,
    wanted: Wanted,
) -> Matched:
    """Book what somebody decided, by the keys of the lines; a line that is booked already is passed over.

    Raises InvalidError for a key that is no line of the statement.
    """
    books.take(session, business.id)
    lines = list(identified(credits))
    by_key = {line.key: line for line in lines}
    if strange := decisions.keys() - by_key.keys():
        raise InvalidError(
            f"The review names {min(strange)}, which is no line of this statement.",
            hint="Give the statement from which the review was written.",
        )
    judged = judge(session, business, lines, act=act)
    chosen = {by_key[key]: each for key, each in decisions.items() if by_key[key] not in judged.booked}
    return _book(session, business, lines, judged, chosen, act=act, wanted=wanted)


def _book(
    session: Session,
    business: Business,
    lines: Sequence[Line],
    judged: Judged,
    chosen: Mapping[Line, Decision],
    *,
    act: Act,
    wanted: Wanted,
) -> Matched:
    """Store one batch; the order is that of the statement."""
    before = batches.counters(session, business)
    batch_id, name = batches.begin(session, business, wanted, act=act)
    run = Run(session=session, business=business, act=act, wanted=wanted, batch_id=batch_id, records=())
    run.read, run.skipped = len(lines), len(judged.booked)
    numbers = {}
    for line in lines:
        if line in chosen:
            payment_id, numbers[line] = _booked(session, business, line, chosen[line], act)
            run.made("payment", [(payment_id, line.credit.line)])
    batches.close(run, name, before)
    return Matched(rows=_rows(lines, judged, numbers), batch=name if numbers else None)


def _booked(session: Session, business: Business, line: Line, decision: Decision, act: Act) -> tuple[int, str]:
    try:
        return book(session, business, line, decision, act=act)
    except InvoError as error:
        error.message = f"Line {line.credit.line}: {error.message} Nothing was booked."
        raise


def _rows(lines: Sequence[Line], judged: Judged, numbers: Mapping[Line, str]) -> list[dict[str, Any]]:
    return [
        _row(line)
        | (
            _proposed(judged.proposals[line], judged)
            if line in judged.proposals
            else {**_NOTHING, "confidence": "booked", "why": f"It is booked already as {judged.booked[line]}."}
        )
        | {"payment": numbers.get(line) or judged.booked.get(line)}
        for line in lines
    ]


_NOTHING: Mapping[str, Any] = {"customer": None, "customer_name": None, "invoices": [], "tds": "0.00"}


def _row(line: Line) -> dict[str, Any]:
    credit = line.credit
    return {
        "key": line.key,
        "line": credit.line,
        "date": credit.day.isoformat(),
        "amount": str(rupees(line.paise)),
        "reference": credit.reference or None,
        "narration": credit.narration or None,
    }


def _proposed(proposal: Proposal, judged: Judged) -> dict[str, Any]:
    payer = judged.owing.payers.get(proposal.customer_id) if proposal.customer_id is not None else None
    return {
        "confidence": proposal.confidence,
        "why": proposal.why,
        "customer": payer and payer.code,
        "customer_name": payer and payer.name,
        "invoices": [
            {"number": invoice.number, "financial_year": invoice.year, "amount": str(rupees(paise))}
            for invoice, paise in proposal.parts
        ],
        "tds": str(rupees(proposal.tds)),
    }
