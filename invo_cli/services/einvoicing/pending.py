"""What is still to be reported to the invoice portal."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services.access import Right, demands
from invo_cli.services.einvoicing import papers, rows, standing


@demands(Right.EINVOICE_READ)
def due(session: Session, business: Business, *, today: date) -> list[dict[str, Any]]:
    """The documents to be reported, the oldest first; none for a business that reports nothing."""
    first = standing.begins(business, today)
    if first is None:
        return []
    found = papers.load(session, business, standing.candidates(session, business, first, today))
    return [rows.pending(paper, business, today) for paper in found if standing.unreported(paper, business) is None]
