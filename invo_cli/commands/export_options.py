"""The options of exports: the file and its form, which rows, and whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from invo_cli.commands import selection
from invo_cli.commands.job_options import SinceFlags
from invo_cli.commands.report_options import DaysFlags

if TYPE_CHECKING:
    from invo_cli.services.exporting.declaring import DataSet
    from invo_cli.services.exporting.selecting import Wanted

Out = Annotated[str, typer.Option(metavar="FILE", help="The file to write, or a folder for it; - is standard output.")]
Folder = Annotated[str, typer.Option(metavar="DIR", help="The folder for the files; it must be there.")]


@dataclass(frozen=True, kw_only=True)
class FormFlags:
    """What the file is like."""

    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv, tsv, jsonl, xlsx or parquet; left out: as the name of the file says.",
        ),
    ] = None
    compress: Annotated[
        str | None, typer.Option(metavar="gz|zst", help="Compress it; left out: as the name of the file says.")
    ] = None
    raw: Annotated[
        bool, typer.Option("--raw", help="No apostrophe before texts that a spreadsheet would take for formulas.")
    ] = False
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False
    manifest: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write rows, totals, watermark, schema and SHA-256 there, as JSON."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class DaysFormFlags(FormFlags, DaysFlags):
    """Rows of certain days too."""


@dataclass(frozen=True, kw_only=True)
class HiddenFlag:
    """Whether deleted records are exported."""

    include: Annotated[str | None, typer.Option(metavar="deleted", help="Deleted ones too.")] = None

    @property
    def with_deleted(self) -> bool:
        """Whether they are."""
        return self.include is not None and bool(selection.one_of(self.include, ("deleted",), "kind of row to include"))


@dataclass(frozen=True, kw_only=True)
class MasterFlags(SinceFlags, HiddenFlag, FormFlags):
    """Of records without days and statuses."""


@dataclass(frozen=True, kw_only=True)
class EverythingFlags(HiddenFlag, DaysFormFlags):
    """Of several data sets at once; the days choose among those that have days."""


@dataclass(frozen=True, kw_only=True)
class DocumentFlags(SinceFlags, EverythingFlags):
    """Of documents and their lines."""

    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help="draft, issued, cancelled, amended; repeat for several.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class PaymentFlags(SinceFlags, DaysFormFlags):
    """Of payments."""

    status: Annotated[list[str] | None, typer.Option(metavar="STATUS", help="live or void.")] = None


@dataclass(frozen=True, kw_only=True)
class TrailFlags(SinceFlags, DaysFormFlags):
    """Of the audit events."""


@dataclass(frozen=True, kw_only=True)
class AllocationFlags(SinceFlags, DaysFormFlags):
    """Of allocations."""

    status: Annotated[list[str] | None, typer.Option(metavar="STATUS", help="live or undone.")] = None


def wanted(data_set: DataSet, flags: FormFlags) -> Wanted:
    """Which rows of a data set the flags choose."""
    from invo_cli.services.exporting.selecting import Wanted

    first, last = flags.days() if isinstance(flags, DaysFormFlags) else (None, None)
    statuses = getattr(flags, "status", None) or ()
    return Wanted(
        statuses=tuple(selection.one_of(word, data_set.statuses, "status") for word in statuses),
        first=first,
        last=last,
        deleted=flags.with_deleted if isinstance(flags, HiddenFlag) else False,
    )
