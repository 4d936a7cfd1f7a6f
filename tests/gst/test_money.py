from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.errors import InvalidError
from invo_cli.gst.money import (
    EXACT,
    format_indian,
    format_rate,
    from_thousandths,
    parse_counter_decimal,
    parse_decimal,
    round_paise,
    rupees,
    split_by_largest_remainder,
    split_by_running_total,
    to_paise,
    to_thousandths,
)
from tests.gst.vectors import load

D = Decimal
Split = Callable[[Decimal, list[Decimal]], list[Decimal]]

amounts = st.decimals(min_value=0, max_value=D("9999999999999.99"), places=2)
weights = st.lists(st.decimals(min_value=0, max_value=10**10, places=3), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("2.675", "2.68"),
        ("1.0049999", "1.00"),
        ("-0.004", "0.00"),
        ("7", "7.00"),
        ("12345678901234567890123456789012345.675", "12345678901234567890123456789012345.68"),
    ],
)
def test_rounding_is_half_away_from_zero_and_never_gives_a_negative_zero(value: str, rounded: str) -> None:
    assert str(round_paise(D(value))) == rounded


@given(st.integers())
def test_paise_and_rupees_are_the_same_amount(paise: int) -> None:
    assert to_paise(rupees(paise)) == paise
    assert str(rupees(paise))[-3] == "."
    assert to_thousandths(from_thousandths(paise)) == paise


def test_conversion_to_units_refuses_to_lose_a_fraction() -> None:
    assert to_paise(D("1.10000")) == 110
    assert to_thousandths(D("0.25")) == 250
    with pytest.raises(ValueError, match=r"1\.005 has more than 2 decimals"):
        to_paise(D("1.005"))
    with pytest.raises(ValueError, match="3 decimals"):
        to_thousandths(D("0.0001"))


def test_exact_products_keep_every_digit() -> None:
    product = EXACT.multiply(D("9999999999999.999"), D("9999999999999.999"))
    assert str(product) == "99999999999999980000000000.000001"


@pytest.mark.parametrize("text", ["0", "1500", "1500.5", "1500.50", "007", "9999999999999.99"])
def test_plain_numbers_are_read_exactly(text: str) -> None:
    assert parse_decimal(text, what="Price", places=2) == D(text)


def test_a_minus_is_read_only_where_it_is_allowed() -> None:
    assert parse_decimal("-5.00", what="Price", places=2, negative=True) == D("-5.00")
    assert str(parse_decimal("-0.00", what="Price", places=2, negative=True)) == "0.00"
    with pytest.raises(InvalidError) as refusal:
        parse_decimal("-5", what="Price", places=2)
    assert refusal.value.message == "Price '-5' is negative."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Price is empty."),
        ("1,500", "Price '1,500' has a comma."),
        ("1.234", "Price has 3 decimals; at most 2 are allowed."),
        ("12345678901234", "Price has 14 digits before the point; at most 13 are allowed."),
        ("abc", "Price 'abc' is not a number."),
        *[
            (text, f"Price '{text}' is not a number.")
            for text in [
                "1e3",
                "1_000",
                "NaN",
                "Infinity",
                "+1",
                " 1",
                "1 ",
                ".5",
                "5.",
                "--1",
                "0x1",
                "१२",
                "１",
                "1٫5",
            ]
        ],
        ("1\n", "Price '1\\n' is not a number."),
    ],
)
def test_everything_else_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_decimal(text, what="Price", places=2)
    assert refusal.value.message == message
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,18,000.00", "118000"),
        ("118,000.00", "118000"),
        ("1,500", "1500"),
        ("12,34,56,789.50", "123456789.5"),
        ("123,456,789.50", "123456789.5"),
        ("-1,500", "-1500"),
        ("1500", "1500"),
    ],
)
def test_the_counter_may_write_indian_and_western_commas(text: str, value: str) -> None:
    assert parse_counter_decimal(text, what="Price", places=2, negative=True) == D(value)


@pytest.mark.parametrize(
    "text", ["1,50", "1,5000", "1,,500", ",500", "1500,", "1,18,00", "1,234,56,789", "0,500", "1.5,00"]
)
def test_wrong_commas_are_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="comma in the wrong place"):
        parse_counter_decimal(text, what="Price", places=2)


@pytest.mark.parametrize("text", ["1e3", "", "-5", "12,34,56,78,90,12,345.00", "1,500.123"])
def test_commas_do_not_loosen_the_other_rules(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_counter_decimal(text, what="Price", places=2)


@pytest.mark.parametrize(
    ("total", "parts", "shares"),
    [
        ("10.00", ["1", "1", "1"], ["3.34", "3.33", "3.33"]),
        ("0.01", ["1", "1"], ["0.01", "0.00"]),
        ("10.00", ["0", "2", "1"], ["0.00", "6.67", "3.33"]),
        ("5.00", ["0", "0"], ["5.00", "0.00"]),
        ("0.00", [], []),
        ("-10.00", ["1", "2"], ["-3.33", "-6.67"]),
    ],
)
def test_the_largest_remainder_gets_the_last_paise(total: str, parts: list[str], shares: list[str]) -> None:
    assert [str(share) for share in split_by_largest_remainder(D(total), [D(part) for part in parts])] == shares


@pytest.mark.parametrize(
    ("total", "parts", "shares"),
    [
        ("10.00", ["3.333", "3.333", "3.334"], ["3.33", "3.34", "3.33"]),
        ("0.91", ["7.60", "7.60"], ["0.46", "0.45"]),
        ("0.912", ["7.60", "7.60"], ["0.46", "0.45"]),
        ("0.00", ["1", "1"], ["0.00", "0.00"]),
        ("5.00", ["0", "0"], ["5.00", "0.00"]),
        ("-0.91", ["1", "1"], ["-0.46", "-0.45"]),
    ],
)
def test_the_running_total_is_rounded(total: str, parts: list[str], shares: list[str]) -> None:
    assert [str(share) for share in split_by_running_total(D(total), [D(part) for part in parts])] == shares


@given(amounts, weights)
def test_shares_add_up_and_stay_within_a_paisa_of_their_part(total: Decimal, parts: list[Decimal]) -> None:
    for split in (split_by_largest_remainder, split_by_running_total):
        shares = split(total, parts)
        assert sum(shares) == total
        for share, part in zip(shares, parts, strict=True):
            if sum(parts):
                assert abs(share * sum(parts) - total * part) < sum(parts) * D("0.01") + D("1e-9")
                assert share == 0 or part


@given(weights)
def test_the_first_shares_of_an_unrounded_tax_are_the_tax_of_the_first_lines(taxables: list[Decimal]) -> None:
    def tax(base: Decimal) -> Decimal:
        return base * 9 / 100

    if sum(taxables):
        shares = split_by_running_total(tax(sum(taxables, D(0))), taxables)
        assert list(accumulate(shares)) == [round_paise(tax(base)) for base in accumulate(taxables)]


@pytest.mark.parametrize("split", [split_by_largest_remainder, split_by_running_total])
def test_nothing_can_be_split_over_no_or_negative_weights(split: Split) -> None:
    with pytest.raises(ValueError, match="cannot split"):
        split(D("1.00"), [])
    with pytest.raises(ValueError, match="cannot split"):
        split(D("1.00"), [D(1), D(-1)])


@pytest.mark.parametrize("row", load("grouping")["rows"], ids=lambda row: row["value"])
def test_amounts_are_grouped_as_in_india(row: dict[str, str]) -> None:
    assert format_indian(D(row["value"])) == row["grouped"]


def test_grouping_rounds_and_works_for_any_size() -> None:
    assert format_indian(D("999.995")) == "1,000.00"
    assert format_indian(D("-0.001")) == "0.00"
    assert format_indian(D("1234.5"), places=3) == "1,234.500"
    assert format_indian(D("123456"), places=0) == "1,23,456"
    assert format_indian(D("9" * 40)).startswith("9,99,99,")


@pytest.mark.parametrize(
    ("rate", "text"), [("18", "18"), ("18.000", "18"), ("7.5", "7.5"), ("0.250", "0.25"), ("0", "0"), ("1E+1", "10")]
)
def test_rates_have_no_trailing_zeros(rate: str, text: str) -> None:
    assert format_rate(D(rate)) == text
