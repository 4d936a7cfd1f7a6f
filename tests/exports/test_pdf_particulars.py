"""What a paper says: the particulars of each kind of document, as the data of the templates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_cli.errors import InvalidError
from invo_cli.exports.pdf import Extras, Sheet, copies_of
from invo_cli.exports.pdf.labels import LABELS
from invo_cli.exports.pdf.paper import paper
from invo_cli.exports.pdf.settlement import upi_link
from invo_cli.exports.pdf.typesetting import font_files, template_file
from invo_cli.gst.document import Buyer, Supply
from tests.exports.papers import BUYER, SELLER, line, printed, untaxed

pytestmark = pytest.mark.unit
FONTS = font_files(template_file("a4"))
KARNATAKA = Buyer(name="Karnataka Cold Storage", gstin="29AABCK1234L1ZQ", state="29")
MAHARASHTRA = Buyer(name="Mumbai Traders", gstin="27AAPFU0939F1ZV", state="27")
OVERSEAS = Buyer(name="Muller GmbH", state="96")


def printed_paper(document: dict[str, Any], extras: Extras | None = None, **values: Any) -> dict[str, Any]:
    return paper(Sheet(document=document, extras=extras or Extras(), **values), FONTS)


def keys(table: dict[str, Any]) -> list[str]:
    return [column["key"] for column in table["columns"]]


def test_the_particulars_name_the_place_of_supply_and_the_reverse_charge() -> None:
    found = dict(printed_paper(printed(buyer=MAHARASHTRA))["particulars"])
    assert found == {
        "Number": "INV/26-27/0001",
        "Date": "05-10-2026",
        "Place of supply": "27 – Maharashtra",
        "Reverse charge": "No",
    }


@pytest.mark.parametrize(("kind", "title"), [(kind, LABELS["en"][kind]) for kind in list(LABELS["en"])[:7]])
def test_every_kind_has_its_title(kind: str, title: str) -> None:
    assert printed_paper(printed(kind=kind))["title"] == title
    assert title in printed_paper(printed(kind=kind), language="hi")["title"]


def test_tax_at_home_is_split_and_elsewhere_is_not() -> None:
    at_home, away = printed_paper(printed()), printed_paper(printed(buyer=MAHARASHTRA))
    assert at_home["lines"]["rows"][0]["cgst"] == {"text": "135.00", "note": "9%"}
    assert away["lines"]["rows"][0]["igst"] == {"text": "270.00", "note": "18%"}
    assert "sgst" in keys(at_home["lines"])
    assert "sgst" not in keys(away["lines"])


def test_a_union_territory_has_a_tax_of_its_own_name() -> None:
    chandigarh = printed(seller=replace(SELLER, state="04"), buyer=replace(BUYER, state="04"))
    assert ["UTGST", "135.00"] in printed_paper(chandigarh)["totals"]


def test_a_bill_of_supply_speaks_of_no_tax() -> None:
    found = printed_paper(printed(untaxed(), kind="bill_of_supply"))
    assert not {"cgst", "sgst", "igst", "cess", "total"} & set(keys(found["lines"]))
    assert found["summary"] is None
    assert found["totals"] == [["Value", "500.00"]]


def test_a_composition_seller_says_so() -> None:
    document = printed(line(gst_rate=Decimal(0)), kind="bill_of_supply")
    found = printed_paper(document, Extras(composition=True))
    assert found["endorsements"] == ["Composition taxable person, not eligible to collect tax on supplies"]


@pytest.mark.parametrize(
    ("supply", "words"),
    [
        (Supply.EXPORT_WITH_PAYMENT, "ON PAYMENT OF INTEGRATED TAX"),
        (Supply.SEZ_WITH_PAYMENT, "ON PAYMENT OF INTEGRATED TAX"),
        (Supply.EXPORT_WITHOUT_PAYMENT, "WITHOUT PAYMENT OF INTEGRATED TAX"),
        (Supply.SEZ_WITHOUT_PAYMENT, "WITHOUT PAYMENT OF INTEGRATED TAX"),
    ],
)
def test_zero_rated_supplies_are_endorsed_in_the_words_of_the_rule(supply: Supply, words: str) -> None:
    (found,) = printed_paper(printed(supply=supply))["endorsements"]
    assert found.startswith("SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS")
    assert found.endswith(words)


def test_an_export_under_undertaking_keeps_its_rate_and_names_the_undertaking() -> None:
    document = printed(buyer=OVERSEAS, supply=Supply.EXPORT_WITHOUT_PAYMENT)
    extras = Extras(lut="AD29", shipping_bill={"port": "INMAA1", "number": "7896542", "date": "2026-10-08"})
    found = printed_paper(document, extras)
    assert found["lines"]["rows"][0]["igst"] == {"text": "0.00", "note": "18%"}
    particulars = dict(found["particulars"])
    assert particulars["LUT / bond"] == "AD29"
    assert particulars["Shipping bill"] == "7896542 · 08-10-2026"
    assert particulars["Port"] == "INMAA1"
    assert "GSTIN" not in dict(found["buyer"]["facts"])


def test_under_reverse_charge_the_tax_is_shown_but_not_added() -> None:
    document = printed(line(price="50000"), buyer=KARNATAKA, taxes={"reverse_charge": True})
    found = printed_paper(document)
    assert dict(found["particulars"])["Reverse charge"] == "Yes"
    assert found["endorsements"] == ["Tax of ₹9,000.00 is payable by the recipient under reverse charge."]
    assert found["totals"] == [["Taxable value", "50,000.00"]]
    assert found["grand_total"] == ["Total", "₹50,000.00"]


@pytest.mark.parametrize("kind", ["credit_note", "debit_note", "refund_voucher"])
def test_notes_and_refunds_name_what_they_refer_to(kind: str) -> None:
    document = printed(kind=kind, against="INV/26-27/0009", reason="Goods returned")
    particulars = dict(printed_paper(document, Extras(against_date="2026-09-01"))["particulars"])
    assert particulars["Against"] == "INV/26-27/0009 dated 01-09-2026"
    assert particulars["Reason"] == "Goods returned"


def test_a_note_names_every_document_that_it_corrects() -> None:
    document = printed(kind="credit_note", against="INV/26-27/0002", reason="Goods returned")
    originals = [{"number": "INV/26-27/0001", "date": "2026-09-01"}, {"number": "INV/26-27/0002", "date": "2026-09-03"}]
    particulars = dict(printed_paper(document, Extras(originals=originals))["particulars"])
    assert particulars["Against"] == "INV/26-27/0001 dated 01-09-2026, INV/26-27/0002 dated 03-09-2026"


def test_a_voucher_has_no_quantity() -> None:
    document = printed(kind="receipt_voucher")
    for each in document["lines"]:
        for key in ("quantity", "unit", "unit_price", "gross", "discount"):
            del each[key]
    assert keys(printed_paper(document)["lines"]) == [
        *("line", "description", "hsn", "taxable_value"),
        *("cgst", "sgst", "total"),
    ]


def test_a_column_appears_when_one_line_needs_it() -> None:
    document = printed(line(), line(discount=Decimal(100), cess_rate=Decimal(12), cess_per_unit=Decimal("4.17")))
    found = printed_paper(document)["lines"]
    assert {"discount", "cess"} <= set(keys(found))
    assert [row["discount"]["text"] for row in found["rows"]] == ["", "100.00"]
    assert found["rows"][1]["cess"] == {"text": "172.17", "note": "12% + 4.17/unit"}


def test_an_untaxed_line_says_why() -> None:
    found = printed_paper(printed(line(), untaxed(), kind="invoice_cum_bill_of_supply"))["lines"]["rows"][1]
    assert found["taxable_value"]["note"] == "Exempt"
    assert found["cgst"]["text"] == "–"


def test_a_differential_rate_is_the_rate_printed() -> None:
    document = printed(taxes={"differential_percent": Decimal(65)})
    row = printed_paper(document, Extras(differential_percent="65"))["lines"]["rows"][0]
    assert row["cgst"] == {"text": "87.75", "note": "5.85%"}


def test_figures_are_grouped_as_in_india() -> None:
    row = printed_paper(printed(line(price="1234567.125", quantity=Decimal("1.5"), unit="KGS")))["lines"]["rows"][0]
    assert row["unit_price"]["text"] == "12,34,567.125"
    assert row["quantity"]["text"] == "1.5 KGS"
    assert row["taxable_value"]["text"] == "18,51,850.69"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 9_999_999), st.sampled_from((0, 5, 18, 40)), st.sampled_from((None, "998716", "8504"))
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_sums_of_lines_and_summary_are_those_of_the_document(entered: list[tuple[int, int, str | None]]) -> None:
    lines = [line(price=f"{paise / 100:.2f}", gst_rate=Decimal(rate), hsn=hsn) for paise, rate, hsn in entered]
    document = printed(*lines)
    found = printed_paper(document)
    for table in (found["lines"], found["summary"]):
        for key in ("taxable_value", "cgst", "sgst"):
            cells = [_number(row[key]["text"]) for row in table["rows"]]
            assert sum(cells) == _number(table["sums"][key]) == Decimal(document[key])
    added = sum(_number(amount) for _, amount in found["totals"])
    assert added == _number(found["grand_total"][1]) == Decimal(document["total"])


def test_goods_have_three_copies_and_services_two() -> None:
    goods, services = printed(line(hsn="8415")), printed()
    assert copies_of(Sheet(document=goods)) == ("original", "duplicate", "triplicate")
    assert printed_paper(goods, copy="duplicate")["copy"] == "DUPLICATE FOR TRANSPORTER"
    assert printed_paper(goods, copy="triplicate")["copy"] == "TRIPLICATE FOR SUPPLIER"
    assert printed_paper(services, copy="duplicate")["copy"] == "DUPLICATE FOR SUPPLIER"
    with pytest.raises(InvalidError, match="no copy 'triplicate'"):
        printed_paper(services, copy="triplicate")


def test_a_draft_and_a_cancelled_document_say_so_and_ask_for_no_money() -> None:
    extras = Extras(upi="shop@bank", bank="HDFC")
    draft = printed_paper(printed(status="draft", number=None), extras)
    cancelled = printed_paper(printed(status="cancelled", cancel_reason="Wrong customer"), extras)
    assert (draft["watermark"], draft["payment"]) == ("DRAFT", None)
    assert dict(draft["particulars"])["Number"] == "D-17 (Not issued yet)"
    assert (cancelled["watermark"], cancelled["payment"]) == ("CANCELLED", None)
    assert cancelled["cancellation"] == "Cancelled: Wrong customer"


def test_the_code_asks_for_the_balance() -> None:
    document = printed(paid="770.00", outstanding="1000.00")
    found = printed_paper(document, Extras(upi="shop@bank"))
    assert found["payment"]["caption"] == "Scan to pay ₹1,000.00"
    assert found["settled"] == [["Received", "770.00"], ["Balance due", "1,000.00"]]
    assert upi_link(Sheet(document=document), "shop@bank") == (
        "upi://pay?pa=shop@bank&pn=Bright%20Service%20Centre&tr=INV%2F26-27%2F0001"
        "&tn=Invoice%20INV%2F26-27%2F0001&am=1000.00&cu=INR"
    )


def test_a_paid_document_asks_for_nothing() -> None:
    found = printed_paper(printed(paid="1770.00", outstanding="0.00"), Extras(upi="shop@bank"))
    assert found["payment"] is None


def test_the_code_of_a_very_large_seller_carries_the_tax() -> None:
    extras = Extras(turnover="5000000000.01")
    link = upi_link(Sheet(document=printed(), extras=extras), "shop@bank")
    assert "&invoiceDate=2026-10-05T00%3A00%3A00%2B05%3A30&gstIn=29AAGCB7383J1Z4" in link
    assert link.endswith("&gstBrkUp=GST%3A270.00%7CCGST%3A135.00%7CSGST%3A135.00")
    to_business = upi_link(Sheet(document=printed(buyer=KARNATAKA), extras=extras), "shop@bank")
    assert "gstIn" not in to_business


def test_a_registered_document_carries_the_portals_code() -> None:
    document = printed(buyer=KARNATAKA, irn="ab" * 32)
    found = printed_paper(document, Extras(signed_qr="eyJ" * 300, ack_number="112610012345678"))["registration"]
    assert found["qr"].startswith("<svg")
    assert [label for label, _ in found["facts"]] == ["IRN", "Acknowledgement"]


def test_a_buyer_without_gstin_is_unregistered() -> None:
    assert dict(printed_paper(printed())["buyer"]["facts"])["GSTIN"] == "Unregistered"


def test_hindi_words_and_labels() -> None:
    found = printed_paper(printed(line(price="1500.64")), language="hi")
    assert found["words"] == ["राशि शब्दों में", "रुपये एक हज़ार सात सौ सत्तर और छिहत्तर पैसे मात्र"]
    assert dict(found["particulars"])["आपूर्ति का स्थान"] == "29 – कर्नाटक"


def test_both_languages_have_the_same_labels_with_the_same_places() -> None:
    assert LABELS["en"].keys() == LABELS["hi"].keys()
    for key, english in LABELS["en"].items():
        assert english.count("{") == LABELS["hi"][key].count("{"), key


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("₹", "").replace("–", "0"))
