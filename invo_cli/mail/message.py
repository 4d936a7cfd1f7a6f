"""An e-mail as bytes: UTF-8 text, one attachment, and headers that no value can break out of."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

# Everything in seven bits: not every server takes more.
_POLICY = SMTP.clone(cte_type="7bit")
# Longer header lines are folded by cutting words apart, which the limit of RFC 5322 (998) does not demand.
_UNFOLDED = _POLICY.clone(max_line_length=900)
_KEPT = {"\u200c", "\u200d"}
LONGEST_HEADER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A PDF and the name it is saved by: ASCII letters, digits, dots and hyphens only."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What is sent to whom; addresses are bare and checked, names and subject may hold anything."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    message_id: str
    at: datetime
    reply_to: str | None = None
    cc: tuple[str, ...] = ()
    attachment: Attachment | None = None

    @property
    def envelope(self) -> tuple[str, ...]:
        """Everybody it goes to."""
        return (self.recipient, *self.cc)


def as_bytes(mail: Mail) -> bytes:
    """The message in the form of RFC 5322, with CRLF."""
    message = EmailMessage(_POLICY)
    message["Subject"] = one_line(mail.subject)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines keep silent
    message.set_content(mail.text, subtype="plain", charset="utf-8")
    if mail.attachment is not None:
        message.add_attachment(
            mail.attachment.data, maintype="application", subtype="pdf", filename=mail.attachment.name
        )
    return _addressed(mail) + message.as_bytes()


def one_line(text: str) -> str:
    """The text as a header may hold it: one line, nothing that is invisible or turns text around, not too long."""
    shown = "".join("" if _is_hidden(character) else character for character in " ".join(text.split()))
    # `=?` begins an encoded word (RFC 2047), which readers would decode into something else.
    return " ".join(shown.replace("=?", "= ?").split())[:LONGEST_HEADER].strip()


def _addressed(mail: Mail) -> bytes:
    """The headers with addresses and ids, one line each."""
    headers = EmailMessage(_UNFOLDED)
    headers["From"] = Address(one_line(mail.sender_name), addr_spec=mail.sender)
    headers["To"] = Address(one_line(mail.recipient_name), addr_spec=mail.recipient)
    if mail.cc:
        headers["Cc"] = tuple(Address(addr_spec=address) for address in mail.cc)
    if mail.reply_to:
        headers["Reply-To"] = Address(addr_spec=mail.reply_to)
    headers["Date"] = format_datetime(mail.at)
    headers["Message-ID"] = mail.message_id
    return headers.as_bytes().removesuffix(b"\r\n")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") and character not in _KEPT
