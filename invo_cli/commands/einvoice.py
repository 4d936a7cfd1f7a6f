"""E-invoices: the file for the portal, its answers, what is due."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, parsers, selection
from invo_cli.commands.einvoice_answers import cancel, record
from invo_cli.commands.parsers import examples
from invo_cli.commands.portal_files import Force, Out, Pretty, put, refuse_problems
from invo_cli.errors import InvalidError, UsageProblemError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.services.einvoicing.building import Built

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
TYPES = ("INV", "CRN", "DBN")
NUMBER_RULE = "[A-Za-z1-9][A-Za-z0-9/-]{0,15}"


def _type(text: str) -> str:
    return selection.one_of(text.strip().upper(), TYPES, "type of document")


@app.command(
    epilog=examples(
        "invo einvoice build INV/26-27/0017 --out einvoice.json",
        "invo einvoice build --period 2026-10 --out einvoices.json --force",
        "invo einvoice build INV/26-27/0017 --pretty",
    )
)
def build(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NUMBER...", help="- reads them from stdin.")] = None,
    period: selection.Within = None,
    out: Out = "-",
    pretty: Pretty = False,
    force: Force = False,
) -> None:
    """Write the bulk file (INV-01) of documents, or of all of a period that are still to be reported."""
    from invo_cli.views.einvoices import BUILT

    context.check_fields(BUILT)
    found = _built(numbers, period)
    if not found:
        remarks.note("Nothing is to be reported.")
        return
    refuse_problems([(each.row["number"], problem) for each in found for problem in each.problems])
    put([each.content for each in found], [each.row for each in found], BUILT, out=out, force=force, pretty=pretty)


def _built(numbers: list[str] | None, period: Any) -> list[Built]:
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services.einvoicing import building, standing

    if bool(numbers) == (period is not None):
        raise UsageProblemError("Say which documents to report.", hint="Name them, or give --period.")
    today, names = clock.today(), context.each_line(numbers or [])

    def work(session: Session) -> tuple[list[Built], list[str], bool]:
        business = context.business(session)
        found, late = (
            (building.of_numbers(session, business, names, today=today), [])
            if period is None
            else building.of_period(session, business, period.first, period.last, today=today)
        )
        return found, late, standing.begins(business, today) is not None

    found, late, is_due = read(work)
    for doubt in late:
        remarks.warn(doubt)
    if not is_due:
        remarks.warn("The business reports no e-invoices yet. From when it does: invo business edit --einvoice-from")
    return found


@app.command(epilog=examples("invo einvoice validate october.json", "invo einvoice validate - < october.json"))
def validate(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One e-invoice, or a bulk file.")],
) -> None:
    """Judge a file as the portal does, without a database; exit status 3 when it would be refused."""
    from invo_cli import clock
    from invo_cli.gst.einvoice import validation, wire
    from invo_cli.gst.einvoice.problems import Severity
    from invo_cli.views.einvoices import PROBLEMS

    content, today = wire.read(context.read_text(file)), clock.today()
    if content == []:
        raise InvalidError("The file holds no e-invoice.", hint="A bulk file is a list of e-invoices.")
    is_bulk = isinstance(content, list)
    found = validation.bulk_problems(content, today=today) if is_bulk else validation.problems(content, today=today)
    context.show_rows([problem.as_dict() for problem in found], PROBLEMS)
    stopping = [problem for problem in found if problem.severity is Severity.REFUSE]
    if stopping:
        first = stopping[0]
        summary = f"{len(stopping)} problem{'s' * (len(stopping) > 1)}; the first: {first.path}: {first.message}"
        raise InvalidError(summary, hint=first.hint)
    count = len(content) if is_bulk else 1
    remarks.note(f"{count} e-invoice{'s' * (count > 1)}: the portal would take {'them' if count > 1 else 'it'}.")


@app.command(
    epilog=examples(
        "invo einvoice irn --gstin 29AAGCB7383J1Z4 --date 2026-10-05 --type INV --number INV/26-27/0017",
        "invo einvoice irn --gstin 29AAGCB7383J1Z4 --date 2026-10-05 --type CRN --number CN/26-27/0001 -o json",
    )
)
def irn(
    gstin: Annotated[str, typer.Option("--gstin", metavar="GSTIN", help="Of the seller; any 15 characters.")],
    on: Annotated[date, typer.Option("--date", parser=parsers.day, metavar="DATE", help="Of the document.")],
    type_: Annotated[str, typer.Option("--type", parser=_type, metavar="TYPE", help="INV, CRN or DBN.")],
    number: Annotated[str, typer.Option("--number", metavar="NUMBER", help="Of the document.")],
) -> None:
    """Compute the reference number (IRN) that the portal gives a document, without a database."""
    from invo_cli.gst.einvoice.irn import DocumentType
    from invo_cli.gst.einvoice.irn import irn as computed
    from invo_cli.settings import get_settings
    from invo_cli.views.einvoices import IRN, print_irn
    from invo_cli.views.listing import resolved_format

    seller, called = _seller(gstin), _number(number)
    row = {"irn": computed(seller, on, DocumentType(type_), called)}
    row |= {"gstin": seller, "date": on.isoformat(), "type": type_, "number": called}
    if resolved_format(get_settings().output) == "plain":
        context.show_rows([row], IRN)
    else:
        context.show_record(row, IRN, print_irn)


def _seller(text: str) -> str:
    """Fifteen characters in capitals; what is wrong with them as a GSTIN is only said."""
    from invo_cli.gst.gstin import Gstin
    from invo_cli.gst.text import quoted

    gstin = text.strip().upper()
    if len(gstin) != 15 or not gstin.isprintable():
        raise InvalidError(f"{quoted(text)} has not 15 characters.", hint="Write the GSTIN of the seller.")
    try:
        Gstin.parse(gstin)
    except InvalidError as doubt:
        remarks.warn(doubt.message)
    return gstin


def _number(text: str) -> str:
    import re

    from invo_cli.gst.text import quoted

    number = text.strip()
    if not re.fullmatch(NUMBER_RULE, number):
        raise InvalidError(
            f"The portal takes no number {quoted(text)}.",
            hint="1 to 16 letters, digits, / and -, and neither 0, / nor - in front.",
        )
    return number


@app.command(epilog=examples("invo einvoice due", "invo einvoice due -o json"))
def due() -> None:
    """List what is still to be reported, the oldest first, with the days left where the portal counts 30."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services.einvoicing import pending, standing
    from invo_cli.views.einvoices import DUE

    context.check_fields(DUE)
    today = clock.today()

    def work(session: Session) -> tuple[list[dict[str, Any]], Any]:
        business = context.business(session)
        return pending.due(session, business, today=today), standing.begins(business, today)

    rows, begins = read(work)
    context.show_rows(rows, DUE)
    if begins is None:
        remarks.note("The business reports no e-invoices. From when it does: invo business edit --einvoice-from")
    late = sum(row["days_left"] is not None and row["days_left"] < 0 for row in rows)
    if late:
        remarks.warn(f"{late} can be reported no more: their 30 days are over.")


@app.command(epilog=examples("invo einvoice show INV/26-27/0017", "invo einvoice show INV/26-27/0017 -o json"))
def show(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Number or id of the document.")],
) -> None:
    """Show how one document stands with the portals: IRN, acknowledgement, tokens, e-way bills."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services import invoice_lookup
    from invo_cli.services.einvoicing import rows
    from invo_cli.views.einvoices import LISTING, print_page

    today = clock.today()

    def work(session: Session) -> dict[str, Any]:
        business = context.business(session)
        return rows.show(session, business, invoice_lookup.get(session, business, number), today=today)

    context.check_fields(LISTING)
    context.show_record(read(work), LISTING, print_page)


app.command(epilog=examples("invo einvoice record answer.json", "invo einvoice record answer.json --dry-run -o json"))(
    record
)
app.command(
    epilog=examples(
        'invo einvoice cancel INV/26-27/0018 --code 2 --remark "Wrong price" --at "2026-10-05 11:30"',
        "invo einvoice cancel INV/26-27/0018 --code order-cancelled --remark 'Not wanted' --dry-run",
    )
)(cancel)
