"""What identity costs: a sign-in against one bare bcrypt, and the rights of any other command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks import books, measure

COST = 12
PASSWORD, WRONG = "correct horse", "wrong horse"
RUNS = 300


def run() -> None:
    """Measure both in this process, in round robin, by CPU time."""
    _sign_in()
    with TemporaryDirectory(prefix="invo-bench-") as folder:
        _rights(books.prepare(Path(folder)))


def _sign_in() -> None:
    import bcrypt

    from invo_cli.services.identity import passwords

    kept = passwords.hash_password(PASSWORD, rounds=COST)
    data, stored = PASSWORD.encode(), kept.encode()
    tries: dict[str, Callable[[], bool]] = {
        "bare bcrypt.checkpw": lambda: bcrypt.checkpw(data, stored),
        "the right password": lambda: passwords.matches(PASSWORD, kept, rounds=COST),
        "a wrong password": lambda: passwords.matches(WRONG, kept, rounds=COST),
        "an unknown user": lambda: passwords.matches(WRONG, None, rounds=COST),
    }
    found: dict[str, measure.Seconds] = {name: [] for name in tries}
    for _ in range(measure.ROUNDS):
        for name, attempt in tries.items():
            found[name].append(_spent(attempt))
    bare = found["bare bcrypt.checkpw"]
    rows = [(name, f"{1000 * median(spent):.0f}", f"{measure.ratio(spent, bare):.2f}") for name, spent in found.items()]
    measure.show(f"Sign-in: CPU of looking at a password, bcrypt of cost {COST}", ("try", "ms", "x bare"), rows)


def _rights(url: str) -> None:
    os.environ["INVO_DATABASE_URL"] = url
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    from invo_cli import clock
    from invo_cli.db import session as sessions
    from invo_cli.services.access import OWNER, Right, admitting, attach, guarding
    from invo_cli.services.acting import Act
    from invo_cli.services.identity import passwords, sign_ins
    from invo_cli.services.users import create

    now = clock.now()
    act = Act(actor="asha", os_user="asha", host="here", at=now, today=clock.today())
    kept = passwords.hash_password(PASSWORD, rounds=4)

    def sign_in(session: Session) -> str:
        attach(session, OWNER)
        create(session, act=act, name="asha", role="admin", password_hash=kept)
        return sign_ins.succeed(session, sign_ins.begin(session, "asha", act=act), act=act, rehash=None).secret

    secret = sessions.write(sign_in)
    queries: list[str] = []
    event.listen(sessions.database(), "before_cursor_execute", lambda *given: queries.append(given[2]))

    def admitted() -> None:
        with sessions.snapshot() as session:
            queries.clear()
            spent.append(_spent(lambda: guarding.require(admitting.admit(session, secret, now=now), Right.USER_MANAGE)))
            counted.append(len(queries))

    spent: measure.Seconds = []
    counted: list[int] = []
    for _ in range(RUNS):
        admitted()
    rows = [
        ("first of a process", f"{1000 * spent[0]:.2f}", str(counted[0]), "5"),
        ("median of the others", f"{1000 * median(spent[1:]):.2f}", str(max(counted[1:])), "5"),
    ]
    measure.show("Rights of a command: CPU, SQLite", ("run", "ms", "queries", "ms at most"), rows)


def _spent(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start
