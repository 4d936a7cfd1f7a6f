"""The conversation with a mail server: encrypted, signed in, and never in doubt without saying so."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from invo_cli.errors import InvalidError, UnavailableError
from invo_cli.mail import transport
from invo_cli.mail.transport import (
    LostServerError,
    Outbox,
    PostponedMailError,
    RefusedMailError,
    Security,
    Server,
    UnknownOutcomeError,
    connected,
)
from tests.harness.smtp import CERTIFICATE, MailServer

DATA = b"Subject: x\r\n\r\n.dot\r\n..two\r\n.\r\nend\r\n"
TO = ("asha@example.org", "ravi@example.org")
USERS = {"billing": "s3cret"}


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def place(mail: MailServer, security: Security | None = None, host: str = "127.0.0.1", **more: str) -> Server:
    return Server(host=host, port=mail.port, security=security or mail.security, hello="example.com", **more)


def send(outbox: Outbox) -> None:
    outbox.hand_over("billing@example.com", TO, DATA)


@contextmanager
def session(mail: MailServer) -> Iterator[Outbox]:
    with mail, connected(place(mail)) as outbox:
        yield outbox


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_message_arrives_byte_for_byte(security: Security, host: str) -> None:
    with (
        MailServer(security, USERS) as mail,
        connected(place(mail, host=host, user="billing", password="s3cret")) as out,
    ):
        send(out)
        send(out)
    assert [message.data for message in mail.received] == [DATA, DATA]
    assert (mail.received[0].sender, mail.received[0].recipients) == ("billing@example.com", TO)
    assert (mail.received[0].user, mail.received[0].encrypted) == ("billing", security != "none")
    assert "EHLO example.com" in [command.replace("ehlo", "EHLO") for command in mail.conversation]


def test_a_wrong_password_is_refused_and_not_shown() -> None:
    with (
        MailServer("starttls", USERS) as mail,
        pytest.raises(InvalidError) as refused,
        connected(place(mail, user="billing", password="wr0ng")),
    ):
        pass
    assert refused.value.message.endswith("did not sign billing in: 535 5.7.8 Authentication credentials invalid.")
    assert "wr0ng" not in refused.value.message


def test_a_sign_in_that_is_put_off_is_worth_a_retry() -> None:
    with MailServer("starttls", USERS) as mail:
        mail.replies["AUTH"] = "454 4.7.0 Temporary failure"
        with pytest.raises(UnavailableError), connected(place(mail, user="billing", password="s3cret")):
            pass


def test_a_password_never_travels_unencrypted_to_another_machine() -> None:
    server = Server(host="mail.example.org", port=25, security="none", hello="x", user="billing", password="s3cret")
    with pytest.raises(InvalidError, match="unencrypted"), connected(server):
        pass


def test_a_server_without_starttls_gets_nothing() -> None:
    with (
        MailServer("none") as mail,
        pytest.raises(InvalidError, match="offers no STARTTLS"),
        connected(place(mail, "starttls")),
    ):
        pass
    assert not any(command.upper().startswith(("AUTH", "MAIL")) for command in mail.conversation)


def test_a_server_without_sign_in_is_told_apart() -> None:
    with (
        MailServer("starttls") as mail,
        pytest.raises(InvalidError, match="offers no sign-in"),
        connected(place(mail, user="billing", password="s3cret")),
    ):
        pass


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(security: Security, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    with (
        MailServer(security) as mail,
        pytest.raises(InvalidError, match="is not trusted") as refused,
        connected(place(mail)),
    ):
        pass
    assert "SSL_CERT_FILE" in str(refused.value.hint)


def test_a_server_that_does_not_encrypt_is_told_apart_from_one_that_is_away() -> None:
    with (
        MailServer("none") as mail,
        pytest.raises(InvalidError, match="does not speak TLS"),
        connected(place(mail, "tls")),
    ):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_a_server_that_is_away_is_worth_a_retry(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        pytest.raises(UnavailableError, match="cannot be reached"),
        connected(Server(host=host, port=port, security="none", hello="x")),
    ):
        pass


def test_a_server_that_is_closed_for_today_is_worth_a_retry() -> None:
    with MailServer() as mail:
        mail.replies["CONNECT"] = "421 too busy"
        with pytest.raises(UnavailableError, match="cannot be reached"), connected(place(mail)):
            pass


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example"])
def test_a_name_that_no_server_can_have_is_refused(host: str) -> None:
    with (
        pytest.raises(InvalidError, match="cannot be one"),
        connected(Server(host=host, port=25, security="none", hello="x")),
    ):
        pass


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(("answer", "kind"), [("451 later", PostponedMailError), ("550 never", RefusedMailError)])
def test_what_is_refused_is_not_sent_and_the_next_one_is(
    step: str, answer: str, kind: type[UnavailableError | InvalidError]
) -> None:
    mail = MailServer()
    with session(mail) as outbox:
        mail.replies[step] = answer
        with pytest.raises(kind, match=answer):
            send(outbox)
        assert mail.received == []
        del mail.replies[step]
        send(outbox)
    assert len(mail.received) == 1


def test_one_refused_recipient_keeps_the_message_from_all() -> None:
    mail = MailServer()
    with session(mail) as outbox:
        mail.replies["rcpt TO:<ravi@example.org>"] = "550 5.1.1 No such user"
        with pytest.raises(RefusedMailError, match=r"ravi@example.org was refused: 550 5.1.1 No such user\."):
            send(outbox)
    assert mail.received == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("how", ["drop", "421"])
def test_a_server_lost_before_the_message_has_not_sent_it(step: str, how: str) -> None:
    mail = MailServer()
    with session(mail) as outbox:
        if how == "drop":
            mail.drop.add(step)
        else:
            mail.replies[step] = "421 shutting down"
        with pytest.raises(LostServerError):
            send(outbox)
    assert mail.received == []


@pytest.mark.parametrize(("step", "arrived"), [("BODY", 0), ("END", 1)])
def test_a_server_lost_within_the_message_leaves_the_outcome_open(step: str, arrived: int) -> None:
    mail = MailServer()
    with session(mail) as outbox:
        mail.drop.add(step)
        with pytest.raises(UnknownOutcomeError):
            send(outbox)
    assert len(mail.received) == arrived


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = Server(host="127.0.0.1", port=silent.getsockname()[1], security="none", hello="x")
        with pytest.raises(UnavailableError, match="cannot be reached"), connected(server):
            pass
