"""From what was entered to a taxed and judged document: records are looked up here, the law is in gst."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.completing import Defaults, complete
from invo_cli.gst.document import Buyer, CustomerInput, Document, DocumentInput, LineInput
from invo_cli.gst.money import from_thousandths
from invo_cli.gst.periods import return_period
from invo_cli.gst.rules import Finding, judge, refuse_on
from invo_cli.gst.supply import heads_for
from invo_cli.gst.tax import DocumentTax, Heads, compute
from invo_cli.models import Business, Customer, Invoice, Item
from invo_cli.services import amending, books, customers, hsn, items, noting, snapshots
from invo_cli.services.acting import Act
from invo_cli.services.noting import Originals
from invo_cli.services.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A document ready to be stored, with the records it names and what is doubtful about it."""

    entered: DocumentInput
    document: Document
    heads: Heads
    tax: DocumentTax
    customer: Customer
    item_ids: Mapping[str, int]
    warnings: tuple[str, ...]
    originals: Originals | None = None
    """Of a note: the documents it is written against."""
    amended: Invoice | None = None
    """Of an amendment: the reported document it replaces."""


def compose(
    session: Session,
    business: Business,
    entered: DocumentInput,
    *,
    act: Act,
    allow_rate: str | None = None,
    customer: Customer | None = None,
    draft: bool = False,
    records: Records | None = None,
    imported: bool = False,
) -> Composed:
    """Complete, tax and judge a document; `customer` is given when a draft has one already.

    A draft may break the rules: they are all warnings until it is issued. Only an imported one may bear a number.
    Raises InvalidError for what cannot be computed or what a rule refuses.
    """
    records = records or Records(session, business, act)
    _refuse_what_is_not_new(entered, imported=imported)
    entered, amended = amending.fill(session, business, entered, act=act, draft=draft)
    filled, originals = _against(session, business, entered)
    found, remarks = (customer, []) if customer is not None else _customer(records, filled)
    filled, used = with_items(filled, records.item)
    document = complete(
        filled,
        seller=records.seller,
        buyer=_buyer(found, filled, originals),
        defaults=_defaults(business, act, originals),
        against_date=_taxed_on(session, originals, amended),
        allow_rate=allow_rate or _allowed_before(originals, amended),
    )
    heads = heads_for(document.seller, document.kind, document.supply, document.place_of_supply)
    tax = compute(document, heads)
    if originals is not None:
        tax = noting.settle(tax, document.kind, originals)
    findings = _findings(session, document, tax, amended, records=records, today=act.today)
    doubts = findings if draft else refuse_on(findings, strict=business.is_strict)
    return Composed(
        entered=entered,
        document=document,
        heads=heads,
        tax=tax,
        customer=found,
        item_ids={item.code: item.id for item in used},
        warnings=(*remarks, *map(_warning, doubts)),
        originals=originals,
        amended=amended,
    )


def _findings(
    session: Session, document: Document, tax: DocumentTax, amended: Invoice | None, *, records: Records, today: date
) -> list[Finding]:
    """The rules that the document does not keep; an amendment that cannot be is refused at once."""
    return judge(
        document,
        today=today,
        taxable=tax.taxable,
        total=tax.total,
        locked=records.is_locked(_periods(document)),
        unknown_hsn=hsn.unknown(session, [line.hsn for line in document.lines]),
        unfiled=None if amended is None else amending.check(session, document, amended),
    )


def _defaults(business: Business, act: Act, originals: Originals | None) -> Defaults:
    """What holds where a document says nothing; a note is not rounded by itself."""
    return Defaults(
        gst_rate=from_thousandths(business.default_rate_thousandths),
        round_off=business.is_rounded and originals is None,
        today=act.today,
    )


def _against(session: Session, business: Business, entered: DocumentInput) -> tuple[DocumentInput, Originals | None]:
    """A note gets from its originals what they settle; other documents stay as they are."""
    if entered.kind is None or not entered.kind.is_note:
        return entered, None
    books.take(session, business.id)
    return noting.fill(session, business, entered)


def _buyer(customer: Customer, entered: DocumentInput, originals: Originals | None) -> Buyer:
    """The buyer as the document names him; a note names the buyer of its original."""
    if originals is not None:
        return snapshots.buyer_of(originals.invoices[0].buyer)
    return customers.buyer_of(customer, entered.customer if isinstance(entered.customer, CustomerInput) else None)


def _taxed_on(session: Session, originals: Originals | None, amended: Invoice | None) -> date | None:
    """The date whose rates hold where it is not the document's own: the time of the supply stays what it was."""
    if originals is not None:
        return originals.dated_on
    return amending.first_of(session, amended).dated_on if amended else None


def _allowed_before(originals: Originals | None, amended: Invoice | None) -> str | None:
    earlier = originals or amended
    return earlier.allow_rate if earlier else None


def _periods(document: Document) -> set[str]:
    """The months in which a document is dated and reported."""
    dated = return_period(document.date)
    return {document.return_period or dated, dated}


def _refuse_what_is_not_new(entered: DocumentInput, *, imported: bool) -> None:
    if entered.number is not None and not imported:
        raise InvalidError(
            "A new document takes its number from the series.", hint="Leave number out; it is for imports of history."
        )
    if entered.against is not None and (entered.kind is None or not entered.kind.is_note):
        raise InvalidError(
            f"Only a note is written against {entered.against}.", hint="Say kind: credit_note or debit_note."
        )


def _customer(records: Records, entered: DocumentInput) -> tuple[Customer, list[str]]:
    if entered.customer is None:
        raise InvalidError("The document has no customer.", hint='Name one with --customer "NAME" or a customer code.')
    return records.customer(entered.customer)


def with_items(entered: DocumentInput, find: Callable[[str], Item]) -> tuple[DocumentInput, list[Item]]:
    """The document with the items of its lines, found by their codes, filled in under these."""
    found = [None if line.item is None else find(line.item) for line in entered.lines]
    used = [item for item in found if item is not None]
    includes = _prices_include_tax(entered, found)
    lines = tuple(map(_filled, entered.lines, found)) if used else entered.lines
    return replace(entered, lines=lines, prices_include_tax=includes), used


def _filled(line: LineInput, item: Item | None) -> LineInput:
    if item is None:
        return line
    defaults = items.as_line_defaults(item)
    empty = {name: value for name, value in defaults.items() if getattr(line, name) is None}
    return replace(line, **(empty | {"item": item.code}))


def _prices_include_tax(entered: DocumentInput, found: list[Item | None]) -> bool:
    """Whether prices include tax: as said, else as the prices taken from items do; they may not be mixed."""
    from_items = {
        item.price_includes_tax
        for line, item in zip(entered.lines, found, strict=True)
        if item and line.unit_price is None
    }
    typed = any(line.unit_price is not None for line in entered.lines)
    said = entered.prices_include_tax
    ways = from_items | ({bool(said)} if typed or said is not None else set())
    if len(ways) > 1:
        raise InvalidError(
            "Some prices of the document include tax and others do not.",
            hint="Give the price of the item in the line, or put the items on documents of their own.",
        )
    return ways.pop() if ways else False


def _warning(finding: Finding) -> str:
    return f"{finding} {finding.hint}"
