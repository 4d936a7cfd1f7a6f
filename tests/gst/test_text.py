from __future__ import annotations

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.text import clean_text, nearest, quoted


def test_text_is_stripped_and_composed() -> None:
    assert clean_text("  Cafe\u0301 \n", what="Name", limit=4) == "Caf\u00e9"


@pytest.mark.parametrize(
    "text",
    ["[bold]Asha[/bold]", "a\x1b[31mred", "one\ntwo\tthree", "a\u202eb", "आशा ट्रेडर्स", "👩‍🔧", "x" * 10_000],
)
def test_hostile_text_is_kept_as_it_is(text: str) -> None:
    assert clean_text(text, what="Name", limit=10_000) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Name is empty."),
        (" \n\t ", "Name is empty."),
        ("a\0b", "Name contains a NUL character."),
        ("a\ud800b", "Name contains half of a surrogate pair."),
        ("x" * 101, "Name has 101 characters; at most 100 are allowed."),
    ],
)
def test_what_cannot_be_stored_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        clean_text(text, what="Name", limit=100)
    assert refusal.value.message == message
    assert refusal.value.hint


def test_a_quoted_value_is_short_harmless_and_on_one_line() -> None:
    assert quoted("Asha") == "'Asha'"
    assert quoted("a\nb\x1b\u202e\ud800") == r"'a\nb\x1b\u202e\ud800'"
    assert quoted("x" * 41) == "'" + "x" * 39 + "…'"
    assert quoted("x" * 40) == "'" + "x" * 40 + "'"


def test_the_nearest_spelling_ignores_case() -> None:
    assert nearest("Custmer", ["customer", "kind"]) == "customer"
    assert nearest("zzz", ["customer", "kind"]) is None
