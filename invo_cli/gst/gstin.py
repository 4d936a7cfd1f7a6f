"""GSTINs of every kind: shape, state, check character, and what is legal but unusual.

The shapes are those the portal's offline tool accepts. Transporter ids (TRANSIN) carry no check character: they are no
GSTINs and are refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from invo_cli.errors import InvalidError
from invo_cli.gst.pan import PAN_PATTERN, pan_doubts
from invo_cli.gst.states import OBSOLETE, OVERSEAS, STATES, State
from invo_cli.gst.text import quoted

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OIDAR_PREFIX = "99"


class GstinKind(StrEnum):
    """Who holds the number; composition, SEZ and casual taxpayers look like regular ones."""

    REGULAR = "regular"
    GOVERNMENT = "government"
    TDS = "tds"
    TCS = "tcs"
    UIN = "uin"
    NRTP = "nrtp"
    OIDAR = "oidar"


# The regular shape also fits TCS and TDS numbers, so those come first.
_SHAPES = {
    GstinKind.UIN: re.compile("[0-9]{4}[A-Z]{3}[0-9]{5}[UO]N[0-9A-Z]"),
    GstinKind.NRTP: re.compile("[0-9]{4}[A-Z]{3}[0-9]{5}NR[0-9A-Z]"),
    GstinKind.OIDAR: re.compile("99[0-9]{2}[A-Z]{3}[0-9]{5}OS[0-9A-Z]"),
    GstinKind.TCS: re.compile("[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]C[0-9A-Z]"),
    GstinKind.TDS: re.compile("[0-9]{2}[A-Z]{4}[A-Z0-9][0-9]{4}[A-Z][1-9A-Z]D[0-9A-Z]"),
    GstinKind.GOVERNMENT: re.compile("[0-9]{2}[A-Z]{4}[0-9]{5}[A-Z][0-9]Z[0-9]"),
    GstinKind.REGULAR: re.compile("[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]"),
}


@dataclass(frozen=True, slots=True)
class Gstin:
    """A GSTIN that passed every check. `state` is None for OIDAR, `pan` for all but regular and TCS numbers."""

    value: str
    kind: GstinKind
    state: State | None
    pan: str | None
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.value

    @classmethod
    def parse(cls, text: str) -> Gstin:
        """Strip, put in capitals, then judge; InvalidError names the first thing that is wrong."""
        value = _characters(text.strip())
        kind = _kind_of(value)
        state = _state_of(value, kind)
        _verify_check_character(value)
        pan = value[2:12] if kind in (GstinKind.REGULAR, GstinKind.TCS) else None
        return cls(value, kind, state, pan, _warnings(value, kind, pan))


def check_character(first14: str) -> str:
    """The fifteenth character, modulo 36 with weights 1 and 2, of the first fourteen (digits and capital letters)."""
    total = 0
    for position, character in enumerate(first14):
        quotient, remainder = divmod(_ALPHABET.index(character) * (1 + position % 2), 36)
        total += quotient + remainder
    return _ALPHABET[-total % 36]


def _characters(given: str) -> str:
    """Fifteen ASCII letters and digits, letters in capitals."""
    if not given:
        raise InvalidError("The GSTIN is empty.", hint="Write its 15 characters.")
    strange = re.search("[^0-9A-Za-z]", given)
    if strange:
        raise _refusal(
            given,
            f"has {quoted(strange[0])} at position {strange.start() + 1}",
            "A GSTIN has only digits and the letters A-Z, without spaces or hyphens.",
        )
    if len(given) != 15:
        raise _refusal(
            given, f"has {len(given)} characters instead of 15", "Copy it from the registration certificate."
        )
    return given.upper()


def _kind_of(value: str) -> GstinKind:
    for kind, shape in _SHAPES.items():
        if shape.fullmatch(value):
            return kind
    raise _refusal(value, *_shape_problem(value))


def _shape_problem(value: str) -> tuple[str, str]:
    """Why the value has no kind's shape, and a hint."""
    if not re.fullmatch("[0-9]{2}", value[:2]):
        return f"begins with {value[:2]} instead of a state", "Its first two characters are digits, such as 29."
    if not PAN_PATTERN.fullmatch(value[2:12]):
        return (
            f"has {value[2:12]} where a PAN belongs",
            "Characters 3 to 12 are five letters, four digits and a letter.",
        )
    if value[13] == "0":
        return "is a number of the portal's sandbox", "Test numbers, with 0 as character 14, are not for real invoices."
    if value[12] == "0":
        return "has registration number 0", "Character 13 counts the registrations of the PAN: 1 to 9, then A to Z."
    return f"has {value[13]} as character 14", "Character 14 is Z for most taxpayers; 1-9 and A-J also exist."


def _state_of(value: str, kind: GstinKind) -> State | None:
    code = value[:2]
    if kind is GstinKind.OIDAR:
        return None
    if code == _OIDAR_PREFIX:
        raise _refusal(value, "begins with 99", "99 is only for online services from abroad (OIDAR).")
    if code == OVERSEAS or code not in STATES:
        raise _refusal(value, f"begins with {code}, which is no state", "State codes of GSTINs are 01 to 38 and 97.")
    return STATES[code]


def _verify_check_character(value: str) -> None:
    expected = check_character(value[:14])
    if value[14] != expected:
        raise _refusal(
            value,
            f"ends with {value[14]} where its check character is {expected}",
            "One of its characters is mistyped: compare it with the registration certificate.",
        )


def _warnings(value: str, kind: GstinKind, pan: str | None) -> tuple[str, ...]:
    warnings = []
    if value[:2] in OBSOLETE:
        successor, _ = OBSOLETE[value[:2]]
        warnings.append(
            f"GSTIN {value} has the obsolete state code {value[:2]}: numbers given out now have {successor}."
        )
    if kind is GstinKind.REGULAR and value[13] != "Z":
        warnings.append(f"GSTIN {value} has {value[13]} as character 14, which is unusual: most have Z.")
    return (*warnings, *(pan_doubts(pan) if pan else ()))


def _refusal(value: str, problem: str, hint: str) -> InvalidError:
    return InvalidError(f"GSTIN {quoted(value)} {problem}.", hint=hint)
