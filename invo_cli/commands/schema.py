"""What each field of the exports means."""

from __future__ import annotations

from typing import Annotated

import typer

from invo_cli.commands.parsers import examples

app = typer.Typer(help=__doc__, add_completion=False, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "invo schema",
        "invo schema export.invoices",
        "invo schema export.lines -o json",
        "invo schema export.payments --fields name,kind -o csv",
    )
)
def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Such as export.invoices; left out: what there is.")
    ] = None,
) -> None:
    """List the fields of a data set with their kind and meaning, or the data sets."""
    from invo_cli.commands import context
    from invo_cli.services.exporting import catalogue
    from invo_cli.views import data_sets

    if name is None:
        sets = catalogue.DATA_SETS.values()
        context.show_rows(
            [data_sets.summary(f"export.{each.name}", each.meaning, each.keys) for each in sets], data_sets.LISTING
        )
        return
    data_set = catalogue.get(name.removeprefix("export."))
    context.show_rows([data_sets.as_row(field) for field in data_set.fields], data_sets.FIELDS)
