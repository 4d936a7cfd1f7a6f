"""The export noun."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import zstandard
from sqlalchemy.engine import URL

from invo_cli.services.exporting import catalogue
from tests.commands.exported import HOSTILE, events, rows_of, three_documents
from tests.conftest import Invo, Process

pytestmark = pytest.mark.integration
OTHER = "27AAPFU0939F1ZV"


@pytest.fixture
def filled(invo: Invo, database_url: URL) -> Iterator[Invo]:
    """The command over three documents: issued, a draft, deleted."""
    with three_documents(database_url):
        yield invo


def test_csv_goes_to_stdout_and_the_summary_to_stderr(filled: Invo) -> None:
    result = filled("export", "invoices", "--raw")
    rows = rows_of(result.stdout_bytes)
    assert [(row["id"], row["number"], row["status"], row["total"]) for row in rows] == [
        ("D-1", "INV/26-27/0001", "issued", "1180.00"),
        ("D-2", "", "draft", "1180.00"),
    ]
    assert rows[0]["customer_name"] == HOSTILE
    assert result.stderr == "Exported 2 invoices.\n"
    assert filled("export", "invoices", "-q").stderr == ""
    assert rows_of(filled("export", "invoices").stdout_bytes)[0]["customer_name"] == f"'{HOSTILE}"


def test_every_form_has_the_same_rows(filled: Invo, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    names = ("--fields", "id,customer_name,total,date,is_deleted", "--include", "deleted", "--raw")
    for ending in ("csv", "tsv", "jsonl", "xlsx", "parquet", "csv.gz", "jsonl.zst"):
        done = filled("export", "invoices", "--out", str(tmp_path / f"x.{ending}"), *names)
        assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    expected = [
        (f"D-{n}", HOSTILE, "1180.00", "2026-10-20", deleted) for n, deleted in ((1, False), (2, False), (3, True))
    ]
    packed = gzip.decompress((tmp_path / "x.csv.gz").read_bytes())
    assert packed == (tmp_path / "x.csv").read_bytes()
    assert [tuple(row.values()) for row in rows_of(packed)] == [(*row[:4], str(row[4]).lower()) for row in expected]
    assert packed.replace(b"\t", b"").replace(b",", b"\t") == (tmp_path / "x.tsv").read_bytes().replace(
        b"1+1,", b"1+1\t"
    )
    lines = (tmp_path / "x.jsonl").read_bytes()
    unpacked = zstandard.ZstdDecompressor().decompressobj().decompress((tmp_path / "x.jsonl.zst").read_bytes())
    assert unpacked == lines
    assert [tuple(json.loads(line).values()) for line in lines.decode().split("\n")[:-1]] == expected
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["invoices"]
    found = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], f"{row[2]:.2f}", str(row[3])[:10], row[4]) for row in found] == [
        (row[0], *row[2:]) for row in expected
    ]
    query = f"SELECT id, customer_name, total::VARCHAR, date::VARCHAR, is_deleted FROM '{tmp_path / 'x.parquet'}'"
    assert duckdb.sql(query).fetchall() == expected


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
    assert events(filled) == []
    assert filled("export", "invoices", "--out", str(target), "--force").exit_code == 0
    assert target.read_text().startswith("business,number,")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--format", "pdf"), 3),
        (("--compress", "zip"), 3),
        (("--out", "x.xlsx", "--compress", "gz"), 3),
        (("--status", "isued"), 3),
        (("--include", "drafts"), 3),
        (("--fields", "totl"), 3),
        (("--fields", "total,number,total"), 3),
        (("--from", "2026-10-02", "--to", "2026-10-01"), 3),
        (("--from", "2026-10-02", "--period", "2026-10"), 2),
        (("--business", "NOBODY"), 4),
        (("--out", "/nowhere/x.csv"), 4),
        (("--out", "x.csv", "--manifest", "./x.csv"), 2),
        (("--manifest", "-"), 2),
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


def test_a_manifest_proves_the_file(filled: Invo, tmp_path: Path) -> None:
    target, manifest = tmp_path / "x.csv.gz", tmp_path / "x.json"
    arguments = ("export", "invoices", "--out", str(target), "--manifest", str(manifest), "--fields", "id,total")
    assert filled(*arguments).exit_code == 0
    said = json.loads(manifest.read_text())
    data = target.read_bytes()
    assert (said["rows"], said["bytes"], said["sha256"]) == (2, len(data), hashlib.sha256(data).hexdigest())
    assert said["totals"] == {"total": "2360.00"}
    assert said["schema"] == [{"name": "id", "kind": "word"}, {"name": "total", "kind": "money"}]
    assert list(said["watermark"].values()) == [2]
    (event,) = events(filled)
    assert (event["subject"], event["after"]["rows"], event["after"]["sha256"]) == (
        "export:invoices",
        2,
        said["sha256"],
    )
    assert filled(*arguments).exit_code == 5
    assert json.loads(manifest.read_text()) == said


def test_an_export_is_no_change(filled: Invo) -> None:
    first = filled("export", "all", "--out", ".", "--only", "users").exit_code  # no folder is touched by a refusal
    Path("users.csv").unlink(missing_ok=True)
    assert first == 0
    before = filled("export", "audit").stdout_bytes
    assert filled("export", "invoices").stdout_bytes == filled("export", "invoices").stdout_bytes
    assert filled("export", "audit").stdout_bytes == before


def test_every_data_set_goes_into_a_folder(filled: Invo, tmp_path: Path) -> None:
    done = filled("export", "all", "--out", str(tmp_path), "--format", "jsonl", "--compress", "gz", "--manifest", "-")
    assert done.exit_code == 0, done.stderr
    files = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert files == {f"{name}.jsonl.gz" for name in catalogue.DATA_SETS}
    said = {each["data_set"]: each for each in json.loads(done.stdout)["data_sets"]}
    assert {name: each["rows"] for name, each in said.items()} == {
        **{"invoices": 2, "lines": 2, "customers": 1, "items": 0, "payments": 0, "allocations": 0},
        **{"audit": 2, "users": 0},
    }
    chosen = filled("export", "all", "--out", str(tmp_path), "--only", "lines, items")
    assert chosen.exit_code == 0
    assert {path.name for path in tmp_path.glob("*.csv")} == {"lines.csv", "items.csv"}
    for wrong, status in ((("--only", "line"), 4), (("--fields", "id"), 2)):
        assert filled("export", "all", "--out", str(tmp_path), "--force", *wrong).exit_code == status


def test_a_folder_takes_a_file_of_the_usual_name(filled: Invo, tmp_path: Path) -> None:
    assert filled("export", "customers", "--out", str(tmp_path), "--format", "tsv").exit_code == 0
    assert (tmp_path / "customers.tsv").read_text().startswith("business\tcode\t")


def test_every_business_is_exported_under_one_heading(filled: Invo) -> None:
    assert filled("business", "create", "--name", "Mumbai", "--gstin", OTHER).exit_code == 0
    made = filled("customer", "create", "--business", OTHER, "--name", "Meera")
    assert made.exit_code == 0, made.stderr
    assert filled("export", "customers").exit_code == 2
    done = filled("export", "customers", "--business", "all", "--fields", "business,code")
    assert done.stdout == f"business,code\n{OTHER},C-0001\n29AAGCB7383J1Z4,C-0001\n"
    rows = rows_of(filled("export", "audit", "--business", "all").stdout_bytes)
    assert {row["business"] for row in rows} == {OTHER, "29AAGCB7383J1Z4", ""}


def test_the_schema_tells_every_field(invo: Invo) -> None:
    assert invo("schema", "-o", "name").stdout.split() == [f"export.{name}" for name in catalogue.DATA_SETS]
    for name, data_set in catalogue.DATA_SETS.items():
        listed = json.loads(invo("schema", f"export.{name}", "-o", "json").stdout)
        assert [row["name"] for row in listed] == [field.name for field in data_set.fields]
    missing = invo("schema", "export.invoice")
    assert missing.exit_code == 4
    assert "invoices" in missing.stderr


@pytest.mark.contract
def test_the_installed_command_exports_through_a_pipe(filled: Invo, process: Process) -> None:
    result = process("export", "invoices", "--format", "jsonl", "--fields", "number,customer_name")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.split("\n")[0]) == {"number": "INV/26-27/0001", "customer_name": HOSTILE}


def test_the_page_tells_every_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    for name, data_set in catalogue.DATA_SETS.items():
        section = page.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        told = [line for line in section.splitlines() if line.startswith("| `")]
        assert told == [f"| `{field.name}` | {field.kind} | {field.meaning} |" for field in data_set.fields]
