"""Documents on paper: PDF files, or one PDF on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, selection
from invo_cli.commands.invoice_entry import invoice_lookup_get
from invo_cli.errors import UsageProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

COPIES = ("original", "duplicate", "triplicate", "all")
LANGUAGES = ("en", "hi")


def _copy(word: str) -> str:
    return selection.one_of(word, COPIES, "copy")


def _language(word: str) -> str:
    return selection.one_of(word, LANGUAGES, "language")


def pdf(
    out: Annotated[str, typer.Option("--out", metavar="FOLDER|-", help="Where the files go; - is one PDF on stdout.")],
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NUMBER...", help="- reads them from stdin.")] = None,
    period: selection.Within = None,
    copy: Annotated[
        str | None,
        typer.Option(parser=_copy, metavar="COPY", help=f"{', '.join(COPIES)} (Rule 48); left out: unmarked."),
    ] = None,
    language: Annotated[str, typer.Option(parser=_language, metavar="CODE", help="en or hi.")] = "en",
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME|FOLDER", help="a4, thermal, or a folder of your own; see docs/templates.md."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> None:
    """Print documents as PDF, lawful for their kind; a reprint is the same to the byte."""
    names = _named(numbers, period, out)
    folder = _folder(out)
    printed: list[dict[str, Any]] = []
    try:
        for row, data in _rendered(names, copy, language, template):
            _put(row, data, folder, force)
            printed.append(row)
    finally:
        _record(printed)
    if folder is not None:
        from invo_cli.views.invoices import PRINTS

        context.show_rows(printed, PRINTS)


def _put(row: dict[str, Any], data: bytes, folder: Path | None, force: bool) -> None:
    name = row.pop("name")
    if folder is None:
        _to_stdout(data)
        return
    from invo_cli.exports.files import store

    path = folder / name
    store(path, data, force=force)
    row["file"] = str(path)


def _named(numbers: list[str] | None, period: Any, out: str) -> list[str]:
    if bool(numbers) == (period is not None):
        raise UsageProblemError("Say which documents to print.", hint="Name them, or give --period.")
    if numbers:
        names = context.each_line(numbers)
    else:
        from invo_cli.db.session import read
        from invo_cli.services import printing

        names = list(
            read(lambda session: printing.issued_between(session, context.business(session), period.first, period.last))
        )
    if out == "-" and len(names) != 1:
        raise UsageProblemError(f"One PDF goes to stdout, not {len(names)}.", hint="Name a folder with --out FOLDER.")
    return names


def _folder(out: str) -> Path | None:
    if out == "-":
        return None
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise UsageProblemError(f"{out} is not a folder.", hint="--out names the folder for the files.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _rendered(
    names: list[str], copy: str | None, language: str, template: str | None
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Each document as PDF, one after the other, read and rendered in turn so that memory stays as it is."""
    from invo_cli import clock
    from invo_cli.db.session import read
    from invo_cli.exports.pdf import Sheet, copies_of, render_together, safe_name
    from invo_cli.services import printing

    taken: set[str] = set()
    for name in names:

        def work(session: Session, name: str = name) -> Any:
            business = context.business(session)
            invoice = invoice_lookup_get(session, name)
            return business.code, *printing.paper(session, business, invoice, today=clock.today())

        code, document, extras = read(work)
        sheet = Sheet(document=document, extras=extras, language=language)  # type: ignore[arg-type] # checked above
        copies = copies_of(sheet) if copy == "all" else (copy,)
        sheets = [Sheet(document=document, extras=extras, copy=each, language=language) for each in copies]  # type: ignore[arg-type]
        data = render_together(sheets, template=_template(template, code))
        file = safe_name(document["number"] or document["id"], taken=taken, identity=document["kind"])
        taken.add(file.lower())
        row = {"id": document["id"], "number": document["number"], "copy": copy, "language": language}
        yield row | {"name": f"{file}.pdf", "bytes": len(data)}, data


def _template(wanted: str | None, business: str) -> str:
    """The template asked for, else the business's own in INVO_HOME/templates/CODE, else a4."""
    from invo_cli.settings import home

    own = home() / "templates" / business
    return wanted or (str(own) if own.is_dir() else "a4")


def _to_stdout(data: bytes) -> None:
    import sys

    if sys.stdout.isatty():
        raise UsageProblemError("A PDF does not go to a terminal.", hint="Redirect it, or use --out FOLDER.")
    sys.stdout.buffer.write(data)


def _record(printed: list[dict[str, Any]]) -> None:
    from invo_cli.db.session import write
    from invo_cli.services import printing

    act = context.act()
    write(lambda session: printing.record(session, context.business(session), act=act, prints=printed))
