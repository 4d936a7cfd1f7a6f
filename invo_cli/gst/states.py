"""States and Union territories by their two-digit GST code, with the tax that is due beside CGST.

The names are those of the government's state list; the letters are the vehicle and ISO 3166-2:IN codes. "State" in the
GST Acts includes a Union territory with a legislature (Delhi, Puducherry, Jammu and Kashmir): SGST is due there.
Union territory tax is due in the others (CGST Act s.2(114), as amended from 2020-06-30).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from invo_cli.errors import InvalidError
from invo_cli.gst.text import nearest, quoted

OVERSEAS = "96"


@dataclass(frozen=True, slots=True)
class State:
    """A place of supply; `alpha` is None where no letters exist, `is_union_territory_tax` says UTGST, not SGST."""

    code: str
    name: str
    alpha: str | None = None
    is_union_territory_tax: bool = False


STATES: Mapping[str, State] = MappingProxyType(
    {
        state.code: state
        for state in (
            State("01", "Jammu and Kashmir", "JK"),
            State("02", "Himachal Pradesh", "HP"),
            State("03", "Punjab", "PB"),
            State("04", "Chandigarh", "CH", is_union_territory_tax=True),
            State("05", "Uttarakhand", "UK"),
            State("06", "Haryana", "HR"),
            State("07", "Delhi", "DL"),
            State("08", "Rajasthan", "RJ"),
            State("09", "Uttar Pradesh", "UP"),
            State("10", "Bihar", "BR"),
            State("11", "Sikkim", "SK"),
            State("12", "Arunachal Pradesh", "AR"),
            State("13", "Nagaland", "NL"),
            State("14", "Manipur", "MN"),
            State("15", "Mizoram", "MZ"),
            State("16", "Tripura", "TR"),
            State("17", "Meghalaya", "ML"),
            State("18", "Assam", "AS"),
            State("19", "West Bengal", "WB"),
            State("20", "Jharkhand", "JH"),
            State("21", "Odisha", "OD"),
            State("22", "Chhattisgarh", "CG"),
            State("23", "Madhya Pradesh", "MP"),
            State("24", "Gujarat", "GJ"),
            State("25", "Daman and Diu", "DD", is_union_territory_tax=True),
            State("26", "Dadra and Nagar Haveli and Daman and Diu", "DH", is_union_territory_tax=True),
            State("27", "Maharashtra", "MH"),
            State("28", "Andhra Pradesh (before division)"),
            State("29", "Karnataka", "KA"),
            State("30", "Goa", "GA"),
            State("31", "Lakshadweep", "LD", is_union_territory_tax=True),
            State("32", "Kerala", "KL"),
            State("33", "Tamil Nadu", "TN"),
            State("34", "Puducherry", "PY"),
            State("35", "Andaman and Nicobar Islands", "AN", is_union_territory_tax=True),
            State("36", "Telangana", "TS"),
            State("37", "Andhra Pradesh", "AP"),
            State("38", "Ladakh", "LA", is_union_territory_tax=True),
            State(OVERSEAS, "Other Countries"),
            State("97", "Other Territory", is_union_territory_tax=True),
        )
    }
)

# 25 was merged into 26 on 2020-01-26. Andhra Pradesh was divided in 2014, before GST, so 28 was never the right code.
OBSOLETE: Mapping[str, tuple[str, dt.date]] = MappingProxyType(
    {"25": ("26", dt.date(2020, 1, 26)), "28": ("37", dt.date(2014, 6, 2))}
)
"""Codes no longer in use: the code that replaces them, and from which day."""

_BY_SPELLING: Mapping[str, State] = {
    **{state.name.casefold(): state for state in STATES.values()},
    **{state.alpha.casefold(): state for state in STATES.values() if state.alpha},
    "tg": STATES["36"],  # Telangana's vehicles carry TG since 2024
}


def parse_state(text: str) -> State:
    """The state of two digits, of its letters or of its full name, in any case; InvalidError otherwise."""
    given = text.strip()
    state = STATES.get(given) or _BY_SPELLING.get(given.casefold())
    if state is None:
        raise InvalidError(f"There is no state {quoted(given)}.", hint=_state_hint(given))
    return state


def obsolete_warning(state: State, on: dt.date) -> str | None:
    """A sentence when the code was no longer in use on the day (codes 25 and 28), else None."""
    if state.code not in OBSOLETE:
        return None
    successor, since = OBSOLETE[state.code]
    if on < since:
        return None
    return f"State code {state.code} ({state.name}) is obsolete since {since}: use {successor}."


def _state_hint(given: str) -> str:
    if re.fullmatch("[1-9]", given):
        state = STATES[f"0{given}"]
        return f"Write two digits: {state.code} for {state.name}."
    found = nearest(given, (state.name for state in STATES.values()))
    if found is None:
        return "Write the two digits of the state, such as 29 for Karnataka."
    state = _BY_SPELLING[found.casefold()]
    return f"Did you mean {state.code} ({state.name})?"
