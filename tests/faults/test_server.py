"""The server dies, restarts or cuts the line in the middle of a command: all or nothing, and the next run completes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import URL, make_url

from invo_cli.db.engines import engine_for
from tests.conftest import ON_POSTGRESQL, Invo
from tests.database import migrate
from tests.faults.books import Books, State, differences, leftovers, secret_url
from tests.faults.conftest import ASHA, LINE
from tests.faults.running import CANARY, Zygote
from tests.faults.test_kills import SEED, WORKS, files
from tests.harness.postgres import PostgresCluster

__all__ = ["files"]
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no server"),
]
COMMANDS = {
    "issue": (WORKS["issue"].command, True),
    "import invoices": (WORKS["import invoices"].command, True),
    "export": (("export", "lines", "--out", "lines.csv", "--force"), False),
    "job": (("export", "invoices", "--since-last", "j", "--out", "j.jsonl", "--force"), False),
    "backup": (("db", "backup", "--out", "backups"), False),
    "list": (("invoice", "list", "-o", "json"), False),
}
Fault = Callable[["Server"], None]


class Server:
    """A server whose commits are on the disk, with the books of a shop."""

    def __init__(self, cluster: PostgresCluster) -> None:
        self.cluster, self.url = cluster, make_url(cluster.url())

    def crash(self) -> None:
        """It is killed, and comes back."""
        self.cluster.stop(signal.SIGQUIT)
        self.cluster.start()

    def restart(self) -> None:
        """It is stopped properly, and comes back."""
        self.cluster.stop(signal.SIGINT)
        self.cluster.start()

    def cut(self) -> None:
        """Every connection is ended."""
        self.cluster.execute(
            f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = '{self.url.database}'"
        )

    def go(self) -> None:
        """It is killed, and stays away."""
        self.cluster.stop(signal.SIGQUIT)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with PostgresCluster(durable=True) as cluster:
        found = Server(cluster)
        migrate(found.url)
        yield found


@pytest.fixture(scope="module")
def template(server: Server) -> str:
    """A database at head that nobody uses."""
    server.cluster.execute("CREATE DATABASE at_head TEMPLATE invo_test")
    return "at_head"


@pytest.fixture
def database_url(server: Server, template: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> URL:
    """A new database on the server that will suffer."""
    server.cut()
    server.cluster.execute("DROP DATABASE invo_test WITH (FORCE)")
    server.cluster.execute(f"CREATE DATABASE invo_test TEMPLATE {template}")
    monkeypatch.setenv("INVO_DATABASE_URL", secret_url(server.url, CANARY))
    engine_for(secret_url(server.url, CANARY)).dispose()
    return server.url


CASES = [
    *((fault, name, 1) for fault, name in ((Server.crash, "issue"), (Server.restart, "job"), (Server.cut, "export"))),
    *(
        pytest.param(fault, name, 4, marks=pytest.mark.performance)
        for fault in (Server.crash, Server.restart, Server.cut)
        for name in COMMANDS
    ),
]


@pytest.mark.parametrize(("fault", "name", "times"), CASES)
def test_what_was_acknowledged_is_kept_and_nothing_is_half(
    fault: Fault, name: str, times: int, server: Server, shop: Invo, books: Books, zygote: Zygote, files: Path
) -> None:
    command, is_atomic = COMMANDS[name]
    kept, before = books.keep(), books.state()
    instants = zygote.instants(*command, folder=files)
    after = books.state()
    for instant in sorted(Random(f"{SEED} {name} {fault.__name__}").sample(range(1, instants), times)):
        said = f"INVO_TEST_SEED={SEED}: {name}, {fault.__name__} at {instant} of {instants}"
        books.put_back(kept)
        run = zygote.start(*command, fault=f"stop:{instant}", folder=files)
        assert run.is_halted(), said
        fault(server)
        books.engine.dispose()
        engine_for(secret_url(server.url, CANARY)).dispose()
        run.go_on()
        done = run.end().require(0, 7)
        _require_whole(books, is_atomic, done.status, before, after, said)
        books.check(shop)
        zygote.run(*command, folder=files).require(0)
        assert not leftovers(files), said
        if is_atomic:
            assert books.state() == after, (said, differences(books.state(), after))


def _require_whole(books: Books, is_atomic: bool, status: int, before: State, after: State, said: str) -> None:
    if is_atomic:
        found = books.state()
        assert found in ([after] if status == 0 else [before, after]), (said, differences(found, after))


def test_a_server_that_stays_away_is_exit_7_and_the_next_run_issues_the_next_number(
    server: Server, shop: Invo, books: Books, zygote: Zygote
) -> None:
    command = ("invoice", "create", *ASHA, "--line", LINE, "-o", "name")
    run = zygote.start(*command, fault=f"stop:{zygote.instants(*command) // 2}")
    assert run.is_halted()
    server.go()
    run.go_on()
    done = run.end()
    server.cluster.start()
    engine_for(secret_url(server.url, CANARY)).dispose()
    books.engine.dispose()
    done.require(7)
    assert zygote.run(*command).require(0).stdout == "INV/26-27/0004\n"
    books.check(shop)
