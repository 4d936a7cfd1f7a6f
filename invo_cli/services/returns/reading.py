"""The books of a period as a return reads them: streamed, never as a whole in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from operator import itemgetter

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.filing import Span
from invo_cli.gst.returns.books import Advance, Books, Document, Filer
from invo_cli.gst.returns.writing import is_iff_month
from invo_cli.models import Business
from invo_cli.services import hsn
from invo_cli.services.access import Right, demands
from invo_cli.services.returns import advances, advances_amended, amended, numbers, papers
from invo_cli.services.returns.amended import Chains


@demands(Right.RETURN_READ)
def books_of(session: Session, business: Business, span: Span, *, furnished: Collection[str] = ()) -> Books:
    """What a return of the span is made from; `furnished` are its months whose IFF was filed.

    The documents are read while they are consumed, so the session must stay open until then. Raises ConflictError for
    a business without a GSTIN.
    """
    filer = filer_of(business)
    chains = amended.chains(session, business.id, span, furnished)
    return Books(
        filer=filer,
        period=span.period,
        months=span.months,
        documents=_documents(session, business.id, chains),
        restated=amended.restated(session, business.id, chains),
        advances=[] if filer.is_composition else _advances(session, business, span),
        numbers=numbers.taken(session, business.id, span, chains),
        hsn_descriptions=hsn.every_description(session),
    )


def filer_of(business: Business) -> Filer:
    """Whose return it is; ConflictError for a business that is not registered."""
    if business.gstin is None:
        raise ConflictError(
            f"{business.code} has no GSTIN: it files no returns.",
            hint=f"Give it one with: invo business edit {business.code} --gstin GSTIN",
        )
    return Filer(
        gstin=business.gstin,
        state=business.state,
        is_sez=business.is_sez,
        is_composition=business.is_composition,
        turnover_paise=business.turnover_paise,
    )


def span_of(business: Business, span: Span, *, iff: bool = False) -> Span:
    """The span that a return of the business covers when that period is named.

    A quarterly filer names the quarter or its last month, and with `iff` one of the first two; a monthly one who names
    these sees what it would file if it were quarterly (`is_unusual`). Raises InvalidError for a period for which nobody
    files that.
    """
    is_quarterly = business.files_quarterly or business.is_composition
    ends_quarter = not is_iff_month(span.period)
    if iff and (span.months == 3 or ends_quarter):
        raise InvalidError(
            "The IFF is for the first two months of a quarter.", hint="Leave --iff out, or name one of them."
        )
    if iff:
        return span
    if is_quarterly and not ends_quarter:
        raise InvalidError(
            f"{business.code} files quarterly, and {span.label} is no quarter.",
            hint="Name the quarter, such as 2026-Q4"
            + ("." if business.is_composition else ", or furnish the month with --iff."),
        )
    return Span(span.period, 3) if is_quarterly else span


def _advances(session: Session, business: Business, span: Span) -> list[Advance]:
    return [*advances.of_period(session, business, span), *advances_amended.restated(session, business, span)]


def is_unusual(business: Business, span: Span, *, iff: bool) -> bool:
    """Whether a return is one of quarterly filers, and the business files monthly."""
    return (iff or span.months == 3) and not (business.files_quarterly or business.is_composition)


def _documents(session: Session, business_id: int, chains: Chains) -> Iterator[Document]:
    found = papers.of_periods(session, business_id, chains.span.periods)
    if not chains.versions and not chains.furnished:
        yield from map(itemgetter(1), found)
        return
    standing = ((id, document) for id, document in found if not chains.is_replaced(id))
    for document in amended.with_bases(session, business_id, standing, chains):
        yield document._replace(is_furnished=True) if document.period in chains.furnished else document
