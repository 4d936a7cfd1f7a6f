from __future__ import annotations

import re
from decimal import Decimal

import pytest

from invo_cli.gst.words import amount_in_words
from tests.gst.vectors import load

VECTORS = load("words")


def plain(words: str) -> str:
    return " ".join(word for word in re.split("[ ,-]+", words.lower()) if word != "and")


@pytest.mark.parametrize("row", VECTORS["numbers"], ids=lambda row: row["n"])
def test_numbers_are_said_in_lakh_and_crore(row: dict[str, str]) -> None:
    assert plain(amount_in_words(Decimal(row["n"]))) == f"rupees {plain(row['words'])} only"


@pytest.mark.parametrize("row", VECTORS["amounts"], ids=lambda row: row["amount"])
def test_paise_are_said_unless_there_are_none(row: dict[str, str]) -> None:
    whole, fraction = re.split(" rupees?, ", row["words"])
    fraction = re.sub(" pais[ae]$", "", fraction)
    paise = "" if fraction == "zero" else f"paise {plain(fraction)} "
    assert plain(amount_in_words(Decimal(row["amount"]))) == f"rupees {plain(whole)} {paise}only"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1770.00", "Rupees One Thousand Seven Hundred Seventy Only"),
        ("1500.75", "Rupees One Thousand Five Hundred and Paise Seventy Five Only"),
        ("0", "Rupees Zero Only"),
        ("0.05", "Rupees Zero and Paise Five Only"),
        ("-118.50", "Minus Rupees One Hundred Eighteen and Paise Fifty Only"),
        ("-0.001", "Rupees Zero Only"),
        ("0.995", "Rupees One Only"),
        ("1000000000", "Rupees One Hundred Crore Only"),
        ("10000000000", "Rupees One Thousand Crore Only"),
        ("1000000000000", "Rupees One Lakh Crore Only"),
        ("100000000000000", "Rupees One Crore Crore Only"),
        (
            "99999999999.99",
            "Rupees Nine Thousand Nine Hundred Ninety Nine Crore Ninety Nine Lakh Ninety Nine Thousand Nine Hundred "
            "Ninety Nine and Paise Ninety Nine Only",
        ),
    ],
)
def test_the_house_style(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


def test_no_amount_is_too_large() -> None:
    assert amount_in_words(Decimal("1" + "0" * 100)).startswith("Rupees One Hundred Crore Crore")
