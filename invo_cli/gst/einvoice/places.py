"""Which PIN codes lie in which state, by their first three digits, as the invoice portal judges them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

OVERSEAS_PIN = 999999
_ONE_STATE = 1000
_PIN = re.compile("[1-9][0-9]{5}")

# The ranges that resilient-tech/india-compliance publishes (STATE_PINCODE_MAPPING); there are none for Telangana,
# Ladakh and other territory. Ranges overlap where one post office serves two states.
PREFIXES: Mapping[str, tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        "01": ((180, 194),),
        "02": ((171, 177),),
        "03": ((140, 160),),
        "04": ((160, 160),),
        "05": ((244, 263),),
        "06": ((121, 136),),
        "07": ((110, 110),),
        "08": ((301, 345),),
        "09": ((201, 285),),
        "10": ((800, 855),),
        "11": ((737, 737),),
        "12": ((790, 792),),
        "13": ((797, 798),),
        "14": ((795, 795),),
        "15": ((796, 796),),
        "16": ((799, 799),),
        "17": ((793, 794),),
        "18": ((781, 788),),
        "19": ((700, 743),),
        "20": ((813, 835),),
        "21": ((751, 770),),
        "22": ((490, 497),),
        "23": ((450, 488),),
        "24": ((360, 396),),
        "26": ((362, 362), (396, 396)),
        "27": ((400, 445),),
        "29": ((560, 591),),
        "30": ((403, 403),),
        "31": ((682, 682),),
        "32": ((670, 695),),
        "33": ((600, 643),),
        "34": ((533, 533), (605, 605), (607, 607), (609, 609), (673, 673)),
        "35": ((744, 744),),
        "37": ((500, 535),),
    }
)


def pin_code(text: str | None) -> int | None:
    """A PIN code as a number; None for none, and for a postal code of another country."""
    return int(text) if text and _PIN.fullmatch(text) else None


def is_pin_of(pin: int, state: str) -> bool:
    """Whether a PIN code may lie in a state (two digits); True where the ranges of a state are not known."""
    ranges = PREFIXES.get(state)
    return ranges is None or any(first <= pin // _ONE_STATE <= last for first, last in ranges)
