"""Bank statements: matched to what is owed, and booked as far as somebody wants."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, selection
from invo_cli.commands.import_options import ImportFlags
from invo_cli.errors import ConflictError, InvalidError, UsageProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from invo_cli.imports.bank_statement import Statement
    from invo_cli.imports.sources import Source
    from invo_cli.services.importing import Wanted
    from invo_cli.services.matching.booking import Decision
    from invo_cli.services.matching.statements import Matched


def _level(word: str) -> str:
    return selection.one_of(word, ("certain", "likely"), "confidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFlags(ImportFlags):
    """How payments are imported, and how a bank statement is matched."""

    match: Annotated[
        bool, typer.Option("--match", help="FILE is a bank statement: propose which documents it pays.")
    ] = False
    book: Annotated[
        str | None,
        typer.Option("--book", parser=_level, metavar="certain|likely", help="Book the lines that are so or better."),
    ] = None
    review: Annotated[
        str | None, typer.Option("--review", metavar="FILE", help="Write what is not booked there, to be gone through.")
    ] = None
    reviewed: Annotated[
        str | None, typer.Option("--reviewed", metavar="FILE", help="Book what that review says yes to.")
    ] = None


def check(flags: PaymentFlags) -> None:
    """Refuse options that say nothing in this way of importing."""
    if not flags.match:
        strange: dict[str, Any] = {"--book": flags.book, "--review": flags.review, "--reviewed": flags.reviewed}
        hint = "Add --match when FILE is a bank statement."
    else:
        strange = {"--rejects": flags.rejects, "--max-errors": flags.max_errors, "--format jsonl": _is_jsonl(flags)}
        strange |= {"--on-error": flags.on_error != "abort" or None, "--force": flags.force or None}
        hint = "Leave it out: a statement that cannot be read is not matched at all."
    given = next((name for name, value in strange.items() if value is not None), None)
    if given:
        raise UsageProblemError(f"{given} goes {'not with' if flags.match else 'only with'} --match.", hint=hint)
    if flags.book and flags.reviewed:
        raise UsageProblemError("--book and --reviewed exclude each other.", hint="Book by confidence or by review.")


def run(file: str, flags: PaymentFlags, *, dry_run: bool) -> None:
    """Match a statement and say what came of it."""
    from invo_cli.imports import sources
    from invo_cli.views import bank

    context.check_fields(bank.LISTING)
    if flags.reviewed == "-" == file:
        raise UsageProblemError("Statement and review cannot both be standard input.", hint="Name one of them.")
    if flags.review:
        _check_review(Path(flags.review))
    with sources.opened(file, flags.format, BytesIO(context.read_bytes(file)) if file == "-" else None) as source:
        statement = _statement(source, flags)
        wanted = _wanted(source, flags)
    matched = _matched(statement, flags, wanted, dry_run)
    is_trial = dry_run and bool(flags.book or flags.reviewed)
    rows = [context.marked(bank.as_row(row), is_trial) for row in matched.rows]
    context.show_rows(rows, bank.LISTING)
    if flags.review:
        _write_review(flags.review, [row for row in rows if row["payment"] is None or is_trial])
    bank.tell(rows, debits=statement.debits, undated=statement.undated, batch=None if is_trial else matched.batch)


def _statement(source: Source, flags: PaymentFlags) -> Statement:
    from invo_cli.imports import bank_statement, mapping
    from invo_cli.views import bank

    translation = mapping.PLAIN if flags.map is None else mapping.read(flags.map, tuple(bank_statement.HEADINGS))
    statement = bank_statement.read(source, translation)
    if statement.problems:
        bank.tell_problems(statement.problems)
        raise InvalidError(
            f"{len(statement.problems)} lines of {source.name} cannot be read: nothing was matched.",
            hint="Download the statement again, or correct those lines.",
            problems=statement.problems[:100],
        )
    return statement


def _matched(statement: Statement, flags: PaymentFlags, wanted: Wanted, dry_run: bool) -> Matched:
    from invo_cli.commands.entering import read, write
    from invo_cli.services.matching import statements

    act, credits, level = context.act(), statement.credits, flags.book
    if level is None and flags.reviewed is None:
        return read(lambda session: statements.propose(session, context.business(session), credits, act=act))
    decisions = _decisions(flags.reviewed) if flags.reviewed else {}

    def work(session: Session) -> Matched:
        business = context.business(session)
        if level is None:
            return statements.book_decided(session, business, credits, decisions, act=act, wanted=wanted)
        return statements.book_level(session, business, credits, level, act=act, wanted=wanted)

    return write(work, dry_run=dry_run)


def _decisions(file: str) -> Mapping[str, Decision]:
    from invo_cli.imports import bank_review, sources
    from invo_cli.services.matching.booking import Decision

    with sources.opened(file, None, BytesIO(context.read_bytes(file)) if file == "-" else None) as source:
        return {
            each.key: Decision(customer=each.customer, parts=each.invoices, tds=each.tds)
            for each in bank_review.read(source)
        }


def _wanted(source: Source, flags: PaymentFlags) -> Wanted:
    from invo_cli.services.importing import Wanted

    name = source.name if source.name == "-" else Path(source.name).name
    return Wanted(data_set="payments", file_name=name, sha256=source.sha256, name=flags.batch)


def _check_review(target: Path) -> None:
    """Refuse a place that cannot be written before anything is booked."""
    from invo_cli.exports import files

    if target.is_file() and not target.is_symlink():
        raise ConflictError(f"There is a file {target} already.", hint="Name another: a review may hold work.")
    files.require_place(target, force=False)


def _write_review(target: str, rows: list[dict[str, Any]]) -> None:
    from invo_cli.exports import bank_review, files

    with files.atomic(Path(target), force=False) as out:
        bank_review.write(rows, out)


def _is_jsonl(flags: PaymentFlags) -> bool | None:
    return flags.format == "jsonl" or None
