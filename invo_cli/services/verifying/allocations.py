"""Whether what is set off was there to be set off: allocations, the notes behind them, refunds."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services.access import Right, demands
from invo_cli.services.verifying.findings import Finding, Rule, broken, rule

CHECK = "allocations"
_TAKE_BACK = "Take it back with: invo payment unallocate"
_RULES: tuple[Rule, ...] = (
    rule(
        """
        SELECT 'payment:' || p.number AS subject, a.amount_paise, p.amount_paise + p.tds_paise AS own_paise
        FROM payments p JOIN (
            SELECT payment_id, sum(amount_paise) AS amount_paise FROM (
                SELECT payment_id, amount_paise FROM allocations
                WHERE business_id = :business AND undone_on IS NULL AND payment_id IS NOT NULL
                UNION ALL SELECT refund_of_id, amount_paise FROM payments
                WHERE business_id = :business AND voided_on IS NULL AND refund_of_id IS NOT NULL
            ) parts GROUP BY payment_id
        ) a ON a.payment_id = p.id
        WHERE p.business_id = :business AND a.amount_paise > p.amount_paise + p.tds_paise ORDER BY p.number
        """,
        "{amount_paise} of it is set off or given back, but it came to {own_paise}.",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, a.amount_paise, i.total_paise AS own_paise
        FROM invoices i JOIN (
            SELECT note_id, sum(amount_paise) AS amount_paise FROM (
                SELECT note_id, amount_paise FROM allocations
                WHERE business_id = :business AND undone_on IS NULL AND note_id IS NOT NULL
                UNION ALL SELECT refund_of_note_id, amount_paise FROM payments
                WHERE business_id = :business AND voided_on IS NULL AND refund_of_note_id IS NOT NULL
            ) parts GROUP BY note_id
        ) a ON a.note_id = i.id
        WHERE i.business_id = :business AND a.amount_paise > i.total_paise ORDER BY i.document_no
        """,
        "{amount_paise} of its credit is set off or given back, but it comes to {own_paise}.",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, a.amount_paise, i.total_paise
        FROM invoices i JOIN (
            SELECT invoice_id, sum(amount_paise) AS amount_paise FROM allocations
            WHERE business_id = :business AND undone_on IS NULL GROUP BY invoice_id
        ) a ON a.invoice_id = i.id
        WHERE i.business_id = :business AND a.amount_paise > i.total_paise ORDER BY i.document_no
        """,
        "{amount_paise} is set against it, but it comes to {total_paise}.",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, i.status, i.kind, a.amount_paise
        FROM allocations a JOIN invoices i ON i.business_id = a.business_id AND i.id = a.invoice_id
        WHERE a.business_id = :business AND a.undone_on IS NULL AND (i.status <> 'issued' OR i.kind = 'credit_note')
        ORDER BY i.document_no
        """,
        "{amount_paise} is set against it, but it is no issued document that is owed ({kind}, {status}).",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'payment:' || p.number AS subject, a.amount_paise, p.direction, p.voided_on
        FROM allocations a JOIN payments p ON p.business_id = a.business_id AND p.id = a.payment_id
        WHERE a.business_id = :business AND a.undone_on IS NULL
            AND (p.voided_on IS NOT NULL OR p.direction <> 'receipt')
        ORDER BY p.number
        """,
        "{amount_paise} of it is set off, but it is a {direction} that is void or pays nothing.",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'invoice:D-' || n.document_no AS subject, a.amount_paise, n.kind, n.status
        FROM allocations a JOIN invoices n ON n.business_id = a.business_id AND n.id = a.note_id
        WHERE a.business_id = :business AND a.undone_on IS NULL AND (n.status <> 'issued' OR n.kind <> 'credit_note')
        ORDER BY n.document_no
        """,
        "{amount_paise} of it is set off, but it is no issued credit note ({kind}, {status}).",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, a.amount_paise
        FROM allocations a JOIN invoices i ON i.business_id = a.business_id AND i.id = a.invoice_id
        LEFT JOIN payments p ON p.business_id = a.business_id AND p.id = a.payment_id
        LEFT JOIN invoices n ON n.business_id = a.business_id AND n.id = a.note_id
        WHERE a.business_id = :business AND a.undone_on IS NULL
            AND i.customer_id <> coalesce(p.customer_id, n.customer_id)
        ORDER BY i.document_no
        """,
        "{amount_paise} of another customer is set against it.",
        _TAKE_BACK,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, a.amount_paise, a.allocated_on
        FROM allocations a JOIN invoices i ON i.business_id = a.business_id AND i.id = a.invoice_id
        LEFT JOIN payments p ON p.business_id = a.business_id AND p.id = a.payment_id
        LEFT JOIN invoices n ON n.business_id = a.business_id AND n.id = a.note_id
        WHERE a.business_id = :business AND (a.allocated_on < i.dated_on
            OR a.allocated_on < coalesce(p.dated_on, n.dated_on) OR a.undone_on < a.allocated_on)
        ORDER BY i.document_no
        """,
        "{amount_paise} is set against it from {allocated_on} on, before both sides were there, or undone earlier.",
        "Compare it with a backup.",
    ),
    rule(
        """
        SELECT 'payment:' || r.number AS subject, r.amount_paise FROM payments r
        LEFT JOIN payments p ON p.business_id = r.business_id AND p.id = r.refund_of_id
        LEFT JOIN invoices n ON n.business_id = r.business_id AND n.id = r.refund_of_note_id
        WHERE r.business_id = :business AND (r.direction = 'refund') <> (p.id IS NOT NULL OR n.id IS NOT NULL)
            OR (r.business_id = :business AND r.direction = 'refund' AND r.voided_on IS NULL
            AND (r.customer_id <> coalesce(p.customer_id, n.customer_id)
            OR p.voided_on IS NOT NULL OR n.status <> 'issued'))
        ORDER BY r.number
        """,
        "It gives back {amount_paise} of nothing that was received or credited from its customer.",
        "Void it with: invo payment void",
    ),
    rule(
        """
        SELECT 'invoice:D-' || n.document_no AS subject, n.total_paise, o.amount_paise FROM invoices n
        JOIN (SELECT note_id, sum(amount_paise) AS amount_paise FROM note_originals
            WHERE business_id = :business GROUP BY note_id) o ON o.note_id = n.id
        WHERE n.business_id = :business AND (o.amount_paise > n.total_paise
            OR n.kind NOT IN ('credit_note', 'debit_note'))
        ORDER BY n.document_no
        """,
        "It corrects {amount_paise} of other documents, but is no note of so much ({total_paise}).",
        "Compare it with a backup.",
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, o.credits_paise, i.total_paise + o.debits_paise AS own_paise
        FROM invoices i JOIN (
            SELECT p.invoice_id,
                sum(CASE WHEN n.kind = 'credit_note' THEN p.amount_paise ELSE 0 END) AS credits_paise,
                sum(CASE WHEN n.kind = 'debit_note' THEN p.amount_paise ELSE 0 END) AS debits_paise
            FROM note_originals p JOIN invoices n ON n.business_id = p.business_id AND n.id = p.note_id
            WHERE p.business_id = :business AND n.status = 'issued' GROUP BY p.invoice_id
        ) o ON o.invoice_id = i.id
        WHERE i.business_id = :business AND o.credits_paise > i.total_paise + o.debits_paise ORDER BY i.document_no
        """,
        "Credit notes take back {credits_paise} of it, but with its debit notes it comes to {own_paise}.",
        "Cancel the credit note that is too much: invo credit-note cancel",
    ),
)


@demands(Right.AUDIT_VERIFY)
def check(session: Session, business: Business) -> Iterator[Finding]:
    """Every allocation, refund and note of a business, in bounded memory."""
    return broken(session, business, CHECK, _RULES)
