"""A SQLite file that was damaged: it is said, with the way out, and the file is never touched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ON_POSTGRESQL
from tests.faults.books import Books
from tests.faults.conftest import ASHA, LINE
from tests.faults.running import Zygote

pytestmark = [pytest.mark.integration, pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")]
PAGE = 4096
LIST = ("invoice", "list", "-o", "json")
ISSUE = ("invoice", "create", *ASHA, "--line", LINE)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_a_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite_the_header(path: Path) -> None:
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])


def overwrite_all_pages_but_the_first(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:PAGE] + b"\xa5" * (path.stat().st_size - PAGE))


def replace_by_text(path: Path) -> None:
    path.write_text("These are not the books that you are looking for.\n" * 200)


def overwrite_one_table(path: Path) -> None:
    _overwrite(path, "invoices")


def _overwrite(path: Path, name: str) -> None:
    """Spoil the first page of a table or an index."""
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = b"\xa5" * PAGE
    path.write_bytes(bytes(data))


DAMAGES = [
    cut_in_half,
    cut_to_a_header,
    empty,
    overwrite_the_header,
    overwrite_all_pages_but_the_first,
    replace_by_text,
    overwrite_one_table,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_refused_with_the_way_out_and_left_as_it_is(
    damage: Callable[[Path], None], books: Books, zygote: Zygote, tmp_path: Path
) -> None:
    path = _alone(books)
    whole = path.read_bytes()
    damage(path)
    damaged = path.read_bytes()
    for command in (LIST, ISSUE, ("db", "backup", "--out", str(tmp_path / "backups"))):
        done = zygote.run(*command).require(8)
        assert done.stdout == ""
        assert "restore" in done.stderr.lower() or "invo init" in done.stderr or "Name another" in done.stderr
        _settle(path)
        assert path.read_bytes() == damaged
    assert not list((tmp_path / "backups").glob("invo-*"))
    path.write_bytes(whole)
    zygote.run(*LIST).require(0)


def test_a_figure_that_was_changed_in_the_file_is_found(books: Books, zygote: Zygote) -> None:
    path = _alone(books)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")
        connection.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "UPDATE invoices SET taxable_paise = taxable_paise + 1, total_paise = total_paise + 1 WHERE serial = 1"
        )
        connection.commit()
    done = zygote.run("audit", "verify").require(10)
    assert "1500.01" in done.stdout


def test_a_backup_brings_a_destroyed_file_back(books: Books, zygote: Zygote, tmp_path: Path) -> None:
    zygote.run("db", "backup", "--out", str(tmp_path / "backups")).require(0)
    state, path = books.state(), _alone(books)
    backup = next(file for file in (tmp_path / "backups").glob("invo-*") if file.suffix != ".json")
    path.unlink()
    zygote.run("db", "restore", str(backup), "--to", f"sqlite:///{path}").require(0)
    after = books.state()
    assert after["invoices"] == state["invoices"]
    assert zygote.run(*ISSUE, "-o", "name").require(0).stdout == "INV/26-27/0003\n"


def _alone(books: Books) -> Path:
    """The file with everything in it: no journal beside it."""
    path = Path(str(books.url.database))
    books.engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def _settle(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        beside = Path(f"{path}{suffix}")
        assert not beside.exists() or beside.stat().st_size == 0 or suffix == "-shm"
        beside.unlink(missing_ok=True)


@pytest.mark.parametrize("name", ["invoices", "invoice_lines", "audit_events", "ix_invoices_business_id_number_key"])
def test_a_damaged_page_is_found_before_somebody_needs_it(
    name: str, books: Books, zygote: Zygote, tmp_path: Path
) -> None:
    path = _alone(books)
    _overwrite(path, name)
    rows = json.loads(zygote.run("doctor", "-o", "json").require(10).stdout)
    failed = {row["check"]: row["fix"] for row in rows if row["status"] == "fail"}
    assert "invo db restore" in failed["pages"]
    assert zygote.run("verify").require(8).stdout == ""
