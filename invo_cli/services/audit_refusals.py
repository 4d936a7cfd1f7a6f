"""What the audit trail keeps of a refused right; the refusal itself stands, whether it could be noted or not."""

from __future__ import annotations

from sqlalchemy.orm import Session

from invo_cli.errors import DeniedError
from invo_cli.services import audit, books
from invo_cli.services.access import Principal
from invo_cli.services.acting import Act


def note(session: Session, principal: Principal, error: DeniedError, *, act: Act) -> None:
    """Note in the book of the system who was refused which right."""
    after = {"right": error.details["right"], "role": principal.role}
    event = audit.Event(action="access.refuse", subject=f"user:{act.actor}", after=after, reason=str(error))
    audit.append(session, books.SYSTEM, act, [event])
