"""Tokens for cron jobs and other programs: an admin makes and revokes them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=30)}
_PATTERN = re.compile("([1-9][0-9]{0,4})([hdwm])")


def _end(text: str) -> datetime:
    """When a token ends: after so many hours, days, weeks or months, or at the end of a day in India."""
    found = _PATTERN.fullmatch(text)
    if found:
        return clock.now() + int(found[1]) * _UNITS[found[2]]
    from invo_cli.gst.periods import parse_date

    try:
        return datetime.combine(parse_date(text), time.max, clock.INDIA)
    except InvalidError as error:
        raise InvalidError(
            f"{quoted(text)} is no end of a token.", hint="Write 90d, 12h, 4w, 6m or a day such as 2027-03-31."
        ) from error


@app.command(
    epilog=examples(
        "invo token create --name cron-nightly --role exporter --expires 90d",
        "invo token create --name filing --role accountant --expires 2027-03-31 -o json",
    )
)
def create(
    name: Annotated[str, typer.Option(metavar="NAME", help="What the audit trail calls it.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="admin, accountant, operator, viewer or exporter.")],
    expires: Annotated[datetime, typer.Option(parser=_end, metavar="WHEN", help="90d, 12h, 4w, 6m or a day.")],
    dry_run: DryRun = False,
) -> None:
    """Make a token and show its secret once: put it where INVO_TOKEN of the job is read from.

    With --business CODE it is limited to that business, or to several: --business A,B.
    """
    from invo_cli.commands import entering
    from invo_cli.services import users
    from invo_cli.services.identity import tokens
    from invo_cli.views.identity import NEW_TOKEN, as_token, print_token

    context.check_fields(NEW_TOKEN)
    act, name, role = context.act(), users.checked_name(name), users.checked_role(role)

    def make(session: Session) -> dict[str, Any]:
        limits = context.named_businesses(session)
        token, secret = tokens.create(session, act=act, name=name, role=role, expires_at=expires, businesses=limits)
        return as_token(token, [business.code for business in limits]) | {"token": secret}

    row = entering.write(make, dry_run=dry_run)
    context.show_record(context.marked(row, dry_run), NEW_TOKEN, print_token)
    remarks.note("This is the only time that the token is shown.")


@app.command("list", epilog=examples("invo token list", "invo token list -o json"))
def list_() -> None:
    """List the tokens, revoked and expired ones too."""
    from invo_cli.commands import entering
    from invo_cli.services.identity import tokens
    from invo_cli.views.identity import TOKENS, as_token

    def found(session: Session) -> list[dict[str, Any]]:
        codes = tokens.businesses_of(session)
        return [as_token(token, codes.get(token.id, ())) for token in tokens.search(session)]

    context.show_rows(entering.read(found), TOKENS)


@app.command(epilog=examples("invo token revoke cron-nightly", "invo token revoke cron-nightly --dry-run"))
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the token; case does not matter.")],
    dry_run: DryRun = False,
) -> None:
    """End a token now."""
    from invo_cli.commands import entering
    from invo_cli.services.identity import tokens
    from invo_cli.views.identity import TOKENS, as_token, print_token

    context.check_fields(TOKENS)
    act = context.act()

    def change(session: Session) -> dict[str, Any]:
        token = tokens.revoke(session, name, act=act)
        return as_token(token, tokens.businesses_of(session).get(token.id, ()))

    context.show_record(context.marked(entering.write(change, dry_run=dry_run), dry_run), TOKENS, print_token)
