from __future__ import annotations

import datetime as dt

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.states import STATES, obsolete_warning, parse_state
from tests.gst.vectors import load


def test_the_table_is_the_governments() -> None:
    rows = {code: (name, alpha or None, utgst) for code, name, alpha, utgst in load("states")["rows"]}
    rows["28"] = (rows["28"][0], None, False)  # the letters AP are those of 37
    assert {s.code: (s.name, s.alpha, s.is_union_territory_tax) for s in STATES.values()} == rows


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("29", "29"),
        ("ka", "29"),
        (" Karnataka ", "29"),
        ("TAMIL NADU", "33"),
        ("AP", "37"),
        ("TG", "36"),
        ("TS", "36"),
        ("96", "96"),
        ("other territory", "97"),
    ],
)
def test_states_are_read_by_digits_letters_or_name(text: str, code: str) -> None:
    assert parse_state(text) is STATES[code]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("9", "Write two digits: 09 for Uttar Pradesh."),
        ("Karnatka", "Did you mean 29 (Karnataka)?"),
        ("Pondicherry", "Did you mean 34 (Puducherry)?"),
        ("39", "Write the two digits of the state, such as 29 for Karnataka."),
        ("99", "Write the two digits of the state, such as 29 for Karnataka."),
        ("", "Write the two digits of the state, such as 29 for Karnataka."),
        ("२९", "Write the two digits of the state, such as 29 for Karnataka."),
    ],
)
def test_other_texts_are_refused_with_the_nearest_state(text: str, hint: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        parse_state(text)
    assert refusal.value.message == f"There is no state '{text}'."
    assert refusal.value.hint == hint


@pytest.mark.parametrize(
    ("code", "on", "successor"),
    [("25", "2020-01-25", None), ("25", "2020-01-26", "26"), ("28", "2017-07-01", "37"), ("29", "2026-04-01", None)],
)
def test_obsolete_codes_warn_from_their_last_day_on(code: str, on: str, successor: str | None) -> None:
    warning = obsolete_warning(STATES[code], dt.date.fromisoformat(on))
    assert (warning is None) == (successor is None)
    assert warning is None or warning.endswith(f"use {successor}.")
