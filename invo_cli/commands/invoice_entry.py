"""Documents entered at the counter: create, edit, duplicate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context
from invo_cli.commands.business_options import words
from invo_cli.commands.flags import takes
from invo_cli.commands.invoice_flags import DocumentFlags, document_from
from invo_cli.commands.parsers import DryRun
from invo_cli.errors import DeclinedError, InvalidError, UsageProblemError
from invo_cli.gst.reading_values import LIMITS
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.gst.document import DocumentInput
    from invo_cli.services.invoices import Outcome

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number, NUMBER@2026-27, or id such as D-17.")]
AllowRate = Annotated[
    str | None,
    typer.Option(
        "--allow-rate",
        parser=words("Reason", LIMITS["reason"]),
        metavar="REASON",
        help="Take a rate outside the list of its date.",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    typer.Option(
        "--idempotency-key",
        parser=words("Idempotency key", LIMITS["idempotency_key"]),
        metavar="KEY",
        help="The same key again gives the same document, not another.",
    ),
]


@takes(DocumentFlags)
def create(
    flags: DocumentFlags,
    draft: Annotated[bool, typer.Option("--draft", help="Store it without a number, to be issued later.")] = False,
    idempotency_key: IdempotencyKey = None,
    allow_rate: AllowRate = None,
    dry_run: DryRun = False,
) -> None:
    """Issue an invoice (or store a draft) from flags, items or a file."""
    from dataclasses import replace

    from invo_cli.services import invoices

    entered = document_from(flags)
    if idempotency_key is not None:
        entered = replace(entered, idempotency_key=idempotency_key)
    act = context.act()
    done(
        lambda session: invoices.create(
            session, context.business(session), entered, act=act, draft=draft, allow_rate=allow_rate
        ),
        dry_run,
    )


@takes(DocumentFlags)
def edit(number: Number, flags: DocumentFlags, dry_run: DryRun = False) -> None:
    """Change a draft by flags or a file, or in $EDITOR when no flag is given."""
    from invo_cli.services import invoices

    act = context.act()

    def work(session: Session, change: Callable[[DocumentInput], DocumentInput]) -> Outcome:
        business = context.business(session)
        invoice = invoice_lookup_get(session, number)
        return invoices.edit(session, business, invoice, change(invoices.entered_of(invoice)), act=act)

    if flags != DocumentFlags():
        done(lambda session: work(session, lambda entered: document_from(flags, entered)), dry_run)
        return
    edited = _in_editor(number)
    done(lambda session: work(session, lambda _: edited), dry_run)


def duplicate(
    number: Number,
    issue: Annotated[bool, typer.Option("--issue", help="Issue the copy at once.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Make a draft with the customer, lines and terms of another document, dated today."""
    from invo_cli.services import invoices

    act = context.act()
    done(
        lambda session: invoices.duplicate(
            session, context.business(session), invoice_lookup_get(session, number), act=act, draft=not issue
        ),
        dry_run,
    )


def invoice_lookup_get(session: Session, number: str) -> Any:
    """The document a NUMBER argument names, in the business of this run."""
    from invo_cli.services import invoice_lookup

    return invoice_lookup.get(session, context.business(session), number)


def done(work: Callable[[Session], Outcome], dry_run: bool) -> None:
    """Run one write, say what is doubtful, and print the document it made."""
    from invo_cli.commands.entering import write
    from invo_cli.views.invoices import LISTING, print_page

    context.check_fields(LISTING)
    outcome = write(work, dry_run=dry_run)
    for warning in outcome.warnings:
        remarks.warn(warning)
    context.show_record(context.marked(outcome.document, dry_run), LISTING, print_page)


def _in_editor(number: str) -> DocumentInput:
    """The draft as somebody left it in their editor; a mistake opens it again with the reason on top."""
    from invo_cli.commands.entering import read
    from invo_cli.gst.reading import load_json, read_document, write_document
    from invo_cli.services import invoices

    if not context.may_ask():
        raise UsageProblemError("There is no terminal to edit in.", hint="Use flags, or --file FILE.")
    document = read(lambda session: write_document(invoices.entered_of(invoice_lookup_get(session, number))))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    while True:
        left = context.edited(text, suffix=".json")
        if left == text:
            raise DeclinedError("The draft was not changed.", hint="Save the file before leaving the editor.")
        text = "\n".join(line for line in left.splitlines() if not line.startswith("//"))
        try:
            return read_document(load_json(text))
        except InvalidError as error:
            text = f"// {error.message}\n// {error.advice}\n{text}"
