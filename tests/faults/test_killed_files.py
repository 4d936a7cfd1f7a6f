"""SIGKILL at random instants while files are written: the old file or the new one, never a half; nothing left over."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import URL

from tests.conftest import ON_POSTGRESQL, Invo
from tests.export_jobs.consumer import Consumer
from tests.faults.books import Books, leftovers, without
from tests.faults.conftest import ASHA, LINE
from tests.faults.running import KILLED, Zygote
from tests.faults.test_kills import KILLS, SEED

pytestmark = pytest.mark.integration
ISSUE = ("invoice", "create", *ASHA, "--line", LINE, "-q")


def instants(name: str, kills: int, zygote: Zygote, *command: str) -> list[int]:
    """Random instants of a command, which is run once to count them."""
    return Random(f"{SEED} {name}").sample(range(1, zygote.instants(*command)), kills)


@pytest.mark.parametrize("kills", KILLS, ids=["few", "many"])
@pytest.mark.parametrize("name", ["all.csv", "all.jsonl.gz", "all.xlsx"])
def test_a_killed_export_leaves_the_old_file(
    name: str, kills: int, books: Books, zygote: Zygote, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = ("export", "invoices", "--out", str(out / name), "--force")
    moments = instants(name, kills, zygote, *command)
    new = (out / name).read_bytes()
    for instant in moments:
        (out / name).write_bytes(b"old")
        assert zygote.run(*command, fault=f"kill:{instant}").status in (KILLED, 0)
        assert (out / name).read_bytes() in (b"old", new), f"INVO_TEST_SEED={SEED}: killed at {instant}"
        zygote.run(*command).require(0)
        assert (out / name).read_bytes() == new
        assert {path.name for path in out.iterdir()} == {name}


@pytest.mark.parametrize("kills", KILLS, ids=["few", "many"])
def test_a_killed_run_of_a_job_is_made_good_by_the_next(
    kills: int, shop: Invo, books: Books, zygote: Zygote, tmp_path: Path, home: Path
) -> None:
    receiver = Consumer("invoices", tmp_path)
    receiver.pull(shop)
    shop(*ISSUE)
    moments = instants("job", kills, zygote, *receiver.command)
    receiver.apply()
    for instant in moments:
        shop(*ISSUE)
        assert zygote.run(*receiver.command, fault=f"kill:{instant}").status in (KILLED, 0)
        books.be_left_alone()
        receiver.pull(shop)
        receiver.pull(shop)
        receiver.require_same(shop)
    assert not leftovers(tmp_path)
    books.check(shop)


@pytest.mark.parametrize("kills", KILLS, ids=["few", "many"])
def test_a_killed_backup_leaves_whole_backups_only(
    kills: int, shop: Invo, books: Books, zygote: Zygote, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    command = ("db", "backup", "--out", str(folder))
    moments = instants("backup", kills, zygote, *command)
    for instant in moments:
        before = set(folder.iterdir())
        assert zygote.run(*command, fault=f"kill:{instant}").status in (KILLED, 0)
        for made in sorted(set(folder.glob("invo-*")) - before):
            if made.suffix != ".json":
                zygote.run("db", "backup", "verify", str(made)).require(0)
        zygote.run(*command).require(0)
        assert not leftovers(folder), f"INVO_TEST_SEED={SEED}: killed at {instant}"
        rows = zygote.run("db", "backup", "list", str(folder), "-o", "json").require(0)
        assert "missing" not in rows.stdout
    books.check(shop)


@pytest.mark.parametrize("kills", KILLS, ids=["few", "many"])
@pytest.mark.parametrize("way", ["restore", "copy"])
def test_a_killed_restore_or_copy_is_made_good_by_the_next(
    way: str, kills: int, books: Books, zygote: Zygote, tmp_path: Path, database_url: URL
) -> None:
    zygote.run("db", "backup", "--out", str(tmp_path / "backups")).require(0)
    backup = next(path for path in (tmp_path / "backups").glob("invo-*") if path.suffix != ".json")
    state = books.state()
    restored = Books(elsewhere(database_url, tmp_path), tmp_path)
    source = {"restore": (str(backup),), "copy": ("--from", os.environ["INVO_DATABASE_URL"])}[way]
    command = ("db", way, *source, "--to", restored.url.render_as_string(hide_password=False))
    try:
        moments = instants(way, kills, zygote, *command)
        assert without(restored.state(), "audit_events", "books") == without(state, "audit_events", "books")
        for instant in moments:
            restored.remove()
            assert zygote.run(*command, fault=f"kill:{instant}").status in (KILLED, 0)
            said = f"INVO_TEST_SEED={SEED}: killed at {instant}"
            _complete(zygote, command)
            found = without(restored.state(), "audit_events", "books")
            assert found == without(state, "audit_events", "books"), said
    finally:
        restored.remove()


def _complete(zygote: Zygote, command: tuple[str, ...]) -> None:
    """Run the restore again; refused when the killed one was whole: then the books can be opened."""
    if zygote.run(*command).require(0, 5).status == 5:
        usual = os.environ["INVO_DATABASE_URL"]
        os.environ["INVO_DATABASE_URL"] = command[-1]
        zygote.run("invoice", "list").require(0)
        os.environ["INVO_DATABASE_URL"] = usual


def elsewhere(url: URL, folder: Path) -> URL:
    """A database that is not there, on the same engine."""
    if ON_POSTGRESQL:
        return url.set(database=f"{url.database}_restored")
    return url.set(database=str(folder / "restored.db"))
