"""Lines for cron and units for systemd: what should run by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import examples
from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.gst.text import nearest, quoted
from invo_cli.options import current
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.commands.schedule_jobs import Job, Surroundings

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
printing = typer.Typer(
    help="Print what cron or systemd needs; nothing is installed.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.add_typer(printing, name="print")
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="JOB", help="backup, remind, verify, metrics, or an export job; left out: all."),
]
Tokens = Annotated[
    Path | None,
    typer.Option("--tokens", metavar="DIR", help="Folder with a token for each role; default INVO_HOME/tokens."),
]
MetricsFile = Annotated[
    Path,
    typer.Option("--metrics-file", metavar="FILE", help="What node_exporter's textfile collector reads."),
]
USUAL_METRICS = Path("/var/lib/prometheus/node-exporter/invo.prom")


@printing.command(
    epilog=examples(
        "invo schedule print cron",
        "invo schedule print cron backup remind",
        "invo schedule print cron verify metrics --metrics-file /srv/metrics/invo.prom",
    )
)
def cron(names: Names = None, tokens: Tokens = None, metrics_file: MetricsFile = USUAL_METRICS) -> None:
    """Print the lines of a crontab: add them to your own with `crontab -e`."""
    from invo_cli.commands import schedule_cron
    from invo_cli.views import scripts

    scripts.show(schedule_cron.lines(_jobs(names or [], metrics_file), _surroundings(tokens)))


@printing.command(
    epilog=examples(
        "invo schedule print systemd",
        "invo schedule print systemd backup verify --out .",
        "invo schedule print systemd metrics --tokens /etc/invo/tokens",
    )
)
def systemd(
    names: Names = None,
    tokens: Tokens = None,
    metrics_file: MetricsFile = USUAL_METRICS,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the files there instead.")] = None,
) -> None:
    """Print a service and a timer for each job, under the names of their files."""
    from invo_cli.commands import schedule_systemd
    from invo_cli.views import scripts

    units = schedule_systemd.units(_jobs(names or [], metrics_file), _surroundings(tokens))
    if out is None:
        scripts.show_files(units)
        return
    from invo_cli.exports import files

    for name, lines in units.items():
        files.store(out / name, scripts.text(lines).encode(), force=True)
    remarks.note(f"Wrote {len(units)} files. Then: systemctl daemon-reload, and systemctl enable --now for each timer.")


def _jobs(names: list[str], metrics_file: Path) -> list[Job]:
    """The jobs wanted, each once; an export job is looked up, those of the program are known without the database."""
    from invo_cli.commands import schedule_jobs

    own = {job.name: job for job in schedule_jobs.of_the_program(metrics_file.absolute())}
    if not names:
        return [*schedule_jobs.exports(_export_jobs(unwritten=True)), *own.values()]
    wanted = list(dict.fromkeys(names))
    known = {} if own.keys() >= set(wanted) else {job.name: job for job in schedule_jobs.exports(_export_jobs())}
    return [_found(name, own | {name: job for name, job in known.items() if name not in own}) for name in wanted]


def _found(name: str, known: dict[str, Job]) -> Job:
    if name not in known:
        near = nearest(name, known)
        raise NotFoundError(
            f"There is no job {quoted(name)}.", hint=f"Did you mean {near}?" if near else f"Jobs: {', '.join(known)}."
        )
    if known[name].problem:
        raise InvalidError(f"{name} {known[name].problem}.", hint=f"Make it with --out: invo export job create {name}")
    return known[name]


def _export_jobs(*, unwritten: bool = False) -> list[dict[str, object]]:
    """The export jobs of this run's business and of the system; with `unwritten` without those that write nowhere."""
    from invo_cli.commands import job_running
    from invo_cli.commands.entering import read
    from invo_cli.services import books
    from invo_cli.services.export_jobs import jobs

    def rows(session: Session) -> list[dict[str, object]]:
        places = list(dict.fromkeys([job_running.book(session, None), books.SYSTEM]))
        return [
            {"name": job.name, "business": code_of(session, job.business_id), "out": jobs.settings_of(job).out}
            for job in jobs.search(session, places)
        ]

    def code_of(session: Session, number: int) -> str | None:
        return None if number == books.SYSTEM else context.business(session).code

    found = read(rows)
    silent = [row["name"] for row in found if unwritten and row["out"] is None]
    if silent:
        remarks.note(f"Left out, since they say nowhere where they write: {', '.join(map(str, silent))}.")
    return [row for row in found if row["name"] not in silent]


def _surroundings(tokens: Path | None) -> Surroundings:
    from invo_cli.commands import schedule_jobs
    from invo_cli.settings import load

    if load(current.get())[1]["database_url"] == "environment":
        remarks.warn("The database URL of this shell is not copied: keep it with `invo config set database_url URL`.")
    return schedule_jobs.surroundings(tokens)
