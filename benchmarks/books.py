"""Databases to measure on: fresh ones with one business, and the invoice of three lines that all benchmarks issue."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import measure

INVO = (sys.executable, "-m", "invo_cli")
LINES = (
    {"description": "Screen replacement", "hsn": "998716", "quantity": "1", "unit_price": "1500.00"},
    {"description": "Fan", "hsn": "8414", "quantity": "2", "unit_price": "100.00"},
    {"description": "Labour", "hsn": "998716", "quantity": "1", "unit_price": "300.00"},
)
CUSTOMER = {"name": "Asha Traders", "mobile": "9876543210"}


def prepare(home: Path, url: str | None = None) -> str:
    """Make a database with one business and one invoice to its customer C-0001; its URL."""
    url = url or f"sqlite:///{home / 'invo.db'}"
    env = measure.environment(home) | {"INVO_DATABASE_URL": url}
    who = ("--name", "Bengaluru Service Centre", "--gstin", "29AAGCB7383J1Z4", "--address", "12 MG Road", "--no-input")
    measure.output([*INVO, "init", *who], env)
    bought = ("--mobile", CUSTOMER["mobile"], "--line", "Screen replacement:1:1500:998716:18")
    measure.output([*INVO, "invoice", "create", "--customer", CUSTOMER["name"], *bought], env)
    return url


def on_both(measured: Callable[[str, str, Path], tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What `measured` finds for each engine's name, its database as `prepare` makes it and a folder."""
    from tests.harness.postgres import PostgresCluster

    with TemporaryDirectory(prefix="invo-bench-") as folder:
        rows = [measured("SQLite", prepare(Path(folder)), Path(folder))]
    with PostgresCluster() as cluster, TemporaryDirectory(prefix="invo-bench-") as folder:
        rows.append(measured("PostgreSQL", prepare(Path(folder), cluster.url()), Path(folder)))
    return rows


def issuer(url: str) -> Callable[[], None]:
    """A function that issues the invoice in this process, in a transaction of its own."""
    os.environ["INVO_DATABASE_URL"] = url
    from invo_cli import clock
    from invo_cli.commands.entering import write
    from invo_cli.gst.reading import read_document
    from invo_cli.services import businesses, invoices
    from invo_cli.services.acting import Act

    document = read_document({"customer": "C-0001", "lines": list(LINES)})
    act = Act(actor="benchmark", os_user="benchmark", host="benchmark", at=clock.now(), today=clock.today())

    def issue() -> None:
        write(lambda session: invoices.create(session, businesses.current(session, None), document, act=act))

    return issue


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """A database of its own on a PostgreSQL server, with one business; dropped in the end."""
    from sqlalchemy import create_engine, make_url, text

    from invo_cli.db.urls import normalise

    engine = create_engine(normalise(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, TemporaryDirectory(prefix="invo-bench-") as home:
        connection.execute(text(f"CREATE DATABASE {name}"))
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        yield prepare(Path(home), url)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def copied(server: str, url: str) -> Iterator[str]:
    """A copy of a database as it is now, which nobody is using; dropped in the end."""
    from sqlalchemy import create_engine, make_url, text

    from invo_cli.db.urls import normalise

    name = make_url(url).database
    engine = create_engine(normalise(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}_copy TEMPLATE {name}"))
        yield make_url(url).set(database=f"{name}_copy").render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name}_copy WITH (FORCE)"))
    engine.dispose()


def count_without_gap(url: str) -> int:
    """How many invoices were issued; stops when a number or an audit event is missing or there twice."""
    from sqlalchemy import create_engine, text

    from invo_cli.db.urls import normalise

    engine = create_engine(normalise(url))
    found = {}
    with engine.connect() as connection:
        for table, column, ours in (("audit_events", "seq", "business_id <> 0"), ("invoices", "serial", "serial > 0")):
            counts = f"count(*), count(DISTINCT {column}), min({column}), max({column})"
            found[table] = tuple(connection.execute(text(f"SELECT {counts} FROM {table} WHERE {ours}")).one())
    engine.dispose()
    for table, (rows, different, first, last) in found.items():
        if not rows == different == last or first != 1:
            sys.exit(f"{table}: {rows} rows, {different} different, from {first} to {last}")
    return int(found["invoices"][0])
