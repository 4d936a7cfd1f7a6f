"""What credit and debit notes have in common at the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from invo_cli.commands import context, invoice_changes, invoice_reading, parsers, selection
from invo_cli.commands.flags import takes
from invo_cli.commands.invoice_entry import IdempotencyKey, done
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.gst.counter import parse_line
from invo_cli.gst.document import DocumentInput, Kind, LineInput
from invo_cli.gst.money import parse_counter_decimal
from invo_cli.gst.reading import load_json, read_document

_BY_LINE = re.compile(r"([0-9]{1,5})(?::(.+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFlags:
    """What can be said about a note on the command line."""

    against: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The document it corrects; several with commas.")
    ] = None
    amends: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The reported note that this one replaces in the returns.")
    ] = None
    full: Annotated[bool, typer.Option("--full", help="All that is left of it; debit notes apart.")] = False
    line: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N[:QTY] | DESCRIPTION:QTY:PRICE[:HSN[:RATE]]",
            help="A line of the original and how much of it, or a line of its own; repeat.",
        ),
    ] = None
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; printed on the note (Rule 53).")] = None
    date: Annotated[str | None, typer.Option(metavar="DATE", help="2026-10-05, today or yesterday.")] = None
    notes: Annotated[str | None, typer.Option(metavar="TEXT", help="Printed on it.")] = None
    reference: Annotated[str | None, typer.Option(metavar="TEXT", help="The customer's own number.")] = None
    file: Annotated[str | None, typer.Option(metavar="FILE", help="A document as JSON instead; - is stdin.")] = None


def app_for(kind: Kind, *, help: str | None) -> typer.Typer:
    """The noun of one kind of note."""
    app = typer.Typer(help=help, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
    noun = kind.value.replace("_", "-")
    number = "CN/26-27/0001" if kind is Kind.CREDIT_NOTE else "DN/26-27/0001"
    app.command(epilog=examples(*_create_examples(kind, noun)))(_creator(kind))
    app.command("list", epilog=examples(f"invo {noun} list", f"invo {noun} list --period this-month -o csv"))(
        _lister(kind)
    )
    app.command(epilog=examples(f"invo {noun} show {number}", f"invo {noun} show {number} -o json"))(
        invoice_reading.show
    )
    app.command(
        epilog=examples(
            f'invo {noun} cancel {number} --reason "Wrong quantity"',
            f"invo {noun} cancel {number} --reason x --dry-run",
        )
    )(invoice_changes.cancel)
    return app


def _create_examples(kind: Kind, noun: str) -> tuple[str, ...]:
    free = (
        f'invo {noun} create --against INV/26-27/0001 --line "Price difference:1:50:998716:18" --reason "Rate revised"'
    )
    if kind is Kind.DEBIT_NOTE:
        return (free, f"invo {noun} create --file note.json")
    return (
        f'invo {noun} create --against INV/26-27/0001 --full --reason "Goods returned"',
        f'invo {noun} create --against INV/26-27/0001 --line 1:1 --reason "One returned"',
        free,
    )


def _creator(kind: Kind) -> Any:
    @takes(NoteFlags)
    def create(
        flags: NoteFlags,
        draft: Annotated[bool, typer.Option("--draft", help="Store it without a number, to be issued later.")] = False,
        idempotency_key: IdempotencyKey = None,
        dry_run: DryRun = False,
    ) -> None:
        from invo_cli.services import invoices

        entered = _entered(kind, flags)
        if idempotency_key is not None:
            entered = replace(entered, idempotency_key=idempotency_key)
        act = context.act()
        done(
            lambda session: invoices.create(session, context.business(session), entered, act=act, draft=draft), dry_run
        )

    word = "credit" if kind is Kind.CREDIT_NOTE else "debit"
    create.__doc__ = f"Issue a {word} note against an invoice, at the rates the invoice bears."
    return create


def _lister(kind: Kind) -> Any:
    def list_(
        customer: Annotated[str | None, typer.Option(metavar="CODE|NAME")] = None,
        period: selection.Within = None,
        limit: selection.Limit = None,
        after: Annotated[str | None, typer.Option(metavar="NUMBER", help="Go on behind this note.")] = None,
        everything: selection.All = False,
    ) -> None:
        first, last = selection.days(period, None, None)
        invoice_reading.print_list(
            limit, everything, kinds=(kind.value,), customer=customer, first=first, last=last, after=after
        )

    list_.__doc__ = f"List {kind.value.replace('_', ' ')}s, the newest first; deleted ones are hidden."
    return list_


def _entered(kind: Kind, flags: NoteFlags) -> DocumentInput:
    if flags.file is not None:
        if flags != NoteFlags(file=flags.file):
            raise UsageProblemError("--file holds the whole note.", hint="Leave the other flags out.")
        return _of_kind(kind, read_document(load_json(context.read_text(flags.file))))
    is_new = flags.against is None and flags.amends is None
    if is_new or flags.reason is None:
        missing = "--against NUMBER" if is_new else "--reason TEXT"
        raise UsageProblemError(f"A note needs {missing}.", hint="See the command's --help for examples.")
    if flags.full == bool(flags.line):
        raise UsageProblemError("Say what the note is about.", hint="Either --full, or --line N:QTY for some lines.")
    plain = {name: getattr(flags, name) for name in ("against", "amends", "reason", "notes", "reference")}
    date = None if flags.date is None else parsers.day(flags.date).isoformat()
    base = read_document(plain | {"date": date, "kind": kind.value})
    return replace(base, lines=tuple(map(_line, flags.line or ())))


def _of_kind(kind: Kind, entered: DocumentInput) -> DocumentInput:
    if entered.kind not in (None, kind):
        raise InvalidError(f"The file holds a {entered.kind}, not a {kind}.", hint="Use invo invoice create --file.")
    return replace(entered, kind=kind)


def _line(text: str) -> LineInput:
    found = _BY_LINE.fullmatch(text.strip())
    if found is None:
        return parse_line(text)
    quantity = None if found[2] is None else parse_counter_decimal(found[2], what="Quantity", places=3)
    return LineInput(against_line=int(found[1]), quantity=quantity)
