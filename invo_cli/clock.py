"""The one clock: now and today in India, frozen by INVO_NOW for tests and replays."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from invo_cli.errors import UsageProblemError

# Documents are dated in Indian Standard Time, which has had no daylight saving since 1945.
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)


def now() -> datetime:
    """The present instant in UTC; INVO_NOW stands in for it when set."""
    frozen = os.environ.get("INVO_NOW", "")
    return parse_instant(frozen) if frozen else datetime.now(UTC)


def today() -> date:
    """The date in Asia/Kolkata: the one a document issued now bears."""
    return now().astimezone(INDIA).date()


def parse_instant(text: str) -> datetime:
    """Read INVO_NOW: ISO 8601 with offset or Z; without offset in India; a date alone is noon there."""
    try:
        if _DATE.fullmatch(text):
            moment = datetime.combine(date.fromisoformat(text), time(12), INDIA)
        elif _INSTANT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
        else:
            raise ValueError(text)
        return moment.replace(tzinfo=moment.tzinfo or INDIA).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageProblemError(
            f"INVO_NOW is not an ISO 8601 time: {text!r}.",
            hint="Write INVO_NOW=2026-10-05T10:00:00+05:30, or unset it.",
        ) from error
