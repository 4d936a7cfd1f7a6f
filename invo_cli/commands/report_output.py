"""Where a report goes: a table with totals and a chart for a person, rows for a program, or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from invo_cli.commands import context
from invo_cli.commands.report_options import PageFlags, ReportFlags
from invo_cli.options import current
from invo_cli.views import remarks
from invo_cli.views.listing import Listing, Row, resolved_format

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.models import Business
    from invo_cli.services.report_sums import Days
    from invo_cli.views.charts import Chart
    from invo_cli.views.report_pages import Draw, Page

    Work = Callable[[Session, Business, Days], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report over days: where its rows come from, and how they look."""

    title: str
    work: Work
    names: Sequence[str]
    """The fields by which a row of now is found among those of the period before."""
    listing: Listing
    chart: Chart
    """Its amount is what is compared."""
    is_ranked: bool = False


def run(report: Report, flags: ReportFlags, limit: int | None = None) -> None:
    """Read a report over the days wanted, and the days before where they are compared; show the first `limit` rows."""
    from invo_cli.commands.entering import read
    from invo_cli.services import reports
    from invo_cli.views.reports import amounts, compared

    both = flags.compared_days()
    listing = compared(report.listing, report.chart.amount) if both else report.listing
    found = read(lambda session: _rows(session, report, flags.days(), both))
    total: dict[str, Any] = reports.total(found, amounts(listing))
    if both:
        total |= _changes(total, report.chart.amount)
    if limit is not None and len(found) > limit:
        remarks.note(f"Showing {limit} of {len(found)}; the rest: --all.")
    title = titled(report.title, both or flags.days())
    show(page(title, listing, found[:limit], total, report.chart), flags)


def page(
    title: str, listing: Listing, found: Sequence[Row], total: Mapping[str, Any], chart: Chart | None = None
) -> Page:
    """The page of a report; one without rows has no total."""
    from invo_cli.views import charts, report_pages
    from invo_cli.views.reports import as_row, total_row

    rows = list(map(as_row, found))
    return report_pages.Page(
        title=title,
        listing=listing,
        rows=rows,
        total=total_row(listing, total) if rows else None,
        chart=partial(charts.draw, chart, rows) if chart else None,
    )


def show(page: Page, flags: PageFlags, shape: tuple[Sequence[Row], Listing] | None = None) -> None:
    """Print a report, or write its page; `shape` is what JSON gets where that differs."""
    from invo_cli.settings import get_settings
    from invo_cli.views import report_pages

    how = resolved_format(get_settings().output)
    if not flags.is_printed:
        write(page.title, page.draw, flags)
    elif how == "table" and current.get().fields is None:
        report_pages.show(page.draw)
    elif how == "table":
        context.show_rows(page.lines, page.listing)
    else:
        context.show_rows(*(shape if shape and how in ("json", "jsonl") else (page.rows, page.listing)))


def write(title: str, draw: Draw, flags: PageFlags) -> None:
    """Write the page to the files asked for."""
    from invo_cli.exports import files
    from invo_cli.views import report_pages

    wanted = ((flags.html, report_pages.as_html), (flags.svg, report_pages.as_svg))
    for target, written in ((target, written) for target, written in wanted if target is not None):
        text = written(title, draw)
        with files.destination(target, force=flags.force) as out:
            out.write(text)
        if target != "-":
            remarks.note(f"Wrote {target}.")


def _rows(session: Session, report: Report, days: Days, both: tuple[date, date] | None) -> list[dict[str, Any]]:
    from invo_cli.services import reports
    from invo_cli.services.comparing import Comparison

    business = context.business(session)
    if both is None:
        found = report.work(session, business, days)
    else:
        compared = Comparison(*both)
        now, before = (report.work(session, business, period) for period in (both, compared.before))
        found = compared.compared(now, before, report.names, report.chart.amount)
    return reports.ranked(found) if report.is_ranked else found


def _changes(total: Mapping[str, Decimal], measure: str) -> dict[str, Any]:
    from invo_cli.services.comparing import changes

    return changes(total[measure], total[f"previous_{measure}"], measure)


def titled(words: str, days: Days) -> str:
    """A title with the days it is about."""
    first, last = days
    if first is not None and first == last:
        return f"{words} of {first}"
    return " ".join([words, *([f"from {first}"] if first else ()), *([f"to {last}"] if last else ())])
