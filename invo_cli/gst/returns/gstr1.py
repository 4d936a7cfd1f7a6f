"""GSTR-1 from the books in one pass: every section as encoded text, what each states, and what the portal would say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from invo_cli.gst.document import Taxability
from invo_cli.gst.returns import advances, issued
from invo_cli.gst.returns.arrays import IFF, Array
from invo_cli.gst.returns.books import Books, Document, Line, Nature
from invo_cli.gst.returns.checks import Checks, Finding
from invo_cli.gst.returns.choice import AMENDED, Section, section_of
from invo_cli.gst.returns.entries import WRITERS
from invo_cli.gst.returns.figures import Breakdown, Figures, breakdown, is_intra, total
from invo_cli.gst.returns.hsn_summary import HsnSummary
from invo_cli.gst.returns.operators import MEMBERS, Operator, OperatorSupplies, operator_of
from invo_cli.gst.returns.outward import Outward
from invo_cli.gst.returns.small import Place, SmallSupplies, place_of
from invo_cli.gst.returns.untaxed import UntaxedSupplies

Name = tuple[str, str | None]
"""An array of the file, as in `arrays.ORDER`."""


@dataclass(slots=True)
class Gstr1:
    """A return ready to be written (`writing`), shown (`summary`), checked (`findings`) and compared (`gstr3b`)."""

    books: Books
    arrays: dict[Name, Array] = field(default_factory=lambda: defaultdict(Array))
    stated: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    """What each section states, credit notes taken back; amendments with their whole revised figures."""
    due: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    """What each value section, `at` and `txpd` add to the period: amendments count by the difference."""
    outward: Outward = field(default_factory=Outward)
    small: SmallSupplies = field(init=False)
    restated: SmallSupplies = field(init=False)
    untaxed: UntaxedSupplies = field(init=False)
    hsn: HsnSummary = field(init=False)
    operators: OperatorSupplies = field(default_factory=OperatorSupplies)
    operators_restated: OperatorSupplies = field(default_factory=OperatorSupplies)
    touched_places: dict[Place, None] = field(default_factory=dict)
    """Rows of table 10 that amendments touch, in their order."""
    touched_operators: dict[Operator, None] = field(default_factory=dict)
    """Rows of table 14A that amendments touch."""
    issued: list[tuple[Nature, issued.Range]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        filer = self.books.filer
        self.small, self.restated = SmallSupplies(filer), SmallSupplies(filer)
        self.untaxed, self.hsn = UntaxedSupplies(filer), HsnSummary.of(self.books)


def build(books: Books) -> Gstr1:
    """Read the books once and make the return; its `findings` say what the portal would refuse or warn about."""
    building = _Building(Gstr1(books), Checks(books))
    for document in books.documents:
        if not document.is_cancelled:
            building.report(document)
    building.finish()
    return building.result


@dataclass(slots=True)
class _Building:
    result: Gstr1
    checks: Checks
    reported: list[Document] = field(default_factory=list)
    """Small documents that amendments replace."""

    def report(self, document: Document) -> None:
        """Put a document where it belongs."""
        parts, section = breakdown(document), section_of(document, self.result.books.filer)
        intra = self._count(document, parts, section, 1)
        self.checks.document(document, parts, section, intra)
        if document.amends is not None:
            self._amend(document, document.amends, parts, section, intra)
        else:
            self._write_new(document, parts, section, intra)
            self.result.operators.add(document, parts, document.sign)

    def finish(self) -> None:
        """Write what is summed over all documents, then check the totals."""
        result, books = self.result, self.result.books
        self._restate(books.restated)
        self._write_sums()
        self._write_advances()
        result.issued = issued.write(result.arrays["doc_issue", "doc_det"], books.numbers)
        self.checks.totals(result.due, result.hsn, result.operators, result.issued)
        result.findings = self.checks.findings

    def _count(self, document: Document, parts: Breakdown, section: Section, factor: int) -> bool:
        """Count a document in every total of the period; returns whether CGST and SGST are due."""
        result, sign = self.result, factor * document.sign
        filer = result.books.filer
        intra = is_intra(document, filer.state, filer.is_sez)
        if parts.rates:
            result.due[section].add(parts.taxed, sign)
        if parts.untaxed is not None:
            result.untaxed.add(document, parts.untaxed, sign)
            result.due[Section.NIL].taxable += sign * parts.untaxed.total
        lines = document.lines if section is not Section.PAYTX else _untaxed_lines(document.lines)
        result.hsn.add(document, lines, sign)
        result.outward.add(document, parts, section, intra, sign)
        return intra

    def _write_new(self, document: Document, parts: Breakdown, section: Section, intra: bool) -> None:
        if not parts.rates or section is Section.PAYTX:
            return
        if section is Section.B2CS:
            self.result.small.add(document, parts)
        else:
            self._write(section, section, document, parts, intra)

    def _write(self, name: str, section: Section, document: Document, parts: Breakdown, intra: bool) -> None:
        if document.is_furnished and name in IFF:
            return
        WRITERS[section](self.result.arrays[name, None], document, parts, intra)
        self.result.stated[name].add(parts.taxed, document.sign)

    def _amend(self, document: Document, before: Document, parts: Breakdown, section: Section, intra: bool) -> None:
        """Correct what was reported: in the section's own amendment, or by taking it back there and reporting anew."""
        earlier, was = breakdown(before), section_of(before, self.result.books.filer)
        was_intra = self._count(before, earlier, was, -1)
        self.checks.amendment(document, before, section, was)
        self._touch(document, before, section, was)
        if section is was and section in AMENDED and parts.rates and earlier.rates:
            self._write(AMENDED[section], section, document, parts, intra)
            return
        if was in AMENDED and earlier.rates:
            self._withdraw(before, earlier, was, was_intra)
        if not (section is was and section is Section.B2CS):
            self._write_new(document._replace(amends=None), parts, section, intra)

    def _withdraw(self, before: Document, earlier: Breakdown, was: Section, intra: bool) -> None:
        """What was reported, with nothing left of it."""
        nothing = Breakdown({rt: Figures() for rt in earlier.rates}, None, Figures())
        self._write(AMENDED[was], was, before._replace(value_paise=0, amends=before), nothing, intra)

    def _touch(self, document: Document, before: Document, section: Section, was: Section) -> None:
        """Note the rows of earlier periods that must be stated again."""
        moved = document._replace(period=before.period)
        if was is Section.B2CS:
            self.result.touched_places[place_of(before)] = None
            self.reported.append(before)
            if section is Section.B2CS:
                self.result.touched_places[place_of(moved)] = None
        for row in (operator_of(before), operator_of(moved)):
            if row is not None:
                self.result.touched_operators[row] = None

    def _restate(self, documents: Iterable[Document]) -> None:
        result = self.result
        if not result.touched_places and not result.touched_operators:
            return
        for document in documents:
            if document.is_cancelled:
                continue
            parts = breakdown(document)
            if section_of(document, result.books.filer) is Section.B2CS:
                result.restated.add(document, parts)
            result.operators_restated.add(document, parts, document.sign)
        for before in self.reported:
            result.restated.touch(before, breakdown(before))

    def _write_sums(self) -> None:
        result = self.result
        self._extend(("b2cs", None), result.small.texts())
        self._extend(("b2csa", None), result.restated.restated_texts(result.touched_places))
        self._extend(("nil", "inv"), result.untaxed.texts())
        for member, texts in result.hsn.arrays(dict(result.books.hsn_descriptions)):
            self._extend(("hsn", member), texts)
        for section, (member, amended) in MEMBERS.items():
            self._extend(("supeco", member), result.operators.texts(section))
            self._extend(
                ("supecoa", amended), result.operators_restated.restated_texts(section, result.touched_operators)
            )
        self._state_sums()

    def _state_sums(self) -> None:
        result, hsn = self.result, self.result.hsn
        restated = result.restated.rows.items()
        result.stated |= {
            "b2cs": total(result.small.rows.values()),
            "b2csa": total(figures for (place, _), figures in restated if place in result.touched_places),
            "nil": Figures(result.due[Section.NIL].taxable),
            "supeco": total(result.operators.rows.values()),
            "supecoa": total(
                figures for row, figures in result.operators_restated.rows.items() if row in result.touched_operators
            ),
            "hsn": total(row.figures for row in hsn.b2b.values()),
            "hsn_b2b": total(row.figures for row in hsn.b2b.values()),
            "hsn_b2c": total(row.figures for row in hsn.b2c.values()),
        }

    def _write_advances(self) -> None:
        result = self.result
        by_section = defaultdict(list)
        for advance in result.books.advances:
            by_section[advances.name_of(advance)].append(advance)
            due = advances.due_of(advance)
            result.due["txpd" if advance.is_adjustment else "at"].add(due)
            result.outward.add_advance(due)
            self.checks.advance(advance)
        for name, rows in by_section.items():
            advances.write(result.arrays[name, None], rows, result.books.filer)
            self.checks.emptied(name, rows)
            for advance in rows:
                result.stated[name].add(advances.figures_of(advance))

    def _extend(self, name: Name, texts: Iterable[str]) -> None:
        for text in texts:
            self.result.arrays[name].append(text)


def _untaxed_lines(lines: tuple[Line, ...]) -> list[Line]:
    return [line for line in lines if line.taxability is not Taxability.TAXABLE]
