"""`invo remind`: one reminder a document and step, to those who still owe, whatever cron does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Invo
from tests.harness.smtp import MailServer, Pause
from tests.mail.conftest import Ask, invoice
from tests.mail.test_sending import body, history, start

pytestmark = pytest.mark.integration
FIRST, SECOND = "INV/26-27/0001", "INV/26-27/0002"


@pytest.fixture(autouse=True)
def ready(shop: Invo, server: MailServer) -> None:
    """The shop, and the server it sends through."""


def states(rows: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(row["number"], row["step"], row["state"]) for row in rows]


def test_the_preview_shows_what_would_go_the_oldest_first(ask: Ask, server: MailServer) -> None:
    rows = ask("remind", "preview")
    assert states(rows) == [(SECOND, 30, "due"), (FIRST, 10, "due")]
    assert [row["days_late"] for row in rows] == [32, 12]
    assert rows[1]["subject"] == f"Reminder: {FIRST} from Bengaluru Service Centre was due on 08-10-2026"
    assert "12 days late" in rows[1]["text"]
    assert (server.conversation, history(ask)) == ([], [])


def test_a_preview_needs_no_mail_server(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INVO_SMTP_HOST")
    assert len(ask("remind", "preview")) == 2


def test_a_run_sends_each_reminder_once(ask: Ask, server: MailServer) -> None:
    assert states(ask("remind", "run")) == [(SECOND, 30, "sent"), (FIRST, 10, "sent")]
    assert ask("remind", "run") == []
    assert ask("remind", "preview") == []
    assert [mail.message["Subject"].split()[1] for mail in server.received] == [SECOND, FIRST]
    assert all(list(mail.message.iter_attachments()) for mail in server.received)
    assert [(row["kind"], row["step"], row["status"]) for row in history(ask)] == [
        ("reminder", 10, "sent"),
        ("reminder", 30, "sent"),
    ]


def test_the_next_step_is_reminded_of_when_it_is_reached(
    ask: Ask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {"2026-10-10": [], "2026-10-11": [3], "2026-10-17": [3], "2026-10-18": [3, 10], "2026-11-07": [3, 10, 30]}
    ask("invoice", "cancel", SECOND, "--reason", "x")
    for day, steps in days.items():
        monkeypatch.setenv("INVO_NOW", day)
        ask("remind", "run")
        assert [row["step"] for row in reversed(history(ask))] == steps, day
    assert "overlooked" in body(server.received[0].message)


def test_a_missed_run_is_made_up_for_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_NOW", "2027-03-01")
    assert states(ask("remind", "run")) == [(SECOND, 30, "sent"), (FIRST, 30, "sent")]
    assert ask("remind", "run") == []


def test_who_paid_or_owes_nothing_is_left_in_peace(ask: Ask) -> None:
    ask(
        "payment",
        "create",
        "--customer",
        "C-0001",
        "--amount",
        "1770",
        "--method",
        "upi",
        "--allocate",
        f"{FIRST}:1770",
    )
    ask("credit-note", "create", "--against", SECOND, "--full", "--reason", "Returned")
    third = invoice(ask, "C-0001", dated="2026-09-03", due="2026-09-20")
    ask("invoice", "cancel", third, "--reason", "Twice")
    invoice(ask, "C-0001", dated="2026-09-04")
    ask("invoice", "create", "--customer", "C-0001", "--line", "A:1:1:998716:18", "--draft")
    assert ask("remind", "run") == []


def test_a_part_payment_is_taken_off(ask: Ask, server: MailServer) -> None:
    ask("payment", "create", "--customer", "C-0001", "--amount", "770", "--method", "upi", "--allocate", f"{FIRST}:770")
    rows = ask("remind", "run")
    assert [row["outstanding"] for row in rows] == ["1770.00", "1000.00"]
    assert "₹1,000.00 is still open." in body(server.received[1].message)


def test_customers_without_an_address_are_listed_and_passed_over(ask: Ask, server: MailServer) -> None:
    ask("customer", "create", "--name", "Ravi")
    number = invoice(ask, "C-0002", dated="2026-09-03", due="2026-09-19")
    assert states(ask("remind", "run")) == [(SECOND, 30, "sent"), (number, 30, "no e-mail"), (FIRST, 10, "sent")]
    assert states(ask("remind", "run")) == [(number, 30, "no e-mail")]
    ask("customer", "edit", "C-0002", "--email", "ravi@example.org")
    assert states(ask("remind", "run")) == [(number, 30, "sent")]
    assert len(server.received) == 3


def test_the_days_can_be_chosen(ask: Ask, shop: Invo) -> None:
    assert states(ask("remind", "preview", "--after", "20,5,14")) == [(SECOND, 20, "due"), (FIRST, 5, "due")]
    assert states(ask("remind", "preview", "--after", "15")) == [(SECOND, 15, "due")]
    for days in ("", "3,", "x", "-1", "0", "3.5", "٣", "3,10,30,99999"):
        assert shop("remind", "run", f"--after={days}").exit_code == 3


def test_a_refused_one_is_told_and_tried_again_next_time(ask: Ask, shop: Invo, server: MailServer) -> None:
    ask("customer", "create", "--name", "Ravi", "--email", "ravi@example.org")
    number = invoice(ask, "C-0002", dated="2026-09-03", due="2026-09-19")
    server.replies["rcpt TO:<ravi@example.org>"] = "550 5.1.1 No such user"
    done = shop("remind", "run", "-o", "json")
    assert done.exit_code == 9
    rows = json.loads(done.stdout)
    assert states(rows) == [(SECOND, 30, "sent"), (number, 30, "failed"), (FIRST, 10, "sent")]
    assert "550 5.1.1 No such user" in rows[1]["failure"]
    server.replies.clear()
    assert states(ask("remind", "run")) == [(number, 30, "sent")]


def test_a_server_that_is_away_is_exit_7_and_the_next_run_goes_on(ask: Ask, shop: Invo, server: MailServer) -> None:
    server.replies["CONNECT"] = "421 too busy"
    assert shop("remind", "run").exit_code == 7
    assert history(ask) == []
    server.replies = {"MAIL": "421 shutting down"}
    done = shop("remind", "run", "-o", "json")
    assert done.exit_code == 7
    assert [row["status"] for row in history(ask)] == ["failed"]
    server.replies.clear()
    assert len(ask("remind", "run")) == 2
    assert len(server.received) == 2


def test_an_unknown_one_is_named_and_waits_for_resend(ask: Ask, shop: Invo, server: MailServer) -> None:
    server.drop.add("END")
    assert shop("remind", "run").exit_code == 7
    server.drop.clear()
    done = shop("remind", "run", "-o", "json")
    assert done.exit_code == 0
    assert states(json.loads(done.stdout)) == [(SECOND, 30, "unknown"), (FIRST, 10, "sent")]
    assert f"--resend {SECOND}" in done.stderr
    assert states(ask("remind", "run", "--resend", SECOND)) == [(SECOND, 30, "sent")]
    assert ask("remind", "run") == []
    assert [mail.message["Message-ID"] for mail in server.received if SECOND in mail.message["Subject"]] == [
        history(ask, "--number", SECOND)[0]["message_id"]
    ] * 2


def test_resend_reminds_again_of_that_document_alone(ask: Ask, shop: Invo, server: MailServer) -> None:
    ask("remind", "run")
    assert states(ask("remind", "run", "--resend", "D-1")) == [(FIRST, 10, "sent")]
    assert len(server.received) == 3
    invoice(ask, "C-0001")
    assert shop("remind", "run", "--resend", "D-3").exit_code == 5
    assert shop("remind", "run", "--resend", "D-9").exit_code == 4


def test_two_cron_runs_at_once_send_each_reminder_once(ask: Ask, server: MailServer) -> None:
    pause = server.pauses["EHLO"] = Pause()
    runs = [start("remind", "run", "-o", "name") for _ in range(3)]
    assert pause.reached.wait(60)
    pause.released.set()
    assert [run.communicate() and run.returncode for run in runs] == [0, 0, 0]
    assert sorted(mail.message["Subject"].split()[1] for mail in server.received) == [FIRST, SECOND]
    assert [row["status"] for row in history(ask)] == ["sent", "sent"]


def test_what_is_paid_while_the_run_goes_on_is_not_reminded_of(ask: Ask, server: MailServer) -> None:
    pause = server.pauses["EHLO"] = Pause()
    run = start("remind", "run", "-q")
    assert pause.reached.wait(60)
    ask(
        "payment",
        "create",
        "--customer",
        "C-0001",
        "--amount",
        "1770",
        "--method",
        "upi",
        "--allocate",
        f"{SECOND}:1770",
    )
    pause.released.set()
    run.communicate()
    assert run.returncode == 0
    assert [mail.message["Subject"].split()[1] for mail in server.received] == [FIRST]


def test_a_dry_run_sends_and_keeps_nothing(ask: Ask, server: MailServer) -> None:
    rows = ask("remind", "run", "--dry-run")
    assert states(rows) == [(SECOND, 30, "sent"), (FIRST, 10, "sent")]
    assert all(row["dry_run"] for row in rows)
    assert (server.conversation, history(ask)) == ([], [])


def test_the_history_is_narrowed_and_paged(ask: Ask, shop: Invo) -> None:
    ask("invoice", "send", FIRST)
    ask("remind", "run")
    everything = history(ask)
    assert len(everything) == 3
    assert history(ask, "--kind", "invoice") == [row for row in everything if row["kind"] == "invoice"]
    assert history(ask, "--number", FIRST) == [row for row in everything if row["number"] == FIRST]
    assert history(ask, "--status", "failed") == []
    assert history(ask, "--period", "today") == everything
    assert history(ask, "--period", "yesterday") == []
    assert history(ask, "--limit", "2") == everything[:2]
    assert history(ask, "--after", everything[1]["id"]) == everything[2:]
    assert shop("remind", "history", "--after", "nothing").exit_code == 4
    assert shop("remind", "history", "--status", "sendt").exit_code == 3
    assert "2026-10-20 12:00:00" in shop("remind", "history", "-o", "table").stdout


def test_another_business_has_a_ledger_of_its_own(ask: Ask) -> None:
    ask("invoice", "send", FIRST)
    ask("business", "create", "--name", "Pune branch", "--gstin", "27AAPFU0939F1ZV", "--code", "PUNE")
    assert history(ask, "--business", "PUNE") == []
    assert ask("remind", "preview", "--business", "PUNE") == []
    assert len(history(ask, "--business", "29AAGCB7383J1Z4")) == 1
