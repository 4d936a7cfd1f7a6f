"""Reports, lists and exports read on the standby; everything else, and who may, on the primary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from invo_cli.db import replicas
from invo_cli.db.engines import engine_for
from invo_cli.errors import UnavailableError
from tests import test_docs
from tests.conftest import ON_POSTGRESQL
from tests.replication.conftest import Office

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not ON_POSTGRESQL, reason="two servers, once: with the tests on PostgreSQL"),
]
LISTS = sorted(
    " ".join(words[1:])
    for words in (entry.path.split() for entry in test_docs.ENTRIES)
    if (words[1:2] == ["report"] and len(words) > 2) or words[-1] == "list"
)
WITHOUT_BOOKS = {"config list", "db backup list"}
"""They list files."""
ON_THE_PRIMARY = (
    "invoice show INV/26-27/0001",
    "customer show C-0001",
    "customer balance C-0001",
    "auth whoami",
    "audit verify",
    "verify",
)
PASSWORD = "correct horse battery\n"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standby that has waited long enough is looked at at once, and a lag is worth saying at once."""
    monkeypatch.setattr(replicas, "WAIT", 0.1)
    monkeypatch.setattr(replicas, "WORTH_SAYING", 0.0)


def test_every_list_and_report_reads_on_the_standby(office: Office) -> None:
    office.invoice()
    office.did("export", "job", "create", "nightly", "invoices", "--out", "-")
    deaf = []
    for words in LISTS:
        office.heard.clear()
        argument = ["nightly"] if words == "export batch list" else []
        office.did(*words.split(), *argument, "-o", "json")
        if not any("alembic_version" in statement for statement in office.heard):
            deaf.append(words)
    assert set(deaf) == WITHOUT_BOOKS


def test_an_export_reads_on_the_standby_and_is_noted_on_the_primary(office: Office) -> None:
    office.invoice()
    office.heard.clear()
    assert "INV/26-27/0001" in office.did("export", "invoices").stdout
    assert any("last_audit_seq" in statement for statement in office.heard)
    events = json.loads(office.did("audit", "list", "--system", "--action", "export.run", "-o", "json").stdout)
    assert len(events) == 1


@pytest.mark.parametrize("line", ON_THE_PRIMARY)
def test_what_one_decides_by_is_read_on_the_primary(office: Office, line: str) -> None:
    office.invoice()
    office.heard.clear()
    office.did(*line.split())
    assert office.heard == []


def test_what_was_just_stored_is_listed(office: Office) -> None:
    for made in range(1, 9):
        office.invoice()
        assert len(office.numbers()) == made


def test_a_standby_that_lags_is_said(office: Office, slow: None) -> None:
    office.invoice()
    office.pair.standby.catch_up()
    office.pair.standby.pause()
    office.invoice()
    listed = office.did("invoice", "list", "-o", "name")
    assert listed.stdout.split() == ["INV/26-27/0001"]
    assert "seconds old: the replica is behind" in listed.stderr
    office.pair.standby.resume()
    assert office.numbers() == ["INV/26-27/0001", "INV/26-27/0002"]


@pytest.mark.parametrize(
    ("line", "usual"),
    [("invoice list", "0"), ("report sales", "0"), ("export invoices", "0"), ("invoice list --max-lag 0", "60")],
)
def test_a_standby_that_lags_too_far_is_not_read(
    office: Office, slow: None, monkeypatch: pytest.MonkeyPatch, line: str, usual: str
) -> None:
    monkeypatch.setenv("INVO_MAX_LAG", usual)
    office.pair.standby.pause()
    office.invoice()
    office.heard.clear()
    done = office(*line.split())
    assert (done.exit_code, done.stdout) == (7, "")
    assert "0 are allowed (INVO_MAX_LAG)" in done.stderr
    assert not any("invoices" in statement for statement in office.heard)
    office.did("invoice", "show", "INV/26-27/0001")


def test_the_doctor_tells_how_far_the_standby_is_behind(
    office: Office, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row() -> dict[str, Any]:
        rows: list[dict[str, Any]] = json.loads(office("doctor", "-o", "json").stdout)
        return next(each for each in rows if each["check"] == "replica")

    assert (row()["status"], row()["fix"]) == ("ok", None)
    office.pair.standby.pause()
    office.invoice()
    assert (row()["status"], "seconds behind the primary" in row()["detail"]) == ("warn", True)
    monkeypatch.setenv("INVO_MAX_LAG", "0")
    assert row()["status"] == "fail"
    monkeypatch.setenv("INVO_REPLICA_URL", "postgresql://asha@127.0.0.1:1/invo")
    assert (row()["status"], "cannot be reached" in row()["detail"]) == ("fail", True)


def test_who_may_come_in_is_asked_on_the_primary(office: Office, slow: None, monkeypatch: pytest.MonkeyPatch) -> None:
    office.did("user", "create", "owner", "--role", "admin", "--password-stdin", input=PASSWORD)
    office.did("auth", "login", "owner", "--password-stdin", input=PASSWORD)
    asked = ("token", "create", "--name", "cron", "--role", "exporter", "--expires", "90d")
    row = json.loads(office.did(*asked, "-o", "json").stdout)
    office.pair.standby.catch_up()
    office.pair.standby.pause()
    office.did("token", "revoke", "cron")
    office.did("invoice", "list")
    monkeypatch.setenv("INVO_TOKEN", row["token"])
    office.heard.clear()
    assert office("invoice", "list").exit_code == 6
    assert office("export", "invoices").exit_code == 6
    assert office.heard == []


def test_a_server_that_follows_another_one_is_refused(office: Office) -> None:
    here = engine_for(office.primary)
    with here.connect() as connection:
        row = connection.exec_driver_sql(replicas._POSITION).one()
    ours = replicas.Position(*row)
    promoted = replicas.Position(ours.cluster, ours.started.replace(year=2020), ours.at, ours.written)
    stranger = replicas.Position(ours.cluster + 1, ours.started, ours.at, ours.written)
    with here.connect() as connection:
        replicas.Replica(here, ours, 0, _unheard).wait(connection)
        for primary in (promoted, stranger):
            with pytest.raises(UnavailableError, match="no standby of the primary"):
                replicas.Replica(here, primary, 0, _unheard).wait(connection)


def test_a_file_is_no_replica(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_REPLICA_URL", f"sqlite:///{tmp_path}/copy.db")
    done = office("invoice", "list")
    assert done.exit_code == 3
    assert "Only PostgreSQL has a replica" in done.stderr


def test_a_standby_that_is_away_is_exit_7_and_the_counter_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_REPLICA_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    office.invoice()
    done = office("invoice", "list")
    assert (done.exit_code, done.stdout) == (7, "")
    assert "INVO_REPLICA_URL" in done.stderr


def _unheard(seconds: float) -> None:
    raise AssertionError(f"{seconds} seconds behind")
