"""Column types that mean the same on both engines."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from itertools import count
from typing import Annotated, Any

from sqlalchemy import BigInteger, Boolean, DateTime, Dialect, Text, false
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: timestamptz on PostgreSQL, naive UTC text on SQLite; always aware UTC in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite stores UTC without the zone."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Key = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]
"""A 63-bit id made by `new_id`; no meaning in its order."""
Count = Annotated[int, mapped_column(BigInteger, default=0, server_default="0")]
Paise = Annotated[int, mapped_column(BigInteger, default=0, server_default="0")]
"""Money in integer paise."""
Thousandths = Annotated[int, mapped_column(BigInteger, default=0, server_default="0")]
"""A quantity, unit price or per cent rate in integer thousandths."""
Flag = Annotated[bool, mapped_column(Boolean, default=False, server_default=false())]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Words = Annotated[str, mapped_column(Text)]

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC: 41 bits of milliseconds last until 2089
_sequence = count(int.from_bytes(os.urandom(3), "big"))


def new_id() -> int:
    """A 63-bit id: 41 bits of milliseconds, 22 bits that start at random and count up within the process."""
    milliseconds = time.time_ns() // 1_000_000 - _EPOCH_MS
    return (milliseconds << 22) | (next(_sequence) & 0x3FFFFF)


def as_dict(row: Any) -> dict[str, Any]:
    """The columns of a mapped row by name."""
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
