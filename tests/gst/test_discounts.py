from __future__ import annotations

from typing import Any

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.discounts import price_lines
from invo_cli.gst.document import Line
from invo_cli.gst.tax import Heads, compute
from tests.gst.documents import figures, make_document, make_line

pytestmark = pytest.mark.unit


def shares(*lines: Line, discount: str) -> list[str]:
    return [str(line.share) for line in price_lines(make_document(*lines, discount=discount))]


def test_the_document_discount_goes_by_largest_remainder() -> None:
    assert shares(make_line("100"), make_line("200"), make_line("400"), discount="10.00") == ["1.43", "2.86", "5.71"]


def test_ties_of_the_remainder_go_to_the_earlier_line() -> None:
    assert shares(make_line("50"), make_line("50"), make_line("50"), discount="0.01") == ["0.01", "0.00", "0.00"]
    assert shares(make_line("50"), make_line("50"), make_line("50"), discount="0.02") == ["0.01", "0.01", "0.00"]


def test_charges_bear_no_part_of_the_document_discount() -> None:
    assert shares(make_line("100"), make_line("900", is_charge=True), discount="10.00") == ["10.00", "0.00"]


def test_a_discount_may_be_all_there_is() -> None:
    tax = compute(make_document(make_line("100"), make_line("50"), discount="150.00"), Heads.IGST)
    assert figures(tax, "taxable total discount") == "0.00 0.00 150.00"


def test_a_percentage_is_rounded_to_the_paisa() -> None:
    (line,) = price_lines(make_document(make_line("99.99", discount_percent="33.333")))
    assert (str(line.own), str(line.value)) == ("33.33", "66.66")


@pytest.mark.parametrize(
    ("fields", "discount"),
    [({"discount": "100.01"}, "0"), ({"discount_percent": "100.1"}, "0"), ({"discount": "-1"}, "0"), ({}, "100.01")],
)
def test_a_discount_larger_than_the_value_is_refused(fields: dict[str, Any], discount: str) -> None:
    with pytest.raises(InvalidError, match="discount"):
        price_lines(make_document(make_line("100", **fields), make_line("900", is_charge=True), discount=discount))


def test_a_negative_line_comes_off_the_largest_line_of_its_rate() -> None:
    document = make_document(make_line("100"), make_line("300"), make_line("500", "5"), make_line("-40"))
    assert [str(line.folded) for line in price_lines(document)] == ["0.00", "40.00", "0.00"]


def test_what_the_largest_line_cannot_take_comes_off_the_next() -> None:
    document = make_document(make_line("-350"), make_line("100"), make_line("300"), make_line("-30"))
    assert [str(line.value) for line in price_lines(document)] == ["20.00", "0.00"]


def test_a_reduced_line_keeps_what_came_off_as_its_own_discount() -> None:
    document = make_document(make_line("2000", "5", discount_percent="50"), make_line("-400", "5"))
    (line,) = price_lines(document)
    assert (str(line.settled.discount), line.settled.discount_percent) == ("1400.00", None)


@pytest.mark.parametrize(
    "lines",
    [
        (make_line("100"), make_line("-100.01")),
        (make_line("100"), make_line("-1", "5")),
        (make_line("100", cess_rate="12"), make_line("-1")),
        (make_line("100", is_charge=True), make_line("-1")),
        (make_line("-1"),),
    ],
)
def test_a_negative_line_that_nothing_can_take_is_refused(lines: tuple[Line, ...]) -> None:
    with pytest.raises(InvalidError, match="negative lines"):
        price_lines(make_document(*lines))


@pytest.mark.parametrize("fields", [{"discount": "1"}, {"discount_percent": "5"}, {"cess_per_unit": "1"}])
def test_a_negative_line_with_a_discount_of_its_own_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="Line 2 has a negative price"):
        price_lines(make_document(make_line("100"), make_line("-1", **fields)))
