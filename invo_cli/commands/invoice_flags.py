"""The flags of the counter: a document typed on one line, or the path of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

import typer

from invo_cli.commands import context, parsers
from invo_cli.errors import UsageProblemError
from invo_cli.gst.counter import parse_charge, parse_item, parse_line
from invo_cli.gst.document import DocumentInput, Kind, ServiceType, Supply
from invo_cli.gst.reading import load_json, read_document

BUYER, LINES, TERMS = "Customer", "Lines", "Terms"


def _option(*names: str, panel: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, rich_help_panel=panel, metavar=metavar, help=help)


def _words(kind: type[StrEnum]) -> str:
    return ", ".join(member.value for member in kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFlags:
    """What can be said about a document on the command line."""

    file: Annotated[
        str | None, _option("--file", panel=LINES, metavar="FILE", help="A document as JSON instead; - is stdin.")
    ] = None
    customer: Annotated[
        str | None, _option("--customer", panel=BUYER, metavar="CODE|NAME", help="A code, else the exact name.")
    ] = None
    mobile: Annotated[
        str | None,
        _option("--mobile", panel=BUYER, metavar="NUMBER", help="With the name: found by both, else made new."),
    ] = None
    gstin: Annotated[
        str | None, _option("--gstin", panel=BUYER, metavar="GSTIN", help="With the name: found by it, else made new.")
    ] = None
    state: Annotated[
        str | None, _option("--state", panel=BUYER, metavar="SS", help="With the name; left out: the seller's.")
    ] = None
    line: Annotated[
        list[str] | None,
        _option("--line", panel=LINES, metavar="DESCRIPTION:QTY:PRICE[:HSN[:RATE]]", help=r"\: is a colon; repeat."),
    ] = None
    item: Annotated[
        list[str] | None, _option("--item", panel=LINES, metavar="CODE[:QTY]", help="An item of the list; repeat.")
    ] = None
    charge: Annotated[
        list[str] | None,
        _option("--charge", panel=LINES, metavar="TEXT:AMOUNT[:RATE]", help="Freight or packing, taxed; repeat."),
    ] = None
    discount: Annotated[
        str | None, _option("--discount", panel=LINES, metavar="RUPEES", help="Off the whole document, before tax.")
    ] = None
    other_charges: Annotated[
        str | None, _option("--other-charges", panel=LINES, metavar="RUPEES", help="After tax.")
    ] = None
    prices_include_tax: Annotated[
        bool | None, typer.Option("--prices-include-tax/--prices-before-tax", rich_help_panel=LINES)
    ] = None
    round_off: Annotated[
        bool | None,
        typer.Option("--round-off/--no-round-off", rich_help_panel=LINES, help="To the rupee; else as the business."),
    ] = None
    date: Annotated[
        str | None, _option("--date", panel=TERMS, metavar="DATE", help="2026-10-05, today or yesterday.")
    ] = None
    due_date: Annotated[str | None, _option("--due-date", panel=TERMS, metavar="DATE", help="When to be paid.")] = None
    kind: Annotated[str | None, _option("--kind", panel=TERMS, metavar="KIND", help=_words(Kind))] = None
    supply: Annotated[str | None, _option("--supply", panel=TERMS, metavar="SUPPLY", help=_words(Supply))] = None
    place_of_supply: Annotated[
        str | None, _option("--place-of-supply", panel=TERMS, metavar="SS", help="Left out: by the rules of the law.")
    ] = None
    service_type: Annotated[
        str | None, _option("--service-type", panel=TERMS, metavar="TYPE", help=_words(ServiceType))
    ] = None
    reverse_charge: Annotated[
        bool, typer.Option("--reverse-charge", rich_help_panel=TERMS, help="The recipient pays the tax.")
    ] = False
    amends: Annotated[
        str | None,
        _option("--amends", panel=TERMS, metavar="NUMBER", help="The reported document that this one replaces."),
    ] = None
    return_period: Annotated[
        str | None,
        _option("--return-period", panel=TERMS, metavar="MONTH", help="2026-10: reported late, in that return."),
    ] = None
    reference: Annotated[
        str | None, _option("--reference", panel=TERMS, metavar="TEXT", help="The customer's order or job card.")
    ] = None
    notes: Annotated[str | None, _option("--notes", panel=TERMS, metavar="TEXT", help="Printed on it.")] = None
    terms: Annotated[str | None, _option("--terms", panel=TERMS, metavar="TEXT", help="Printed on it.")] = None


def document_from(flags: DocumentFlags, base: DocumentInput | None = None) -> DocumentInput:
    """The document of the flags, or of --file; `base` is a draft whose other fields stay."""
    if flags.file is not None:
        if flags != DocumentFlags(file=flags.file):
            raise UsageProblemError(
                "--file holds the whole document.", hint="Leave the other flags out, or put them into the file."
            )
        return read_document(load_json(context.read_text(flags.file)))
    given = _typed(flags)
    start = base or DocumentInput()
    changed = {key: getattr(read_document(given), key) for key in given}
    return replace(start, **changed, **_lines(flags))


def _typed(flags: DocumentFlags) -> dict[str, Any]:
    """The flags that are keys of a document, as its JSON would hold them; commas in amounts taken out."""
    plain = ("kind", "supply", "place_of_supply", "service_type", "amends", "reference", "notes", "terms")
    given: dict[str, Any] = {name: getattr(flags, name) for name in plain}
    given |= {"prices_include_tax": flags.prices_include_tax, "round_off": flags.round_off}
    given |= {name: _date(getattr(flags, name)) for name in ("date", "due_date")}
    given |= {name: _amount(getattr(flags, name)) for name in ("discount", "other_charges")}
    given |= {"return_period": flags.return_period and parsers.month(flags.return_period)}
    given |= {"reverse_charge": flags.reverse_charge or None, "customer": _customer(flags)}
    return {name: value for name, value in given.items() if value is not None}


def _customer(flags: DocumentFlags) -> str | dict[str, str] | None:
    details = {"mobile": flags.mobile, "gstin": flags.gstin, "state": flags.state}
    known = {name: value for name, value in details.items() if value is not None}
    if known and flags.customer is None:
        raise UsageProblemError("The customer has no name.", hint='Add --customer "NAME".')
    return {"name": str(flags.customer), **known} if known else flags.customer


def _lines(flags: DocumentFlags) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if flags.line or flags.item:
        found["lines"] = tuple([*map(parse_line, flags.line or ()), *map(parse_item, flags.item or ())])
    if flags.charge:
        found["charges"] = tuple(map(parse_charge, flags.charge))
    return found


def _date(text: str | None) -> str | None:
    return None if text is None else parsers.day(text).isoformat()


def _amount(text: str | None) -> str | None:
    return None if text is None else f"{parsers.amount(text):f}"
