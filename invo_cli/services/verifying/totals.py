"""Whether each document adds up: its lines make its header, and its header makes its total (CGST Rules, rule 46)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from invo_cli.models import Business
from invo_cli.services.access import Right, demands
from invo_cli.services.verifying.findings import BATCH, Finding, Rule, amount, broken, rule

CHECK = "totals"
_FIX = "Compare it with a backup: an issued document is never corrected in place."
_HEADS = {
    "taxable_paise": "taxable value",
    "cgst_paise": "CGST",
    "sgst_paise": "SGST",
    "igst_paise": "IGST",
    "cess_paise": "cess",
}
_SUMS = text("""
    SELECT 'invoice:D-' || i.document_no AS subject, coalesce(l.lines, 0) AS lines,
        i.taxable_paise, i.cgst_paise, i.sgst_paise, i.igst_paise, i.cess_paise, l.taxable_paise AS own_taxable_paise,
        l.cgst_paise AS own_cgst_paise, l.sgst_paise AS own_sgst_paise, l.igst_paise AS own_igst_paise,
        l.cess_paise AS own_cess_paise
    FROM invoices i LEFT JOIN (
        SELECT invoice_id, count(*) AS lines, sum(taxable_paise) AS taxable_paise, sum(cgst_paise) AS cgst_paise,
            sum(sgst_paise) AS sgst_paise, sum(igst_paise) AS igst_paise,
            sum(cess_ad_valorem_paise + cess_specific_paise) AS cess_paise
        FROM invoice_lines WHERE business_id = :business GROUP BY invoice_id
    ) l ON l.invoice_id = i.id
    WHERE i.business_id = :business AND (l.lines IS NULL OR l.taxable_paise <> i.taxable_paise
        OR l.cgst_paise <> i.cgst_paise OR l.sgst_paise <> i.sgst_paise OR l.igst_paise <> i.igst_paise
        OR l.cess_paise <> i.cess_paise)
    ORDER BY i.document_no
""")
_RULES: tuple[Rule, ...] = (
    rule(
        """
        SELECT 'invoice:D-' || document_no AS subject, total_paise,
            taxable_paise + other_charges_paise + round_off_paise + CASE WHEN reverse_charge THEN 0
            ELSE cgst_paise + sgst_paise + igst_paise + cess_paise END AS own_paise
        FROM invoices WHERE business_id = :business
        AND total_paise <> taxable_paise + other_charges_paise + round_off_paise + CASE WHEN reverse_charge THEN 0
            ELSE cgst_paise + sgst_paise + igst_paise + cess_paise END
        ORDER BY document_no
        """,
        "Its total is {total_paise}, but its parts come to {own_paise}.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || document_no AS subject, cgst_paise, sgst_paise, igst_paise FROM invoices
        WHERE business_id = :business AND (cgst_paise <> sgst_paise OR (cgst_paise <> 0 AND igst_paise <> 0))
        ORDER BY document_no
        """,
        "It has CGST {cgst_paise}, SGST {sgst_paise} and IGST {igst_paise}: CGST and SGST are equal, or there is IGST.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || document_no AS subject, round_off_paise FROM invoices
        WHERE business_id = :business AND round_off_paise NOT BETWEEN -50 AND 50 ORDER BY document_no
        """,
        "It is rounded by {round_off_paise}, more than half a rupee.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, l.line_no, l.total_paise,
            l.taxable_paise + CASE WHEN i.reverse_charge THEN 0 ELSE l.cgst_paise + l.sgst_paise + l.igst_paise
            + l.cess_ad_valorem_paise + l.cess_specific_paise END AS own_paise
        FROM invoice_lines l JOIN invoices i ON i.business_id = l.business_id AND i.id = l.invoice_id
        WHERE l.business_id = :business AND l.total_paise <> l.taxable_paise + CASE WHEN i.reverse_charge THEN 0
            ELSE l.cgst_paise + l.sgst_paise + l.igst_paise + l.cess_ad_valorem_paise + l.cess_specific_paise END
        ORDER BY i.document_no, l.line_no
        """,
        "Line {line_no} has a total of {total_paise}, but its parts come to {own_paise}.",
        _FIX,
    ),
    rule(
        """
        SELECT 'invoice:D-' || i.document_no AS subject, l.line_no, l.gross_paise, l.discount_paise, l.taxable_paise
        FROM invoice_lines l JOIN invoices i ON i.business_id = l.business_id AND i.id = l.invoice_id
        WHERE l.business_id = :business AND NOT i.prices_include_tax
            AND l.taxable_paise <> l.gross_paise - l.discount_paise
        ORDER BY i.document_no, l.line_no
        """,
        "Line {line_no} has {gross_paise} less {discount_paise}, but a taxable value of {taxable_paise}.",
        _FIX,
    ),
)


@demands(Right.AUDIT_VERIFY)
def check(session: Session, business: Business) -> Iterator[Finding]:
    """Every document of a business, drafts included, in bounded memory."""
    with session.execute(_SUMS, {"business": business.id}, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            for problem in _differences(row):
                yield Finding(CHECK, row.subject, problem, _FIX, business.code)
    yield from broken(session, business, CHECK, _RULES)


def _differences(row: Row[*tuple[Any, ...]]) -> Iterator[str]:
    if not row.lines:
        yield "It has no lines."
        return
    for column, name in _HEADS.items():
        own, header = getattr(row, f"own_{column}"), getattr(row, column)
        if own != header:
            yield f"Its lines have {name} {amount(own)}, its header says {amount(header)}."
