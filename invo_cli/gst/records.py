"""Records of a file that is imported: what each holds, where it stands, and what is wrong with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from invo_cli.errors import InvalidError, InvoError, NotFoundError
from invo_cli.gst.document import DocumentInput, Taxability
from invo_cli.gst.shapes import Problem, ProblemsError

V = TypeVar("V", covariant=True)
Figures = Mapping[str, Decimal]
"""Figures in rupees by the keys of docs/document.md, such as `taxable_value`: those that the file states."""
_LINE_PATH = re.compile(r"lines\[([0-9]+)\]\.?(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One thing wrong in a file: its line (from 1), its column by the heading of the file, the value and the rule."""

    line: int
    column: str | None = None
    value: str | None = None
    code: str = "invalid"
    message: str
    hint: str | None = None

    def as_dict(self) -> dict[str, object]:
        """What scripts see."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that cannot be read, and why."""

    line: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class Record(Generic[V]):
    """One record that was read. `rows` are the lines of the file on which the lines of a document stand."""

    line: int
    value: V
    rows: tuple[int, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    """The heading of the file for each of our keys."""

    def place(self, path: str) -> tuple[int, str | None]:
        """The line and the column of the file of a path such as `gstin` or `lines[2].quantity`."""
        found = _LINE_PATH.fullmatch(path) if self.rows else None
        if found and int(found[1]) < len(self.rows):
            return self.rows[int(found[1])], self._heading(found[2], line=True)
        return self.line, self._heading(path)

    def _heading(self, path: str, *, line: bool = False) -> str | None:
        key = f"line_{path}" if line and f"line_{path}" in self.headings else path.replace(".", "_")
        # A record without headings is no row of a table: there the path itself says where.
        return self.headings.get(key, key if self.headings or self.rows else path) or None

    def refused(self, error: InvoError) -> Unreadable:
        """This record, refused for everything the error says."""
        if isinstance(error, ProblemsError):
            return Unreadable(self.line, tuple(map(self.problem, error.problems)))
        column = error.details.get("column")
        path = column if isinstance(column, str) else ""
        wanted = error.wanted if isinstance(error, NotFoundError) else None
        problem = Problem(path, error.message, error.hint, wanted)
        return Unreadable(self.line, (self.problem(problem, code=error.error_code),))

    def problem(self, problem: Problem, code: str = InvalidError.code) -> RowProblem:
        """A problem at a path, with its place in the file."""
        line, column = self.place(problem.path)
        return RowProblem(
            line=line, column=column, value=problem.value, code=code, message=problem.message, hint=problem.hint
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """A customer as a file has it; the names are those of the columns of the table."""

    name: str
    code: str | None = None
    gstin: str | None = None
    state: str | None = None
    mobile: str | None = None
    email: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    pincode: str | None = None
    country: str | None = None
    is_composition: bool | None = None
    is_sez: bool | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """An item as a file has it, prices in rupees and rates in per cent."""

    code: str
    name: str
    unit_price: Decimal
    kind: str | None = None
    hsn: str | None = None
    unit: str | None = None
    price_includes_tax: bool | None = None
    taxability: Taxability | None = None
    gst_rate: Decimal | None = None
    cess_rate: Decimal | None = None
    cess_per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecord:
    """Money received, as a file has it, in rupees; `number` and `voucher` are those it had elsewhere."""

    customer: str
    amount: Decimal
    method: str
    date: dt.date
    number: str | None = None
    reference: str | None = None
    tds: Decimal | None = None
    allocate: tuple[tuple[str, Decimal | None], ...] = ()
    """Numbers of documents it is set against; without an amount as much as both sides allow."""
    is_advance: bool = False
    voucher: str | None = None
    gst_rate: Decimal | None = None
    place_of_supply: str | None = None
    description: str | None = None
    notes: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """A document as a file has it, with the figures that the file states of it and of its lines."""

    document: DocumentInput
    figures: Figures = field(default_factory=dict)
    lines: tuple[Figures, ...] = ()
