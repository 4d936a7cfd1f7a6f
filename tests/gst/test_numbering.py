from __future__ import annotations

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Kind
from invo_cli.gst.numbering import DEFAULT_PATTERNS, NumberPattern, check_number, number_key
from invo_cli.gst.periods import FinancialYear

YEAR = FinancialYear(2026)


@pytest.mark.parametrize(
    ("pattern", "first", "last"),
    [
        ("INV/{fy}/{seq:04}", "INV/26-27/0001", "INV/26-27/999999"),
        ("{seq}", "1", "999999"),
        ("A{seq:06}-{fy}", "A000001-26-27", "A999999-26-27"),
        ("{fy}/{seq}", "26-27/1", "26-27/999999"),
        (" S-{seq} ", "S-1", "S-999999"),
    ],
)
def test_a_pattern_gives_numbers(pattern: str, first: str, last: str) -> None:
    parsed = NumberPattern.parse(pattern)
    assert (parsed.render(YEAR, 1), parsed.render(YEAR, 999_999)) == (first, last)
    assert check_number(first) == first


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("INV-{fy}-{fy}-{seq}", "gives 'INV-26-27-26-27-1', which has 17 characters; at most 16 are allowed."),
        ("INVO/{fy}/{seq:04}", "gives 'INVO/26-27/999999', which has 17 characters; at most 16 are allowed."),
        ("INV {seq}", "which has ' '; only letters, digits, hyphens and slashes are allowed."),
        ("बिल{seq}", "which has 'ब'; only"),
        ("INV{/{seq}", "which has '{'; only"),
        ("0{seq}", "gives '01', which begins with 0."),
        ("{seq:04}", "gives '0001', which begins with 0."),
        ("/{seq}", "which begins with /."),
        ("-{seq}", "which begins with -."),
        ("INV/{yyyy}/{seq}", "has the unknown placeholder '{yyyy}'."),
        ("INV/{seq:4}", "has the unknown placeholder '{seq:4}'."),
        ("INV/{}{seq}", "has the unknown placeholder '{}'."),
        ("INV/{fy}", "has no serial instead of one."),
        ("", "has no serial instead of one."),
        ("{seq}/{seq:02}", "has 2 serials instead of one."),
    ],
)
def test_a_pattern_that_would_break_the_rule_is_refused_when_set(pattern: str, message: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        NumberPattern.parse(pattern)
    assert message in refusal.value.message
    assert refusal.value.hint


def test_a_serial_that_no_longer_fits_points_to_the_series() -> None:
    with pytest.raises(InvalidError) as refusal:
        NumberPattern.parse("INV/{fy}/{seq:04}").render(YEAR, 1_000_000)
    assert "has 17 characters" in refusal.value.message
    assert "invo series set" in str(refusal.value.hint)


def test_every_kind_has_a_default_pattern_of_its_own() -> None:
    numbers = {NumberPattern.parse(DEFAULT_PATTERNS[kind]).render(YEAR, 1) for kind in Kind}
    assert numbers == {"INV/26-27/0001", "BOS/26-27/0001", "ICB/26-27/0001", "CN/26-27/0001", "DN/26-27/0001"}


@pytest.mark.parametrize("number", ["1", "INV-20250924-001", "a/b-c", "9" * 16])
def test_lawful_numbers_are_kept(number: str) -> None:
    assert check_number(number) == number


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("", "Number '' is empty."),
        ("0", "Number '0' begins with 0."),
        ("007", "Number '007' begins with 0."),
        ("-1", "Number '-1' begins with -."),
        ("INV-20250924-0001", "Number 'INV-20250924-0001' has 17 characters; at most 16 are allowed."),
        ("INV_1", "Number 'INV_1' has '_'; only letters, digits, hyphens and slashes are allowed."),
        ("INV1\n", "Number 'INV1\\n' has '\\n'; only letters, digits, hyphens and slashes are allowed."),
        ("INV१", "Number 'INV१' has '१'; only letters, digits, hyphens and slashes are allowed."),
    ],
)
def test_unlawful_numbers_are_refused(number: str, message: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        check_number(number)
    assert refusal.value.message == message


def test_numbers_are_equal_in_any_case() -> None:
    assert number_key("inv/26-27/0001") == number_key("INV/26-27/0001")
