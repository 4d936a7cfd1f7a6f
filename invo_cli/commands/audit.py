"""The audit trail: who did what, and proof that nothing was altered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.clock import INDIA
from invo_cli.commands import context, selection
from invo_cli.commands.parsers import examples
from invo_cli.errors import FindingsError, InvalidError, UsageProblemError
from invo_cli.gst.periods import GST_BEGAN
from invo_cli.gst.text import quoted
from invo_cli.views.listing import resolved_format

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
MAX_FINDINGS = 1000
System = Annotated[bool, typer.Option("--system", help="What belongs to no business: users, migrations.")]


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
    system: System = False,
) -> None:
    """List what was done, in the order in which it happened."""
    from invo_cli.commands.entering import stream
    from invo_cli.services import audit_trail
    from invo_cli.views.audit import LISTING, as_row, as_table_row

    first, last = selection.days(period, first, last)
    wanted = audit_trail.Wanted(
        subject=subject, action=action, actor=actor, since=_start(first), until=_end(last), after=after
    )
    shown = partial(as_table_row, zone=INDIA) if resolved_format(_output()) == "table" else as_row
    limit = context.page_limit(limit, everything)
    more = None if limit is None else limit + 1
    rows = stream(
        lambda session: (
            shown(event) for event in audit_trail.search(session, _book(session, system), wanted, limit=more)
        )
    )
    context.show_page(rows, LISTING, limit)


@app.command(epilog=examples("invo audit show 3", "invo audit show 3 -o json", "invo audit show 1 --system"))
def show(
    seq: Annotated[int, typer.Argument(parser=_sequence, metavar="SEQ", help="Number of the event.")],
    system: System = False,
) -> None:
    """Show one event: who, when, why, and every value before and after."""
    from invo_cli.commands.entering import read
    from invo_cli.services import audit_trail
    from invo_cli.views.audit import LISTING, as_row, print_event

    row = read(lambda session: as_row(audit_trail.get(session, _book(session, system), seq)))
    context.show_record(row, LISTING, print_event)


@app.command(epilog=examples("invo audit head > head.txt", "invo audit head --system", "invo audit head -o json"))
def head(system: System = False) -> None:
    """Print SEQ:HASH of the last event, to be noted outside of the database for `audit verify --head`."""
    from invo_cli.commands.entering import read
    from invo_cli.services import audit_trail
    from invo_cli.views.audit import HEAD, print_event

    last = read(lambda session: audit_trail.head(session, _book(session, system)))
    if resolved_format(_output()) in ("table", "plain"):
        typer.echo(str(last))
    else:
        context.show_record({"seq": last.seq, "hash": last.hash, "head": str(last)}, HEAD, print_event)


@app.command(
    epilog=examples(
        "invo audit verify",
        "invo audit verify -o json",
        'invo audit verify --head "$(cat head.txt)"',
        "invo audit verify --file trail.jsonl",
    )
)
def verify(
    noted: Annotated[
        str | None, typer.Option("--head", metavar="SEQ:HASH", help="Also that this event, noted before, is there.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Check an exported trail and its head instead; no database.")
    ] = None,
    public_key: Annotated[
        str | None, typer.Option("--public-key", metavar="FILE", help="Of --file: who must have signed its head (PEM).")
    ] = None,
    system: System = False,
) -> None:
    """Recompute every chain and compare documents, payments, records and users with it; exit 10 if one differs."""
    if file is None and public_key is not None:
        raise UsageProblemError("A public key proves a file.", hint="Name it with --file.")
    if file is None:
        _show_verification(*_verified(noted, system))
        return
    from invo_cli.commands import audit_files

    events, findings = audit_files.check(file, public_key)
    _show_verification({"events": events}, findings)


@app.command(
    epilog=examples(
        "invo audit export --out trail.jsonl",
        "invo audit export --out trail.csv --format csv",
        "invo audit export --system --out system.jsonl",
        "invo audit export --out - | gzip > trail.jsonl.gz",
    )
)
def export(
    out: Annotated[str, typer.Option(metavar="FILE", help="Where to; - is standard output.")],
    form: Annotated[str, typer.Option("--format", metavar="NAME", help="jsonl or csv.")] = "jsonl",
    key: Annotated[
        str | None, typer.Option(metavar="FILE", help="Sign the head with this Ed25519 private key (PEM).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    system: System = False,
) -> None:
    """Write the trail as it was hashed, personal values as digests, with FILE.head.json beside it."""
    from invo_cli.commands import audit_files

    audit_files.write(out, form, key, force=force, book=lambda session: _book(session, system))


def _verified(noted: str | None, system: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was checked, and what was found."""
    from itertools import chain, islice

    from invo_cli.commands.entering import stream
    from invo_cli.services import audit_trail
    from invo_cli.services.audit_chain import Finding, Tally

    tally, wanted = Tally(), None if noted is None else audit_trail.parse_head(noted)

    def found(session: Session) -> Iterator[Finding]:
        business = None if system or wanted is None else context.business(session)
        anchored = () if wanted is None else audit_trail.verify_head(session, business, wanted)
        return chain(anchored, audit_trail.verify(session, tally))

    findings = [finding._asdict() for finding in islice(stream(found, patient=True), MAX_FINDINGS)]
    return asdict(tally), findings


def _show_verification(checked: dict[str, Any], findings: list[dict[str, Any]]) -> None:
    from invo_cli.views.audit import VERIFICATION, print_verification

    row = {**checked, "ok": not findings, "findings": findings}
    context.show_record(row, VERIFICATION, print_verification)
    if findings:
        raise _findings_error(len(findings))


def _book(session: Session, system: bool) -> int:
    from invo_cli.services import books

    return books.SYSTEM if system else context.business(session).id


def _output() -> str:
    from invo_cli.settings import get_settings

    return get_settings().output


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
