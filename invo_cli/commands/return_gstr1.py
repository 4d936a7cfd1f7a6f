"""GSTR-1 and IFF: shown, checked, written as the portal's file or as a workbook."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli.commands import context, parsers
from invo_cli.commands.return_options import Force, Out, PeriodOption
from invo_cli.errors import ConflictError, FindingsError, InvalidError, UsageProblemError
from invo_cli.gst.filing import Span
from invo_cli.views import remarks

if TYPE_CHECKING:
    from invo_cli.gst.returns.findings import Finding
    from invo_cli.gst.returns.gstr1 import Gstr1

NAMED = 3
"""How many findings a refusal names."""


def gstr1(
    period: PeriodOption,
    out: Out = None,
    iff: Annotated[bool, typer.Option("--iff", help="The IFF of one of the first two months of a quarter.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="What the portal would refuse or warn about; exit 10 when there is any.")
    ] = False,
    xlsx: Annotated[
        str | None, typer.Option("--xlsx", metavar="FILE", help="A workbook with one sheet per section.")
    ] = None,
    gt: Annotated[
        Decimal | None,
        typer.Option(
            "--gt", parser=parsers.amount, metavar="RUPEES", help="Gross turnover of last year, for the file."
        ),
    ] = None,
    cur_gt: Annotated[
        Decimal | None,
        typer.Option(
            "--cur-gt", parser=parsers.amount, metavar="RUPEES", help="That of this year so far, for the file."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Make GSTR-1 of a month or quarter from the books; without --out only its summary."""
    if out == "-" and (check or xlsx == "-"):
        raise UsageProblemError("Only one thing goes to stdout.", hint="Name a file for one of them.")
    found = read(period, iff=iff)
    if found.books.filer.is_composition:
        remarks.warn("A composition taxpayer files no GSTR-1 but the statement of: invo return cmp08")
    _supply_turnovers(found, gt, cur_gt)
    if xlsx is not None:
        _write_workbook(found, xlsx, iff=iff, force=force)
    if out is not None and not (check and _hard(found)):
        _refuse_hard(found)
        _write_file(found, out, iff=iff, force=force)
    if check:
        _show_findings(found)
        return
    for finding in found.findings:
        remarks.warn(f"{finding.rule} {finding.document or finding.section}: {finding.message} {finding.fix}")
    if out != "-":
        _show_summary(found, iff=iff)


def read(period: Span, *, iff: bool = False) -> Gstr1:
    """The return of the period from one snapshot of the books of the business of this run."""
    from invo_cli.commands.entering import stream
    from invo_cli.gst.returns import gstr1 as building
    from invo_cli.services.returns import filing, reading

    def work(session: Any) -> Iterator[tuple[Gstr1, str | None]]:
        business = context.business(session)
        span = reading.span_of(business, period, iff=iff)
        furnished = filing.furnished(session, business, span)
        unusual = business.code if reading.is_unusual(business, span, iff=iff) else None
        yield building.build(reading.books_of(session, business, span, furnished=furnished)), unusual

    with _without_collector():
        found, code = next(iter(list(stream(work, patient=True))))
    if code is not None:
        remarks.warn(f"{code} files monthly. A quarterly filer is marked with: invo business edit {code} --quarterly")
    return found


def _supply_turnovers(found: Gstr1, gt: Decimal | None, cur_gt: Decimal | None) -> None:
    """The books do not know the turnover of all registrations together: it is in the file only when it is given."""
    from invo_cli.gst.money import to_paise

    before, current = (None if rupees is None else to_paise(rupees) for rupees in (gt, cur_gt))
    filer = replace(found.books.filer, gt_paise=before, cur_gt_paise=current)
    found.books = replace(found.books, filer=filer)


def written(text: str, name: str) -> dict[str, Any]:
    """What the audit trail keeps of a file."""
    data = text.encode()
    return {"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}


def note(subject: str, files: list[dict[str, Any]]) -> None:
    """Note the files of a return in the audit trail."""
    from invo_cli.commands.entering import write
    from invo_cli.services.returns import filing

    act = context.act()
    write(lambda session: filing.record(session, context.business(session), act=act, subject=subject, files=files))
    for file in files:
        where = "stdout" if file["name"] == "-" else file["name"]
        remarks.note(f"Wrote {where}, {file['bytes']:,} bytes, SHA-256 {file['sha256']}.")


def subject_of(found: Gstr1, kind: str) -> str:
    """How the audit trail calls a return."""
    books = found.books
    return f"{kind}:{Span(books.period, books.months).label}"


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hundreds of thousands of tuples make no cycles: looking for them takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _show_summary(found: Gstr1, *, iff: bool) -> None:
    from invo_cli.gst.returns.summary import summarize
    from invo_cli.views.returns import SUMMARY, summary_row

    context.show_rows(map(summary_row, summarize(found, iff=iff)), SUMMARY)


def _show_findings(found: Gstr1) -> None:
    from invo_cli.views.returns import FINDINGS, finding_row

    context.show_rows(map(finding_row, found.findings), FINDINGS)
    if found.findings:
        hard = sum(finding.hard for finding in found.findings)
        raise FindingsError(
            f"{len(found.findings)} findings: the portal would refuse the file for {hard} of them.",
            hint="Correct the documents named, then check again.",
        )
    remarks.note("Nothing is wrong with it.")


def _hard(found: Gstr1) -> list[Finding]:
    return [finding for finding in found.findings if finding.hard]


def _refuse_hard(found: Gstr1) -> None:
    hard = _hard(found)
    if not hard:
        return
    named = " ".join(f"{each.rule} {each.document or each.section}: {each.message}" for each in hard[:NAMED])
    more = f" And {len(hard) - NAMED} more." if len(hard) > NAMED else ""
    raise InvalidError(f"The portal would refuse this file: {named}{more}", hint="See them all with --check.")


def _write_file(found: Gstr1, out: str, *, iff: bool, force: bool) -> None:
    from invo_cli.exports import files
    from invo_cli.gst.returns import writing

    texts = list(writing.parts(found, iff=iff))
    targets = _targets(found, out, len(texts))
    for target in targets if out != "-" else ():
        if Path(target).exists() and not force:
            raise ConflictError(f"{target} is there already.", hint="Overwrite it with --force, or name another file.")
    _remove_other_parts(out, targets, force=force)
    for target, text in zip(targets, texts, strict=True):
        with files.destination(target, force=force) as file:
            file.write(text)
    kind = "iff" if iff else "gstr1"
    made = [written(text, target) for target, text in zip(targets, texts, strict=True)]
    note(subject_of(found, kind), made)


def _targets(found: Gstr1, out: str, parts: int) -> list[str]:
    """The files of the parts: in a folder under the names of the portal's tool, else the one file named."""
    from invo_cli import clock
    from invo_cli.gst.returns.writing import file_name

    if out != "-" and Path(out).is_dir():
        gstin, today = found.books.filer.gstin, clock.today()
        numbers: list[int | None] = [None] if parts == 1 else [*range(1, parts + 1)]
        return [str(Path(out) / file_name(gstin, today, number)) for number in numbers]
    if parts > 1:
        raise InvalidError(
            f"The portal takes this return in {parts} files only.", hint="Name a folder that is there: --out FOLDER."
        )
    return [out]


def _remove_other_parts(out: str, targets: list[str], *, force: bool) -> None:
    """Parts of an earlier, larger return of the same day would be uploaded with the new ones."""
    folder = Path(out)
    if out == "-" or not folder.is_dir():
        return
    stem = Path(targets[0]).name.partition("_offline")[0]
    others = [path for path in folder.glob(f"{stem}_offline*.json") if str(path) not in targets]
    if others and not force:
        raise ConflictError(
            f"{others[0]} belongs to an earlier file of this return.",
            hint="Remove it with --force, or empty the folder.",
        )
    for path in others:
        path.unlink()


def _write_workbook(found: Gstr1, target: str, *, iff: bool, force: bool) -> None:
    from invo_cli.exports import files, returns_workbook
    from invo_cli.gst.returns import summary

    data = returns_workbook.workbook(found, summary.summarize(found, iff=iff))
    with files.binary(target, force=force) as out:
        out.write(data)
    note(subject_of(found, "gstr1"), [{"name": target, "bytes": len(data), "sha256": sha256(data).hexdigest()}])
