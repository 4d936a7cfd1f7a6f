"""The options that describe an item, shared by `item create` and `item edit`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import typer

from invo_cli.commands import parsers
from invo_cli.commands.record_options import text
from invo_cli.errors import InvalidError
from invo_cli.gst.document import Taxability
from invo_cli.gst.hsn import check_hsn
from invo_cli.gst.money import format_rate, to_thousandths
from invo_cli.gst.text import nearest, quoted
from invo_cli.gst.uqc import parse_uqc


def read_taxability(word: str) -> str:
    """Whether an item bears tax, and if not, why."""
    given = word.strip().lower().replace("-", "_")
    if given in list(Taxability):
        return given
    near = nearest(given, list(Taxability))
    raise InvalidError(
        f"Taxability cannot be {quoted(word)}.",
        hint=f"Did you mean {near}?" if near else f"It is one of {', '.join(Taxability)}.",
    )


def read_rate(given: str) -> Decimal:
    """A rate of at most 100 per cent."""
    found = parsers.rate(given)
    if found > 100:
        raise InvalidError(f"Rate {format_rate(found)} is more than 100.", hint="Rates are in per cent: 18.")
    return found


Name = Annotated[
    str | None, typer.Option(parser=text("Name", "description"), metavar="NAME", help="Printed on the line.")
]
Labour = Annotated[
    bool | None, typer.Option("--labour/--part", help="A service, or goods; left out: as the code says.")
]
Hsn = Annotated[
    str | None, typer.Option(parser=check_hsn, metavar="CODE", help="HSN of goods, SAC (99…) of a service.")
]
Unit = Annotated[str | None, typer.Option(parser=parse_uqc, metavar="UQC", help="NOS, PCS, KGS, LTR, …")]
Price = Annotated[Decimal | None, typer.Option(parser=parsers.price, metavar="RUPEES", help="Of one unit.")]
PriceIncludesTax = Annotated[
    bool | None, typer.Option("--price-includes-tax/--price-before-tax", help="Whether tax is in the price.")
]
Rate = Annotated[
    Decimal | None,
    typer.Option(parser=read_rate, metavar="PERCENT", help="GST; left out: the rate of the business."),
]
TaxabilityOption = Annotated[
    str | None, typer.Option(parser=read_taxability, metavar="WORD", help=", ".join(Taxability))
]
CessRate = Annotated[
    Decimal | None, typer.Option(parser=read_rate, metavar="PERCENT", help="Compensation cess on the value.")
]
CessPerUnit = Annotated[
    Decimal | None, typer.Option(parser=parsers.price, metavar="RUPEES", help="Compensation cess a unit.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFlags:
    """What can be said about an item on the command line."""

    name: Name = None
    labour: Labour = None
    hsn: Hsn = None
    unit: Unit = None
    price: Price = None
    price_includes_tax: PriceIncludesTax = None
    rate: Rate = None
    taxability: TaxabilityOption = None
    cess_rate: CessRate = None
    cess_per_unit: CessPerUnit = None

    def columns(self) -> dict[str, Any]:
        """The flags as columns of an item; None means: not said."""
        scaled = {
            "unit_price_thousandths": self.price,
            "gst_rate_thousandths": self.rate,
            "cess_rate_thousandths": self.cess_rate,
            "cess_per_unit_thousandths": self.cess_per_unit,
        }
        same = ("name", "hsn", "unit", "price_includes_tax", "taxability")
        kind = None if self.labour is None else "labour" if self.labour else "part"
        return {
            **{name: getattr(self, name) for name in same},
            **{name: None if value is None else to_thousandths(value) for name, value in scaled.items()},
            "kind": kind,
        }
