"""Ctrl-C and TERM at random instants: rolled back or done, told in one line, and nothing lies about afterwards."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import URL

from tests.conftest import Invo
from tests.faults.books import Books, differences, home, leftovers
from tests.faults.running import Zygote
from tests.faults.test_killed_files import elsewhere
from tests.faults.test_kills import SEED, WORKS, files

__all__ = ["files"]
pytestmark = pytest.mark.integration
STATUS = {"int": 130, "term": 143}
COMMANDS = {
    "issue": (WORKS["issue"].command, True),
    "all drafts": (WORKS["all drafts"].command, False),
    "import invoices": (WORKS["import invoices"].command, True),
    "payment": (WORKS["payment"].command, True),
    "export": (("export", "lines", "--out", "lines.csv", "--force"), False),
    "job": (("export", "invoices", "--since-last", "j", "--out", "j.jsonl", "--force"), False),
    "backup": (("db", "backup", "--out", "backups"), False),
    "list": (("invoice", "list", "-o", "json"), False),
}


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.performance)], ids=["few", "many"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_stopped_command_cleans_up_behind_itself(
    name: str, times: int, shop: Invo, books: Books, zygote: Zygote, files: Path
) -> None:
    (command, is_atomic), dice = COMMANDS[name], Random(f"{SEED} {name}")
    kept, before = books.keep(), books.state()
    instants = zygote.instants(*command, folder=files)
    after = books.state()
    for instant in sorted(dice.sample(range(1, instants), times)):
        kind = dice.choice(list(STATUS))
        said = f"INVO_TEST_SEED={SEED}: {name} got {kind} at {instant} of {instants}"
        books.put_back(kept)
        done = zygote.run(*command, fault=f"{kind}:{instant}", folder=files)
        assert done.status in (STATUS[kind], 0), (said, done)
        done.require(done.status)
        assert done.status == 0 or "Stopped by" in done.stderr, (said, done)
        if is_atomic:
            assert books.state() in (before, after), (said, differences(books.state(), before))
        books.check(shop)
        assert not leftovers(files, home()), said
        zygote.run(*command, folder=files).require(0)


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.performance)], ids=["few", "many"])
def test_a_stopped_restore_removes_the_database_that_it_made(
    times: int, books: Books, zygote: Zygote, tmp_path: Path, database_url: URL
) -> None:
    zygote.run("db", "backup", "--out", str(tmp_path / "backups")).require(0)
    backup = next(path for path in (tmp_path / "backups").glob("invo-*") if path.suffix != ".json")
    made = Books(elsewhere(database_url, tmp_path), tmp_path)
    command = ("db", "restore", str(backup), "--to", made.url.render_as_string(hide_password=False))
    dice, instants = Random(f"{SEED} restore"), zygote.instants(*command)
    try:
        for instant in sorted(dice.sample(range(1, instants), times)):
            made.remove()
            kind = dice.choice(list(STATUS))
            said = f"INVO_TEST_SEED={SEED}: restore got {kind} at {instant} of {instants}"
            done = zygote.run(*command, fault=f"{kind}:{instant}").require(STATUS[kind], 0)
            # Stopped while it told what it had done, the database is whole and stays.
            assert not made.exists() or zygote.run(*command).status == 5, (said, done)
            assert not leftovers(tmp_path, home()), said
    finally:
        made.remove()
