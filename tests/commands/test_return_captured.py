"""The file of the official tool, made again from documents and advances that were entered, reported and amended."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.commands.captured import Json, books_of, captured
from tests.conftest import Invo

pytestmark = pytest.mark.integration
OWN = frozenset(("doc_issue", "hsn", "at", "ata", "txpd", "txpda"))
"""Compared otherwise: tables 12 and 13 of the captured file have nothing to do with its documents."""


@pytest.fixture
def filer(invo: Invo, monkeypatch: pytest.MonkeyPatch) -> Invo:
    monkeypatch.setenv("INVO_NOW", "2026-07-05")
    made = invo("business", "create", "--name", "Filer", "--gstin", captured()["gstin"], "--address", "1 Road")
    assert made.exit_code == 0, made.stderr
    return invo


def test_the_documents_of_the_captured_file_give_its_sections_byte_for_byte(filer: Invo, tmp_path: Path) -> None:
    file = captured()
    books = books_of(file)
    imported(filer, tmp_path, books.originals)
    imported(filer, tmp_path, books.notes_first)
    for month in ("2026-01", "2026-02", "2026-03"):
        ask(filer, "return", "lock", month, "--arn", "AA2703260000001", "--filed-on", "2026-04-10")
    imported(filer, tmp_path, books.now)
    imported(filer, tmp_path, books.amendments)
    written = json.loads(ask(filer, "return", "gstr1", "--period", "2026-06", "--out", "-"))
    for name in file.keys() - OWN:
        assert compact(dated(written[name])) == compact(dated(file[name])), name
    assert list(written) == [name for name in file if name in written]


def test_advances_give_the_captured_tables_11_byte_for_byte(filer: Invo, tmp_path: Path) -> None:
    """Advances bear no cess here; the amended rows were reported for another place."""
    file = captured()
    sold = {"number": "S-1", "date": "2026-06-10", "lines": [{"description": "Work", "unit_price": "100000"}]}
    customer = {"name": "Asha Traders", "mobile": "9876543210"}
    imported(filer, tmp_path, [sold | {"customer": customer}])
    used = [receive(filer, "2026-05-03", row, item) for row in file["txpd"] for item in row["itms"]]
    moved = [receive(filer, "2026-01-04", row | {"pos": "33"}, item) for row in file["ata"] for item in row["itms"]]
    for row in file["at"]:
        for item in row["itms"]:
            receive(filer, "2026-06-03", row, item)
    ask(filer, "period", "lock", "2026-01", "--reason", "filed")
    for number in used:
        ask(filer, "payment", "allocate", number, "S-1", "--date", "2026-06-25")
    for number, row in zip(moved, file["ata"], strict=True):
        place = ("--place-of-supply", row["pos"], "--date", "2026-06-20")
        ask(filer, "payment", "amend", number, *place, "--reason", "Place")
    written = json.loads(ask(filer, "return", "gstr1", "--period", "2026-06", "--out", "-"))
    for name in ("at", "txpd"):
        assert compact(written[name]) == compact(without_cess(file[name])), name
    gone, *restated = written["ata"]
    assert (gone["pos"], {item["ad_amt"] for item in gone["itms"]}) == ("33", {0})
    assert compact(restated) == compact(without_cess(file["ata"]))


def receive(invo: Invo, day: str, row: Json, item: Json) -> str:
    amount = Decimal(item["ad_amt"]) * (100 + item["rt"]) / 100
    paid = ("payment", "create", "--customer", "Asha Traders", "--amount", str(amount), "--method", "bank", "--advance")
    terms = ("--gst-rate", str(item["rt"]), "--place-of-supply", row["pos"], "--date", day)
    return str(json.loads(ask(invo, *paid, *terms, "-o", "json"))["number"])


def without_cess(rows: list[Json]) -> list[Json]:
    """Rows of advances with the cess that the books give them: 0 where it is stated, none where it may be left out."""
    stated = [row for row in rows for item in row["itms"] if item.get("csamt") == 0]
    for row in rows:
        for item in row["itms"]:
            item.pop("csamt", None)
            if stated:
                item["csamt"] = 0
    return rows


def imported(invo: Invo, folder: Path, documents: list[Json]) -> None:
    file = folder / "documents.jsonl"
    file.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    ask(invo, "import", "invoices", str(file), "--format", "jsonl", "--allow-rate", "as captured")


def ask(invo: Invo, *words: str) -> str:
    done = invo(*words)
    assert done.exit_code == 0, done.stderr
    return str(done.stdout)


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def dated(value: Any) -> Any:
    """The day alone of every date: books hold no dates before the period that was reported first."""
    if isinstance(value, list):
        return [dated(each) for each in value]
    if isinstance(value, dict):
        days = ("idt", "oidt", "sbdt", "nt_dt", "ont_dt")
        return {key: each[:2] if key in days else dated(each) for key, each in value.items()}
    return value
