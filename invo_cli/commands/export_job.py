"""Named incremental exports: each run writes what has changed since the run before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli.commands import context
from invo_cli.commands.export_options import DocumentFlags
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import UsageProblemError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.models import ExportJob

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
RUNS_SHOWN = 10
Name = Annotated[str, typer.Argument(metavar="JOB")]


@app.command(
    epilog=examples(
        "invo export job create weekly invoices --format jsonl --out weekly.jsonl",
        "invo export job create ledger payments --out . --compress gz --keep 14d",
        "invo export job create people users --dry-run",
    )
)
@takes(DocumentFlags)
def create(
    name: Name,
    data_set: Annotated[str, typer.Argument(metavar="DATASET", help="invoices, lines, customers and so on.")],
    flags: DocumentFlags,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="What `run` writes: a file, or a folder that collects batches.")
    ] = None,
    keep: Annotated[
        str | None, typer.Option(metavar="N|Nd", help="For how many batches or days they can be replayed: 30, 14d.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make a job; its first run writes everything there is."""
    from invo_cli.commands import job_options, job_running
    from invo_cli.commands.entering import write
    from invo_cli.services.export_jobs import batches, jobs
    from invo_cli.services.export_jobs.steps import Key
    from invo_cli.services.exporting import catalogue

    if flags.since_last or flags.quiet_if_empty or flags.force:
        raise UsageProblemError("That is said to a run, not to a job.", hint="See: invo export job run --help")
    found, act = catalogue.get(data_set), context.act()
    settings = dict(job_options.given(found, flags, _absolute(out)))
    settings |= {"manifest": _absolute(flags.manifest), "keep": keep and batches.checked_keep(keep)}
    checked = jobs.checked_name(name)
    row = write(
        lambda session: job_running.made(
            session, Key(job_running.book(session, data_set), checked), data_set, settings, act
        ),
        dry_run=dry_run,
    )
    _show(context.marked(row, dry_run))


@app.command("list", epilog=examples("invo export job list", "invo export job list --business all -o json"))
def list_() -> None:
    """List the jobs, by name, with what came of their last runs."""
    from invo_cli.commands.entering import read
    from invo_cli.services.export_jobs import jobs
    from invo_cli.views.export_jobs import JOBS

    rows = read(lambda session: [jobs.as_row(session, job) for job in jobs.search(session, _books(session))])
    context.show_rows(rows, JOBS)


@app.command(epilog=examples("invo export job show nightly", "invo export job show nightly -o json"))
def show(name: Name) -> None:
    """Show a job: its settings, how far it has read, and its last runs."""
    from invo_cli.commands.entering import read
    from invo_cli.services.export_jobs import jobs, runs

    def work(session: Session) -> dict[str, object]:
        job = found(session, name)
        return jobs.as_row(session, job) | {"runs": runs.search(session, job, RUNS_SHOWN)}

    _show(read(work))


@app.command(
    epilog=examples(
        "invo export job run weekly",
        "invo export job run weekly --quiet-if-empty",
        "invo export job run weekly --out other.jsonl --manifest other.json",
        "invo export job run weekly --dry-run",
    )
)
def run(
    name: Name,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there; left out: as the job says.")] = None,
    manifest: Annotated[str | None, typer.Option(metavar="FILE", help="Write the manifest there.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is not of this job.")] = False,
    quiet_if_empty: Annotated[
        bool, typer.Option("--quiet-if-empty", help="When nothing changed, write and say nothing.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Write what has changed since the last run; the batch again that the last run could not deliver."""
    from invo_cli.commands import job_running
    from invo_cli.commands.entering import read
    from invo_cli.services.export_jobs.steps import Key

    key = read(lambda session: Key(found(session, name).business_id, name))
    manner = job_running.Manner(force=force, quiet_if_empty=quiet_if_empty, dry_run=dry_run)
    job_running.run(key, {"out": out, "manifest": manifest}, manner)


@app.command(epilog=examples("invo export job delete nightly --yes", "invo export job delete nightly --yes --dry-run"))
def delete(name: Name, dry_run: DryRun = False) -> None:
    """Delete a job with its cursor, batches and ledger; a new one of the name begins with everything."""
    from invo_cli.commands.entering import read, write
    from invo_cli.db import job_locks
    from invo_cli.services.export_jobs import jobs

    act = context.act()
    row = read(lambda session: jobs.as_row(session, found(session, name)))
    book = read(lambda session: found(session, name).business_id)
    if not dry_run:
        context.confirm(f"Delete the job {name} and its batches?")
    with job_locks.held(name, book, jobs.row_of(book, name)):
        pass
    write(lambda session: jobs.remove(session, found(session, name), act=act), dry_run=dry_run)
    _show(context.marked(row, dry_run))


def found(session: Session, name: str) -> ExportJob:
    """The job of this name: of the business of this run, else of the system."""
    from invo_cli.services.export_jobs import jobs

    return jobs.get(session, _books(session), name)


def _books(session: Session) -> list[int]:
    from invo_cli.commands import job_running
    from invo_cli.services import books

    return list(dict.fromkeys([job_running.book(session, None), books.SYSTEM]))


def _absolute(path: str | None) -> str | None:
    """A path that means the same wherever a later run stands."""
    return path if path is None or path == "-" else str(Path(path).absolute())


def _show(row: dict[str, object]) -> None:
    from invo_cli.views.export_jobs import JOBS, print_job

    context.show_record(row, JOBS, print_job)
