"""The portals' dates and times, which are those of India and written in several ways."""

from __future__ import annotations

import datetime as dt
import re

from invo_cli.gst.einvoice.facts import INDIA

_FORMS = tuple(
    f"{day}{clock}"
    for day in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
    for clock in (" %H:%M:%S", " %I:%M:%S %p", " %H:%M", " %I:%M %p", "")
)
_SHAPE = re.compile(
    "[0-9]{2,4}[/-][0-9]{2}[/-][0-9]{2,4}(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[.][0-9]+)?(?: [AP]M)?)?"
)


def parse(text: str | None) -> dt.datetime | None:
    """The instant of `2023-10-03 15:08:00`, `03/10/2023 03:08:00 PM` or a day alone; None for everything else."""
    if text is None or not _SHAPE.fullmatch(text.strip().upper()):
        return None
    plain = re.sub("[.][0-9]+", "", text.strip().upper()).replace("T", " ")
    for form in _FORMS:
        try:
            return dt.datetime.strptime(plain, form).replace(tzinfo=INDIA)
        except ValueError:
            continue
    return None
