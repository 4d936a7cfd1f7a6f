"""How documents and vouchers become PDF files, or one PDF on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, selection
from invo_cli.errors import UsageProblemError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.models import Business

COPIES = ("original", "duplicate", "triplicate", "all")
LANGUAGES = ("en", "hi")
Paper = tuple[dict[str, Any], dict[str, Any]]
"""A document as scripts see it, and the particulars kept elsewhere."""


def _copy(word: str) -> str:
    return selection.one_of(word, COPIES, "copy")


def _language(word: str) -> str:
    return selection.one_of(word, LANGUAGES, "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFlags:
    """How to print."""

    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FOLDER|FILE.pdf|-", help="Where the files go; - is one PDF on stdout."),
    ] = None
    copy: Annotated[
        str | None,
        typer.Option(parser=_copy, metavar="COPY", help=f"{', '.join(COPIES)} (Rule 48); left out: unmarked."),
    ] = None
    language: Annotated[str, typer.Option(parser=_language, metavar="CODE", help="en or hi.")] = "en"
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME|FOLDER", help="a4, thermal, or a folder of your own; see docs/templates.md."),
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False


def print_all(names: list[str], flags: PaperFlags, paper_of: Callable[[Session, Business, str], Paper]) -> None:
    """Print each named document into the folder, note it in the audit trail and list the files."""
    if flags.out == "-" and len(names) != 1:
        raise UsageProblemError(f"One PDF goes to stdout, not {len(names)}.", hint="Name a folder with --out FOLDER.")
    folder, own_name = _target(flags.out, len(names))
    printed: list[dict[str, Any]] = []
    try:
        for row, data in _rendered(names, flags, paper_of):
            row["name"] = own_name or row["name"]
            _put(row, data, folder, flags.force)
            printed.append(row)
    finally:
        _record(printed)
    if folder is not None:
        from invo_cli.views.invoices import PRINTS

        context.show_rows(printed, PRINTS)


def _target(out: str | None, count: int) -> tuple[Path | None, str | None]:
    """The folder for the files, None for stdout; and the name of the file when one is named."""
    if out is None:
        raise UsageProblemError("Say where the files go.", hint="Use --out FOLDER, or --out - for stdout.")
    if out == "-":
        return None, None
    folder, own_name = Path(out), None
    if folder.suffix.lower() == ".pdf" and not folder.is_dir():
        if count != 1:
            raise UsageProblemError(f"One PDF goes to a file, not {count}.", hint="Name a folder with --out FOLDER.")
        folder, own_name = folder.parent, folder.name
    if folder.exists() and not folder.is_dir():
        raise UsageProblemError(f"{folder} is not a folder.", hint="--out names the folder for the files.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder, own_name


def _rendered(
    names: list[str], flags: PaperFlags, paper_of: Callable[[Session, Business, str], Paper]
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Each document as PDF, read and rendered in turn, so that memory stays as it is."""
    from invo_cli.commands.entering import read
    from invo_cli.exports.pdf import Sheet, copies_of, render_together, safe_name

    taken: set[str] = set()
    for name in names:

        def work(session: Session, name: str = name) -> Any:
            business = context.business(session)
            return business.code, *paper_of(session, business, name)

        code, document, extras = read(work)

        def sheet(copy: str | None, document: Any = document, extras: Any = extras) -> Sheet:
            return Sheet(document=document, extras=extras, copy=copy, language=flags.language)  # type: ignore[arg-type]

        copies = copies_of(sheet(None)) if flags.copy == "all" else (flags.copy,)
        data = render_together([sheet(copy) for copy in copies], template=template_of(flags.template, code))
        file = safe_name(document["number"] or document["id"], taken=taken, identity=document["kind"])
        taken.add(file.lower())
        row = {key: document[key] for key in ("id", "number", "kind")}
        yield row | {"copy": flags.copy, "language": flags.language, "name": f"{file}.pdf", "bytes": len(data)}, data


def template_of(wanted: str | None, business: str) -> str:
    """The template asked for, else the business's own in INVO_HOME/templates/CODE, else a4."""
    from invo_cli.settings import home

    own = home() / "templates" / business
    return wanted or (str(own) if own.is_dir() else "a4")


def _put(row: dict[str, Any], data: bytes, folder: Path | None, force: bool) -> None:
    name = row.pop("name")
    if folder is None:
        _to_stdout(data)
        return
    from invo_cli.exports.files import store

    path = folder / name
    store(path, data, force=force)
    row["file"] = str(path)


def _to_stdout(data: bytes) -> None:
    if sys.stdout.isatty():
        raise UsageProblemError("A PDF does not go to a terminal.", hint="Redirect it, or use --out FOLDER.")
    sys.stdout.buffer.write(data)


def _record(printed: list[dict[str, Any]]) -> None:
    from invo_cli.commands.entering import write
    from invo_cli.services import printing

    act = context.act()
    write(lambda session: printing.record(session, context.business(session), act=act, prints=printed))
