"""Documents made at random: no traceback, and no exit code but 0, 3, 4 and 5."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invo_cli.gst.document import Kind, Supply
from tests.conftest import Invo
from tests.hostile.test_files import KEYS

pytestmark = pytest.mark.integration

ANY_TEXT = st.text(max_size=30)
NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.floats(),
    st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{1,4})?", fullmatch=True),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, ANY_TEXT)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
GSTINS = st.sampled_from(["29AAGCB7383J1Z4", "27AAPFU0939F1ZV", "27AAPFU0939F1Z0", "9917SGP29001OST"])
STATES = st.sampled_from(["29", "27", "96", "97", "7", "25", "28", "99", "00"])
LINES = st.fixed_dictionaries(
    {
        "description": ANY_TEXT | st.just("Screen"),
        "quantity": NUMBERS | st.just(1),
        "unit_price": NUMBERS | st.just("9.99"),
    },
    optional={
        "hsn": st.sampled_from(["998716", "8471", "84", "99", "84713010", "1"]) | ANY_TEXT,
        "unit": st.sampled_from(["NOS", "nos", "KGS", "OTH", "XYZ"]),
        "discount": NUMBERS,
        "discount_percent": st.integers(-1, 101) | NUMBERS,
        "taxability": st.sampled_from(["taxable", "nil_rated", "exempt", "non_gst", "x"]),
        "gst_rate": st.sampled_from([0, "0.25", 3, 5, 12, 18, 28, 40, 17, "18.0000"]) | NUMBERS,
        "cess_rate": st.sampled_from([0, 1, 22, 290]) | NUMBERS,
        "cess_per_unit": NUMBERS | st.sampled_from(["0.5", "4170"]),
        "serial": ANY_TEXT,
    },
)
CUSTOMERS = st.one_of(
    ANY_TEXT,
    st.fixed_dictionaries(
        {"name": ANY_TEXT | st.just("Asha")},
        optional={"gstin": GSTINS, "state": STATES, "mobile": st.just("9876543210") | ANY_TEXT, "email": ANY_TEXT},
    ),
)
DOCUMENTS = st.fixed_dictionaries(
    {"customer": CUSTOMERS, "lines": st.lists(LINES, max_size=5)},
    optional={
        "kind": st.sampled_from(list(Kind)),
        "supply": st.sampled_from(list(Supply)),
        "place_of_supply": STATES,
        "date": st.dates().map(str),
        "due_date": st.dates().map(str),
        "reverse_charge": st.booleans(),
        "prices_include_tax": st.booleans(),
        "round_off": st.booleans(),
        "discount": NUMBERS | st.sampled_from(["0.01", "1", "5.55"]),
        "other_charges": NUMBERS | st.just("1.18"),
        "charges": st.lists(
            st.fixed_dictionaries({"description": st.just("Freight"), "amount": NUMBERS | st.just("75.55")}), max_size=3
        ),
        "against": ANY_TEXT,
        "reason": ANY_TEXT,
        "amends": ANY_TEXT,
        "differential_percent": st.just(65) | NUMBERS,
        "service_type": st.sampled_from(["general", "immovable_property", "goods_transport", "intermediary"]),
        "notes": ANY_TEXT,
        "ecommerce_gstin": GSTINS,
        "ecommerce_section": st.sampled_from(["52", "9(5)"]),
        "return_period": st.sampled_from(["102026", "072017", "062017", "132020"]),
        "ship_to": st.fixed_dictionaries({"state": STATES}, optional={"pincode": ANY_TEXT}),
    },
)  # fmt: skip
STRANGE = st.dictionaries(st.sampled_from(KEYS) | ANY_TEXT, ANYTHING, max_size=6)

MODERATE = settings(
    max_examples=30 if os.environ.get("FAST_TESTS") else 50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check(counter: Invo, text: str) -> dict[str, Any] | None:
    """Create from the text; the document, or None when it was refused properly."""
    done = counter("invoice", "create", "--file", "-", "--dry-run", "-o", "json", "-q", input=text)
    assert done.exit_code in (0, 3, 4, 5), done.output
    assert "Unexpected error" not in done.stderr, done.stderr
    if done.exit_code:
        assert done.stdout == ""
        assert json.loads(done.stderr)["exit_code"] == done.exit_code
        return None
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@MODERATE
@given(document=DOCUMENTS)
def test_documents_that_look_right(counter: Invo, document: dict[str, Any]) -> None:
    from decimal import Decimal

    made = check(counter, json.dumps(document))
    if made is not None:
        for head in ("taxable_value", "cgst", "sgst", "igst", "cess"):
            assert sum(Decimal(line[head]) for line in made["lines"]) == Decimal(made[head])
        assert made["cgst"] == made["sgst"]


@MODERATE
@given(document=STRANGE)
def test_objects_of_anything(counter: Invo, document: dict[str, Any]) -> None:
    check(counter, json.dumps(document))


@MODERATE
@given(
    text=st.one_of(
        ANY_TEXT, ANYTHING.map(json.dumps), st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \n\\u\ud800', max_size=60)
    )
)
def test_texts_of_anything(counter: Invo, text: str) -> None:
    check(counter, text.encode("utf-8", "replace").decode())


@MODERATE
@given(
    words=st.lists(
        st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12), max_size=5
    )
)
def test_command_lines_of_anything(counter: Invo, words: list[str]) -> None:
    for command in (
        ["invoice", "list", *words],
        ["invoice", "show", "--", *words],
        ["gstin", "check", "--", *words],
        words,
    ):
        done = counter(*command, "--no-input")
        assert done.exit_code in (0, 2, 3, 4, 5), done.output
        assert "Unexpected error" not in done.stderr, done.stderr


@MODERATE
@given(text=st.text(alphabet="0123456789:.,\\ -%₹Aa", max_size=25))
def test_lines_of_anything(counter: Invo, text: str) -> None:
    done = counter("invoice", "create", "--customer=A", "--state=29", f"--line={text}", "--dry-run", "-o", "json", "-q")
    assert done.exit_code in (0, 3), done.output
    assert "Unexpected error" not in done.stderr
