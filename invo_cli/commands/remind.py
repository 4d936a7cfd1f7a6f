"""Payment reminders by e-mail: preview, run, history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, mailing, selection
from invo_cli.commands.invoice_entry import invoice_lookup_get
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import ConflictError, InvalidError, NotFoundError, PartialError
from invo_cli.gst.text import quoted
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
KINDS = ("invoice", "reminder")
STATUSES = ("unknown", "sent", "failed")
_STEPS = re.compile("[1-9][0-9]{0,3}(,[1-9][0-9]{0,3})*")


def _steps(text: str) -> list[int]:
    """Days after the due date, such as 3,10,30."""
    if not _STEPS.fullmatch(text):
        raise InvalidError(f"{quoted(text)} is no list of days.", hint="Write the days after the due date: 3,10,30")
    return sorted({int(days) for days in text.split(",")})


def _kind(word: str) -> str:
    return selection.one_of(word, KINDS, "kind of e-mail")


def _status(word: str) -> str:
    return selection.one_of(word, STATUSES, "status")


After = Annotated[
    Any,  # the list of days that _steps reads
    typer.Option("--after", parser=_steps, metavar="DAYS", help="Days after the due date, one reminder each."),
]
Resend = Annotated[
    list[str] | None,
    typer.Option("--resend", metavar="NUMBER", help="Remind of this document though it was done, or may have been."),
]


@app.command(
    epilog=examples(
        "invo remind preview", "invo remind preview --after 7,21", "invo remind preview --language hi -o json"
    )
)
def preview(after: After = "3,10,30", text: mailing.Text = None, language: mailing.Language = "en") -> None:
    """Show which reminders would go today, and what is passed over; nothing is sent."""
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services import letters
    from invo_cli.views.mails import REMINDERS

    style = mailing.Style(kind="reminder", language=language, text=text)

    def letter(session: Session, name: str) -> Any:
        business = context.business(session)
        return letters.about(session, business, invoice_lookup_get(session, name), today=clock.today())

    def worded(row: dict[str, Any]) -> dict[str, Any]:
        found = mailing.worded(read(lambda session: letter(session, row["document"])), style, row["step"])
        return _told(row, subject=found.subject, text=found.text)

    plan = _plan(after, {})
    context.show_rows((worded(row) if row["state"] == "due" else _told(row) for row in plan), REMINDERS)


@app.command(
    epilog=examples(
        "invo remind run",
        "invo remind run --after 7,21 --language hi",
        "invo remind run --dry-run",
        "invo remind run --resend INV/26-27/0001",
    )
)
def run(
    after: After = "3,10,30",
    text: mailing.Text = None,
    language: mailing.Language = "en",
    resend: Resend = None,
    dry_run: DryRun = False,
) -> None:
    """Send the reminders that are due today, one for each document and step, however often it is run."""
    from invo_cli.views.mails import REMINDERS

    again = _ids(resend or [])
    plan = _plan(after, again)
    style = mailing.Style(kind="reminder", language=language, text=text)
    rows: list[dict[str, Any]] = []
    try:
        _send(plan, style, again, dry_run, rows)
    finally:
        context.show_rows((context.marked(row, dry_run) for row in rows), REMINDERS)
    failed = sum(row["state"] == "failed" for row in rows)
    if failed:
        raise PartialError(f"{failed} of {len(rows)} reminders were not sent.", hint="See: invo remind history")


@app.command(
    epilog=examples(
        "invo remind history", "invo remind history --status unknown", "invo remind history --kind reminder -o csv"
    )
)
def history(
    kind: Annotated[
        str | None, typer.Option(parser=_kind, metavar="KIND", help=f"Only this kind: {', '.join(KINDS)}.")
    ] = None,
    status: Annotated[
        str | None, typer.Option(parser=_status, metavar="STATUS", help=f"Only these: {', '.join(STATUSES)}.")
    ] = None,
    number: Annotated[str | None, typer.Option("--number", metavar="NUMBER", help="Only of this document.")] = None,
    period: selection.Within = None,
    first: selection.From = None,
    last: selection.To = None,
    limit: selection.Limit = None,
    after: Annotated[str | None, typer.Option(metavar="ID", help="Go on behind this e-mail.")] = None,
    everything: selection.All = False,
) -> None:
    """List the e-mails sent, invoices and reminders, the newest first."""
    from invo_cli import clock
    from invo_cli.commands.entering import stream
    from invo_cli.services import mails
    from invo_cli.settings import get_settings
    from invo_cli.views.listing import resolved_format
    from invo_cli.views.mails import LISTING, as_table_row

    rows = context.page_limit(limit, everything)

    def work(session: Session) -> Any:
        wanted = mails.Wanted(
            kind=kind,
            status=status,
            invoice_id=None if number is None else invoice_lookup_get(session, number).id,
            days=selection.days(period, first, last),
            after=after,
            limit=None if rows is None else rows + 1,
        )
        return mails.search(session, context.business(session), wanted, zone=clock.INDIA)

    found = stream(work)
    if resolved_format(get_settings().output) == "table":
        found = (as_table_row(row, clock.INDIA) for row in found)
    context.show_page(found, LISTING, rows)


def _plan(steps: list[int], again: dict[int, str]) -> list[dict[str, Any]]:
    from invo_cli import clock
    from invo_cli.commands.entering import read
    from invo_cli.services import reminders

    return read(
        lambda session: reminders.due(session, context.business(session), today=clock.today(), steps=steps, again=again)
    )


def _ids(names: list[str]) -> dict[int, str]:
    """The ids of the documents named, with their D-n."""
    from invo_cli.commands.entering import read

    def work(session: Session) -> dict[int, str]:
        found = [invoice_lookup_get(session, name) for name in names]
        return {invoice.id: f"D-{invoice.document_no}" for invoice in found}

    return read(work) if names else {}


def _send(
    plan: list[dict[str, Any]], style: mailing.Style, again: dict[int, str], dry_run: bool, rows: list[dict[str, Any]]
) -> None:
    """Send what is due, and note in `rows` what became of each; stops when the server goes away."""
    documents = {row["document"] for row in plan}
    for missing in (name for name in again.values() if name not in documents):
        raise ConflictError(f"{missing} is not overdue.", hint="See: invo remind preview")
    if not any(row["state"] == "due" for row in plan):
        rows.extend(_passed_over(row) for row in plan)
        return
    with mailing.Desk(dry_run=dry_run) as desk:
        for row in plan:
            is_due = row["state"] == "due"
            rows.append(_sent(desk, row, style, row["document"] in again.values()) if is_due else _passed_over(row))


def _sent(desk: mailing.Desk, row: dict[str, Any], style: mailing.Style, again: bool) -> dict[str, Any]:
    from invo_cli.mail.transport import PostponedMailError

    try:
        draft = mailing.draft(row["document"], style, to=row["recipient"], step=row["step"])
        claim = desk.post(draft, again=again)
    except ConflictError as problem:  # paid or cancelled since the list was made
        return _told(row, state="settled", failure=problem.message)
    except (InvalidError, NotFoundError, PostponedMailError) as problem:
        remarks.warn(f"{row['number']}: {problem.message}")
        return _told(row, state="failed", failure=problem.message)
    return _told(row, state=claim.row["status"], subject=claim.row["subject"], text=draft.wording.text)


def _passed_over(row: dict[str, Any]) -> dict[str, Any]:
    if row["state"] == "unknown":
        remarks.warn(
            f"{row['number']}: whether the reminder was sent is not known; --resend {row['number']} sends it again."
        )
    return _told(row)


def _told(row: dict[str, Any], **more: str) -> dict[str, Any]:
    """A row of the plan with what became of it; every row has the same keys."""
    return row | {"subject": None, "text": None, "failure": None} | more
