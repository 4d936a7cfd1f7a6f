"""Bring customers, items, invoices and payments in from files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import context, import_match, selection
from invo_cli.commands.flags import takes
from invo_cli.commands.import_options import AllowRate, Batch, File, ImportFlags
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import UsageProblemError

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
DATA_SETS = ("customers", "items", "invoices", "payments")
What = Annotated[
    str,
    typer.Argument(
        parser=lambda word: selection.one_of(word, DATA_SETS, "data set"), metavar="WHAT", help=", ".join(DATA_SETS)
    ),
]


@app.command(
    epilog=examples(
        "invo import customers customers.csv",
        "invo import customers customers.csv --on-error skip --rejects rejects.csv",
        "invo import customers customers.csv --dry-run -o json",
    )
)
@takes(ImportFlags)
def customers(file: File, flags: ImportFlags, dry_run: DryRun = False) -> None:
    """Import customers; known by code, else by GSTIN, else by name and mobile."""
    _run("customers", file, flags, dry_run)


@app.command(epilog=examples("invo import items items.csv", "invo import items - --format csv < items.csv"))
@takes(ImportFlags)
def items(file: File, flags: ImportFlags, dry_run: DryRun = False) -> None:
    """Import parts and labour; known by their codes."""
    _run("items", file, flags, dry_run)


@app.command(
    epilog=examples(
        "invo import invoices invoices.csv --batch books-2025-26",
        "invo import invoices invoices.jsonl --dry-run",
        "invo import invoices - --format csv --allow-rate 'Rates of the old books' < invoices.csv",
    )
)
@takes(ImportFlags)
def invoices(file: File, flags: ImportFlags, allow_rate: AllowRate = None, dry_run: DryRun = False) -> None:
    """Import documents with the numbers they had: a row a line in CSV, an object a document in JSON Lines."""
    _run("invoices", file, flags, dry_run, allow_rate=allow_rate)


@app.command(
    epilog=examples(
        "invo import payments payments.csv",
        "invo import payments statement.csv --match",
        "invo import payments statement.csv --match --book certain --review review.csv",
    )
)
@takes(import_match.PaymentFlags)
def payments(file: File, flags: import_match.PaymentFlags, dry_run: DryRun = False) -> None:
    """Import receipts with the numbers they had; with --match those of a bank statement, and what they pay."""
    import_match.check(flags)
    if flags.match:
        import_match.run(file, flags, dry_run=dry_run)
    else:
        _run("payments", file, flags, dry_run)


@app.command(
    epilog=examples(
        "invo import template customers > customers-new.csv",
        "invo import template invoices --format jsonl",
        "invo import template items --format xlsx > items.xlsx",
    )
)
def template(
    what: What,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="csv, jsonl or xlsx.")] = "csv",
) -> None:
    """Print a file with every column and an example that can be imported as it is."""
    import sys

    from invo_cli.imports import rejects, templates
    from invo_cli.imports.layouts import LAYOUTS

    layout, how = LAYOUTS[what], selection.one_of(format_, ("csv", "jsonl", "xlsx"), "format")
    if how == "xlsx":
        if sys.stdout.isatty():
            raise UsageProblemError("A workbook is not for a terminal.", hint="Write it to a file: > template.xlsx")
        sys.stdout.buffer.write(rejects.workbook(templates.rows(layout)))
    else:
        sys.stdout.write(templates.as_csv(layout) if how == "csv" else templates.as_json_lines(layout))
    sys.stdout.flush()


@app.command("list", epilog=examples("invo import list", "invo import list -o json"))
def list_() -> None:
    """List what was imported, the newest first."""
    from invo_cli.commands.entering import read
    from invo_cli.services.importing import batches
    from invo_cli.views import imports as views

    rows = read(lambda session: [views.as_row(each) for each in batches.search(session, context.business(session))])
    context.show_rows(rows, views.LISTING)


@app.command(epilog=examples("invo import undo customers-1", "invo import undo customers-1 --dry-run"))
def undo(batch: Batch, dry_run: DryRun = False) -> None:
    """Remove exactly what an import made, while nothing else leans on it."""
    from invo_cli.commands.entering import write
    from invo_cli.services.importing import undoing
    from invo_cli.views import imports as views

    context.check_fields(views.LISTING)
    act = context.act()
    context.guard(f"Undo import {batch}?")

    def work(session: Any) -> dict[str, Any]:
        return views.as_row(undoing.undo(session, context.business(session), batch, act=act))

    context.show_record(context.marked(write(work, dry_run=dry_run), dry_run), views.LISTING, views.print_batch)


def _run(what: str, file: str, flags: ImportFlags, dry_run: bool, allow_rate: str | None = None) -> None:
    from invo_cli.commands import import_running

    import_running.run(what, file, flags, dry_run=dry_run, allow_rate=allow_rate)
