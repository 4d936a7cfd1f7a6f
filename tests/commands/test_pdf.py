"""invoice pdf: files that are complete, the same again, and recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.conftest import Invo

pytestmark = pytest.mark.integration
ASHA = ("--customer", "Asha Traders", "--mobile", "9876543210")


@pytest.fixture
def shop(counter: Invo) -> Invo:
    for price in (100, 200):
        made = counter("invoice", "create", *ASHA, "--line", f"Cable:1:{price}:8544:18", "--date", "2026-10-05")
        assert made.exit_code == 0, made.stderr
    return counter


def test_each_document_becomes_a_file_with_a_safe_name(shop: Invo, tmp_path: Path) -> None:
    out = tmp_path / "papers" / "october"
    result = shop("invoice", "pdf", "INV/26-27/0001", "D-2", "--out", str(out), "-o", "json")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in out.iterdir()) == ["INV-26-27-0001.pdf", "INV-26-27-0002.pdf"]
    assert [row["file"] for row in json.loads(result.stdout)] == [
        str(out / "INV-26-27-0001.pdf"),
        str(out / "INV-26-27-0002.pdf"),
    ]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in out.iterdir())


def test_a_reprint_is_the_same_to_the_byte(shop: Invo, tmp_path: Path) -> None:
    for folder in ("a", "b", "b"):
        assert shop("invoice", "pdf", "INV/26-27/0001", "--out", str(tmp_path / folder)).exit_code == 0
    assert (tmp_path / "a/INV-26-27-0001.pdf").read_bytes() == (tmp_path / "b/INV-26-27-0001.pdf").read_bytes()


def test_another_file_is_not_overwritten_unasked(shop: Invo, tmp_path: Path) -> None:
    path = tmp_path / "INV-26-27-0001.pdf"
    path.write_bytes(b"mine")
    assert shop("invoice", "pdf", "INV/26-27/0001", "--out", str(tmp_path)).exit_code == 5
    assert path.read_bytes() == b"mine"
    assert shop("invoice", "pdf", "INV/26-27/0001", "--out", str(tmp_path), "--force").exit_code == 0
    assert path.read_bytes().startswith(b"%PDF-")


def test_a_period_is_printed_whole(shop: Invo, tmp_path: Path) -> None:
    assert shop("invoice", "pdf", "--period", "2026-10", "--out", str(tmp_path / "p")).exit_code == 0
    assert len(list((tmp_path / "p").iterdir())) == 2


def test_one_pdf_goes_to_the_file_that_is_named(shop: Invo, tmp_path: Path) -> None:
    target = tmp_path / "new" / "asha.pdf"
    assert shop("invoice", "pdf", "INV/26-27/0001", "--out", str(target)).exit_code == 0
    assert target.read_bytes().startswith(b"%PDF-")
    assert shop("invoice", "pdf", "D-1", "D-2", "--out", str(target)).exit_code == 2
    assert [path.name for path in target.parent.iterdir()] == ["asha.pdf"]


def test_one_pdf_goes_to_stdout(shop: Invo) -> None:
    result = shop("invoice", "pdf", "INV/26-27/0001", "--out", "-")
    assert result.stdout_bytes.startswith(b"%PDF-")
    assert shop("invoice", "pdf", "D-1", "D-2", "--out", "-").exit_code == 2


def test_all_copies_make_one_file_with_three_pages(shop: Invo, tmp_path: Path) -> None:
    shop("invoice", "pdf", "INV/26-27/0001", "--out", str(tmp_path / "one"))
    shop("invoice", "pdf", "INV/26-27/0001", "--copy", "all", "--language", "hi", "--out", str(tmp_path / "all"))
    one, three = (len(PdfReader(tmp_path / folder / "INV-26-27-0001.pdf").pages) for folder in ("one", "all"))
    assert three == 3 * one


def test_every_print_is_in_the_audit_trail(shop: Invo, tmp_path: Path) -> None:
    shop("invoice", "pdf", "INV/26-27/0001", "--out", str(tmp_path / "p"))
    events = json.loads(shop("audit", "list", "--action", "invoice.print", "-o", "json").stdout)
    assert [event["subject"] for event in events] == ["invoice:D-1"]
    assert shop("audit", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("INV/26-27/0009",), 4),
        ((), 2),
        (("INV/26-27/0001", "--period", "2026-10"), 2),
        (("INV/26-27/0001", "--copy", "fourth"), 3),
        (("INV/26-27/0001", "--language", "fr"), 3),
        (("INV/26-27/0001", "--template", "nowhere"), 4),
    ],
)
def test_what_cannot_be_printed_is_refused(shop: Invo, tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    result = shop("invoice", "pdf", *arguments, "--out", str(tmp_path / "p"))
    assert (result.exit_code, result.stdout) == (code, "")


def test_an_advance_and_its_refund_have_vouchers_on_paper(shop: Invo, tmp_path: Path) -> None:
    paid = ("payment", "create", "--customer", "C-0001", "--amount", "1180", "--method", "bank")
    assert shop(*paid, "--advance", "--place-of-supply", "29").exit_code == 0
    assert shop("payment", "refund", "PAY/26-27/0001", "--method", "upi", "--amount", "590").exit_code == 0
    made = shop("payment", "pdf", "PAY/26-27/0001", "RF/26-27/0001", "--out", str(tmp_path / "v"), "-o", "json")
    assert made.exit_code == 0, made.stderr
    texts = [PdfReader(row["file"]).pages[0].extract_text() for row in json.loads(made.stdout)]
    assert "RECEIPT VOUCHER" in texts[0]
    assert "REFUND VOUCHER" in texts[1]
    assert "RV/26-27/0001" in texts[1]
    assert shop(*paid).exit_code == 0
    assert shop("payment", "pdf", "PAY/26-27/0003", "--out", str(tmp_path / "v")).exit_code == 5
