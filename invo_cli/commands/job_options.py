"""The options of incremental exports, and the settings of a job that flags stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import selection
from invo_cli.errors import InvalidError, UsageProblemError

if TYPE_CHECKING:
    from invo_cli.commands.export_options import FormFlags
    from invo_cli.services.exporting.declaring import DataSet


@dataclass(frozen=True, kw_only=True)
class SinceFlags:
    """Only what has changed since the last run of a job."""

    since_last: Annotated[
        str | None,
        typer.Option(metavar="JOB", help="Only what changed since the last run of this job; made on first use."),
    ] = None
    quiet_if_empty: Annotated[
        bool, typer.Option("--quiet-if-empty", help="With --since-last: when nothing changed, write and say nothing.")
    ] = False


def is_since_last(flags: FormFlags) -> bool:
    """Whether only what has changed is asked for."""
    since = isinstance(flags, SinceFlags) and flags.since_last is not None
    if getattr(flags, "quiet_if_empty", False) and not since:
        raise UsageProblemError("--quiet-if-empty goes with --since-last.", hint="Leave it out.")
    return since


def run(name: str, flags: Any, out: str) -> None:
    """Export what has changed of a data set."""
    from invo_cli.commands import job_running
    from invo_cli.services.exporting import catalogue

    manner = job_running.Manner(force=flags.force, quiet_if_empty=flags.quiet_if_empty)
    job_running.since_last(flags.since_last, name, given(catalogue.get(name), flags, out), manner)


def given(data_set: DataSet, flags: FormFlags, out: str | None) -> Mapping[str, Any]:
    """The settings of a job that are said by flags, by their names; None is what is not said."""
    from invo_cli.commands.export_options import HiddenFlag
    from invo_cli.commands.report_options import DaysFlags
    from invo_cli.exports import formats
    from invo_cli.options import current

    form = formats.chosen(flags.format_, flags.compress, out or "-")
    endings = Path(out or "-").suffixes
    first, last = flags.days() if isinstance(flags, DaysFlags) else (None, None)
    statuses = tuple(
        selection.one_of(word, data_set.statuses, "status") for word in getattr(flags, "status", None) or ()
    )
    deleted = isinstance(flags, HiddenFlag) and flags.with_deleted
    _refuse_useless(data_set, days=bool(first or last), deleted=deleted)
    return {
        "format": form.format if flags.format_ or any(each[1:].lower() == form.format for each in endings) else None,
        "compress": form.compress,
        "fields": current.get().fields,
        "statuses": statuses or None,
        "first": first,
        "last": last,
        "deleted": deleted or None,
        "raw": flags.raw or None,
        "out": out,
        "manifest": flags.manifest,
    }


def _refuse_useless(data_set: DataSet, *, days: bool, deleted: bool) -> None:
    if days and data_set.day is None:
        raise InvalidError(f"The rows of {data_set.name} have no day.", hint="Leave --period, --from and --to out.")
    if deleted and data_set.hidden is None:
        raise InvalidError(f"Nothing of {data_set.name} is ever deleted.", hint="Leave --include out.")
