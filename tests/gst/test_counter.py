from decimal import Decimal

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.counter import parse_charge, parse_item, parse_line
from invo_cli.gst.document import ChargeInput, LineInput

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "description", "quantity", "price", "hsn", "rate"),
    [
        ("Fan:1:350", "Fan", "1", "350", None, None),
        ("Fan:1:350:8414", "Fan", "1", "350", "8414", None),
        ("Fan:1:350:84145110:18", "Fan", "1", "350", "84145110", "18"),
        ("Screen replacement:1:1500:998716:18", "Screen replacement", "1", "1500", "998716", "18"),
        ("Fan:1:350::18", "Fan", "1", "350", None, "18"),
        ("Fan: 12V:1:350", "Fan: 12V", "1", "350", None, None),
        ("Fan: 12V:1:350:8414:18", "Fan: 12V", "1", "350", "8414", "18"),
        ("Time 10:30:1:350", "Time 10:30", "1", "350", None, None),
        ("Ratio 1:2:1:350:8544:18", "Ratio 1:2", "1", "350", "8544", "18"),
        ("Bolt M8:10:5:1:350", "Bolt M8:10:5", "1", "350", None, None),
        # An HSN of three digits does not read, so these two are quantity and price.
        ("Box:4:2:100:850", "Box:4:2", "100", "850", None, None),
        # A price with the look of an HSN is one: the escape says otherwise.
        ("Ratio 1:2:1:1500", "Ratio 1", "2", "1", "1500", None),
        (r"Ratio 1\:2:1:1500", "Ratio 1:2", "1", "1500", None, None),
        (r"Fan\: 12V:1:350", "Fan: 12V", "1", "350", None, None),
        (r"A\:B\:C:0.5:350.125", "A:B:C", "0.5", "350.125", None, None),
        ("Tool :1: 1,18,000.00 : 8467 : 5", "Tool", "1", "118000", "8467", "5"),
        ("Tool:1,000:118,000", "Tool", "1000", "118000", None, None),
        ("Old battery:1:-500", "Old battery", "1", "-500", None, None),
        ("Sample:0:0", "Sample", "0", "0", None, None),
        ("Stone:1:10:7103:0.25", "Stone", "1", "10", "7103", "0.25"),
        (r"C\\D:1:2", r"C\\D", "1", "2", None, None),
    ],
)
def test_a_line_is_read_from_the_right(
    text: str, description: str, quantity: str, price: str, hsn: str | None, rate: str | None
) -> None:
    assert parse_line(text) == LineInput(
        description=description,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        hsn=hsn,
        gst_rate=None if rate is None else Decimal(rate),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Fan",
        "Fan:1",
        ":1:350",
        " :1:350:8414:18",
        "Fan:x:350",
        "Fan:1:x",
        "Fan:-1:350",
        "Fan:1:350.1234",
        "Fan:1.0001:350",
        "Fan:1:1e3",
        "Fan:1:1,23",
        "Fan:१:350",
        "Fan:1:NaN",
        "Fan:1:350:",
        "a\0b:1:350",
        "x" * 501 + ":1:350",
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_line(text)
    assert caught.value.hint
    assert len(caught.value.message) < 120


@pytest.mark.parametrize(
    "text",
    ["Fan:2:100:18", "Fan:2:100:85:18", "Fan:2:100:85123:18", "Fan:2:100:85123", "Fan:2:100:9987161", "Fan:2:100:7.5"],
)
def test_a_rate_or_code_that_would_be_taken_as_the_price_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="two ways"):
        parse_line(text)


def test_an_item_has_a_quantity_of_one_unless_it_is_given() -> None:
    assert parse_item("SCR") == LineInput(item="SCR", quantity=Decimal(1))
    assert parse_item("SCR:2.5") == LineInput(item="SCR", quantity=Decimal("2.5"))


@pytest.mark.parametrize("text", ["", ":2", "SCR:", "SCR:-1", "SCR:1:2", "SCR:two", "x" * 51])
def test_an_item_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_item(text)


@pytest.mark.parametrize(
    ("text", "description", "amount", "rate"),
    [
        ("Freight:75.00", "Freight", "75", None),
        ("Freight:75.00:18", "Freight", "75", "18"),
        ("Freight: Pune:75", "Freight: Pune", "75", None),
        (r"Zone 1\:2:75", "Zone 1:2", "75", None),
        ("Zone 2:1,18,000:5", "Zone 2", "118000", "5"),
        # 350 is no rate, so it is the amount.
        ("Zone 1:2:350", "Zone 1:2", "350", None),
    ],
)
def test_a_charge_is_read_from_the_right(text: str, description: str, amount: str, rate: str | None) -> None:
    assert parse_charge(text) == ChargeInput(
        description=description, amount=Decimal(amount), gst_rate=None if rate is None else Decimal(rate)
    )


@pytest.mark.parametrize("text", ["", "Freight", ":75", ":2:75", "Freight:x", "Freight:-75", "Freight:75.001"])
def test_a_charge_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_charge(text)


@pytest.mark.parametrize("text", ["Screen:1:1500:998716:1800", "Screen:1:1500:8517:101", "Screen:1:1500:85177090:1000"])
def test_a_rate_above_100_is_a_slip_and_never_an_hsn_code(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_line(text)
