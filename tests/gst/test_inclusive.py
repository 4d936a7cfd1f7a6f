from __future__ import annotations

from decimal import Decimal

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.inclusive import solve
from invo_cli.gst.tax import Heads, compute
from tests.gst.documents import figures, make_document, make_line

pytestmark = pytest.mark.unit


def test_a_price_without_an_exact_split_leaves_a_paisa_to_the_round_off() -> None:
    tax = compute(make_document(make_line("100.00"), prices_include_tax=True), Heads.IGST)
    assert figures(tax, "taxable igst round_off total") == "84.75 15.26 -0.01 100.00"


def test_the_same_price_splits_exactly_between_two_heads() -> None:
    tax = compute(make_document(make_line("100.00"), prices_include_tax=True), Heads.CGST_SGST)
    assert figures(tax, "taxable cgst sgst round_off") == "84.74 7.63 7.63 0.00"


def test_rounding_to_the_rupee_takes_in_the_paisa_that_is_left_over() -> None:
    tax = compute(make_document(make_line("100.49"), prices_include_tax=True, round_off=True), Heads.IGST)
    assert tax.total == Decimal("100.00")
    assert tax.taxable + tax.igst + tax.round_off == Decimal("100.00")


@pytest.mark.parametrize("heads", [Heads.CGST_SGST, Heads.IGST])
@pytest.mark.parametrize("rate", ["0.1", "0.25", "3", "5", "12", "18", "28", "40"])
def test_the_value_is_the_nearest_of_all_that_meet_the_price(heads: Heads, rate: str) -> None:
    count = 2 if heads is Heads.CGST_SGST else 1
    factor = Decimal(rate) / 100 / count
    for paise in range(1, 400):
        price = Decimal(paise).scaleb(-2)
        solved = solve([price], [Decimal(0)], head_factor=factor, head_count=count)[0]
        exact = price / (1 + factor * count)
        values = [Decimal(units).scaleb(-2) for units in range(paise + 1)]
        fitting = [value for value in values if value + count * rounded(value * factor) == price]
        assert solved == min(fitting or values, key=lambda value: (abs(value - exact), value))


def test_prices_are_solved_together_for_a_rate_and_spread_by_running_total() -> None:
    tax = compute(make_document(*[make_line("33.33")] * 3, prices_include_tax=True), Heads.CGST_SGST)
    assert [str(line.taxable) for line in tax.lines] == ["28.24", "28.25", "28.24"]
    assert figures(tax, "taxable cgst round_off total") == "84.73 7.63 0.00 99.99"


def test_the_discount_comes_off_the_price_with_tax() -> None:
    line = make_line("236.00", discount="59.00")
    tax = compute(make_document(line, discount="59.00", prices_include_tax=True), Heads.IGST)
    assert figures(tax.lines[0], "gross discount taxable igst") == "236.00 118.00 100.00 18.00"


def test_cess_rates_of_one_gst_rate_share_its_tax() -> None:
    lines = (make_line("100"), make_line("100", cess_rate="12"))
    tax = compute(make_document(*lines, prices_include_tax=True), Heads.CGST_SGST)
    assert [str(line.taxable) for line in tax.lines] == ["84.75", "76.92"]
    assert figures(tax, "cess total") == "9.23 200.00"


def test_the_cess_per_unit_is_taken_off_the_price_first() -> None:
    line = make_line("130.00", quantity="2", cess_rate="2", cess_per_unit="10")
    tax = compute(make_document(line, prices_include_tax=True), Heads.CGST_SGST)
    assert figures(tax, "taxable cgst cess total") == "200.00 18.00 24.00 260.00"


def test_a_price_below_its_cess_per_unit_is_refused() -> None:
    line = make_line("5.00", cess_per_unit="5.010")
    with pytest.raises(InvalidError, match="less than its cess"):
        compute(make_document(line, prices_include_tax=True), Heads.IGST)


def test_under_reverse_charge_the_buyer_pays_the_value_alone() -> None:
    tax = compute(make_document(make_line("100.00"), prices_include_tax=True, reverse_charge=True), Heads.IGST)
    assert figures(tax, "taxable igst round_off total") == "84.75 15.26 0.00 84.75"


def test_lines_that_bear_no_tax_keep_their_price() -> None:
    tax = compute(make_document(make_line("0"), make_line("0"), prices_include_tax=True), Heads.IGST)
    assert figures(tax, "taxable total") == "0.00 0.00"


def rounded(value: Decimal) -> Decimal:
    return (value * 100 + Decimal("0.5")).to_integral_value("ROUND_FLOOR") / 100
