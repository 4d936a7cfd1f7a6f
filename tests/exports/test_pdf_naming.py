"""File names of documents."""

from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.exports.pdf import safe_name

pytestmark = pytest.mark.unit


def test_slashes_become_hyphens() -> None:
    assert safe_name("INV/26-27/0001") == "INV-26-27-0001"


@pytest.mark.parametrize("number", ["..", "../../etc/passwd", "-rf", ".hidden", "a\0b", "", "चालान/1", "a\\b", "C:x"])
def test_a_strange_number_gets_a_hash_and_no_way_out(number: str) -> None:
    name = safe_name(number)
    assert PurePath(name).name == name
    assert name[0] not in ".-"
    assert name.isascii()
    assert name != safe_name(f"{number} ")


@pytest.mark.parametrize("twin", ["inv-1", "INV/1", "Inv/1"])
def test_a_twin_of_a_taken_name_gets_a_hash(twin: str) -> None:
    name = safe_name(twin, taken={"inv-1"})
    assert name.lower().startswith("inv-1-")
    assert name == safe_name(twin, taken={"inv-1"})


def test_documents_of_one_number_are_told_apart() -> None:
    names = {safe_name("A/1", taken={"a-1"}, identity=identity) for identity in ("tax_invoice", "credit_note")}
    assert len(names) == 2


@given(st.text(max_size=200))
def test_every_number_gives_a_safe_name(number: str) -> None:
    name = safe_name(number)
    assert 1 <= len(name) <= 120
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert name[0] not in ".-"
