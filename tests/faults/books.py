"""The books before and after a fault: kept, put back, compared, and checked by SQL of the tests' own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import URL

from invo_cli.db.engines import engine_for
from invo_cli.models import Base
from tests.conftest import Invo

State = dict[str, list[tuple[Any, ...]]]
# Salted digests and what is chained to them are others in every run.
VOLATILE = {"hash", "salt", "last_audit_hash"}
SALTED = {"audit_events": {"before", "after"}}
SMALLEST_ID = 10**15
HEADS = ("taxable_paise", "cgst_paise", "sgst_paise", "igst_paise")
CONTRADICTIONS = {
    "a document whose lines are not its sum": f"""
        SELECT i.document_no FROM invoices i JOIN invoice_lines l ON l.business_id = i.business_id
        AND l.invoice_id = i.id GROUP BY i.business_id, i.id, i.document_no HAVING
        {" OR ".join(f"sum(l.{head}) <> max(i.{head})" for head in HEADS)}""",
    "a document without lines": """
        SELECT document_no FROM invoices i WHERE NOT EXISTS (SELECT 1 FROM invoice_lines l
        WHERE l.business_id = i.business_id AND l.invoice_id = i.id)""",
    "a number that is missing": """
        SELECT c.kind FROM number_counters c WHERE c.kind IN ('tax_invoice', 'credit_note') AND c.last_serial
        <> c.first_serial - 1 + (SELECT count(*) FROM invoices i WHERE i.business_id = c.business_id
        AND i.kind = c.kind AND i.series = c.series AND i.financial_year = c.financial_year
        AND i.serial BETWEEN c.first_serial AND c.last_serial)""",
    "a number without a document, or the other way round": """
        SELECT document_no FROM invoices WHERE (status = 'draft') <> (number IS NULL)""",
    "an event that is missing": """
        SELECT business_id FROM books b WHERE last_audit_seq <> (SELECT count(*) FROM audit_events e
        WHERE e.business_id = b.business_id)""",
    "a payment whose allocations are not its sum": """
        SELECT p.number FROM payments p WHERE p.allocated_paise <> (SELECT coalesce(sum(a.amount_paise), 0)
        FROM allocations a WHERE a.business_id = p.business_id AND a.payment_id = p.id AND a.undone_on IS NULL)""",
    "an invoice that is paid by something else than its allocations": """
        SELECT i.number FROM invoices i WHERE i.paid_paise <> (SELECT coalesce(sum(a.amount_paise), 0)
        FROM allocations a WHERE a.business_id = i.business_id AND a.invoice_id = i.id AND a.undone_on IS NULL
        AND a.payment_id IS NOT NULL)""",
}


class Books:
    """One database, at head."""

    def __init__(self, url: URL, folder: Path) -> None:
        self.url, self.folder, self._kept = url, folder, 0
        self.is_file = url.get_backend_name() == "sqlite"
        self.engine = create_engine(url)

    def keep(self) -> str:
        """Keep a copy of the whole database; its name."""
        self._kept += 1
        if self.is_file:
            copy = self.folder / f"kept-{self._kept}.db"
            with closing(sqlite3.connect(str(self.url.database))) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            return str(copy)
        copy_name = f"{self.url.database}_kept_{self._kept}"
        self._alone()
        self._administer(f'CREATE DATABASE "{copy_name}" TEMPLATE "{self.url.database}"')
        return copy_name

    def put_back(self, kept: str) -> None:
        """Make the database what it was."""
        self._hang_up()
        if self.is_file:
            for suffix in ("-wal", "-shm", "-journal"):
                Path(f"{self.url.database}{suffix}").unlink(missing_ok=True)
            shutil.copy(kept, str(self.url.database))
            return
        self._administer(f'DROP DATABASE "{self.url.database}" WITH (FORCE)')
        self._administer(f'CREATE DATABASE "{self.url.database}" TEMPLATE "{kept}"')

    def exists(self) -> bool:
        """Whether there is such a database."""
        if self.is_file:
            return Path(str(self.url.database)).exists()
        engine = create_engine(self.url.set(database="postgres"))
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": self.url.database}
            ).scalar()
        engine.dispose()
        return bool(found)

    def remove(self) -> None:
        """Remove the database itself."""
        self.engine.dispose()
        if self.is_file:
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(f"{self.url.database}{suffix}").unlink(missing_ok=True)
            return
        self._administer(f'DROP DATABASE IF EXISTS "{self.url.database}" WITH (FORCE)')

    def drop_copies(self) -> None:
        """Remove what `keep` made on a server."""
        self.engine.dispose()
        for number in range(1, self._kept + 1):
            if not self.is_file:
                self._administer(f'DROP DATABASE IF EXISTS "{self.url.database}_kept_{number}" WITH (FORCE)')

    def state(self) -> State:
        """Every row of every table but what is another in every run."""
        self.be_left_alone()
        with self.engine.connect() as connection:
            return {table.name: _rows(connection, table) for table in Base.metadata.sorted_tables}

    def check(self, invo: Invo) -> None:
        """Nothing is missing, doubled, half done or altered."""
        self.be_left_alone()
        with self.engine.connect() as connection:
            for name, query in CONTRADICTIONS.items():
                found = connection.execute(text(query)).all()
                assert not found, f"{name}: {found}"
            if self.is_file:
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
                assert not connection.execute(text("PRAGMA foreign_key_check")).all()
        for command in (("audit", "verify"), ("series", "audit")):
            checked = invo(*command)
            assert checked.exit_code == 0, checked.output

    def be_left_alone(self) -> None:
        """Wait until the server has noticed that a killed client is gone: until then it may still be committing."""
        if self.is_file:
            return
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle'"
        )
        deadline = time.monotonic() + 20
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while connection.execute(text(others)).scalar():
                assert time.monotonic() < deadline, "somebody is still at work"
                time.sleep(0.005)

    def _alone(self) -> None:
        """End every other connection: a database that is copied must have none."""
        self._hang_up()
        self._administer(
            f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{self.url.database}'"
        )

    def _hang_up(self) -> None:
        self.engine.dispose()
        for spelled in (os.environ["INVO_DATABASE_URL"], self.url.render_as_string(hide_password=False)):
            engine_for(spelled).dispose()

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def leftovers(*folders: Path) -> set[str]:
    """Files that only a run in progress may have."""
    names = {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*")}
    return {
        name
        for name in names
        if "invo-part" in name or "scratch" in name or name.endswith(("-journal", ".tmp", ".part")) or ".job-" in name
    }


def differences(found: State, wanted: State) -> dict[str, Any]:
    """The tables that differ, with the rows that only one of both has."""
    return {
        name: {
            "found": [row for row in found[name] if row not in wanted[name]][:3],
            "wanted": [row for row in wanted[name] if row not in found[name]][:3],
        }
        for name in wanted
        if found[name] != wanted[name]
    }


def without(state: State, *tables: str) -> State:
    """A state but for some tables."""
    return {name: rows for name, rows in state.items() if name not in tables}


def _rows(connection: Connection, table: Any) -> list[tuple[Any, ...]]:
    hidden = VOLATILE | SALTED.get(table.name, set())
    columns = [column for column in table.columns if column.name not in hidden]
    rows = (tuple(_steady(value) for value in row) for row in connection.execute(select(*columns)))
    return sorted(rows, key=repr)


def _steady(value: Any) -> Any:
    """Ids are made of the time; what refers to what is for the foreign keys and the sums."""
    return "id" if isinstance(value, int) and value >= SMALLEST_ID else value


def secret_url(url: URL, word: str) -> str:
    """The URL with a password that nothing may ever show (the tests' server asks for none)."""
    if url.get_backend_name() == "sqlite":
        return url.render_as_string(hide_password=False)
    if url.password is None:
        url = url.set(password=word)
    return url.render_as_string(hide_password=False)


def home() -> Path:
    """The folder of the settings."""
    return Path(os.environ["INVO_HOME"])
