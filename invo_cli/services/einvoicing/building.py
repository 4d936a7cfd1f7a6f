"""The e-invoices of named documents, or of all of a period, each with what the portal would say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError
from invo_cli.gst.einvoice.building import build
from invo_cli.gst.einvoice.problems import Problem, Severity
from invo_cli.gst.einvoice.validation import problems
from invo_cli.models import Business, EInvoice, Invoice
from invo_cli.services import invoice_lookup
from invo_cli.services.access import Right, demands
from invo_cli.services.einvoicing import papers, standing
from invo_cli.services.einvoicing.papers import Paper


@dataclass(frozen=True, slots=True)
class Built:
    """One e-invoice, ready to be written, its row for people, and the problems that it has."""

    content: dict[str, Any]
    row: dict[str, Any]
    problems: tuple[Problem, ...]


@demands(Right.EINVOICE_READ)
def of_numbers(session: Session, business: Business, names: Sequence[str], *, today: date) -> list[Built]:
    """The e-invoices of these documents, in their order.

    Raises ConflictError for what is no issued document or was reported before, InvalidError for what is not reported.
    """
    invoices = [invoice_lookup.get(session, business, name) for name in dict.fromkeys(names)]
    for invoice in invoices:
        _require_open(session, invoice)
    found = list(papers.load(session, business, invoices))
    for paper in found:
        _require_reported(paper, business, today)
    return [_built(paper, today) for paper in found]


@demands(Right.EINVOICE_READ)
def of_period(
    session: Session, business: Business, first: date, last: date, *, today: date
) -> tuple[list[Built], list[str]]:
    """The e-invoices of every document of these days that is still to be reported, and why others are left out.

    What the portal takes no more holds up nothing else; InvalidError where there is nothing else.
    """
    built: list[Built] = []
    late: list[InvalidError] = []
    for paper in papers.load(session, business, standing.candidates(session, business, first, last)):
        if standing.unreported(paper, business) is not None:
            continue
        try:
            _require_in_time(paper, business, today)
        except InvalidError as over:
            late.append(over)
        else:
            built.append(_built(paper, today))
    if late and not built:
        raise late[0]
    return built, [f"{over.message} It is left out." for over in late]


def _require_open(session: Session, invoice: Invoice) -> None:
    if invoice.status != "issued":
        state = f"{standing.named(invoice)} is {standing.state_of(invoice)}"
        raise ConflictError(f"{state}: only issued documents are reported.", hint=_SEE_DUE)
    if invoice.irn is not None:
        raise ConflictError(
            f"{invoice.number} is reported already.", hint=f"See: invo einvoice show {invoice.number}", irn=invoice.irn
        )
    if session.get(EInvoice, (invoice.business_id, invoice.id)) is not None:
        raise ConflictError(
            f"{invoice.number} was reported and cancelled: the portal takes its number no more (error 2150).",
            hint=f"Cancel it in the books and issue another: invo invoice cancel {invoice.number}",
        )


def _require_reported(paper: Paper, business: Business, today: date) -> None:
    reason = standing.unreported(paper, business)
    if reason is not None:
        raise InvalidError(f"{paper.document.number} {reason}.", hint=_SEE_DUE)
    _require_in_time(paper, business, today)


def _require_in_time(paper: Paper, business: Business, today: date) -> None:
    """The portal refuses what is older than 30 days (error 2305)."""
    deadline = standing.deadline(paper, business, today)
    if deadline is not None and deadline.days_left < 0:
        raise InvalidError(
            f"{paper.document.number} of {paper.document.date} could be reported until {deadline.last_day}.",
            hint="The portal takes it no more (error 2305): cancel it and issue another, or ask the accountant.",
        )


def _built(paper: Paper, today: date) -> Built:
    document, content = paper.document, build(paper.document, paper.tax)
    found = [*map(_advised, problems(content, today=today)), *_short_codes(content)]
    row = {
        "number": document.number,
        "date": document.date.isoformat(),
        "type": content["DocDtls"]["Typ"],
        "supply_type": content["TranDtls"]["SupTyp"],
        "buyer": content["BuyerDtls"].get("Gstin"),
        "items": len(content["ItemList"]),
        "total": str(content["ValDtls"]["TotInvVal"]),
        "irn": standing.irn_of(paper),
    }
    return Built(content, row, tuple(found))


def _advised(problem: Problem) -> Problem:
    """The same problem with the command that settles it."""
    if problem.path.endswith(".HsnCd"):
        return replace(problem, hint="Cancel the document and issue it with a code of 4, 6 or 8 digits on the line.")
    command = _COMPLETED_WITH.get(problem.path.partition(".")[0])
    return replace(problem, hint=f"Complete it with: {command}") if command and problem.rule in _INCOMPLETE else problem


def _short_codes(content: dict[str, Any]) -> Iterator[Problem]:
    """Who reports e-invoices has a turnover above 5 crore, which asks for six digits (78/2020-Central Tax)."""
    for place, item in enumerate(content["ItemList"]):
        code = item.get("HsnCd") or ""
        if 0 < len(code) < SIX_DIGITS:
            yield Problem(
                path=f"ItemList[{place}].HsnCd",
                value=code,
                rule="hsn_digits",
                message=f"HSN {code} has fewer than six digits.",
                hint="Above a turnover of 5 crore six are due.",
                severity=Severity.WARN,
            )


SIX_DIGITS = 6
_COMPLETED_WITH = {
    "SellerDtls": "invo business edit",
    "BuyerDtls": "invo customer edit",
    "ExpDtls": "invo customer edit",
}
_INCOMPLETE = ("missing", "length", "export", "pin")
_SEE_DUE = "What is to be reported: invo einvoice due"
