"""Reading the portals' answers; the portal is imitated (tests/portal/imitation.py)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from invo_cli.errors import InvalidError
from invo_cli.gst.einvoice.facts import INDIA
from invo_cli.portal import einvoices, eway_bills, times
from invo_cli.portal.einvoices import Registration, Unread
from tests.portal.imitation import ACK_NO, answer, token

pytestmark = pytest.mark.unit
DOCUMENT = {
    "kind": "tax_invoice",
    "number": "INV/26-27/0001",
    "date": "2026-10-05",
    "total": "1770.00",
    "seller": {"gstin": "29AAGCB7383J1Z4"},
    "customer": {"gstin": "27AAPFU0939F1ZV"},
}


def only(content: Any) -> Registration | Unread:
    (found,) = einvoices.read(json.dumps(content))
    return found


def why(content: Any) -> str:
    found = only(content)
    assert isinstance(found, Unread)
    return found.problem.message


def test_an_answer_is_read_with_what_was_signed() -> None:
    given = answer(DOCUMENT)
    found = only(given)
    assert isinstance(found, Registration)
    assert (found.irn, found.ack_no, found.number, found.type) == (given["Irn"], str(ACK_NO), "INV/26-27/0001", "INV")
    assert found.acknowledged_at == dt.datetime(2026, 10, 5, 5, 45, tzinfo=dt.UTC)
    assert (found.date, found.total, found.seller) == (dt.date(2026, 10, 5), Decimal(1770), "29AAGCB7383J1Z4")
    assert (found.signed_qr, found.signed_invoice) == (given["SignedQRCode"], given["SignedInvoice"])


def test_the_wrappings_of_bulk_tools_and_providers() -> None:
    given = answer(DOCUMENT)
    wrapped: list[Any] = [
        [given],
        {"Status": 1, "Data": json.dumps(given), "ErrorDetails": None, "InfoDtls": None},
        {"Status": 1, "Data": given},
        {"success": True, "message": "IRN generated successfully", "result": given},
        [{"govt_response": given | {"Success": "Y"}, "transaction": {"Version": "1.1"}}],
        {"data": [given]},
    ]
    for content in wrapped:
        found = only(content)
        assert isinstance(found, Registration), found
        assert found.irn == given["Irn"]


def test_answers_keep_their_order_and_fail_one_by_one() -> None:
    given = answer(DOCUMENT)
    found = einvoices.read(json.dumps([given, {"Status": 0, "ErrorDetails": [{"ErrorCode": "2150"}]}, given]))
    assert [type(each) for each in found] == [Registration, Unread, Registration]
    assert isinstance(found[1], Unread)
    assert "2150" in found[1].problem.message


def test_without_tokens_the_answer_itself_must_say_what_it_is_of() -> None:
    given = answer(DOCUMENT)
    bare = {key: given[key] for key in ("AckNo", "AckDt", "Irn")}
    assert "does not say which document" in why(bare)
    found = only(bare | {"DocNo": "INV/26-27/0001"})
    assert isinstance(found, Registration)
    assert (found.number, found.seller, found.total, found.tokens) == ("INV/26-27/0001", None, None, ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Irn": "b" * 64}, "different IRNs"),
        ({"Irn": "xyz", "SignedQRCode": None, "SignedInvoice": None, "DocNo": "1"}, "not 64 hexadecimal digits"),
        ({"SignedQRCode": "abc"}, "not a signed token"),
        ({"SignedQRCode": "YWJj.YWJj.YWJj"}, "not JSON"),
        ({"SignedQRCode": "_w.YWJj.YWJj"}, "not UTF-8"),
        ({"SignedQRCode": "MQ.MQ.MQ"}, "does not hold an object"),
        ({"AckNo": None, "SignedInvoice": None}, "has no AckNo"),
        ({"AckDt": "yesterday"}, "is not a time"),
        ({"Status": "CNL"}, "is cancelled on the portal"),
        ({"DocNo": "INV/26-27/0002"}, "The answer for INV/26-27/0002 was signed for INV/26-27/0001"),
        ({"SignedQRCode": ["a"]}, "signed QR code of Answer 1 is not a text"),
        ({"SignedInvoice": {"data": {}}}, "signed invoice of Answer 1 is not a text"),
        ({"AckNo": "1" * 21}, "AckNo of INV/26-27/0001 is not a number of digits"),
        ({"AckNo": "12\x1b[31m"}, "is not a number of digits: '12\\x1b[31m'"),
        ({"AckNo": 1.5}, "is not a number of digits"),
        ({"AckNo": -5}, "is not a number of digits"),
        ({"SignedQRCode": None, "SignedInvoice": None, "DocNo": "x" * 100_000}, "…' is not the number of a document"),
        ({"SignedQRCode": None, "SignedInvoice": None, "DocNo": "1", "DocTyp": "BIL"}, "not INV, CRN or DBN"),
    ],
)
def test_what_cannot_be_recorded_says_why(changes: dict[str, Any], said: str) -> None:
    assert said in why(answer(DOCUMENT) | changes)


@pytest.mark.parametrize("text", ["", "[]", "{}", '"x"', "5", '{"Data": "{"}', "[[[[[[[[[[[]]]]]]]]]]]"])
def test_a_file_without_an_answer_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        einvoices.read(text)


def test_the_portals_times() -> None:
    noon = dt.datetime(2026, 10, 5, 12, 0, tzinfo=INDIA)
    for text in ("2026-10-05 12:00:00", "05/10/2026 12:00:00 PM", "05-10-2026 12:00", "2026-10-05T12:00:00.000"):
        assert times.parse(text) == noon
    assert times.parse("05/10/2026") == noon.replace(hour=0)
    for text in ("", "soon", "32/10/2026", "2026-10-05 25:00", "١٢/10/2026"):
        assert times.parse(text) is None
    assert times.parse(None) is None


def test_answers_about_e_way_bills() -> None:
    given = {
        "ewayBillNo": 331001234567,
        "ewayBillDate": "05/10/2026 03:08:00 PM",
        "validUpto": "10/10/2026 11:59:00 PM",
        "docNo": "INV/26-27/0001",
    }
    (found,) = eway_bills.read(json.dumps({"success": True, "result": given}))
    assert found == eway_bills.Bill(
        number="331001234567",
        generated_on=dt.date(2026, 10, 5),
        valid_until=dt.date(2026, 10, 10),
        invoice="INV/26-27/0001",
    )
    for changes in ({"ewayBillNo": 12}, {"ewayBillDate": "soon"}, {"validUpto": "soon"}):
        (problem,) = eway_bills.read(json.dumps(given | changes))
        assert isinstance(problem, InvalidError)
    with pytest.raises(InvalidError, match="no answer"):
        eway_bills.read("[]")


def test_the_invoice_portal_may_have_made_an_e_way_bill_too() -> None:
    given = answer(DOCUMENT) | {"EwbNo": 331001234567, "EwbDt": "2026-10-05 11:15:00", "EwbValidTill": None}
    (found,) = eway_bills.read(json.dumps({"result": given}))
    assert isinstance(found, eway_bills.Bill)
    assert (found.number, found.invoice, found.valid_until) == ("331001234567", "INV/26-27/0001", None)
    with pytest.raises(InvalidError, match="no answer"):
        eway_bills.read(json.dumps(answer(DOCUMENT)))


def test_a_token_may_hold_its_data_as_an_object() -> None:
    from invo_cli.portal import tokens

    assert tokens.read(token({"Irn": "x"}), what="It").data == {"Irn": "x"}
