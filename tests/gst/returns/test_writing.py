"""The envelope, the parts, the name."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from invo_cli.gst.returns import writing
from invo_cli.gst.returns.books import Nature, Numbered
from tests.gst.returns.making import BUYER, FILER, OTHER_BUYER, document, file_of, note, only, returned, taxed

pytestmark = pytest.mark.unit

HEADER = '{"gstin":"27AAPFU0939F1ZV","fp":"102026","version":"GST3.2.4","hash":"hash"}'


def many(count: int) -> Any:
    """A return of several sections with groups of very different size."""
    sales = [
        document(taxed(at), number=f"INV-{at}", gstin=OTHER_BUYER if at % 5 else BUYER, pos="27" if at % 5 else "29")
        for at in range(1, count)
    ]
    large = [document(taxed(150_000, intra=False), number=f"L-{at}", pos="33") for at in range(count // 3)]
    codes = [document(taxed(1, hsn=f"{8500 + at}"), number=f"H-{at}") for at in range(count // 3)]
    numbers = [Numbered(Nature.INVOICE, f"INV-{2 * at}") for at in range(count // 3)]
    return returned(*sales, *large, *codes, numbers=numbers)


def merged(parts: Iterable[str]) -> dict[str, Any]:
    """The parts as one return: arrays put together, groups of one recipient or place joined."""
    whole: dict[str, Any] = {}
    for part in parts:
        _merge(whole, json.loads(part))
    return whole


def _merge(into: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        elif isinstance(value, list):
            _join(into.setdefault(key, []), value)
        else:
            assert into.setdefault(key, value) == value


def _join(into: list[Any], values: list[Any]) -> None:
    for value in values:
        lists = [key for key, member in value.items() if key in ("inv", "nt", "docs")]
        head = {key: member for key, member in value.items() if key not in lists}
        last = into[-1] if into else None
        if lists and last is not None and {key: last.get(key) for key in head} == head:
            last[lists[0]].extend(value[lists[0]])
        else:
            into.append(value)


def test_an_empty_return_is_its_header() -> None:
    assert list(writing.parts(returned())) == [HEADER]


def test_turnovers_follow_the_period_only_when_they_are_given() -> None:
    filer = replace(FILER, gt_paise=5_000_000_50, cur_gt_paise=0)
    (text,) = writing.parts(returned(filer=filer))
    assert text.startswith('{"gstin":"27AAPFU0939F1ZV","fp":"102026","gt":5000000.5,"cur_gt":0,"version"')


def test_the_furnishing_facility_takes_documents_of_registered_buyers_only() -> None:
    made = returned(document(taxed(1), gstin=OTHER_BUYER), note(taxed(1), gstin=OTHER_BUYER), document(taxed(1)))
    assert set(file_of(made, iff=True)) == {"gstin", "fp", "version", "hash", "b2b", "cdnr"}
    assert {"b2cs", "hsn"} <= set(file_of(made))


def test_the_third_month_of_a_quarter_is_a_full_return() -> None:
    months = [writing.is_iff_month(f"{month:02}2026") for month in (1, 2, 3, 11, 12)]
    assert months == [True, True, False, True, False]


def test_the_file_is_named_by_the_day_it_was_made() -> None:
    assert writing.file_name(FILER.gstin, dt.date(2026, 7, 26)) == "returns_2672026_R1_27AAPFU0939F1ZV_offline.json"
    assert writing.file_name(FILER.gstin, dt.date(2026, 1, 2), 3) == "returns_212026_R1_27AAPFU0939F1ZV_offline_3.json"


def test_the_same_books_give_the_same_bytes() -> None:
    assert list(writing.parts(many(60))) == list(writing.parts(many(60)))


@pytest.mark.parametrize("limit", [700, 1000, 2500, 10_000])
def test_parts_keep_the_limit_the_header_and_every_document(limit: int) -> None:
    made = many(60)
    (whole,) = writing.parts(made)
    parts = list(writing.parts(made, limit=limit))
    assert len(parts) > 1
    assert all(writing.escaped_size(part) <= limit for part in parts)
    assert all(part.startswith(HEADER[:-1]) for part in parts)
    assert merged(parts) == json.loads(whole)


def test_parts_are_as_full_as_their_order_allows() -> None:
    parts = list(writing.parts(many(60), limit=2500))
    for part in parts[:-1]:
        assert writing.escaped_size(part) > 2500 - 400


def test_a_document_too_large_for_a_part_stands_alone() -> None:
    made = returned(*(document(taxed(1), gstin=OTHER_BUYER, number=f"INV-{at}") for at in range(3)))
    parts = [json.loads(part) for part in writing.parts(made, limit=100)]
    with_documents = [part for part in parts if "b2b" in part]
    assert [only(only(part["b2b"])["inv"])["inum"] for part in with_documents] == ["INV-0", "INV-1", "INV-2"]


def test_a_part_is_measured_as_a_string_within_a_string() -> None:
    assert writing.escaped_size('{"a":"é\\"}') == len(json.dumps('{"a":"é\\"}', ensure_ascii=False).encode())
