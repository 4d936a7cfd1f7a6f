"""The field table: it is the published one, and each of its rows refuses what it should."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_cli.gst.einvoice.schema import SCHEMA, Field, Need, Shape
from tests.gst import vectors
from tests.gst.einvoice.papers import einvoice, judged, paper, refusals

pytestmark = pytest.mark.unit
PUBLISHED = vectors.load("einvoice_schema")["sections"]
SHAPES = {"s": Shape.TEXT, "n": Shape.NUMBER, "obj": Shape.OBJECT, "arr": Shape.LIST}


def rows() -> Iterator[tuple[str, list[Any]]]:
    """Each published row with the section of the table that holds it."""
    for section, found in PUBLISHED.items():
        for row in found:
            group, dot, _ = row[0].rpartition(".")
            yield (f"{section}.{group}" if dot else section), row


def field_of(section: str, key: str) -> Field:
    (found,) = (field for field in SCHEMA[section] if field.key == key.rpartition(".")[2])
    return found


@pytest.mark.parametrize(("section", "row"), list(rows()))
def test_every_published_row_is_in_the_table(section: str, row: list[Any]) -> None:
    key, shape, _, least, most, pattern, _ = row
    field = field_of(section, key)
    assert (field.shape, field.pattern) == (SHAPES[shape], pattern)
    if least is not None:
        assert [Decimal(str(field.least)), Decimal(str(field.most))] == [Decimal(str(least)), Decimal(str(most))]
    if row[2] == "M":
        assert field.need is Need.MUST


def test_the_table_has_no_other_rows() -> None:
    published = {(section, row[0].rpartition(".")[2]) for section, row in rows()}
    nested = {(section, field.key) for section, fields in SCHEMA.items() for field in fields}
    groups = {("ItemList[]", "BchDtls"), ("ItemList[]", "AttribDtls")}
    groups |= {("RefDtls", key) for key in ("DocPerdDtls", "PrecDocDtls", "ContrDtls")}
    assert nested - published == groups


FULL: dict[str, Any] = {
    "DispDtls": {"Nm": "Depot", "Addr1": "1 Road", "Addr2": "East", "Loc": "Hubli", "Pin": 580020, "Stcd": "29"},
    "ShipDtls": {
        "Gstin": "27AAPFU0939F1ZV",
        "LglNm": "Pune Motors",
        "TrdNm": "Pune Motors",
        "Addr1": "2 Road",
        "Addr2": "West",
        "Loc": "Pune",
        "Pin": 411001,
        "Stcd": "27",
    },
    "PayDtls": {"Nm": "Centre", "AccDet": "123", "Mode": "Cash", "FinInsBr": "HDFC0000001", "PayTerm": "30 days",
                "PayInstr": "x", "CrTrn": "x", "DirDr": "x", "CrDay": 30, "PaidAmt": 1, "PaymtDue": 2},
    "RefDtls": {
        "InvRm": "Thanks",
        "DocPerdDtls": {"InvStDt": "01/10/2026", "InvEndDt": "05/10/2026"},
        "PrecDocDtls": [{"InvNo": "INV/1", "InvDt": "01/10/2026", "OthRefNo": "x"}],
        "ContrDtls": [
            {"RecAdvRefr": "x", "RecAdvDt": "01/10/2026", "TendRefr": "x", "ContrRefr": "x", "ExtRefr": "x",
             "ProjRefr": "x", "PORefr": "x", "PORefDt": "01/10/2026"}
        ],
    },
    "AddlDocDtls": [{"Url": "https://x.in", "Docs": "eA==", "Info": "x y"}],
    "ExpDtls": {"ShipBNo": "1", "ShipBDt": "01/10/2026", "Port": "INMAA1", "RefClm": "N", "ForCur": "USD",
                "CntCode": "LK", "ExpDuty": 0},
    "EwbDtls": {"TransId": "29AAFCA7488L1Z0", "TransName": "Fast", "TransMode": "1", "Distance": 840,
                "TransDocNo": "LR1", "TransDocDt": "05/10/2026", "VehNo": "KA01AB1234", "VehType": "R"},
}  # fmt: skip
ITEM = {"Barcde": "123", "FreeQty": 1, "PreTaxVal": 1, "CesRt": 0, "CesAmt": 0, "CesNonAdvlAmt": 0, "StateCesRt": 0,
        "StateCesAmt": 0, "StateCesNonAdvlAmt": 0, "OthChrg": 0, "OrdLineRef": "1", "OrgCntry": "IN", "PrdSlNo": "7",
        "Discount": 0, "BchDtls": {"Nm": "B12", "ExpDt": "01/10/2027", "WrDt": "01/10/2028"},
        "AttribDtls": [{"Nm": "colour", "Val": "red"}]}  # fmt: skip
PARTY = {"TrdNm": "Trade name", "Addr2": "Near the lake", "Ph": "9876543210", "Em": "a@b.co"}
TOTALS = {"CesVal": 0, "StCesVal": 0, "Discount": 0, "OthChrg": 0, "RndOffAmt": 0, "TotInvValFc": 1}


def full() -> dict[str, Any]:
    """An e-invoice with every key there is."""
    content = copy.deepcopy(einvoice(paper(ecommerce_gstin="29AABCF8078M1C8"))) | copy.deepcopy(FULL)
    content["Irn"] = "a" * 64
    content["SellerDtls"] |= PARTY
    content["BuyerDtls"] |= PARTY
    content["ItemList"][0] |= copy.deepcopy(ITEM)
    content["ValDtls"] |= TOTALS
    return content


def place(content: dict[str, Any], section: str) -> tuple[Any, str]:
    """The object of a section, and its path."""
    path, found = "", content
    for step in filter(None, section.split(".")):
        key = step.removesuffix("[]")
        found = found[key]
        path = f"{path}.{key}" if path else key
        if step.endswith("[]"):
            found, path = found[0], f"{path}[0]"
    return found, path


def test_an_e_invoice_with_every_key_is_right() -> None:
    assert judged(full()) == []


def broken(field: Field) -> Iterator[Any]:
    """Values that the row refuses."""
    if field.shape is Shape.NUMBER:
        least, most = field.limits
        step = Decimal(1).scaleb(-field.places)
        yield from ("1", True, [], least - step, most + step, least + step / 10)
    elif field.shape is Shape.TEXT:
        yield from (7, {}, "x" * (int(field.most or 0) + 1))
        yield from ('a"b', "a\\b\\") if field.pattern else ()
        if int(field.least or 0) > 0:
            yield ""
    else:
        yield from ("text", 1, True)


ALL = [(section, field) for section, fields in SCHEMA.items() for field in fields]


@pytest.mark.parametrize(("section", "field"), ALL, ids=lambda value: getattr(value, "key", value))
def test_every_row_refuses_what_it_should(section: str, field: Field) -> None:
    for value in broken(field):
        content = full()
        owner, path = place(content, section)
        owner[field.key] = value
        wanted = f"{path}.{field.key}" if path else field.key
        assert wanted in [where for where, _ in refusals(content)], (wanted, value)


@pytest.mark.parametrize(
    ("section", "field"),
    [(section, field) for section, field in ALL if field.need is Need.MUST],
    ids=lambda value: getattr(value, "key", value),
)
def test_what_is_mandatory_must_be_there(section: str, field: Field) -> None:
    for empty in (False, True):
        content = full()
        owner, path = place(content, section)
        if empty:
            owner[field.key] = None
        else:
            del owner[field.key]
        wanted = f"{path}.{field.key}" if path else field.key
        assert wanted in [where for where, _ in refusals(content)]


def test_what_is_optional_may_be_left_out_but_not_null() -> None:
    for section, field in ALL:
        if field.need is Need.MAY and section not in ("", "TranDtls"):
            content = full()
            owner, path = place(content, section)
            owner[field.key] = None
            found = [problem for problem in judged(content) if problem.rule == "null"]
            assert [(each.path, each.severity) for each in found] == [(f"{path}.{field.key}", "warn")]


def test_an_unknown_key_is_a_warning_with_the_nearest_one() -> None:
    content = full()
    content["ValDtls"]["RndOfAmt"] = 0
    (found,) = judged(content)
    assert (found.path, found.severity, found.hint) == ("ValDtls.RndOfAmt", "warn", "Did you mean RndOffAmt?")


anything = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.decimals(allow_nan=False, allow_infinity=False, places=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value: its owner and its key there."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from spots(inner)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_anything_anywhere_is_judged_and_never_fails(data: st.DataObject) -> None:
    content = full()
    for _ in range(data.draw(st.integers(1, 4))):
        owner, key = data.draw(st.sampled_from(list(spots(content))))
        owner[key] = data.draw(anything)
    for problem in judged(content):
        assert problem.as_dict()["message"]
