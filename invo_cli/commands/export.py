"""Write data sets to files."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands import export_batch, export_job, job_options
from invo_cli.commands.export_options import (
    AllocationFlags,
    DocumentFlags,
    EverythingFlags,
    Folder,
    FormFlags,
    MasterFlags,
    Out,
    PaymentFlags,
    TrailFlags,
)
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import examples

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def export() -> None:
    """Write data sets to files: complete or not at all, one moment of the books, at the speed of the database.

    What each field means: invo schema export.invoices. Every business at once: --business all.
    """


@app.command(
    epilog=examples(
        "invo export invoices --out documents.csv",
        "invo export invoices --period last-month --format jsonl",
        "invo export invoices --status issued --fields number,date,total --out issued.csv.gz --force",
        "invo export invoices --since-last nightly --format jsonl --out changes.jsonl --manifest changes.json",
    )
)
@takes(DocumentFlags)
def invoices(flags: DocumentFlags, out: Out = "-") -> None:
    """Write the documents, one row each, by date and document number."""
    _run("invoices", flags, out)


@app.command(
    epilog=examples(
        "invo export lines --period 2026-10 --out lines.csv",
        "invo export lines --status issued --fields number,line,hsn,taxable_value,gst_rate",
    )
)
@takes(DocumentFlags)
def lines(flags: DocumentFlags, out: Out = "-") -> None:
    """Write the lines of documents, one row each, by date, document number and line."""
    _run("lines", flags, out)


@app.command(
    epilog=examples(
        "invo export customers --out buyers.csv",
        "invo export customers --include deleted --format jsonl --fields code,name,merged_into",
    )
)
@takes(MasterFlags)
def customers(flags: MasterFlags, out: Out = "-") -> None:
    """Write the customers by code."""
    _run("customers", flags, out)


@app.command(
    epilog=examples("invo export items --out prices.tsv", "invo export items --fields code,name,unit_price,gst_rate")
)
@takes(MasterFlags)
def items(flags: MasterFlags, out: Out = "-") -> None:
    """Write the items by code."""
    _run("items", flags, out)


@app.command(
    epilog=examples(
        "invo export payments --period this-month --out receipts.csv",
        "invo export payments --status live --fields number,date,customer_code,amount,unallocated",
    )
)
@takes(PaymentFlags)
def payments(flags: PaymentFlags, out: Out = "-") -> None:
    """Write receipts, advances and refunds by date and number."""
    _run("payments", flags, out)


@app.command(epilog=examples("invo export allocations --out allocations.csv", "invo export allocations --status live"))
@takes(AllocationFlags)
def allocations(flags: AllocationFlags, out: Out = "-") -> None:
    """Write what payments and credit notes are set against, by date."""
    _run("allocations", flags, out)


@app.command(
    epilog=examples("invo export audit --out audit.jsonl.gz", "invo export audit --period yesterday --format jsonl")
)
@takes(TrailFlags)
def audit(flags: TrailFlags, out: Out = "-") -> None:
    """Write the audit events in order; personal values stay digests."""
    _run("audit", flags, out)


@app.command(epilog=examples("invo export users --out users.csv", "invo export users --format jsonl"))
@takes(MasterFlags)
def users(flags: MasterFlags, out: Out = "-") -> None:
    """Write the people who work with invo by name; never a password."""
    _run("users", flags, out)


@app.command(
    "all",
    epilog=examples(
        "invo export all --out . --force",
        "invo export all --out . --only invoices,lines,payments --period fy26-27 --format jsonl --compress gz --force",
        "invo export all --out . --manifest export.json --force --business all",
    ),
)
@takes(EverythingFlags)
def all_(
    flags: EverythingFlags,
    out: Folder,
    only: Annotated[str | None, typer.Option(metavar="A,B", help="Only these data sets.")] = None,
) -> None:
    """Write every data set, each to a file of its own, all of the same moment."""
    from invo_cli.commands import export_writing

    export_writing.run_all(only, flags, out)


def _run(name: str, flags: FormFlags, out: str) -> None:
    if job_options.is_since_last(flags):
        job_options.run(name, flags, out)
        return
    from invo_cli.commands import export_writing

    export_writing.run(name, flags, out)


app.add_typer(export_job.app, name="job")
app.add_typer(export_batch.app, name="batch")
