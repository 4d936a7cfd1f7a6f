"""The bytes of an e-mail: what goes in comes out at the reader's, and nothing breaks out of its header."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.mail.message import Attachment, Mail, as_bytes, one_line

pytestmark = pytest.mark.unit
AT = datetime(2026, 10, 20, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
PLAIN: dict[str, Any] = {
    "sender": "billing@example.com",
    "sender_name": "Bengaluru Service Centre",
    "recipient": "asha@example.org",
    "recipient_name": "Asha Traders",
    "subject": "Tax invoice INV/26-27/0001",
    "text": "Dear Asha,\n\n₹1,770.00 is due.\n",
    "message_id": "<0123456789abcdef0123456789abcdef@example.com>",
    "at": AT,
}
HEADERS = {
    *("From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version"),
    *("Content-Type", "Content-Transfer-Encoding"),
}
NAMES = [
    "आशा ट्रेडर्स",
    "Müller, Hans (Söhne) <x@y.z>",
    'The "Best" Shop; Ltd.',
    "R & D, Unit 2: \\ back",
    "👨‍👩‍👧 Family Store",
    "=?utf-8?q?Evil?=",
    "ಬೆಂಗಳೂರು ಸೇವಾ ಕೇಂದ್ರ " * 6,
]


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_a_message_has_what_was_given() -> None:
    pdf = Attachment(name="INV-26-27-0001.pdf", data=b"%PDF-1.7 \x00\xff")
    data = as_bytes(Mail(**PLAIN, reply_to="shop@example.com", cc=("a@example.net", "b@example.net"), attachment=pdf))
    message = read(data)
    assert set(message.keys()) == HEADERS - {"Content-Transfer-Encoding"} | {"Reply-To", "Cc"}
    assert str(message["From"]) == "Bengaluru Service Centre <billing@example.com>"
    assert str(message["Cc"]) == "a@example.net, b@example.net"
    assert str(message["Reply-To"]) == "shop@example.com"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == PLAIN["message_id"]
    body = message.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == PLAIN["text"]
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("INV-26-27-0001.pdf", "application/pdf")
    assert attached.get_content() == pdf.data
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_scripts_arrive_as_they_were_written(name: str) -> None:
    message = read(as_bytes(Mail(**PLAIN | {"sender_name": name, "recipient_name": name, "subject": name})))
    for header in ("From", "To"):
        (address,) = message[header].addresses
        assert address.display_name == one_line(name)
        assert address.addr_spec in ("billing@example.com", "asha@example.org")
    assert message["Subject"] == one_line(name)


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\n\n"])
@pytest.mark.parametrize("field", ["sender_name", "recipient_name", "subject"])
def test_a_line_break_in_a_value_adds_no_header(field: str, break_: str) -> None:
    message = read(as_bytes(Mail(**PLAIN | {field: f"A{break_}Bcc: thief@example.net{break_}{break_}Body"})))
    assert set(message.keys()) == HEADERS
    assert "thief" not in str(message.get_body().get_content())  # type: ignore[union-attr]
    assert len(message["To"].addresses) == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_the_values_hold_there_is_one_sender_and_one_recipient(name: str, subject: str) -> None:
    message = read(as_bytes(Mail(**PLAIN | {"recipient_name": name, "sender_name": name, "subject": subject})))
    assert set(message.keys()) == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["asha@example.org"]
    assert [address.addr_spec for address in message["From"].addresses] == ["billing@example.com"]
    assert message["Message-ID"] == PLAIN["message_id"]


def test_what_hides_or_turns_text_around_is_left_out_of_headers() -> None:
    assert one_line("a\u202etxt.exe\u200b\ufeff  b\tc\x00") == "atxt.exe b c"
    assert one_line("श्\u200dव") == "श्\u200dव"
    assert len(one_line("x" * 5000)) == 200


def test_the_longest_address_stays_whole() -> None:
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".example.com"
    message = read(as_bytes(Mail(**PLAIN | {"recipient": long, "message_id": f"<{'0' * 32}@{'c' * 63}.example.com>"})))
    assert message["To"].addresses[0].addr_spec == long
    assert message["Message-ID"] == f"<{'0' * 32}@{'c' * 63}.example.com>"
