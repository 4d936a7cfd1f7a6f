"""The public vectors: books to sections, number series, GSTR-3B, rounding."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.gst.document import Kind, Supply, Taxability
from invo_cli.gst.money import split_by_running_total
from invo_cli.gst.returns import gstr3b
from invo_cli.gst.returns.books import Document, Filer, Inward, Line, Nature, Numbered, Original
from tests.gst.returns.making import PERIOD, document, file_of, only, returned
from tests.gst.vectors import load

pytestmark = pytest.mark.unit

VECTORS = load("returns")
CASES = {row["case"]: row for row in VECTORS["books_to_sections"]}
GUJARAT = Filer(gstin="24AANFA2641L1ZF", state="24")
BUYER = "24AAGCB7383J1ZE"
TREATMENTS = {"nil": Taxability.NIL_RATED, "non_gst": Taxability.NON_GST}
SUPPLIES = {
    ("SEZ", True): Supply.SEZ_WITH_PAYMENT,
    ("SEZ", False): Supply.SEZ_WITHOUT_PAYMENT,
    ("overseas", True): Supply.EXPORT_WITH_PAYMENT,
    ("overseas", False): Supply.EXPORT_WITHOUT_PAYMENT,
    ("deemed_export", None): Supply.DEEMED_EXPORT,
}


def _paise(row: dict[str, Any], key: str) -> int:
    return round(Decimal(str(row.get(key, 0))) * 100)


def _line(row: dict[str, Any]) -> Line:
    taxable, igst, cgst, sgst, cess = (_paise(row, key) for key in ("txval", "iamt", "camt", "samt", "csamt"))
    return Line(
        TREATMENTS.get(row.get("treatment", ""), Taxability.TAXABLE),
        int(row.get("rt", 18) * 1000),
        taxable,
        igst,
        cgst,
        sgst,
        cess,
        hsn=row.get("hsn", "8517"),
        quantity=int(row.get("qty", 0)) * 1000,
    )


def _document(invoice: dict[str, Any]) -> Document:
    kind = Kind.CREDIT_NOTE if invoice.get("doc") == "credit_note" else Kind.TAX_INVOICE
    category = invoice["gst_category"]
    supply = SUPPLIES.get((category, invoice.get("with_payment")), Supply.REGULAR)
    return document(
        *[_line(row) for row in invoice.get("lines", [invoice])],
        kind=kind,
        supply=supply,
        pos=invoice.get("pos", "24"),
        gstin=None if category in ("unregistered", "overseas") else BUYER,
    )


def _taxed(rupees: int, *, igst: int = 0, cgst: int = 0) -> Line:
    return Line(Taxability.TAXABLE, 18000, rupees * 100, igst * 100, cgst * 100, cgst * 100, 0, "8517")


@pytest.mark.parametrize("case", [name for name, row in CASES.items() if "invoice" in row])
def test_an_invoice_lands_in_its_section(case: str) -> None:
    row = CASES[case]
    expected = dict(row["expect"])
    section, *member = expected.pop("section").split(".")
    file = file_of(returned(_document(row["invoice"]), filer=GUJARAT))
    found = _leaf(file[section], *member)
    items = expected.pop("items", None)
    expected.pop("sign", None)
    if "iamt" in expected and section == "cdnur":
        assert only(found["itms"])["itm_det"]["iamt"] == expected.pop("iamt")
    assert {key: found[key] for key in expected} == expected
    if items is not None:
        assert [item["itm_det"] for item in found["itms"]] == items
    assert not {"b2b", "b2cl", "b2cs", "exp", "cdnr", "cdnur", "nil"} & set(file) - {section} or section == "hsn"


def test_a_foreign_customer_served_in_india_is_no_export() -> None:
    expected = CASES["overseas customer, delivered inside India (POS 24 = own state): invoice + full credit note"][
        "expect"
    ]
    line = _taxed(100, cgst=9)
    file = file_of(returned(document(line, pos="24"), document(line, pos="24", kind=Kind.CREDIT_NOTE), filer=GUJARAT))
    row = only(file[expected["section"]])
    assert (row["pos"], row["rt"], row["txval"]) == (expected["pos"], expected["rt"], expected["net_txval"])
    assert not set(expected["not_in"]) & set(file)


@pytest.mark.parametrize("kind", [Kind.CREDIT_NOTE, Kind.DEBIT_NOTE])
def test_a_note_follows_its_large_original(kind: Kind) -> None:
    name = "full credit note" if kind is Kind.CREDIT_NOTE else "debit note"
    expected = CASES[
        "full credit note of a 2,36,000 inter-state b2c invoice (txval 200000, igst 36000)"
        if kind is Kind.CREDIT_NOTE
        else "debit note of a 2,36,000 inter-state b2c invoice"
    ]["expect"]
    original = Original("INV-1", document().date, 236_000_00, PERIOD)
    line = _taxed(200_000, igst=36_000)
    found = only(file_of(returned(document(line, pos="27", kind=kind, original=original), filer=GUJARAT))["cdnur"])
    item = only(found["itms"])["itm_det"]
    assert (found["typ"], found["pos"]) == (expected["typ"], expected["pos"]), name
    assert (item["txval"], item["iamt"]) == (expected["txval"], expected["iamt"])
    assert found["ntty"] == expected.get("ntty", "C")


def test_sales_through_an_operator_stay_and_are_told_again() -> None:
    expected = CASES["supplies through e-commerce operator u/s 52"]["expect"]
    sale = document(_taxed(100, cgst=9), pos="24", ecommerce_gstin="24AABCF8078M1CI", ecommerce_section="52")
    file = file_of(returned(sale, sale._replace(number="INV-2", gstin=BUYER), filer=GUJARAT))
    section, member = expected["section"].split(".")
    assert only(file[section][member])["suppval"] == 200
    assert {"b2b", "b2cs"} <= set(file)


@pytest.mark.parametrize(("first", "second", "same"), VECTORS["document_series"]["same_series"])
def test_numbers_that_follow_each_other_are_one_range(first: str, second: str, same: bool) -> None:
    numbers = [Numbered(Nature.INVOICE, first), Numbered(Nature.INVOICE, second)]
    assert len(returned(filer=GUJARAT, numbers=numbers).issued) == (1 if same else 2)


def test_a_draft_that_took_a_number_counts_as_cancelled() -> None:
    numbers = [Numbered(Nature.INVOICE, f"INV-{at}", is_cancelled=at in (2, 4)) for at in range(1, 6)]
    docs = only(only(file_of(returned(filer=GUJARAT, numbers=numbers))["doc_issue"]["doc_det"])["docs"])
    assert (docs["totnum"], docs["cancel"], docs["net_issue"]) == (5, 2, 3)


def _outward(row: dict[str, Any]) -> Document:
    to, is_sez = row["to"], row["to"] == "SEZ"
    supply = SUPPLIES.get((to, row.get("with_payment")), Supply.REGULAR)
    pos = row.get("pos", "24")
    through = {"ecommerce_gstin": "24AABCF8078M1CI", "ecommerce_section": "9(5)"} if "ecommerce_9_5" in row else {}
    return document(
        _line(row),
        gstin=None if to == "unregistered" else BUYER,
        pos=pos,
        supply=supply,
        buyer_is_composition=to == "composition",
        reverse_charge=row.get("rcm", False) and not is_sez,
        **through,
    )


def test_gstr3b_is_made_from_the_same_books() -> None:
    vector = VECTORS["gstr3b"]
    inward = Inward(taxable_paise=100_00, cgst_paise=9_00, sgst_paise=9_00)
    documents = [_outward(row)._replace(number=f"INV-{at}") for at, row in enumerate(vector["outward"], 1)]
    made = returned(
        *documents, filer=Filer(gstin=GUJARAT.gstin, state=vector["company_state"]), period="102024", inward=inward
    )
    found = json.loads(gstr3b.text(made))
    assert {key: found[key] for key in vector["expect"]} == vector["expect"]
    assert gstr3b.differences(made) == []


@pytest.mark.parametrize("case", VECTORS["settle_rounding"], ids=lambda case: case["name"])
def test_rows_settle_to_the_rounded_sum(case: dict[str, Any]) -> None:
    ((key, expected),) = case["expect_sum"].items()
    raw = [Decimal(str(row[key])) for row in case["rows"]]
    settled = split_by_running_total(sum(raw, Decimal(0)), [abs(each) for each in raw])
    assert sum(settled) == Decimal(str(expected))
    assert all((each < 0) == (expected < 0) for each in settled)


def _leaf(section: Any, *members: str) -> dict[str, Any]:
    """The one object of a section, inside its groups."""
    for member in members:
        section = section[member]
    section = section.get("inv", section) if isinstance(section, dict) else section
    found: dict[str, Any] = only(section)
    for member in ("inv", "nt"):
        if member in found:
            return {**{key: value for key, value in found.items() if key != member}, **only(found[member])}
    return found
