"""Documents sent by e-mail, with their PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, mailing
from invo_cli.commands.parsers import DryRun
from invo_cli.errors import ConflictError, InvalidError, NotFoundError, PartialError
from invo_cli.gst.contact import check_email
from invo_cli.views import remarks

if TYPE_CHECKING:
    from invo_cli.services.mails import Claim

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help="Numbers or ids; - reads them from stdin.")]


def send(
    numbers: Numbers,
    to: Annotated[
        str | None, typer.Option(parser=check_email, metavar="ADDRESS", help="Left out: the customer's.")
    ] = None,
    cc: mailing.Cc = None,
    text: mailing.Text = None,
    language: mailing.Language = "en",
    resend: Annotated[bool, typer.Option("--resend", help="Also what was sent before, or may have been.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Send documents by e-mail, each with its PDF; what was sent to an address before is not sent there again."""
    names = context.each_line(numbers)
    style = mailing.Style(kind="invoice", language=language, text=text)
    with mailing.Desk(dry_run=dry_run) as desk:

        def one(name: str) -> dict[str, Any]:
            made = mailing.draft(name, style, to=to, cc=tuple(cc or ()))
            return context.marked(_told(desk.post(made, again=resend)), dry_run)

        if len(names) == 1:
            from invo_cli.views.mails import LISTING, print_page

            context.show_record(one(names[0]), LISTING, print_page)
        else:
            _each(names, one)


def _each(names: list[str], one: Any) -> None:
    """Send one after the other; what is refused is named and the rest goes on, until the server goes away."""
    from invo_cli.mail.transport import PostponedMailError
    from invo_cli.views.mails import LISTING

    rows, failed = [], 0
    try:
        for name in names:
            try:
                rows.append(one(name))
            except (ConflictError, InvalidError, NotFoundError, PostponedMailError) as problem:
                failed += 1
                remarks.warn(f"{name}: {problem.message}")
    finally:
        context.show_rows(rows, LISTING)
    if failed:
        raise PartialError(f"{failed} of {len(names)} documents were not sent.", hint="Correct them and run it again.")


def _told(claim: Claim) -> dict[str, Any]:
    """The sending, with a note when it was made before; ConflictError when nobody knows whether it was."""
    row = claim.row
    if claim.is_new:
        return row
    if row["status"] == "unknown":
        raise ConflictError(
            f"Whether {row['number']} was sent to {row['recipient']} is not known: a run ended, or is still at it.",
            hint="Ask the recipient, then use --resend.",
        )
    remarks.note(f"{row['number']} was sent to {row['recipient']} before; --resend sends it again.")
    return row
