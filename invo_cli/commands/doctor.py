"""Check this machine and the database."""

from __future__ import annotations

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import examples
from invo_cli.errors import FindingsError
from invo_cli.views.listing import Column, Listing

app = typer.Typer(add_completion=False, rich_markup_mode="rich")
LISTING = Listing(
    (Column("check", "Check"), Column("status", "Status"), Column("detail", "Found"), Column("fix", "What to do")),
    name="check",
)


@app.command(epilog=examples("invo doctor", "invo doctor -o json"))
def doctor() -> None:
    """Check this machine and the database; exit status 10 when something fails, 0 for warnings."""
    from invo_cli.commands.doctor_checks import FAIL, every_check

    checks = [check._asdict() for check in every_check()]
    context.show_rows(checks, LISTING)
    failed = [str(check["check"]) for check in checks if check["status"] == FAIL]
    if failed:
        raise FindingsError(f"Not well: {', '.join(failed)}.", hint="The last column says what to do.")
