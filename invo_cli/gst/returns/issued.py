"""Table 13: the documents issued, as unbroken ranges of numbers per nature of document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from invo_cli.gst.document import Kind
from invo_cli.gst.returns.arrays import Array
from invo_cli.gst.returns.books import Nature, Numbered
from invo_cli.gst.returns.json_text import quoted_text
from invo_cli.gst.returns.ordering import NumberOrder, number_order

LABELS: Mapping[Nature, str] = MappingProxyType(
    {
        Nature.INVOICE: "Invoices for outward supply",
        Nature.SELF_INVOICE: "Invoices for inward supply from unregistered person",
        Nature.REVISED_INVOICE: "Revised Invoice",
        Nature.DEBIT_NOTE: "Debit Note",
        Nature.CREDIT_NOTE: "Credit Note",
        Nature.RECEIPT_VOUCHER: "Receipt Voucher",
        Nature.PAYMENT_VOUCHER: "Payment Voucher",
        Nature.REFUND_VOUCHER: "Refund Voucher",
        Nature.CHALLAN_JOB_WORK: "Delivery Challan for job work",
        Nature.CHALLAN_ON_APPROVAL: "Delivery Challan for supply on approval",
        Nature.CHALLAN_LIQUID_GAS: "Delivery Challan in case of liquid gas",
        Nature.CHALLAN_OTHER: "Delivery Challan in case other than by way of supply (excluding at S no. 9 to 11)",
    }
)
"""`doc_typ` as the portal spells it."""


class Range(NamedTuple):
    """Numbers that follow each other without a gap."""

    first: str
    last: str
    total: int
    """How many numbers."""
    cancelled: int


def nature_of(kind: Kind) -> Nature:
    """The nature of a document.

    One that amends an invoice is an invoice of the same series: revised ones are those of rule 53(1), given within a
    month of registration.
    """
    if kind is Kind.CREDIT_NOTE:
        return Nature.CREDIT_NOTE
    if kind is Kind.DEBIT_NOTE:
        return Nature.DEBIT_NOTE
    return Nature.INVOICE


def ranges(numbers: Iterable[Numbered]) -> Iterator[Range]:
    """The unbroken ranges of numbers of one nature; the numbers may come in any order."""
    ordered = sorted((number_order(number), number, is_cancelled) for _, number, is_cancelled in numbers)
    first = last = ""
    before: NumberOrder = ()
    count = cancelled = 0
    for order, number, is_cancelled in ordered:
        if count and not follows(before, order):
            yield Range(first, last, count, cancelled)
            count = cancelled = 0
        if not count:
            first = number
        before, last, count, cancelled = order, number, count + 1, cancelled + is_cancelled
    if count:
        yield Range(first, last, count, cancelled)


def follows(before: NumberOrder, after: NumberOrder) -> bool:
    """Whether the second number is the next of the same series: one run of digits is one higher and of one width."""
    if len(before) != len(after):
        return False
    different = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    if len(different) != 1:
        return False
    (((text, value, width), new),) = different
    return new == (text, value + 1, width) and width > 0


def write(array: Array, numbers: Iterable[Numbered]) -> list[tuple[Nature, Range]]:
    """The records of `doc_issue.doc_det`, by nature; returns what was written."""
    written = []
    in_order = sorted(numbers, key=lambda each: each.nature)
    for nature, group in groupby(in_order, key=lambda each: each.nature):
        head = f'{{"doc_num":{nature.value},"doc_typ":{quoted_text(LABELS[nature])},"docs":['
        pieces = array.group(str(nature.value), head, "]}").pieces
        for number, found in enumerate(ranges(group), 1):
            pieces.append(_record(number, found))
            written.append((nature, found))
    return written


def _record(number: int, found: Range) -> str:
    return (
        f'{{"num":{number},"from":{quoted_text(found.first)},"to":{quoted_text(found.last)},"totnum":{found.total}'
        f',"cancel":{found.cancelled},"net_issue":{found.total - found.cancelled}}}'
    )
