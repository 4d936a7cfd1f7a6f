"""The options that describe a business, shared by `init`, `business create` and `business edit`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer

from invo_cli.commands import parsers
from invo_cli.gst.contact import check_email, check_pincode, normalise_mobile
from invo_cli.gst.money import to_paise, to_thousandths
from invo_cli.gst.numbering import NumberPattern
from invo_cli.gst.states import parse_state
from invo_cli.gst.text import clean_text


def code(text: str) -> str:
    """A short name for commands: letters, digits, - and _."""
    cleaned = clean_text(text, what="Code", limit=30)
    if not all(character.isascii() and (character.isalnum() or character in "-_") for character in cleaned):
        from invo_cli.errors import InvalidError

        raise InvalidError(f"Code {cleaned} may hold only letters, digits, - and _.", hint="For example: MAIN-BLR")
    return cleaned


def words(what: str, limit: int = 200):  # type: ignore[no-untyped-def]
    """A parser for a short text; Typer wants a plain function."""

    def parse(text: str) -> str:
        return clean_text(text, what=what, limit=limit)

    return parse


Name = Annotated[str | None, typer.Option(parser=words("Name"), metavar="NAME", help="Trade or legal name.")]
GstinOption = Annotated[str | None, typer.Option("--gstin", metavar="GSTIN", help="15 characters; decides the state.")]
State = Annotated[
    str | None,
    typer.Option("--state", parser=lambda text: parse_state(text).code, metavar="SS", help="Two digits, such as 29."),
]
Code = Annotated[str | None, typer.Option(parser=code, metavar="CODE", help="Short name; left out: the GSTIN.")]
Line1 = Annotated[str | None, typer.Option("--address", parser=words("Address"), metavar="TEXT", help="First line.")]
Line2 = Annotated[str | None, typer.Option("--address2", parser=words("Address"), metavar="TEXT", help="Second line.")]
City = Annotated[str | None, typer.Option(parser=words("City", 100), metavar="CITY")]
Pincode = Annotated[str | None, typer.Option(parser=check_pincode, metavar="PIN", help="Six digits.")]
Mobile = Annotated[str | None, typer.Option(parser=normalise_mobile, metavar="NUMBER", help="Ten digits.")]
Email = Annotated[str | None, typer.Option(parser=check_email, metavar="ADDRESS")]
Pattern = Annotated[
    str | None,
    typer.Option(
        "--series", parser=lambda text: NumberPattern.parse(text).text, metavar="PATTERN", help="INV/{fy}/{seq:04}"
    ),
]


Lut = Annotated[str | None, typer.Option(parser=words("LUT", 50), metavar="ARN", help="Letter of undertaking.")]
Turnover = Annotated[
    Decimal | None,
    typer.Option(parser=parsers.amount, metavar="RUPEES", help="Aggregate turnover last year: sets the HSN digits."),
]
EinvoiceFrom = Annotated[
    date | None, typer.Option(parser=parsers.day, metavar="DATE", help="From when e-invoices are due.")
]
Bank = Annotated[str | None, typer.Option(parser=words("Bank", 300), metavar="TEXT", help="Printed for payment.")]
Upi = Annotated[str | None, typer.Option(parser=words("UPI", 100), metavar="VPA", help="Printed for payment.")]
Logo = Annotated[str | None, typer.Option(parser=words("Logo", 500), metavar="FILE", help="Printed on documents.")]
DefaultRate = Annotated[
    Decimal | None, typer.Option(parser=parsers.rate, metavar="PERCENT", help="GST rate of lines without one.")
]
RoundOff = Annotated[bool | None, typer.Option("--round-off/--no-round-off", help="Round totals to the rupee.")]
Strict = Annotated[bool | None, typer.Option("--strict/--no-strict", help="Make warnings refusals.")]
Composition = Annotated[bool | None, typer.Option("--composition/--no-composition", help="Composition scheme, s.10.")]
Quarterly = Annotated[
    bool | None, typer.Option("--quarterly/--monthly", help="How often GSTR-1 and 3B are filed: QRMP, or monthly.")
]
Sez = Annotated[bool | None, typer.Option("--sez/--no-sez", help="A unit in a special economic zone.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessFlags:
    """Everything that can be said about a business on the command line, but for its code and state."""

    name: Name = None
    gstin: GstinOption = None
    address: Line1 = None
    address2: Line2 = None
    city: City = None
    pincode: Pincode = None
    mobile: Mobile = None
    email: Email = None
    composition: Composition = None
    sez: Sez = None
    quarterly: Quarterly = None
    lut: Lut = None
    turnover: Turnover = None
    einvoice_from: EinvoiceFrom = None
    bank: Bank = None
    upi: Upi = None
    logo: Logo = None
    default_rate: DefaultRate = None
    round_off: RoundOff = None
    strict: Strict = None

    def columns(self) -> dict[str, Any]:
        """The flags as columns of a business; None means: not said."""
        same = ("name", "gstin", "city", "pincode", "mobile", "email", "lut", "einvoice_from", "bank", "upi", "logo")
        return {
            **{name: getattr(self, name) for name in same},
            "address_line1": self.address,
            "address_line2": self.address2,
            "turnover_paise": None if self.turnover is None else to_paise(self.turnover),
            "default_rate_thousandths": None if self.default_rate is None else to_thousandths(self.default_rate),
            "is_composition": self.composition,
            "is_sez": self.sez,
            "files_quarterly": self.quarterly,
            "is_rounded": self.round_off,
            "is_strict": self.strict,
        }
