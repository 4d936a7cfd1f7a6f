"""Statements of Indian banks: the money that came in, whatever stands above the headings and below the last line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from invo_cli.errors import InvalidError
from invo_cli.gst.text import quoted
from invo_cli.imports.bank_dates import has_sign, is_date_like, parse_bank_amount, parse_bank_date
from invo_cli.imports.delimited import Cells
from invo_cli.imports.grids import Grid, grids, key_of
from invo_cli.imports.mapping import PLAIN, Translation
from invo_cli.imports.sources import Source

HEADING_ROWS = 100
"""Headings stand in one of these first rows: above them are the account, the branch and the period."""

# The headings in the downloads of SBI, HDFC, ICICI, Axis, Kotak, Bank of Baroda, PNB, Canara, Union, IDBI, Federal,
# IndusInd and Yes Bank, without case and signs; what stands first is taken first.
HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": (
            *("txndate", "transactiondate", "trandate", "transdate", "trndate", "date", "datetime", "postdate"),
            *("postingdate", "bookingdate", "valuedate", "valuedt"),
        ),
        "narration": (
            *("narration", "transactionremarks", "description", "particulars", "particular", "transactiondetails"),
            *("transactionparticulars", "transactiondescription", "details", "remarks"),
        ),
        "reference": (
            *("utr", "utrno", "utrnumber", "chqrefno", "refnochequeno", "refnocheque", "chqrefnumber", "refchqno"),
            *("chequerefno", "referenceno", "referencenumber", "refno", "reference", "transactionid", "tranid"),
            *("instrumentno", "instrumentid", "chqno", "chequeno", "chequenumber", "chequedetails"),
        ),
        "credit": (
            *("depositamt", "depositamountinr", "depositamtinr", "depositamount", "depositcr", "deposit", "deposits"),
            *("creditamount", "creditamt", "creditinr", "credit", "credits", "cramount", "cr"),
        ),
        "debit": (
            *("withdrawalamt", "withdrawalamountinr", "withdrawalamtinr", "withdrawalamount", "withdrawaldr"),
            *("withdrawal", "withdrawals", "withdrawl", "withdraws", "debitamount", "debitamt", "debitinr"),
            *("debit", "debits", "dramount", "dr"),
        ),
        "amount": (
            *("transactionamountinr", "transactionamount", "txnamount", "amountinr", "amountrs", "amount"),
            "withdrawaldrdepositcr",
        ),
        "sign": ("drcr", "crdr", "debitcredit", "creditdebit", "type", "transactiontype", "txntype"),
        "balance": ("closingbalance", "balanceinr", "balancers", "balance", "runningbalance", "availablebalance"),
    }
)
_INCOMING, _OUTGOING = frozenset(("cr", "c", "credit", "deposit")), frozenset(("dr", "d", "debit", "withdrawal"))


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came in; `amount` in rupees, above zero."""

    line: int
    day: dt.date
    amount: Decimal
    reference: str
    narration: str


@dataclass(slots=True)
class Statement:
    """What a statement holds; `problems` are the lines that cannot be read, as sentences."""

    credits: list[Credit] = field(default_factory=list)
    debits: int = 0
    undated: int = 0
    """Lines with amounts and no date, such as totals and the opening balance."""
    problems: list[str] = field(default_factory=list)


def read(source: Source, translation: Translation = PLAIN) -> Statement:
    """The statement in a csv or xlsx file; the translation says which heading of the file is which of HEADINGS.

    Raises InvalidError where no headings are found.
    """
    own = {ours: key_of(theirs) for theirs, ours in translation.columns.items()}
    for grid in grids(source, translation.delimiter):
        rows = iter(grid.rows)
        columns = _columns(rows, own)
        if columns is not None:
            return _statement(grid, list(rows), columns)
    raise InvalidError(
        f"{source.name} has no heading with a date, a narration and an amount.",
        hint="Give --map FILE that says which heading is date, narration, reference, credit, debit, amount or sign.",
    )


def _columns(rows: Iterator[tuple[int, Cells]], own: Mapping[str, str]) -> dict[str, int] | None:
    """Where each field stands; reads up to the headings."""
    for number, (_, cells) in enumerate(rows, 1):
        keys = [key_of(cell) for cell in cells]
        found = dict[str, int]()
        for name, known in HEADINGS.items():
            wanted = (own[name],) if name in own else known
            place = next((keys.index(key) for key in wanted if key in keys), None)
            if place is not None and place not in found.values():
                found[name] = place
        if {"date", "narration"} <= found.keys() and {"credit", "amount"} & found.keys():
            return found
        if number == HEADING_ROWS:
            break
    return None


def _statement(grid: Grid, rows: Sequence[tuple[int, Cells]], columns: Mapping[str, int]) -> Statement:
    found = Statement()
    table = [(line, _Line(cells, columns)) for line, cells in rows]
    if "credit" not in columns and "sign" not in columns and not any(has_sign(row["amount"]) for _, row in table):
        raise InvalidError(
            "The amounts of the statement do not say what came in and what went out.",
            hint="Download it with deposits and withdrawals in columns of their own, or with signs.",
        )
    for line, row in table:
        try:
            _add(found, line, row)
        except InvalidError as error:
            found.problems.append(f"{grid.place(line)}: {error.message}")
    return found


class _Line:
    """The cells of one line by their fields; what is not there is empty."""

    def __init__(self, cells: Cells, columns: Mapping[str, int]) -> None:
        self.cells, self.columns = cells, columns

    def __getitem__(self, name: str) -> str:
        place = self.columns.get(name)
        cell = self.cells[place] if place is not None and place < len(self.cells) else ""
        # ="000123" keeps a spreadsheet from dropping the zeros.
        return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _add(found: Statement, line: int, row: _Line) -> None:
    if not is_date_like(row["date"]):
        found.undated += any(character.isdigit() for name in ("credit", "amount") for character in row[name])
        return
    amount = _amount(row)
    if amount < 0:
        found.debits += 1
    elif amount > 0:
        narration, reference = " ".join(row["narration"].split()), " ".join(row["reference"].split())
        found.credits.append(Credit(line, parse_bank_date(row["date"]), amount, reference, narration))


def _amount(row: _Line) -> Decimal:
    """What came in, below zero what went out."""
    if "credit" in row.columns:
        came, went = parse_bank_amount(row["credit"]), parse_bank_amount(row["debit"])
        if came and went:
            raise InvalidError("Money came in and went out on one line.", hint="Check the columns, or give --map FILE.")
        # A reversed withdrawal stands below zero in its column, and so does a returned deposit.
        return came or -abs(went)
    amount = parse_bank_amount(row["amount"])
    if "sign" not in row.columns:
        return amount
    word = key_of(row["sign"])
    if word not in _INCOMING | _OUTGOING:
        raise InvalidError(f"{quoted(row['sign'])} says neither credit nor debit.", hint="Write Cr or Dr.")
    return -abs(amount) if word in _OUTGOING else amount
