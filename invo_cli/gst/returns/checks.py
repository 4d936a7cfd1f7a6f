"""What the portal would refuse or warn about, found while the return is made: documents, amendments and totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from invo_cli.gst.document import Kind
from invo_cli.gst.periods import GST_BEGAN, FinancialYear, parse_return_period, return_period
from invo_cli.gst.returns import document_checks
from invo_cli.gst.returns.books import Advance, Books, Document, Nature
from invo_cli.gst.returns.choice import AMENDED, Section, ordinal
from invo_cli.gst.returns.figures import Breakdown, Figures
from invo_cli.gst.returns.findings import Finding
from invo_cli.gst.returns.hsn_summary import SPLIT_SINCE, HsnSummary
from invo_cli.gst.returns.issued import Range
from invo_cli.gst.returns.json_text import amount
from invo_cli.gst.returns.line_checks import LineChecks
from invo_cli.gst.returns.operators import OperatorSupplies
from invo_cli.gst.returns.party_checks import PartyChecks, operator_problem

__all__ = ["Checks", "Finding"]

_HEADS = ("txval", "iamt", "camt", "samt", "csamt")


@dataclass(slots=True)
class Checks:
    """Collects findings in the order of the documents; `totals` comes last."""

    books: Books
    findings: list[Finding] = field(default_factory=list)
    first: dt.date = field(init=False)
    last: dt.date = field(init=False)
    lines: LineChecks = field(init=False)
    parties: PartyChecks = field(init=False)
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        month = parse_return_period(self.books.period)
        self.last = month.last
        start = month.first
        for _ in range(self.books.months - 1):
            start = (start - dt.timedelta(days=1)).replace(day=1)
        self.first = start
        self.lines = LineChecks(self.books.filer, self.books.hsn_descriptions)
        self.parties = PartyChecks(self.books.filer)

    def document(self, document: Document, parts: Breakdown, section: Section, intra: bool) -> None:
        """Judge one document in its section."""
        name = AMENDED.get(section, section) if document.amends is not None else section
        found = [] if self.first <= document.date <= self.last else self._dates(document)
        if section is not Section.B2CS and section is not Section.PAYTX:  # small supplies are not reported by number
            found += self._number(document, name)
        found += document_checks.problems(document, parts, section, intra)
        found += self.parties.problems(document, section)
        found += self.lines.problems(document, section)
        for where, rule, message, fix in found:
            self.findings.append(Finding(document.number, str(name), where, rule, message, fix))

    def amendment(self, document: Document, before: Document, section: Section, was: Section) -> None:
        """Judge what an amending document does to the one it replaces."""
        self._amendable(document, before)
        if section is was:
            if section is Section.B2CL and document.pos != before.pos:
                message = f"The place of supply was {before.pos} and cannot become {document.pos}."
                self._add(document, "b2cla", "pos", "R1-55", message, "Take it back with a credit note, invoice anew.")
        elif was in (Section.CDNR, Section.CDNUR):
            message = f"The note was reported in {was} and would now stand in {section}."
            self._add(document, AMENDED[was], "nt_num", "R1-54", message, "Take it back with a note of the other kind.")
        else:
            message = f"{before.number} was reported in {was} and now belongs in {section}."
            self._add(document, str(section), "inum", "R1-53", message, "Compare both sections after filing.")

    def advance(self, advance: Advance) -> None:
        """Judge one row of table 11."""
        name, number = ("txpd" if advance.is_adjustment else "at"), None
        if advance.is_adjustment and advance.amount_paise < 0:
            message = f"The adjusted advance of place {advance.pos} is negative."
            self.findings.append(
                Finding(number, name, "ad_amt", "R1-40", message, "Report the surplus as an advance received.")
            )
        elif advance.amount_paise * advance.cess_paise < 0:
            message = f"The advance of place {advance.pos} and its cess have different signs."
            self.findings.append(Finding(number, name, "csamt", "R1-40", message, "Check the vouchers of the place."))

    def emptied(self, name: str, rows: Iterable[Advance]) -> None:
        """Judge the places of table 11 amended: the tool takes no 0, and a place that is wrong has no other figure."""
        left: dict[tuple[str, str], int] = {}
        for row in rows:
            if row.amended_period is not None:
                place = (row.amended_period, row.pos)
                left[place] = left.get(place, 0) + abs(row.amount_paise)
        for (period, pos), paise in left.items():
            if not paise:
                message = f"Nothing is left of the advances of place {pos} in {period}; the offline tool takes no 0."
                self.findings.append(
                    Finding(None, name, "ad_amt", "R1-41", message, "Enter the 0 on the portal if it is refused.")
                )

    def totals(
        self,
        due: Mapping[str, Figures],
        hsn: HsnSummary,
        operators: OperatorSupplies,
        issued: Iterable[tuple[Nature, Range]],
    ) -> None:
        """Judge what is summed: table 12 against the sections, table 14, table 13."""
        self._hsn_totals(due, hsn)
        self._operators(operators)
        self._ranges(list(issued))

    def _dates(self, document: Document) -> list[document_checks.Problem]:
        date = document.date
        where = "nt_dt" if document.is_note else "idt"
        if not GST_BEGAN <= date <= self.last:
            message = f"The date {date} is not between {GST_BEGAN} and {self.last}."
            return [(where, "R1-02", message, "Report it in the return of its own month.")]
        if document.amends is not None:
            return []
        found = [(where, "R1-03", f"The date {date} lies before {self.first}.", "Nothing, when it is reported late.")]
        original = document.original
        if document.kind is not Kind.CREDIT_NOTE or original is None:
            return found
        limit = _correctable_until(original.date)
        if self.first > limit:
            message = f"The time to reduce the tax of {original.number} ended on {limit}."
            found.append((where, "R1-52", message, "Give the note without tax (a commercial credit note)."))
        return found

    def _number(self, document: Document, name: str) -> list[document_checks.Problem]:
        where = "nt_num" if document.is_note else "inum"
        key = (name, document.gstin or "", document.number.upper())
        if key not in self.seen:
            self.seen.add(key)
            return document_checks.number_problems(document.number, where)
        message = f"Number {document.number} stands twice in {name}."
        return [(where, "R1-04", message, "The portal takes numbers without regard to case: amend one of them.")]

    def _amendable(self, document: Document, before: Document) -> None:
        name, where = "amendments", "ont_num" if document.is_note else "oinum"
        if ordinal(before.period) >= ordinal(self.books.period):
            message = f"{before.number} is of period {before.period}, which this return reports itself."
            self._add(document, name, where, "R1-50", message, "Leave out the document that is replaced.")
        last = _correctable_until(before.date)
        if self.first > last:
            message = f"{before.number} of {before.date} could be corrected until period {return_period(last)}."
            self._add(document, name, where, "R1-51", message, "The annual return takes the difference.")

    def _hsn_totals(self, due: Mapping[str, Figures], hsn: HsnSummary) -> None:
        tables, sections = Figures(), Figures()
        for row in (*hsn.b2b.values(), *hsn.b2c.values()):
            tables.add(row.figures)
        for section in Section:
            if section is not Section.PAYTX and section in due:
                sections.add(due[section])
        for key, here, there in zip(_HEADS, tables.heads, sections.heads, strict=True):
            if here != there:
                message = f"Table 12 has {amount(here)} and the sections {amount(there)}."
                self.findings.append(
                    Finding(None, "hsn", key, "R1-26", message, "Give the lines without HSN code their codes.")
                )

    def _operators(self, operators: OperatorSupplies) -> None:
        for operator, figures in operators.rows.items():
            member = "clttx" if operator.section == "52" else "paytx"
            problem = operator_problem(operator)
            if problem:
                self.findings.append(Finding(None, "supeco", "etin", "R1-30", problem, "Ask the operator for it."))
            if any(figures.taxable * tax < 0 for tax in figures.heads[1:]):
                message = f"Value and taxes of {operator.gstin} in {member} have different signs."
                self.findings.append(Finding(None, "supeco", "suppval", "R1-31", message, "Check its credit notes."))

    def _ranges(self, issued: list[tuple[Nature, Range]]) -> None:
        for _, found in issued:
            for where, number in (("from", found.first), ("to", found.last)):
                if not document_checks.RANGE_END.fullmatch(number):
                    message = f"Number {number} cannot stand in table 13."
                    fix = "Its number must have 1 to 16 letters, digits, hyphens and slashes."
                    self.findings.append(Finding(number, "doc_issue", where, "R1-60", message, fix))
        if not issued and ordinal(self.books.period) >= SPLIT_SINCE:
            message = "No document was issued in the period, so table 13 is empty."
            self.findings.append(
                Finding(None, "doc_issue", "doc_det", "R1-61", message, "File a nil return on the portal.")
            )

    def _add(self, document: Document, section: str, where: str, rule: str, message: str, fix: str) -> None:
        self.findings.append(Finding(document.number, section, where, rule, message, fix))


def _correctable_until(day: dt.date) -> dt.date:
    """30 November after the financial year of a day (CGST Act s.34(2), s.37(3))."""
    return dt.date(FinancialYear.of(day).last_day.year, 11, 30)
