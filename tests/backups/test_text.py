"""Rows as COPY text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_cli.db.copying import text
from invo_cli.db.copying.tables import Column
from invo_cli.errors import InvalidError

pytestmark = pytest.mark.unit
COLUMNS = (
    *(Column("a", "whole"), Column("b", "text"), Column("c", "flag")),
    *(Column("d", "instant"), Column("e", "day"), Column("f", "blob")),
)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
ROWS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | WORDS | st.sampled_from(["\\N", "\\.", "\\", "\\\\N", "a\tb\nc\rd\b\f\v", "केन्द्र"]),
    st.none() | st.sampled_from([0, 1]),
    st.none() | st.datetimes().map(lambda moment: f"{moment:%Y-%m-%d %H:%M:%S.%f}"),
    st.none() | st.dates().map(str),
    st.none() | st.binary(),
)


@given(st.lists(ROWS), st.integers(1, 64))
def test_every_row_comes_back_as_it_was(rows: list[tuple[object, ...]], size: int) -> None:
    stored = [[value.encode() if isinstance(value, str) else value for value in row] for row in rows]
    data = b"".join(text.encoded(stored, COLUMNS))
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    back = [tuple(row) for batch in text.decoded(pieces, COLUMNS, 2) for row in batch]
    assert back == [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("found", "stored"),
    [
        (b"2026-10-05 06:30:00+00", "2026-10-05 06:30:00.000000"),
        (b"2026-10-05 06:30:00.12+00", "2026-10-05 06:30:00.120000"),
    ],
)
def test_times_of_postgresql_are_stored_as_sqlite_compares_them(found: bytes, stored: str) -> None:
    assert list(text.decoded([found + b"\n"], [Column("at", "instant")], 1)) == [[[stored]]]


@pytest.mark.parametrize(
    "data",
    [b"1\t2\n", b"x\n", b"1", b"2026-10-05 12:00:00+05:30\n"],
    ids=["fields", "number", "cut", "zone"],
)
def test_what_is_not_this_format_is_refused(data: bytes) -> None:
    column = Column("a", "instant" if b":" in data else "whole")
    with pytest.raises(InvalidError):
        list(text.decoded([data], [column], 1))
