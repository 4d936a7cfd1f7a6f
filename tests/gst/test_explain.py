from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from invo_cli.gst.document import Document, Supply, Taxability
from invo_cli.gst.explain import Step, explain
from invo_cli.gst.tax import Heads, compute
from tests.gst.documents import figures, make_document, make_line

pytestmark = pytest.mark.unit


def steps_of(document: Document, heads: Heads = Heads.CGST_SGST) -> dict[str, Step]:
    steps = explain(document, compute(document, heads), heads)
    assert all(step.what and step.formula and step.rule for step in steps)
    return {step.what: step for step in steps}


def test_the_gross_shows_what_was_rounded_away() -> None:
    step = steps_of(make_document(make_line("99.99", quantity="1.005")))["Line 1 gross"]
    assert step.amount == Decimal("100.49")
    assert step.formula == "1.005 × 99.99 = 100.48995, rounded half away from zero to 100.49"


def test_an_exact_result_is_not_called_rounded() -> None:
    assert steps_of(make_document(make_line("7.60", quantity="2")))["Line 1 gross"].formula == "2 × 7.60 = 15.20"


def test_every_discount_is_told_apart() -> None:
    lines = (make_line("200", discount_percent="10"), make_line("-30"), make_line("50", discount="1"))
    steps = steps_of(make_document(*lines, discount="19.90"))
    assert steps["Negative line Screen replacement"].amount == Decimal(-30)
    assert steps["Line 1 discount"].formula == "200.00 × 10 % = 20.00"
    assert steps["Line 1 reduced by negative lines"].amount == Decimal(30)
    assert steps["Line 1 share of the discount"].formula == "19.90 × 150.00 ÷ 199.00"
    assert steps["Line 2 share of the discount"].amount == Decimal("4.90")
    assert steps["Line 2 taxable value"].formula == "50.00 − 5.90"


def test_the_tax_of_a_rate_and_its_spreading_are_shown() -> None:
    steps = steps_of(make_document(make_line("7.60", "12"), make_line("7.60", "12")))
    assert steps["CGST at 12 %"].formula == "15.20 × 6 % = 0.912, rounded half away from zero to 0.91"
    assert steps["SGST at 12 %"].amount == Decimal("0.91")
    assert steps["Line 1 CGST"].amount == Decimal("0.46")
    assert steps["Line 2 CGST"].formula == (
        "15.20 × 6 % = 0.912, rounded half away from zero to 0.91, less 0.46 given to earlier lines"
    )


def test_inclusive_prices_show_the_division_and_what_is_left_over() -> None:
    steps = steps_of(make_document(make_line("100"), prices_include_tax=True), Heads.IGST)
    assert steps["Taxable value at 18 %"].formula == "100.00 with tax ÷ (100 + 18) %"
    assert steps["Left over at 18 %"].amount == Decimal("-0.01")
    assert steps["Round-off"].formula == "100.00 − 100.01"
    assert steps["Total"].formula == "84.75 + 15.26 − 0.01"


def test_the_total_adds_every_figure() -> None:
    line = make_line("1000", "28", cess_rate="5", cess_per_unit="4.171")
    steps = steps_of(make_document(line, other_charges="1.18", round_off=True))
    assert steps["Cess at 5 %"].amount == Decimal(50)
    assert steps["Line 1 cess per unit"].formula == "1 × 4.171 = 4.171, rounded half away from zero to 4.17"
    assert steps["Total"].formula == "1000.00 + 140.00 + 140.00 + 54.17 + 1.18 − 0.35"
    assert steps["Total"].amount == Decimal(1335)


@pytest.mark.parametrize(
    ("fields", "heads", "what", "rule"),
    [
        ({"reverse_charge": True}, Heads.IGST, "Total", "s.9(3)"),
        ({"supply": Supply.EXPORT_WITHOUT_PAYMENT}, Heads.IGST, "IGST at 18 %", "s.16(3)"),
        ({"differential_percent": "65"}, Heads.CGST_SGST, "CGST at 18 %", "65 % of the rate"),
        ({}, Heads.NONE, "Line 1 tax", "s.31(3)(c)"),
        ({"round_off": True}, Heads.IGST, "Round-off", "nearest rupee"),
    ],
)
def test_the_rule_behind_a_figure_is_named(fields: dict[str, Any], heads: Heads, what: str, rule: str) -> None:
    assert rule in steps_of(make_document(make_line("100"), **fields), heads)[what].rule


def test_a_line_that_bears_no_tax_says_why() -> None:
    steps = steps_of(make_document(make_line("100", taxability=Taxability.EXEMPT), make_line("5")))
    assert figures(steps["Line 1 tax"], "amount rule") == "0.00 Exempt: CGST Act s.11, IGST Act s.6"


def test_the_last_step_is_the_total() -> None:
    document = make_document(make_line("33.33"), make_line("12.10", "5"), round_off=True)
    tax = compute(document, Heads.CGST_SGST)
    assert explain(document, tax, Heads.CGST_SGST)[-1].amount == tax.total
