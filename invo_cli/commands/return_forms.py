"""GSTR-3B and CMP-08 from the books: figures to hold against the portal's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from invo_cli.commands import context, return_gstr1, selection
from invo_cli.commands.return_options import Force, OutFile, PeriodOption, QuarterOption
from invo_cli.errors import FindingsError, InvalidError
from invo_cli.views import remarks

CLASSES = ("trader", "manufacturer", "restaurant", "services")
RATES = {"trader": 1000, "manufacturer": 1000, "restaurant": 5000, "services": 6000}
"""Composition rates in thousandths of a per cent, CGST and SGST together (CGST Rules, rule 7; s.10(2A))."""


def _class(word: str) -> str:
    return selection.one_of(word, CLASSES, "class")


def gstr3b(period: PeriodOption, out: OutFile = None, force: Force = False) -> None:
    """Show the outward supplies of GSTR-3B from the books, to check the figures that the portal has locked."""
    from invo_cli.exports import files
    from invo_cli.gst.returns import gstr3b as form
    from invo_cli.views.returns import FINDINGS, FORM, form_row, unequal_row

    found = return_gstr1.read(period)
    if unequal := form.differences(found):
        context.show_rows(map(unequal_row, unequal), FINDINGS)
        raise FindingsError("GSTR-3B and GSTR-1 of the same books do not agree.", hint="Report this as a bug.")
    if out is not None:
        text = form.text(found)
        with files.destination(out, force=force) as file:
            file.write(text)
        return_gstr1.note(return_gstr1.subject_of(found, "gstr3b"), [return_gstr1.written(text, out)])
    if out != "-":
        context.show_rows(map(form_row, form.rows(found)), FORM)


def cmp08(
    quarter: QuarterOption,
    class_: Annotated[
        str | None, typer.Option("--class", parser=_class, metavar="CLASS", help=f"{', '.join(CLASSES)}.")
    ] = None,
) -> None:
    """Show the quarterly statement of a composition taxpayer; left out, the class is services at 6 %."""
    from invo_cli.commands.entering import stream
    from invo_cli.gst.returns import cmp08 as form
    from invo_cli.services.returns import reading
    from invo_cli.views.returns import FORM, statement_rows

    chosen = class_ or "services"

    def work(session: Any) -> Iterator[form.Cmp08]:
        business = context.business(session)
        if not business.is_composition:
            raise InvalidError(
                f"{business.code} is no composition taxpayer.", hint="It files: invo return gstr1, invo return gstr3b"
            )
        books = reading.books_of(session, business, reading.span_of(business, quarter))
        yield form.statement(books, flat_rate=RATES[chosen], only_taxable=chosen == "trader")

    (found,) = stream(work, patient=True)
    if class_ is None:
        remarks.note(f"At {RATES[chosen] // 1000} % for {chosen}; for others: --class {'|'.join(CLASSES[:-1])}.")
    if found.charged_paise:
        remarks.warn("Documents of the quarter charge tax, which a composition taxpayer may not collect (s.10(4)).")
    context.show_rows(statement_rows(found), FORM)
