"""Table 13: every number of every series, in unbroken ranges."""

from __future__ import annotations

import pytest

from invo_cli.gst.document import Kind
from invo_cli.gst.returns.books import Nature, Numbered
from invo_cli.gst.returns.issued import LABELS, Range, follows, nature_of, ranges
from invo_cli.gst.returns.ordering import number_order
from tests.gst.returns.making import file_of, only, returned, section_text

pytestmark = pytest.mark.unit


def numbered(*numbers: str, nature: Nature = Nature.INVOICE) -> list[Numbered]:
    return [Numbered(nature, number) for number in numbers]


def test_a_record_per_nature_with_its_ranges() -> None:
    numbers = [
        *numbered("CN-1", nature=Nature.CREDIT_NOTE),
        *numbered("INV-9", "INV-7", "INV-8"),
        Numbered(Nature.INVOICE, "INV-5", is_cancelled=True),
    ]
    assert section_text(returned(numbers=numbers), "doc_issue") == (
        '{"doc_det":[{"doc_num":1,"doc_typ":"Invoices for outward supply","docs":['
        '{"num":1,"from":"INV-5","to":"INV-5","totnum":1,"cancel":1,"net_issue":0}'
        ',{"num":2,"from":"INV-7","to":"INV-9","totnum":3,"cancel":0,"net_issue":3}]}'
        ',{"doc_num":5,"doc_typ":"Credit Note","docs":['
        '{"num":1,"from":"CN-1","to":"CN-1","totnum":1,"cancel":0,"net_issue":1}]}]}'
    )


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        (("A-9", "A-10"), [("A-9", "A-9"), ("A-10", "A-10")]),
        (("A-09", "A-10"), [("A-09", "A-10")]),
        (("A-1", "B-2"), [("A-1", "A-1"), ("B-2", "B-2")]),
        (("A-1/25-26", "A-2/26-27"), [("A-1/25-26", "A-1/25-26"), ("A-2/26-27", "A-2/26-27")]),
        (("7", "8", "9"), [("7", "9")]),
        (("A", "B"), [("A", "A"), ("B", "B")]),
        ((), []),
    ],
)
def test_ranges_break_where_the_width_the_text_or_the_count_breaks(
    numbers: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    assert [(each.first, each.last) for each in ranges(numbered(*numbers[::-1]))] == found


def test_a_number_does_not_follow_itself_or_another_shape() -> None:
    assert not follows(number_order("A-1"), number_order("A-1"))
    assert not follows(number_order("A-1"), number_order("A-2-1"))


def test_all_natures_have_their_number_and_label() -> None:
    records = file_of(returned(numbers=[Numbered(nature, "X-1") for nature in reversed(Nature)]))["doc_issue"][
        "doc_det"
    ]
    assert [record["doc_num"] for record in records] == list(range(1, 13))
    assert [record["doc_typ"] for record in records] == list(LABELS.values())


@pytest.mark.parametrize(
    ("kind", "nature"),
    [
        (Kind.TAX_INVOICE, Nature.INVOICE),
        (Kind.BILL_OF_SUPPLY, Nature.INVOICE),
        (Kind.CREDIT_NOTE, Nature.CREDIT_NOTE),
        (Kind.DEBIT_NOTE, Nature.DEBIT_NOTE),
    ],
)
def test_the_nature_of_a_document(kind: Kind, nature: Nature) -> None:
    assert nature_of(kind) is nature


def test_cancelled_numbers_do_not_break_a_range() -> None:
    numbers = [Numbered(Nature.INVOICE, f"INV-{at:03}", is_cancelled=at % 2 == 0) for at in range(1, 10)]
    assert only(ranges(numbers)) == Range("INV-001", "INV-009", 9, 4)
