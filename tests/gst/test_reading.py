import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.errors import InvalidError
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
from invo_cli.gst.reading import LIMITS, load_json, read_document, write_document
from invo_cli.gst.shapes import MAX_PROBLEMS

pytestmark = pytest.mark.unit

EVERYTHING = """{
  "customer": {"name": "Asha Traders", "gstin": " 27aapfu0939f1zv ", "state": "27", "mobile": "+91 98765 43210",
               "email": "asha@example.com",
               "address": {"line1": "12 MG Road", "line2": "2nd floor", "city": "Pune", "pincode": "411001",
                           "state": "27", "country": "India"}},
  "kind": "tax_invoice", "number": "INV/26-27/0001", "date": "2026-10-05", "due_date": "2026-11-04",
  "supply": "export_with_payment", "place_of_supply": "96", "reverse_charge": false, "prices_include_tax": true,
  "round_off": false, "discount": "10.00",
  "charges": [{"description": "Freight", "amount": 75.00, "gst_rate": "18"}, {"description": "Packing", "amount": "5"}],
  "other_charges": 12.5,
  "lines": [{"item": "SCR", "description": "Screen replacement", "serial": "S1", "hsn": "998716", "quantity": 1.500,
             "unit": "nos", "unit_price": "-1500.000", "discount": "0.50", "discount_percent": null,
             "taxability": "taxable", "gst_rate": "18", "cess_rate": 0.25, "cess_per_unit": "4.170"}],
  "against": "INV/26-27/0002", "reason": "returned", "amends": "INV/26-27/0003",
  "shipping_bill": {"port": "inmaa1", "number": "7896542", "date": "2026-10-08"},
  "ship_to": {"line1": "Pier 4", "pincode": "SW1A 1AA", "state": "96", "country": "United Kingdom"},
  "transport": {"mode": "road", "vehicle": "KA01AB1234", "distance_km": 350, "transporter_id": "29AAFCA7488L1Z0",
                "document": "LR-77"},
  "ecommerce_gstin": "29AABCF8078M1C8", "ecommerce_section": "9(5)", "differential_percent": "65",
  "return_period": "102026", "service_type": "goods_transport", "reference": "PO 7", "notes": "Thank you",
  "terms": "30 days", "idempotency_key": "k-1"
}"""


def refusal(data: object) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        read_document(data)
    return caught.value


def problems(data: object) -> dict[str, str]:
    """Path to message of all that is wrong."""
    return {problem["path"]: problem["message"] for problem in refusal(data).details["problems"]}


def line(**members: Any) -> dict[str, Any]:
    return {"lines": [members]}


def test_every_key_is_read_into_its_value() -> None:
    assert read_document(load_json(EVERYTHING)) == DocumentInput(
        customer=CustomerInput(
            name="Asha Traders",
            gstin="27AAPFU0939F1ZV",
            state="27",
            mobile="9876543210",
            email="asha@example.com",
            address=Address(
                line1="12 MG Road", line2="2nd floor", city="Pune", pincode="411001", state="27", country="India"
            ),
        ),
        kind=Kind.TAX_INVOICE,
        number="INV/26-27/0001",
        date=dt.date(2026, 10, 5),
        due_date=dt.date(2026, 11, 4),
        supply=Supply.EXPORT_WITH_PAYMENT,
        place_of_supply="96",
        reverse_charge=False,
        prices_include_tax=True,
        round_off=False,
        discount=Decimal(10),
        charges=(
            ChargeInput(description="Freight", amount=Decimal(75), gst_rate=Decimal(18)),
            ChargeInput(description="Packing", amount=Decimal(5)),
        ),
        other_charges=Decimal("12.5"),
        lines=(
            LineInput(
                item="SCR",
                description="Screen replacement",
                serial="S1",
                hsn="998716",
                quantity=Decimal("1.5"),
                unit="NOS",
                unit_price=Decimal(-1500),
                discount=Decimal("0.5"),
                taxability=Taxability.TAXABLE,
                gst_rate=Decimal(18),
                cess_rate=Decimal("0.25"),
                cess_per_unit=Decimal("4.17"),
            ),
        ),
        against="INV/26-27/0002",
        reason="returned",
        amends="INV/26-27/0003",
        shipping_bill=ShippingBill(port="INMAA1", number="7896542", date=dt.date(2026, 10, 8)),
        ship_to=Address(line1="Pier 4", pincode="SW1A 1AA", state="96", country="United Kingdom"),
        transport=Transport(
            mode="road", vehicle="KA01AB1234", distance_km=350, transporter_id="29AAFCA7488L1Z0", document="LR-77"
        ),
        ecommerce_gstin="29AABCF8078M1C8",
        ecommerce_section="9(5)",
        differential_percent=Decimal(65),
        return_period="102026",
        service_type=ServiceType.GOODS_TRANSPORT,
        reference="PO 7",
        notes="Thank you",
        terms="30 days",
        idempotency_key="k-1",
    )


def test_left_out_and_null_mean_the_same() -> None:
    nothing = dict.fromkeys(load_json(EVERYTHING))
    assert read_document(nothing) == read_document({}) == DocumentInput()


def test_a_customer_may_be_a_code_or_a_name() -> None:
    assert read_document({"customer": " C-0001 "}).customer == "C-0001"


def test_amounts_are_written_with_fixed_decimals_and_rates_without_zeros() -> None:
    written = write_document(read_document(load_json(EVERYTHING)))
    assert (written["discount"], written["other_charges"], written["differential_percent"]) == ("10.00", "12.50", "65")
    first = written["lines"][0]
    assert (first["quantity"], first["unit_price"], first["discount"]) == ("1.500", "-1500.000", "0.50")
    assert (first["gst_rate"], first["cess_rate"], first["cess_per_unit"]) == ("18", "0.25", "4.170")
    assert first["discount_percent"] is None


def test_a_number_with_too_many_decimals_is_written_whole_rather_than_rounded() -> None:
    assert write_document(DocumentInput(discount=Decimal("0.005")))["discount"] == "0.005"


@pytest.mark.parametrize(
    ("data", "path", "hint"),
    [
        ({"place_of_suply": "29"}, "", "Did you mean place_of_supply?"),
        (line(unit_prise="1"), "lines[0]", "Did you mean unit_price?"),
        ({"customer": {"name": "A", "gst": "x"}}, "customer", "Did you mean gstin?"),
        ({"lines": [{}, {"charges": []}], "zzz": 1}, "", "The keys are customer, kind, number"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_key(data: object, path: str, hint: str) -> None:
    first = refusal(data).details["problems"][0]
    assert first["path"] == path
    assert first["hint"].startswith(hint)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (line(quantity=True), "lines[0].quantity"),
        (line(quantity=[]), "lines[0].quantity"),
        (line(quantity=0.1), "lines[0].quantity"),
        (line(description=5), "lines[0].description"),
        (line(hsn=998716), "lines[0].hsn"),
        ({"lines": {}}, "lines"),
        ({"lines": [None]}, "lines[0]"),
        ({"lines": [{}, "Fan:1:100"]}, "lines[1]"),
        ({"reverse_charge": "true"}, "reverse_charge"),
        ({"reverse_charge": 0}, "reverse_charge"),
        ({"date": 20261005}, "date"),
        ({"customer": 5}, "customer"),
        ({"customer": {"name": ["A"]}}, "customer.name"),
        ({"customer": {"name": "A", "mobile": 9876543210}}, "customer.mobile"),
        ({"shipping_bill": "7896542"}, "shipping_bill"),
        ({"transport": {"distance_km": "3.5"}}, "transport.distance_km"),
    ],
)
def test_a_wrong_json_type_is_refused_naming_its_path(data: object, path: str) -> None:
    assert list(problems(data)) == [path]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("quantity", "-1"),
        ("quantity", "1.0001"),
        ("quantity", "1,000"),
        ("quantity", "1e3"),
        ("quantity", "१"),
        ("quantity", "1_000"),
        ("quantity", " 1"),
        ("quantity", ""),
        ("quantity", "10000000000000"),
        ("unit_price", "0.0001"),
        ("discount", "0.001"),
        ("discount", "-1"),
        ("discount_percent", "100.001"),
        ("gst_rate", "-18"),
        ("gst_rate", "18%"),
        ("cess_per_unit", "4.1701"),
        ("taxability", "Taxable"),
        ("unit", "PIECE-S"),
        ("hsn", "99871"),
        ("hsn", "00000000"),
        ("description", ""),
        ("description", "a\0b"),
        ("description", "x" * (LIMITS["description"] + 1)),
    ],
)
def test_a_line_value_out_of_bounds_is_refused(key: str, value: str) -> None:
    assert list(problems(line(**{key: value}))) == [f"lines[0].{key}"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("date", "05-10-2026"),
        ("date", "2026-02-30"),
        ("number", "INV-20250924-0001"),
        ("kind", "invoice"),
        ("supply", "export"),
        ("place_of_supply", "99"),
        ("ecommerce_gstin", "29AABCF8078M1C9"),
        ("ecommerce_section", "9"),
        ("return_period", "2026-10"),
        ("reference", "x" * 51),
        ("notes", "x" * 2001),
        ("customer", "x" * 10_000),
        ("discount", "-0.01"),
        ("differential_percent", "101"),
    ],
)
def test_a_document_value_out_of_bounds_is_refused(key: str, value: str) -> None:
    error = refusal({key: value})
    assert [problem["path"] for problem in error.details["problems"]] == [key]
    assert len(error.message) < 200


def test_an_enumeration_is_refused_with_the_nearest_word() -> None:
    assert refusal({"kind": "tax_invoce"}).hint == "Did you mean tax_invoice?"
    assert "sez_with_payment" in (refusal({"supply": "0"}).hint or "")


def test_a_quantity_of_zero_and_a_negative_price_are_allowed() -> None:
    entered = read_document(line(quantity="0", unit_price="-5")).lines[0]
    assert (entered.quantity, entered.unit_price) == (Decimal(0), Decimal(-5))


def test_a_discount_in_two_ways_is_refused() -> None:
    assert list(problems(line(discount="1", discount_percent="5"))) == ["lines[0].discount_percent"]


def test_a_customer_object_and_a_charge_need_what_names_them() -> None:
    assert list(problems({"customer": {}, "charges": [{"amount": "1"}]})) == ["customer.name", "charges[0].description"]


def test_a_delivery_address_needs_its_state() -> None:
    assert list(problems({"ship_to": {"city": "Pune"}})) == ["ship_to.state"]


@pytest.mark.parametrize(
    ("customer", "is_refused"),
    [
        ({"address": {"pincode": "56000"}}, True),
        ({"address": {"pincode": "560001"}}, False),
        ({"address": {"pincode": "SW1A 1AA"}}, True),
        ({"address": {"pincode": "SW1A 1AA", "state": "96"}}, False),
        ({"state": "96", "address": {"pincode": "SW1A 1AA"}}, False),
    ],
)
def test_a_pin_code_is_judged_only_inside_india(customer: dict[str, Any], is_refused: bool) -> None:
    data = {"customer": {"name": "A", **customer}}
    if is_refused:
        assert list(problems(data)) == ["customer.address.pincode"]
    else:
        read_document(data)


def test_all_problems_of_a_document_are_found_at_once() -> None:
    error = refusal({"kind": "x", "lines": [{"quantity": "-1"}, {"unit": "??", "hsn": "1"}], "extra": 1, "notes": 5})
    found = [problem["path"] for problem in error.details["problems"]]
    assert found == ["", "kind", "lines[0].quantity", "lines[1].hsn", "lines[1].unit", "notes"]
    assert error.details["problem_count"] == 6
    assert error.message == "There is no key 'extra', and 5 more problems."


def test_the_refusal_of_one_problem_names_its_place_and_value() -> None:
    error = refusal(line(quantity="x"))
    assert error.message == "Quantity 'x' is not a number at lines[0].quantity."
    assert error.details["problems"][0]["value"] == "x"
    assert error.hint


def test_a_refusal_lists_a_hundred_problems_and_counts_all() -> None:
    error = refusal({"lines": [{"quantity": "x"}] * 250})
    assert len(error.details["problems"]) == MAX_PROBLEMS
    assert error.details["problem_count"] == 250


def test_a_list_that_is_too_long_is_refused() -> None:
    assert list(problems({"lines": [{}] * (LIMITS["lines"] + 1)})) == ["lines"]
    assert len(read_document({"lines": [{}] * LIMITS["lines"]}).lines) == LIMITS["lines"]


def test_what_is_not_an_object_is_refused() -> None:
    assert "a list" in refusal([]).message


def test_a_refused_value_is_quoted_on_one_line_and_cut() -> None:
    error = refusal({"kind": "\x1b[31m\n" + "x" * 5000, "\u202e" * 500: 1})
    assert all(character.isprintable() for character in error.message)
    assert len(error.details["problems"][1]["value"]) <= 80
