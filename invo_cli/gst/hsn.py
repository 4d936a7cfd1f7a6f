"""The shape of HSN and SAC codes: always text, because chapters 01 to 09 begin with a zero."""

from __future__ import annotations

import re

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted

# Chapter, heading, sub-heading and tariff item; services (99) end at six digits (Notification 12/2017-Central Tax).
_CODE = re.compile(r"(?!0+$)(?:(?!99)[0-9]{8}|[0-9]{6}|[0-9]{4}|[0-9]{2})")


def is_hsn(text: str) -> bool:
    """Whether this has the shape of a goods code (2, 4, 6 or 8 digits) or of a services code (99…, 2, 4 or 6)."""
    return _CODE.fullmatch(text) is not None


def check_hsn(text: str) -> str:
    """The code without outer spaces; InvalidError when its shape is wrong."""
    code = text.strip()
    if not is_hsn(code):
        raise InvalidError(
            f"{quoted(text)} is not an HSN or SAC code.",
            hint="Write 4, 6 or 8 digits for goods, such as 84713010, and 4 or 6 for services, such as 998713.",
        )
    return code
