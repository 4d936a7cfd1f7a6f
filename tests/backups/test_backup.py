"""db backup: what is made, where, and that a damaged one is found."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from invo_cli.backups.automatic import backup_before
from invo_cli.db.engines import engine_for
from invo_cli.db.head import HEAD, REVISIONS
from invo_cli.settings import get_settings
from tests.backups.making import back_up, manifest_of, proof
from tests.conftest import ON_POSTGRESQL, Invo
from tests.db import schema_facts as facts

pytestmark = pytest.mark.integration
on_server = pytest.mark.skipif(not ON_POSTGRESQL, reason="about PostgreSQL's programs")


def command(*arguments: str, limit: str = "") -> list[str]:
    """The command for a shell that limits what it may use."""
    return ["bash", "-c", f'{limit} exec "$0" -m invo_cli "$@"', sys.executable, *arguments]


def test_a_backup_is_described_by_its_manifest(books: Invo, database_url: URL, home: Path) -> None:
    done = books("db", "backup", "-o", "json")
    row = json.loads(done.stdout)
    backup, rows = Path(row["file"]), facts.rows(database_url)
    manifest = json.loads(Path(row["manifest"]).read_text(encoding="utf-8"))
    assert backup.parent == home / "backups"
    assert row["sha256"] == manifest["sha256"] == sha256(backup.read_bytes()).hexdigest()
    assert row["bytes"] == manifest["bytes"] == backup.stat().st_size
    assert row["revision"] == manifest["revision"] == HEAD
    counts = {name: table["rows"] for name, table in manifest["tables"].items()}
    assert counts == {name: len(found) for name, found in rows.items()} | {
        "audit_events": len(rows["audit_events"]) - 1  # the backup itself is noted after it
    }
    total = sum(invoice["total_paise"] for invoice in rows["invoices"])
    assert manifest["tables"]["invoices"]["sums"]["total_paise"] == total > 0
    assert manifest["audit"][0]["book"] == "0"
    assert {path.stat().st_mode & 0o777 for path in (backup, manifest_of(backup))} == {0o600}


def test_the_trail_notes_a_backup(books: Invo) -> None:
    backup = back_up(books)
    events = json.loads(books("audit", "list", "--system", "--action", "db.backup", "-o", "json").stdout)
    assert [(event["subject"], event["after"]["file"]) for event in events] == [(f"backup:{backup.name}", str(backup))]


def test_backups_of_the_same_second_have_names_of_their_own(books: Invo, tmp_path: Path) -> None:
    made = [back_up(books, "--out", str(tmp_path / "out")) for _ in range(3)]
    assert len(set(made)) == 3
    rows = json.loads(books("db", "backup", "list", str(tmp_path / "out"), "-o", "json").stdout)
    assert [(row["file"], row["status"]) for row in rows] == [(str(path), "ok") for path in sorted(made)]


def test_a_backup_proves_itself(books: Invo) -> None:
    row = proof(books, back_up(books))
    assert (row["ok"], row["proof"], row["findings"], row["revision"]) == (True, "restored", [], HEAD)


@on_server
def test_a_backup_by_pg_dump_proves_itself_on_the_server(books: Invo, pg_dump: None, database_url: URL) -> None:
    backup = back_up(books)
    assert backup.name.endswith(".dump.zst")
    assert proof(books, backup)["proof"] == "restored"
    with facts.connect(database_url) as connection:
        left = connection.execute(text("SELECT datname FROM pg_database WHERE datname LIKE 'invo_scratch_%'")).all()
    assert left == []


@on_server
def test_a_scratch_database_of_a_killed_run_is_removed_by_the_next(
    books: Invo, pg_dump: None, database_url: URL
) -> None:
    backup = back_up(books)
    with facts.connect(database_url).execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        names = [f"invo_scratch_{process}_0badc0de" for process in (999_999_999, mine)]
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
        assert proof(books, backup)["proof"] == "restored"
        left = connection.execute(text("SELECT datname FROM pg_database WHERE datname LIKE 'invo_scratch_%'"))
        assert left.scalars().all() == [names[1]]
        connection.execute(text(f"DROP DATABASE {names[1]}"))


@on_server
def test_where_no_database_can_be_made_a_dump_is_read_and_that_is_said(
    books: Invo, pg_dump: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backup = back_up(books)
    monkeypatch.setenv("INVO_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    done = books("db", "backup", "verify", str(backup), "-o", "json")
    assert (done.exit_code, json.loads(done.stdout)["proof"]) == (0, "read")
    assert "only read to its end" in done.stderr


@on_server
def test_a_pg_restore_of_another_version_is_no_finding(
    books: Invo, pg_dump: None, database_url: URL, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backup = back_up(books)
    program = tmp_path / "bin" / "pg_restore"
    program.parent.mkdir()
    refusal = "pg_restore: error: unsupported version (1.16) in file header"
    program.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && echo 'x (PostgreSQL) 9.6' && exit\necho '{refusal}' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    target = database_url.set(database=f"{database_url.database}_never").render_as_string(hide_password=False)
    for command in (("backup", "verify", str(backup)), ("restore", str(backup), "--to", target)):
        done = books("db", *command)
        assert done.exit_code == 2, done.stderr
        assert "client programs" in done.stderr


@on_server
def test_no_secret_is_among_the_arguments_of_pg_dump(
    books: Invo, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said.txt"
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    version = f"pg_dump (PostgreSQL) {_server_version(database_url)}.0"
    program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}" && exit\necho "$@" > {said}\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    secret = database_url.set(password="Geheim7").render_as_string(hide_password=False)
    monkeypatch.setenv("INVO_DATABASE_URL", secret)
    done = books("db", "backup")
    assert done.exit_code == 7
    assert "Geheim7" not in said.read_text(encoding="utf-8") + done.stderr + done.stdout
    assert "://" not in said.read_text(encoding="utf-8")


@pytest.mark.parametrize("has_manifest", [True, False])
def test_a_flipped_bit_is_found(books: Invo, has_manifest: bool) -> None:
    backup = back_up(books)
    data = backup.read_bytes()
    # The directory at the end of an archive holds times and rights, which do not count without a manifest.
    length = len(data) if has_manifest or not backup.name.endswith(".zip") else len(data) // 2
    if not has_manifest:
        manifest_of(backup).unlink()
    for position in (0, length // 3, length - 1):
        backup.write_bytes(data[:position] + bytes([data[position] ^ 0x10]) + data[position + 1 :])
        assert not proof(books, backup)["ok"], position


@pytest.mark.parametrize("has_manifest", [True, False])
def test_a_cut_file_is_found(books: Invo, has_manifest: bool) -> None:
    backup = back_up(books)
    data = backup.read_bytes()
    if not has_manifest:
        manifest_of(backup).unlink()
    for length in (0, 10, len(data) // 2, len(data) - 1):
        backup.write_bytes(data[:length])
        assert not proof(books, backup)["ok"], length


@on_server
def test_a_damaged_dump_is_found_without_a_manifest(books: Invo, pg_dump: None) -> None:
    backup = back_up(books)
    manifest_of(backup).unlink()
    data = backup.read_bytes()
    flipped = data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
    for damaged in (flipped, data[: len(data) // 2], data[:-3]):
        backup.write_bytes(damaged)
        assert not proof(books, backup)["ok"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda it: it["tables"]["invoices"].update(rows=7), "invoices has 3 rows, not 7"),
        (lambda it: it["tables"]["invoices"]["sums"].update(total_paise=1), "invoices.total_paise"),
        (lambda it: it["audit"][0].update(seq=99), "audit trail of book 0"),
        (lambda it: it["tables"].pop("items"), "items is not expected"),
    ],
)
def test_what_differs_from_the_manifest_is_named(books: Invo, change: Any, named: str) -> None:
    backup = back_up(books)
    manifest = json.loads(manifest_of(backup).read_text(encoding="utf-8"))
    change(manifest)
    manifest_of(backup).write_text(json.dumps(manifest), encoding="utf-8")
    row = proof(books, backup)
    assert any(named in finding for finding in row["findings"]), row


def test_books_that_were_altered_before_the_backup_are_found_in_it(books: Invo, database_url: URL) -> None:
    with facts.connect(database_url, writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE number_counters SET last_serial = last_serial + 1"))
    row = proof(books, back_up(books))
    assert any("missing 3" in finding for finding in row["findings"]), row


def test_while_one_backup_is_made_another_ends_with_7(books: Invo, home: Path) -> None:
    back_up(books)
    with (home / "backups" / ".invo-backup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = books("db", "backup")
    assert done.exit_code == 7
    assert "Another backup" in done.stderr
    back_up(books)


def test_a_killed_backup_leaves_nothing_under_a_final_name(books: Invo, home: Path) -> None:
    folder = home / "backups"
    for delay in (0.35, 0.5, 0.65):
        process = subprocess.Popen(command("db", "backup"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    for backup in folder.glob("invo-*.zst"):
        assert proof(books, backup)["ok"]
    (folder / ".invo-backup-scratch").mkdir(parents=True, exist_ok=True)
    (folder / ".invo-backup-scratch" / "payload").write_text("half")
    (folder / ".invo-x.sqlite.zst.invo-part").write_text("half")
    back_up(books)
    assert [path.name for path in folder.glob(".*")] == [".invo-backup.lock"]


def test_a_full_disk_leaves_nothing_under_a_final_name(books: Invo, home: Path) -> None:
    # Files may not grow beyond 4 KiB: what the system says then is what it says when the disk is full.
    done = subprocess.run(command("db", "backup", limit="ulimit -f 4;"), capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    assert "Traceback" not in done.stderr
    assert list((home / "backups").glob("invo-*")) == []
    assert proof(books, back_up(books))["ok"]


@pytest.mark.parametrize("role", ["operator", "accountant", "exporter"])
def test_only_who_manages_the_system_makes_backups(books: Invo, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = books("token", "create", "--name", role, "--role", role, "--expires", "90d", "-o", "json")
    monkeypatch.setenv("INVO_TOKEN", json.loads(done.stdout)["token"])
    for arguments in (["backup"], ["backup", "prune", "--keep", "1d"]):
        assert books("db", *arguments).exit_code == 6
    monkeypatch.delenv("INVO_TOKEN")
    assert books("db", "backup", env={"INVO_HOME": "elsewhere"}).exit_code == 6


def test_the_last_five_backups_before_upgrades_are_kept(
    books: Invo, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, made = back_up(books), []
    for minute in range(7):
        monkeypatch.setenv("INVO_NOW", f"2026-10-05T13:0{minute}:00+05:30")
        made.append(backup_before(f"upgrade {minute}"))
    left = {path for path in (home / "backups").iterdir() if path.name.startswith("invo-")}
    kept = [asked, *made[2:]]
    assert left == {path for one in kept if one for path in (one, manifest_of(one))}
    rows = json.loads(books("db", "backup", "prune", "--keep", "1d", "-o", "json").stdout)
    assert rows == []


def test_there_is_nothing_to_back_up_before_there_are_tables(empty_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVO_DATABASE_URL", empty_url.render_as_string(hide_password=False))
    get_settings.cache_clear()
    assert backup_before("upgrade") is None


def test_an_older_revision_is_backed_up_too(invo: Invo) -> None:
    assert invo("db", "downgrade", REVISIONS[-2], "--yes").exit_code == 0
    backup = back_up(invo)
    row = proof(invo, backup)
    assert (row["ok"], row["revision"]) == (True, REVISIONS[-2])


@pytest.mark.parametrize("keep", ["", "7", "7x", "0d", "7d,7d", "7d;4w", "-1d", "٣d", "99999d"])
def test_rules_that_cannot_be_read_are_refused_before_anything_is_done(books: Invo, keep: str, home: Path) -> None:
    assert books("db", "backup", "--keep", keep).exit_code == 3
    assert not (home / "backups").exists()


def test_pruning_shows_what_it_would_remove_and_keeps_the_newest(books: Invo, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for day in ("2026-10-05", "2026-10-06", "2026-10-07"):
        monkeypatch.setenv("INVO_NOW", f"{day}T12:00:00+05:30")
        made.append(back_up(books))
    planned = json.loads(books("db", "backup", "prune", "--keep", "1d", "--dry-run", "-o", "json").stdout)
    assert [row["file"] for row in planned] == [str(path) for path in made[:2]]
    assert all(path.exists() for path in made)
    assert books("db", "backup", "--keep", "2d").exit_code == 0
    rows = json.loads(books("db", "backup", "list", "-o", "json").stdout)
    assert len(rows) == 2
    assert not made[0].exists()


@pytest.mark.parametrize("command", ["list", "prune"])
@pytest.mark.parametrize(("name", "status"), [("nowhere", 4), ("a file", 3)])
def test_a_folder_that_is_none_is_no_empty_folder(
    books: Invo, command: str, name: str, status: int, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    rules = ["--keep", "1d"] if command == "prune" else []
    assert books("db", "backup", command, str(tmp_path / name), *rules).exit_code == status


def _server_version(url: URL) -> int:
    with engine_for(url.render_as_string(hide_password=False)).connect() as connection:
        return int(connection.exec_driver_sql("SHOW server_version_num").scalar() or 0) // 10_000
