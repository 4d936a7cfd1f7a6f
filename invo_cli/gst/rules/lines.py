"""What is supplied: description, HSN code, unit, rate and cess of each line, and the total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from invo_cli.errors import InvalidError
from invo_cli.gst.document import Document, Kind, Line, Taxability
from invo_cli.gst.hsn import is_hsn
from invo_cli.gst.rates import RateProblem, cess_problem, rate_problem
from invo_cli.gst.rules.base import Breach, Case, refuses, warns
from invo_cli.gst.text import quoted
from invo_cli.gst.uqc import parse_uqc

# Notification 78/2020-Central Tax of 2020-10-15: four digits up to this turnover, six above it.
HSN_TURNOVER = Decimal(50_000_000)
HSN_SINCE = dt.date(2021, 4, 1)


@refuses("GST-01", "A document has at least one line.", "CGST Rules 46(h)")
def has_lines(case: Case) -> Iterator[Breach]:
    """Freight alone is no supply: it is a line then."""
    if all(line.is_charge for line in case.document.lines):
        yield Breach("The document has no line.", "Add a line with --line, --item or in the file.", "lines")


@refuses("GST-15", "An HSN code has 2, 4, 6 or 8 digits, a SAC at most 6.", "CGST Rules 46(g); 12/2017-Central Tax")
def hsn_shape(case: Case) -> Iterator[Breach]:
    """The shape only: whether the code exists is not asked."""
    for at, line in _numbered(case.document):
        if line.hsn is not None and not is_hsn(line.hsn):
            yield Breach(
                f"Line {at} has {quoted(line.hsn)}, which is not an HSN or SAC code.",
                "Write 4, 6 or 8 digits for goods and 4 or 6 for services.",
                "hsn",
                at,
            )


@warns(
    "GST-16",
    "An HSN code has 4 digits to a registered buyer, 6 above a turnover of 5 crore, 8 for goods exported.",
    "Notification 12/2017-Central Tax as amended by 78/2020-Central Tax; exports: customs practice",
)
def hsn_length(case: Case) -> Iterator[Breach]:
    """From 2021-04-01. An unknown turnover counts as at most 5 crore; charges follow the principal supply."""
    if case.document.date < HSN_SINCE:
        return
    for at, line in _numbered(case.document):
        needed, has = _hsn_digits(case.document, line), len(line.hsn or "")
        if has < needed and not line.is_charge:
            what = f"an HSN code of {has} digits" if has else "no HSN code"
            yield Breach(
                f"Line {at} has {what}; {needed} digits are due.",
                "Give the code with the line or keep it with the item.",
                "hsn",
                at,
            )


@warns(
    "GST-59",
    "An HSN or SAC code is in the official list, where that is loaded.",
    "GSTR-1 table 12; INV-01 ItemList.HsnCd; GSTN HSN and SAC list",
)
def hsn_known(case: Case) -> Iterator[Breach]:
    """The portal takes codes of its list only."""
    for at, line in _numbered(case.document):
        if line.hsn in case.unknown_hsn:
            yield Breach(
                f"Line {at} has {line.hsn}, which is not in the official list of codes.",
                "Find the code with: invo hsn search WORDS",
                "hsn",
                at,
            )


@refuses("GST-17", "Every line has a description.", "CGST Rules 46(h)")
def description(case: Case) -> Iterator[Breach]:
    """Blanks do not describe."""
    for at, line in _numbered(case.document):
        if not line.description.strip():
            yield Breach(f"Line {at} has no description.", "Describe the goods or services.", "description", at)


@refuses("GST-18", "A unit is one of the unit quantity codes.", "CGST Rules 46(i); GSTR-1 table 12")
def unit(case: Case) -> Iterator[Breach]:
    """NA is the unit of services."""
    for at, line in _numbered(case.document):
        try:
            parse_uqc(line.unit)
        except InvalidError as error:
            yield Breach(f"Line {at}: {error.message}", error.hint or "OTH stands for others.", "unit", at)


@refuses("GST-19", "The rate of tax is in force on the date of the supply.", "CGST Act s.9(1), IGST Act s.5(1)")
def rate(case: Case) -> Iterator[Breach]:
    """Notes are judged on the date of the original; a reason given for another rate settles it."""
    yield from _rate_breaches(case.document, "gst_rate", lambda line, on: rate_problem(line.gst_rate, on, line.hsn))


@refuses(
    "GST-20",
    "Compensation cess is in force on the date of the supply.",
    "GST (Compensation to States) Act s.8; 2/2025 and 3/2025-Compensation Cess (Rate)",
)
def cess(case: Case) -> Iterator[Breach]:
    """As for the rate."""
    yield from _rate_breaches(
        case.document,
        "cess_rate",
        lambda line, on: cess_problem(line.cess_rate, line.cess_per_unit, on, line.hsn),
    )


@refuses("GST-21", "A line that is nil rated, exempt or outside GST bears no rate.", "CGST Act s.11, s.2(47)")
def untaxed_lines(case: Case) -> Iterator[Breach]:
    """A rate and an exemption on one line contradict each other."""
    for at, line in _numbered(case.document):
        if line.taxability is not Taxability.TAXABLE and (line.gst_rate or line.cess_rate or line.cess_per_unit):
            name = line.taxability.value.replace("_", " ")
            yield Breach(f"Line {at} is {name}, but bears a rate of tax.", "Leave the rate out.", "gst_rate", at)


@refuses("GST-22", "The total of a document is not below 0.", "CGST Rules 46(j); INV-01 ValDtls.TotInvVal")
def total(case: Case) -> Iterator[Breach]:
    """What is given back is a credit note."""
    if case.total < 0:
        yield Breach(f"The total is {case.total}.", "Issue a credit note instead.", "lines")


def _numbered(document: Document) -> Iterator[tuple[int, Line]]:
    return iter(enumerate(document.lines, 1))


def _hsn_digits(document: Document, line: Line) -> int:
    """The fewest digits of the line's code; 0 where it may be left out."""
    if document.supply.is_export and line.hsn and not line.is_service:
        return 8
    if document.seller.turnover is not None and document.seller.turnover > HSN_TURNOVER:
        return 6
    return 4 if document.buyer.gstin or document.supply.is_export else 0


def _rate_breaches(
    document: Document, field: str, problem_of: Callable[[Line, dt.date], RateProblem | None]
) -> Iterator[Breach]:
    is_untaxed = document.seller.is_composition or document.kind is Kind.BILL_OF_SUPPLY
    if is_untaxed or document.allow_rate is not None:
        return
    on = document.against_date or document.date
    for at, line in _numbered(document):
        problem = problem_of(line, on) if line.taxability is Taxability.TAXABLE else None
        if problem:
            hint = f"{problem.hint} --allow-rate REASON takes it all the same."
            yield Breach(f"Line {at}: {problem.reason}", hint, field, at)


RULES = (has_lines, hsn_shape, hsn_length, hsn_known, description, unit, rate, cess, untaxed_lines, total)
