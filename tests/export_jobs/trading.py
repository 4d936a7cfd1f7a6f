"""Random work through the command: documents, notes, payments, customers, items, users; refusals are a part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from tests.conftest import Invo

PASSWORD = "correct horse battery\n"
ADMIN = ("user", "create", "owner", "--role", "admin", "--password-stdin")


class Trade:
    """Somebody who does one thing after another; `done` counts what was not refused."""

    def __init__(self, invo: Invo, seed: int) -> None:
        self.invo, self.dice, self.done = invo, Random(seed), Counter[str]()
        self.documents, self.payments, self.customers, self.items = ["D-1"], ["PAY/26-27/0001"], 1, 0
        self.acts: list[Callable[[], tuple[str, ...]]] = [
            *(self.issue, self.issue, self.draft, self.edit, self.edit, self.finish, self.cancel, self.delete),
            *(self.restore, self.credit, self.credit, self.debit, self.receive, self.receive, self.allocate),
            *(self.unallocate, self.refund, self.void, self.change_customer, self.hide_customer, self.show_customer),
            *(self.merge, self.make_item, self.change_item, self.hide_item),
        ]

    def work(self, count: int) -> None:
        """Do some random things."""
        for _ in range(count):
            act = self.dice.choice(self.acts)
            result = self.invo(*act(), "-q", "-o", "name", "--yes")
            assert result.exit_code in (0, 3, 4, 5), (act, result.output)
            if result.exit_code == 0:
                self.done[act.__name__] += 1
                self._learn(act.__name__, result.stdout.strip())

    def _learn(self, act: str, name: str) -> None:
        """Remember what was made, so that the next acts can name it."""
        if act in ("issue", "draft", "finish", "credit", "debit"):
            self.documents.append(name)
        if act in ("receive", "refund"):
            self.payments.append(name)

    def issue(self) -> tuple[str, ...]:
        number = self.dice.randint(1, min(self.customers + 1, 5))
        self.customers = max(self.customers, number)
        who = ("--customer", f"Customer {number}", "--mobile", f"98765432{number:02}")
        return ("invoice", "create", *who, *self._lines())

    def draft(self) -> tuple[str, ...]:
        return (*self.issue(), "--draft")

    def edit(self) -> tuple[str, ...]:
        return ("invoice", "edit", self._document(), *self._lines())

    def finish(self) -> tuple[str, ...]:
        return ("invoice", "issue", self._document())

    def cancel(self) -> tuple[str, ...]:
        return ("invoice", "cancel", self._document(), "--reason", "Twice")

    def delete(self) -> tuple[str, ...]:
        return ("invoice", "delete", self._document(), "--reason", "Twice")

    def restore(self) -> tuple[str, ...]:
        return ("invoice", "restore", self._document())

    def credit(self) -> tuple[str, ...]:
        how = self.dice.choice([("--full",), ("--line", "Difference:1:1:998716:18")])
        return ("credit-note", "create", "--against", self._document(), *how, "--reason", "Returned")

    def debit(self) -> tuple[str, ...]:
        line = ("--line", "Courier:1:50:998716:18")
        return ("debit-note", "create", "--against", self._document(), *line, "--reason", "Forgotten")

    def receive(self) -> tuple[str, ...]:
        amount = ("--amount", str(self.dice.randint(1, 3000)), "--method", "upi")
        how = self.dice.choice([("--auto", "oldest"), (), ("--advance",)])
        return ("payment", "create", "--customer", self._customer(), *amount, *how)

    def allocate(self) -> tuple[str, ...]:
        return ("payment", "allocate", self.dice.choice([self._payment(), self._document()]), "--auto", "oldest")

    def unallocate(self) -> tuple[str, ...]:
        return ("payment", "unallocate", self.dice.choice([self._payment(), self._document()]))

    def refund(self) -> tuple[str, ...]:
        return ("payment", "refund", self.dice.choice([self._payment(), self._document()]), "--method", "cash")

    def void(self) -> tuple[str, ...]:
        return ("payment", "void", self._payment(), "--reason", "Bounced")

    def change_customer(self) -> tuple[str, ...]:
        return ("customer", "edit", self._customer(), "--city", f"City {self.dice.random()}")

    def hide_customer(self) -> tuple[str, ...]:
        return ("customer", "delete", self._customer())

    def show_customer(self) -> tuple[str, ...]:
        return ("customer", "restore", self._customer())

    def merge(self) -> tuple[str, ...]:
        return ("customer", "merge", self._customer(), self._customer(), "--reason", "Twice")

    def make_item(self) -> tuple[str, ...]:
        self.items += 1
        return ("item", "create", "--name", f"Item {self.items}", "--price", "10.50", "--hsn", "8517")

    def change_item(self) -> tuple[str, ...]:
        return ("item", "edit", self._item(), "--price", str(self.dice.randint(1, 999)))

    def hide_item(self) -> tuple[str, ...]:
        return ("item", self.dice.choice(["delete", "restore"]), self._item())

    def _lines(self) -> tuple[str, ...]:
        lines = []
        for _ in range(self.dice.randint(1, 3)):
            lines += ["--line", f"=Work, “{self.dice.choice('abc')}”:1:{self.dice.randint(1, 5000)}:998716:18"]
        return tuple(lines)

    def _document(self) -> str:
        return self.dice.choice(self.documents[-7:])

    def _customer(self) -> str:
        return f"C-{self.dice.randint(1, self.customers):04}"

    def _payment(self) -> str:
        return self.dice.choice(self.payments[-5:])

    def _item(self) -> str:
        return f"I-{self.dice.randint(1, self.items + 1):04}"
