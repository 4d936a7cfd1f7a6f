"""People who work with invo, their sign-ins, and the tokens of programs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from invo_cli.db.types import Count, Flag, Instant, Key
from invo_cli.models.base import Base, one_of

ROLES = ("admin", "accountant", "operator", "viewer", "exporter")


class User(Base):
    """One person; the password is kept as a bcrypt hash only."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("name_key"),
        CheckConstraint(one_of("role", ROLES), "role"),
        CheckConstraint("failures >= 0", "failures"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    name_key: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_disabled: Mapped[Flag]
    created_at: Mapped[Instant]
    password_changed_at: Mapped[Instant]
    is_deleted: Mapped[Flag]
    failures: Mapped[Count]
    """Wrong passwords since the last right one."""
    locked_until: Mapped[Instant | None]
    """No password is looked at before this moment."""


class UserBusiness(Base):
    """A business a user is limited to; a user without any row may work with all."""

    __tablename__ = "user_businesses"

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    user_id: Mapped[Key] = mapped_column(ForeignKey("users.id"))


class SignIn(Base):
    """One session of a user: only the hash of its secret is kept."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("secret_hash"), Index("ix_sign_ins_user_id", "user_id"))

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    secret_hash: Mapped[str]
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    """Whatever is done: then it is over."""
    ended_at: Mapped[Instant | None]
    os_user: Mapped[str]
    host: Mapped[str]


class ApiToken(Base):
    """What a program such as a cron job shows instead of a password: only the hash of its secret is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        UniqueConstraint("name_key"),
        UniqueConstraint("secret_hash"),
        CheckConstraint(one_of("role", ROLES), "role"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    name_key: Mapped[str]
    role: Mapped[str]
    secret_hash: Mapped[str]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The user whose disabling ends it too."""
    expires_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


class TokenBusiness(Base):
    """A business a token is limited to; a token without any row may work with all."""

    __tablename__ = "token_businesses"

    business_id: Mapped[Key] = mapped_column(ForeignKey("businesses.id"))
    token_id: Mapped[Key] = mapped_column(ForeignKey("api_tokens.id"))
