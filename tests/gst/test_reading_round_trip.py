import dataclasses
import datetime as dt
import json
import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.gst.document import (
    Address,
    ChargeInput,
    CustomerInput,
    DocumentInput,
    Kind,
    LineInput,
    ServiceType,
    ShippingBill,
    Supply,
    Taxability,
    Transport,
)
from invo_cli.gst.reading import load_json, read_document, write_document
from invo_cli.gst.states import STATES
from invo_cli.gst.uqc import UQC

pytestmark = pytest.mark.unit


def decimals(places: int, least: int = 0, most: int = 10**13 - 1) -> st.SearchStrategy[Decimal]:
    scale = 10**places
    return st.integers(least * scale, most * scale).map(lambda number: Decimal(number).scaleb(-places))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def texts(limit: int) -> st.SearchStrategy[str]:
    """Texts that are already clean: NFC, no outer space, no NUL, no surrogate."""
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    clean = st.text(characters, min_size=1, max_size=limit).map(lambda text: unicodedata.normalize("NFC", text).strip())
    return clean.filter(lambda text: 0 < len(text) <= limit)


rates = decimals(3, most=100)
states = st.sampled_from(sorted(STATES))
gstins = st.sampled_from(["27AAPFU0939F1ZV", "29AABCF8078M1C8", "0717UNO00157UNO"])
days = st.dates(dt.date(2017, 7, 1), dt.date(2099, 12, 31))
pincodes = st.from_regex("[1-9][0-9]{5}", fullmatch=True)

addresses = st.builds(
    Address,
    line1=maybe(texts(100)),
    line2=maybe(texts(100)),
    city=maybe(texts(50)),
    pincode=maybe(pincodes),
    state=states,
    country=maybe(texts(60)),
)
customers = st.builds(
    CustomerInput,
    name=texts(200),
    gstin=maybe(gstins),
    state=maybe(states),
    mobile=maybe(st.from_regex("[6-9][0-9]{9}", fullmatch=True)),
    email=maybe(st.just("asha@example.com")),
    address=maybe(addresses),
)
undiscounted = st.builds(
    LineInput,
    item=maybe(texts(50)),
    description=maybe(texts(500)),
    serial=maybe(texts(100)),
    hsn=maybe(st.sampled_from(["01", "0101", "84713010", "998716"])),
    quantity=maybe(decimals(3)),
    unit=maybe(st.sampled_from(sorted(UQC))),
    unit_price=maybe(decimals(3, least=-(10**13) + 1)),
    taxability=maybe(st.sampled_from(Taxability)),
    gst_rate=maybe(rates),
    cess_rate=maybe(decimals(3)),
    cess_per_unit=maybe(decimals(3)),
)
lines = st.builds(
    lambda line, discount: dataclasses.replace(line, **discount),
    undiscounted,
    st.just({}) | st.fixed_dictionaries({"discount": decimals(2)}) | st.fixed_dictionaries({"discount_percent": rates}),
)
documents = st.builds(
    DocumentInput,
    customer=st.none() | texts(200) | customers,
    kind=maybe(st.sampled_from(Kind)),
    number=maybe(st.from_regex("[A-Za-z1-9][A-Za-z0-9/-]{0,15}", fullmatch=True)),
    date=maybe(days),
    due_date=maybe(days),
    supply=maybe(st.sampled_from(Supply)),
    place_of_supply=maybe(states),
    reverse_charge=st.booleans(),
    prices_include_tax=maybe(st.booleans()),
    round_off=maybe(st.booleans()),
    discount=decimals(2),
    charges=st.lists(
        st.builds(ChargeInput, description=texts(500), amount=decimals(2), gst_rate=maybe(rates)), max_size=3
    ).map(tuple),
    other_charges=decimals(2),
    lines=st.lists(lines, max_size=3).map(tuple),
    against=maybe(texts(40)),
    reason=maybe(texts(500)),
    amends=maybe(texts(40)),
    shipping_bill=maybe(
        st.builds(
            ShippingBill,
            port=maybe(st.from_regex("[0-9A-Z]{1,6}", fullmatch=True)),
            number=maybe(st.from_regex("[0-9]{3,7}", fullmatch=True)),
            date=maybe(days),
        )
    ),
    ship_to=maybe(addresses),
    transport=maybe(
        st.builds(
            Transport,
            mode=maybe(st.sampled_from(["road", "rail", "air", "ship"])),
            vehicle=maybe(texts(20)),
            distance_km=maybe(st.integers(0, 4000)),
            transporter_id=maybe(st.just("29AAFCA7488L1Z0")),
            document=maybe(texts(15)),
        )
    ),
    ecommerce_gstin=maybe(gstins),
    ecommerce_section=maybe(st.sampled_from(["52", "9(5)"])),
    differential_percent=maybe(rates),
    return_period=maybe(st.sampled_from(["072017", "032026", "122099"])),
    service_type=maybe(st.sampled_from(ServiceType)),
    reference=maybe(texts(50)),
    notes=maybe(texts(200)),
    terms=maybe(texts(200)),
    idempotency_key=maybe(texts(200)),
)


@given(documents)
def test_a_written_document_reads_back_equal(document: DocumentInput) -> None:
    text = json.dumps(write_document(document), ensure_ascii=False)
    assert read_document(load_json(text)) == document
