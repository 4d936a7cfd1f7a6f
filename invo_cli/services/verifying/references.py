"""Whether every reference leads somewhere within its business, and what is kept as JSON or as a period can be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import reduce

from sqlalchemy import Column, ColumnElement, ForeignKeyConstraint, Select, String, and_, cast, select
from sqlalchemy.orm import Session

from invo_cli.models import Base, Business
from invo_cli.services.access import Right, demands
from invo_cli.services.verifying.findings import BATCH, Finding, Rule, broken, rule

CHECK = "references"
_FIX = "Compare it with a backup: invo db backup verify"
_JSON = (
    *(("invoices", column, "document_no", "invoice:D-") for column in ("seller", "buyer", "entered")),
    *(("payments", column, "number", "payment:") for column in ("seller", "buyer")),
    ("export_jobs", "settings", "name", "export_job:"),
    ("export_batches", "manifest", "job", "export_job:"),
    ("import_batches", "counters", "name", "import:"),
)
"""Table, column, what a record is called by, and what stands before that in its subject."""
_PERIODS = (
    ("invoices", "return_period", "'invoice:D-' || document_no"),
    ("period_locks", "period", "'period:' || period"),
    ("return_due_dates", "period", "'period:' || period"),
)
_MONTHS = "'01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'"
_RULES: tuple[Rule, ...] = (
    *(
        rule(
            f"SELECT {subject} AS subject, {column} AS period FROM {table} WHERE business_id = :business"
            f" AND (length({column}) <> 6 OR substr({column}, 1, 2) NOT IN ({_MONTHS})"
            f" OR substr({column}, 3) < '2017' OR substr({column}, 3) > '2099')",
            "Its period {period} is no month of returns (MMYYYY).",
            _FIX,
        )
        for table, column, subject in _PERIODS
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, i.return_period AS period FROM invoices i
        JOIN period_locks l ON l.business_id = i.business_id AND l.period = i.return_period
        WHERE i.business_id = :business AND i.issued_at > l.locked_at AND i.created_at > l.locked_at
        ORDER BY i.document_no
        """,
        "It was issued into the period {period} after that was locked.",
        "Unlock the month, correct its return, and lock it again: invo period unlock",
    ),
    rule(
        """
        SELECT 'period:' || period AS subject, period FROM period_locks WHERE business_id = :business
            AND ((arn IS NULL) <> (filed_on IS NULL)
            OR CAST(filed_on AS VARCHAR(32)) < substr(period, 3) || '-' || substr(period, 1, 2) || '-01')
        """,
        "Its return has no ARN or no day, or was filed before the month {period} had begun.",
        "Lock it again with the ARN and the day: invo return lock",
    ),
    rule(
        """
        SELECT 'invoice:D-' || a.document_no AS subject, old.document_no AS amended, old.status FROM invoices a
        JOIN invoices old ON old.business_id = a.business_id AND old.id = a.amends_id
        WHERE a.business_id = :business AND a.status <> 'draft' AND old.status <> 'amended' ORDER BY a.document_no
        """,
        "It amends D-{amended}, which is {status}.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject FROM invoices i
        WHERE i.business_id = :business AND i.status = 'amended' AND NOT EXISTS (
            SELECT 1 FROM invoices a WHERE a.business_id = i.business_id AND a.amends_id = i.id AND a.status <> 'draft')
        ORDER BY i.document_no
        """,
        "It is amended, but nothing amends it.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, e.irn FROM einvoices e
        JOIN invoices i ON i.business_id = e.business_id AND i.id = e.invoice_id
        WHERE e.business_id = :business AND e.cancelled_at IS NULL AND (i.irn IS NULL OR i.irn <> e.irn)
        ORDER BY i.document_no
        """,
        "Its e-invoice {irn} is live, but the document bears another IRN or none.",
        _FIX,
    ),
    rule(
        """
        SELECT 'customer:' || c.code AS subject, o.code FROM customers c
        JOIN customers o ON o.business_id = c.business_id AND o.id = c.merged_into_id
        WHERE c.business_id = :business AND (o.id = c.id OR NOT c.is_deleted) ORDER BY c.code
        """,
        "It is merged into {code}, but is still in use or is merged into itself.",
        _FIX,
    ),
    rule(
        """
        SELECT 'import:' || b.name AS subject, r.line_no, r.subject AS noun FROM import_records r
        JOIN import_batches b ON b.business_id = r.business_id AND b.id = r.batch_id
        WHERE r.business_id = :business AND b.undone_at IS NULL AND NOT (
            (r.subject = 'invoice' AND EXISTS (
                SELECT 1 FROM invoices i WHERE i.business_id = r.business_id AND i.id = r.subject_id))
            OR (r.subject = 'payment' AND EXISTS (
                SELECT 1 FROM payments p WHERE p.business_id = r.business_id AND p.id = r.subject_id))
            OR (r.subject = 'customer' AND EXISTS (
                SELECT 1 FROM customers c WHERE c.business_id = r.business_id AND c.id = r.subject_id))
            OR (r.subject = 'item' AND EXISTS (
                SELECT 1 FROM items t WHERE t.business_id = r.business_id AND t.id = r.subject_id)))
        ORDER BY b.name, r.line_no
        """,
        "The {noun} that line {line_no} made is not there.",
        _FIX,
    ),
)


@demands(Right.AUDIT_VERIFY)
def check(session: Session, business: Business) -> Iterator[Finding]:
    """The consistency of one business within itself, in bounded memory."""
    yield from broken(session, business, CHECK, _RULES)
    for table, column, name, prefix in _JSON:
        yield from _unreadable(session, business, table, column, name, prefix)


@demands(Right.AUDIT_VERIFY)
def check_keys(session: Session) -> Iterator[Finding]:
    """Every foreign key of every table, whatever the database itself enforces."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
            for row in session.execute(_dangling(key), execution_options={"yield_per": BATCH}):
                what = ", ".join(f"{column.name} {value}" for column, value in zip(key.columns, row[0:], strict=False))
                sentence = f"It refers to {key.referred_table.name} by {what}, and there is none."
                yield Finding(CHECK, f"{table.name}:{row[-1]}", sentence, _FIX, None)


def _dangling(key: ForeignKeyConstraint) -> Select[*tuple[object, ...]]:
    """The rows whose reference leads nowhere: the values of the key, and the row's own key as one text."""
    table, other = key.table, key.referred_table.alias("other")
    pairs = [(element.parent, other.c[element.column.name]) for element in key.elements]
    first: Column[object] = next(iter(key.referred_table.primary_key.columns))
    names: list[ColumnElement[str]] = [cast(column, String) for column in table.primary_key.columns]
    own = reduce(lambda text, part: text + "/" + part, names)
    return (
        select(*(column for column, _ in pairs), own)
        .select_from(table.outerjoin(other, and_(*(column == target for column, target in pairs))))
        .where(*(column.is_not(None) for column, _ in pairs), other.c[first.name].is_(None))
    )


def _unreadable(
    session: Session, business: Business, table: str, column: str, name: str, prefix: str
) -> Iterator[Finding]:
    columns = Base.metadata.tables[table].c
    query = select(columns[name], columns[column]).where(columns.business_id == business.id)
    query = query.where(columns[column].is_not(None))
    for called, content in session.execute(query, execution_options={"yield_per": BATCH}):
        try:
            json.loads(content)
        except (TypeError, ValueError):
            yield Finding(CHECK, f"{prefix}{called}", f"Its {column} cannot be read.", _FIX, business.code)
