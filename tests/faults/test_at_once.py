"""Two at once, and what the dead left behind: the second waits or is told, and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from invo_cli.db.head import HEAD, REVISIONS
from tests.conftest import Invo
from tests.export_jobs.consumer import Consumer
from tests.faults.books import Books, home, leftovers
from tests.faults.running import KILLED, Run, Zygote

pytestmark = pytest.mark.integration
BUSY = 7


def stopped_where(zygote: Zygote, seen: Path, pattern: str, *command: str) -> Run:
    """A run that has been stopped at the first of a few instants at which a file is there."""
    instants = zygote.instants(*command)
    for part in range(16, 40):
        run = zygote.start(*command, fault=f"stop:{instants * part // 40}")
        if run.is_halted() and any(seen.glob(pattern)):
            return run
        run.send(signal.SIGKILL)
        run.end()
    raise AssertionError(f"{command} never had {pattern}")


def test_two_exports_to_the_same_file_write_one_whole_file(books: Books, zygote: Zygote, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = ("export", "lines", "--out", str(out / "lines.csv"), "--force")
    zygote.run(*command).require(0)
    whole = (out / "lines.csv").read_bytes()
    first = stopped_where(zygote, out, ".*invo-part", *command)
    assert "Another run" in zygote.run(*command).require(BUSY).stderr
    assert (out / "lines.csv").read_bytes() == whole
    first.go_on()
    first.end().require(0)
    assert (out / "lines.csv").read_bytes() == whole
    assert not leftovers(out)


def test_what_an_export_left_that_was_killed_is_swept_by_the_next(books: Books, zygote: Zygote, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = ("export", "lines", "--out", str(out / "lines.csv"), "--force")
    first = stopped_where(zygote, out, ".*invo-part", *command)
    first.send(signal.SIGKILL)
    assert first.end().status == KILLED
    assert leftovers(out)
    zygote.run(*command).require(0)
    assert not leftovers(out)


def test_two_backups_into_one_folder(books: Books, zygote: Zygote, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    command = ("db", "backup", "--out", str(folder))
    first = stopped_where(zygote, folder, ".invo-backup-scratch", *command)
    assert "Another backup" in zygote.run(*command).require(BUSY).stderr
    first.go_on()
    first.end().require(0)
    zygote.run(*command).require(0)
    listed = json.loads(zygote.run("db", "backup", "list", str(folder), "-o", "json").require(0).stdout)
    assert {row["status"] for row in listed} == {"ok"}
    assert not leftovers(folder)


def test_two_runs_of_a_job(shop: Invo, books: Books, zygote: Zygote, tmp_path: Path) -> None:
    receiver = Consumer("invoices", tmp_path)
    receiver.pull(shop)
    shop("invoice", "issue", "--all-drafts", "-q")
    instants = zygote.instants(*receiver.command)
    receiver.apply()
    shop("invoice", "cancel", "D-3", "--reason", "Twice", "-q")
    first = zygote.start(*receiver.command, fault=f"stop:{instants * 6 // 10}")
    assert first.is_halted()
    second = zygote.run(*receiver.command).require(0, BUSY)
    if second.status == 0:
        receiver.apply()
    first.go_on()
    if first.end().require(0, 5, BUSY).status == 0:
        receiver.apply()
    receiver.pull(shop)
    receiver.pull(shop)
    receiver.require_same(shop)


def test_locks_of_dead_processes_hold_nobody_up(books: Books, zygote: Zygote, tmp_path: Path, shop: Invo) -> None:
    receiver = Consumer("invoices", tmp_path)
    for command in (receiver.command, ("db", "backup", "--out", str(tmp_path)), ("export", "lines", "--out", "-")):
        zygote.run(*command).require(0)
        instants = zygote.instants(*command)
        for tenth in (5, 8):
            assert zygote.run(*command, fault=f"kill:{instants * tenth // 10}").status == KILLED
        zygote.run(*command).require(0)
    assert not leftovers(tmp_path, home())
    books.check(shop)


def test_two_upgrades_at_once(shop: Invo, books: Books, zygote: Zygote) -> None:
    zygote.run("db", "downgrade", REVISIONS[-3], "--yes", "-q").require(0)
    both = [zygote.start("db", "upgrade", "-q") for _ in range(2)]
    for run in both:
        run.end().require(0)
    assert json.loads(zygote.run("db", "current", "-o", "json").require(0).stdout)["revision"] == HEAD
    books.check(shop)


def test_a_writer_that_was_stopped_holds_others_up_only_until_it_is_dead(
    shop: Invo, books: Books, zygote: Zygote
) -> None:
    """A process that died in its transaction leaves no lock."""
    command = ("invoice", "issue", "D-3", "-o", "name")
    kept = books.keep()
    instants = zygote.instants(*command)
    books.put_back(kept)
    run = zygote.start(*command, fault=f"stop:{instants // 2}")
    assert run.is_halted()
    other = zygote.start("invoice", "issue", "D-4", "-o", "name")
    os.kill(run.pid, signal.SIGKILL)
    assert run.end().status == KILLED
    assert other.end().require(0).stdout == "INV/26-27/0003\n"
    books.check(shop)
