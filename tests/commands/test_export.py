"""The export noun."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from tests.conftest import Invo, Process
from tests.factories import make_business, make_customer, make_invoice, stored

pytestmark = pytest.mark.integration
HOSTILE = '=1+1, "Ä"\r\n\x1b[31m\u202e रु'


@pytest.fixture
def filled(invo: Invo, database_url: URL) -> Iterator[Invo]:
    """The command over three documents: issued, a draft, deleted."""
    with stored(database_url) as session:
        business = make_business(session)
        customer = make_customer(session, business, HOSTILE)
        make_invoice(session, business, customer)
        make_invoice(session, business, customer, status="draft")
        make_invoice(session, business, customer, status="cancelled", is_deleted=True)
    yield invo
    engine_for(database_url.render_as_string(hide_password=False)).dispose()


def test_csv_goes_to_stdout_and_the_summary_to_stderr(filled: Invo) -> None:
    result = filled("export", "invoices")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode(), newline=""), strict=True))
    assert [(row["id"], row["number"], row["status"], row["total"]) for row in rows] == [
        ("D-1", "INV/26-27/0001", "issued", "1180.00"),
        ("D-2", "", "draft", "1180.00"),
    ]
    assert rows[0]["customer_name"] == HOSTILE
    assert result.stderr == "Exported 2 invoices.\n"
    assert filled("export", "invoices", "-q").stderr == ""


def test_a_file_name_tells_the_format(filled: Invo, tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"
    result = filled("export", "invoices", "--out", str(target), "--include", "deleted")
    assert (result.exit_code, result.stdout) == (0, "")
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n")[:-1]]
    assert [(row["id"], row["is_deleted"], row["taxable_value"]) for row in rows] == [
        ("D-1", False, "1000.00"),
        ("D-2", False, "1000.00"),
        ("D-3", True, "1000.00"),
    ]
    assert rows[0]["customer_name"] == HOSTILE


def test_fields_and_statuses_are_chosen(filled: Invo) -> None:
    result = filled("export", "invoices", "--status", "issued", "--fields", "total,number")
    assert result.stdout == "total,number\n1180.00,INV/26-27/0001\n"
    assert filled("export", "invoices", "--period", "2025-10", "--fields", "number").stdout == "number\n"
    assert filled("export", "invoices", "--period", "2026-10", "-o", "jsonl", "--fields", "id").stdout == (
        '{"id":"D-1"}\n{"id":"D-2"}\n'
    )


def test_a_file_is_overwritten_only_by_force(filled: Invo, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")
    refused = filled("export", "invoices", "--out", str(target))
    assert (refused.exit_code, target.read_text()) == (5, "old")
    assert filled("export", "invoices", "--out", str(target), "--force").exit_code == 0
    assert target.read_text().startswith("business,number,")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--format", "pdf"), 3),
        (("--status", "isued"), 3),
        (("--include", "drafts"), 3),
        (("--fields", "totl"), 3),
        (("--from", "2026-10-02", "--to", "2026-10-01"), 3),
        (("--from", "2026-10-02", "--period", "2026-10"), 2),
        (("--business", "NOBODY"), 4),
        (("--out", "/nowhere/x.csv"), 4),
        (("--out", "/dev/null", "--force", "--format", "csv"), 5),
    ],
)
def test_what_is_wrong_is_refused_with_stdout_empty(filled: Invo, arguments: tuple[str, ...], status: int) -> None:
    result = filled("export", "invoices", *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert result.stderr.startswith("error: ")


def test_a_business_without_documents_gives_the_heading_alone(counter: Invo) -> None:
    assert len(counter("export", "invoices").stdout.splitlines()) == 1
    assert counter("export", "invoices", "--format", "jsonl").stdout == ""


@pytest.mark.contract
def test_the_installed_command_exports_through_a_pipe(filled: Invo, process: Process) -> None:
    result = process("export", "invoices", "--format", "jsonl", "--fields", "number,customer_name")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.split("\n")[0]) == {"number": "INV/26-27/0001", "customer_name": HOSTILE}
