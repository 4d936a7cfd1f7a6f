"""The note in the audit trail that data left invo; it changes no record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act


@demands(Right.EXPORT_RUN)
def record(session: Session, act: Act, exports: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Append an `export.run` event for each data set: which businesses, how many rows, the SHA-256 of what was written.

    They go into the book of the system, so that exporting the trail of a business does not make it longer.
    """
    events = [audit.Event(action="export.run", subject=f"export:{name}", after=after) for name, after in exports]
    audit.append(session, books.SYSTEM, act, events)


@demands(Right.EXPORT_RUN)
def is_standby(session: Session) -> bool:
    """Whether the server follows another one and takes no writes."""
    if session.connection().dialect.name != "postgresql":
        return False
    return bool(session.scalar(select(func.pg_is_in_recovery())))
