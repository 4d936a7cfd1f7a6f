"""Locked months: what they refuse, the way out, and that the trail keeps every change."""

from __future__ import annotations

import pytest

from tests.commands.money import ASHA, WHO, actions, invoice, made, pay, refused
from tests.conftest import Invo

pytestmark = pytest.mark.integration
LOCK = ("period", "lock", "2026-09", "--reason", "GSTR-1 filed")
UNLOCK = ("period", "unlock", "2026-09", "--reason", "Amendment")


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2026-10-20T10:00:00+05:30")
    monkeypatch.setenv("INVO_ACTOR", "asha")


def test_a_lock_is_what_scripts_expect(counter: Invo) -> None:
    row = made(counter, *LOCK)
    assert row == {
        "period": "2026-09",
        "is_locked": True,
        "reason": "GSTR-1 filed",
        "locked_at": "2026-10-20T04:30:00+00:00",
        "locked_by": "asha",
        "arn": None,
        "filed_on": None,
    }
    assert made(counter, "period", "list") == [row]
    assert made(counter, *UNLOCK) == {"period": "2026-09", "is_locked": False, "reason": "Amendment"}
    assert made(counter, "period", "list") == []
    assert actions(counter, "period") == ["period.lock", "period.unlock"]


def test_locking_or_unlocking_again_is_nothing_to_do(counter: Invo) -> None:
    first = made(counter, *LOCK)
    assert made(counter, "period", "lock", "sep26", "--reason", "Another") == first
    made(counter, *UNLOCK)
    again = counter(*UNLOCK)
    assert (again.exit_code, "nothing to do" in again.stderr) == (0, True)
    assert actions(counter, "period") == ["period.lock", "period.unlock"]


def test_a_dry_run_keeps_nothing(counter: Invo) -> None:
    assert made(counter, *LOCK, "--dry-run")["dry_run"] is True
    assert made(counter, "period", "list") == []
    made(counter, *LOCK)
    assert made(counter, *UNLOCK, "--dry-run")["dry_run"] is True
    assert len(made(counter, "period", "list")) == 1
    assert actions(counter, "period") == ["period.lock"]


def test_the_newest_month_is_listed_first(counter: Invo) -> None:
    for month in ("2026-01", "2025-12", "2026-09"):
        made(counter, "period", "lock", month, "--reason", "Filed")
    assert counter("period", "list", "-o", "name").stdout.split() == ["2026-09", "2026-01", "2025-12"]
    assert "Filed" in counter("period", "list", "-o", "table").stdout
    assert counter("period", "lock", "last-month", "--reason", "x", "-o", "table").exit_code == 0


MONTHS = (
    "2026-13",
    "2026",
    "2026q3",
    "fy26-27",
    "2026-09-01",
    "2026-09-01..2026-09-29",
    "today",
    "2017-06",
    "soon",
    "",
)


@pytest.mark.parametrize("month", MONTHS)
def test_only_a_whole_month_of_gst_is_locked(counter: Invo, month: str) -> None:
    refused(counter, 3, "period", "lock", month, "--reason", "x")
    refused(counter, 3, "period", "unlock", month, "--reason", "x")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\0b"])
def test_a_reason_is_needed(counter: Invo, reason: str) -> None:
    refused(counter, 3, "period", "lock", "2026-09", f"--reason={reason}")


def test_without_a_reason_or_month_it_is_a_usage_error(counter: Invo) -> None:
    refused(counter, 2, "period", "lock", "2026-09")
    refused(counter, 2, "period", "lock", "--reason", "x")


def test_nothing_of_a_locked_month_is_made_or_changed(counter: Invo) -> None:
    number = invoice(counter, "1000", "--date", "2026-09-30")
    paid = pay(counter, "100", "--date", "2026-09-30")["number"]
    draft = made(counter, "invoice", "create", *ASHA, "--line", "X:1:1:998713:18", "--date", "2026-09-29", "--draft")
    made(counter, *LOCK)
    line = ("--line", "Off:1:1:998713:18", "--reason", "x", "--date", "2026-09-30")
    usual = ("--amount", "1", "--method", "cash", "--date", "2026-09-30")
    attempts = {
        ("invoice", "create", *ASHA, "--line", "X:1:1:998713:18", "--date", "2026-09-30"): 3,
        ("credit-note", "create", "--against", number, *line): 3,
        ("debit-note", "create", "--against", number, *line): 3,
        ("invoice", "issue", draft["id"]): 3,
        ("invoice", "cancel", number, "--reason", "x"): 5,
        ("invoice", "delete", number, "--reason", "x"): 5,
        ("payment", "create", *WHO, *usual): 5,
        ("payment", "refund", paid, *usual): 5,
        ("payment", "allocate", paid, number, "--date", "2026-09-30"): 5,
        ("payment", "void", paid, "--reason", "x"): 5,
    }
    for words, status in attempts.items():
        said = refused(counter, status, *words)
        assert "locked" in said, words
        assert "hint: " in said, words
    made(counter, *UNLOCK)
    for words in list(attempts)[:4]:
        made(counter, *words)


def test_later_papers_correct_a_locked_month(counter: Invo) -> None:
    number = invoice(counter, "1000", "--date", "2026-09-30")
    paid = pay(counter, "100", "--date", "2026-09-30")["number"]
    made(counter, *LOCK)
    assert made(counter, "payment", "allocate", paid, number)["allocations"][0]["date"] == "2026-10-20"
    assert made(counter, "payment", "unallocate", paid)["allocations"] == []
    assert made(counter, "payment", "refund", paid, "--method", "cash")["date"] == "2026-10-20"
    note = made(counter, "credit-note", "create", "--against", number, "--full", "--reason", "Returned")
    assert note["date"] == "2026-10-20"


def test_a_lock_holds_for_its_business_alone(counter: Invo) -> None:
    made(counter, "business", "create", "--name", "Pune Branch", "--gstin", "27AAPFU0939F1ZV")
    made(counter, *LOCK, "--business", "27AAPFU0939F1ZV")
    assert made(counter, "period", "list", "--business", "29AAGCB7383J1Z4") == []
    here = ("--business", "29AAGCB7383J1Z4")
    made(counter, "invoice", "create", *ASHA, "--line", "X:1:1:998713:18", "--date", "2026-09-30", *here)
