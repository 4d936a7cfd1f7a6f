"""The demo: a database of its own, believable, lawful, the same for the same seed; nothing else is touched."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from invo_cli.cli import app
from invo_cli.gst.gstin import Gstin
from tests.conftest import Invo, run_process

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where demos are made; no other database is named."""
    made = tmp_path / "demos"
    made.mkdir()
    monkeypatch.setenv("TMPDIR", str(made))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("INVO_NOW", "2026-11-23T12:00:00+05:30")
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def summary(*arguments: str) -> dict[str, Any]:
    done = run("demo", "-o", "json", *arguments)
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def rows(made: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[dict[str, Any]]:
    """What another command prints about the demo."""
    with monkeypatch.context() as patched:
        patched.setenv("INVO_DATABASE_URL", made["database_url"])
        done = run(*arguments, "-o", "json")
    assert done.exit_code == 0, done.stderr
    return list(json.loads(done.stdout))


def test_every_status_and_kind_of_supply_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    made = summary()
    documents = rows(made, monkeypatch, "invoice", "list", "--include", "deleted")
    assert made["documents"] == len(documents) == 60
    statuses = Counter("deleted" if row["is_deleted"] else row["status"] for row in documents)
    assert statuses == {name: made[name] for name in ("issued", "draft", "cancelled", "deleted")}
    assert min(statuses.values()) >= 2
    assert made["overdue"] == sum(row["payment_status"] == "overdue" for row in documents) > 0
    assert set(made["kinds"]) == {"tax_invoice", "bill_of_supply", "invoice_cum_bill_of_supply"}
    assert {row["supply"] for row in documents} == {"regular", "sez_without_payment", "export_without_payment"}
    issued = [row for row in documents if row["status"] == "issued"]
    assert any(row["igst"] != "0.00" for row in issued)
    assert any(row["cgst"] != "0.00" for row in issued)
    assert any(row["prices_include_tax"] for row in issued)
    assert any(row["discount"] != "0.00" for row in issued)


def test_the_year_runs_from_april_until_today_in_the_order_of_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = rows(summary(), monkeypatch, "invoice", "list", "--sort", "date")
    dates = [row["date"] for row in documents]
    assert "2026-04-01" <= dates[0] < "2026-04-20"
    assert "2026-11-10" < dates[-1] <= "2026-11-23"
    numbered = [row["number"] for row in documents if row["kind"] == "tax_invoice" and row["number"]]
    assert numbered == sorted(numbered)


def test_a_young_financial_year_begins_earlier_so_that_bills_are_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2027-04-02")
    made = summary()
    assert made["from"] < "2027-02-01"
    assert made["overdue"] > 0


def test_no_document_breaks_a_rule_even_by_a_warning() -> None:
    done = run("demo", "--invoices", "200", "--seed", "5", "-o", "json")
    assert "warning:" not in done.stderr
    assert "200 documents" in done.stderr


def test_the_audit_trail_and_the_number_series_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", summary()["database_url"])
    for command in ("audit verify", "series audit"):
        done = run(*command.split())
        assert done.exit_code == 0, done.output


def test_customers_are_registered_in_several_states_and_written_in_several_scripts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = rows(summary("--invoices", "200"), monkeypatch, "invoice", "list", "--include", "deleted")
    customers = {row["customer"]["code"]: row["customer"] for row in documents}.values()
    gstins = {customer["gstin"] for customer in customers if customer["gstin"]}
    assert len({Gstin.parse(gstin).state for gstin in gstins}) >= 4
    assert not any(Gstin.parse(gstin).warnings for gstin in gstins)
    assert "96" in {customer["state"] for customer in customers}
    assert any("\u0900" <= customer["name"][0] <= "\u097f" for customer in customers)


def told(made: dict[str, Any]) -> dict[str, Any]:
    """The summary without what names the folder."""
    return {key: value for key, value in made.items() if key not in ("database_url", "try")}


def test_the_same_seed_makes_the_same_documents_and_another_makes_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, other = summary("--seed", "7"), summary("--seed", "7"), summary("--seed", "8")
    assert told(first) == told(again)
    assert told(first)["sales"] != told(other)["sales"]
    listed = [rows(made, monkeypatch, "invoice", "list", "--include", "deleted") for made in (first, again)]
    assert listed[0] == listed[1]


def test_it_works_without_any_database_and_makes_none_at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert summary("--invoices", "3")["documents"] == 3
    assert os.environ["INVO_DATABASE_URL"] == "postgresql://nobody@127.0.0.1:1/nothing"
    assert not home.exists()


def test_the_real_database_is_not_touched(invo: Invo) -> None:
    assert invo("demo", "--invoices", "3").exit_code == 0
    assert invo("business", "list", "-o", "name").stdout == ""


@pytest.mark.parametrize("wrong", ["0", "-1", "100001", "many", "1e3", "٣", "5,000"])
def test_a_number_of_invoices_that_cannot_be_made_is_refused(folder: Path, wrong: str) -> None:
    done = run("demo", "--invoices", wrong)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "from 1 to 100000" in done.stderr
    assert list(folder.iterdir()) == []


def test_a_demo_that_fails_leaves_no_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2017-01-10")
    done = run("demo")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "GST-10" in done.stderr
    assert list(folder.iterdir()) == []


def test_one_document_is_enough_for_a_tour() -> None:
    done = run("demo", "--invoices", "1")
    assert done.exit_code == 0, done.stderr
    assert "INV/26-27/0001" in done.stdout


def test_the_tour_shows_a_list_a_document_the_tax_and_where_the_database_is(folder: Path) -> None:
    done = run("demo")
    assert done.exit_code == 0, done.stderr
    (made,) = folder.iterdir()
    assert f"sqlite:///{made / 'invo.db'}" in done.stdout.splitlines()[1]
    for words in ("D-60", "Place of supply", "CGST", "2026-11", "Try next", "invoice list --status overdue"):
        assert words in done.stdout
    assert made.stat().st_mode & 0o777 == 0o700


@pytest.mark.contract
def test_the_commands_to_try_can_be_pasted_into_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", "sqlite:////nowhere/real.db")
    monkeypatch.setenv("INVO_BUSINESS", "27AAPFU0939F1ZV")
    made = json.loads(run_process("demo", "-o", "json").stdout)
    assert len(made["try"]) == 3
    for command in made["try"]:
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=_with_package(), capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), command
        assert done.stdout


@pytest.mark.contract
def test_the_name_is_what_the_environment_wants() -> None:
    done = run_process("demo", "--invoices", "2", "-o", "name", "-q")
    assert done.stdout.startswith("sqlite:////")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def _with_package() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
