from __future__ import annotations

import random
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Document, Line, Supply, Taxability
from invo_cli.gst.rates import rates_ever
from invo_cli.gst.tax import DocumentTax, Heads, compute
from tests.gst.documents import figures, make_document, make_line

pytestmark = pytest.mark.unit

HEADS = (Heads.CGST_SGST, Heads.IGST, Heads.NONE)


def amounts(tax: DocumentTax, name: str) -> list[str]:
    return [str(getattr(line, name)) for line in tax.lines]


def test_the_group_tax_is_spread_by_rounding_the_running_total() -> None:
    tax = compute(make_document(*[make_line("0.77")] * 10), Heads.CGST_SGST)
    # 0.77 × 9 % runs 0.0693, 0.1386, … 0.693: every step is the rounded sum less what was given before.
    assert amounts(tax, "cgst") == ["0.07", "0.07", "0.07", "0.07", "0.07", "0.07", "0.07", "0.06", "0.07", "0.07"]
    assert figures(tax, "cgst total") == "0.69 9.08"


def test_tax_is_computed_once_per_rate_and_not_once_per_line() -> None:
    tax = compute(make_document(make_line("33.36"), make_line("33.36"), make_line("33.36")), Heads.IGST)
    assert tax.igst == Decimal("18.01")  # 100.08 × 18 % = 18.0144; three times 6.00 would be 18.00
    assert amounts(tax, "igst") == ["6.00", "6.01", "6.00"]


def test_lines_of_one_rate_form_one_group_wherever_they_stand() -> None:
    tax = compute(
        make_document(make_line("7.60", "12"), make_line("10", "5"), make_line("7.60", "12")), Heads.CGST_SGST
    )
    assert [(group.gst_rate, group.taxable, group.cgst) for group in tax.groups] == [
        (Decimal(12), Decimal("15.20"), Decimal("0.91")),
        (Decimal(5), Decimal("10.00"), Decimal("0.25")),
    ]
    assert amounts(tax, "cgst") == ["0.46", "0.25", "0.45"]


def test_half_a_paisa_is_rounded_away_from_zero() -> None:
    assert compute(make_document(make_line("2.50")), Heads.CGST_SGST).cgst == Decimal("0.23")
    assert compute(make_document(make_line("0.005", quantity="1")), Heads.IGST).taxable == Decimal("0.01")


def test_half_a_rupee_is_rounded_up() -> None:
    tax = compute(make_document(make_line("100.50", "0"), round_off=True), Heads.IGST)
    assert figures(tax, "round_off total") == "0.50 101.00"


def test_other_charges_are_added_after_tax() -> None:
    tax = compute(make_document(make_line("100"), other_charges="1.18"), Heads.IGST)
    assert figures(tax, "taxable igst other_charges total") == "100.00 18.00 1.18 119.18"


@pytest.mark.parametrize("supply", [Supply.SEZ_WITHOUT_PAYMENT, Supply.EXPORT_WITHOUT_PAYMENT])
def test_supplies_without_payment_bear_no_tax_and_keep_their_rate(supply: Supply) -> None:
    line = make_line("100", cess_rate="12", cess_per_unit="4")
    tax = compute(make_document(line, supply=supply), Heads.IGST)
    assert figures(tax, "igst cess total") == "0.00 0.00 100.00"
    assert tax.lines[0].line.gst_rate == tax.groups[0].gst_rate == Decimal(18)
    assert tax.groups[0].head_rate == Decimal(0)


def test_a_bill_of_supply_charges_nothing() -> None:
    tax = compute(make_document(make_line("100", cess_rate="12"), prices_include_tax=True), Heads.NONE)
    assert figures(tax, "taxable cgst igst cess total groups") == "100.00 0.00 0.00 0.00 100.00 ()"


@pytest.mark.parametrize("taxability", [Taxability.NIL_RATED, Taxability.EXEMPT, Taxability.NON_GST])
def test_lines_that_are_not_taxable_bear_neither_tax_nor_cess(taxability: Taxability) -> None:
    exempt = make_line("50", cess_rate="5", cess_per_unit="1", taxability=taxability)
    tax = compute(make_document(make_line("100"), exempt), Heads.CGST_SGST)
    assert amounts(tax, "total") == ["118.00", "50.00"]
    assert tax.groups[0].taxable == Decimal(100)


def test_under_reverse_charge_the_total_excludes_the_tax_that_is_shown() -> None:
    document = make_document(make_line("100", cess_rate="2", cess_per_unit="3"), reverse_charge=True)
    tax = compute(document, Heads.CGST_SGST)
    assert figures(tax, "cgst sgst cess total") == "9.00 9.00 5.00 100.00"
    assert amounts(tax, "total") == ["100.00"]


def test_a_differential_percentage_scales_gst_and_not_cess() -> None:
    tax = compute(make_document(make_line("1000", "28", cess_rate="15"), differential_percent="65"), Heads.CGST_SGST)
    assert figures(tax, "cgst sgst cess") == "91.00 91.00 150.00"
    assert tax.groups[0].head_rate == Decimal("9.1")


def test_cess_is_on_the_value_and_both_its_parts_are_kept_apart() -> None:
    tax = compute(
        make_document(make_line("1000", "28", quantity="3", cess_rate="5", cess_per_unit="4.170")), Heads.IGST
    )
    assert figures(tax.lines[0], "cess_ad_valorem cess_specific cess") == "150.00 12.51 162.51"
    assert figures(tax, "cess igst total") == "162.51 840.00 4002.51"


def test_cess_is_grouped_by_both_rates_and_spread_by_running_total() -> None:
    lines = [
        make_line("7.60", "28", cess_rate="6"),
        make_line("9", "18", cess_rate="6"),
        make_line("7.60", "28", cess_rate="6"),
    ]
    tax = compute(make_document(*lines), Heads.IGST)
    assert amounts(tax, "cess_ad_valorem") == ["0.46", "0.54", "0.45"]
    assert [[str(group.cess) for group in each.cess_groups] for each in tax.groups] == [["0.91"], ["0.54"]]


def test_figures_of_thirteen_digits_are_exact() -> None:
    tax = compute(make_document(make_line("9999999999.999", quantity="1234.567")), Heads.IGST)
    assert str(tax.taxable) == "12345669999998.77"
    assert str(tax.igst) == "2222220599999.78"
    with pytest.raises(InvalidError, match="more than can be invoiced"):
        compute(make_document(make_line("9999999999999.999", quantity="9999999999999.999")), Heads.IGST)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (make_line("1", quantity="-1"), {}),
        (make_line("1", "-5"), {}),
        (make_line("1", cess_rate="-1"), {}),
        (make_line("1"), {"other_charges": "-0.01"}),
        (make_line("1"), {"discount": "-0.01"}),
    ],
)
def test_negative_figures_are_refused(line: Line, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        compute(make_document(line, **fields), Heads.IGST)


def test_computing_the_resulting_lines_again_gives_the_same_figures() -> None:
    lines = (make_line("100", discount_percent="10"), make_line("-20.05"), make_line("70.01"))
    document = make_document(*lines, discount="3.33", prices_include_tax=True)
    tax = compute(document, Heads.IGST)
    assert compute(replace(document, lines=tuple(line.line for line in tax.lines)), Heads.IGST) == tax


def test_fifty_thousand_lines_take_seconds() -> None:
    lines = [make_line("150.25"), make_line("999.99", "5"), make_line("-0.05")] * 16_667
    started = time.perf_counter()
    tax = compute(make_document(*lines, discount="1234.56", prices_include_tax=True), Heads.CGST_SGST)
    assert time.perf_counter() - started < 20
    assert len(tax.lines) == 33_334


def decimals(largest: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, largest).map(lambda units: Decimal(units).scaleb(-places))


LINES = st.builds(
    Line,
    description=st.just("Part"),
    quantity=decimals(20_000, 3),
    unit_price=decimals(1_000_000, 3),
    discount_percent=st.none() | decimals(100_000, 3),
    taxability=st.sampled_from([*[Taxability.TAXABLE] * 5, *Taxability]),
    gst_rate=st.sampled_from(rates_ever()),
    cess_rate=st.sampled_from([Decimal(0), Decimal(0), Decimal(5), Decimal(12), Decimal(290)]),
    is_charge=st.sampled_from([False, False, False, True]),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    lines = draw(st.lists(LINES, min_size=1, max_size=8))
    document = make_document(
        *lines,
        supply=draw(st.sampled_from([Supply.REGULAR, Supply.REGULAR, Supply.SEZ_WITHOUT_PAYMENT])),
        reverse_charge=draw(st.booleans()),
        round_off=draw(st.booleans()),
        prices_include_tax=draw(st.booleans()),
        other_charges=draw(decimals(10_000, 2)),
        differential_percent=draw(st.sampled_from([None, None, Decimal(65)])),
    )
    free = compute(replace(document, lines=tuple(line for line in lines if not line.is_charge)), Heads.NONE)
    discount = draw(st.integers(0, int(free.taxable * 100)))
    return replace(document, discount=Decimal(discount).scaleb(-2))


@settings(max_examples=500, deadline=None)
@given(documents(), st.sampled_from(HEADS))
def test_the_lines_add_up_to_the_document_and_nothing_is_negative(document: Document, heads: Heads) -> None:
    tax = compute(document, heads)
    for name in ("taxable", "cgst", "sgst", "igst", "cess"):
        assert sum(getattr(line, name) for line in tax.lines) == getattr(tax, name)
    assert sum(line.total for line in tax.lines) + tax.other_charges + tax.round_off == tax.total
    assert all(line.cgst == line.sgst for line in tax.lines)
    assert abs(tax.round_off) <= Decimal("0.50")
    for line in tax.lines:
        figures = (
            line.gross,
            line.discount,
            line.taxable,
            line.cgst,
            line.igst,
            line.cess_ad_valorem,
            line.cess_specific,
        )
        assert min(figures) >= 0
        assert all(figure.as_tuple().exponent == -2 for figure in (*figures, line.total))
    if not document.prices_include_tax:
        assert all(line.taxable == line.gross - line.discount for line in tax.lines)
    if document.round_off:
        assert tax.total == tax.total.to_integral_value()


@settings(max_examples=300, deadline=None)
@given(documents(), st.sampled_from(HEADS))
def test_the_groups_add_up_to_the_document(document: Document, heads: Heads) -> None:
    tax = compute(document, heads)
    for name in ("cgst", "sgst", "igst"):
        assert sum((getattr(group, name) for group in tax.groups), Decimal(0)) == getattr(tax, name)
    specific = sum(line.cess_specific for line in tax.lines)
    assert sum(cess.cess for group in tax.groups for cess in group.cess_groups) == tax.cess - specific


def test_ten_thousand_inclusive_prices_are_met_to_the_paisa() -> None:
    chance = random.Random(20261005)
    rates = rates_ever()
    for _ in range(10_000):
        prices = [
            Decimal(chance.randint(1, 10 ** chance.randint(1, 7))).scaleb(-2) for _ in range(chance.randint(1, 3))
        ]
        lines = [
            make_line(str(price), str(chance.choice(rates)), cess_rate=chance.choice(["0", "0", "12"]))
            for price in prices
        ]
        tax = compute(make_document(*lines, prices_include_tax=True), chance.choice(HEADS))
        assert tax.total == sum(prices)
        assert abs(tax.round_off) <= Decimal("0.05")
