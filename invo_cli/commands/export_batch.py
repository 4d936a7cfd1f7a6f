"""The batches of an export job: what each held, and the same bytes again."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands import context, export_writing, job_running
from invo_cli.commands.export_job import Name, found
from invo_cli.commands.parsers import examples
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
Number = Annotated[int, typer.Argument(metavar="N", min=1, help="The number of the batch.")]


@app.command("list", epilog=examples("invo export batch list nightly", "invo export batch list nightly -o json"))
def list_(job: Name) -> None:
    """List the batches of a job in order."""
    from invo_cli.commands.entering import read
    from invo_cli.services.export_jobs import batches
    from invo_cli.views.export_jobs import BATCHES

    context.show_rows(read(lambda session: batches.search(session, found(session, job))), BATCHES)


@app.command(epilog=examples("invo export batch show nightly 1", "invo export batch show nightly 1 -o json"))
def show(job: Name, number: Number) -> None:
    """Show the manifest of a batch: rows, totals, events and SHA-256."""
    from invo_cli.commands.entering import read
    from invo_cli.services.export_jobs import batches
    from invo_cli.views.export_jobs import BATCHES, print_batch

    row = read(lambda session: batches.shown(session, found(session, job), number))
    context.show_record(row, BATCHES, print_batch)


@app.command(
    epilog=examples(
        "invo export batch replay nightly 1 --out again.jsonl --force", "invo export batch replay nightly 1 | head -1"
    )
)
def replay(
    job: Name,
    number: Number,
    out: Annotated[str, typer.Option(metavar="FILE", help="The file to write; - is standard output.")] = "-",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a batch again, byte for byte; the job goes on from where it is."""
    from invo_cli.commands.entering import read
    from invo_cli.commands.job_delivery import stored
    from invo_cli.exports import batch_files
    from invo_cli.services.export_jobs import batches
    from invo_cli.services.export_jobs.steps import Key

    act = context.act()
    key = read(lambda session: Key(found(session, job).business_id, job))
    row = read(lambda session: batches.shown(session, found(session, job), number))
    proven = batch_files.proven(stored(key, number), row["sha256"], f"batch {number} of {job}")
    batch_files.write(out, proven, force=force)
    export_writing.note(act, [(row["data_set"], job_running.told(row, out))])
    remarks.note(f"Batch {number} of {job} was written again: {row['rows']} rows, {row['bytes']} bytes.")
