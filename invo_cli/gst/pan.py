"""Permanent account numbers, as they stand inside a GSTIN."""

from __future__ import annotations

import re

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted

PAN_PATTERN = re.compile("[A-Z]{5}[0-9]{4}[A-Z]")

# The fourth letter tells the holder; K (Krish trust) is no longer given out.
HOLDERS = {
    "A": "association of persons",
    "B": "body of individuals",
    "C": "company",
    "F": "firm or LLP",
    "G": "government",
    "H": "Hindu undivided family",
    "J": "artificial juridical person",
    "K": "Krish trust",
    "L": "local authority",
    "P": "individual",
    "T": "trust",
}


def parse_pan(text: str) -> str:
    """The PAN, stripped and in capitals: five letters, four digits, a letter; its check letter is not public."""
    given = text.strip()
    if not given.isascii() or not PAN_PATTERN.fullmatch(given.upper()):
        raise InvalidError(
            f"{quoted(given)} is not a PAN.",
            hint="A PAN has ten characters: five letters, four digits and a letter.",
        )
    return given.upper()


def pan_doubts(pan: str) -> tuple[str, ...]:
    """Sentences about a well-formed PAN that the income tax department is not known to issue."""
    doubts = []
    if pan[3] not in HOLDERS:
        doubts.append(f"The fourth letter of PAN {pan} is {pan[3]}, which stands for no kind of holder.")
    if pan[5:9] == "0000":
        doubts.append(f"PAN {pan} has the digits 0000, which are not issued.")
    return tuple(doubts)
