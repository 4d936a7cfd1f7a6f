"""E-way bills: the file for the portal, and its answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, parsers, selection
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.portal_files import Force, Out, Pretty, put, refuse_problems, tell
from invo_cli.errors import InvoError, UsageProblemError
from invo_cli.gst.eway import journey
from invo_cli.gst.eway.journey import Journey
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


def _mode(text: str) -> str:
    return selection.one_of(text.strip().lower(), tuple(journey.MODES), "mode of transport")


def _code(text: str) -> int:
    from invo_cli.gst.einvoice.scope import reason_code
    from invo_cli.gst.eway.scope import CANCEL_REASONS

    return reason_code(text, CANCEL_REASONS)


def _bill(text: str) -> str:
    from invo_cli.portal.eway_bills import check_number

    return check_number(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyFlags:
    """How the goods travel; what is left out is taken from the document."""

    mode: Annotated[
        str | None, typer.Option("--mode", parser=_mode, metavar="MODE", help="road, rail, air or ship.")
    ] = None
    distance_km: Annotated[
        int | None,
        typer.Option("--distance", parser=journey.distance, metavar="KM", help="0 lets the portal measure it."),
    ] = None
    vehicle: Annotated[
        str | None, typer.Option("--vehicle", parser=journey.vehicle_number, metavar="NUMBER", help="KA01AB1234.")
    ] = None
    is_over_dimensional: Annotated[bool, typer.Option("--over-dimensional", help="Over-dimensional cargo.")] = False
    transporter_id: Annotated[
        str | None,
        typer.Option("--transporter", parser=journey.transporter_id, metavar="ID", help="GSTIN or TRANSIN."),
    ] = None
    transporter_name: Annotated[str | None, typer.Option("--transporter-name", metavar="NAME")] = None
    document: Annotated[
        str | None,
        typer.Option(
            "--document",
            parser=journey.carriers_paper,
            metavar="NUMBER",
            help="Of the carrier: lorry receipt, railway receipt.",
        ),
    ] = None
    document_date: Annotated[
        date | None, typer.Option("--document-date", parser=parsers.day, metavar="DATE", help="Of the carrier's paper.")
    ] = None


@app.command(
    epilog=examples(
        "invo eway build INV/26-27/0017 --vehicle KA01AB1234 --distance 840 --out eway.json",
        "invo eway build INV/26-27/0017 --transporter 29AAFCA7488L1Z0 --pretty",
    )
)
@takes(JourneyFlags)
def build(
    flags: JourneyFlags,
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="- reads them from stdin.")],
    out: Out = "-",
    pretty: Pretty = False,
    force: Force = False,
) -> None:
    """Write the portal's bulk file with the e-way bills of documents with goods."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.gst.eway.building import bulk
    from invo_cli.services.einvoicing import eway
    from invo_cli.views.einvoices import EWAY_BUILT

    context.check_fields(EWAY_BUILT)
    names, today = context.each_line(numbers), clock.today()
    travels = Journey(**asdict(flags) | {"distance_km": flags.distance_km or 0})
    found = read(lambda session: eway.bills(session, context.business(session), names, travels, today=today))
    refuse_problems([(each.row["number"], problem) for each in found for problem in each.problems])
    for each in found:
        for doubt in each.warnings:
            remarks.warn(doubt)
    content = bulk([each.content for each in found])
    put(content, [each.row for each in found], EWAY_BUILT, out=out, force=force, pretty=pretty)


@app.command(
    epilog=examples(
        "invo eway record eway-answer.json",
        "invo eway record --number 331001234569 --invoice INV/26-27/0017 --date 2026-10-05 --valid-until 2026-10-10",
    )
)
def record(
    file: Annotated[str | None, typer.Argument(metavar="FILE|-", help="What the portal answered.")] = None,
    number: Annotated[str | None, typer.Option("--number", parser=_bill, metavar="EWB", help="Twelve digits.")] = None,
    invoice: Annotated[str | None, typer.Option("--invoice", metavar="NUMBER", help="Its document.")] = None,
    on: Annotated[
        date | None, typer.Option("--date", parser=parsers.day, metavar="DATE", help="When the portal made it.")
    ] = None,
    valid_until: Annotated[
        date | None, typer.Option("--valid-until", parser=parsers.day, metavar="DATE", help="Its last day.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record e-way bills that the portal made, from its file or by hand."""
    from invo_cli.commands.entering import write
    from invo_cli.services.einvoicing import eway
    from invo_cli.views.einvoices import EWAY, print_bill

    act = context.act()
    context.check_fields(EWAY)
    answers = _answers(file, number, invoice, on, valid_until)

    def work(session: Session) -> tuple[list[dict[str, Any]], list[InvoError]]:
        return eway.record(session, context.business(session), answers, act=act)

    rows, refusals = write(work, dry_run=dry_run)
    tell(rows, refusals, EWAY, print_bill, dry_run=dry_run)


def _answers(
    file: str | None, number: str | None, invoice: str | None, on: date | None, valid_until: date | None
) -> list[Any]:
    """What is to be recorded: from the file, or the one bill that the options describe."""
    from invo_cli.errors import InvalidError
    from invo_cli.portal import eway_bills
    from invo_cli.services.einvoicing.eway import Answer

    if file is None and number is not None and invoice is not None and on is not None:
        return [Answer(number=number, invoice=invoice, generated_on=on, valid_until=valid_until)]
    if file is None or any((number, invoice, on, valid_until)):
        raise UsageProblemError(
            "Say what to record.", hint="Name the portal's file, or give --number, --invoice and --date."
        )
    found = eway_bills.read(context.read_text(file))
    return [each if isinstance(each, InvalidError) else Answer(**asdict(each)) for each in found]


@app.command(
    epilog=examples(
        "invo eway cancel 331001234567 --code 3",
        "invo eway cancel 331001234567 --code order-cancelled --date 2026-10-05 --dry-run",
    )
)
def cancel(
    number: Annotated[str, typer.Argument(parser=_bill, metavar="EWB", help="Twelve digits.")],
    code: Annotated[
        int,
        typer.Option(
            "--code",
            parser=_code,
            metavar="CODE",
            help="1 duplicate, 2 order-cancelled, 3 data-entry-mistake, 4 others.",
        ),
    ],
    on: Annotated[
        date | None, typer.Option("--date", parser=parsers.day, metavar="DATE", help="When; left out: today.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record that an e-way bill was cancelled on the portal, within 24 hours."""
    from invo_cli.commands.entering import write
    from invo_cli.services.einvoicing import eway
    from invo_cli.views.einvoices import EWAY, print_bill

    act = context.act()
    context.check_fields(EWAY)
    row = write(
        lambda session: eway.cancel(session, context.business(session), number, act=act, on=on or act.today, code=code),
        dry_run=dry_run,
    )
    context.show_record(context.marked(row, dry_run), EWAY, print_bill)


@app.command("list", epilog=examples("invo eway list", "invo eway list --invoice INV/26-27/0017 -o json"))
def list_(
    invoice: Annotated[str | None, typer.Option("--invoice", metavar="NUMBER", help="Of one document.")] = None,
) -> None:
    """List the recorded e-way bills, the newest first."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services.einvoicing import eway
    from invo_cli.views.einvoices import EWAY

    context.check_fields(EWAY)
    today = clock.today()
    rows = read(lambda session: eway.search(session, context.business(session), today=today, name=invoice))
    context.show_rows(rows, EWAY)
