"""How goods travel: mode, distance, vehicle, transporter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Transport
from invo_cli.gst.text import quoted

MODES: Mapping[str, int] = MappingProxyType({"road": 1, "rail": 2, "air": 3, "ship": 4})
FARTHEST = 4000
_VEHICLE = re.compile("[A-Z0-9]{4,15}")
_PAPER = re.compile("[A-Za-z0-9/-]{1,15}")
_TRANSPORTER = re.compile("[0-9]{2}[0-9A-Z]{13}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What is None is not known; distance 0 lets the portal measure from PIN code to PIN code."""

    mode: str | None = None
    distance_km: int = 0
    vehicle: str | None = None
    is_over_dimensional: bool = False
    transporter_id: str | None = None
    transporter_name: str | None = None
    document: str | None = None
    document_date: dt.date | None = None

    def over(self, entered: Transport | None) -> Journey:
        """This journey, with what it leaves open taken from the document."""
        known = entered or Transport()
        return Journey(
            mode=self.mode or known.mode,
            distance_km=self.distance_km or known.distance_km or 0,
            vehicle=self.vehicle or (vehicle_number(known.vehicle) if known.vehicle else None),
            is_over_dimensional=self.is_over_dimensional,
            transporter_id=self.transporter_id or known.transporter_id,
            transporter_name=self.transporter_name,
            document=self.document or (carriers_paper(known.document) if known.document else None),
            document_date=self.document_date,
        )


def vehicle_number(text: str) -> str:
    """A registration in capitals without spaces and hyphens: KA01AB1234; InvalidError for anything else."""
    number = re.sub("[ -]", "", text).upper()
    if not _VEHICLE.fullmatch(number):
        raise InvalidError(f"{quoted(text)} is not a vehicle number.", hint="Write it as KA01AB1234.")
    return number


def transporter_id(text: str) -> str:
    """A GSTIN or TRANSIN in capitals; it is not judged by its check character, which a TRANSIN has not."""
    number = text.strip().upper()
    if not _TRANSPORTER.fullmatch(number):
        raise InvalidError(
            f"{quoted(text)} is not a transporter id.", hint="Write the 15 characters of a GSTIN or TRANSIN."
        )
    return number


def carriers_paper(text: str) -> str:
    """The number of a lorry receipt, railway receipt or airway bill as the portal takes it; InvalidError otherwise."""
    number = text.strip()
    if not _PAPER.fullmatch(number):
        raise InvalidError(
            f"{quoted(text)} is not the number of a carrier's paper.", hint="1 to 15 letters, digits, / and -."
        )
    return number


def distance(text: str) -> int:
    """Kilometres from 0 to 4000."""
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) > FARTHEST:
        raise InvalidError(f"{quoted(text)} is not a distance.", hint=f"Write whole kilometres, at most {FARTHEST}.")
    return int(text)
