"""The official list of HSN and SAC codes: load it, search it, show a code."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any

import typer

from invo_cli.commands import context, selection
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import PartialError
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
NAMED = 20
"""How many rows that were refused are named one by one."""


@app.command(
    "import",
    epilog=examples(
        "invo hsn import hsn.csv", "invo hsn import hsn.csv --dry-run -o json", "invo hsn import - < hsn.csv"
    ),
)
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The official list as xlsx, csv or json.")],
    dry_run: DryRun = False,
) -> None:
    """Load the list the GST portal offers, or a newer one: codes are added and updated, none is removed."""
    from invo_cli.commands.entering import write
    from invo_cli.imports import hsn_list, sources
    from invo_cli.services import hsn
    from invo_cli.views.hsn import COUNTS, print_counts

    context.check_fields(COUNTS)
    act = context.act()
    with sources.opened(file, None, BytesIO(context.read_bytes(file)) if file == "-" else None) as source:
        found = hsn_list.read(source)
    counts = write(
        lambda session: hsn.load(session, found.codes, act=act, source=file, sha256=source.sha256), dry_run=dry_run
    )
    row: dict[str, Any] = {"read": found.read, **counts, "repaired": found.repaired, "refused": len(found.refused)}
    context.show_record(context.marked(row, dry_run), COUNTS, print_counts)
    _tell_refused(found.refused)


@app.command(
    epilog=examples(
        "invo hsn search repair telephone", "invo hsn search 8517 --limit 10", "invo hsn search screen -o csv"
    )
)
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="Words, or how the code begins.")],
    limit: selection.Limit = None,
    everything: selection.All = False,
) -> None:
    """Search codes by how they begin and by the words of their description, the best match first."""
    from invo_cli.commands.entering import read
    from invo_cli.services import hsn
    from invo_cli.views.hsn import LISTING, as_row

    rows = context.page_limit(limit, everything)
    wanted = None if rows is None else rows + 1
    found = read(lambda session: hsn.search(session, words, limit=wanted))
    context.show_rows([as_row(each) for each in found[:rows]], LISTING)
    if rows is not None and len(found) > rows:
        remarks.note(f"Showing {rows}; there are more: add a word, or --all.")


@app.command(epilog=examples("invo hsn show 998716", "invo hsn show 85177090 -o json"))
def show(code: Annotated[str, typer.Argument(metavar="CODE")]) -> None:
    """Show a code with its description and the chapter, heading and sub-heading it belongs to."""
    from invo_cli.commands.entering import read
    from invo_cli.services import hsn
    from invo_cli.views.hsn import LISTING, as_row, print_page

    context.show_record(as_row(read(lambda session: hsn.get(session, code))), LISTING, print_page)


def _tell_refused(refused: list[str]) -> None:
    """Name the rows that were left out; the others are loaded."""
    for sentence in refused[:NAMED]:
        remarks.warn(sentence)
    if len(refused) > NAMED:
        remarks.warn(f"… and {len(refused) - NAMED} more rows.")
    if refused:
        raise PartialError(
            f"{len(refused)} rows were left out; the others are loaded.", hint="Correct them and load the list again."
        )
