"""The options of payments: how money came, when, and what it is set against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer

from invo_cli.commands import parsers, selection
from invo_cli.commands.record_options import text
from invo_cli.errors import UsageProblemError
from invo_cli.gst.states import parse_state

METHODS = ("cash", "upi", "card", "bank", "cheque")
Part = tuple[str, Decimal | None]


def _method(word: str) -> str:
    return selection.one_of(word, METHODS, "method of payment")


def _auto(word: str) -> str:
    return selection.one_of(word, ("oldest",), "way to allocate")


def part(given: str) -> Part:
    """NUMBER, or NUMBER:AMOUNT."""
    number, colon, amount = given.rpartition(":")
    return (number, parsers.amount(amount)) if colon else (given, None)


Name = Annotated[str, typer.Argument(metavar="NUMBER", help="A payment's number or voucher.")]
Method = Annotated[str, typer.Option("--method", parser=_method, metavar="METHOD", help=f"How: {', '.join(METHODS)}.")]
On = Annotated[date | None, typer.Option("--date", parser=parsers.day, metavar="DATE", help="Left out: today.")]
Reference = Annotated[
    str | None, typer.Option(parser=text("Reference", "reference"), metavar="TEXT", help="UTR, cheque or slip number.")
]
Reason = Annotated[
    str, typer.Option(parser=text("Reason", "reason"), metavar="TEXT", help="Why; kept in the audit trail.")
]
Parts = Annotated[
    list[str] | None,
    typer.Option("--allocate", metavar="NUMBER[:AMOUNT]", help="Set against this document; repeat for several."),
]
Auto = Annotated[
    str | None, typer.Option("--auto", parser=_auto, metavar="oldest", help="Set the rest against the oldest.")
]

Place = Annotated[
    str | None,
    typer.Option(
        parser=lambda value: parse_state(value).code, metavar="SS", help="Of an advance; left out: inter-state."
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFlags:
    """What can be said about a receipt on the command line."""

    customer: Annotated[str, typer.Option(metavar="CODE|NAME", help="Who pays.")]
    amount: Annotated[Decimal, typer.Option(parser=parsers.amount, metavar="RUPEES", help="What was received.")]
    method: Method
    on: On = None
    reference: Reference = None
    tds: Annotated[
        Decimal | None, typer.Option(parser=parsers.amount, metavar="RUPEES", help="Tax the customer deducted.")
    ] = None
    allocate: Parts = None
    auto: Auto = None
    advance: Annotated[bool, typer.Option("--advance", help="Before the supply: taxed, with a receipt voucher.")] = (
        False
    )
    gst_rate: Annotated[
        Decimal | None, typer.Option(parser=parsers.rate, metavar="PERCENT", help="Of an advance; left out: 18.")
    ] = None
    place_of_supply: Place = None
    description: Annotated[
        str | None,
        typer.Option(parser=text("Description", "description"), metavar="TEXT", help="Of an advance: what it is for."),
    ] = None
    notes: Annotated[str | None, typer.Option(parser=text("Notes", "notes"), metavar="TEXT", help="Your own.")] = None

    def receipt(self, today: date) -> dict[str, Any]:
        """The fields of `payments.Receipt`; UsageProblemError for what only an advance has."""
        if not self.advance and (self.gst_rate, self.place_of_supply, self.description) != (None, None, None):
            raise UsageProblemError(
                "Rate, place and description belong to an advance.", hint="Add --advance, or leave them out."
            )
        same = ("amount", "method", "reference", "notes", "gst_rate", "place_of_supply", "description")
        return {name: getattr(self, name) for name in same} | {
            "on": self.on or today,
            "tds": self.tds or Decimal(0),
            "is_advance": self.advance,
        }
