"""The number of a document, its dates and the return that reports it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from invo_cli.errors import InvalidError
from invo_cli.gst.numbering import check_number
from invo_cli.gst.periods import GST_BEGAN, FinancialYear, parse_return_period, return_period
from invo_cli.gst.rules.base import Breach, Case, refuses, warns
from invo_cli.gst.text import quoted


@refuses(
    "GST-07",
    "A document number has 1 to 16 letters, digits, hyphens and slashes, and begins with a letter or 1-9.",
    "CGST Rules 46(b), 49(b), 53(1A); INV-01 DocDtls.No",
)
def number(case: Case) -> Iterator[Breach]:
    """The strictest common rule of invoices, returns and the invoice portal."""
    if case.document.number is None:
        return
    try:
        check_number(case.document.number)
    except InvalidError as error:
        yield Breach(error.message, error.hint or "Choose another number.", "number")


@refuses("GST-10", "A document is not dated before 2017-07-01, when GST began.", "Notification 9/2017-Central Tax")
def not_before_gst(case: Case) -> Iterator[Breach]:
    """Older papers belong to the taxes before."""
    if case.document.date < GST_BEGAN:
        yield Breach(
            f"The date {case.document.date} lies before {GST_BEGAN}, when GST began.", "Check the year.", "date"
        )


@refuses("GST-11", "A document is not dated after today.", "CGST Rules 46(c), date of issue")
def not_after_today(case: Case) -> Iterator[Breach]:
    """The date is the day of issue, in Asia/Kolkata."""
    if case.document.date > case.today:
        yield Breach(f"The date {case.document.date} lies after today.", "Keep it as a draft until then.", "date")


@refuses("GST-12", "Payment is not due before the date of the document.", "Trade practice")
def due_date(case: Case) -> Iterator[Breach]:
    """Due on the day itself is right: cash."""
    due = case.document.due_date
    if due is not None and due < case.document.date:
        yield Breach(
            f"The due date {due} lies before the date {case.document.date}.",
            "Give the date of the document or a later one.",
            "due_date",
        )


@refuses("GST-13", "No document is dated inside a locked period.", "CGST Act s.37(3), s.39(9)")
def open_period(case: Case) -> Iterator[Breach]:
    """What was reported is corrected in a later return."""
    if case.is_locked:
        yield Breach(
            f"The date {case.document.date} lies in a locked period.",
            "Date it in an open period.",
            "date",
        )


@refuses("GST-14", "The return that reports a document is not before its own month.", "CGST Act s.37(1)")
def reporting_return(case: Case) -> Iterator[Breach]:
    """A later return is right: documents are reported late, and quarterly."""
    text = case.document.return_period
    if text is None:
        return
    try:
        period = parse_return_period(text)
    except InvalidError as error:
        message = f"Return period {quoted(text)} is not a month of GST."
        yield Breach(message, error.hint or "Write it as MMYYYY.", "return_period")
        return
    if period.last < case.document.date:
        yield Breach(
            f"Return period {text} ends before the date {case.document.date}.",
            "Leave it out: it follows from the date.",
            "return_period",
        )


@refuses(
    "GST-23",
    "A document is reported by the return of the November after its financial year.",
    "CGST Act s.34(2), s.37(3)",
)
def reported_in_time(case: Case) -> Iterator[Breach]:
    """Later returns take no document of that year."""
    last = correctable_until(case.document.date)
    text = case.document.return_period
    try:
        is_late = text is not None and parse_return_period(text).first > last
    except InvalidError:
        return
    if is_late:
        yield Breach(
            f"Return period {text} comes after {return_period(last)}, the last that takes {case.document.date}.",
            "Give an earlier one, or leave it out: it follows from the date.",
            "return_period",
        )


@warns("GST-24", "What is amended stands in a return that was filed.", "CGST Act s.37(3)")
def amended_when_filed(case: Case) -> Iterator[Breach]:
    """Until then the document could be cancelled; the return of its month still has to report it."""
    if case.unfiled is not None:
        yield Breach(
            f"{case.unfiled} is amended, and its month is not locked yet: that return reports it as it was.",
            "File and lock that month first: invo return lock.",
            "amends",
        )


def correctable_until(day: dt.date) -> dt.date:
    """30 November after the financial year of a day: until then what was reported can be corrected."""
    return dt.date(FinancialYear.of(day).last_day.year, 11, 30)


RULES = (
    *(number, not_before_gst, not_after_today, due_date, open_period, reporting_return, reported_in_time),
    amended_when_filed,
)
