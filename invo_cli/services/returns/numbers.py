"""Every number of the series that a period took, for table 13 of GSTR-1."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from invo_cli.gst.document import Kind
from invo_cli.gst.filing import Span
from invo_cli.gst.returns.books import Nature, Numbered
from invo_cli.gst.returns.issued import nature_of
from invo_cli.models import Invoice, Payment
from invo_cli.services.returns import papers
from invo_cli.services.returns.amended import Chains

_NATURES = {kind.value: nature_of(kind) for kind in Kind}


def taken(session: Session, business_id: int, span: Span, chains: Chains) -> Iterator[Numbered]:
    """Documents that the period reports or that were cancelled in it, and the vouchers of advances dated in it.

    A number that was replaced before it was reported counts as cancelled.
    """
    query = select(Invoice.id, Invoice.kind, Invoice.number, Invoice.status == "cancelled").where(
        Invoice.business_id == business_id,
        Invoice.return_period.in_(span.periods),
        Invoice.number.is_not(None),
    )
    # The file lists ranges: the order of numbers decides them, not that of the rows.
    later = chains.later
    for id, kind, number, is_cancelled in papers.streamed(session, query):
        yield Numbered(_NATURES[kind], number, bool(is_cancelled or (id in later and chains.is_replaced(id))))
    yield from _vouchers(session, business_id, span)


def _vouchers(session: Session, business_id: int, span: Span) -> Iterator[Numbered]:
    nature = case((Payment.direction == "refund", Nature.REFUND_VOUCHER.value), else_=Nature.RECEIPT_VOUCHER.value)
    query = select(nature, Payment.voucher, Payment.voided_on.is_not(None)).where(
        Payment.business_id == business_id,
        Payment.voucher.is_not(None),
        Payment.dated_on >= span.days.first,
        Payment.dated_on <= span.days.last,
    )
    for number, voucher, is_void in session.execute(query):
        yield Numbered(Nature(number), str(voucher), bool(is_void))
