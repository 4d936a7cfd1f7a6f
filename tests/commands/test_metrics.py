"""Metrics, read by the parser of Prometheus itself."""

from __future__ import annotations

import json
import stat
import time
from decimal import Decimal
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from invo_cli.views import metrics as view
from tests.conftest import GSTIN, Invo

LINE = ("--line", "Screen:1:1500:998716:18")


def parsed(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """The values of each metric by its labels; every metric has HELP, TYPE and only its own samples."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type in ("gauge", "counter")
        for sample in family.samples:
            assert sample.name in (family.name, f"{family.name}_total")
            key = tuple(f"{name}={value}" for name, value in sample.labels.items())
            assert found.setdefault(sample.name, {}).setdefault(key, sample.value) == sample.value
    return found


@pytest.fixture
def books(counter: Invo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Invo:
    """One paid invoice, one overdue, one draft; an export job that ran and then failed."""
    monkeypatch.chdir(tmp_path)
    counter("customer", "create", "--name", "Asha", "--mobile", "9876543210")
    dates = ("--date", "2026-09-01", "--due-date", "2026-09-15")
    for extra in ((), dates, ("--draft",)):
        assert counter("invoice", "create", "--customer", "C-0001", *LINE, *extra).exit_code == 0
    paid = ("--amount", "1770", "--method", "cash", "--allocate", "D-1")
    assert counter("payment", "create", "--customer", "C-0001", *paid).exit_code == 0
    counter("export", "job", "create", "nightly", "invoices", "--out", str(tmp_path / "n.csv"))
    assert counter("export", "job", "run", "nightly").exit_code == 0
    (tmp_path / "n.csv").write_text("somebody else's")
    counter("invoice", "create", "--customer", "C-0001", *LINE, "--draft")
    assert counter("export", "job", "run", "nightly").exit_code != 0
    return counter


@pytest.mark.integration
def test_the_figures_are_those_of_the_books(books: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    done = books("metrics")
    assert done.exit_code == 0, done.output
    found, ours = parsed(done.stdout), f"business={GSTIN}"
    assert found["invo_documents"] == {
        (ours, "kind=tax_invoice", "status=draft"): 2,
        (ours, "kind=tax_invoice", "status=issued"): 2,
    }
    assert found["invo_document_amount_rupees"][ours, "kind=tax_invoice", "status=issued"] == 3540
    assert found["invo_outstanding_rupees"] == {(ours,): 1770}
    assert found["invo_overdue_rupees"] == {(ours,): 1770}
    assert found["invo_overdue_documents"] == {(ours,): 1}
    job = (ours, "job=nightly")
    assert found["invo_export_runs_total"] == {(*job, "status=delivered"): 1, (*job, "status=failed"): 1}
    assert found["invo_export_last_run_failed"] == {job: 1}
    assert abs(found["invo_export_last_success_timestamp_seconds"][job] - time.time()) < 60
    assert 0 <= found["invo_export_last_run_duration_seconds"][job] < 60
    last = json.loads(books("audit", "head", "-o", "json").stdout)["seq"]
    assert found["invo_audit_events_total"][ours,] == last
    assert found["invo_database_size_bytes"][()] > 100_000
    assert found["invo_guards_missing"] == {(): 0}
    assert "invo_backup_last_timestamp_seconds" not in found


@pytest.mark.integration
def test_backups_and_verifications_are_told(books: Invo) -> None:
    assert books("db", "backup").exit_code == 0
    assert books("verify").exit_code == 0
    found = parsed(books("metrics").stdout)
    assert abs(found["invo_backup_last_timestamp_seconds"][()] - time.time()) < 60
    assert abs(found["invo_audit_verified_timestamp_seconds"][()] - time.time()) < 60
    assert found["invo_audit_unverified_events"] == {(): 0}


@pytest.mark.integration
def test_the_file_is_replaced_at_once_and_readable_by_the_collector(books: Invo, tmp_path: Path) -> None:
    target = tmp_path / "invo.prom"
    target.write_text("old")
    target.chmod(0o600)
    done = books("metrics", "--out", str(target))
    assert (done.exit_code, done.stdout) == (0, "")
    assert parsed(target.read_text())["invo_documents"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir() if "invo-part" in path.name] == []


@pytest.mark.integration
def test_nobody_sees_a_business_they_may_not_reach(books: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    books("business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    books("user", "create", "asha", "--role", "admin", "--password-stdin", input="correct horse\n")
    books("auth", "login", "asha", "--password-stdin", input="correct horse\n")
    token = ("token", "create", "--name", "m", "--role", "exporter", "--expires", "1d", "--business", "PUNE")
    monkeypatch.setenv("INVO_TOKEN", json.loads(books(*token, "-o", "json").stdout)["token"])
    done = books("metrics")
    assert done.exit_code == 0, done.output
    assert 'business="PUNE"' in done.stdout
    assert GSTIN not in done.stdout


@pytest.mark.unit
def test_labels_and_help_survive_whatever_is_in_them() -> None:
    hostile = 'a"b\\c\nd{}=,'
    page = view.text([("x", "gauge", "one\\two\nthree", [({"job": hostile}, Decimal("1180.00")), ({"job": "b"}, 2)])])
    (family,) = text_string_to_metric_families(page)
    assert family.documentation == "one\\two\nthree"
    assert [(sample.labels["job"], sample.value) for sample in family.samples] == [(hostile, 1180.0), ("b", 2.0)]
    assert page.count("\n") == 4
