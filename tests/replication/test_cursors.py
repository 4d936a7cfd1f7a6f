"""Export jobs that read on a standby: no change is delivered twice, and none is left out, however far it lags."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from invo_cli.db import replicas
from tests.conftest import ON_POSTGRESQL
from tests.replication.conftest import Office

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not ON_POSTGRESQL, reason="two servers, once: with the tests on PostgreSQL"),
]
JOB = ("export", "job")


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standby that has waited long enough is looked at at once."""
    monkeypatch.setattr(replicas, "WAIT", 0.1)


@pytest.fixture
def file(office: Office, tmp_path: Path) -> Path:
    """The file of a job that has delivered one document."""
    office.invoice()
    path = tmp_path / "nightly.jsonl"
    office.did(*JOB, "create", "nightly", "invoices", "--format", "jsonl", "--out", str(path))
    assert delivered(office, path) == ["INV/26-27/0001"]
    return path


def delivered(office: Office, path: Path) -> list[str]:
    """Run the job; the numbers in its file."""
    office.did(*JOB, "run", "nightly")
    return [json.loads(line)["number"] for line in path.read_text().splitlines()]


def cursor(office: Office) -> int:
    """Up to which event the primary knows the job to have exported."""
    row = json.loads(office.did(*JOB, "show", "nightly", "-o", "json").stdout)
    return int(*row["cursor"].values())


def test_the_cursor_stays_behind_what_the_standby_does_not_show(office: Office, file: Path) -> None:
    before = cursor(office)
    office.pair.standby.pause()
    office.invoice()
    assert delivered(office, file) == []
    assert cursor(office) == before
    office.invoice()
    assert delivered(office, file) == []
    office.pair.standby.resume()
    assert delivered(office, file) == ["INV/26-27/0002", "INV/26-27/0003"]
    assert delivered(office, file) == []


def test_a_standby_behind_the_cursor_sends_it_not_back(
    office: Office, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.pair.standby.pause()
    office.invoice()
    with monkeypatch.context() as patch:
        patch.delenv("INVO_REPLICA_URL")
        assert delivered(office, file) == ["INV/26-27/0002"]
    before = cursor(office)
    assert delivered(office, file) == []
    assert cursor(office) == before
    office.pair.standby.resume()
    assert delivered(office, file) == []
    office.invoice()
    assert delivered(office, file) == ["INV/26-27/0003"]


def test_a_job_of_every_business_holds_what_the_standby_shows_of_each(office: Office, tmp_path: Path) -> None:
    office.invoice()
    office.did("business", "create", "--name", "Pune branch", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    path = tmp_path / "all.jsonl"
    manner = ("--business", "all", "--since-last", "all", "--format", "jsonl", "--out", str(path))

    def run() -> list[tuple[str, str]]:
        office.did("export", "customers", *manner)
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        return [(row["business"], row["name"]) for row in rows]

    assert [name for _, name in run()] == ["Asha Traders"]
    office.did("customer", "create", "--name", "Pune Motors", "--business", "PUNE")
    office.pair.standby.catch_up()
    office.pair.standby.pause()
    office.did("customer", "create", "--name", "Pune Fans", "--business", "PUNE")
    assert run() == [("PUNE", "Pune Motors")]
    office.pair.standby.resume()
    assert run() == [("PUNE", "Pune Fans")]
    assert run() == []


def test_a_job_of_a_business_that_has_not_arrived_waits_for_it(office: Office, tmp_path: Path) -> None:
    office.pair.standby.pause()
    office.did("business", "create", "--name", "Pune branch", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    run = ("export", "items", "--business", "PUNE", "--since-last", "x", "--out", str(tmp_path / "x.csv"))
    early = office(*run)
    assert early.exit_code == 7
    assert "does not have this business yet" in early.stderr
    office.pair.standby.resume()
    office.did(*run)
