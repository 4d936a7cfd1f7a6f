"""Disks that are full, file systems that may only be read: exit 7, nothing half done, and the next run works."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.conftest import ON_POSTGRESQL, Invo
from tests.faults.books import Books, differences, home, leftovers
from tests.faults.conftest import ASHA, LINE
from tests.faults.running import Zygote
from tests.faults.test_kills import WORKS, files

__all__ = ["files"]
pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="the disk of the server is its own affair")
ISSUE = ("invoice", "create", *ASHA, "--line", LINE, "-o", "name")
NAMES = [name for name in WORKS if name not in ("credit note", "cancel")]
LIMITS = [4_096, 60_000, *(pytest.param(size, marks=pytest.mark.performance) for size in range(8_192, 400_000, 8_192))]


@sqlite_only
@pytest.mark.parametrize("limit", LIMITS)
def test_work_that_does_not_fit_on_the_disk_is_not_done(
    limit: int, shop: Invo, books: Books, zygote: Zygote, files: Path
) -> None:
    for name in NAMES:
        work = WORKS[name]
        for command in work.before:
            zygote.run(*command, folder=files).require(0)
        kept, before = books.keep(), books.state()
        done = zygote.run(*work.command, fault=f"fsize:{limit}", folder=files).require(0, 7, 9)
        if done.status:
            found = books.state()
            assert found == before or work.between, (name, differences(found, before))
            assert done.stdout == "" or work.between
        books.check(shop)
        zygote.run(*work.command, folder=files).require(0, 2)
        books.put_back(kept)
    assert not leftovers(files, home())


@pytest.mark.parametrize(
    "command",
    [
        ("export", "lines", "--out", "out/lines.csv", "--force"),
        ("export", "invoices", "--out", "out/all.xlsx", "--force"),
        ("export", "audit", "--since-last", "j", "--out", "out/j.jsonl", "--force"),
        ("db", "backup", "--out", "out"),
    ],
    ids=["csv", "xlsx", "job", "backup"],
)
def test_a_file_that_does_not_fit_is_not_made(
    command: tuple[str, ...], shop: Invo, books: Books, zygote: Zygote, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for limit in (500, 3_000):
        done = zygote.run(*command, fault=f"fsize:{limit}", folder=tmp_path)
        if done.status == 0:
            continue
        done.require(7)
        assert not [path.name for path in out.iterdir() if not path.name.startswith(".")]
        assert not leftovers(out)
    zygote.run(*command, folder=tmp_path).require(0)
    books.check(shop)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = _mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    if mounted is None:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _mount(*arguments: str) -> bool | None:
    program = shutil.which("mount")
    if program is None or os.geteuid() != 0:
        return None
    return True if subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0 else None


@sqlite_only
def test_a_disk_that_becomes_full_holds_the_books_and_goes_on_once_there_is_space(
    shop: Invo, books: Books, zygote: Zygote, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(str(books.url.database), small / "invo.db")
    moved = Books(URL.create("sqlite", database=str(small / "invo.db")), small)
    monkeypatch.setenv("INVO_DATABASE_URL", f"sqlite:///{small}/invo.db")
    ballast = small / "ballast"
    for spare in (0, 8_192, 40_000):
        before = moved.state()
        moved.engine.dispose()
        _fill(ballast, spare)
        done = zygote.run(*ISSUE).require(0, 7)
        ballast.unlink()
        assert done.status == 0 or moved.state() == before
        zygote.run(*ISSUE).require(0)
        moved.check(shop)
    moved.engine.dispose()


def _fill(ballast: Path, spare: int) -> None:
    """Take all the space there is but some bytes."""
    free = os.statvfs(ballast.parent)
    with ballast.open("wb") as out:
        out.write(b"\0" * max(0, free.f_bavail * free.f_frsize - spare))


def test_an_export_onto_a_full_disk_is_exit_7_and_keeps_the_old_file(books: Books, zygote: Zygote, small: Path) -> None:
    (small / "all.csv").write_bytes(b"old")
    _fill(small / "ballast", 0)
    command = ("export", "invoices", "--out", str(small / "all.csv"), "--force")
    done = zygote.run(*command).require(7)
    assert str(small / "all.csv") in done.stderr
    assert (small / "all.csv").read_bytes() == b"old"
    assert not leftovers(small)
    (small / "ballast").unlink()
    zygote.run(*command).require(0)


def test_a_file_system_that_may_only_be_read_refuses_and_keeps_its_files(
    shop: Invo, books: Books, zygote: Zygote, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "all.csv").write_bytes(b"old")
    if not ON_POSTGRESQL:
        shutil.copy(str(books.url.database), small / "invo.db")
    assert _mount("-o", "remount,ro", str(small))
    for command in (
        ("export", "invoices", "--out", str(small / "all.csv"), "--force"),
        ("export", "invoices", "--since-last", "j", "--out", str(small / "j.jsonl")),
        ("db", "backup", "--out", str(small / "backups")),
    ):
        zygote.run(*command).require(7)
    assert (small / "all.csv").read_bytes() == b"old"
    if not ON_POSTGRESQL:
        monkeypatch.setenv("INVO_DATABASE_URL", f"sqlite:///{small}/invo.db")
        zygote.run(*ISSUE).require(7)
        assert zygote.run("invoice", "list", "-o", "name").require(0).stdout.count("\n") == 4


@pytest.mark.parametrize("command", [ISSUE, ("invoice", "list"), ("audit", "list", "-o", "json")], ids=" ".join)
def test_a_full_output_is_never_success(command: tuple[str, ...], shop: Invo, books: Books, zygote: Zygote) -> None:
    before = books.state()
    done = zygote.run(*command, stdout="/dev/full").require(1, 7)
    assert "cannot be written" in done.stderr
    assert (books.state() == before) == (done.status == 7)
    books.check(shop)


@pytest.mark.parametrize("command", [ISSUE, ("invoice", "list"), ("export", "invoices", "--out", "-")], ids=" ".join)
def test_a_closed_output_is_refused_before_anything_is_done(
    command: tuple[str, ...], books: Books, zygote: Zygote
) -> None:
    before = books.state()
    done = zygote.run(*command, stdout=None).require(7)
    assert "closed" in done.stderr
    assert books.state() == before
