"""What each process of a race does; loaded once by the server that the processes are forked from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

from sqlalchemy.orm import Session

from invo_cli import clock
from invo_cli.commands.entering import write
from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.reading import read_document
from invo_cli.services import allocations, businesses, customers, invoices, payments, refunds
from invo_cli.services.acting import Act

PROCESSES = 8
TRIES = 3
DONE, REFUSED = "done", "refused"


def race(verb: str, **values: Any) -> Counter[str]:
    """How the attempts of all processes ended, in the database of this environment; each got an answer."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    start, answers = context.Barrier(PROCESSES), context.Queue()
    # The server keeps the environment it was started with.
    given = {name: value for name, value in os.environ.items() if name.startswith("INVO_") and name != "INVO_NOW"}
    arguments = (given, start, verb, values, answers)
    running = [context.Process(target=attempt, args=arguments) for _ in range(PROCESSES)]
    for process in running:
        process.start()
    found = Counter(answers.get(timeout=120) for _ in range(PROCESSES * TRIES))
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0] * PROCESSES
    return found


def attempt(environment: Mapping[str, str], start: Any, verb: str, values: Mapping[str, Any], answers: Any) -> None:
    """Do the same thing again and again as soon as everybody is ready."""
    os.environ.update(environment)
    start.wait(60)
    for _ in range(TRIES):
        try:
            write(lambda session: VERBS[verb](session, **values))
            answers.put(DONE)
        except (ConflictError, InvalidError):
            answers.put(REFUSED)


def _act() -> Act:
    return Act(actor="race", os_user="race", host="race", at=clock.now(), today=clock.today())


def _allocate(session: Session, source: str, invoice: str, amount: str) -> None:
    act, wanted = _act(), [(invoice, Decimal(amount))]
    business = businesses.current(session, None)
    allocations.allocate(session, business, source, wanted, act=act, on=act.today, oldest=False)


def _pay(session: Session, customer: str, amount: str) -> None:
    act, business = _act(), businesses.current(session, None)
    receipt = payments.Receipt(amount=Decimal(amount), method="cash", on=act.today)
    payer = customers.get(session, business.id, customer)
    payments.create(session, business, payer, receipt, act=act, oldest=True)


def _refund(session: Session, source: str, amount: str) -> None:
    act, business = _act(), businesses.current(session, None)
    given = {"amount": Decimal(amount), "method": "cash", "on": act.today, "reference": None}
    refunds.refund(session, business, source, act=act, **given)  # type: ignore[arg-type]


def _credit(session: Session, invoice: str) -> None:
    lines = [{"against_line": 1, "quantity": "1"}]
    note = read_document({"kind": "credit_note", "against": invoice, "reason": "Returned", "lines": lines})
    invoices.create(session, businesses.current(session, None), note, act=_act())


VERBS: Mapping[str, Callable[..., None]] = {"allocate": _allocate, "pay": _pay, "refund": _refund, "credit": _credit}
