"""From what was entered to a taxed and judged document: records are looked up here, the law is in gst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from invo_cli.errors import InvalidError
from invo_cli.gst.completing import Defaults, complete
from invo_cli.gst.document import Buyer, CustomerInput, Document, DocumentInput, LineInput
from invo_cli.gst.money import from_thousandths
from invo_cli.gst.periods import return_period
from invo_cli.gst.rules import Finding, judge, refuse_on
from invo_cli.gst.supply import heads_for
from invo_cli.gst.tax import DocumentTax, Heads, compute
from invo_cli.models import Business, Customer, Item
from invo_cli.services import books, businesses, customers, items, noting, period_locks, snapshots
from invo_cli.services.acting import Act
from invo_cli.services.noting import Originals


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


def compose(
    session: Session,
    business: Business,
    entered: DocumentInput,
    *,
    act: Act,
    allow_rate: str | None = None,
    customer: Customer | None = None,
    draft: bool = False,
) -> Composed:
    """Complete, tax and judge a document; `customer` is given when a draft has one already.

    A draft may break the rules: they are all warnings until it is issued.
    Raises InvalidError for what cannot be computed or what a rule refuses.
    """
    _refuse_what_is_not_new(entered)
    filled, originals = _against(session, business, entered)
    found, remarks = _customer(session, business, filled, act, customer)
    filled, used = with_items(session, business, filled)
    document = complete(
        filled,
        seller=businesses.seller(business),
        buyer=_buyer(found, filled, originals),
        defaults=Defaults(
            gst_rate=from_thousandths(business.default_rate_thousandths),
            round_off=business.is_rounded and originals is None,
            today=act.today,
        ),
        against_date=originals.dated_on if originals else None,
        allow_rate=allow_rate or (originals.allow_rate if originals else None),
    )
    heads = heads_for(document.seller, document.kind, document.supply, document.place_of_supply)
    tax = compute(document, heads)
    if originals is not None:
        tax = noting.settle(tax, document.kind, originals)
    is_locked = _is_locked(session, business, document)
    findings = judge(document, today=act.today, taxable=tax.taxable, total=tax.total, locked=is_locked)
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


def _is_locked(session: Session, business: Business, document: Document) -> bool:
    reported = document.return_period or return_period(document.date)
    return period_locks.locked_among(session, business.id, {reported, return_period(document.date)}) is not None


def _refuse_what_is_not_new(entered: DocumentInput) -> None:
    if entered.number is not None:
        raise InvalidError(
            "A new document takes its number from the series.", hint="Leave number out; it is for imports of history."
        )
    if entered.amends is not None:
        raise InvalidError(
            "Amendments of reported documents cannot be issued yet.",
            hint="Cancel the document and issue another, or issue a credit or debit note against it.",
        )
    if entered.against is not None and (entered.kind is None or not entered.kind.is_note):
        raise InvalidError(
            f"Only a note is written against {entered.against}.", hint="Say kind: credit_note or debit_note."
        )


def _customer(
    session: Session, business: Business, entered: DocumentInput, act: Act, known: Customer | None
) -> tuple[Customer, list[str]]:
    if known is not None:
        return known, []
    if entered.customer is None:
        raise InvalidError("The document has no customer.", hint='Name one with --customer "NAME" or a customer code.')
    if isinstance(entered.customer, CustomerInput):
        return customers.find_or_create(session, business, entered.customer, act=act)
    return customers.get(session, business.id, entered.customer), []


def with_items(session: Session, business: Business, entered: DocumentInput) -> tuple[DocumentInput, list[Item]]:
    """The document with the items of its lines filled in, under their own codes."""
    found = [None if line.item is None else items.get(session, business.id, line.item) for line in entered.lines]
    used = [item for item in found if item is not None]
    includes = _prices_include_tax(entered, found)
    lines = tuple(_filled(line, item) for line, item in zip(entered.lines, found, strict=True))
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
