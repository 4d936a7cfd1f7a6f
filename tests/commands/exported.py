"""Documents to export, and what came of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from tests.conftest import Invo
from tests.factories import make_business, make_customer, make_invoice, stored

HOSTILE = '=1+1, "Ä"\r\n\x1b[31m\u202e रु'


@contextmanager
def three_documents(url: URL) -> Iterator[None]:
    """Issued, a draft, deleted."""
    with stored(url) as session:
        business = make_business(session)
        customer = make_customer(session, business, HOSTILE)
        make_invoice(session, business, customer)
        make_invoice(session, business, customer, status="draft")
        make_invoice(session, business, customer, status="cancelled", is_deleted=True)
    yield
    engine_for(url.render_as_string(hide_password=False)).dispose()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def events(invo: Invo) -> list[dict[str, Any]]:
    listed = invo("audit", "list", "--system", "--action", "export.run", "-o", "json")
    assert listed.exit_code == 0, listed.stderr
    found: list[dict[str, Any]] = json.loads(listed.stdout)
    return found
