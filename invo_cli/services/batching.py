"""Statements that travel together: between client and server every wait for an answer counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


@contextmanager
def batched(session: Session) -> Iterator[None]:
    """Send the statements of the block to PostgreSQL without waiting for each; none of them may return rows.

    What is wrong with one of them is raised, at the latest, when the block ends.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    with as_database_errors(connection), driver.pipeline():
        yield


@contextmanager
def as_database_errors(connection: Connection) -> Iterator[None]:
    """Raise what the driver raises in the block as the error that a statement of SQLAlchemy raises."""
    errors = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        raise DBAPIError.instance(None, None, error, errors, dialect=connection.dialect) from error
