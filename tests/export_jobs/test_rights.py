"""Batches are as confidential as full exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.money import made, refused
from tests.conftest import Invo

pytestmark = pytest.mark.integration
PASSWORD = "correct horse\n"


@pytest.fixture
def office(counter: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """A shop with two businesses, an admin who is signed in, and jobs of the first, of all and of the users."""
    made(counter, "business", "create", "--name", "Pune", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    admin = ("user", "create", "owner", "--role", "admin", "--password-stdin")
    assert counter(*admin, input=PASSWORD).exit_code == 0
    assert counter("auth", "login", "owner", "--password-stdin", input=PASSWORD).exit_code == 0
    monkeypatch.setenv("INVO_BUSINESS", "PUNE")
    for data_set, job, *flags in (
        ("customers", "own"),
        ("customers", "every", "--business", "all"),
        ("users", "people"),
    ):
        run = ("export", data_set, "--since-last", job, *flags, "--out", str(tmp_path / job))
        result = counter(*run)
        assert result.exit_code == 0, result.output
    return counter


def as_exporter(invo: Invo, monkeypatch: pytest.MonkeyPatch, *limit: str) -> None:
    token = made(invo, "token", "create", "--name", "cron", "--role", "exporter", "--expires", "90d", *limit)["token"]
    monkeypatch.setenv("INVO_TOKEN", token)


def test_an_exporter_runs_jobs_and_deletes_none(office: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INVO_BUSINESS")
    as_exporter(office, monkeypatch)
    monkeypatch.setenv("INVO_BUSINESS", "PUNE")
    assert office("export", "customers", "--since-last", "own", "--out", str(tmp_path / "own")).exit_code == 0
    assert "export.manage" in refused(office, 6, "export", "job", "delete", "own", "--yes")
    for command in (("job", "run", "people", "--out", "-"), ("batch", "replay", "people", "1")):
        assert "user.manage" in refused(office, 6, "export", *command)


def test_who_is_limited_sees_no_job_of_every_business(
    office: Invo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_exporter(office, monkeypatch, "--business", "PUNE")
    assert [row["name"] for row in made(office, "export", "job", "list")] == ["own"]
    refused(office, 4, "export", "batch", "list", "every")
    for job in ("every", "another"):
        every = ("export", "customers", "--since-last", job, "--business", "all")
        refused(office, 4, *every, "--out", str(tmp_path / "x.csv"))
