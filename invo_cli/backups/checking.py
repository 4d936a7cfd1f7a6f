"""Whether a database holds what a manifest says, with every number accounted for and every chain whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from invo_cli.db.copying import measuring, reading
from invo_cli.db.head import HEAD
from invo_cli.models import Business
from invo_cli.services import audit_trail, series_audit
from invo_cli.services.access import OWNER, attach
from invo_cli.services.audit_chain import Tally

if TYPE_CHECKING:
    from sqlalchemy import Connection


MAX_LENGTH = 300
"""A finding is cut there: thousands of serials may be missing."""


def findings(url: str, expected: measuring.Facts | None) -> Iterator[str]:
    """Everything that is not as it should be; numbers and chains are looked at in the newest schema only."""
    with reading.snapshot(url) as connection:
        found = measuring.measure(connection)
        if expected is not None:
            yield from measuring.differences(expected, found)
        if found["revision"] == HEAD:
            yield from _of_the_books(connection)


def rows(facts: dict[str, Any]) -> int:
    """How many rows a database holds in all."""
    return sum(int(table["rows"]) for table in facts["tables"].values())


def _of_the_books(connection: Connection) -> Iterator[str]:
    yield from (_short(finding) for finding in _in_the_books(connection))


def _short(finding: str) -> str:
    return finding if len(finding) <= MAX_LENGTH else f"{finding[:MAX_LENGTH]}…"


def _in_the_books(connection: Connection) -> Iterator[str]:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    with Session(connection, autoflush=False) as session:
        attach(session, OWNER)  # it is a copy that nobody works in
        for business in session.scalars(select(Business).order_by(Business.id)).all():
            for account in series_audit.accounts(session, business.id):
                if not account.is_sound:
                    yield f"numbers of {business.code}: {series_audit.finding(account)}"
        for finding in audit_trail.verify(session, Tally()):
            event = "" if finding.seq is None else f" {finding.seq}"
            yield f"audit event{event} ({finding.subject}): {finding.problem.rstrip('.')}"
