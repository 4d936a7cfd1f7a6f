"""Whether every number is there once and is what its series says, and no counter lies behind (CGST Rules, 46(b))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from textwrap import shorten
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from invo_cli.errors import InvoError
from invo_cli.gst.numbering import NumberPattern, number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Business
from invo_cli.services import series_audit
from invo_cli.services.access import Right, demands
from invo_cli.services.verifying.findings import BATCH, Finding, Rule, broken, rule

CHECK = "numbers"
LONGEST = 300
"""Characters of a finding: a series may lack thousands of numbers."""
_FIX = "Compare it with a backup, and see: invo series audit"
_PAPERS = text("""
    SELECT 'invoice:D-' || document_no AS subject, number, number_key, series, serial, financial_year,
        CAST(dated_on AS VARCHAR(32)) AS dated_on
    FROM invoices WHERE business_id = :business
    UNION ALL SELECT 'payment:' || number, number, number_key, series, serial, financial_year,
        CAST(dated_on AS VARCHAR(32))
    FROM payments WHERE business_id = :business
    UNION ALL SELECT 'payment:' || number, voucher, NULL, voucher_series, voucher_serial, financial_year,
        CAST(dated_on AS VARCHAR(32))
    FROM payments WHERE business_id = :business AND voucher IS NOT NULL
""")
_RULES: tuple[Rule, ...] = (
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, b.last_document_no FROM invoices i
        JOIN books b ON b.business_id = i.business_id
        WHERE i.business_id = :business AND (i.document_no > b.last_document_no OR i.document_no < 1)
        ORDER BY i.document_no
        """,
        "Its name lies beyond the counter of documents, which is at {last_document_no}: it will be given again.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || min(document_no) AS subject, count(*) AS times, max(number) AS number FROM invoices
        WHERE business_id = :business AND number_key IS NOT NULL GROUP BY kind, financial_year, number_key
        HAVING count(*) > 1 ORDER BY min(document_no)
        """,
        "Its number {number} is there {times} times.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || document_no AS subject, status FROM invoices
        WHERE business_id = :business AND (status = 'draft') <> (number IS NULL) ORDER BY document_no
        """,
        "A draft has no number and every other document has one; this one is {status}.",
        _FIX,
    ),
)


@demands(Right.AUDIT_VERIFY)
def check(session: Session, business: Business) -> Iterator[Finding]:
    """Every series against its counter, and every number against its series, in bounded memory."""
    for account in series_audit.accounted(session, business.id):
        if not account.is_sound:
            subject = f"series:{account.kind}"
            sentence = shorten(series_audit.finding(account), LONGEST, placeholder=" …")
            yield Finding(CHECK, subject, f"{sentence}.", _FIX, business.code)
    yield from broken(session, business, CHECK, _RULES)
    with session.execute(_PAPERS, {"business": business.id}, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            problem = _problem(row)
            if problem:
                yield Finding(CHECK, row.subject, problem, _FIX, business.code)


def _problem(row: Row[*tuple[Any, ...]]) -> str | None:
    """What is wrong with the number of a paper, or None."""
    try:
        year = FinancialYear.of(date.fromisoformat(str(row.dated_on)))
    except ValueError:
        return f"Its date {row.dated_on!r} cannot be read."
    if row.financial_year != year.label:
        return f"It is dated {row.dated_on}, in {year}, but was counted in {row.financial_year}."
    if row.number_key is not None and row.number_key != number_key(row.number or ""):
        return f"It is found as {row.number_key!r}, but its number is {row.number!r}."
    if row.number is None or not row.series:
        return None
    try:
        rendered = NumberPattern(row.series).serial_of(year, row.number)
    except (InvoError, TypeError, ValueError):
        rendered = None
    if rendered != row.serial:
        return f"Its number {row.number!r} is not serial {row.serial} of its series {row.series!r}."
    return None
