"""Database URLs in every spelling, and what never appears of them."""

from __future__ import annotations

import traceback

import pytest
from sqlalchemy import create_engine

from invo_cli.db.urls import is_postgresql, normalise, redacted
from invo_cli.errors import InvalidError

pytestmark = pytest.mark.unit
CANARY = "c4nary"
SPELLINGS = [
    "postgres",
    "postgresql",
    "postgresql+asyncpg",
    "postgresql+psycopg2",
    "postgresql+psycopg",
    "postgresql+psycopg_async",
]


@pytest.mark.parametrize("scheme", SPELLINGS)
def test_every_postgresql_spelling_means_the_same_driver(scheme: str) -> None:
    url = normalise(f" {scheme}://asha:p%40ss%25@db.example.org:5433/books \n")
    assert is_postgresql(url)
    assert (url.drivername, url.username, url.password) == ("postgresql+psycopg", "asha", "p@ss%")
    assert (url.host, url.port, url.database) == ("db.example.org", 5433, "books")


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"])
def test_every_sqlite_spelling_means_the_same_driver(scheme: str) -> None:
    url = normalise(f"{scheme}:////var/lib/invo/in%20vo.db")
    assert not is_postgresql(url)
    assert (url.drivername, url.database) == ("sqlite+pysqlite", "/var/lib/invo/in vo.db")


@pytest.mark.parametrize(
    ("given", "meant"),
    [("true", "require"), ("false", "disable"), ("require", "require"), ("verify-full", "verify-full")],
)
def test_ssl_of_asyncpg_becomes_sslmode(given: str, meant: str) -> None:
    url = normalise(f"postgresql+asyncpg://h/d?ssl={given}&statement_cache_size=0&command_timeout=5")
    assert dict(url.query) == {"sslmode": meant}


def test_keys_of_libpq_and_of_invo_are_kept() -> None:
    query = dict(normalise("postgresql://h/d?sslmode=require&pool_mode=transaction&host=a:1&host=b:2").query)
    assert query == {"sslmode": "require", "pool_mode": "transaction", "host": ("a:1", "b:2")}


@pytest.mark.parametrize(
    "query", ["host=/run/postgresql&port=5433", "host=a:1&host=b", "host=::1&port=1", "host=a,b&port=1,2", "host="]
)
def test_hosts_behind_the_question_mark_can_be_connected_to(query: str) -> None:
    assert create_engine(normalise(f"postgresql://asha@/d?{query}")).dialect.name == "postgresql"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        f"mysql://asha:{CANARY}@h/d",
        f"postgresql://asha:{CANARY}@h1:1,h2:2/d",
        f"postgresql://asha:{CANARY}@h:port/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite:///x.db?mode=ro",
        f"postgresql://asha:{CANARY}@/d?host=h&port=5432?pool_mode=transaction",
        f"postgresql://asha:{CANARY}@/d?host=h:port",
    ],
)
def test_what_is_no_database_of_ours_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        normalise(text)
    assert refusal.value.hint
    assert CANARY not in "".join(traceback.format_exception(refusal.value))


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://asha:{CANARY}@h/d",
        f"postgresql://asha@h/d?password={CANARY}",
        f"postgresql://asha@h/d?sslkey=k&sslpassword={CANARY}",
    ],
)
def test_a_url_is_shown_without_its_secrets(text: str) -> None:
    shown = redacted(normalise(text))
    assert CANARY not in shown
    assert shown.startswith("postgresql://asha")
    assert "***" in shown
