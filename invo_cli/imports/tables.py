"""Tables (CSV and Excel) as records: the heading, then a record for each row or for each group of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from invo_cli.errors import InvalidError
from invo_cli.gst.reading_values import LIMITS
from invo_cli.gst.records import Record, RowProblem, Unreadable
from invo_cli.gst.shapes import MAX_VALUE, ProblemsError
from invo_cli.imports import delimited, documents, workbooks
from invo_cli.imports.cells import DateReader, date_reader, value_of
from invo_cli.imports.headings import Heading, resolved
from invo_cli.imports.layouts import LINE_COLUMNS, Layout
from invo_cli.imports.mapping import Translation
from invo_cli.imports.sources import Source

Cells = Sequence[str]
_IS_OF_LINE = frozenset(LINE_COLUMNS)


@dataclass(slots=True)
class Group:
    """The rows of one record: one, or those of a document."""

    line: int
    rows: list[tuple[int, Cells]] = field(default_factory=list)


class Table:
    """A table file with its heading read."""

    def __init__(self, source: Source, layout: Layout, translation: Translation) -> None:
        self._rows = raw_rows(source, translation)
        line, cells = next(self._rows, (1, []))
        if not any(cells):
            raise InvalidError(
                f"{source.name} is empty.", hint=f"It begins with a heading: invo import template {layout.name}"
            )
        self.cells: Cells = cells
        self.heading: Heading = resolved(cells, line, layout, translation, source.name)
        self._layout, self._translation = layout, translation
        self._dates: DateReader = date_reader(translation.date_format)
        keys = self.heading.keys
        self._header_places = [place for place, key in enumerate(keys) if key and key not in _IS_OF_LINE]
        self._key_places = [place for place, key in enumerate(keys) if key in ("number", "idempotency_key")]
        if "kind" in keys:
            self._key_places.append(keys.index("kind"))

    def groups(self, most: int | None = LIMITS["lines"] + 1) -> Iterator[Group]:
        """The rows of each record, at most so many; None for all."""
        group: Group | None = None
        for line, cells in self._rows:
            if group is not None and self._goes_on(group.rows[0][1], cells):
                if most is None or len(group.rows) < most:
                    group.rows.append((line, cells))
                continue
            if group is not None:
                yield group
            group = Group(line, [(line, cells)])
        if group is not None:
            yield group

    def read(self, group: Group) -> Record[Any] | Unreadable:
        """The record of some rows, or what is wrong with it."""
        problems: list[RowProblem] = []
        (line, cells), *more = group.rows
        rows = [self._values(line, cells, problems)]
        rows += [self._values(line, self._of_line(cells), problems) for line, cells in more]
        if self._layout.shape is None:
            self._check_header(group, problems)
        if problems:
            return Unreadable(group.line, tuple(problems))
        return self._record(group, rows)

    def _record(self, group: Group, rows: list[dict[str, Any]]) -> Record[Any] | Unreadable:
        record: Record[Any] = Record(group.line, None, headings=self.heading.headings)
        try:
            if self._layout.shape is not None:
                return Record(group.line, self._layout.shape.read(rows[0], ""), headings=self.heading.headings)
            numbers = tuple(line for line, _ in group.rows)
            record = Record(group.line, None, numbers, self.heading.headings)
            header = {key: value for key, value in rows[0].items() if key not in _IS_OF_LINE}
            lines = [{key: value for key, value in row.items() if key in _IS_OF_LINE} for row in rows]
            return Record(group.line, documents.from_rows(header, lines), numbers, self.heading.headings)
        except (InvalidError, ProblemsError) as error:
            return record.refused(error)

    def _goes_on(self, first: Cells, cells: Cells) -> bool:
        """Whether a row belongs to the document of the row before: the same number, or a header that is blank."""
        if self._layout.shape is not None:
            return False
        if all(_cell(cells, place) == _cell(first, place) for place in self._key_places):
            return any(_cell(cells, place) for place in self._key_places)
        return not any(_cell(cells, place) for place in self._header_places)

    def _values(self, line: int, cells: Cells, problems: list[RowProblem]) -> dict[str, Any]:
        """The values of one row by our names; blank ones are left out, constants fill them."""
        keys, columns = self.heading.keys, self._layout.columns
        values: dict[str, Any] = {}
        if len(cells) != len(keys):
            self._check_width(line, cells, problems)
        for key, text in zip(keys, cells, strict=False):
            if not key or not text:
                continue
            try:
                value = value_of(text, columns[key], self._dates)
            except InvalidError as error:
                problems.append(self._problem(line, key, text, error))
            else:
                if value is not None:
                    values[key] = value
        return self._with_constants(line, values, problems)

    def _of_line(self, cells: Cells) -> Cells:
        """The cells of a further row of a document, blank where they concern the whole document."""
        own = list(cells)
        for place in self._header_places:
            if place < len(own):
                own[place] = ""
        return own

    def _with_constants(self, line: int, values: dict[str, Any], problems: list[RowProblem]) -> dict[str, Any]:
        for key, text in self._translation.constants.items():
            if key not in values:
                try:
                    values[key] = value_of(text, self._layout.columns[key], self._dates)
                except InvalidError as error:
                    problems.append(self._problem(line, key, text, error))
        return values

    def _problem(self, line: int, key: str, text: str, error: InvalidError) -> RowProblem:
        heading = self.heading.headings.get(key, key)
        value, code = text.removeprefix("#FORMULA ")[:MAX_VALUE], error.error_code
        return RowProblem(line=line, column=heading, value=value, code=code, message=error.message, hint=error.hint)

    def _check_width(self, line: int, cells: Cells, problems: list[RowProblem]) -> None:
        width = len(self.heading.keys)
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            message = f"The row has {len(cells)} values, and the heading {width} columns."
            hint = "A value with the delimiter in it stands in quotes."
            problems.append(RowProblem(line=line, code="width", message=message, hint=hint))

    def _check_header(self, group: Group, problems: list[RowProblem]) -> None:
        """What is said of the document must be the same on all its rows, or blank."""
        first_line, first = group.rows[0]
        for line, cells in group.rows[1:]:
            for place in self._header_places:
                here, there = _cell(cells, place), _cell(first, place)
                if here and here != there:
                    key = str(self.heading.keys[place])
                    message = f"{key} differs from line {first_line} of the same document: {there or 'blank'} there."
                    problems.append(
                        RowProblem(
                            line=line,
                            column=self.heading.headings[key],
                            value=here[:MAX_VALUE],
                            code="header_differs",
                            message=message,
                            hint="Write the same on every row of a document, or only on its first.",
                        )
                    )


def raw_rows(source: Source, translation: Translation) -> Iterator[tuple[int, Cells]]:
    """The rows of a table as text, the heading first."""
    if source.format == "xlsx":
        return workbooks.rows(source, translation.sheet)
    return delimited.rows(source, translation.delimiter)


def objects_as_values(data: Mapping[str, Any], layout: Layout, translation: Translation) -> dict[str, Any]:
    """An object of JSON Lines under our names, with constants, without what is passed over."""
    from invo_cli.imports.headings import REASON
    from invo_cli.imports.mapping import heading_key

    values: dict[str, Any] = {}
    for key, value in data.items():
        plain = heading_key(key)
        if key == REASON or plain in translation.ignore:
            continue
        values[translation.columns.get(plain, key)] = value
    read_date = date_reader(translation.date_format)
    for key, text in translation.constants.items():
        if values.get(key) is None:
            values[key] = value_of(text, layout.columns[key], read_date)
    for key, value in values.items():
        if isinstance(value, str) and layout.columns.get(key) == "date":
            values[key] = read_date(value)
    return values


def _cell(cells: Cells, place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
