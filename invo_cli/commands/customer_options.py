"""The options that describe a customer, shared by `customer create` and `customer edit`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from invo_cli.commands.record_options import text
from invo_cli.errors import InvalidError
from invo_cli.gst.contact import check_email, normalise_mobile
from invo_cli.gst.gstin import Gstin
from invo_cli.gst.states import OVERSEAS, parse_state

Name = Annotated[str | None, typer.Option("--name", parser=text("Name", "name"), metavar="NAME")]
Mobile = Annotated[
    str | None, typer.Option("--mobile", parser=normalise_mobile, metavar="NUMBER", help="Ten digits, +91 or not.")
]
GstinOption = Annotated[
    str | None,
    typer.Option(
        parser=lambda given: Gstin.parse(given).value, metavar="GSTIN", help="15 characters; decides the state."
    ),
]
State = Annotated[
    str | None,
    typer.Option(
        parser=lambda given: parse_state(given).code, metavar="SS", help="Left out: the GSTIN's, else the seller's."
    ),
]
Overseas = Annotated[bool, typer.Option("--overseas", help="In another country: state 96.")]
Composition = Annotated[bool | None, typer.Option("--composition/--no-composition", help="Composition scheme, s.10.")]
Sez = Annotated[bool | None, typer.Option("--sez/--no-sez", help="In a special economic zone.")]
Email = Annotated[str | None, typer.Option("--email", parser=check_email, metavar="ADDRESS")]
Line1 = Annotated[
    str | None, typer.Option("--address", parser=text("Address", "address"), metavar="TEXT", help="First line.")
]
Line2 = Annotated[
    str | None, typer.Option("--address2", parser=text("Address", "address"), metavar="TEXT", help="Second line.")
]
City = Annotated[str | None, typer.Option("--city", parser=text("City", "city"), metavar="CITY")]
Pincode = Annotated[
    str | None,
    typer.Option("--pincode", parser=text("PIN code", "pincode"), metavar="PIN", help="Six digits in India."),
]
Country = Annotated[str | None, typer.Option("--country", parser=text("Country", "country"), metavar="COUNTRY")]
Notes = Annotated[
    str | None,
    typer.Option("--notes", parser=text("Notes", "notes"), metavar="TEXT", help="For yourself; never printed."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFlags:
    """What can be said about a customer on the command line."""

    name: Name = None
    mobile: Mobile = None
    gstin: GstinOption = None
    state: State = None
    overseas: Overseas = False
    composition: Composition = None
    sez: Sez = None
    email: Email = None
    address: Line1 = None
    address2: Line2 = None
    city: City = None
    pincode: Pincode = None
    country: Country = None
    notes: Notes = None

    def columns(self) -> dict[str, Any]:
        """The flags as columns of a customer; None means: not said."""
        if self.overseas and self.state not in (None, OVERSEAS):
            raise InvalidError(
                f"An overseas customer has state {OVERSEAS}, not {self.state}.",
                hint="Leave --state or --overseas out.",
            )
        same = ("name", "mobile", "gstin", "email", "city", "pincode", "country", "notes")
        return {name: getattr(self, name) for name in same} | {
            "state": OVERSEAS if self.overseas else self.state,
            "address_line1": self.address,
            "address_line2": self.address2,
            "is_composition": self.composition,
            "is_sez": self.sez,
        }
