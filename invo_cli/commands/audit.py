"""The audit trail: who did what, and proof that nothing was altered."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import partial
from typing import Annotated, Any

import typer

from invo_cli.clock import INDIA
from invo_cli.commands import context, selection
from invo_cli.commands.parsers import examples
from invo_cli.errors import FindingsError, InvalidError
from invo_cli.gst.periods import GST_BEGAN
from invo_cli.gst.text import quoted
from invo_cli.views.listing import resolved_format

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
MAX_FINDINGS = 1000


def _sequence(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):
        raise InvalidError(f"{quoted(text)} is not the number of an event.", hint="Numbers are in: invo audit list")
    return int(text)


@app.command(
    "list",
    epilog=examples(
        "invo audit list --period this-month",
        "invo audit list --subject invoice:D-17 -o json",
        "invo audit list --action invoice.cancel --fields seq,at,actor,subject,reason",
        "invo audit list --system --after 120 -o jsonl",
    ),
)
def list_(
    subject: Annotated[
        str | None, typer.Option(metavar="SUBJECT", help="Such as invoice:D-17, customer:C-0001.")
    ] = None,
    action: Annotated[str | None, typer.Option(metavar="ACTION", help="Such as invoice.issue.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="Who did it.")] = None,
    period: selection.Within = None,
    first: selection.From = None,
    last: selection.To = None,
    limit: selection.Limit = None,
    after: Annotated[
        int | None, typer.Option(parser=_sequence, metavar="SEQ", help="Only events after this number.")
    ] = None,
    everything: selection.All = False,
    system: Annotated[bool, typer.Option("--system", help="What belongs to no business: users, migrations.")] = False,
) -> None:
    """List what was done, in the order in which it happened."""
    from invo_cli.db.session import stream
    from invo_cli.services import audit_trail, books
    from invo_cli.settings import get_settings
    from invo_cli.views.audit import LISTING, as_row, as_table_row

    first, last = selection.days(period, first, last)
    wanted = audit_trail.Wanted(
        subject=subject, action=action, actor=actor, since=_start(first), until=_end(last), after=after
    )
    shown = partial(as_table_row, zone=INDIA) if resolved_format(get_settings().output) == "table" else as_row
    limit = context.page_limit(limit, everything)
    more = None if limit is None else limit + 1
    rows = stream(
        lambda session: (
            shown(event)
            for event in audit_trail.search(
                session, books.SYSTEM if system else context.business(session).id, wanted, limit=more
            )
        )
    )
    context.show_page(rows, LISTING, limit)


@app.command(epilog=examples("invo audit verify", "invo audit verify -o json"))
def verify() -> None:
    """Recompute every chain and compare every issued document with its issue; exit 10 when something differs."""
    from itertools import islice

    from invo_cli.db.session import stream
    from invo_cli.services import audit_trail
    from invo_cli.services.audit_chain import Tally
    from invo_cli.views.audit import VERIFICATION, print_verification

    tally = Tally()
    found = stream(lambda session: audit_trail.verify(session, tally), patient=True)
    findings = [finding._asdict() for finding in islice(found, MAX_FINDINGS)]
    row: dict[str, Any] = {"events": tally.events, "ok": not findings, "findings": findings}
    context.show_record(row, VERIFICATION, print_verification)
    if findings:
        raise _findings_error(len(findings))


def _findings_error(number: int) -> FindingsError:
    sentence = f"The check of the audit trail has {number} finding{'s' if number > 1 else ''}."
    if number == MAX_FINDINGS:
        sentence = f"The check of the audit trail stopped after {number} findings."
    return FindingsError(sentence, hint="Compare the records named with a backup, and keep this database as it is.")


def _start(day: date | None) -> datetime | None:
    # No event is older than GST; the first days of the calendar have no instant in UTC.
    return None if day is None else datetime.combine(max(day, GST_BEGAN), time.min, INDIA)


def _end(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(max(day, GST_BEGAN), time.max, INDIA)
