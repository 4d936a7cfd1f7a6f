"""What the invoice portal did, recorded: registrations and cancellations."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.business_options import words
from invo_cli.commands.parsers import DryRun
from invo_cli.commands.portal_files import tell
from invo_cli.errors import InvalidError, InvoError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.portal.einvoices import Registration
    from invo_cli.services.einvoicing.recording import Answer, Unread


def _code(text: str) -> int:
    from invo_cli.gst.einvoice.scope import CANCEL_REASONS, reason_code

    return reason_code(text, CANCEL_REASONS)


def _instant(text: str) -> datetime:
    """A day with a time, in India."""
    from invo_cli.gst.text import quoted
    from invo_cli.portal import times

    found = times.parse(text) if ":" in text else None
    if found is None:
        raise InvalidError(f"{quoted(text)} is not a time.", hint='Write it as "2026-10-05 15:08".')
    return found


def record(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="What the portal answered, as it gave it.")],
    dry_run: DryRun = False,
) -> None:
    """Record the portal's answers: each is matched to its document, compared, and kept with its signed QR code."""
    from invo_cli.commands.entering import write
    from invo_cli.portal import einvoices
    from invo_cli.services.einvoicing import recording
    from invo_cli.views.einvoices import LISTING, print_page

    act = context.act()
    context.check_fields(LISTING)
    found = einvoices.read(context.read_text(file))
    judge = _judge()
    answers = [
        recording.Unread(each.number, each.problem) if isinstance(each, einvoices.Unread) else judge(each)
        for each in found
    ]

    def work(session: Session) -> tuple[list[dict[str, Any]], list[InvoError]]:
        return recording.record(session, context.business(session), answers, act=act)

    rows, refusals = write(work, dry_run=dry_run)
    tell(rows, refusals, LISTING, print_page, dry_run=dry_run)


def _judge() -> Any:
    """What makes an answer of a registration: with a key of the portal only of one whose tokens it has signed."""
    from invo_cli.portal import signatures
    from invo_cli.services.einvoicing.recording import Answer, Unread
    from invo_cli.settings import get_settings

    path = get_settings().nic_key
    keys = signatures.keys_of(path) if path else []
    if not path:
        remarks.warn("The signatures are not checked: name the portal's key file with INVO_NIC_KEY.")

    def judge(found: Registration) -> Answer | Unread:
        is_proved = bool(found.tokens) and all(signatures.is_signed(token, keys) for token in found.tokens)
        if keys and not is_proved:
            message = f"The portal has not signed the answer for {found.number}."
            hint = "Take the file from the portal again; check that INVO_NIC_KEY is its present key."
            return Unread(found.number, InvalidError(message, hint=hint))
        return Answer(**{field.name: getattr(found, field.name) for field in fields(Answer)})

    return judge


def cancel(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Number or id of the document.")],
    code: Annotated[
        int,
        typer.Option(
            "--code",
            parser=_code,
            metavar="CODE",
            help="1 duplicate, 2 data-entry-mistake, 3 order-cancelled, 4 others.",
        ),
    ],
    remark: Annotated[
        str, typer.Option("--remark", parser=words("Remark", 100), metavar="TEXT", help="As given to the portal.")
    ],
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at", parser=_instant, metavar="TIME", help='When, in India: "2026-10-05 15:08"; left out: now.'
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Record that a report was cancelled on the portal, within 24 hours; the document can be cancelled then."""
    from invo_cli.commands.entering import write
    from invo_cli.services import invoice_lookup
    from invo_cli.services.einvoicing import recording
    from invo_cli.views.einvoices import LISTING, print_page

    act = context.act()
    context.check_fields(LISTING)

    def work(session: Session) -> tuple[dict[str, Any], list[str]]:
        business = context.business(session)
        invoice = invoice_lookup.get(session, business, number)
        return recording.cancel(session, business, invoice, act=act, at=at or act.at, code=code, remark=remark)

    row, doubts = write(work, dry_run=dry_run)
    context.show_record(context.marked(row, dry_run), LISTING, print_page)
    for doubt in doubts:
        remarks.warn(doubt)
