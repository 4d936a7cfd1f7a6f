"""`invo invoice send`: a document goes once, with its paper, and the ledger knows what became of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from invo_cli.models import AuditEvent
from tests.conftest import Invo
from tests.harness.smtp import MailServer, Pause
from tests.mail.conftest import Ask, invoice

pytestmark = pytest.mark.integration
NUMBER = "INV/26-27/0001"
ADDRESS = "asha@example.org"


def history(ask: Ask, *arguments: str) -> list[dict[str, Any]]:
    return list(ask("remind", "history", *arguments))


def body(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "invo_cli", *arguments], stderr=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("shop")
def test_an_invoice_goes_to_the_customer_with_its_paper(ask: Ask, server: MailServer) -> None:
    sent = ask("invoice", "send", NUMBER, "--cc", "a@example.net", "--cc", "b@example.net")
    assert {
        key: sent[key] for key in ("kind", "document", "number", "step", "recipient", "cc", "status", "attempt")
    } == {
        **{"kind": "invoice", "document": "D-1", "number": NUMBER, "step": None, "recipient": ADDRESS},
        **{"cc": ["a@example.net", "b@example.net"], "status": "sent", "attempt": 1},
    }
    (mail,) = server.received
    assert (mail.sender, mail.recipients) == ("billing@example.com", (ADDRESS, "a@example.net", "b@example.net"))
    message = mail.message
    assert (message["Subject"], message["Message-ID"]) == (sent["subject"], sent["message_id"])
    assert str(message["From"]) == "Bengaluru Service Centre <billing@example.com>"
    assert "₹1,770.00 is due on 08-10-2026." in body(message)
    (paper,) = message.iter_attachments()
    assert paper.get_filename() == "INV-26-27-0001.pdf"
    assert paper.get_content().startswith(b"%PDF-")
    assert history(ask) == [sent]


def test_it_goes_once_however_often_it_is_sent(ask: Ask, shop: Invo, server: MailServer) -> None:
    first = ask("invoice", "send", NUMBER)
    again = shop("invoice", "send", NUMBER, "-o", "json")
    assert (again.exit_code, json.loads(again.stdout)) == (0, first)
    assert "--resend" in again.stderr
    assert len(server.received) == 1


@pytest.mark.usefixtures("shop")
def test_another_reader_is_another_e_mail_whatever_the_case_of_the_address(ask: Ask, server: MailServer) -> None:
    for address in (ADDRESS, "Asha@Example.org", "accounts@example.org"):
        ask("invoice", "send", NUMBER, "--to", address)
    assert [mail.recipients for mail in server.received] == [(ADDRESS,), ("accounts@example.org",)]


@pytest.mark.usefixtures("shop")
def test_resend_sends_it_again_under_a_message_id_of_its_own(ask: Ask, server: MailServer) -> None:
    sent = [ask("invoice", "send", NUMBER, "--resend") for _ in range(3)]
    assert [each["attempt"] for each in sent] == [1, 2, 3]
    assert len({each["message_id"] for each in sent}) == 3
    assert len(server.received) == 3


def test_a_dry_run_shows_the_e_mail_and_sends_nothing(ask: Ask, shop: Invo, server: MailServer) -> None:
    before = ask("audit", "list")
    shown = ask("invoice", "send", NUMBER, "--dry-run")
    assert (shown["status"], shown["dry_run"]) == ("sent", True)
    assert "₹1,770.00 is due on 08-10-2026." in shown["text"]
    assert (server.conversation, history(ask), ask("audit", "list")) == ([], [], before)
    assert ask("invoice", "send", NUMBER)["message_id"] == shown["message_id"]
    page = shop("invoice", "send", NUMBER, "--resend", "--dry-run", "-o", "table").stdout
    assert "Dear Asha Traders," in page.splitlines()


@pytest.mark.parametrize(("answer", "status"), [("550 5.1.1 No such user", 3), ("451 4.3.0 Try later", 7)])
def test_what_the_server_refuses_can_be_sent_later(
    ask: Ask, shop: Invo, server: MailServer, answer: str, status: int
) -> None:
    server.replies["RCPT"] = answer
    refused = shop("invoice", "send", NUMBER, "-o", "json")
    assert (refused.exit_code, refused.stdout) == (status, "")
    assert answer in json.loads(refused.stderr)["error"]["message"]
    (failed,) = history(ask)
    assert (failed["status"], answer in failed["failure"]) == ("failed", True)
    server.replies.clear()
    sent = ask("invoice", "send", NUMBER)
    assert (sent["attempt"], sent["message_id"]) == (2, failed["message_id"])


@pytest.mark.parametrize("place", ["BODY", "END"])
def test_a_connection_lost_within_the_message_is_never_repeated_by_itself(
    ask: Ask, shop: Invo, server: MailServer, place: str
) -> None:
    server.drop.add(place)
    lost = shop("invoice", "send", NUMBER, "-o", "json")
    assert (lost.exit_code, json.loads(lost.stderr)["error"]["code"]) == (7, "outcome_unknown")
    server.drop.clear()
    arrived = len(server.received)
    again = shop("invoice", "send", NUMBER, "-o", "json")
    assert (again.exit_code, json.loads(again.stderr)["error"]["code"]) == (5, "conflict")
    assert (len(server.received), [row["status"] for row in history(ask)]) == (arrived, ["unknown"])
    sent = ask("invoice", "send", NUMBER, "--resend")
    assert len(server.received) == arrived + 1
    # A reader that has both sees one.
    assert sent["message_id"] == history(ask, "--status", "unknown")[0]["message_id"]


def test_a_server_that_is_away_leaves_no_trace(
    ask: Ask, shop: Invo, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVO_SMTP_PORT", "1")
    assert shop("invoice", "send", NUMBER).exit_code == 7
    assert history(ask) == []


@pytest.mark.usefixtures("shop")
def test_killed_between_claim_and_send_it_stays_unknown(ask: Ask, server: MailServer) -> None:
    pause = server.pauses["MAIL"] = Pause()
    run = start("invoice", "send", NUMBER)
    assert pause.reached.wait(60)
    (row,) = history(ask)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    pause.released.set()
    assert (row["status"], row["settled_at"]) == ("unknown", None)
    assert history(ask) == [row]
    assert server.received == []
    ask("audit", "verify")


@pytest.mark.usefixtures("shop")
def test_two_runs_at_once_send_one_e_mail(ask: Ask, server: MailServer) -> None:
    pause = server.pauses["EHLO"] = Pause()
    runs = [start("invoice", "send", NUMBER) for _ in range(2)]
    assert pause.reached.wait(60)
    pause.released.set()
    ended = sorted((run.communicate()[1], run.returncode) for run in runs)
    assert len(server.received) == 1
    assert {status for _, status in ended} <= {0, 5}
    assert [row["status"] for row in history(ask)] == ["sent"]


def test_of_several_documents_the_good_ones_go(ask: Ask, shop: Invo, server: MailServer) -> None:
    ask("customer", "create", "--name", "Ravi")
    silent = invoice(ask, "C-0002")
    done = shop("invoice", "send", NUMBER, silent, "INV/26-27/0099", "INV/26-27/0002", "-o", "json")
    assert done.exit_code == 9
    assert [row["number"] for row in json.loads(done.stdout)] == [NUMBER, "INV/26-27/0002"]
    assert "Customer C-0002 has no e-mail address." in done.stderr
    assert len(server.received) == 2
    assert len([line for line in server.conversation if line.upper().startswith("EHLO")]) == 1


def test_a_server_lost_among_several_stops_the_run(ask: Ask, shop: Invo, server: MailServer) -> None:
    server.drop.add("RCPT")
    done = shop("invoice", "send", NUMBER, "INV/26-27/0002", "-o", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (7, [])
    assert [(row["number"], row["status"]) for row in history(ask)] == [(NUMBER, "failed")]


@pytest.mark.parametrize(
    ("prepare", "arguments", "status", "sentence"),
    [
        ((), ("INV/26-27/0009",), 4, "No document INV/26-27/0009."),
        (
            ("invoice", "create", "--customer", "C-0001", "--line", "A:1:1:998716:18", "--draft"),
            ("D-3",),
            5,
            "is a draft",
        ),
        (("invoice", "cancel", NUMBER, "--reason", "x"), (NUMBER,), 5, "is cancelled"),
        ((), (NUMBER, "--to", "nobody"), 3, "is not an e-mail address"),
        ((), (NUMBER, "--cc", "a@b.c\nBcc: x@y.z"), 3, "is not an e-mail address"),
        ((), (NUMBER, "--language", "ta"), 3, "There is no language ta."),
        ((), (NUMBER, "--text", "none.txt"), 4, "There is no file none.txt."),
        ((), (), 2, "Missing argument"),
    ],
)
@pytest.mark.usefixtures("server")
def test_what_cannot_be_sent_is_refused(
    ask: Ask, shop: Invo, prepare: tuple[str, ...], arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    if prepare:
        ask(*prepare)
    done = shop("invoice", "send", *arguments)
    assert (done.exit_code, done.stdout) == (status, "")
    assert sentence in done.stderr
    assert history(ask) == []


def test_without_a_mail_server_it_says_what_to_set(shop: Invo) -> None:
    done = shop("invoice", "send", NUMBER)
    assert (done.exit_code, "INVO_SMTP_HOST" in done.stderr) == (2, True)


def test_without_the_extra_it_says_what_to_install(
    shop: Invo, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from invo_cli.exports.pdf import typesetting

    typesetting._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    done = shop("invoice", "send", NUMBER)
    assert (done.exit_code, 'pip install "invo[pdf]"' in done.stderr) == (2, True)
    assert server.received == []


@pytest.mark.usefixtures("shop")
def test_an_own_text_is_taken_from_a_file_or_from_the_folder_of_the_business(
    ask: Ask, server: MailServer, tmp_path: Path, home: Path
) -> None:
    (tmp_path / "own.txt").write_text("Subject: Own {{ document.number }}\n\nFrom a file.\n", encoding="utf-8")
    folder = home / "texts" / "29AAGCB7383J1Z4"
    folder.mkdir(parents=True)
    (folder / "invoice.hi.txt").write_text("Subject: House\n\nFrom the folder.\n", encoding="utf-8")
    ask("invoice", "send", NUMBER, "--text", str(tmp_path / "own.txt"), "--language", "hi")
    ask("invoice", "send", "INV/26-27/0002", "--language", "hi")
    first, second = (mail.message for mail in server.received)
    assert (first["Subject"], body(first)) == (f"Own {NUMBER}", "From a file.\n")
    assert (second["Subject"], body(second)) == ("House", "From the folder.\n")


@pytest.mark.usefixtures("server")
def test_the_trail_says_who_sent_what_and_keeps_the_address_apart(ask: Ask, shop: Invo, database_url: URL) -> None:
    ask("invoice", "send", NUMBER)
    engine = engine_for(database_url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        query = select(AuditEvent.subject, AuditEvent.after).where(AuditEvent.action == "invoice.send")
        events = connection.execute(query.order_by(AuditEvent.seq)).all()
    assert [(event.subject, json.loads(event.after or "")["outcome"]) for event in events] == [
        ("invoice:D-1", "unknown"),
        ("invoice:D-1", "sent"),
    ]
    assert ADDRESS not in str(events)
    assert shop("audit", "verify").exit_code == 0


@pytest.mark.usefixtures("shop")
def test_credit_notes_go_by_e_mail_too(ask: Ask, server: MailServer) -> None:
    note = ask("credit-note", "create", "--against", NUMBER, "--full", "--reason", "Returned")
    ask("invoice", "send", note["number"])
    message = server.received[0].message
    assert message["Subject"] == f"Credit note {note['number']} from Bengaluru Service Centre"
    assert "is to be paid" not in body(message)


def test_the_password_signs_in_and_is_listed_nowhere(
    ask: Ask, shop: Invo, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.users, server.security = {"billing": "s3cret"}, "starttls"
    file = tmp_path / "password"
    file.write_text("s3cret\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("INVO_SMTP_SECURITY", "starttls")
    monkeypatch.setenv("INVO_SMTP_USER", "billing")
    monkeypatch.setenv("INVO_SMTP_PASSWORD_FILE", str(file))
    ask("invoice", "send", NUMBER)
    assert (server.received[0].user, server.received[0].encrypted) == ("billing", True)
    assert "s3cret" not in shop("config", "list").stdout
