"""The audit noun."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo, Process
from tests.factories import make_customer, make_invoice, stored

pytestmark = pytest.mark.integration


@pytest.fixture
def worked(counter: Invo, monkeypatch: pytest.MonkeyPatch) -> Invo:
    """The command over a trail of business, customer, two issues and a cancellation."""
    monkeypatch.setenv("INVO_ACTOR", "asha")
    for day, number in (("2026-10-05T20:00:00Z", "1"), ("2026-10-06", "2")):
        monkeypatch.setenv("INVO_NOW", day)
        line = f"Screen replacement:{number}:1500:998716:18"
        made = counter("invoice", "create", "--customer", "Asha Traders", "--mobile", "9876543210", "--line", line)
        assert made.exit_code == 0, made.stderr
    counter("invoice", "cancel", "D-2", "--reason", "Wrong customer")
    monkeypatch.delenv("INVO_NOW")
    return counter


def listed(invo: Invo, *arguments: str) -> list[str]:
    result = invo("audit", "list", *arguments, "-o", "name")
    assert result.exit_code == 0, result.stderr
    return result.stdout.split()


def test_an_event_says_who_did_what_and_why(worked: Invo) -> None:
    (event,) = json.loads(worked("audit", "list", "--action", "invoice.cancel", "-o", "json").stdout)
    assert list(event)[:9] == ["seq", "at", "actor", "action", "subject", "reason", "before", "after", "hash"]
    assert (event["seq"], event["at"], event["actor"]) == (5, "2026-10-06T06:30:00.000000+00:00", "asha")
    assert (event["subject"], event["reason"]) == ("invoice:D-2", "Wrong customer")
    assert (event["before"]["status"], event["after"]["status"]) == ("issued", "cancelled")
    assert event["after"]["customer"]["name"] == "Asha Traders"
    assert len(event["hash"]) == 64


def test_events_are_chosen(worked: Invo) -> None:
    assert listed(worked) == ["1", "2", "3", "4", "5"]
    assert listed(worked, "--subject", "invoice:D-2") == ["4", "5"]
    assert listed(worked, "--action", "invoice.issue", "--actor", "asha") == ["3", "4"]
    assert listed(worked, "--after", "3", "--limit", "1") == ["4"]


def test_days_are_those_of_india(worked: Invo) -> None:
    # 20:00 UTC on the fifth is the sixth in India.
    assert listed(worked, "--from", "2026-10-06", "--to", "2026-10-06") == ["2", "3", "4", "5"]
    assert listed(worked, "--period", "2026-10-05") == []
    assert listed(worked, "--from", "0001-01-01", "--to", "9999-12-31") == ["1", "2", "3", "4", "5"]
    table = worked("audit", "list", "--subject", "invoice:D-1", "-o", "table").stdout
    assert "2026-10-06 01:30:00" in table


def test_a_page_says_how_to_go_on(worked: Invo) -> None:
    result = worked("audit", "list", "--limit", "2")
    assert len(result.stdout.splitlines()) == 2
    assert "--after 2" in result.stderr


def test_the_system_has_a_trail_of_its_own(worked: Invo) -> None:
    subjects = {row["subject"] for row in json.loads(worked("audit", "list", "--system", "-o", "json").stdout)}
    assert not any(subject.startswith(("invoice:", "customer:", "business:")) for subject in subjects)


@pytest.mark.parametrize(
    "arguments", [("--after", "x"), ("--limit", "0"), ("--limit", "1_0"), ("--from", "yesterdy"), ("--fields", "who")]
)
def test_what_cannot_be_read_is_refused(worked: Invo, arguments: tuple[str, ...]) -> None:
    result = worked("audit", "list", *arguments)
    assert (result.exit_code, result.stdout) == (3, "")


def test_an_honest_database_is_verified(worked: Invo) -> None:
    result = worked("audit", "verify", "-o", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["ok"], found["findings"]) == (True, [])
    assert found["events"] >= 5
    assert "nothing was altered" in worked("audit", "verify", "-o", "table").stdout


@pytest.mark.contract
def test_findings_are_named_and_exit_with_10(worked: Invo, process: Process, database_url: URL) -> None:
    with stored(database_url) as session:
        from invo_cli.services import businesses

        business = businesses.current(session, None)
        make_invoice(session, business, make_customer(session, business, "Ravi Stores"), number="INV/26-27/0099")
    result = process("audit", "verify", "-o", "json")
    assert result.returncode == 10
    found = json.loads(result.stdout)
    assert found["ok"] is False
    assert [(finding["seq"], finding["subject"]) for finding in found["findings"]] == [(None, "invoice:D-3")]
    assert json.loads(result.stderr)["exit_code"] == 10
    table = worked("audit", "verify", "-o", "table")
    assert (table.exit_code, "D-3" in table.stdout) == (10, True)
    assert table.stderr.startswith("error: The check of the audit trail has 1 finding.")


def test_the_head_noted_outside_is_proved(worked: Invo) -> None:
    head = worked("audit", "head").stdout.strip()
    assert head.startswith("5:")
    assert worked("audit", "verify", "--head", head).exit_code == 0
    forged = worked("audit", "verify", "--head", f"5:{'0' * 64}", "-o", "json")
    assert forged.exit_code == 10
    assert "not the one noted" in json.loads(forged.stdout)["findings"][0]["problem"]
    assert "is gone" in worked("audit", "verify", "--head", f"6:{'0' * 64}", "-o", "json").stdout
    assert worked("audit", "verify", "--head", "5:abc").exit_code == 3


def test_one_event_shows_what_it_changed(worked: Invo) -> None:
    shown = worked("audit", "show", "5", "-o", "table").stdout
    assert "invoice.cancel" in shown
    assert any({"status", "issued", "cancelled"} <= set(line.split()) for line in shown.splitlines())
    assert worked("audit", "show", "6").exit_code == 4
