"""The pages as pictures: nothing is printed into the margins or over something else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from invo_cli.exports.pdf import Extras, Sheet
from invo_cli.exports.pdf.paper import paper
from invo_cli.exports.pdf.typesetting import font_files, template_file
from tests.exports.papers import line, printed
from tests.exports.pictures import PPI, ink_between, pictures

pytestmark = pytest.mark.unit
MARGIN_MM = {"a4": 12, "thermal": 4}
EXTRAS = Extras(
    upi="shop@bank",
    bank="B" * 90,
    terms="T" * 200,
    email="e" * 60 + "@example.com",
    signed_qr="eyJ" * 300,
    lut="L" * 40,
)


def extreme() -> dict[str, Any]:
    document = printed(
        line("W" * 200, "99999999.99", quantity=Decimal(99999), discount=Decimal("1234567.89"), hsn="84145190"),
        line("रेफ्रिजरेटर" * 12, cess_rate=Decimal(12), cess_per_unit=Decimal("4.17"), serial="S" * 50),
        *[line(f"Part {number}", hsn=f"{8400 + number}") for number in range(40)],
        notes="N" * 300,
        reference="R" * 50,
        irn="ab" * 32,
    )
    document["customer"] |= {"name": "Venkateshwara" * 12, "email": "x" * 60 + "@example.com"}
    document["seller"] |= {"name": "Bright" * 30}
    return document


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("template", ["a4", "thermal"])
def test_long_names_and_large_amounts_stay_within_the_margins(template: str, language: Any) -> None:
    sheet = Sheet(document=extreme(), extras=EXTRAS, language=language)
    margin = MARGIN_MM[template] * PPI * 10 // 254 - 1
    for rows in pictures([paper(sheet, font_files(template_file(template)))], template):
        assert not ink_between(rows, 0, margin)
        assert not ink_between(rows, -margin, -1)
        assert ink_between(rows, margin, -margin)


def test_a_draft_has_a_mark_across_an_empty_part_of_the_page() -> None:
    fonts = font_files(template_file("a4"))
    draft, issued = (paper(Sheet(document=printed(status=status)), fonts) for status in ("draft", "issued"))
    (marked,), (plain,) = pictures([draft], "a4"), pictures([issued], "a4")
    lower = slice(len(plain) * 5 // 8, len(plain) * 3 // 4)
    assert ink_between(marked[lower], 20, -20)
    assert not ink_between(plain[lower], 20, -20)
