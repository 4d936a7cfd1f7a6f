"""What can be read on the pages: every figure of the document."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pypdf
import pytest

from invo_cli.exports.pdf import Extras, Sheet, render, render_together
from invo_cli.gst.money import format_indian
from tests.exports.papers import line, printed, untaxed

pytestmark = pytest.mark.unit
KINDS = (
    *("tax_invoice", "bill_of_supply", "invoice_cum_bill_of_supply"),
    *("credit_note", "debit_note", "receipt_voucher", "refund_voucher"),
)
HEADER = ("taxable_value", "cgst", "sgst", "igst", "total", "round_off")
LINE = ("taxable_value", "cgst", "sgst", "igst", "total")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def figures(document: dict[str, Any]) -> set[str]:
    header = {document[key] for key in HEADER}
    lines = {each[key] for each in document["lines"] for key in LINE}
    return {format_indian(Decimal(value)) for value in header | lines if Decimal(value)}


@pytest.mark.parametrize("template", ["a4", "thermal"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_of_the_document_is_on_the_paper(kind: str, template: str) -> None:
    lines = [line(price="1234567.89"), line("Fan", "99.99", hsn="8414", quantity=Decimal("2.5")), untaxed()]
    document = printed(*(lines if kind != "bill_of_supply" else lines[2:]), kind=kind, taxes={"round_off": True})
    text = text_of(render(document, template=template))
    wanted = figures(document)
    if template == "thermal":  # a receipt shows the tax of the lines by HSN and rate
        header = {format_indian(Decimal(document[key])) for key in HEADER if Decimal(document[key])}
        wanted = header | {format_indian(Decimal(each["taxable_value"])) for each in document["lines"][2:]}
    assert not {figure for figure in wanted if figure not in text}
    assert "29AAGCB7383J1Z4" in text
    assert document["amount_in_words"].split()[1] in text


def test_words_are_found_as_they_were_written() -> None:
    text = text_of(
        render(printed(line("Supercalifragilisticexpialidocious service")), extras=Extras(upi="service@okbank"))
    )
    assert "\N{ZERO WIDTH SPACE}" not in text
    assert "service@okbank" in text


def test_the_heading_of_the_table_and_the_page_number_stand_on_every_page() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(printed(*[line(f"Part {number}") for number in range(60)]))))
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "INV/26-27/0001" in text
    assert all("Description" in page.extract_text() for page in reader.pages[:2])


def test_each_sheet_has_page_numbers_of_its_own() -> None:
    sheets = [Sheet(document=printed(*[line()] * count)) for count in (1, 60)]
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_together(sheets))).pages]
    assert "Page 1 of 1" in texts[0]
    assert "Page 1 of 3" in texts[1]
    assert "Page 3 of 3" in texts[3]
