"""Steps that are run, checked against the model, and cut down to the few that show a fault."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, event

from tests.conftest import Invo
from tests.export_jobs.consumer import Consumer
from tests.faults.books import Books
from tests.faults.running import KILLED, Zygote
from tests.simulation.acts import PEOPLE, Act, Choice
from tests.simulation.model import Model, RefusedError

Step = int
FAULTS = ("none",) * 14 + ("dry-run", "dry-run", "stop")


class World:
    """The books and their model; every step is decided by its number alone and by what the model has."""

    def __init__(self, invo: Invo, books: Books, folder: Path, zygote: Zygote | None, model: Model) -> None:
        self.invo, self.books, self.zygote, self.model, self.folder = invo, books, zygote, model, folder
        self.receivers = [Consumer(name, folder) for name in ("invoices", "payments", "customers")]
        self.log: list[str] = []
        self.done = 0

    def step(self, number: Step) -> None:
        """Somebody does something, and perhaps something goes wrong with it."""
        dice = Random(number)
        os.environ["INVO_ACTOR"] = dice.choice(PEOPLE)
        os.environ["INVO_NOW"] = f"{self.model.today}T12:00:00+05:30"
        act, fault = Choice(self.model, dice, self.folder).act(), dice.choice(FAULTS)
        if act is None:
            return
        if self.zygote is not None and dice.random() < 0.1:
            fault = "kill"
        self.log.append(f"{number}: {os.environ['INVO_ACTOR']} {fault} {' '.join(act.words)}")
        if not act.words:
            act.effect()
            return
        getattr(self, f"_{fault.replace('-', '_')}")(act, dice)

    def check(self) -> None:
        """Everything that can be asked agrees with the model; every job's receiver has what is there."""
        model = self.model
        listed = self._ask("invoice", "list", "--include", "deleted")
        assert {row["id"]: _document(row) for row in listed} == {
            f"D-{one.no}": (
                one.number,
                one.status,
                one.hidden,
                one.total,
                model.owed(one.no) if one.status == "issued" and one.kind != "credit_note" else None,
            )
            for one in model.documents.values()
        }
        paid = {row["number"]: (row["status"], _paise(row["unallocated"])) for row in self._ask("payment", "list")}
        assert paid == {
            one.number: ("void", 0) if one.void else ("live", 0 if one.refund_of else model.free(one.number))
            for one in model.payments.values()
        }
        for code in model.codes.values():
            balance = model.balance(code)
            assert _paise(self._ask("customer", "balance", code)["balance"]) == balance, code
            assert _paise(self._ask("customer", "statement", code)["closing"]) == balance, code
        for receiver in self.receivers:
            receiver.pull(self.invo)
            receiver.require_same(self.invo)
        self.books.check(self.invo)

    def _none(self, act: Act, _: Random) -> None:
        result = self.invo(*act.words, "-o", "name", "-q")
        statuses, name = self._predict(act)
        assert result.exit_code in statuses, (act.words, statuses, result.exit_code, result.output)
        assert name is None or result.stdout.strip() == name, (act.words, result.stdout, name)
        self.done += result.exit_code == 0

    def _dry_run(self, act: Act, _: Random) -> None:
        before = self._head()
        assert self.invo(*act.words, "--dry-run", "-q").exit_code in (0, 2, 3, 5, 9), act.words
        assert self._head() == before

    def _stop(self, act: Act, dice: Random) -> None:
        """Ctrl-C before one of the statements: nothing of it stays."""
        before = self._head()
        with _interrupted_at(dice.randint(1, 12)) as happened:
            result = self.invo(*act.words, "-q")
        if not happened():
            self._settle(act, result.exit_code, before)
            return
        assert result.exit_code in (1, 130), (act.words, result.exit_code, result.output)
        assert self._head() == before

    def _kill(self, act: Act, dice: Random) -> None:
        assert self.zygote is not None
        before = self._head()
        done = self.zygote.run(*act.words, "-q", fault=f"kill:{dice.randint(1, 220_000)}")
        self.books.be_left_alone()
        if done.status == KILLED and self._head() == before:
            return
        self._settle(act, 0 if done.status == KILLED else done.status, before)

    def _settle(self, act: Act, status: int, before: str) -> None:
        statuses, _ = self._predict(act)
        assert status in statuses, (act.words, statuses, status)
        assert status == 0 or self._head() == before

    def _predict(self, act: Act) -> tuple[tuple[int, ...], str | None]:
        """The exit codes that are right, and the name that is printed; the model is as after the act."""
        kept = deepcopy(self.model)
        try:
            return (0,), act.effect()
        except RefusedError as refusal:
            # Acts hold on to this very model.
            self.model.__dict__.update(kept.__dict__)
            return refusal.statuses, None

    def _head(self) -> str:
        return str(self.invo("audit", "head").stdout)

    def _ask(self, *words: str) -> Any:
        result = self.invo(*words, "-o", "json")
        assert result.exit_code == 0, (words, result.output)
        return json.loads(result.stdout)


def shrink(steps: list[Step], fails: Callable[[list[Step]], bool], runs: int = 40) -> list[Step]:
    """The fewest steps found that still fail: the steps after the failure are gone already; halves, quarters, ones."""
    size = len(steps) // 2
    while size and runs:
        start = 0
        while start < len(steps) and runs:
            fewer, runs = steps[:start] + steps[start + size :], runs - 1
            if fails(fewer):
                steps = fewer
            else:
                start += size
        size //= 2
    return steps


@contextmanager
def _interrupted_at(number: int) -> Iterator[Callable[[], bool]]:
    """Ctrl-C before the N-th statement of this process."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield lambda: seen >= number
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def _document(row: dict[str, Any]) -> tuple[Any, ...]:
    owed = _paise(row["outstanding"]) if row["status"] == "issued" and row["kind"] != "credit_note" else None
    return row["number"], row["status"], row["is_deleted"], _paise(row["total"]), owed


def _paise(rupees: str) -> int:
    return int(rupees.replace(".", ""))
