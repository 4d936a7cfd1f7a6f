"""read, write and stream on a database that is locked, lost, away or read-only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from invo_cli.db import engines
from invo_cli.db import session as sessions
from invo_cli.db.engines import engine_for
from invo_cli.db.faults import OutcomeUnknownError
from invo_cli.db.session import read, stream, write
from invo_cli.errors import ConflictError, UnavailableError
from invo_cli.settings import get_settings
from tests.conftest import ON_POSTGRESQL
from tests.db.schema_facts import connect

pytestmark = pytest.mark.integration
sqlite_only = pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite files")
postgresql_only = pytest.mark.skipif(not ON_POSTGRESQL, reason="about the server")
COUNT = "UPDATE books SET last_item_no = last_item_no + 1 WHERE business_id = 0"
READ_COUNT = "SELECT last_item_no FROM books WHERE business_id = 0"


@pytest.fixture(autouse=True)
def database(database_url: URL) -> Iterator[URL]:
    """The database of this test, also for functions that are called without a command around them."""
    get_settings.cache_clear()
    yield database_url
    get_settings.cache_clear()


def count(session: Session) -> int:
    return int(session.execute(text(READ_COUNT)).scalar_one())


def add(session: Session) -> None:
    session.execute(text(COUNT))


def hold(url: URL, statement: str, started: threading.Event, release: threading.Event) -> None:
    """Keep a lock until told otherwise."""
    with connect(url, writes=True) as connection, connection.begin():
        connection.exec_driver_sql(statement)
        started.set()
        release.wait(20)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt waits a tenth of a second."""
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 100)
    monkeypatch.setattr(sessions, "LOCK_TIMEOUT", "100ms")


@pytest.fixture
def locked(database: URL) -> Iterator[threading.Event]:
    """The row that every writer needs is locked by somebody else until the event is set."""
    started, release = threading.Event(), threading.Event()
    holder = threading.Thread(target=hold, args=(database, COUNT, started, release))
    holder.start()
    assert started.wait(10)
    yield release
    release.set()
    holder.join()


def test_what_was_written_is_read(database: URL) -> None:
    write(add)
    assert read(count) == 1
    assert list(stream(lambda session: iter([count(session)]))) == [1]


def test_a_dry_run_returns_its_result_and_keeps_nothing(database: URL) -> None:
    def work(session: Session) -> int:
        add(session)
        return count(session)

    assert write(work, dry_run=True) == 1
    assert read(count) == 0


def test_a_refusal_inside_the_work_rolls_everything_back(database: URL) -> None:
    def work(session: Session) -> None:
        add(session)
        raise ConflictError("No.")

    with pytest.raises(ConflictError):
        write(work)
    assert read(count) == 0


def test_a_read_cannot_write_on_a_server(database: URL) -> None:
    if not ON_POSTGRESQL:
        pytest.skip("SQLite transactions are not marked read-only")
    with pytest.raises(UnavailableError, match="only be read"):
        read(add)


def test_a_write_waits_for_a_lock_by_trying_again(impatient: None, locked: threading.Event) -> None:
    attempts: list[int] = []

    def work(session: Session) -> int:
        attempts.append(1)
        add(session)
        return count(session)

    threading.Timer(0.35, locked.set).start()
    assert write(work) == 2
    # On SQLite the lock is refused before the work is called.
    assert len(attempts) == 1 or ON_POSTGRESQL


def test_a_lock_that_stays_is_exit_7(impatient: None, locked: threading.Event) -> None:
    with pytest.raises(UnavailableError, match="locked by another run") as refusal:
        write(add)
    assert refusal.value.exit_status == 7


def test_reading_does_not_wait_for_writers(locked: threading.Event) -> None:
    assert read(count) == 0


def test_a_row_that_is_there_already_is_a_conflict(database: URL) -> None:
    attempts: list[int] = []

    def work(session: Session) -> None:
        attempts.append(1)
        session.execute(text("INSERT INTO books (business_id, last_audit_hash) VALUES (0, '')"))

    with pytest.raises(ConflictError):
        write(work)
    assert attempts == [1]


@postgresql_only
def test_a_deadlock_is_resolved_by_running_one_of_the_two_again(database: URL) -> None:
    write(lambda session: session.execute(text("INSERT INTO books (business_id, last_audit_hash) VALUES (1, '')")))
    both = threading.Barrier(2)
    attempts: list[int] = []

    def crossing(first: int, second: int) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            attempts.append(first)
            for place in first, second:
                session.execute(
                    text("UPDATE books SET last_item_no = last_item_no + 1 WHERE business_id = :at"), {"at": place}
                )
                if len(attempts) <= 2 and place == first:
                    both.wait(10)

        return work

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, crossing(0, 1)), pool.submit(write, crossing(1, 0))]:
            done.result(30)
    assert len(attempts) == 3
    assert read(count) == 2


@postgresql_only
def test_a_serialization_failure_is_run_again(database: URL) -> None:
    with connect(database) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
            f'ALTER DATABASE "{database.database}" SET default_transaction_isolation = serializable'
        )
    engine_for(database.render_as_string(hide_password=False)).dispose()
    both = threading.Barrier(2)
    attempts: list[int] = []

    def work(session: Session) -> None:
        seen = count(session)
        attempts.append(seen)
        if len(attempts) <= 2:
            both.wait(10)
        session.execute(text("UPDATE books SET last_item_no = :n WHERE business_id = 0"), {"n": seen + 1})

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, work), pool.submit(write, work)]:
            done.result(30)
    assert read(count) == 2
    assert attempts == [0, 0, 1]


def cut(session: Session, url: URL) -> None:
    """End the server's side of a session."""
    pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    engine = engine_for(url.set(database="postgres").render_as_string(hide_password=False))
    with engine.connect() as other:
        assert other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid}).scalar()
    engine.dispose()


@postgresql_only
def test_work_whose_connection_is_lost_is_run_again_once(database: URL) -> None:
    attempts: list[int] = []

    def work(session: Session) -> int:
        attempts.append(1)
        add(session)
        if len(attempts) == 1:
            cut(session, database)
        add(session)
        return count(session)

    assert write(work) == 2
    assert attempts == [1, 1]


@postgresql_only
def test_a_read_whose_connection_is_lost_is_run_again_once(database: URL) -> None:
    attempts: list[int] = []

    def work(session: Session) -> int:
        attempts.append(1)
        if len(attempts) == 1:
            cut(session, database)
        return count(session)

    assert read(work) == 0
    assert attempts == [1, 1]


@postgresql_only
def test_a_connection_lost_while_committing_leaves_the_outcome_open(database: URL) -> None:
    engine = engine_for(database.render_as_string(hide_password=False))
    opened: list[Session] = []

    def work(session: Session) -> None:
        opened.append(session)
        add(session)

    def just_before(connection: object) -> None:
        cut(opened[0], database)

    event.listen(engine, "commit", just_before)
    try:
        with pytest.raises(OutcomeUnknownError) as refusal:
            write(work)
    finally:
        event.remove(engine, "commit", just_before)
    assert len(opened) == 1
    assert (refusal.value.exit_status, refusal.value.error_code) == (7, "outcome_unknown")
    assert read(count) == 0


@postgresql_only
def test_time_limits_end_with_the_transaction(database: URL) -> None:
    def limits(session: Session) -> tuple[str, ...]:
        show = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), pg_backend_pid()"
        return tuple(str(value) for value in session.execute(text(show)).one())

    lock, statement, backend = write(limits)
    assert (lock, statement) == ("10s", "1min")
    with connect(database) as connection, Session(connection) as session:
        assert limits(session) == ("0", "0", backend)
    assert next(stream(lambda session: iter([limits(session)]), patient=True))[:2] == ("0", "0")


def prepared_statements(url: URL) -> int:
    with connect(url) as connection:
        for _ in range(12):
            connection.exec_driver_sql(READ_COUNT)
        return int(connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one())


@postgresql_only
def test_behind_a_transaction_pooler_nothing_is_prepared_and_nothing_is_kept(database: URL) -> None:
    pooled = database.update_query_dict({"pool_mode": "transaction"})
    assert prepared_statements(database) > 0
    assert prepared_statements(pooled) == 0
    assert engine_for(pooled.render_as_string(hide_password=False)).pool.status() == "NullPool"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_who_stops_a_run_is_heard_though_giving_up_fails(stop: type[BaseException]) -> None:
    def work(opened: Session) -> None:
        try:
            raise stop
        finally:
            opened.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(stop):
        write(work)
    with pytest.raises(stop):
        read(work)
