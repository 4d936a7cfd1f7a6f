"""The door to the books: every command reads and writes through here, as somebody who was let in.

Who it is is asked once a run, with one query; the services then demand their rights of the session. Where a replica is
set, reports, lists and exports read there, and everything else on the primary, which also says who it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from invo_cli import clock
from invo_cli.commands import credentials, run_log, standby
from invo_cli.errors import DeniedError, InvoError, UnavailableError
from invo_cli.views import remarks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from invo_cli.db.replicas import Replica
    from invo_cli.services.access import Principal

T = TypeVar("T")
_LATE = "What is shown is up to {:.0f} seconds old: the replica is behind."
_known: ContextVar[Principal | None] = ContextVar("who is known in this run", default=None)


def read(work: Callable[[Session], T]) -> T:
    """Run `work` in one read-only transaction, as `db.session.read` does, for who was let in."""
    from invo_cli.db import session

    replica = _replica_of_run()
    with _noting():
        return session.read(lambda opened: work(_let_in(opened)), replica)


def write(work: Callable[[Session], T], *, dry_run: bool = False) -> T:
    """Run `work` in one writing transaction, as `db.session.write` does, for who was let in."""
    from invo_cli.db import session

    with _noting():
        return session.write(lambda opened: work(_let_in(opened)), dry_run=dry_run)


def stream(work: Callable[[Session], Iterator[T]], *, patient: bool = False) -> Iterator[T]:
    """Yield the rows of `work` from one snapshot, as `db.session.stream` does, for who was let in."""
    from invo_cli.db import session

    replica = _replica_of_run()
    with _noting():
        yield from session.stream(lambda opened: work(_let_in(opened)), patient=patient, replica=replica)


@contextmanager
def snapshot() -> Iterator[Session]:
    """A read-only session as of `db.session.snapshot`, of the replica if there is one, for who was let in."""
    from invo_cli.db import session
    from invo_cli.services.access import attach

    principal, replica = who(), _replica()
    with _noting(), session.snapshot(replica) as opened:
        attach(opened, principal)
        yield opened


def who() -> Principal:
    """Who runs this command; DeniedError when nobody may."""
    return _known.get() or _on_the_primary(_principal)


def known() -> Principal | None:
    """Who runs this command, as far as it has asked."""
    return _known.get()


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the owner of the database within the block; DeniedError for anybody else."""
    from invo_cli.db import ownership, session
    from invo_cli.services.access import OWNER

    session.read(ownership.require)

    token = _known.set(OWNER)
    try:
        yield
    finally:
        _known.reset(token)


def forget() -> None:
    """Ask again at the next transaction: another run begins, or somebody signed in or out."""
    _known.set(None)


def _let_in(session: Session) -> Session:
    from invo_cli.services.access import admitting, attach

    principal = _known.get() or admitting.admit(session, credentials.secret(), now=clock.now())
    _known.set(principal)
    attach(session, principal)
    return session


def _replica_of_run() -> Replica | None:
    """The replica for a report or a list; every other command reads on the primary."""
    return _replica() if standby.is_report_or_list(run_log.command().split()) else None


def _replica() -> Replica | None:
    """The replica, if there is one, as of now; whoever may not come in learns it from the primary first."""
    from invo_cli.settings import get_settings

    settings = get_settings()
    if settings.replica_url is None:
        return None
    from invo_cli.db import replicas, session

    engine = replicas.engine(session.database(), settings.replica_url)
    primary = _on_the_primary(replicas.position)
    return replicas.Replica(
        engine=engine, primary=primary, max_lag=settings.max_lag, late=lambda lag: remarks.warn(_LATE.format(lag))
    )


def _on_the_primary(work: Callable[[Session], T]) -> T:
    from invo_cli.db import session

    with _noting():
        return session.read(lambda opened: work(_let_in(opened)))


def _principal(session: Session) -> Principal:
    from invo_cli.services.access import principal_of

    return principal_of(session)


@contextmanager
def _noting() -> Iterator[None]:
    """Note the use of a sign-in or token, that it has expired or that it lacks a right, after its own transaction.

    A database that cannot be written to is no reason to refuse.
    """
    from invo_cli.db import session
    from invo_cli.services.access import admitting

    was_known, now = _known.get() is not None, clock.now()
    try:
        yield
    except admitting.ExpiredError as error:
        expired = error
        with suppress(UnavailableError):
            session.write(lambda opened: admitting.end_expired(opened, expired, now=now))
        raise
    except DeniedError as error:
        _note_refusal(error)
        raise
    principal = _known.get()
    if principal is not None and not was_known and admitting.is_stale(principal, now):
        with suppress(UnavailableError):
            session.write(lambda opened: admitting.note_use(opened, principal, now=now))


def _note_refusal(error: DeniedError) -> None:
    """Note in the audit trail that somebody who is known lacks a right."""
    from invo_cli.commands import context
    from invo_cli.db import session
    from invo_cli.services import audit_refusals

    principal = _known.get()
    if principal is not None and "right" in error.details:
        act = context.act()
        with suppress(InvoError):
            session.write(lambda opened: audit_refusals.note(opened, principal, error, act=act))
