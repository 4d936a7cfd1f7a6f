"""Chunks of entries issued together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from invo_cli.errors import ConflictError, InvalidError, InvoError, NotFoundError
from invo_cli.gst.document import CustomerInput, DocumentInput
from invo_cli.gst.numbering import number_key
from invo_cli.gst.periods import FinancialYear
from invo_cli.models import Business, Customer, Invoice
from invo_cli.services import books, composing, invoices
from invo_cli.services.acting import Act
from invo_cli.services.bulk.directory import Directory
from invo_cli.services.bulk.entries import Entry, Outcome, Problem, Verdict
from invo_cli.services.bulk.figures import differences, differences_from
from invo_cli.services.bulk.known import Known
from invo_cli.services.bulk.storing import Made, Store


@dataclass(slots=True)
class _Chunk:
    """The entries in work: what the books know of them, and those accepted so far, also by number and by key."""

    known: Known
    accepted: list[Made] = field(default_factory=list)
    by_way: dict[tuple[str, ...], DocumentInput] = field(default_factory=dict)


class _StatedError(InvalidError):
    """The file states other figures."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message, hint=problems[0].hint)
        self.problems = problems


class Importer:
    """Issues the entries of one file for one business; see the package for how it is used.

    `batch_id` is the `import_batches` row (inserted before) whose records name what was made; `allow_rate` takes rates
    outside the list of their date, with this reason.
    """

    def __init__(
        self, session: Session, business: Business, *, act: Act, batch_id: int, allow_rate: str | None = None
    ) -> None:
        self.is_storing = True
        self._session, self._business, self._act = session, business, act
        self._allow_rate = allow_rate
        self._directory = Directory(session, business, act)
        self._store = Store(session, business, act, batch_id)

    def issue(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Judge the entries and store those that are right; a verdict for each, in order."""
        # Whoever works on the same records has committed once the book is locked.
        books.take(self._session, self._business.id)
        alone = {place for place, entry in enumerate(entries) if _leans_on_others(entry.document)}
        documents = [entry.document for place, entry in enumerate(entries) if place not in alone]
        self._directory.prepare(documents)
        chunk = _Chunk(Known(self._session, self._business.id, self._act, documents))
        verdicts = {
            place: self._judged(place, entry, chunk) for place, entry in enumerate(entries) if place not in alone
        }
        verdicts |= self._stored(chunk, verdicts)
        # What a note corrects may stand in the same chunk: it is stored by now.
        verdicts |= {place: self._issued_alone(entries[place]) for place in sorted(alone)}
        return [verdicts[place] for place in range(len(entries))]

    def _judged(self, place: int, entry: Entry, chunk: _Chunk) -> Verdict:
        """The verdict on an entry that changes no other document; it is stored with its chunk."""
        try:
            number = chunk.known.number_of(entry.document)
            if number is not None:
                return _known(entry, number)
            composed = composing.compose(
                self._session,
                self._business,
                entry.document,
                act=self._act,
                allow_rate=self._allow_rate,
                records=self._directory,
                imported=True,
            )
            _refuse_differing(list(differences(entry.stated, composed.tax)) if entry.stated else [])
            if _is_repeated(composed, chunk):
                return _known(entry, composed.document.number)
        except InvoError as error:
            return _refused(entry, error)
        chunk.accepted.append(Made(place=place, line_no=entry.line_no, composed=composed))
        return _issued(entry, composed.document.number, composed.warnings)

    def _stored(self, chunk: _Chunk, verdicts: dict[int, Verdict]) -> dict[int, Verdict]:
        """Store what was accepted; the verdicts with the numbers that were given."""
        if not chunk.accepted or not self.is_storing:
            return {}
        numbers = self._store.add(chunk.accepted, self._new_customers(chunk.accepted))
        return {
            made.place: replace(verdicts[made.place], number=number)
            for made, number in zip(chunk.accepted, numbers, strict=True)
        }

    def _new_customers(self, accepted: Sequence[Made]) -> list[tuple[Customer, int]]:
        """The customers not stored yet, with the line of the file that names them first."""
        lines: dict[int, int] = {}
        for made in accepted:
            lines.setdefault(made.composed.customer.id, made.line_no)
        return [(new, lines[new.id]) for new in self._directory.new_among(each.composed.customer for each in accepted)]

    def _issued_alone(self, entry: Entry) -> Verdict:
        """The verdict on a note or an amendment, which is stored at once, as single ones are."""
        session, document = self._session, entry.document
        try:
            number = Known(session, self._business.id, self._act, [document]).number_of(document)
            if number is not None:
                return _known(entry, number)
            if not self.is_storing:
                return self._tried(entry)
            with session.begin_nested():
                return self._create(entry)
        except InvoError as error:
            return _refused(entry, error)
        finally:
            if isinstance(document.customer, CustomerInput):
                self._directory.forget()

    def _tried(self, entry: Entry) -> Verdict:
        """The verdict on an entry that is not kept; none is possible when what it corrects stands in the file only."""
        trial = self._session.begin_nested()
        try:
            return self._create(entry)
        except NotFoundError:
            return _issued(entry, entry.document.number)
        finally:
            trial.rollback()

    def _create(self, entry: Entry) -> Verdict:
        session, business = self._session, self._business
        # Documents are changed behind the back of the session.
        session.expire_all()
        made = invoices.create(
            session, business, entry.document, act=self._act, allow_rate=self._allow_rate, imported=True
        )
        _refuse_differing(list(differences_from(entry.stated, made.document)) if entry.stated else [])
        document_no = int(made.document["id"].removeprefix("D-"))
        query = select(Invoice.id).where(Invoice.business_id == business.id, Invoice.document_no == document_no)
        self._store.note("invoice", [(session.scalars(query).one(), entry.line_no)])
        return _issued(entry, made.document["number"], made.warnings)


def _leans_on_others(document: DocumentInput) -> bool:
    return document.amends is not None or (document.kind is not None and document.kind.is_note)


def _is_repeated(composed: composing.Composed, chunk: _Chunk) -> bool:
    """Whether the chunk has the same document already; ConflictError when its number or key is another one's there."""
    entered, document = composed.entered, composed.document
    ways: list[tuple[str, ...]] = []
    if document.number is not None:
        year = FinancialYear.of(document.date).label
        ways.append((document.kind.value, year, number_key(document.number)))
    if entered.idempotency_key is not None:
        ways.append((entered.idempotency_key,))
    earlier = [chunk.by_way[way] for way in ways if way in chunk.by_way]
    if any(each != entered for each in earlier):
        raise ConflictError(
            f"{document.number or entered.idempotency_key} stands twice in the file, with other content.",
            hint="Keep one of them.",
        )
    chunk.by_way.update(dict.fromkeys(ways, entered))
    return bool(earlier)


def _refuse_differing(problems: Sequence[Problem]) -> None:
    if problems:
        raise _StatedError(problems)


def _issued(entry: Entry, number: str | None, warnings: Iterable[str] = ()) -> Verdict:
    return Verdict(line_no=entry.line_no, outcome=Outcome.ISSUED, number=number, warnings=tuple(warnings))


def _known(entry: Entry, number: str | None) -> Verdict:
    return Verdict(line_no=entry.line_no, outcome=Outcome.KNOWN, number=number)


def _refused(entry: Entry, error: InvoError) -> Verdict:
    return Verdict(line_no=entry.line_no, outcome=Outcome.REFUSED, problems=tuple(_problems(entry.document, error)))


def _problems(document: DocumentInput, error: InvoError) -> Iterable[Problem]:
    """The figures that differ, or each finding of the rules that refuses, or the one sentence of the refusal."""
    if isinstance(error, _StatedError):
        return error.problems
    findings = error.details.get("findings", ())
    # Where none refuses, the business is strict: then all of them do.
    refusing = [found for found in findings if found["severity"] == "refuse"] or findings
    return [_of_finding(found) for found in refusing] or [_of_document(document, error)]


def _of_document(document: DocumentInput, error: InvoError) -> Problem:
    """The one sentence of a refusal, with the key that names what is not there."""
    wanted = error.wanted if isinstance(error, NotFoundError) else None
    items = {f"lines[{place}].item": line.item for place, line in enumerate(document.lines)}
    names = {"customer": document.customer, "against": document.against, "amends": document.amends, **items}
    path = next((path for path, name in names.items() if wanted is not None and name == wanted), "")
    return Problem(message=error.message, hint=error.advice, path=path, value=wanted if path else None)


def _of_finding(found: dict[str, str]) -> Problem:
    # Lines count from 1 in a finding, from 0 in a path.
    path = f"lines[{int(found['line']) - 1}].{found['field']}" if found["line"] else found["field"]
    return Problem(message=found["message"], hint=found["hint"], path=path, rule=found["code"])
