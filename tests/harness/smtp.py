"""A mail server on loopback for tests: SMTP with STARTTLS, TLS, AUTH and every way to fail.

`loopback.pem` holds its certificate and key: made for these tests, valid for localhost and 127.0.0.1 until 2126, and
trusted by nobody unless SSL_CERT_FILE names it.
"""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Literal

CERTIFICATE = Path(__file__).parent / "loopback.pem"
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class Received:
    """One message as it came in."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    user: str | None
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The message as a mail program reads it."""
        parsed = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Pause:
    """A place in the conversation at which the server waits until it is released."""

    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


class MailServer:
    """Listens while it is entered; its fields may be changed between two e-mails.

    `replies` answers a command (`RCPT`, or `RCPT TO:<a@b>` for one address, or `END` for the end of a message) in
    another way than 250; `drop` names commands at which the connection is cut instead; `BODY` is within a message.
    """

    def __init__(self, security: Security = "none", users: dict[str, str] | None = None) -> None:
        self.security = security
        self.users = users or {}
        self.replies: dict[str, str] = {}
        self.drop: set[str] = set()
        self.pauses: dict[str, Pause] = {}
        self.received: list[Received] = []
        self.conversation: list[str] = []
        self._server = _Listener(("127.0.0.1", 0), _Session)
        self._server.mail = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self._server.server_address[1])

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which invo finds it."""
        return {
            "INVO_SMTP_HOST": "127.0.0.1",
            "INVO_SMTP_PORT": str(self.port),
            "INVO_SMTP_SECURITY": self.security,
            "INVO_SMTP_FROM": "billing@example.com",
            "SSL_CERT_FILE": str(CERTIFICATE),
        }

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for pause in self.pauses.values():
            pause.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are what these tests are about."""


class _Session(socketserver.StreamRequestHandler):
    server: _Listener

    def handle(self) -> None:
        self.mail = self.server.mail
        self.user: str | None = None
        self.encrypted = False
        self.sender, self.recipients = "", list[str]()
        if self.mail.security == "tls":
            self._encrypt()
        self._say(self.mail.replies.get("CONNECT", "220 loopback ready"))
        while line := self.rfile.readline():
            command = line.decode("utf-8", "replace").strip()
            self.mail.conversation.append(command)
            if not self._obey(command):
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # the listener closes only the socket below the encryption

    def _obey(self, command: str) -> bool:
        """Answer one command; False ends the session."""
        verb = command.split(" ")[0].upper()
        pause = self.mail.pauses.get(verb)
        if pause is not None:
            pause.reached.set()
            pause.released.wait(30)
        if verb in self.mail.drop:
            return False
        refusal = self.mail.replies.get(command.split(" size=")[0]) or self.mail.replies.get(verb)
        if refusal is not None:
            self._say(refusal)
            return not refusal.startswith("421")
        return bool(getattr(self, f"_{verb.lower()}", self._unknown)(command))

    def _ehlo(self, command: str) -> bool:
        offers = ["loopback"]
        if self.mail.security == "starttls" and not self.encrypted:
            offers.append("STARTTLS")
        elif self.mail.users:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        return self._say(f"250 {offers[-1]}")

    def _starttls(self, command: str) -> bool:
        self._say("220 go ahead")
        self._encrypt()
        return True

    def _auth(self, command: str) -> bool:
        _, user, password = base64.b64decode(command.split(" ")[2]).decode().split("\0")
        if self.mail.users.get(user) != password:
            return self._say("535 5.7.8 Authentication credentials invalid")
        self.user = user
        return self._say("235 2.7.0 Authenticated")

    def _mail(self, command: str) -> bool:
        if self.mail.users and self.user is None:
            return self._say("530 5.7.0 Authentication required")
        self.sender, self.recipients = _address(command), []
        return self._say("250 ok")

    def _rcpt(self, command: str) -> bool:
        self.recipients.append(_address(command))
        return self._say("250 ok")

    def _data(self, command: str) -> bool:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line or "BODY" in self.mail.drop:
                return False
            lines.append(line.removeprefix(b"."))
        refusal = self.mail.replies.get("END")
        if refusal is None:
            message = Received(self.sender, tuple(self.recipients), b"".join(lines), self.user, self.encrypted)
            self.mail.received.append(message)
        return "END" not in self.mail.drop and self._say(refusal or "250 taken")

    def _rset(self, command: str) -> bool:
        return self._say("250 ok")

    def _quit(self, command: str) -> bool:
        self._say("221 bye")
        return False

    def _unknown(self, command: str) -> bool:
        return self._say("502 not implemented")

    def _say(self, reply: str) -> bool:
        self.wfile.write(f"{reply}\r\n".encode())
        return True

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.connection = self.request = context.wrap_socket(self.request, server_side=True)
        self.setup()
        self.encrypted = True


def _address(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
