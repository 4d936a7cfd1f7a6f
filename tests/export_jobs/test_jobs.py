"""Jobs as the command knows them: made, listed, shown, run, deleted; batches listed, shown, replayed."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.engine import URL

from invo_cli.models import ExportPart
from tests.commands.money import invoice, made, refused
from tests.conftest import GSTIN, Invo
from tests.factories import stored

pytestmark = pytest.mark.integration
JOB = ("export", "job")
BATCH = ("export", "batch")


@pytest.fixture
def nightly(counter: Invo, tmp_path: Path) -> Path:
    """The file of a job that has not run yet, in a shop with one invoice."""
    invoice(counter)
    file = tmp_path / "nightly.jsonl"
    made(counter, *JOB, "create", "nightly", "invoices", "--format", "jsonl", "--out", str(file))
    return file


def ran(invo: Invo, *arguments: str) -> str:
    """What a run of the job says; it must succeed."""
    result = invo(*JOB, "run", "nightly", *arguments)
    assert result.exit_code == 0, result.output
    return result.stderr


def test_a_job_is_made_once_with_its_settings(counter: Invo, nightly: Path) -> None:
    row = made(counter, *JOB, "show", "nightly")
    assert (row["name"], row["data_set"], row["business"]) == ("nightly", "invoices", GSTIN)
    assert (row["settings"]["format"], row["settings"]["out"]) == ("jsonl", str(nightly))
    assert (row["runs"], row["cursor"], row["last_status"]) == ([], {}, None)
    assert "already" in refused(counter, 5, *JOB, "create", "nightly", "items")
    assert [each["name"] for each in made(counter, *JOB, "list")] == ["nightly"]
    assert "Did you mean nightly?" in refused(counter, 4, *JOB, "show", "nightli")


def test_the_line_on_stderr_is_made_for_grep(counter: Invo, nightly: Path) -> None:
    assert ran(counter) == (
        f"export job=nightly status=delivered batch=1 from=0 to=4 rows=1 deletes=0"
        f" bytes={nightly.stat().st_size} file={nightly}\n"
    )
    assert ran(counter) == "export job=nightly status=empty batch=- from=4 to=4 rows=0 deletes=0 bytes=0\n"
    assert nightly.read_bytes() == b""


def test_nothing_new_is_silent_when_asked(counter: Invo, nightly: Path) -> None:
    ran(counter)
    before = nightly.read_bytes()
    assert ran(counter, "--quiet-if-empty") == ""
    assert nightly.read_bytes() == before != b""
    runs = made(counter, *JOB, "show", "nightly")["runs"]
    assert [(run["status"], run["batch"]) for run in runs] == [("empty", None), ("delivered", 1)]


def test_what_is_printed_or_mailed_or_exported_is_no_change(counter: Invo, nightly: Path, tmp_path: Path) -> None:
    ran(counter)
    assert counter("invoice", "pdf", "D-1", "--out", str(tmp_path / "papers")).exit_code == 0
    assert counter("export", "invoices", "--out", str(tmp_path / "all.csv")).exit_code == 0
    made(counter, "customer", "create", "--name", "Somebody else")
    assert "status=empty" in ran(counter)


def test_a_manifest_describes_the_file(counter: Invo, nightly: Path, tmp_path: Path) -> None:
    file = tmp_path / "nightly.json"
    ran(counter, "--manifest", str(file))
    manifest = json.loads(file.read_text())
    data = nightly.read_bytes()
    assert list(manifest)[:2] == ["job", "data_set"]
    assert (manifest["batch"], manifest["from"], manifest["to"], manifest["rows"]) == (1, 0, 4, 1)
    assert (manifest["sha256"], manifest["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (manifest["totals"]["total"], manifest["totals"]["cgst"]) == ("1180.00", "90.00")
    ran(counter, "--manifest", str(file))
    empty = json.loads(file.read_text())
    assert (empty["batch"], empty["from"], empty["to"], empty["rows"]) == (None, 4, 4, 0)
    assert empty["sha256"] == hashlib.sha256(b"").hexdigest()


def test_a_manifest_goes_to_stdout_or_to_a_file_of_its_own(
    counter: Invo, nightly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = refused(counter, 2, *JOB, "run", "nightly", "--manifest", "nightly.jsonl")
    assert "--out and --manifest name the same file." in said
    result = counter(*JOB, "run", "nightly", "--manifest", "-")
    assert (json.loads(result.stdout)["rows"], nightly.read_bytes().count(b"\n")) == (1, 1)
    assert not Path("-").exists()


def test_a_folder_collects_the_batches(counter: Invo, tmp_path: Path) -> None:
    for _ in range(2):
        invoice(counter)
        since = ("--since-last", "spool", "--format", "csv", "--compress", "gz", "--manifest", str(tmp_path))
        assert counter("export", "invoices", *since, "--out", str(tmp_path)).exit_code == 0
    assert counter("export", "invoices", "--since-last", "spool", "--out", str(tmp_path)).exit_code == 0
    assert [file.name for file in sorted(tmp_path.glob("*.json"))] == ["spool-000001.json", "spool-000002.json"]
    files = sorted(tmp_path.glob("spool*.gz"))
    assert [file.name for file in files] == ["spool-000001.csv.gz", "spool-000002.csv.gz"]
    heading, row = gzip.decompress(files[1].read_bytes()).decode().splitlines()
    assert heading.startswith("business,number,kind,status,is_deleted,date,")
    assert (heading.rsplit(",", 1)[1], row.rsplit(",", 1)[1]) == ("op", "upsert")


def test_an_empty_csv_has_its_heading(counter: Invo, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    for _ in range(2):
        assert counter("export", "items", "--since-last", "things", "--out", str(file)).exit_code == 0
        assert file.read_text().startswith("business,code,name,")
        assert file.read_text().endswith(",op\n")


def test_stdout_takes_a_batch_too(counter: Invo, nightly: Path) -> None:
    result = counter(*JOB, "run", "nightly", "--out", "-", "-q")
    assert json.loads(result.stdout)["op"] == "upsert"
    assert result.stderr == ""
    assert not nightly.exists()


def test_another_file_is_never_replaced(counter: Invo, nightly: Path) -> None:
    nightly.write_text("somebody else's")
    assert "not what the job wrote last" in refused(counter, 5, *JOB, "run", "nightly")
    assert nightly.read_text() == "somebody else's"
    row = made(counter, *JOB, "show", "nightly")
    assert (row["last_status"], row["cursor"]) == ("failed", {})
    assert "not what the job wrote last" in row["last_failure"]
    assert "batch=1" in ran(counter, "--force")


def test_a_failure_stands_in_the_ledger_and_the_next_run_makes_it_good(counter: Invo, nightly: Path) -> None:
    assert "There is no folder" in refused(counter, 4, *JOB, "run", "nightly", "--out", str(nightly / "no" / "file"))
    runs = made(counter, *JOB, "show", "nightly")["runs"]
    assert (runs[0]["status"], runs[0]["batch"]) == ("failed", None)
    assert "There is no folder" in runs[0]["failure"]
    assert "status=redelivered batch=1" in ran(counter)
    assert json.loads(nightly.read_text())["number"] == "INV/26-27/0001"


def test_what_was_not_delivered_is_delivered_alone(counter: Invo, nightly: Path) -> None:
    refused(counter, 4, *JOB, "run", "nightly", "--out", str(nightly / "no" / "file"))
    invoice(counter)
    said = ran(counter)
    assert "was not delivered: the same bytes are written again, and only them." in said
    assert "batch=1 from=0 to=4 rows=1" in said
    assert "batch=2 from=4 to=5 rows=1" in ran(counter)


def test_settings_that_change_the_content_are_refused(counter: Invo, nightly: Path, tmp_path: Path) -> None:
    since = ("export", "invoices", "--since-last", "nightly", "--out", str(tmp_path / "x.jsonl"))
    assert "--format jsonl, not csv" in refused(counter, 5, *since, "--format", "csv")
    assert "--status nothing, not issued" in refused(counter, 5, *since, "--status", "issued")
    other = ("export", "items", "--since-last", "nightly", "--out", str(tmp_path / "x.jsonl"))
    assert "exports invoices, not items" in refused(counter, 5, *other)
    assert counter(*since).exit_code == 0


def test_changes_are_text_and_have_their_keys(counter: Invo, tmp_path: Path) -> None:
    for ending in ("xlsx", "parquet"):
        out = ("--out", str(tmp_path / f"x.{ending}"))
        assert f"not exported as {ending}" in refused(counter, 3, "export", "invoices", "--since-last", "x", *out)
    said = refused(counter, 3, *JOB, "create", "x", "invoices", "--fields", "number,total")
    assert "cannot be told apart without id" in said
    assert "--fields number,total,id" in said
    assert "is not a name of a job" in refused(counter, 3, *JOB, "create", "../x", "invoices")
    assert "There is no data set" in refused(counter, 4, *JOB, "create", "x", "invoice")
    assert "have no day" in refused(counter, 3, *JOB, "create", "x", "items", "--period", "2026-10")
    assert made(counter, *JOB, "list") == []
    refused(counter, 2, "export", "invoices", "--quiet-if-empty")


def test_a_dry_run_stores_nothing(counter: Invo, nightly: Path) -> None:
    assert "status=dry_run batch=1 from=0 to=4 rows=1" in ran(counter, "--dry-run")
    row = made(counter, *JOB, "show", "nightly")
    assert (row["runs"], row["cursor"], nightly.exists()) == ([], {}, False)
    made(counter, *JOB, "create", "other", "items", "--dry-run")
    made(counter, *JOB, "delete", "nightly", "--yes", "--dry-run")
    assert [each["name"] for each in made(counter, *JOB, "list")] == ["nightly"]


def test_a_deleted_job_begins_anew(counter: Invo, nightly: Path) -> None:
    ran(counter)
    assert made(counter, *JOB, "delete", "nightly", "--yes")["name"] == "nightly"
    refused(counter, 4, *JOB, "run", "nightly")
    again = ("export", "invoices", "--since-last", "nightly", "--format", "jsonl", "--force", "--out", str(nightly))
    assert "batch=1 from=0" in counter(*again).stderr
    events = [event["action"] for event in made(counter, "audit", "list") if event["subject"] == "export_job:nightly"]
    assert sorted(events) == ["export_job.create", "export_job.create", "export_job.delete"]


def test_batches_are_shown_and_replayed(counter: Invo, nightly: Path, tmp_path: Path) -> None:
    ran(counter)
    first = nightly.read_bytes()
    invoice(counter)
    ran(counter)
    rows = made(counter, *BATCH, "list", "nightly")
    assert [(row["batch"], row["status"], row["from"], row["to"]) for row in rows] == [
        (1, "delivered", 0, 4),
        (2, "delivered", 4, 5),
    ]
    assert made(counter, *BATCH, "show", "nightly", "1")["sha256"] == hashlib.sha256(first).hexdigest()
    assert counter(*BATCH, "replay", "nightly", "1", "--out", str(tmp_path / "again")).exit_code == 0
    assert (tmp_path / "again").read_bytes() == first
    assert "The last one is 2" in refused(counter, 4, *BATCH, "replay", "nightly", "3")
    refused(counter, 5, *BATCH, "replay", "nightly", "1", "--out", str(tmp_path / "again"))
    assert "status=empty" in ran(counter)


def test_bytes_are_kept_as_long_as_the_job_says(counter: Invo, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "x.jsonl"))
    made(counter, *JOB, "create", "nightly", "invoices", "--format", "jsonl", "--keep", "2", *out)
    for _ in range(4):
        invoice(counter)
        ran(counter)
    assert [row["is_kept"] for row in made(counter, *BATCH, "list", "nightly")] == [False, False, True, True]
    assert "no longer kept" in refused(counter, 5, *BATCH, "replay", "nightly", "2")
    assert made(counter, *BATCH, "show", "nightly", "1")["rows"] == 1
    assert "says not how long" in refused(counter, 3, *JOB, "create", "x", "items", "--keep", "0")


def test_days_decide_where_batches_are_kept_for_days(
    counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ("--out", str(tmp_path / "x.jsonl"))
    for day in ("2026-10-01", "2026-10-02", "2026-10-04"):
        monkeypatch.setenv("INVO_NOW", day)
        if day == "2026-10-01":
            made(counter, *JOB, "create", "nightly", "invoices", "--format", "jsonl", "--keep", "2d", *out)
        invoice(counter)
        ran(counter)
    assert [row["is_kept"] for row in made(counter, *BATCH, "list", "nightly")] == [False, True, True]


def test_altered_bytes_are_not_delivered(counter: Invo, nightly: Path, database_url: URL, tmp_path: Path) -> None:
    ran(counter)
    with stored(database_url) as session:
        session.execute(update(ExportPart).values(data=zlib.compress(b"forged\n")))
    out = tmp_path / "again"
    assert "they were altered" in refused(counter, 1, *BATCH, "replay", "nightly", "1", "--out", str(out))
    assert not out.exists()


def test_every_business_is_one_job_of_the_system(counter: Invo, tmp_path: Path) -> None:
    pune = ("--name", "Pune branch", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    everything = ("export", "customers", "--since-last", "all", "--business", "all", "--format", "jsonl")
    file, manifest = tmp_path / "x.jsonl", tmp_path / "x.json"
    run = (*everything, "--out", str(file), "--manifest", str(manifest))
    made(counter, "customer", "create", "--name", "A")
    assert counter(*run).exit_code == 0
    made(counter, "business", "create", *pune)
    made(counter, "customer", "create", "--name", "B", "--business", "PUNE")
    assert counter(*run).exit_code == 0
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(row["business"], row["code"], row["op"]) for row in rows] == [("PUNE", "C-0001", "upsert")]
    spans = json.loads(manifest.read_text())
    assert (spans["from"]["PUNE"], spans["to"]["PUNE"]) == (0, 2)
    assert spans["from"][GSTIN] == spans["to"][GSTIN] > 0


def test_the_note_of_an_export_is_no_reason_for_another_batch(counter: Invo, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    run = ("export", "audit", "--since-last", "trail", "--business", "all", "--format", "jsonl", "--out", str(file))
    assert counter(*run).exit_code == 0
    assert "status=empty" in counter(*run).stderr
    made(counter, "customer", "create", "--name", "A")
    assert counter(*run).exit_code == 0
    assert [json.loads(line)["action"] for line in file.read_text().splitlines()] == ["customer.create"]
    made(counter, *JOB, "create", "other", "users")
    assert counter(*run).exit_code == 0
    actions = [json.loads(line)["action"] for line in file.read_text().splitlines()]
    assert actions == ["export.run", "export.run", "export_job.create"]
    assert "status=empty" in counter(*run).stderr
