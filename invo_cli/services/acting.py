"""Who acts, and when: handed to every service that writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The person (or job) behind a write, the machine, the instant in UTC and the date in India."""

    actor: str
    os_user: str
    host: str
    at: datetime
    today: date
    via: str | None = None
    """How the actor is known: `session:ID` or `token:NAME`; None while there are no users."""
