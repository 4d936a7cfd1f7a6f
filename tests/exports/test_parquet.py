"""Parquet, read back by DuckDB."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from invo_cli.errors import UnavailableError
from invo_cli.exports import parquet

duckdb = pytest.importorskip("duckdb")
pytestmark = pytest.mark.unit


class Field(NamedTuple):
    name: str
    kind: str


FIELDS = [Field(kind, kind) for kind in ("text", "money", "quantity", "rate", "date", "instant", "flag", "count")]
HOSTILE = ['=1+1, "Ä"\r\nरु', "", "\r", "\\N", "NULL", " x ", "'", "\t", "\\.", "😀" * 1000]


def test_values_have_exact_types_and_any_text_comes_back(tmp_path: Path) -> None:
    instant = "2026-10-05T06:30:00.000001+00:00"
    row = ("-9999999999999.99", "1.500", "0.25", "2026-10-05", instant, "true", "7")
    rows: list[tuple[str | None, ...]] = [(text, *row) for text in HOSTILE]
    rows.append((None,) * 8)
    target = tmp_path / "x.parquet"
    with target.open("wb") as out:
        parquet.write(blocks(rows), FIELDS, out, str(tmp_path))
    found = select(target, "* REPLACE (epoch_us(instant) AS instant)")
    assert [each[0] for each in found] == [*HOSTILE, None]
    values = (Decimal("-9999999999999.99"), Decimal("1.500"), Decimal("0.250"), date(2026, 10, 5))
    assert found[0][1:] == (*values, 1791181800000001, True, 7)
    assert found[-1] == (None,) * 8
    kinds = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{target}')").fetchall())
    assert (kinds["money"], kinds["date"], kinds["instant"]) == ("DECIMAL(18,2)", "DATE", "TIMESTAMP WITH TIME ZONE")
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_nothing_is_a_file_without_rows(tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    with target.open("wb") as out:
        parquet.write(blocks([]), FIELDS, out, None)
    assert select(target, "count(*)") == [(0,)]


def test_a_failure_of_the_source_is_told_as_it_is(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield from blocks([])
        raise RuntimeError("the connection was lost")

    with pytest.raises(RuntimeError, match="connection was lost"):
        parquet.write(broken(), FIELDS, io.BytesIO(), None)


def test_what_cannot_be_read_is_refused_and_not_written(tmp_path: Path) -> None:
    out = io.BytesIO()
    with pytest.raises(UnavailableError, match="cannot be written"):
        parquet.write(blocks([("x", "not money", *(None,) * 6)] * 100_000), FIELDS, out, None)
    assert out.getvalue() == b""


def blocks(rows: Sequence[tuple[str | None, ...]]) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(field.name for field in FIELDS)
    for row in rows:
        cells = ["" if value is None else '"' + value.replace('"', '""') + '"' for value in row]
        out.write(",".join(cells) + "\n")
    yield out.getvalue().encode()


def select(path: Path, what: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = duckdb.sql(f"SELECT {what} FROM '{path}'").fetchall()
    return found
