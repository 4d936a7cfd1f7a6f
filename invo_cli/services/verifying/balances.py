"""Whether what is kept beside documents and payments follows from allocations, notes and refunds, and putting it right.

These columns are derived: nothing but them is ever changed here, and each change leaves an audit event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, TextClause, text, update
from sqlalchemy.orm import Session

from invo_cli.models import Business, Invoice, Payment
from invo_cli.services import audit, books
from invo_cli.services.access import Right, demands
from invo_cli.services.acting import Act
from invo_cli.services.verifying.findings import BATCH, Finding, amount

CHECK = "balances"
SAFE_FIX = "Recompute it with: invo verify --fix balances"
_UNSAFE = "Its allocations or notes come to more than it has: see invo verify allocations"


@dataclass(frozen=True, slots=True)
class _Kept:
    """The derived columns of one table: what they are called, and the query of the records where one is wrong.

    The query gives the key, the subject, each column, and beside it, as `own_…`, what it should be.
    """

    noun: str
    model: type[Invoice] | type[Payment]
    columns: Mapping[str, str]
    query: TextClause


_DOCUMENTS = _Kept(
    "invoice",
    Invoice,
    {
        "paid_paise": "paid",
        "credited_paise": "credited",
        "credit_noted_paise": "credit_notes",
        "debit_noted_paise": "debit_notes",
        "allocated_paise": "allocated",
    },
    text("""
        SELECT * FROM (
            SELECT i.id, i.document_no AS place, 'invoice:D-' || i.document_no AS subject, i.total_paise, i.kind,
                i.paid_paise, i.credited_paise, i.credit_noted_paise, i.debit_noted_paise, i.allocated_paise,
                coalesce(a.paid, 0) AS own_paid_paise, coalesce(a.credited, 0) AS own_credited_paise,
                coalesce(n.credits, 0) AS own_credit_noted_paise, coalesce(n.debits, 0) AS own_debit_noted_paise,
                coalesce(u.used, 0) + coalesce(r.refunded, 0) AS own_allocated_paise
            FROM invoices i
            LEFT JOIN (
                SELECT invoice_id, sum(CASE WHEN payment_id IS NULL THEN 0 ELSE amount_paise END) AS paid,
                    sum(CASE WHEN payment_id IS NULL THEN amount_paise ELSE 0 END) AS credited
                FROM allocations WHERE business_id = :business AND undone_on IS NULL GROUP BY invoice_id
            ) a ON a.invoice_id = i.id
            LEFT JOIN (
                SELECT o.invoice_id, sum(CASE WHEN note.kind = 'credit_note' THEN o.amount_paise ELSE 0 END) AS credits,
                    sum(CASE WHEN note.kind = 'debit_note' THEN o.amount_paise ELSE 0 END) AS debits
                FROM note_originals o
                JOIN invoices note ON note.business_id = o.business_id AND note.id = o.note_id
                WHERE o.business_id = :business AND note.status = 'issued' GROUP BY o.invoice_id
            ) n ON n.invoice_id = i.id
            LEFT JOIN (
                SELECT note_id, sum(amount_paise) AS used FROM allocations
                WHERE business_id = :business AND undone_on IS NULL AND note_id IS NOT NULL GROUP BY note_id
            ) u ON u.note_id = i.id
            LEFT JOIN (
                SELECT refund_of_note_id, sum(amount_paise) AS refunded FROM payments
                WHERE business_id = :business AND voided_on IS NULL AND refund_of_note_id IS NOT NULL
                GROUP BY refund_of_note_id
            ) r ON r.refund_of_note_id = i.id
            WHERE i.business_id = :business
        ) books WHERE place > :after AND (paid_paise <> own_paid_paise OR credited_paise <> own_credited_paise
            OR credit_noted_paise <> own_credit_noted_paise OR debit_noted_paise <> own_debit_noted_paise
            OR allocated_paise <> own_allocated_paise)
        ORDER BY place LIMIT :batch
    """),
)
_PAYMENTS = _Kept(
    "payment",
    Payment,
    {"allocated_paise": "allocated", "refunded_paise": "refunded"},
    text("""
        SELECT * FROM (
            SELECT p.id, p.id AS place, 'payment:' || p.number AS subject, p.amount_paise + p.tds_paise AS total_paise,
                p.allocated_paise, p.refunded_paise,
                coalesce(a.used, 0) AS own_allocated_paise, coalesce(r.refunded, 0) AS own_refunded_paise
            FROM payments p
            LEFT JOIN (
                SELECT payment_id, sum(amount_paise) AS used FROM allocations
                WHERE business_id = :business AND undone_on IS NULL AND payment_id IS NOT NULL GROUP BY payment_id
            ) a ON a.payment_id = p.id
            LEFT JOIN (
                SELECT refund_of_id, sum(amount_paise) AS refunded FROM payments
                WHERE business_id = :business AND voided_on IS NULL AND refund_of_id IS NOT NULL GROUP BY refund_of_id
            ) r ON r.refund_of_id = p.id
            WHERE p.business_id = :business
        ) books WHERE place > :after
            AND (allocated_paise <> own_allocated_paise OR refunded_paise <> own_refunded_paise)
        ORDER BY place LIMIT :batch
    """),
)


@demands(Right.AUDIT_VERIFY)
def check(session: Session, business: Business) -> Iterator[Finding]:
    """Every document and payment of a business whose balance is not what its parts come to."""
    for kept in (_DOCUMENTS, _PAYMENTS):
        for row in _wrong(session, business, kept):
            yield from _findings(business, kept, row)


@demands(Right.SYSTEM_MANAGE)
def repair(session: Session, business: Business, *, act: Act) -> Iterator[Finding]:
    """Put every derived column right that can be, each record with an audit event; what was wrong is yielded.

    A record whose parts come to more than it has is left as it is, and not yielded. The caller consumes all of it.
    """
    books.take(session, business.id)
    for kept in (_DOCUMENTS, _PAYMENTS):
        for row in _wrong(session, business, kept):
            if _is_possible(kept, row):
                _put_right(session, business, kept, row)
                audit.append(session, business.id, act, [_event(kept, row)])
                yield from _findings(business, kept, row)


def _wrong(session: Session, business: Business, kept: _Kept) -> Iterator[Row[*tuple[Any, ...]]]:
    """The records with a wrong column, a batch at a time, so that they can be changed meanwhile."""
    after: Any = -1
    while True:
        found = {"business": business.id, "after": after, "batch": BATCH}
        rows = session.execute(kept.query, found).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].place


def _findings(business: Business, kept: _Kept, row: Row[*tuple[Any, ...]]) -> Iterator[Finding]:
    fix = SAFE_FIX if _is_possible(kept, row) else _UNSAFE
    for column, name in kept.columns.items():
        own, said = getattr(row, f"own_{column}"), getattr(row, column)
        if own != said:
            sentence = f"{name.replace('_', ' ').capitalize()} is {amount(said)}, but its parts come to {amount(own)}."
            yield Finding(CHECK, row.subject, sentence, fix, business.code)


def _is_possible(kept: _Kept, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether the database would take the right values: never more set off than there is."""
    if kept.model is Payment:
        return bool(row.own_allocated_paise + row.own_refunded_paise <= row.total_paise)
    return bool(
        row.own_paid_paise + row.own_credited_paise <= row.total_paise
        and row.own_credit_noted_paise <= row.total_paise + row.own_debit_noted_paise
        and row.own_allocated_paise <= row.total_paise
    )


def _put_right(session: Session, business: Business, kept: _Kept, row: Row[*tuple[Any, ...]]) -> None:
    values = {column: int(getattr(row, f"own_{column}")) for column in kept.columns}
    ours = (kept.model.business_id == business.id) & (kept.model.id == row.id)
    session.execute(update(kept.model).where(ours).values(**values).execution_options(synchronize_session=False))


def _event(kept: _Kept, row: Row[*tuple[Any, ...]]) -> audit.Event:
    before = {name: amount(getattr(row, column)) for column, name in kept.columns.items()}
    after = {name: amount(getattr(row, f"own_{column}")) for column, name in kept.columns.items()}
    return audit.Event(
        action=f"{kept.noun}.recompute", subject=row.subject, before=before, after=after, reason="verify --fix balances"
    )
