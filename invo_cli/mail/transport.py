"""The way to the mail server, step by step, so that it is always known whether an e-mail has left.

SMTP is RFC 5321, STARTTLS RFC 3207. A server that does not encrypt is never told a password.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from invo_cli.errors import InvalidError, InvoError, UnavailableError
from invo_cli.mail.message import one_line

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT = 60
"""Seconds to wait for each answer."""
_AGAIN = "Run it again later: what was sent is not sent twice."
_CLOSING = 421  # RFC 5321 3.8: the server is about to close the connection


class RefusedMailError(InvalidError):
    """The server will not take this e-mail, now or later; it was not sent."""


class PostponedMailError(UnavailableError):
    """The server does not take this e-mail now (4xx); it was not sent."""


class LostServerError(UnavailableError):
    """The server went away before the e-mail was handed over; it was not sent."""


class UnknownOutcomeError(UnavailableError):
    """The server went away while it had the e-mail: whether it was sent is not known."""

    code = "outcome_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where and how to hand e-mails over; without a user nobody signs in."""

    host: str
    port: int
    security: Security
    hello: str
    """The domain that the client names itself by."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Outbox:
    """An open session with a mail server."""

    def __init__(self, smtp: smtplib.SMTP, server: Server) -> None:
        self._smtp = smtp
        self._server = server

    def hand_over(self, sender: str, recipients: Sequence[str], data: bytes) -> None:
        """Send one message to everybody or to nobody; it has been taken when this returns.

        Raises RefusedMailError, PostponedMailError or LostServerError when it was certainly not sent, else
        UnknownOutcomeError.
        """
        self._before(partial(self._smtp.mail, sender))
        for recipient in recipients:
            self._before(partial(self._smtp.rcpt, recipient), about=recipient)
        self._before(partial(self._smtp.docmd, "DATA"))
        try:
            self._smtp.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")
            answer = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise UnknownOutcomeError(
                f"{self._server} went away before it answered: whether the e-mail was sent is not known.",
                hint="Ask the recipient, then send it again with --resend.",
            ) from error
        self._judge(answer, self._server.host)

    def _before(self, step: Callable[[], tuple[int, bytes]], about: str | None = None) -> None:
        """One command before the message: losing the connection here means that nothing was sent."""
        try:
            answer = step()
        except (smtplib.SMTPException, OSError) as error:
            raise _lost(self._server) from error
        self._judge(answer, about or self._server.host)

    def _judge(self, answer: tuple[int, bytes], about: str) -> None:
        code, text = answer
        if code < 400:
            return
        if code == _CLOSING:
            raise _lost(self._server)
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()
        kind, hint = (PostponedMailError, _AGAIN) if code < 500 else (RefusedMailError, "Check the addresses.")
        raise kind(f"{about} was refused: {said(code, text)}", hint=hint)


@contextmanager
def connected(server: Server) -> Iterator[Outbox]:
    """A session with the server, encrypted and signed in as it is configured.

    Raises UnavailableError when the server cannot be reached now, InvalidError when the settings are wrong.
    """
    smtp = _translated(server)
    try:
        yield Outbox(smtp, server)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def said(code: int, text: bytes) -> str:
    """What a server answered, as one short sentence."""
    return f"{code} {one_line(text.decode('utf-8', 'replace'))}".rstrip(".") + "."


def _translated(server: Server) -> smtplib.SMTP:
    """Open the session and turn what goes wrong into refusals; the order of the cases is that of their classes."""
    if server.user and server.security == "none" and server.host not in LOOPBACK:
        raise InvalidError(
            "The password for the mail server would travel unencrypted.", hint="Set INVO_SMTP_SECURITY=starttls or tls."
        )
    try:
        return _opened(server)
    except smtplib.SMTPAuthenticationError as error:
        raise _not_signed_in(server, error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise InvalidError(
            f"{server} offers no {'sign-in' if 'AUTH' in str(error) else 'STARTTLS'}.",
            hint="Check INVO_SMTP_PORT and INVO_SMTP_SECURITY.",
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise InvalidError(
            f"The certificate of {server} is not trusted: {error.verify_message.rstrip('.')}.",
            hint="Check INVO_SMTP_HOST; SSL_CERT_FILE names authorities of your own.",
        ) from error
    except ssl.SSLError as error:
        raise InvalidError(
            f"{server} does not speak TLS as expected.", hint="Check INVO_SMTP_PORT and INVO_SMTP_SECURITY."
        ) from error
    except UnicodeError as error:
        raise InvalidError("The name of the mail server cannot be one.", hint="Check INVO_SMTP_HOST.") from error
    except (smtplib.SMTPException, OSError) as error:
        reason = one_line(getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise UnavailableError(f"The mail server {server} cannot be reached: {reason}.", hint=_AGAIN) from error


def _opened(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, server.hello, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, server.hello, timeout=TIMEOUT)
    try:
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _not_signed_in(server: Server, error: smtplib.SMTPAuthenticationError) -> InvoError:
    answer = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
    kind = UnavailableError if error.smtp_code < 500 else InvalidError
    return kind(
        f"{server} did not sign {server.user} in: {said(error.smtp_code, answer)}",
        hint="Check INVO_SMTP_USER and its password.",
    )


def _lost(server: Server) -> LostServerError:
    return LostServerError(f"The mail server {server} went away.", hint=_AGAIN)
