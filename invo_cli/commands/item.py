"""Parts and labour a business sells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands import item_options as options
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.commands.record_options import After, Code, Everything, Include, Limit, Page, Search, text
from invo_cli.views import remarks

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from invo_cli.models import Item

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
Which = Annotated[str, typer.Argument(parser=text("Item", "code"), metavar="CODE")]


@app.command(
    epilog=examples(
        "invo item create --name 'Screen replacement' --labour --hsn 998716 --price 1500 --rate 18",
        "invo item create --name 'Ceiling fan' --hsn 84145120 --unit PCS --price 2,360 --rate 18 --price-includes-tax",
        "invo item create --name 'Printed book' --hsn 4901 --price 250 --taxability nil_rated --code BOOK",
    )
)
@takes(options.ItemFlags)
def create(flags: options.ItemFlags, code: Code = None, dry_run: DryRun = False) -> None:
    """Add a part or a service with its price."""
    from invo_cli.services import items

    act = context.act()
    values = flags.columns() | {"code": code}
    _done(lambda session: items.create(session, context.business(session).id, act=act, values=values), dry_run)


@app.command(epilog=examples("invo item edit I-0001 --price 1,650.00", "invo item edit I-0001 --rate 5 --dry-run"))
@takes(options.ItemFlags)
def edit(code: Which, flags: options.ItemFlags, dry_run: DryRun = False) -> None:
    """Change an item; lines already issued keep their figures."""
    from invo_cli.services import items

    act = context.act()
    values = flags.columns()
    _done(lambda session: items.edit(session, context.business(session).id, code, act=act, values=values), dry_run)


@app.command(
    "list",
    epilog=examples("invo item list", "invo item list --search screen -o json", "invo item list --after I-0050"),
)
def list_(
    search: Search = None,
    include: Include = None,
    limit: Limit = None,
    after: After = None,
    everything: Everything = False,
) -> None:
    """List items by code; the search looks into name, code and HSN."""
    from invo_cli.commands.entering import stream
    from invo_cli.services import items
    from invo_cli.views.items import LISTING, as_row

    page = Page(search, include, after, context.page_limit(limit, everything))
    found = stream(lambda session: items.search(session, context.business(session).id, **page.wanted()))
    context.show_page(map(as_row, found), LISTING, page.rows)


@app.command(epilog=examples("invo item show I-0001", "invo item show I-0001 -o json"))
def show(code: Which) -> None:
    """Show one item, deleted ones too."""
    from invo_cli.commands.entering import read
    from invo_cli.services import items
    from invo_cli.views.items import as_row

    _show(read(lambda session: as_row(items.look_up(session, context.business(session).id, code))))


@app.command(epilog=examples("invo item delete I-0001", "invo item delete I-0001 --dry-run"))
def delete(code: Which, dry_run: DryRun = False) -> None:
    """Hide an item; documents stay, and restore brings it back."""
    from invo_cli.services import items

    act = context.act()
    _done(lambda session: items.set_deleted(session, context.business(session).id, code, True, act=act), dry_run)


@app.command(epilog=examples("invo item restore I-0001", "invo item restore I-0001 -o name"))
def restore(code: Which, dry_run: DryRun = False) -> None:
    """Bring a deleted item back."""
    from invo_cli.services import items

    act = context.act()
    _done(lambda session: items.set_deleted(session, context.business(session).id, code, False, act=act), dry_run)


def _done(work: Callable[[Session], Item], dry_run: bool) -> None:
    """Run a write, print the item it made and say what is doubtful about it."""
    from invo_cli import clock
    from invo_cli.commands.entering import write
    from invo_cli.services import hsn, items
    from invo_cli.views.items import as_row

    def shown(session: Session) -> tuple[dict[str, Any], list[str]]:
        item = work(session)
        doubts = [*items.doubts(item, clock.today()), *hsn.doubts(session, item.hsn)]
        return as_row(item), [] if item.is_deleted else doubts

    from invo_cli.views.items import LISTING

    context.check_fields(LISTING)
    row, doubts = write(shown, dry_run=dry_run)
    _show(context.marked(row, dry_run))
    for doubt in doubts:
        remarks.warn(doubt)


def _show(row: dict[str, Any]) -> None:
    from invo_cli.views.items import LISTING, print_page

    context.show_record(row, LISTING, print_page)
