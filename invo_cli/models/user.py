"""People who work with invo."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from invo_cli.db.types import Flag, Instant, Key
from invo_cli.models.base import Base, one_of

ROLES = ("admin", "accountant", "operator", "viewer", "exporter")


class User(Base):
    """One person; the password is kept as a bcrypt hash only."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("name_key"), CheckConstraint(one_of("role", ROLES), "role"))

    id: Mapped[Key]
    name: Mapped[str]
    name_key: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_disabled: Mapped[Flag]
    created_at: Mapped[Instant]
    password_changed_at: Mapped[Instant]
    is_deleted: Mapped[Flag]
