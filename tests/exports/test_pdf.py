"""The PDF itself: the same bytes for the same document, in any process, with any template."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from invo_cli.errors import InvalidError, NotFoundError
from invo_cli.exports.pdf import Extras, Sheet, render, render_together
from tests.exports.papers import line, printed

pytestmark = pytest.mark.unit
EXTRAS = Extras(upi="shop@bank", bank="HDFC Bank", terms="No returns.")
IN_A_PROCESS = """
import hashlib, json, sys
from invo_cli.exports.pdf import render
document, extras, template = json.load(sys.stdin)
print(hashlib.sha256(render(document, extras=extras, language="hi", template=template)).hexdigest())
"""
MARKUP = r'#read("/etc/passwd") *bold* $x$ @ref <label> // #panic() [ ] \ "quoted" `raw` --- ~'


def pages(pdf: bytes) -> int:
    (count,) = re.findall(rb"/Type/Pages/Count (\d+)", pdf)
    return int(count)


@pytest.mark.parametrize("template", ["a4", "thermal"])
def test_a_reprint_has_the_same_bytes_in_another_process(template: str) -> None:
    document = printed(line(), line("मोबाइल स्क्रीन"))
    here = hashlib.sha256(render(document, extras=EXTRAS, language="hi", template=template)).hexdigest()
    given = json.dumps([document, EXTRAS, template])
    done = subprocess.run([sys.executable, "-c", IN_A_PROCESS], input=given, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here


def test_a_warm_compiler_prints_what_a_cold_one_does() -> None:
    first = render(printed(), extras=EXTRAS)
    render(printed(line("Another"), kind="credit_note"), template="thermal")
    render(printed(line("Another"), kind="credit_note"))
    assert render(printed(), extras=EXTRAS) == first


def test_the_pdf_is_dated_by_the_document() -> None:
    assert b"/CreationDate(D:20261005000000Z)" in render(printed())


@pytest.mark.parametrize("template", ["a4", "thermal"])
def test_markup_in_a_document_is_text(template: str) -> None:
    document = printed(line(MARKUP), notes=MARKUP, reference=MARKUP)
    assert render(document, template=template).startswith(b"%PDF")


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (10, 1), (60, 3)])
def test_a_long_document_takes_the_pages_it_needs(count: int, expected: int) -> None:
    assert pages(render(printed(*[line(f"Part {number}") for number in range(count)]), extras=EXTRAS)) == expected


def test_several_sheets_make_one_file() -> None:
    document = printed(line(hsn="8415"))
    copies = [Sheet(document=document, extras=EXTRAS, copy=copy) for copy in ("original", "duplicate", "triplicate")]
    assert pages(render_together(copies)) == 3


def test_a_business_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "template.typ").write_text(
        "#let paper = json(bytes(sys.inputs.data)).papers.first()\n#set document(title: paper.title)\n"
        '#set text(font: "Noto Sans")\n#paper.seller.name #paper.grand_total.join(" ")\n'
    )
    assert b"(TAX INVOICE)" in render(printed(), template=tmp_path)


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "template.typ").write_text('#read("/etc/passwd")')
    with pytest.raises(InvalidError, match="cannot be typeset"):
        render(printed(), template=tmp_path)


def test_a_broken_template_is_refused(tmp_path: Path) -> None:
    (tmp_path / "template.typ").write_text("#nothing-of-the-kind")
    with pytest.raises(InvalidError, match="unknown variable"):
        render(printed(), template=tmp_path)


def test_a_missing_template_or_logo_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no template"):
        render(printed(), template=tmp_path / "none")
    with pytest.raises(NotFoundError, match=r"none\.png"):
        render(printed(), extras=Extras(logo=str(tmp_path / "none.png")))


def test_a_logo_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_text("not a picture")
    with pytest.raises(InvalidError, match="cannot be typeset"):
        render(printed(), extras=Extras(logo=str(logo)))
    logo.write_bytes(bytes(600 * 1024))
    with pytest.raises(InvalidError, match="larger than 512 KiB"):
        render(printed(), extras=Extras(logo=str(logo)))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InvalidError, match="no language fr"):
        render(printed(), language="fr")  # type: ignore[arg-type]
