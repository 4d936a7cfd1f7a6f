"""What the portal would refuse or warn about, one document per rule, and nothing about right books."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from invo_cli.gst.document import Kind, Supply
from invo_cli.gst.returns.books import Advance, Document, Nature, Numbered, Original
from invo_cli.gst.returns.findings import CHECKS
from tests.gst.returns.making import (
    BUYER,
    FILER,
    OPERATOR,
    OTHER_BUYER,
    document,
    export,
    note,
    only,
    returned,
    rules_of,
    taxed,
)

pytestmark = pytest.mark.unit

NUMBERS = [Numbered(Nature.INVOICE, "INV-1")]
LARGE = replace(FILER, turnover_paise=6_00_00_000_00)
SMALL = replace(FILER, turnover_paise=1_00_00_000_00)


def checked(*documents: Document, **fields: Any) -> list[str]:
    return rules_of(returned(*documents, **{"numbers": NUMBERS, **fields}))


def test_right_books_have_no_finding() -> None:
    sales = [
        document(taxed(100), gstin=OTHER_BUYER),
        document(taxed(100, intra=False), gstin=BUYER, pos="29", number="INV-2"),
        export(taxed(100, intra=False), number="INV-3"),
        document(taxed(100), number="INV-4", ecommerce_gstin=OPERATOR, ecommerce_section="52"),
        note(taxed(10), gstin=OTHER_BUYER),
    ]
    assert checked(*sales) == []


IGST_LINE = taxed(100, intra=False)
HARD: list[tuple[str, Document]] = [
    ("R1-01", document(taxed(1), gstin=OTHER_BUYER, number="000")),
    ("R1-01", document(taxed(1), gstin=OTHER_BUYER, number="INV 1")),
    ("R1-01", document(taxed(1), gstin=OTHER_BUYER, number="A" * 17)),
    ("R1-02", document(taxed(1), date=dt.date(2026, 11, 1))),
    ("R1-02", document(taxed(1), date=dt.date(2017, 6, 30))),
    ("R1-02", export(IGST_LINE, shipping_number="123", shipping_date=dt.date(2017, 6, 30))),
    ("R1-05", document(taxed(1, "17"), gstin=OTHER_BUYER)),
    ("R1-06", document(IGST_LINE, pos="39")),
    ("R1-08", document(IGST_LINE, gstin="29AAGCB7383J1Z5", pos="29")),
    ("R1-08", document(taxed(1), gstin=FILER.gstin)),
    ("R1-08", document(IGST_LINE, gstin=OPERATOR, pos="29")),
    ("R1-09", document(IGST_LINE, gstin=OTHER_BUYER, supply=Supply.INTRA_STATE_IGST)),
    ("R1-09", document(taxed(1), gstin=OTHER_BUYER, supply=Supply.DEEMED_EXPORT, reverse_charge=True)),
    ("R1-10", export(IGST_LINE, shipping_number="7896542")),
    ("R1-10", export(IGST_LINE, shipping_date=dt.date(2026, 10, 6))),
    ("R1-10", export(IGST_LINE, shipping_number="12", shipping_date=dt.date(2026, 10, 6))),
    ("R1-10", export(IGST_LINE, shipping_port="INMAA-1")),
    ("R1-11", document(taxed(1), gstin=OTHER_BUYER, value=10**13)),
    ("R1-11", document(taxed(10**11), gstin=OTHER_BUYER, value=1)),
    ("R1-12", note(taxed(0), gstin=OTHER_BUYER)),
    ("R1-13", document(taxed(1), gstin=OTHER_BUYER, differential=50000)),
    ("R1-13", export(IGST_LINE, differential=65000)),
    ("R1-14", document(IGST_LINE, gstin=OTHER_BUYER)),
    ("R1-14", document(taxed(100), gstin=BUYER, pos="29")),
    ("R1-14", document(taxed(100)._replace(sgst_paise=1), gstin=OTHER_BUYER)),
    ("R1-15", export(IGST_LINE, paid=False)),
    ("R1-16", document(IGST_LINE, supply=Supply.SEZ_WITH_PAYMENT)),
    ("R1-16", document(IGST_LINE, supply=Supply.INTRA_STATE_IGST, reverse_charge=True)),
    ("R1-16", document(IGST_LINE, gstin=BUYER, pos="96")),
    ("R1-16", document(IGST_LINE, pos="29", supply=Supply.EXPORT_WITH_PAYMENT)),
    ("R1-22", document(taxed(1, hsn="85171"), gstin=OTHER_BUYER)),
    ("R1-25", document(taxed(1, uqc="PIECES"), gstin=OTHER_BUYER)),
    ("R1-30", document(taxed(1), ecommerce_gstin=OTHER_BUYER, ecommerce_section="52")),
    ("R1-30", document(taxed(1), ecommerce_gstin="29AABCF8078M1C9", ecommerce_section="9(5)")),
]


@pytest.mark.parametrize(("rule", "sale"), HARD, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(HARD)])
def test_the_portal_refuses(rule: str, sale: Document) -> None:
    findings = returned(sale, numbers=NUMBERS).findings
    assert {finding.rule for finding in findings} == {rule}
    assert all(finding.hard for finding in findings)


def test_a_finding_names_the_document_the_field_and_the_way_out() -> None:
    finding = only(returned(document(IGST_LINE, gstin=OTHER_BUYER, number="X-7"), numbers=NUMBERS).findings)
    assert (finding.document, finding.section, finding.field) == ("X-7", "b2b", "iamt")
    assert finding.message.endswith(".")
    assert finding.fix.endswith(".")


def test_a_number_stands_once_per_recipient_in_any_case() -> None:
    sale = document(taxed(1), gstin=OTHER_BUYER, number="inv-1")
    assert checked(sale, sale._replace(number="INV-1")) == ["R1-04"]
    elsewhere = document(IGST_LINE, gstin=BUYER, pos="29", number="INV-1")
    assert checked(sale, elsewhere) == []
    amending = sale._replace(number="INV-1", amends=sale._replace(period="082026"))
    assert checked(sale, amending) == []
    assert checked(document(taxed(1)), document(taxed(1))) == []


def test_a_late_document_is_only_a_warning() -> None:
    finding = only(returned(document(taxed(1), date=dt.date(2026, 9, 30)), numbers=NUMBERS).findings)
    assert (finding.rule, finding.hard) == ("R1-03", False)


def test_a_quarterly_return_has_three_months() -> None:
    sale = document(taxed(1), date=dt.date(2026, 10, 1))
    assert checked(sale, period="122026", months=3) == []
    assert checked(sale, period="122026") == ["R1-03"]


def test_obsolete_states_are_warned_about() -> None:
    assert checked(document(IGST_LINE, pos="28")) == ["R1-07"]


@pytest.mark.parametrize(
    ("filer", "hsn", "gstin", "rules"),
    [
        (FILER, None, OTHER_BUYER, ["R1-21", "R1-26"]),
        (SMALL, None, OTHER_BUYER, ["R1-20", "R1-26"]),
        (SMALL, None, None, ["R1-21", "R1-26"]),
        (LARGE, None, None, ["R1-20", "R1-26"]),
        (FILER, "85", OTHER_BUYER, ["R1-23"]),
        (SMALL, "85", OTHER_BUYER, ["R1-22"]),
        (LARGE, "8517", OTHER_BUYER, ["R1-22"]),
        (LARGE, "851712", OTHER_BUYER, []),
        (FILER, "8517", OTHER_BUYER, []),
    ],
)
def test_the_length_of_an_hsn_code_goes_by_the_turnover(
    filer: Any, hsn: str | None, gstin: str | None, rules: list[str]
) -> None:
    found = checked(document(taxed(100, hsn=hsn), gstin=gstin), filer=filer)
    assert list(dict.fromkeys(found)) == rules


def test_a_code_that_the_loaded_list_lacks_is_warned_about() -> None:
    sale = document(taxed(1), gstin=OTHER_BUYER)
    assert checked(sale, hsn_descriptions={"8517": "TELEPHONES"}) == []
    assert checked(sale, hsn_descriptions={"8518": "MICROPHONES"}) == ["R1-24"]


def test_one_kind_of_line_is_told_once_per_document() -> None:
    assert checked(document(taxed(1, uqc="X"), taxed(2, uqc="X"))) == ["R1-25"]


def test_a_credit_note_after_november_is_warned_about() -> None:
    original = Original("INV-9", dt.date(2025, 3, 31), 100, "032025")
    late = note(taxed(1), gstin=OTHER_BUYER, original=original, date=dt.date(2026, 9, 30))
    assert checked(late) == ["R1-03", "R1-52"]
    assert checked(late._replace(kind=Kind.DEBIT_NOTE)) == ["R1-03"]


def test_the_row_of_an_operator_has_one_sign() -> None:
    through: dict[str, Any] = {"ecommerce_gstin": OPERATOR, "ecommerce_section": "52"}
    taken_back = note(taxed(10, "28"), gstin=OTHER_BUYER, **through)
    assert checked(document(taxed(11, "5"), **through), taken_back) == ["R1-31"]


@pytest.mark.parametrize(
    "advance", [Advance("27", 18000, -1, is_adjustment=True), Advance("27", 18000, 100, cess_paise=-1)]
)
def test_advances_have_one_sign(advance: Advance) -> None:
    assert checked(advances=[advance]) == ["R1-40"]


def test_a_range_of_zeros_is_refused_and_an_empty_table_13_warned_about() -> None:
    assert checked(numbers=[Numbered(Nature.INVOICE, "000")]) == ["R1-60", "R1-60"]
    assert checked(numbers=[]) == ["R1-61"]
    assert checked(numbers=[], period="042025") == []


def test_every_rule_has_a_sentence() -> None:
    assert all(sentence[0].isupper() and sentence.endswith(".") for _, sentence in CHECKS.values())
