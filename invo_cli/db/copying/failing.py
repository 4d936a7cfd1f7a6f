"""What the drivers say while rows pass through them, made into invo's refusals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from invo_cli.db import faults
from invo_cli.errors import ConflictError, UnavailableError

_REFUSED = ("22", "23")


@contextmanager
def of_driver(table: str) -> Iterator[None]:
    """Around the rows of one table: ConflictError for one that is refused, UnavailableError when the server is gone."""
    import psycopg

    try:
        yield
    except sqlite3.IntegrityError as error:
        raise _refused(table, str(error)) from error
    except psycopg.Error as error:
        if stop := faults.stop_behind(error):
            raise stop from None
        reason = (str(error).strip().splitlines() or ["no answer"])[0]
        if (error.sqlstate or "").startswith((*_REFUSED, "P0")):
            raise _refused(table, reason) from error
        raise UnavailableError(
            f"The database stopped at the table {table}: {reason.rstrip('.')}.",
            hint="Nothing was kept; run it again when it answers and has space.",
        ) from error


def _refused(table: str, reason: str) -> ConflictError:
    return ConflictError(
        f"The target refused rows of {table}: {reason.rstrip('.')}.",
        hint="The source holds what invo never writes: see invo audit verify and invo db check. Nothing was kept.",
    )
