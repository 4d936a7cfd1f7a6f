"""Recording what a statement paid: each line once, as a receipt set against documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.money import rupees
from invo_cli.gst.periods import GST_BEGAN, FinancialYear, return_period
from invo_cli.models import BankLine, Business, Payment
from invo_cli.services import customers, payments, period_locks
from invo_cli.services.acting import Act
from invo_cli.services.matching.lines import Line, method_of
from invo_cli.services.matching.owing import AT_ONCE, Owing, owing
from invo_cli.services.matching.proposing import Proposal, propose

LONGEST_REFERENCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a line: who paid, which documents (None: as much as is owed), less what TDS."""

    customer: str
    parts: tuple[tuple[str, Decimal | None], ...] = ()
    tds: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The lines of a statement with what is proposed for each, and the payments of those booked before."""

    proposals: Mapping[Line, Proposal]
    booked: Mapping[Line, str]
    owing: Owing


def judge(session: Session, business: Business, lines: Sequence[Line], *, act: Act) -> Judged:
    """Propose for every line that is not booked yet what it pays."""
    booked = booked_before(session, business.id, lines)
    waiting = [line for line in lines if line not in booked]
    found = owing(session, business, waiting)
    proposals = propose(waiting, found)
    for line, why in _closed(session, business.id, waiting, act):
        proposals[line] = replace(proposals[line], confidence="unsure", why=why)
    return Judged(proposals=proposals, booked=booked, owing=found)


def booked_before(session: Session, business_id: int, lines: Sequence[Line]) -> dict[Line, str]:
    """The lines that are booked, with the numbers of their payments; a payment that was voided does not count."""
    by_key = {(line.fingerprint, line.occurrence): line for line in lines}
    fingerprints = sorted({line.fingerprint for line in lines})
    found = {}
    for start in range(0, len(fingerprints), AT_ONCE):
        query = (
            select(BankLine.fingerprint, BankLine.occurrence, Payment.number)
            .join(Payment, (Payment.business_id == BankLine.business_id) & (Payment.id == BankLine.payment_id))
            .where(BankLine.business_id == business_id, Payment.voided_on.is_(None))
            .where(BankLine.fingerprint.in_(fingerprints[start : start + AT_ONCE]))
        )
        for fingerprint, occurrence, number in session.execute(query):
            if (fingerprint, occurrence) in by_key:
                found[by_key[fingerprint, occurrence]] = number
    return found


def book(session: Session, business: Business, line: Line, decision: Decision, *, act: Act) -> tuple[int, str]:
    """Record one line as a payment; the id and number of the payment. The caller holds the book.

    Raises ConflictError when the line is booked already, and what `payments.create` raises.
    """
    if known := booked_before(session, business.id, [line]).get(line):
        raise ConflictError(f"Line {line.credit.line} is booked already as {known}.", hint="Leave it out.")
    receipt = payments.Receipt(
        amount=line.credit.amount,
        method=method_of(line),
        on=line.credit.day,
        tds=decision.tds,
        reference=line.credit.reference[:LONGEST_REFERENCE] or None,
    )
    payer = customers.get(session, business.id, decision.customer)
    row = payments.create(session, business, payer, receipt, act=act, wanted=decision.parts)
    number: str = row["number"]
    payment_id = payments.get(session, business, f"{number}@{FinancialYear.of(line.credit.day)}").id
    _remember(session, business.id, line, payment_id)
    return payment_id, number


def decision_of(proposal: Proposal, owing: Owing) -> Decision:
    """What is proposed, as somebody would decide it."""
    if proposal.customer_id is None:
        raise InvalidError(f"Line {proposal.line.credit.line} has no customer.", hint="Say who paid it.")
    return Decision(
        customer=owing.payers[proposal.customer_id].code,
        parts=tuple((invoice.name, rupees(paise)) for invoice, paise in proposal.parts),
        tds=rupees(proposal.tds),
    )


def _remember(session: Session, business_id: int, line: Line, payment_id: int) -> None:
    """Note that the line is booked; what stood there belongs to a payment that was voided."""
    key = (BankLine.fingerprint == line.fingerprint, BankLine.occurrence == line.occurrence)
    session.execute(delete(BankLine).where(BankLine.business_id == business_id, *key))
    session.add(
        BankLine(
            business_id=business_id,
            fingerprint=line.fingerprint,
            occurrence=line.occurrence,
            payment_id=payment_id,
            dated_on=line.credit.day,
            amount_paise=line.paise,
            narration=line.credit.narration,
        )
    )
    session.flush()


def _closed(session: Session, business_id: int, lines: Iterable[Line], act: Act) -> Iterator[tuple[Line, str]]:
    """Lines of days on which nothing can be booked, with the reason."""
    locks = {lock.period for lock in period_locks.search(session, business_id)}
    for line in lines:
        day = line.credit.day
        if day > act.today:
            yield line, f"{day} has not come yet."
        elif day < GST_BEGAN:
            yield line, f"{day} lies before GST began."
        elif return_period(day) in locks:
            yield line, f"{period_locks.in_words(return_period(day))} is locked."
