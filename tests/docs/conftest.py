"""What the examples find outside of their folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.smtp import MailServer


@pytest.fixture(autouse=True)
def mail_server(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mail server that the examples send through."""
    with MailServer() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield
