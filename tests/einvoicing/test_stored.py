"""Documents of every kind: what is stored is what is reported."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.money import made, refused
from tests.conftest import GSTIN, Invo
from tests.einvoicing.reporting import PUNE, issued

pytestmark = pytest.mark.integration


ABROAD = {
    "name": "Perera Holdings",
    "state": "96",
    "address": {"line1": "4 Galle Road", "city": "Colombo", "country": "Sri Lanka"},
}
SCREEN = {"description": "Screen", "hsn": "998716", "unit": "NA", "unit_price": "1499.995", "gst_rate": "18"}
CABLE = {
    "description": "Cable",
    "hsn": "8544",
    "quantity": "3.333",
    "unit": "MTR",
    "unit_price": "7.605",
    "gst_rate": "5",
}
BOOK = {"description": "Book", "hsn": "4901", "unit_price": "99.50", "taxability": "exempt"}
COLA = {"description": "Cola", "hsn": "2202", "unit_price": "40", "gst_rate": "40", "quantity": "12"}
STORED: dict[str, dict[str, Any]] = {
    "mixed": {"lines": [SCREEN, CABLE, BOOK], "discount": "10.01", "other_charges": "5"},
    "inclusive": {"lines": [SCREEN, CABLE, COLA], "prices_include_tax": True, "round_off": False},
    "charges": {"lines": [CABLE], "charges": [{"description": "Freight", "amount": "75.00"}]},
    "reverse": {"lines": [SCREEN, CABLE], "reverse_charge": True},
    "export": {
        "customer": ABROAD,
        "lines": [CABLE | {"hsn": "85444299"}],
        "supply": "export_without_payment",
        "shipping_bill": {"port": "INMAA1", "number": "7896542", "date": "2026-10-05"},
    },
    "differential": {"lines": [SCREEN], "differential_percent": "65"},
    "negative": {"lines": [COLA, COLA | {"description": "Taken back", "unit_price": "-10", "quantity": "1"}]},
}


@pytest.mark.parametrize("name", STORED)
def test_what_is_stored_is_what_is_reported(seller: Invo, name: str) -> None:
    document = {"customer": {"name": "Pune Motors", "gstin": PUNE}} | STORED[name]
    issued_now = seller("invoice", "create", "--file", "-", "-o", "json", input=json.dumps(document))
    assert issued_now.exit_code == 0, issued_now.stderr
    stored = json.loads(issued_now.stdout)
    (content,) = json.loads(seller("einvoice", "build", stored["number"]).stdout, parse_float=str, parse_int=str)
    totals, items = content["ValDtls"], content["ItemList"]
    taxable = [line for line in stored["lines"] if line["taxability"] == "taxable"]
    assert (totals["TotInvVal"], totals["IgstVal"]) == (stored["total"], stored["igst"])
    assert [item["AssAmt"] for item in items] == [line["taxable_value"] for line in taxable]
    assert [item["IgstAmt"] for item in items] == [line["igst"] for line in taxable]
    assert [item["TotItemVal"] for item in items] == [line["total"] for line in taxable]


class TestIrn:
    GIVEN = ("einvoice", "irn", "--gstin", "01AMBPG7773M002", "--date", "2022-09-16", "--type", "INV")
    IRN = "706daeccda0ef6f818da78f3a2a05a1288731057373002289b46c3229289a2e7"

    def test_it_needs_no_database(self, invo: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        done = invo(*self.GIVEN, "--number", "SINV-CFY-00067")
        assert (done.exit_code, done.stdout) == (0, f"{self.IRN}\n")
        assert "sandbox" in done.stderr

    def test_any_fifteen_characters_are_hashed_with_a_warning(self, invo: Invo) -> None:
        for gstin in ("X" * 15, "12345678901234É"):
            done = invo("einvoice", "irn", "--gstin", gstin, "--date", "2022-09-16", "--type", "INV", "--number", "A1")
            assert (done.exit_code, done.stderr.startswith("warning: ")) == (0, True)
            assert done.stdout == hashlib.sha256(f"{gstin}2022-23INVA1".encode()).hexdigest() + "\n"

    def test_json_names_what_was_hashed(self, invo: Invo) -> None:
        assert made(invo, *self.GIVEN, "--number", "SINV-CFY-00067") == {
            "irn": self.IRN,
            "gstin": "01AMBPG7773M002",
            "date": "2022-09-16",
            "type": "INV",
            "number": "SINV-CFY-00067",
        }

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--gstin", "29AAGCB7383J1Z"),
            ("--date", "2022-02-30"),
            ("--date", "16/09/2022"),
            ("--type", "BOS"),
            ("--number", "0001"),
            ("--number", "/1"),
            ("--number", "-1"),
            ("--number", "A" * 17),
            ("--number", ""),
        ],
    )
    def test_what_cannot_be_hashed_is_refused(self, invo: Invo, option: str, value: str) -> None:
        given = {"--gstin": GSTIN, "--date": "2026-10-05", "--type": "INV", "--number": "1"} | {option: value}
        refused(invo, 3, "einvoice", "irn", *(f"{key}={text}" for key, text in given.items()))


class TestValidate:
    def judge(self, invo: Invo, folder: Path, text: str) -> Any:
        (folder / "file.json").write_text(text, encoding="utf-8")
        return invo("einvoice", "validate", str(folder / "file.json"), "-o", "json")

    def test_problems_are_listed_by_path(self, seller: Invo, tmp_path: Path) -> None:
        (content,) = json.loads(seller("einvoice", "build", issued(seller)).stdout)
        content["DocDtls"]["No"] = "0001"
        del content["SellerDtls"]["Loc"]
        for text, prefix in ((json.dumps(content), ""), (json.dumps([content]), "[0].")):
            done = self.judge(seller, tmp_path, text)
            assert done.exit_code == 3
            rows = {row["path"]: (row["rule"], row["value"]) for row in json.loads(done.stdout)}
            assert rows == {f"{prefix}DocDtls.No": ("pattern", "0001"), f"{prefix}SellerDtls.Loc": ("missing", None)}

    @pytest.mark.parametrize("text", ["", "{", "[]", "[1]", "5", "null", '{"a": 1, "a": 2}', "[1e400]"])
    def test_what_is_no_e_invoice_is_refused(self, invo: Invo, tmp_path: Path, text: str) -> None:
        assert self.judge(invo, tmp_path, text).exit_code == 3
