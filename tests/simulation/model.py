"""The books as a few dictionaries: what every act must come to, in paise, with rounding of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

RATE = 18


class RefusedError(Exception):
    """The act must be refused, with one of these exit codes."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(str(statuses))
        self.statuses = statuses


def total_of(rupees: list[int]) -> int:
    """The paise of a document in one state: half of the rate twice, each to the paisa, the whole to the rupee."""
    taxable = sum(rupees) * 100
    tax = (taxable * RATE + 100) // 200  # of each head; half goes up
    return (taxable + 2 * tax + 50) // 100 * 100


@dataclass
class Document:
    """An invoice or a note."""

    no: int
    kind: str
    customer: str
    total: int
    day: str
    status: str = "draft"
    number: str | None = None
    hidden: bool = False
    against: int | None = None
    credit_noted: int = 0
    debit_noted: int = 0
    refunded: int = 0


@dataclass
class Payment:
    """A receipt, or a refund of one or of a credit note."""

    number: str
    customer: str
    amount: int
    day: str
    refund_of: str | None = None
    refunded: int = 0
    void: bool = False


class Part(NamedTuple):
    """What of a source (a payment's number or D-n of a credit note) is set against a document."""

    source: str
    target: int
    amount: int


@dataclass
class Model:
    """Everything that the books hold."""

    today: str = "2026-10-20"
    documents: dict[int, Document] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)
    serials: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    batches: dict[str, list[str]] = field(default_factory=dict)

    def next(self, prefix: str) -> str:
        """The next number of a series."""
        self.serials[prefix] = self.serials.get(prefix, 0) + 1
        return f"{prefix}/26-27/{self.serials[prefix]:04}"

    def require_open(self, *days: str) -> None:
        """Nothing changes in a locked month."""
        if any(day[:7] in self.locked for day in days):
            raise RefusedError(5)

    def paid(self, no: int) -> int:
        """What is set against a document."""
        return sum(part.amount for part in self.parts if part.target == no)

    def owed(self, no: int) -> int:
        """What is still owed on it."""
        return self.documents[no].total - self.paid(no)

    def free(self, source: str) -> int:
        """What a payment or a credit note has left."""
        used = sum(part.amount for part in self.parts if part.source == source)
        if source.startswith("D-"):
            note = self.documents[int(source[2:])]
            return note.total - used - note.refunded
        payment = self.payments[source]
        return payment.amount - used - payment.refunded

    def owner(self, source: str) -> str:
        """The customer of a payment or a credit note."""
        return self.documents[int(source[2:])].customer if source.startswith("D-") else self.payments[source].customer

    def balance(self, customer: str) -> int:
        """What a customer owes; negative is a credit."""
        documents = [one for one in self.documents.values() if one.customer == customer and one.status == "issued"]
        owed = sum(self.owed(one.no) for one in documents if one.kind != "credit_note")
        owed -= sum(self.free(f"D-{one.no}") for one in documents if one.kind == "credit_note")
        receipts = [one for one in self.payments.values() if one.customer == customer and not one.void]
        return owed - sum(self.free(one.number) for one in receipts if one.refund_of is None)

    def add(self, kind: str, customer: str, total: int, *, against: int | None = None) -> Document:
        """A new draft, dated today."""
        made = Document(len(self.documents) + 1, kind, customer, total, self.today, against=against)
        self.documents[made.no] = made
        return made

    def issue(self, document: Document) -> str:
        """Give a draft its number; an issued document is left as it is."""
        if document.status != "draft":
            return str(document.number)
        if document.hidden:
            raise RefusedError(5)
        self.require_open(document.day)
        prefix = {"tax_invoice": "INV", "credit_note": "CN", "debit_note": "DN"}[document.kind]
        document.number, document.status = self.next(prefix), "issued"
        return document.number

    def note(self, kind: str, original: Document, total: int | None) -> str:
        """A note against an invoice; a credit note without a total takes back the rest of the invoice."""
        if original.status != "issued" or original.kind != "tax_invoice":
            raise RefusedError(5)
        left = original.total + original.debit_noted - original.credit_noted
        if kind == "credit_note" and left <= 0:
            raise RefusedError(5)
        # In full means the invoice itself; what debit notes added is credited by a line of its own.
        amount = original.total - original.credit_noted if total is None else total
        if amount <= 0:
            raise RefusedError(3, 5)
        if kind == "credit_note" and amount > left:
            raise RefusedError(3)
        self.require_open(self.today)
        owed = self.owed(original.no)
        made = self.add(kind, original.customer, amount, against=original.no)
        number = self.issue(made)
        if kind == "debit_note":
            original.debit_noted += amount
            return number
        original.credit_noted += amount
        if owed:
            self.parts.append(Part(f"D-{made.no}", original.no, min(owed, amount)))
        return number

    def cancel(self, document: Document) -> None:
        """Cancel an issued document; a note gives back what it took."""
        if document.status == "cancelled":
            return
        if document.status == "draft" or self.paid(document.no) or document.credit_noted or document.debit_noted:
            raise RefusedError(5)
        self.require_open(document.day)
        if document.against is not None:
            self._take_back_note(document, self.documents[document.against])
        document.status = "cancelled"

    def _take_back_note(self, note: Document, original: Document) -> None:
        mine = [part for part in self.parts if part.source == f"D-{note.no}"]
        if note.kind == "debit_note":
            if original.credit_noted > original.total + original.debit_noted - note.total:
                raise RefusedError(5)
            original.debit_noted -= note.total
            return
        if note.refunded or any(part.target != original.no for part in mine):
            raise RefusedError(5)
        original.credit_noted -= note.total
        self.parts = [part for part in self.parts if part not in mine]

    def delete(self, document: Document) -> None:
        """Hide; what is issued is cancelled first."""
        if document.hidden:
            return
        if document.status == "issued":
            self.cancel(document)
        document.hidden = True

    def spread(self, source: str) -> None:
        """Set a source against what its customer owes, the oldest first."""
        owing = [
            one
            for one in self.documents.values()
            if one.customer == self.owner(source) and one.status == "issued" and one.kind != "credit_note"
        ]
        for one in sorted(owing, key=lambda each: (each.day, each.no)):
            amount = min(self.free(source), self.owed(one.no))
            if amount:
                self.require_open(self.today)
                self.parts.append(Part(source, one.no, amount))

    def receive(self, customer: str, amount: int, *, auto: bool) -> str:
        """Record a receipt."""
        self.require_open(self.today)
        made = Payment(self.next("PAY"), customer, amount, self.today)
        self.payments[made.number] = made
        if auto:
            self.spread(made.number)
        return made.number

    def unallocate(self, source: str) -> None:
        """Take back what a source is set against."""
        self.require_open(self.today)
        self.parts = [part for part in self.parts if part.source != source]

    def refund(self, source: str) -> str:
        """Give back all that is left of a source."""
        left = self.free(source)
        if left <= 0:
            raise RefusedError(5)
        self.require_open(self.today)
        made = Payment(self.next("PAY"), self.owner(source), left, self.today, refund_of=source)
        self.payments[made.number] = made
        self._give_back(source, left)
        return made.number

    def _give_back(self, source: str, amount: int) -> None:
        if source.startswith("D-"):
            self.documents[int(source[2:])].refunded += amount
        else:
            self.payments[source].refunded += amount

    def void(self, payment: Payment) -> None:
        """Take a payment or a refund back as if it had never been."""
        if payment.void:
            return
        self.require_open(payment.day, self.today)
        if payment.refunded:
            raise RefusedError(5)
        self.parts = [part for part in self.parts if part.source != payment.number]
        if payment.refund_of is not None:
            self._give_back(payment.refund_of, -payment.amount)
        payment.void = True
