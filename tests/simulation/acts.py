"""What people do: each act is a command, and what the model makes of it. A number decides everything about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.simulation.model import Document, Model, RefusedError, total_of

PEOPLE = ("asha", "ravi", "meena")
MOBILES = {f"Customer {number}": f"98765432{number:02}" for number in range(1, 6)}


@dataclass
class Act:
    """A command, and its effect on the model, which gives the name that is printed when there is one."""

    words: tuple[str, ...]
    effect: Callable[[], str | None]


class Choice:
    """One step of somebody: the dice of this step choose among what the model has."""

    def __init__(self, model: Model, dice: Random, folder: Path) -> None:
        self.model, self.dice, self.folder = model, dice, folder

    def act(self) -> Act | None:
        """Something to do; None when there is nothing yet to do it with."""
        acts = [*[self.issue] * 4, *[self.receive] * 3, self.draft, self.finish, self.cancel, self.delete, self.restore]
        acts += [self.credit, self.partial_credit, self.debit, self.allocate, self.unallocate, self.refund, self.void]
        acts += [self.lock, self.unlock, self.sleep, self.bring_in, self.undo]
        try:
            return self.dice.choice(acts)()
        except IndexError:  # nothing there to choose from
            return None

    def issue(self, *, draft: bool = False) -> Act:
        name = self.dice.choice(list(MOBILES))
        prices = [self.dice.randint(1, 5000) for _ in range(self.dice.randint(1, 3))]
        lines = [word for price in prices for word in ("--line", f"Work:1:{price}:998716:18")]
        words = ("invoice", "create", "--customer", name, "--mobile", MOBILES[name], *lines)

        def effect() -> str | None:
            self.model.require_open(*([] if draft else [self.model.today]))
            code = self._customer(name)
            made = self.model.add("tax_invoice", code, total_of(prices))
            return f"D-{made.no}" if draft else self.model.issue(made)

        return Act((*words, "--draft") if draft else words, effect)

    def draft(self) -> Act:
        return self.issue(draft=True)

    def finish(self) -> Act:
        found = self._document()
        return Act(("invoice", "issue", f"D-{found.no}"), lambda: self.model.issue(found))

    def cancel(self) -> Act:
        found = self._document()
        return Act(("invoice", "cancel", f"D-{found.no}", "--reason", "Twice"), _silent(self.model.cancel, found))

    def delete(self) -> Act:
        found = self._document()
        return Act(("invoice", "delete", f"D-{found.no}", "--reason", "Twice"), _silent(self.model.delete, found))

    def restore(self) -> Act:
        found = self._document()
        return Act(("invoice", "restore", f"D-{found.no}"), _silent(setattr, found, "hidden", False))

    def credit(self) -> Act:
        return self._note("credit_note", ("--full",), None)

    def partial_credit(self) -> Act:
        return self._note("credit_note", ("--line", "Less:1:100:998716:18"), 11_800)

    def debit(self) -> Act:
        return self._note("debit_note", ("--line", "More:1:50:998716:18"), 5_900)

    def receive(self) -> Act:
        customer, amount = self.dice.choice(self.model.customers), self.dice.randint(1, 4000)
        auto = self.dice.random() < 0.6
        words = ("payment", "create", "--customer", customer, "--amount", str(amount), "--method", "upi")
        return Act(
            (*words, *(("--auto", "oldest") if auto else ())),
            lambda: self.model.receive(customer, amount * 100, auto=auto),
        )

    def allocate(self) -> Act:
        source = self._source()
        return Act(("payment", "allocate", self._name(source), "--auto", "oldest"), _silent(self.model.spread, source))

    def unallocate(self) -> Act:
        source = self._source()
        return Act(("payment", "unallocate", self._name(source)), _silent(self.model.unallocate, source))

    def refund(self) -> Act:
        source = self._source()
        return Act(("payment", "refund", self._name(source), "--method", "cash"), lambda: self.model.refund(source))

    def void(self) -> Act:
        found = self.dice.choice(list(self.model.payments.values())[-8:])
        return Act(("payment", "void", found.number, "--reason", "Bounced"), _silent(self.model.void, found))

    def lock(self) -> Act:
        first = date.fromisoformat(self.model.today).replace(day=1)
        month = f"{first - timedelta(days=self.dice.randint(1, 40)):%Y-%m}"
        return Act(("period", "lock", month, "--reason", "Filed"), _silent(self.model.locked.add, month))

    def unlock(self) -> Act:
        month = self.dice.choice(sorted(self.model.locked))
        return Act(("period", "unlock", month, "--reason", "Again"), _silent(self.model.locked.discard, month))

    def sleep(self) -> Act:
        """Days go by; the year of the numbers stays."""
        later = date.fromisoformat(self.model.today) + timedelta(days=self.dice.randint(1, 12))
        day = min(later, date(2027, 3, 30)).isoformat()
        return Act((), _silent(setattr, self.model, "today", day))

    def bring_in(self) -> Act:
        batch = f"batch-{self.dice.randint(1, 10**6)}"
        names = [f"{batch} {number}" for number in range(self.dice.randint(1, 4))]
        path = self.folder / f"{batch}.jsonl"
        path.write_text(
            "".join(json.dumps({"code": name.upper().replace(" ", "-"), "name": name}) + "\n" for name in names)
        )

        def effect() -> None:
            if batch in self.model.batches:
                raise RefusedError(5)
            self.model.batches[batch] = [name.upper().replace(" ", "-") for name in names]
            self.model.customers += self.model.batches[batch]

        return Act(("import", "customers", str(path), "--batch", batch), effect)

    def undo(self) -> Act:
        batch = self.dice.choice([name for name, codes in self.model.batches.items() if codes])

        def effect() -> None:
            codes = self.model.batches[batch]
            if any(payment.customer in codes for payment in self.model.payments.values()):
                raise RefusedError(5)
            self.model.customers = [code for code in self.model.customers if code not in codes]
            self.model.batches[batch] = []

        return Act(("import", "undo", batch, "--yes"), effect)

    def _note(self, kind: str, how: tuple[str, ...], total: int | None) -> Act:
        original = self._document()
        words = (kind.replace("_", "-"), "create", "--against", f"D-{original.no}", *how, "--reason", "Wrong")
        return Act(words, lambda: self.model.note(kind, original, total))

    def _customer(self, name: str) -> str:
        """The code of a customer, who gets the next one when he is new."""
        codes = self.model.codes
        if name not in codes:
            codes[name] = f"C-{len(codes) + 1:04}"
            self.model.customers.append(codes[name])
        return codes[name]

    def _document(self) -> Document:
        return self.dice.choice(list(self.model.documents.values())[-12:])

    def _source(self) -> str:
        notes = [f"D-{one.no}" for one in self.model.documents.values() if self._has_credit(one)][-4:]
        receipts = [one.number for one in self.model.payments.values() if one.refund_of is None and not one.void][-6:]
        return self.dice.choice([*notes, *receipts])

    def _has_credit(self, one: Document) -> bool:
        return one.kind == "credit_note" and one.status == "issued"

    def _name(self, source: str) -> str:
        return str(self.model.documents[int(source[2:])].number) if source.startswith("D-") else source


def _silent(function: Callable[..., object], *values: object) -> Callable[[], str | None]:
    """An effect after which no name is printed."""

    def effect() -> None:
        function(*values)

    return effect
