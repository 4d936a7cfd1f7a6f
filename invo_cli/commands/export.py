"""Write data sets to files."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands import selection
from invo_cli.commands.parsers import examples

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
STATUSES = ("draft", "issued", "cancelled", "amended")

FormatOption = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="csv or jsonl; left out: as the name of the file says.")
]
Out = Annotated[str, typer.Option(metavar="FILE", help="The file to write; - is standard output.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]


@app.callback()
def export() -> None:
    """Write data sets to files."""


@app.command(
    epilog=examples(
        "invo export invoices --out invoices.csv",
        "invo export invoices --period last-month --format jsonl",
        "invo export invoices --status issued --fields number,date,total --out issued.csv --force",
        "invo export invoices --include deleted | head -1",
    )
)
def invoices(
    out: Out = "-",
    format_: FormatOption = None,
    period: selection.Within = None,
    first: selection.From = None,
    last: selection.To = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="STATUS", help=f"{', '.join(STATUSES)}; repeat for several.")
    ] = None,
    include: Annotated[str | None, typer.Option(metavar="deleted", help="Deleted documents too.")] = None,
    force: Force = False,
) -> None:
    """Write the documents, one row each, by date and document number."""
    from invo_cli.commands import context
    from invo_cli.db.session import stream
    from invo_cli.exports import files, formats
    from invo_cli.options import current
    from invo_cli.services import exporting
    from invo_cli.views import remarks

    how = formats.chosen(format_, out, usual=current.get().output)
    fields = exporting.chosen(exporting.INVOICES, current.get().fields)
    first, last = selection.days(period, first, last)
    wanted = exporting.Wanted(
        statuses=tuple(selection.one_of(word, STATUSES, "status") for word in status or ()),
        first=first,
        last=last,
        deleted=include is not None and bool(selection.one_of(include, ("deleted",), "kind of document to include")),
    )
    rows = stream(lambda session: exporting.invoices(session, context.business(session), wanted, fields), patient=True)
    with files.destination(out, force=force) as target:
        count = formats.write(how, rows, fields, target)
    remarks.note(f"Exported {count} invoices{'' if out == '-' else f' to {out}'}.")
