"""The operator's own registrations, one a GSTIN."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from invo_cli.commands import business_options as options
from invo_cli.commands import context
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.views import remarks

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
Code = Annotated[str, typer.Argument(metavar="CODE", help="Code or GSTIN.")]


@app.command(
    epilog=examples(
        "invo business create --name 'Bengaluru Service Centre' --gstin 29AAGCB7383J1Z4",
        "invo business create --name 'Pune branch' --gstin 27AAPFU0939F1ZV --code PUNE --no-round-off",
    )
)
@takes(options.BusinessFlags)
def create(
    flags: options.BusinessFlags, state: options.State = None, code: options.Code = None, dry_run: DryRun = False
) -> None:
    """Add another registration to this database."""
    from invo_cli.commands.entering import write
    from invo_cli.services import businesses
    from invo_cli.views.businesses import as_row

    act = context.act()
    values = flags.columns() | {"state": state, "code": code}
    from invo_cli.views.businesses import LISTING

    context.check_fields(LISTING)
    row = write(lambda session: as_row(businesses.create(session, act=act, values=values)), dry_run=dry_run)
    _show(context.marked(row, dry_run))


@app.command(
    epilog=examples(
        "invo business edit 29AAGCB7383J1Z4 --address '12 MG Road' --city Bengaluru --pincode 560001",
        "invo business edit PUNE --turnover 6,00,00,000 --strict",
    )
)
@takes(options.BusinessFlags)
def edit(business: Code, flags: options.BusinessFlags, dry_run: DryRun = False) -> None:
    """Change particulars and settings; documents already issued stay as they are."""
    from invo_cli.commands.entering import write
    from invo_cli.services import businesses
    from invo_cli.views.businesses import as_row

    act = context.act()
    values = flags.columns()
    from invo_cli.views.businesses import LISTING

    context.check_fields(LISTING)
    row = write(
        lambda session: as_row(businesses.edit(session, businesses.get(session, business), act=act, values=values)),
        dry_run=dry_run,
    )
    _show(context.marked(row, dry_run))


@app.command("list", epilog=examples("invo business list", "invo business list -o json"))
def list_() -> None:
    """List the registrations of this database."""
    from invo_cli.commands.entering import read
    from invo_cli.services import businesses
    from invo_cli.views.businesses import LISTING, as_row

    context.show_rows(read(lambda session: [as_row(found) for found in businesses.search(session)]), LISTING)


@app.command(epilog=examples("invo business show PUNE", "invo business show 29AAGCB7383J1Z4 -o json"))
def show(business: Code) -> None:
    """Show one registration with its settings."""
    from invo_cli.commands.entering import read
    from invo_cli.services import businesses
    from invo_cli.views.businesses import as_row

    _show(read(lambda session: as_row(businesses.get(session, business))))


@app.command(epilog=examples("invo business use PUNE", "invo --business PUNE invoice list"))
def use(business: Code) -> None:
    """Make a registration the default of this computer (written to config.toml)."""
    from invo_cli.commands.entering import read
    from invo_cli.config_file import set_value
    from invo_cli.services import businesses

    code = read(lambda session: businesses.get(session, business).code)
    path = set_value("business", code)
    remarks.note(f"{code} is now the default business ({path}).")


def _show(row: dict[str, Any]) -> None:
    from invo_cli.views.businesses import LISTING, print_page

    context.show_record(row, LISTING, print_page)
