"""Running the checks of the books over every business, and noting that the audit trail was proved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from invo_cli.models import Book, Business
from invo_cli.services import audit, audit_trail, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.audit_chain import Tally, accept_damaged_text
from invo_cli.services.verifying import allocations, balances, numbers, references, totals
from invo_cli.services.verifying.findings import Finding

AUDIT = "audit"
VERIFIED = "audit.verify"
"""The action of the event that says how far the trail was proved."""
_OF_A_BUSINESS: Mapping[str, Callable[[Session, Business], Iterator[Finding]]] = {
    numbers.CHECK: numbers.check,
    totals.CHECK: totals.check,
    balances.CHECK: balances.check,
    allocations.CHECK: allocations.check,
    references.CHECK: references.check,
}
CHECKS = (numbers.CHECK, totals.CHECK, balances.CHECK, allocations.CHECK, AUDIT, references.CHECK)
"""Every check, in the order in which they run."""
_AUDIT_FIX = "Compare it with a backup, and keep this database as it is: invo audit list --subject …"


@demands(Right.AUDIT_VERIFY)
def run(session: Session, wanted: Collection[str], tally: Tally) -> Iterator[Finding]:
    """The findings of the checks wanted, business by business, in bounded memory; `tally` counts the audit events."""
    accept_damaged_text(session)
    columns = load_only(Business.id, Business.code)  # one that cannot be read must not end the run
    businesses = session.scalars(select(Business).options(columns).order_by(Business.id)).all()
    for name in (name for name in CHECKS if name in wanted):
        if name == AUDIT:
            yield from _audited(session, tally)
        if name == references.CHECK:
            yield from references.check_keys(session)
        for business in businesses if name in _OF_A_BUSINESS else ():
            yield from _finished(name, business, _OF_A_BUSINESS[name](session, business))


@demands(Right.SYSTEM_MANAGE)
def repair(session: Session, *, act: Act) -> Iterator[Finding]:
    """Recompute the derived columns of every business; what was wrong is yielded once it is right."""
    for business in session.scalars(select(Business).order_by(Business.id)).all():
        yield from balances.repair(session, business, act=act)


@demands(Right.AUDIT_VERIFY)
def heads(session: Session) -> dict[str, int]:
    """The last event of each book, by the number of its business; 0 is the system's."""
    query = select(Book.business_id, Book.last_audit_seq).order_by(Book.business_id)
    return {str(business_id): seq for business_id, seq in session.execute(query)}


@demands(Right.AUDIT_VERIFY)
def note_verified(session: Session, proved: Mapping[str, int], *, act: Act) -> None:
    """Leave an event that says up to where every chain was proved, so that others see what nobody has looked at."""
    after: dict[str, Any] = {"heads": dict(proved)}
    audit.append(session, books.SYSTEM, act, [audit.Event(action=VERIFIED, subject=AUDIT, after=after)])


def _audited(session: Session, tally: Tally) -> Iterator[Finding]:
    for seq, subject, problem, business in audit_trail.verify(session, tally):
        where = "" if seq is None else f"Event {seq}: "
        yield Finding(AUDIT, subject, f"{where}{problem}", _AUDIT_FIX, business)


def _finished(name: str, business: Business, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings of a check; that it met something it could not even compare is one of them."""
    try:
        yield from findings
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        sentence = f"The check met something that it cannot read ({type(error).__name__}) and did not finish."
        yield Finding(
            name, "books", sentence, "Compare the database with a backup: invo db backup verify", business.code
        )
