import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Address, Buyer, Document, Kind, Line, Seller, ShippingBill, Supply, Taxability
from invo_cli.gst.rules import RULES, Finding, Severity, as_markdown, judge, refuse_on

pytestmark = pytest.mark.unit

TODAY = dt.date(2026, 11, 22)
SELLER = Seller(
    name="Bright Service Centre",
    gstin="29AAGCB7383J1Z4",
    state="29",
    address=Address(line1="1 Brigade Road", city="Bengaluru", pincode="560001", state="29"),
)
BUYER = Buyer(name="Asha Traders", state="27", gstin="27AAPFU0939F1ZV", address=Address(line1="12 MG Road"))
LINE = Line(
    description="Screen replacement",
    quantity=Decimal(1),
    unit_price=Decimal(1500),
    unit="NA",
    hsn="998716",
    gst_rate=Decimal(18),
)
INVOICE = Document(
    kind=Kind.TAX_INVOICE,
    number="INV/26-27/0001",
    date=dt.date(2026, 10, 5),
    seller=SELLER,
    buyer=BUYER,
    lines=(LINE,),
    place_of_supply="27",
)

LOCAL = {"gstin": None, "state": "29", "address": Address()}
ABROAD = {"gstin": None, "state": "96", "address": Address(line1="1 Pier Road", country="Kenya")}
EXPORT: dict[str, Any] = {"supply": Supply.EXPORT_WITH_PAYMENT, "place_of_supply": "96", "buyer": ABROAD}
BILL: dict[str, Any] = {"kind": Kind.BILL_OF_SUPPLY, "line": {"taxability": Taxability.EXEMPT, "gst_rate": Decimal(0)}}
COMPOSITION: dict[str, Any] = {
    "kind": Kind.BILL_OF_SUPPLY,
    "seller": {"is_composition": True},
    "buyer": LOCAL,
    "place_of_supply": "29",
}
CREDIT_NOTE: dict[str, Any] = {
    "kind": Kind.CREDIT_NOTE,
    "against": "INV/26-27/0001",
    "against_date": dt.date(2026, 10, 1),
    "reason": "goods returned",
}
ON_INTRA: dict[str, Any] = {
    "supply": Supply.INTRA_STATE_IGST,
    "reverse_charge": True,
    "place_of_supply": "29",
    "buyer": {"gstin": "29AABCR1718E1ZL", "state": "29"},
}
OPERATOR: dict[str, Any] = {"ecommerce_gstin": "29AABCF8078M1C8", "ecommerce_section": "52"}
CESS = Decimal(12)


def found(
    *,
    seller: dict[str, Any] | None = None,
    buyer: dict[str, Any] | None = None,
    line: dict[str, Any] | None = None,
    taxable: str = "1500.00",
    total: str = "1770.00",
    locked: bool = False,
    unknown_hsn: frozenset[str] = frozenset(),
    unfiled: str | None = None,
    **changes: Any,
) -> list[Finding]:
    """What is found in INVOICE after changing members of its parts and itself."""
    parts = {
        "seller": dataclasses.replace(SELLER, **(seller or {})),
        "buyer": dataclasses.replace(BUYER, **(buyer or {})),
        "lines": (dataclasses.replace(LINE, **(line or {})),),
    }
    document = dataclasses.replace(INVOICE, **{**parts, **changes})
    figures = {"taxable": Decimal(taxable), "total": Decimal(total)}
    return judge(document, today=TODAY, locked=locked, unknown_hsn=unknown_hsn, unfiled=unfiled, **figures)


def codes(**changes: Any) -> set[str]:
    return {finding.rule.code for finding in found(**changes)}


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("GST-01", {"lines": ()}),
    ("GST-01", {"line": {"is_charge": True}}),
    ("GST-02", {"seller": {"address": Address(state="29")}}),
    ("GST-03", {"seller": {"gstin": None}}),
    ("GST-04", {"seller": {"gstin": "29AAGCB7383J1Z5"}}),
    ("GST-04", {"seller": {"state": "27"}}),
    ("GST-05", {"buyer": {"gstin": "27AAPFU0939F1ZX"}}),
    ("GST-05", {"buyer": {"state": "29"}}),
    ("GST-06", {"buyer": {"address": Address()}}),
    ("GST-06", {**EXPORT, "buyer": {**ABROAD, "address": Address(country="Kenya")}}),
    ("GST-07", {"number": "INV-20250924-0001"}),
    ("GST-07", {"number": "0001"}),
    ("GST-07", {"number": "INV_1"}),
    ("GST-08", {"buyer": LOCAL, "taxable": "50000.00"}),
    ("GST-09", {"buyer": {"gstin": SELLER.gstin, "state": "29"}}),
    ("GST-10", {"date": dt.date(2017, 6, 30)}),
    ("GST-11", {"date": TODAY + dt.timedelta(days=1)}),
    ("GST-12", {"due_date": dt.date(2026, 10, 4)}),
    ("GST-13", {"locked": True}),
    ("GST-14", {"return_period": "092026"}),
    ("GST-14", {"return_period": "2026-10"}),
    ("GST-15", {"line": {"hsn": "99871"}}),
    ("GST-15", {"line": {"hsn": "99871600"}}),
    ("GST-15", {"line": {"hsn": "0000"}}),
    ("GST-16", {"line": {"hsn": None}}),
    ("GST-16", {"line": {"hsn": "84"}}),
    ("GST-16", {"line": {"hsn": "9987"}, "seller": {"turnover": Decimal("50000000.01")}}),
    ("GST-16", {"line": {"hsn": None}, "buyer": LOCAL, "seller": {"turnover": Decimal(60_000_000)}}),
    ("GST-16", {**EXPORT, "line": {"hsn": "847130"}}),
    ("GST-17", {"line": {"description": " "}}),
    ("GST-18", {"line": {"unit": "PIECE"}}),
    ("GST-19", {"line": {"gst_rate": Decimal(17)}}),
    ("GST-19", {"line": {"gst_rate": Decimal(28)}}),
    ("GST-19", {**CREDIT_NOTE, "line": {"gst_rate": Decimal(40)}, "against_date": dt.date(2025, 9, 21)}),
    ("GST-20", {"line": {"cess_rate": CESS}}),
    ("GST-21", {"line": {"taxability": Taxability.EXEMPT}}),
    ("GST-21", {"line": {"taxability": Taxability.NON_GST, "gst_rate": Decimal(0), "cess_per_unit": CESS}}),
    ("GST-22", {"total": "-0.01"}),
    ("GST-23", {"return_period": "122027"}),
    ("GST-23", {"return_period": "122025", "date": dt.date(2025, 3, 31)}),
    ("GST-24", {"unfiled": "INV/26-27/0001"}),
    ("GST-30", {"place_of_supply": "99"}),
    ("GST-30", {"place_of_supply": "39"}),
    ("GST-31", {"place_of_supply": "96"}),
    ("GST-32", {**EXPORT, "place_of_supply": "29"}),
    ("GST-33", {**EXPORT, "buyer": LOCAL}),
    ("GST-34", {**EXPORT, "supply": Supply.REGULAR}),
    ("GST-35", {"place_of_supply": "25"}),
    ("GST-35", {"buyer": {**LOCAL, "state": "28"}}),
    ("GST-36", {"supply": Supply.SEZ_WITH_PAYMENT}),
    ("GST-37", {"buyer": {"is_sez": True}}),
    ("GST-38", {"supply": Supply.SEZ_WITHOUT_PAYMENT, "buyer": {"is_sez": True}}),
    ("GST-38", {**EXPORT, "supply": Supply.EXPORT_WITHOUT_PAYMENT}),
    ("GST-39", {"supply": Supply.DEEMED_EXPORT, "reverse_charge": True}),
    ("GST-40", {**ON_INTRA, "reverse_charge": False}),
    ("GST-41", {**ON_INTRA, "place_of_supply": "27"}),
    ("GST-42", {**EXPORT, "buyer": {**ABROAD, "address": Address(line1="1 Pier Road")}}),
    ("GST-43", {**EXPORT, "shipping_bill": ShippingBill(number="7896542")}),
    ("GST-43", {**EXPORT, "shipping_bill": ShippingBill(date=TODAY)}),
    ("GST-49", {"shipping_bill": ShippingBill(port="INMAA1")}),
    ("GST-44", {"differential_percent": Decimal(100)}),
    ("GST-44", {**EXPORT, "differential_percent": Decimal(65)}),
    ("GST-45", {**OPERATOR, "ecommerce_gstin": BUYER.gstin}),
    ("GST-45", {**OPERATOR, "ecommerce_gstin": "29AABCF8078M1C9"}),
    ("GST-46", {**OPERATOR, "ecommerce_section": None}),
    ("GST-46", {**OPERATOR, "ecommerce_gstin": None}),
    ("GST-46", {**OPERATOR, "ecommerce_section": "9"}),
    ("GST-47", {**EXPORT, "reverse_charge": True}),
    ("GST-47", {"supply": Supply.SEZ_WITHOUT_PAYMENT, "buyer": {"is_sez": True}, "reverse_charge": True}),
    ("GST-48", {"buyer": LOCAL, "place_of_supply": "29", "reverse_charge": True}),
    ("GST-50", {**COMPOSITION, "kind": Kind.TAX_INVOICE}),
    ("GST-50", {**COMPOSITION, "kind": Kind.INVOICE_CUM_BILL_OF_SUPPLY}),
    ("GST-51", {**COMPOSITION, "place_of_supply": "27"}),
    ("GST-51", {**COMPOSITION, "supply": Supply.SEZ_WITH_PAYMENT}),
    ("GST-52", {"kind": Kind.BILL_OF_SUPPLY}),
    ("GST-53", {**BILL, "kind": Kind.TAX_INVOICE}),
    ("GST-54", {"kind": Kind.INVOICE_CUM_BILL_OF_SUPPLY}),
    ("GST-55", {**CREDIT_NOTE, "against": None}),
    ("GST-55", {**CREDIT_NOTE, "kind": Kind.DEBIT_NOTE, "against": None}),
    ("GST-56", {**CREDIT_NOTE, "reason": None}),
    ("GST-57", {**CREDIT_NOTE, "against_date": dt.date(2026, 10, 6)}),
    ("GST-58", {**CREDIT_NOTE, "against_date": dt.date(2025, 3, 31), "date": dt.date(2025, 12, 1)}),
    ("GST-59", {"unknown_hsn": frozenset({"998716"})}),
]

KEPT: list[tuple[str, dict[str, Any]]] = [
    ("GST-01", {}),
    ("GST-02", {}),
    ("GST-03", {**BILL, "seller": {"gstin": None}}),
    ("GST-03", {"seller": {"gstin": None}, "line": {"gst_rate": Decimal(0)}}),
    ("GST-04", {"seller": {"gstin": None}}),
    ("GST-05", {"buyer": {"gstin": "0717UNO00157UNO", "state": "07"}}),
    ("GST-06", {"buyer": LOCAL}),
    ("GST-07", {"number": None}),
    ("GST-07", {"number": "A234567890123456"}),
    ("GST-08", {"buyer": LOCAL, "taxable": "49999.99"}),
    ("GST-08", {"buyer": {**LOCAL, "address": Address(line1="5 Church Street")}, "taxable": "50000.00"}),
    ("GST-09", {}),
    ("GST-10", {"date": dt.date(2017, 7, 1)}),
    ("GST-11", {"date": TODAY}),
    ("GST-12", {"due_date": dt.date(2026, 10, 5)}),
    ("GST-13", {}),
    ("GST-14", {"return_period": "102026"}),
    ("GST-14", {"return_period": "122026"}),
    ("GST-15", {"line": {"hsn": "01012100"}}),
    ("GST-16", {"line": {"hsn": "9987"}}),
    ("GST-16", {"line": {"hsn": "9987"}, "seller": {"turnover": Decimal(50_000_000)}}),
    ("GST-16", {"line": {"hsn": None}, "buyer": LOCAL}),
    ("GST-16", {"line": {"hsn": None}, "date": dt.date(2021, 3, 31)}),
    ("GST-16", {"lines": (LINE, dataclasses.replace(LINE, hsn=None, is_charge=True))}),
    ("GST-16", EXPORT),
    ("GST-16", {**EXPORT, "line": {"hsn": "84713010"}}),
    ("GST-17", {}),
    ("GST-18", {"line": {"unit": "PCS"}}),
    ("GST-19", {"line": {"gst_rate": Decimal(28)}, "allow_rate": "imported history"}),
    ("GST-19", {"line": {"gst_rate": Decimal(28)}, "date": dt.date(2025, 9, 21)}),
    ("GST-19", {**CREDIT_NOTE, "line": {"gst_rate": Decimal(28)}, "against_date": dt.date(2025, 9, 21)}),
    ("GST-19", {**COMPOSITION, "line": {"gst_rate": Decimal(17)}}),
    ("GST-20", {"line": {"cess_rate": CESS}, "date": dt.date(2025, 9, 21)}),
    ("GST-20", {"line": {"cess_rate": CESS}, "allow_rate": "imported history"}),
    ("GST-21", BILL),
    ("GST-22", {"total": "0.00"}),
    ("GST-23", {}),
    ("GST-23", {"return_period": "112027"}),
    ("GST-23", {"return_period": "2026-10"}),
    ("GST-23", {"return_period": "112026", "date": dt.date(2025, 4, 1)}),
    ("GST-24", {}),
    ("GST-30", {"place_of_supply": "97"}),
    ("GST-31", {}),
    ("GST-31", EXPORT),
    ("GST-32", EXPORT),
    ("GST-33", EXPORT),
    ("GST-34", EXPORT),
    ("GST-34", {"buyer": ABROAD, "place_of_supply": "29"}),
    ("GST-35", {"place_of_supply": "25", "date": dt.date(2020, 1, 25)}),
    ("GST-36", {"supply": Supply.SEZ_WITH_PAYMENT, "buyer": {"is_sez": True}}),
    ("GST-37", {"supply": Supply.SEZ_WITH_PAYMENT, "buyer": {"is_sez": True}}),
    ("GST-38", {**EXPORT, "supply": Supply.EXPORT_WITHOUT_PAYMENT, "seller": {"lut": "AD290326000001A"}}),
    ("GST-38", EXPORT),
    ("GST-39", {"supply": Supply.DEEMED_EXPORT}),
    ("GST-39", {"reverse_charge": True}),
    ("GST-40", ON_INTRA),
    ("GST-41", ON_INTRA),
    ("GST-42", EXPORT),
    ("GST-42", {**EXPORT, "buyer": {**ABROAD, "address": Address()}, "ship_to": Address(country="Kenya")}),
    ("GST-43", {**EXPORT, "shipping_bill": ShippingBill(port="INMAA1")}),
    ("GST-43", {**EXPORT, "shipping_bill": ShippingBill(number="7896542", date=TODAY)}),
    ("GST-49", {**EXPORT, "shipping_bill": ShippingBill(port="INMAA1")}),
    ("GST-44", {"differential_percent": Decimal(65)}),
    ("GST-45", OPERATOR),
    ("GST-46", {**OPERATOR, "ecommerce_section": "9(5)"}),
    ("GST-47", EXPORT),
    ("GST-47", ON_INTRA),
    ("GST-48", {"reverse_charge": True}),
    ("GST-48", {"buyer": LOCAL, "place_of_supply": "29"}),
    ("GST-50", COMPOSITION),
    ("GST-50", {**COMPOSITION, **CREDIT_NOTE}),
    ("GST-51", COMPOSITION),
    ("GST-52", BILL),
    ("GST-52", {"kind": Kind.BILL_OF_SUPPLY, "seller": {"gstin": None}}),
    ("GST-53", {"lines": (LINE, dataclasses.replace(LINE, taxability=Taxability.EXEMPT, gst_rate=Decimal(0)))}),
    ("GST-53", {**COMPOSITION, **BILL}),
    ("GST-54", {"kind": Kind.INVOICE_CUM_BILL_OF_SUPPLY, "buyer": LOCAL}),
    ("GST-55", CREDIT_NOTE),
    ("GST-56", CREDIT_NOTE),
    ("GST-57", {**CREDIT_NOTE, "against_date": dt.date(2026, 10, 5)}),
    ("GST-57", {**CREDIT_NOTE, "against_date": None}),
    ("GST-58", {**CREDIT_NOTE, "against_date": dt.date(2025, 3, 31), "date": dt.date(2025, 11, 30)}),
    ("GST-58", {**CREDIT_NOTE, "kind": Kind.DEBIT_NOTE, "against_date": dt.date(2020, 1, 1)}),
    ("GST-59", {"unknown_hsn": frozenset({"998717"})}),
]


@pytest.mark.parametrize(("code", "changes"), BROKEN)
def test_a_broken_rule_is_found(code: str, changes: dict[str, Any]) -> None:
    assert code in codes(**changes)


@pytest.mark.parametrize(("code", "changes"), KEPT)
def test_a_kept_rule_is_not_found(code: str, changes: dict[str, Any]) -> None:
    assert code not in codes(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        EXPORT,
        BILL,
        COMPOSITION,
        CREDIT_NOTE,
        {**CREDIT_NOTE, "kind": Kind.DEBIT_NOTE},
        ON_INTRA,
        OPERATOR,
        {"buyer": LOCAL, "place_of_supply": "29"},
        {"supply": Supply.SEZ_WITH_PAYMENT, "buyer": {"is_sez": True}},
        {"supply": Supply.DEEMED_EXPORT},
    ],
)
def test_a_lawful_document_keeps_every_rule(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


@pytest.mark.parametrize("cases", [BROKEN, KEPT])
def test_every_rule_is_tested_both_ways(cases: list[tuple[str, dict[str, Any]]]) -> None:
    assert {code for code, _ in cases} == {rule.code for rule in RULES}


def test_codes_are_unique_and_every_rule_has_a_sentence_and_a_source() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.sentence.endswith(".")
        assert rule.source


@pytest.mark.parametrize("changes", [changes for _, changes in BROKEN])
def test_every_finding_is_a_sentence_with_a_hint(changes: dict[str, Any]) -> None:
    for finding in found(**changes):
        assert finding.message[0].isupper()
        assert finding.message.endswith(".")
        assert finding.hint


def test_a_finding_about_a_line_names_it_counting_from_one() -> None:
    finding = found(lines=(LINE, dataclasses.replace(LINE, hsn="123")))[0]
    assert (finding.rule.code, finding.line, finding.field) == ("GST-15", 2, "hsn")


def test_warnings_are_returned_and_do_not_refuse() -> None:
    warnings = refuse_on(found(seller={"address": Address()}))
    assert [warning.rule.code for warning in warnings] == ["GST-02"]


def test_a_strict_business_refuses_warnings_too() -> None:
    with pytest.raises(InvalidError, match=r"^GST-02 "):
        refuse_on(found(seller={"address": Address()}), strict=True)


def test_nothing_found_is_no_refusal_even_when_strict() -> None:
    assert refuse_on([], strict=True) == []


def test_a_refusal_begins_with_its_code_and_carries_every_finding() -> None:
    with pytest.raises(InvalidError) as caught:
        refuse_on(found(seller={"address": Address()}, number="INV-20250924-0001", due_date=dt.date(2026, 1, 1)))
    error = caught.value
    assert error.error_code == "rule"
    assert error.message.startswith("GST-07 Number 'INV-20250924-0001' has 17 characters")
    assert error.message.endswith(". Also GST-12.")
    assert error.hint
    assert [finding["code"] for finding in error.details["findings"]] == ["GST-02", "GST-07", "GST-12"]
    assert error.details["findings"][0]["severity"] == Severity.WARN


def test_no_document_makes_a_rule_fail() -> None:
    """Every member of the document may be absent or strange at once."""
    strange = dataclasses.replace(
        INVOICE,
        seller=Seller(name="", gstin="?", state="??"),
        buyer=Buyer(name="", gstin="", state=""),
        lines=(Line(description="", quantity=Decimal(0), unit_price=Decimal(0), unit="", hsn=""),),
        place_of_supply="",
        return_period="",
        ecommerce_gstin="",
        number="",
    )
    assert judge(strange, today=TODAY, taxable=Decimal(0), total=Decimal(0))


def test_the_documented_rules_are_up_to_date() -> None:
    """Else: python -c "from invo_cli.gst.rules import as_markdown; print(as_markdown(), end='')" > docs/rules.md."""
    path = Path(__file__).parents[2] / "docs" / "rules.md"
    assert path.read_text(encoding="utf-8") == as_markdown()
