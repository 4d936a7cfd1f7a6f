"""Parquet, made by DuckDB out of the CSV while it arrives; amounts are DECIMAL, days DATE, instants UTC."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from invo_cli.errors import UnavailableError, UsageProblemError
from invo_cli.exports.compressing import Sink

TYPES: Mapping[str, str] = {
    "money": "DECIMAL(18,2)",
    "quantity": "DECIMAL(18,3)",
    "rate": "DECIMAL(9,3)",
    "date": "DATE",
    "instant": "TIMESTAMPTZ",
    "flag": "BOOLEAN",
    "count": "BIGINT",
}
_MEMORY = "384MB"
_READ = (
    "header=true, auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false,"
    " new_line='\\n', max_line_size=16777216"
)


class Field(Protocol):
    """One column."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """What its values are."""


def require() -> None:
    """Raise UsageProblemError when DuckDB is not installed."""
    try:
        import duckdb  # noqa: F401

        # The program freezes its objects before it leaves; DuckDB would report those it cannot give back.
        atexit.register(gc.unfreeze)
    except ImportError as error:
        raise UsageProblemError(
            "Parquet needs DuckDB, which is not installed.", hint='Install it with: pip install "invo[parquet]"'
        ) from error


def write(blocks: Iterable[bytes], fields: Sequence[Field], out: Sink, folder: str | None) -> None:
    """Turn CSV with a heading into Parquet; what is made meanwhile has no name, so that a kill leaves nothing.

    `folder` is where it lies until it is whole. Raises UnavailableError when the disk is full.
    """
    with tempfile.TemporaryFile(dir=folder) as made:
        source, sink = os.pipe()
        maker = _Maker(source, made.fileno(), fields)
        maker.start()
        try:
            with suppress(BrokenPipeError), open(sink, "wb") as pipe:
                for block in blocks:
                    pipe.write(block)
        finally:
            maker.join()
        maker.check()
        made.seek(0)
        shutil.copyfileobj(made, out, 1 << 20)


class _Maker(threading.Thread):
    """DuckDB at work beside the reading of the database, which must stay in its own thread."""

    def __init__(self, source: int, target: int, fields: Sequence[Field]) -> None:
        super().__init__(name="parquet")
        self._source, self._target = source, target
        columns = ", ".join(f"'{field.name}': '{TYPES.get(field.kind, 'VARCHAR')}'" for field in fields)
        self._query = (
            f"COPY (SELECT * FROM read_csv('/dev/fd/{source}', {_READ}, columns={{{columns}}}))"
            f" TO '/dev/fd/{target}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
        )
        self._problem: Exception | None = None

    def run(self) -> None:
        """Read the pipe to its end; a failure closes it, so that whoever writes to it stops."""
        import duckdb

        settings: dict[str, Any] = {"threads": 2, "memory_limit": _MEMORY, "temp_directory": ""}
        try:
            with duckdb.connect(":memory:", config=settings) as engine:
                engine.execute(self._query)
        except duckdb.Error as error:
            self._problem = error
        finally:
            os.close(self._source)

    def check(self) -> None:
        """Raise UnavailableError when it has failed."""
        if self._problem is not None:
            reason = str(self._problem).splitlines()[0].rstrip(".")
            raise UnavailableError(
                f"The Parquet file cannot be written: {reason}.", hint="Free some space, or export CSV instead."
            ) from self._problem
