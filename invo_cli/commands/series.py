"""Number series of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import FindingsError, InvalidError
from invo_cli.gst.numbering import DEFAULT_PATTERNS, LAST_SERIAL, Numbered, NumberPattern
from invo_cli.gst.periods import FinancialYear
from invo_cli.gst.text import nearest, quoted
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


def read_kind(text: str) -> Numbered:
    """A kind of document, with _ or - between its words."""
    word = text.strip().lower().replace("-", "_")
    kinds = {kind.value: kind for kind in DEFAULT_PATTERNS}
    if word in kinds:
        return kinds[word]
    near = nearest(word, kinds)
    raise InvalidError(
        f"There is no kind of document {quoted(text)}.",
        hint=f"Did you mean {near}?" if near else f"Kinds: {', '.join(kinds)}.",
    )


def read_serial(text: str) -> int:
    """A serial from 1 to 999999."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LAST_SERIAL and len(text) <= 9):
        raise InvalidError(f"Serial {quoted(text)} is not a number from 1 to {LAST_SERIAL}.", hint="For example: 251")
    return int(text)


# Typer takes no unions; the parser decides the type.
KindOf = Annotated[Any, typer.Argument(parser=read_kind, metavar="KIND", help="Such as tax_invoice or credit_note.")]
Year = Annotated[
    FinancialYear | None, typer.Option(parser=FinancialYear.parse, metavar="YEAR", help="Financial year: 2026-27.")
]


@app.command("list", epilog=examples("invo series list", "invo series list --year 2025-26 -o json"))
def list_(year: Year = None) -> None:
    """List the series of every kind of document, with the number each gives next."""
    from invo_cli.commands.entering import read
    from invo_cli.services import series_settings
    from invo_cli.views.series import LISTING

    shown = year or FinancialYear.of(clock.today())
    found = read(lambda session: series_settings.search(session, context.business(session).id, shown))
    context.show_rows(map(series_settings.as_row, found), LISTING)


@app.command(epilog=examples("invo series show tax_invoice", "invo series show credit-note --year 2025-26"))
def show(kind: KindOf, year: Year = None) -> None:
    """Show the series of one kind of document."""
    from invo_cli.commands.entering import read
    from invo_cli.services import series_settings

    shown = year or FinancialYear.of(clock.today())
    found = read(lambda session: series_settings.get(session, context.business(session).id, kind, shown))
    _show(series_settings.as_row(found))


@app.command(
    "set",
    epilog=examples(
        "invo series set tax_invoice 'INV/{fy}/{seq:04}'",
        "invo series set tax_invoice 'A{fy}-{seq}' --year 2026-27 --next 251",
        "invo series set credit_note 'CN{seq:05}' --dry-run",
    ),
)
def set_(
    kind: KindOf,
    pattern: Annotated[
        NumberPattern,
        typer.Argument(parser=NumberPattern.parse, metavar="PATTERN", help="{fy} is 26-27, {seq:04} a serial."),
    ],
    year: Year = None,
    next_: Annotated[
        int | None,
        typer.Option(
            "--next", parser=read_serial, metavar="N", help="First serial here; those before were issued elsewhere."
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Set the pattern of the numbers to come, for one financial year or for every year."""
    from invo_cli.commands.entering import write
    from invo_cli.services import series_settings

    act = context.act()

    def work(session: Session) -> dict[str, Any]:
        business_id = context.business(session).id
        return series_settings.as_row(
            series_settings.set_pattern(session, business_id, kind, pattern, act=act, year=year, start=next_)
        )

    from invo_cli.views.series import LISTING

    context.check_fields(LISTING)
    row = write(work, dry_run=dry_run)
    if row["pattern"] != pattern.text:
        remarks.warn(f"{row['financial_year']} keeps {row['pattern']}, which was set for that year alone.")
    _show(context.marked(row, dry_run))


@app.command(epilog=examples("invo series audit", "invo series audit --year 2026-27 -o json"))
def audit(year: Year = None) -> None:
    """Account for every number; exit code 10 when one is missing, is there twice or was not given out."""
    from invo_cli.commands.entering import read
    from invo_cli.services import series_audit
    from invo_cli.views.series import ACCOUNTS

    label = year.label if year else None
    found = read(lambda session: series_audit.accounts(session, context.business(session).id, label))
    context.show_rows(map(series_audit.as_row, found), ACCOUNTS)
    wrong = [series_audit.finding(account) for account in found if not account.is_sound]
    if wrong:
        raise FindingsError(f"Numbers do not add up: {' | '.join(wrong)}.", findings=wrong)


def _show(row: dict[str, Any]) -> None:
    from invo_cli.views.series import LISTING, print_page

    context.show_record(row, LISTING, print_page)
