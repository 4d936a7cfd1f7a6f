"""Mobile numbers, PIN codes and e-mail addresses of customers in India."""

from __future__ import annotations

import re

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted

MAX_EMAIL_LENGTH = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets

_MOBILE = re.compile(r"(?:\+91|91|0)?([6-9][0-9]{9})")
_PINCODE = re.compile("[1-9][0-9]{5}")
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def normalise_mobile(text: str) -> str:
    """The ten digits of an Indian mobile; +91, 91 or 0 in front, spaces and hyphens are dropped."""
    match = _MOBILE.fullmatch(re.sub("[ -]", "", text.strip()))
    if match is None:
        raise InvalidError(
            f"{quoted(text)} is not an Indian mobile number.",
            hint="Write ten digits that begin with 6, 7, 8 or 9, with or without +91.",
        )
    return match[1]


def check_pincode(text: str) -> str:
    """The six digits of an Indian PIN code, stripped."""
    pincode = text.strip()
    if not _PINCODE.fullmatch(pincode):
        raise InvalidError(
            f"{quoted(text)} is not a PIN code.", hint="Write six digits that do not begin with 0, such as 560001."
        )
    return pincode


def check_email(text: str) -> str:
    """The address, stripped: ASCII, one @, a domain with a dot, at most 254 characters."""
    email = text.strip()
    if len(email) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise InvalidError(f"{quoted(text)} is not an e-mail address.", hint="Write it as name@example.com.")
    return email
