"""How long the law keeps a document or payment."""

from __future__ import annotations

from datetime import date

from invo_cli.gst.periods import FinancialYear


def keep_until(day: date) -> date:
    """The last day on which what is dated `day` must be kept.

    The later of 72 months from 31 December after its financial year, when the annual return is due (CGST Act s.36,
    s.44), and eight years from the end of that year (Companies Act s.128(5)).
    """
    end = FinancialYear.of(day).last_day
    return max(date(end.year + 6, 12, 31), end.replace(year=end.year + 8))
