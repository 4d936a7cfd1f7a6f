"""Random books: every document in one value section, every figure the same wherever it is told."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.gst.returns import gstr3b, writing
from invo_cli.gst.returns.books import Books, Document, Line, Nature, Numbered, Original
from invo_cli.gst.returns.figures import is_intra
from invo_cli.gst.returns.gstr1 import build
from tests.gst.returns.making import BUYER, FILER, OPERATOR, OTHER_BUYER, PERIOD, taxed

pytestmark = pytest.mark.unit

HEADS = ("txval", "iamt", "camt", "samt", "csamt")
VALUE_SECTIONS = ("b2b", "b2cl", "exp", "cdnr", "cdnur")
AMENDED = ("b2ba", "b2cla", "expa", "cdnra", "cdnura")
CODES = ("8517", "84713010", "998716", "0101")

series = st.sampled_from(["A-", "B/", "26-27/"])
rates = st.sampled_from(["0", "0.25", "5", "18", "40"])
amounts = st.integers(1, 400_000_00).map(lambda paise: f"{paise // 100}.{paise % 100:02}")


@st.composite
def lines(draw: st.DrawFn, intra: bool, is_free: bool) -> Line:
    kind = draw(st.sampled_from([Taxability.TAXABLE] * 3 + list(Taxability)))
    fields: dict[str, Any] = {"hsn": draw(st.sampled_from(CODES)), "quantity": draw(st.integers(0, 5000))}
    if kind is not Taxability.TAXABLE:
        return Line(kind, 0, draw(st.integers(0, 10**7)), **fields)
    line = taxed(draw(amounts), draw(rates), intra=intra, cess=draw(st.sampled_from(["0", "0", "3.07"])), **fields)
    return line._replace(igst_paise=0, cess_paise=0) if is_free else line


@st.composite
def documents(draw: st.DrawFn, number: str, period: str = PERIOD) -> Document:
    supply = draw(st.sampled_from([Supply.REGULAR] * 6 + [each for each in Supply if each is not Supply.REGULAR]))
    gstin = draw(st.sampled_from([None, BUYER, OTHER_BUYER]))
    if supply is not Supply.REGULAR:
        gstin = None if supply.is_export else OTHER_BUYER
    pos = "96" if supply.is_export else draw(st.sampled_from(["27", "27", "29", "33"]))
    if supply is Supply.INTRA_STATE_IGST:
        pos = "27"
    made = Document(
        kind=draw(st.sampled_from([Kind.TAX_INVOICE] * 3 + [Kind.CREDIT_NOTE, Kind.DEBIT_NOTE])),
        number=number,
        date=dt.date(int(period[2:]), int(period[:2]), draw(st.integers(1, 28))),
        period=period,
        pos=pos,
        value_paise=0,
        lines=(),
        gstin=gstin,
        supply=supply,
        reverse_charge=supply is Supply.INTRA_STATE_IGST or (gstin is not None and draw(st.booleans())),
    )
    if draw(st.integers(0, 5)) == 0:
        section = draw(st.sampled_from(["52", "9(5)"]))
        made = made._replace(ecommerce_gstin=OPERATOR, ecommerce_section=section)
    intra = is_intra(made, "27", False)
    found = tuple(draw(st.lists(lines(intra, supply.is_without_payment), min_size=1, max_size=4)))
    value = sum(line.taxable_paise + (0 if made.reverse_charge else sum(line[3:7])) for line in found)
    original = None
    if made.is_note and draw(st.booleans()):
        original = Original("OLD", made.date, draw(st.sampled_from([50_000_00, 100_000_01])), period)
    return made._replace(lines=found, value_paise=value, original=original)


@st.composite
def books(draw: st.DrawFn) -> list[Document]:
    """Documents of a month, some of which replace one of an earlier month (notes stay notes)."""
    found = []
    for at in range(draw(st.integers(1, 12))):
        made = draw(documents(f"N-{at}"))
        if draw(st.integers(0, 4)) == 0:
            old = draw(documents(f"OLD-{at}", "082026"))._replace(kind=made.kind)
            same = {name: getattr(made, name) for name in ("gstin", "pos", "supply", "reverse_charge", "original")}
            if made.is_note:  # a note cannot move to another section
                old = made._replace(number=old.number, date=old.date, period=old.period)
            elif draw(st.booleans()) and is_intra(made, "27", False) == is_intra(old, "27", False):
                same = {} if made.supply.is_without_payment != old.supply.is_without_payment else same
                old = old._replace(**same)
            made = made._replace(amends=old)
        found.append(made)
    return found


def told_singly(file: dict[str, Any], sections: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """Each entry of the sections that tell documents one by one, with its number."""
    found = []
    for section in sections:
        for group in file.get(section, []):
            for entry in group.get("inv") or group.get("nt") or [group]:
                found.append((entry.get("inum") or entry["nt_num"], entry))
    return found


def paise(value: Any) -> int:
    return int(Decimal(str(value)) * 100)


def heads_of(entry: dict[str, Any]) -> Counter[str]:
    sign = -1 if entry.get("ntty") == "C" else 1
    total: Counter[str] = Counter()
    for item in entry.get("itms", [entry]):
        for head in HEADS:
            total[head] += sign * paise(item.get("itm_det", item).get(head, 0))
    return total


def summed(documents: list[Document], *, taxable_only: bool = False, with_operators: bool = False) -> Counter[str]:
    """The books themselves: every line of every document, amended ones by the difference."""
    total: Counter[str] = Counter()
    for factor, each in [(1, each) for each in documents] + [(-1, each.amends) for each in documents if each.amends]:
        for line in each.lines:
            is_taxed = line.taxability is Taxability.TAXABLE
            if (taxable_only and not is_taxed) or (
                is_taxed and each.ecommerce_section == "9(5)" and not with_operators
            ):
                continue
            for head, amount in zip(HEADS, line[2:7], strict=True):
                total[head] += factor * each.sign * amount
    return total


def nonzero(total: Counter[str]) -> dict[str, int]:
    return {head: amount for head, amount in total.items() if amount}


@given(books())
@settings(max_examples=60, deadline=None)
def test_sections_hsn_and_gstr3b_tell_what_the_books_tell(found: list[Document]) -> None:
    restated = [each._replace(period="082026") for each in found if each.amends]
    made = build(Books(filer=FILER, period=PERIOD, documents=found, restated=restated))
    file = json.loads("".join(writing.parts(made)), parse_float=Decimal)

    numbers = Counter(number for number, _ in told_singly(file, (*VALUE_SECTIONS, *AMENDED)))
    assert all(count == 1 for count in numbers.values())

    hsn: Counter[str] = Counter()
    for rows in file.get("hsn", {}).values():
        for row in rows:
            hsn.update({head: paise(row[head]) for head in HEADS})
    assert nonzero(hsn) == nonzero(summed(found))

    assert gstr3b.differences(made) == []
    assert not [finding for finding in made.findings if finding.rule == "R1-26"]


@given(books())
@settings(max_examples=60, deadline=None)
def test_the_file_adds_up_to_the_books(found: list[Document]) -> None:
    plain = [each._replace(amends=None) for each in found]
    file = json.loads(
        "".join(writing.parts(build(Books(filer=FILER, period=PERIOD, documents=plain)))), parse_float=Decimal
    )
    entries = told_singly(file, VALUE_SECTIONS)
    total: Counter[str] = Counter()
    for entry in (*(entry for _, entry in entries), *file.get("b2cs", [])):
        total.update(heads_of(entry))
    assert nonzero(total) == nonzero(summed(plain, taxable_only=True))

    kinds = ("expt_amt", "nil_amt", "ngsup_amt")
    nil = sum(paise(row[key]) for row in file.get("nil", {"inv": []})["inv"] for key in kinds)
    assert nil == summed(plain)["txval"] - summed(plain, taxable_only=True)["txval"]

    pay = sum(paise(row["suppval"]) for row in file.get("supeco", {}).get("paytx", []))
    both = summed(plain, taxable_only=True, with_operators=True)["txval"]
    assert pay == both - summed(plain, taxable_only=True)["txval"]

    singly = Counter(number for number, _ in entries)
    assert all(count == 1 for count in singly.values())
    assert set(singly) <= {each.number for each in plain}


@given(st.lists(st.tuples(st.sampled_from(list(Nature)), series, st.integers(1, 30)), unique=True))
@settings(max_examples=30, deadline=None)
def test_table_13_accounts_for_every_number(taken: list[tuple[Nature, str, int]]) -> None:
    numbers = [Numbered(nature, f"{text}{at:03}", is_cancelled=at % 3 == 0) for nature, text, at in taken]
    file = json.loads("".join(writing.parts(build(Books(filer=FILER, period=PERIOD, documents=[], numbers=numbers)))))
    found: list[tuple[int, str, int]] = []
    cancelled = 0
    for record in file.get("doc_issue", {"doc_det": []})["doc_det"]:
        assert [docs["num"] for docs in record["docs"]] == list(range(1, len(record["docs"]) + 1))
        for docs in record["docs"]:
            text, first = docs["from"][:-3], int(docs["from"][-3:])
            assert int(docs["to"][-3:]) - first + 1 == docs["totnum"] == docs["cancel"] + docs["net_issue"]
            found += [(record["doc_num"], text, first + step) for step in range(docs["totnum"])]
            cancelled += docs["cancel"]
    assert sorted(found) == sorted((nature.value, text, at) for nature, text, at in taken)
    assert cancelled == sum(number.is_cancelled for number in numbers)


@given(books(), st.integers(600, 4000))
@settings(max_examples=30, deadline=None)
def test_parts_keep_their_limit(found: list[Document], limit: int) -> None:
    made = build(Books(filer=FILER, period=PERIOD, documents=found))
    parts = list(writing.parts(made, limit=limit))
    assert all(json.loads(part)["gstin"] == FILER.gstin for part in parts)
    entries = [number for part in parts for number, _ in told_singly(json.loads(part), VALUE_SECTIONS)]
    whole = json.loads("".join(writing.parts(made)))
    assert sorted(entries) == sorted(number for number, _ in told_singly(whole, VALUE_SECTIONS))
