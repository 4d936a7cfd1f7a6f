"""The declarative base: one naming convention, so that every constraint can be named in a migration."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Bytewise order, so that both engines sort and compare text alike whatever the server's locale.
WORDS = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Every table of invo."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigInteger, str: WORDS}


def one_of(column: str, values: type[Any] | tuple[str, ...]) -> str:
    """The text of a CHECK that a column holds one of these values (an enum or plain strings)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
