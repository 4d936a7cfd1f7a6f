"""The JSON of the portals: exact numbers, and one text for one value."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice.wire import LARGEST, read, write

pytestmark = pytest.mark.unit
_decimals = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**14), max_value=10**14)
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_values = st.recursive(
    st.none() | st.booleans() | _texts | _decimals,
    lambda inner: st.lists(inner) | st.dictionaries(_texts, inner),
    max_leaves=20,
)


@given(_values, st.sampled_from((0, 2)))
def test_what_is_written_is_read_back(value: Any, indent: int) -> None:
    text = write(value, indent=indent)
    assert read(text) == value
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == value


def test_a_month_of_twelve_thousand_documents_is_read() -> None:
    # Such a file of two lines each takes 11.5 million characters.
    assert read(f"[{' ' * 12_000_000}]") == []
    with pytest.raises(InvalidError, match="larger than 32 Mi"):
        read(f"[{' ' * LARGEST}]")


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert read(r'{"a": "\ud83d\ude00"}') == {"a": "😀"}


def test_the_text_is_that_of_json() -> None:
    value = {"a": [1, {"b": "₹\n"}], "c": {}, "d": []}
    assert write(value, indent=2) == json.dumps(value, indent=2, ensure_ascii=False)
    assert write(value) == json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    assert write(Decimal("1500.00")) == "1500.00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, column 1"),
        ('{"a": 1', "line 1"),
        ("[1e5]", "cannot be read exactly"),
        ("[NaN]", "cannot be read exactly"),
        ("[-Infinity]", "cannot be read exactly"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ("[" * 100_000, "too deep"),
        (r'{"a": ["\ud800"]}', "half of a surrogate pair"),
        (r'{"\uDFFF": 1}', "half of a surrogate pair"),
        (r'"a\u0000"', "NUL"),
    ],
)
def test_what_is_not_json_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        read(text)
