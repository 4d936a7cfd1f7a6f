"""How values are written, as SQL: both engines write the same bytes.

Rupees and thousandths are put into decimals by whole numbers alone; neither engine's floats see them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain
from typing import Any, Literal

from sqlalchemy import BigInteger, Text, case, cast, func, literal, literal_column, or_

from invo_cli.gst.text import FORMULA_STARTS
from invo_cli.services.exporting.declaring import Field

Style = Literal["csv", "tsv", "jsonl"]
SEPARATORS = {"csv": ",", "tsv": "\t"}
_MOST_ARGUMENTS = 90
"""Of one function; PostgreSQL allows 100, SQLite 127."""
_TIMES = 8
"""The precedence of * and /, above that of + and -."""


def guarded(value: Any, first_character: Any) -> Any:
    """A text with an apostrophe before it when a spreadsheet would take it for a formula."""
    starts = [ord(character) for character in FORMULA_STARTS]
    return case((first_character(value).in_(starts), literal("'").op("||")(value)), else_=value)


class PostgreSQL:
    """Values as COPY writes them; `DateStyle` must be ISO."""

    name = "postgresql"

    def cell(self, field: Field, value: Any, *, guard: bool) -> Any:
        """A value that COPY, or a cast to text, writes as it is to look."""
        match field.kind:
            case "text":
                return guarded(value, func.ascii) if guard else value
            case "money":
                return value * literal_column("0.01", BigInteger)
            case "quantity":
                return value * literal_column("0.001", BigInteger)
            case "rate":
                return func.trim_scale(value * literal_column("0.001", BigInteger))
            case "flag":
                return cast(value, Text)
            case "instant":
                return func.to_char(func.timezone("UTC", value), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
        return value

    def text(self, field: Field, value: Any, *, guard: bool) -> Any:
        """The same as text."""
        return cast(self.cell(field, value, guard=guard), Text)

    def json_object(self, fields: Sequence[Field]) -> Any:
        """One JSON object; row_to_json would look up the type of every field again for every row."""
        members = [(literal(f',"{field.name}":'), self._member(field)) for field in fields]
        parts = [*chain.from_iterable(members), literal("}")]
        parts[0] = literal(f'{{"{fields[0].name}":')
        spelled: list[Any] = [func.concat(*part) for part in batched(parts)]
        return reduce(lambda line, part: line.concat(part), spelled)

    def _member(self, field: Field) -> Any:
        spelled = self.text(field, field.source, guard=False)
        if field.kind == "text":
            spelled = cast(func.to_json(field.source), Text)
        elif field.kind not in ("flag", "count"):
            spelled = literal('"').concat(spelled).concat(literal('"'))
        return func.coalesce(spelled, literal("null"))


class SQLite:
    """Values as text, since SQLite has nothing that writes rows."""

    name = "sqlite"

    def text(self, field: Field, value: Any, *, guard: bool) -> Any:
        """A value as text."""
        match field.kind:
            case "text":
                return guarded(value, func.unicode) if guard else value
            case "money":
                return _decimal(value, 100)
            case "quantity":
                return _decimal(value, 1000)
            case "rate":
                return func.rtrim(func.rtrim(_decimal(value, 1000), "0"), ".")
            case "flag":
                return case((value, "true"), (value.is_(None), None), else_="false")
            case "instant":
                return func.replace(value, " ", "T").op("||")(literal("+00:00"))
            case "count":
                return cast(value, Text)
        return value

    def quoted(self, field: Field, value: Any, style: Style, *, guard: bool, alone: bool) -> Any:
        """A cell of CSV or TSV, quoted where it must be: as COPY does it."""
        cell = self.text(field, value, guard=guard)
        if field.kind != "text":
            return cell
        quotes = literal('"').op("||")(func.replace(cell, '"', '""')).op("||")(literal('"'))
        awkward = [value.op("GLOB")(f'*[{SEPARATORS[style]}"\n\r]*'), value == ""]
        return case((or_(*awkward, value == "\\.") if alone else or_(*awkward), quotes), else_=cell)

    def member(self, field: Field, value: Any) -> Any:
        """A value of a JSON object."""
        if field.kind == "count":
            return value
        spelled = self.text(field, value, guard=False)
        return func.json(spelled) if field.kind == "flag" else spelled

    def json_object(self, fields: Sequence[Field]) -> Any:
        """One JSON object."""
        named = [(literal(field.name), self.member(field, field.source)) for field in fields]
        return func.json_object(*chain.from_iterable(named))

    def joined(self, cells: Sequence[Any], separator: str) -> Any:
        """One line; null is nothing."""
        spelled: list[Any] = [func.printf(separator.join(["%s"] * len(part)), *part) for part in batched(cells)]
        return reduce(lambda line, part: line.op("||")(literal(separator)).op("||")(part), spelled)


def batched(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The arguments of calls that take only so many."""
    yield from (values[start : start + _MOST_ARGUMENTS] for start in range(0, len(values), _MOST_ARGUMENTS))


def _decimal(value: Any, units: int) -> Any:
    """Hundredths or thousandths with their point; the sign stands apart, since -35 / 100 is 0."""
    spelled = f"%d.%0{len(str(units)) - 1}d"
    parts = [(amount.op("/", _TIMES)(units), amount.op("%", _TIMES)(units)) for amount in (value, -value)]
    return case(
        (value >= 0, func.printf(spelled, *parts[0])),
        (value < 0, func.printf(f"-{spelled}", *parts[1])),
    )
