from __future__ import annotations

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.uqc import UQC, parse_uqc
from tests.gst.vectors import load


def test_the_units_are_those_of_the_offline_tool() -> None:
    assert dict(UQC) == load("uqc")["codes"]
    assert len(UQC) == 46


@pytest.mark.parametrize("text", ["NOS", "nos", " Nos ", "NOS-NUMBERS", "nos-numbers"])
def test_a_unit_is_read_by_code_or_by_code_and_description(text: str) -> None:
    assert parse_uqc(text) == "NOS"


def test_every_description_is_read() -> None:
    assert [parse_uqc(f"{code}-{description}") for code, description in UQC.items()] == list(UQC)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("NO", "Did you mean NOS (NUMBERS)?"),
        ("KG", "Did you mean KGS (KILOGRAMS)?"),
        ("piece", "Did you mean PCS (PIECES)?"),
        ("NOS-PIECES", "Did you mean NOS (NUMBERS)?"),
        ("NOS-", "Did you mean NOS (NUMBERS)?"),
        ("", "Use a unit quantity code such as NOS, PCS or KGS; OTH stands for others."),
        ("१२३", "Use a unit quantity code such as NOS, PCS or KGS; OTH stands for others."),
    ],
)
def test_other_units_are_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_uqc(text)
    assert refusal.value.message == f"There is no unit '{text}'."
    assert refusal.value.hint == hint
