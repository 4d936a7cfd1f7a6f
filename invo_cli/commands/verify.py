"""Recompute the books and compare them with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.parsers import DryRun, examples
from invo_cli.errors import FindingsError, InvalidError, SchemaError, UnavailableError, UsageProblemError
from invo_cli.gst.text import nearest, quoted
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.services.acting import Act
    from invo_cli.services.verifying.findings import Finding

app = typer.Typer(add_completion=False, rich_markup_mode="rich")
MAX_FINDINGS = 1000
NAMES = ("numbers", "totals", "balances", "allocations", "audit", "references")
FIXABLE = "balances"
SAFE = "safe"
"""All that may be put right by a program."""


def _name(text: str) -> str:
    name = text.strip().lower()
    if name in NAMES:
        return name
    near = nearest(name, NAMES)
    raise InvalidError(
        f"There is no check {quoted(text)}.", hint=f"Did you mean {near}?" if near else f"Checks: {', '.join(NAMES)}."
    )


def _fixable(text: str) -> str:
    if text.strip().lower() != SAFE and _name(text) != FIXABLE:
        raise InvalidError(
            f"What {text} finds is not put right by a program.", hint=f"Only derived columns are: --fix {FIXABLE}"
        )
    return FIXABLE


@app.command(
    epilog=examples(
        "invo verify",
        "invo verify numbers totals -o json",
        "invo verify --fix balances --dry-run",
        "invo verify balances --fix balances",
    )
)
def verify(
    checks: Annotated[
        list[str] | None, typer.Argument(parser=_name, metavar="CHECK", help=f"Left out: all. {', '.join(NAMES)}.")
    ] = None,
    fix: Annotated[
        str | None,
        typer.Option(parser=_fixable, metavar="SAFE", help="Put right what is safe before the check: balances."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Recompute numbers, totals, balances, allocations, the audit trail and references; exit 10 when something differs.

    Nothing but --fix balances (also: --fix safe) changes the books, and that only what follows from the rest of them:
    paid, credited and noted amounts of documents, set-off and refunded amounts of payments, each with an audit event.
    """
    from invo_cli.db import health
    from invo_cli.views.verifying import LISTING, print_page

    if dry_run and fix is None:
        raise UsageProblemError("A check changes nothing: --dry-run is for --fix.", hint="Leave it out.")
    context.check_fields(LISTING)
    wanted = tuple(name for name in NAMES if name in (checks or NAMES))
    act = context.act()
    if "references" in wanted:
        health.require_whole()
    fixed, findings = _rehearsed(wanted, act) if dry_run else (_fixed(act) if fix else [], _checked(wanted, act))
    row: dict[str, Any] = {
        "ok": not findings,
        "findings": [finding._asdict() for finding in findings],
        "fixed": [finding._asdict() for finding in fixed],
        "checks": list(wanted),
    }
    context.show_record(context.marked(row, dry_run), LISTING, print_page)
    if findings:
        raise _findings_error(len(findings))


def _fixed(act: Act) -> list[Finding]:
    from invo_cli.commands.entering import write
    from invo_cli.services.verifying import running

    return write(lambda session: list(running.repair(session, act=act)))


def _rehearsed(wanted: tuple[str, ...], act: Act) -> tuple[list[Finding], list[Finding]]:
    """What would be put right, and what would be found then: in one transaction, which is rolled back."""
    from invo_cli.commands.entering import write
    from invo_cli.services.audit_chain import Tally
    from invo_cli.services.verifying import running

    def work(session: Session) -> tuple[list[Finding], list[Finding]]:
        fixed = list(running.repair(session, act=act))
        return fixed, list(islice(running.run(session, wanted, Tally()), MAX_FINDINGS))

    return write(work, dry_run=True)


def _checked(wanted: tuple[str, ...], act: Act) -> list[Finding]:
    """At most MAX_FINDINGS findings; a trail that was proved whole is noted as that."""
    from invo_cli.commands.entering import stream
    from invo_cli.services.audit_chain import Tally
    from invo_cli.services.verifying import running

    proved: dict[str, int] = {}

    def found(session: Session) -> Iterator[Finding]:
        proved.update(running.heads(session))
        return running.run(session, wanted, Tally())

    findings = list(islice(stream(found, patient=True), MAX_FINDINGS))
    is_whole = len(findings) < MAX_FINDINGS and all(finding.check != running.AUDIT for finding in findings)
    if running.AUDIT in wanted and is_whole:
        _note_verified(proved, act)
    return findings


def _note_verified(proved: dict[str, int], act: Act) -> None:
    from invo_cli.commands.entering import write
    from invo_cli.services.verifying import running

    try:
        write(lambda session: running.note_verified(session, proved, act=act))
    except (SchemaError, UnavailableError) as error:
        remarks.warn(f"That the trail was proved is not noted: {error.message}")


def _findings_error(number: int) -> FindingsError:
    sentence = f"The books have {number} finding{'s' if number > 1 else ''}."
    if number == MAX_FINDINGS:
        sentence = f"The check of the books stopped after {number} findings."
    return FindingsError(sentence, hint="The last column says what to do; docs/operations.md says how.")
