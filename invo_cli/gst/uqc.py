"""Unit quantity codes of GSTR-1 and the e-invoice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from invo_cli.errors import InvalidError
from invo_cli.gst.text import nearest, quoted

# The spellings are those of the government's offline tool V3.2.4, whose workbooks hold CODE-DESCRIPTION.
UQC: Mapping[str, str] = MappingProxyType(
    {
        "BAG": "BAGS",
        "BAL": "BALE",
        "BDL": "BUNDLES",
        "BKL": "BUCKLES",
        "BOU": "BILLION OF UNITS",
        "BOX": "BOX",
        "BTL": "BOTTLES",
        "BUN": "BUNCHES",
        "CAN": "CANS",
        "CBM": "CUBIC METERS",
        "CCM": "CUBIC CENTIMETERS",
        "CMS": "CENTIMETERS",
        "CTN": "CARTONS",
        "DOZ": "DOZENS",
        "DRM": "DRUMS",
        "GGK": "GREAT GROSS",
        "GMS": "GRAMMES",
        "GRS": "GROSS",
        "GYD": "GROSS YARDS",
        "KGS": "KILOGRAMS",
        "KLR": "KILOLITRE",
        "KME": "KILOMETRE",
        "LTR": "LITRES",
        "MLT": "MILILITRE",
        "MTR": "METERS",
        "MTS": "METRIC TON",
        "NOS": "NUMBERS",
        "PAC": "PACKS",
        "PCS": "PIECES",
        "PRS": "PAIRS",
        "QTL": "QUINTAL",
        "ROL": "ROLLS",
        "SET": "SETS",
        "SQF": "SQUARE FEET",
        "SQM": "SQUARE METERS",
        "SQY": "SQUARE YARDS",
        "TBS": "TABLETS",
        "TGM": "TEN GROSS",
        "THD": "THOUSANDS",
        "TON": "TONNES",
        "TUB": "TUBES",
        "UGS": "US GALLONS",
        "UNT": "UNITS",
        "YDS": "YARDS",
        "OTH": "OTHERS",
        "NA": "NOT APPLICABLE",
    }
)

_BY_DESCRIPTION = {description: code for code, description in UQC.items()}


def parse_uqc(text: str) -> str:
    """The code of `NOS` or `NOS-NUMBERS`, in any case; InvalidError for any other unit."""
    given = text.strip().upper()
    code, dash, description = given.partition("-")
    if code not in UQC or (dash and description != UQC[code]):
        raise InvalidError(f"There is no unit {quoted(text.strip())}.", hint=_hint(code))
    return code


def _hint(given: str) -> str:
    found = nearest(given, [*UQC, *_BY_DESCRIPTION])
    code = _BY_DESCRIPTION.get(found or "", found)
    if code is None:
        return "Use a unit quantity code such as NOS, PCS or KGS; OTH stands for others."
    return f"Did you mean {code} ({UQC[code]})?"
