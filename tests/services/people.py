"""A business and somebody who acts, for tests of services."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services import businesses
from invo_cli.services.acting import Act
from tests.conftest import GSTIN

ACT = Act(
    actor="asha", os_user="asha", host="counter", at=datetime(2026, 10, 5, 6, 30, tzinfo=UTC), today=date(2026, 10, 5)
)


def business_in(session: Session, gstin: str = GSTIN) -> Business:
    """A business stored in this session."""
    return businesses.create(session, act=ACT, values={"name": "Service Centre", "gstin": gstin})
