"""Reports over issued documents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from invo_cli import clock
from invo_cli.commands import context, parsers, report_output, selection
from invo_cli.commands.flags import takes
from invo_cli.commands.parsers import examples
from invo_cli.commands.report_options import (
    AsOf,
    BestFlags,
    Buckets,
    DaybookFlags,
    PageFlags,
    ReportFlags,
    Since,
    bounds,
)
from invo_cli.views.listing import Listing, resolved_format

if TYPE_CHECKING:
    from invo_cli.commands.report_output import Report

app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")
SALES = ("month", "customer", "item", "state", "rate", "kind")
TAXES = ("month", "rate", "state", "kind")
COLLECTIONS = ("method", "day", "month", "customer")


def _one_of(words: tuple[str, ...]) -> Any:
    def parse(word: str) -> str:
        return selection.one_of(word, words, "way to group by")

    return typer.Option(parser=parse, metavar="KEY", help=f"One row for each {', '.join(words)}.")


@app.command(
    epilog=examples(
        "invo report sales",
        "invo report sales --period this-month --compare",
        "invo report sales --period fy --by rate -o csv",
        "invo report sales --from 2026-04-01 --by state --html sales.html",
    )
)
@takes(ReportFlags)
def sales(flags: ReportFlags, by: Annotated[str, _one_of(SALES)] = "month") -> None:
    """Add up issued documents, credit notes negative; cancelled ones do not count."""
    from invo_cli.views.reports import SALES as LISTINGS

    report_output.run(_sales(by, f"Sales by {by}", LISTINGS[by], "total"), flags)


@app.command(
    "tax-summary",
    epilog=examples(
        "invo report tax-summary --period last-month",
        "invo report tax-summary --period fy --by rate -o csv",
        "invo report tax-summary --period 2026q3 --compare",
    ),
)
@takes(ReportFlags)
def tax_summary(flags: ReportFlags, by: Annotated[str, _one_of(TAXES)] = "month") -> None:
    """Add up taxable value and tax by kind of supply; the month is that of the return."""
    from invo_cli.services import tax_reports
    from invo_cli.views.charts import Chart
    from invo_cli.views.reports import TAX_SUMMARY

    names = tax_reports.TAX_GROUPINGS[by].names
    report = report_output.Report(
        title=f"Tax by {by}",
        work=lambda session, business, days: tax_reports.tax_summary(session, business, by=by, days=days),
        names=names,
        listing=TAX_SUMMARY[by],
        chart=Chart(labels=names[:1], amount="tax", is_series=by == "month"),
    )
    report_output.run(report, flags)


@app.command(epilog=examples("invo report hsn --period last-month", "invo report hsn --period 2026-10 -o csv"))
@takes(ReportFlags)
def hsn(flags: ReportFlags) -> None:
    """Add up lines by HSN, unit, rate and kind of buyer, as table 12 of GSTR-1 does."""
    from invo_cli.services import tax_reports
    from invo_cli.views.charts import Chart
    from invo_cli.views.reports import HSN

    report = report_output.Report(
        title="HSN summary",
        work=tax_reports.hsn,
        names=tax_reports.HSN.names,
        listing=HSN,
        chart=Chart(labels=("hsn",), amount="taxable_value"),
    )
    report_output.run(report, flags)


@app.command(
    epilog=examples(
        "invo report collections --period this-month",
        "invo report collections --period -7d --by day",
        "invo report collections --period fy --by month --compare",
    )
)
@takes(ReportFlags)
def collections(flags: ReportFlags, by: Annotated[str, _one_of(COLLECTIONS)] = "method") -> None:
    """Add up payments received and refunds given; voided ones do not count."""
    from invo_cli.services import collecting
    from invo_cli.views.charts import Chart
    from invo_cli.views.reports import COLLECTIONS as LISTINGS

    names, is_series = collecting.NAMES[by], by in ("day", "month")
    report = report_output.Report(
        title=f"Collections by {by}",
        work=lambda session, business, days: collecting.collections(session, business, by=by, days=days),
        names=names,
        listing=LISTINGS[by],
        chart=Chart(labels=names[:1] if is_series else names, amount="net", is_series=is_series),
    )
    report_output.run(report, flags)


@app.command(epilog=examples("invo report items --period fy", "invo report items --period last-month --compare"))
@takes(BestFlags)
def items(flags: BestFlags) -> None:
    """List what sells best, by taxable value."""
    from invo_cli.views.reports import ITEMS

    report = _sales("item", "Items that sell best", ITEMS, "taxable_value")
    report_output.run(report, flags, context.page_limit(flags.limit, flags.everything))


@app.command(epilog=examples("invo report customers --period fy --limit 10", "invo report customers -o json"))
@takes(BestFlags)
def customers(flags: BestFlags) -> None:
    """List who buys most, by taxable value."""
    from invo_cli.views.reports import CUSTOMERS

    report = _sales("customer", "Customers who buy most", CUSTOMERS, "taxable_value")
    report_output.run(report, flags, context.page_limit(flags.limit, flags.everything))


@app.command(
    epilog=examples(
        "invo report daybook", "invo report daybook --period yesterday", "invo report daybook --period 2026-10 -o csv"
    )
)
@takes(DaybookFlags)
def daybook(flags: DaybookFlags) -> None:
    """List documents, notes, payments, refunds and cancellations in order; left out: those of today."""
    from invo_cli.commands.entering import stream
    from invo_cli.services.daybook import daybook as movements
    from invo_cli.settings import get_settings
    from invo_cli.views.reports import DAYBOOK, as_row

    today = clock.today()
    days = flags.days() if flags.period or flags.first or flags.last else (today, today)
    found = stream(lambda session: movements(session, context.business(session), days), patient=True)
    if flags.is_printed and resolved_format(get_settings().output) != "table":
        context.show_rows(map(as_row, found), DAYBOOK)
        return
    rows = list(found)
    total = {key: rows[-1][f"total_{key}"] for key in ("debit", "credit")} if rows else {}
    report_output.show(report_output.page(report_output.titled("Daybook", days), DAYBOOK, rows, total), flags)


@app.command(
    epilog=examples(
        "invo report receivables",
        "invo report receivables --as-of 2026-09-30 -o json",
        "invo report receivables --fields customer_code,overdue -o csv",
    )
)
@takes(PageFlags)
def receivables(flags: PageFlags, as_of: AsOf = "today") -> None:  # type: ignore[assignment] # read like what is typed
    """List what each customer owed at the end of a day, whatever was paid later."""
    from invo_cli.commands.entering import read
    from invo_cli.services import reports
    from invo_cli.services.receivables import receivables as owed
    from invo_cli.views.charts import Chart
    from invo_cli.views.reports import RECEIVABLES, amounts

    found = read(lambda session: owed(session, context.business(session), as_of=as_of))
    total = reports.total(found, amounts(RECEIVABLES))
    chart = Chart(labels=("customer_code", "customer_name"), amount="balance")
    report_output.show(report_output.page(f"Receivables on {as_of}", RECEIVABLES, found, total, chart), flags)


@app.command(
    epilog=examples(
        "invo report ageing",
        "invo report ageing --as-of 2026-09-30 --buckets 15,45 --by invoice",
        "invo report ageing -o json",
    )
)
@takes(PageFlags)
def ageing(
    flags: PageFlags,
    as_of: AsOf = "today",  # type: ignore[assignment] # Typer reads a default like what is typed
    buckets: Buckets = "30,60,90",
    by: Since = "due",
) -> None:
    """List what each customer owed at the end of a day, by the days it was late, whatever was paid later."""
    from invo_cli.commands.entering import read
    from invo_cli.services import ageing as service
    from invo_cli.views import ageing as view

    late = bounds(buckets)
    found = read(lambda session: service.ageing(session, context.business(session), as_of=as_of, buckets=late, by=by))
    page = view.page(f"Ageing on {as_of}", found, service.names(late))
    report_output.show(page, flags, shape=(found, view.AGEING))


@app.command(
    epilog=examples(
        "invo report dashboard",
        "invo report dashboard --period last-month --html dashboard.html",
        "invo report dashboard -o json",
    )
)
@takes(PageFlags)
def dashboard(flags: PageFlags, period: selection.Within = None) -> None:
    """Show sales, tax, money and debts of a month on one page, beside the month before; left out: this month."""
    from invo_cli.commands.entering import read
    from invo_cli.services.dashboard import dashboard as facts
    from invo_cli.views import dashboards, report_pages
    from invo_cli.views.reports import as_row

    today = clock.today()
    days = period or parsers.period("this-month")
    row = as_row(
        read(lambda session: facts(session, context.business(session), first=days.first, last=days.last, today=today))
    )
    draw = partial(dashboards.draw, row)
    if flags.is_printed:
        context.show_record(row, dashboards.DASHBOARD, lambda _: report_pages.show(draw))
    else:
        report_output.write(f"Dashboard of {row['name']}", draw, flags)


def _sales(by: str, title: str, listing: Listing, measure: str) -> Report:
    """Sales by one of SALES; items and customers, which have names, are drawn by code and name."""
    from invo_cli.commands.report_output import Report
    from invo_cli.services import reports
    from invo_cli.views.charts import Chart

    names = reports.GROUPINGS[by].names
    return Report(
        title=title,
        work=lambda session, business, days: reports.sales(session, business, by=by, days=days),
        names=names,
        listing=listing,
        chart=Chart(labels=names[:2], amount=measure, is_series=by == "month"),
        is_ranked=measure == "taxable_value",
    )
